// The side panel. Its parts are made again from the store whenever a choice or the language changes.

import { STATUSES } from "../data/declared.js";
import { bar, h, swatch } from "./elements.js";
import { filterSelects } from "./filters.js";
import { areaList, gapList, oddList, reconciliationList, subdistrictList } from "./lists.js";
import { Search } from "./search.js";
import { fitChoice, summarise } from "./viewport.js";

export class Panel {
  REST = 150; // milliseconds a map stands still that is at rest

  constructor(store) {
    this.store = store;
    this.head = h("header", { class: "head" });
    this.search = new Search(store);
    this.body = h("div", { class: "body" });
    this.element = h("aside", { id: "panel" }, this.head, this.search.element, this.body);
  }

  addTo(map) {
    this.map = map;
    map.getContainer().before(this.element);
    map.invalidateSize({ animate: false });
    this.store.on("change language facts view", this.draw, this);
    this.store.on("change", this.follow, this);
    map.on("moveend resize", this.moved, this);
    this.draw();
    return this;
  }

  // A summary of what is in view follows it, once the map has come to rest.
  moved() {
    if (!this.store.here) return;
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.store.here && summarise(this.store, this.map, true), this.REST);
  }

  // A subdistrict or a community that is newly chosen comes into view; none: the whole district.
  follow() {
    const { store, map } = this;
    const chosen = store.community || store.subdistrict;
    if (chosen === (this.followed ?? "")) return;
    this.followed = chosen;
    fitChoice(store, map);
    if (store.here) summarise(store, map, true);
  }

  draw() {
    const focused = this.element.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    const { store } = this;
    document.documentElement.lang = store.language === "zh" ? "zh-CN" : "en";
    document.title = store.title();
    this.element.setAttribute("aria-label", store.t("panel"));
    this.head.replaceChildren(...this.heading());
    this.body.replaceChildren(
      ...[
        ...(store.isPlaced
          ? [this.scope(), this.coverage(), this.cards(), filterSelects(store), store.deciding?.section]
          : []),
        ...(store.isComplete ? this.known() : []),
      ].filter(Boolean),
    );
    if (focused) this.element.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
  }

  // The lists of what is known.
  known() {
    const { store } = this;
    const lists = [
      [subdistrictList, store.isPlaced],
      [areaList, store.isPlaced],
      [gapList, !store.missing.has("gaps")],
      [oddList, !store.missing.has("bounds")],
      ...store.lists.map((list) => [list, !store.missing.has("changes")]),
      [reconciliationList, true],
    ];
    return lists.filter(([, isKnown]) => isKnown).map(([list]) => list(store));
  }

  heading() {
    const { store } = this;
    const other = store.language === "zh" ? "en" : "zh";
    return [
      h("h1", {}, store.title()),
      h(
        "p",
        {},
        store.t("as_of", { date: store.district.as_of }),
        store.district.synthetic ? h("span", { class: "synthetic" }, store.t("synthetic")) : null,
      ),
      h(
        "button",
        {
          type: "button",
          class: "language",
          lang: other === "zh" ? "zh-CN" : "en",
          "data-key": "language",
          onclick: () => store.speak(other),
        },
        store.t("language"),
      ),
    ];
  }

  scope() {
    const { store } = this;
    const side = (key, isOfView) =>
      h(
        "button",
        {
          type: "button",
          "data-key": key,
          "aria-pressed": String(Boolean(store.here) === isOfView),
          onclick: () => summarise(store, this.map, isOfView),
        },
        store.t(key),
      );
    return h(
      "div",
      { class: "scope", role: "group", "aria-label": store.t("scope") },
      side("scope.district", false),
      side("scope.view", true),
    );
  }

  coverage() {
    const { store } = this;
    const { counts, concerned } = store.summary(store.here);
    const key = store.hasService ? "coverage" : "coverage.proposed";
    const covered = store.hasService ? counts.served.buildings : concerned - counts.gap.buildings;
    return h(
      "div",
      { class: "coverage" },
      h(
        "div",
        {},
        h("strong", {}, store.share(covered, concerned)),
        h(
          "p",
          {},
          store.t(key),
          h("br"),
          store.t(`${key}.sentence`, { all: store.number(concerned), n: store.number(covered) }),
        ),
      ),
      bar(STATUSES.map((status) => [status, counts[status].buildings])),
      counts.elsewhere.buildings
        ? h(
            "p",
            { class: "elsewhere" },
            store.t("coverage.elsewhere", { n: store.number(counts.elsewhere.buildings) }),
          )
        : null,
    );
  }

  cards() {
    const { store } = this;
    const { counts, concerned } = store.summary(store.here);
    return h(
      "div",
      { class: "cards" },
      store.statuses().map((status) => {
        const { buildings, areas } = counts[status];
        const name = store.t(`status.${status}`);
        const values = { n: store.number(areas), share: store.share(buildings, concerned) };
        return h(
          "button",
          {
            type: "button",
            class: "status",
            "data-key": status,
            "aria-pressed": String(!store.hidden.has(status)),
            title: store.t("card.toggle", { name }),
            onclick: () => store.toggle(status),
          },
          swatch(status),
          h("span", { class: "name" }, name),
          h("strong", {}, store.number(buildings)),
          h(
            "small",
            {},
            status !== "gap"
              ? store.t("card.areas", values)
              : store.missing.has("gaps")
                ? values.share
                : store.t("card.gap", values),
          ),
        );
      }),
    );
  }
}
