// Comparing with the last release: the list in the panel, the layer, and the bar between before and after.

import { boundsOf } from "../data/projection.js";
import { Release } from "./release.js";
import { Swipe } from "./swipe.js";
import { h, swatch } from "../ui/elements.js";

const FIRST = 8; // changes of a kind shown before "show all"

export class Compare {
  constructor(store) {
    this.store = store;
    this.unfolded = new Set(); // kinds of which all are shown
    store.lists.push(() => this.list());
    store.tools.push({
      key: "swipe",
      path: "M12 3v18M8 8l-4 4l4 4M16 8l4 4l-4 4",
      act: () => this.turn(!this.swipe?.isOn),
      isOn: () => Boolean(this.swipe?.isOn),
    });
    store.overlays.changes = (tile) => store.release?.drawChanges(tile) ?? [];
  }

  addTo(map) {
    this.map = map;
    this.store.once("facts", () => (this.swipe = new Swipe(this.store, map, () => this.turn(false))));
    this.store.on("language", () => this.swipe?.speak());
    this.store.releaseNote = () =>
      this.store.t("changes.note", { n: this.store.number(this.release.changes.length) });
    return this;
  }

  // As soon as the facts are there; the panel asks first.
  get release() {
    return (this.store.release ??= new Release(this.store));
  }

  turn(on) {
    this.swipe?.turn(on);
    this.store.fire("tools");
  }

  show(on) {
    this.release.isShown = on;
    this.store.fire("change");
  }

  list() {
    const { store, release } = this;
    const shown = [...release.byKind].filter(([, changes]) => changes.length);
    const title = store.releasedOn
      ? store.t("changes.since", { date: store.releasedOn })
      : store.t("changes");
    return h(
      "section",
      { class: "changes" },
      h(
        "header",
        {},
        h("h2", {}, title),
        h("span", { class: "note" }, store.t("changes.count", { n: store.number(release.changes.length) })),
      ),
      release.changes.length
        ? h(
            "div",
            { class: "kinds" },
            h(
              "button",
              {
                type: "button",
                "data-key": "changes",
                "aria-pressed": String(release.isShown),
                onclick: () => this.show(!release.isShown),
              },
              swatch("changed"),
              store.t("changes.show"),
            ),
            h(
              "button",
              { type: "button", "data-key": "changes swipe", onclick: () => this.turn(!this.swipe.isOn) },
              store.t("swipe"),
            ),
          )
        : h("p", { class: "note" }, store.t("changes.none")),
      shown.map(([kind, changes]) => this.group(kind, changes)),
    );
  }

  group(kind, changes) {
    const { store } = this;
    const first = this.unfolded.has(kind) ? changes.length : FIRST;
    const list = h(
      "ul",
      {},
      changes.slice(0, first).map((change) => this.row(change)),
    );
    const unfold = () => {
      this.unfolded.add(kind);
      list.append(...changes.slice(first).map((change) => this.row(change)));
      list.children[first].querySelector("button")?.focus();
      more.remove();
    };
    const more =
      changes.length > first &&
      h(
        "button",
        { type: "button", class: "all", onclick: unfold },
        store.t("show_all", { n: store.number(changes.length) }),
      );
    return [
      h(
        "h3",
        {},
        swatch(kind),
        h("span", {}, store.t(`change.${kind}`)),
        h("strong", {}, store.number(changes.length)),
      ),
      list,
      more,
    ];
  }

  row(change) {
    const subject = this.release.subject(change);
    const text = [
      h("span", { class: "name" }, this.name(change, subject)),
      h("span", { class: "note" }, this.detail(change)),
    ];
    if (!subject?.record) return h("li", { class: "row still" }, text);
    return h("li", {}, h("button", { type: "button", class: "row", onclick: () => this.go(subject) }, text));
  }

  name({ subject_id: id }, subject) {
    if (!subject?.record) return id;
    return subject.kind === "building"
      ? this.store.buildingName(subject.record)
      : this.store.areaName(subject.record);
  }

  // From where to where, for what has moved; names and areas before and after, for what has others.
  detail({ change, subject_id: id, before, after }) {
    const { store, release } = this;
    const areaThen = (code) => (code ? release.areaById.get(code)?.name || code : store.t("none"));
    const areaNow = (code) => {
      const area = store.areaById.get(code);
      return area ? store.areaName(area) : code || store.t("none");
    };
    if (change === "building_moved") return `${areaThen(before)} → ${areaNow(after)}`;
    if (change === "building_new") return areaNow(after);
    if (change === "building_gone") return areaThen(before);
    if (change === "area_new" || change === "area_gone") return before || after ? id : null;
    const said = (text) =>
      text && change === "area_redrawn"
        ? store.t("unit.m2", { n: store.number(parseFloat(text)) })
        : (text ?? "–");
    return before || after ? `${said(before)} → ${said(after)}` : null;
  }

  // A place of today opens as always; an area that is gone is shown where it was.
  go({ kind, record }) {
    if (kind !== "released") return this.store.select(kind, record, { move: true });
    this.store.select(null, null);
    if (!this.release.isShown) this.show(true);
    if (Number.isFinite(record.box[0]))
      this.map.fitBounds(boundsOf(record.box), { maxZoom: 17, padding: [120, 120], animate: false });
    return null;
  }
}
