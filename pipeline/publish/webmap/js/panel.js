"use strict";
// The side panel. Its parts are made again from the store whenever a choice or the language changes.
PM.Panel = class {
  constructor(store) {
    const { h } = PM;
    this.store = store;
    this.head = h("header", { class: "head" });
    this.search = new PM.Search(store);
    this.body = h("div", { class: "body" });
    this.element = h("aside", { id: "panel" }, this.head, this.search.element, this.body);
  }

  addTo(map) {
    this.map = map;
    map.getContainer().before(this.element);
    map.invalidateSize({ animate: false });
    this.store.on("change language facts", this.draw, this);
    this.store.on("change", this.follow, this);
    this.draw();
    return this;
  }

  // A subdistrict that is newly chosen comes into view; none: the whole district.
  follow() {
    const { store, map } = this;
    if (store.subdistrict === (this.followed ?? "")) return;
    this.followed = store.subdistrict;
    const chosen = store.subdistrictByCode.get(store.subdistrict);
    const members = chosen ? [chosen] : store.areas.filter((area) => area.rings.length && area.subdistrict_code === store.subdistrict);
    map.fitBounds(PM.bounds(store.subdistrict && members.length ? PM.union(members.map((member) => member.box)) : store.box), { padding: [24, 24], animate: false });
  }

  draw() {
    const focused = this.element.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    const { store } = this;
    document.documentElement.lang = store.language === "zh" ? "zh-CN" : "en";
    document.title = store.title();
    this.element.setAttribute("aria-label", store.t("panel"));
    this.head.replaceChildren(...this.heading());
    this.body.replaceChildren(...[
      this.coverage(), this.cards(), this.filters(), store.deciding?.section,
      ...(store.isComplete ? [PM.subdistrictList(store), PM.areaList(store), PM.gapList(store), PM.oddList(store), ...store.lists.map((list) => list(store)), PM.reconciliationList(store)] : []),
    ].filter(Boolean));
    if (focused) this.element.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
  }

  heading() {
    const { store } = this;
    const { h } = PM;
    const other = store.language === "zh" ? "en" : "zh";
    return [
      h("h1", {}, store.title()),
      h("p", {}, store.t("as_of", { date: store.district.as_of }), store.district.synthetic ? h("span", { class: "synthetic" }, store.t("synthetic")) : null),
      h("button", { type: "button", class: "language", lang: other === "zh" ? "zh-CN" : "en", "data-key": "language", onclick: () => store.speak(other) }, store.t("language")),
    ];
  }

  coverage() {
    const { store } = this;
    const { h } = PM;
    const { counts, concerned } = store.summary();
    const key = store.hasService ? "coverage" : "coverage.proposed";
    const covered = store.hasService ? counts.served.buildings : concerned - counts.gap.buildings;
    return h("div", { class: "coverage" },
      h("div", {}, h("strong", {}, store.share(covered, concerned)),
        h("p", {}, store.t(key), h("br"), store.t(`${key}.sentence`, { all: store.number(concerned), n: store.number(covered) }))),
      PM.bar(PM.STATUSES.map((status) => [status, counts[status].buildings])),
      counts.elsewhere.buildings ? h("p", { class: "elsewhere" }, store.t("coverage.elsewhere", { n: store.number(counts.elsewhere.buildings) })) : null);
  }

  cards() {
    const { store } = this;
    const { h } = PM;
    const { counts, concerned } = store.summary();
    return h("div", { class: "cards" }, store.statuses().map((status) => {
      const { buildings, areas } = counts[status];
      const name = store.t(`status.${status}`);
      const values = { n: store.number(areas), share: store.share(buildings, concerned) };
      return h("button", { type: "button", class: "status", "data-key": status, "aria-pressed": String(!store.hidden.has(status)), title: store.t("card.toggle", { name }), onclick: () => store.toggle(status) },
        PM.swatch(status), h("span", { class: "name" }, name), h("strong", {}, store.number(buildings)),
        h("small", {}, store.t(status === "gap" ? "card.gap" : "card.areas", values)));
    }));
  }

  filters() {
    const { store } = this;
    const { h } = PM;
    const choice = (name, options) => h("label", {}, h("span", {}, store.t(name)),
      h("select", { "data-key": name, disabled: !options.length, onchange: (event) => store.set({ [name]: event.target.value }) },
        [["", store.t("all")], ...options].map(([value, text]) => h("option", { value, selected: store[name] === value }, text))));
    return h("div", { class: "filters" },
      choice("subdistrict", store.subdistrictCodes.map((code) => [code, store.subdistrictName(code)])),
      choice("manager", store.managers.map((manager) => [manager, manager])));
  }
};
