"use strict";
// One box that finds areas by name, code, manager or address, and buildings by name, address or id.
{
  const MOST = { area: 12, building: 8 };
  const FIELDS = { area: ["name", "area_id", "address", "manager"], building: ["name", "address", "building_id"] };

  PM.Search = class {
    constructor(store) {
      this.store = store;
      const { h } = PM;
      this.input = h("input", {
        type: "search", id: "search", autocomplete: "off", spellcheck: "false", role: "combobox", "aria-expanded": "false",
        "aria-controls": "found", "aria-autocomplete": "list",
        oninput: () => this.look(), onkeydown: (event) => this.key(event), onfocus: () => this.input.value && this.look(),
      });
      this.clearButton = h("button", { type: "button", class: "clear", hidden: true, onclick: () => this.clear() }, "×");
      this.list = h("div", { id: "found", role: "listbox", hidden: true });
      this.element = h("div", { class: "search", onfocusout: (event) => this.element.contains(event.relatedTarget) || this.close() },
        PM.icon("M11 4a7 7 0 1 0 0 14a7 7 0 0 0 0-14M21 21l-5-5", 17), this.input, this.clearButton, this.list);
      this.speak();
      store.on("language facts", () => this.speak());
    }

    speak() {
      this.input.placeholder = this.store.t("search");
      this.input.setAttribute("aria-label", this.store.t("search"));
      this.clearButton.setAttribute("aria-label", this.store.t("search.clear"));
      this.list.setAttribute("aria-label", this.store.t("search.results"));
      if (!this.list.hidden) this.look();
    }

    // For areas and for buildings: how many there are in which every word is found, and the first of them; those come first
    // whose name, code … begins with the first word.
    find(text) {
      const words = PM.plain(text).split(/\s+/).filter(Boolean);
      const tables = { area: this.store.tables.areas, building: this.store.buildings };
      return Object.entries(tables).map(([kind, table]) => {
        const found = words.length ? table.find(words, FIELDS[kind]) : [];
        const first = [2, 1].flatMap((rank) => found.filter((hit) => hit[1] === rank).slice(0, MOST[kind])).slice(0, MOST[kind]);
        return { kind, n: found.length, records: first.map(([i]) => table.at(i)) };
      });
    }

    look() {
      const { h } = PM;
      const { store } = this;
      const found = this.find(this.input.value);
      this.clearButton.hidden = !this.input.value;
      this.options = [];
      const groups = found.filter(({ n }) => n).map(({ kind, n, records }) => {
        const rows = records.map((record) => this.option({ kind, record }));
        const more = n > rows.length && h("p", { class: "more" }, store.t("search.more", { n: store.number(n - rows.length) }));
        return h("div", { role: "group", "aria-label": store.t(`${kind}s`) }, h("p", { class: "group" }, store.t(`${kind}s`)), rows, more);
      });
      this.list.replaceChildren(...groups);
      if (!groups.length) this.list.append(h("p", { class: "more", role: "status" }, store.t("search.none")));
      this.open(Boolean(this.input.value.trim()));
      this.point(0);
    }

    option({ kind, record }) {
      const { h } = PM;
      const { store } = this;
      const [name, note] = kind === "area"
        ? [store.areaName(record), record.area_id]
        : [store.buildingName(record), store.t(`status.${record.status}`)];
      const option = h("div", {
        role: "option", id: `found-${this.options.length}`, tabindex: "-1", onclick: () => this.choose({ kind, record }),
      }, PM.swatch(record.status), h("span", { class: "name" }, name), h("span", { class: "note" }, note));
      this.options.push({ option, kind, record });
      return option;
    }

    point(at) {
      this.at = this.options.length ? (at + this.options.length) % this.options.length : -1;
      this.options.forEach(({ option }, i) => option.setAttribute("aria-selected", String(i === this.at)));
      if (this.at < 0) return this.input.removeAttribute("aria-activedescendant");
      this.input.setAttribute("aria-activedescendant", `found-${this.at}`);
      this.options[this.at].option.scrollIntoView({ block: "nearest" });
    }

    key(event) {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (this.list.hidden) this.look();
        else this.point(this.at + (event.key === "ArrowDown" ? 1 : -1));
      } else if (event.key === "Enter" && !this.list.hidden && this.at >= 0) this.choose(this.options[this.at]);
      else if (event.key === "Escape") {
        event.preventDefault();
        if (this.list.hidden) this.clear();
        else this.close();
      }
    }

    choose({ kind, record }) {
      this.close();
      this.store.select(kind, record, { move: true });
    }

    clear() {
      this.input.value = "";
      this.clearButton.hidden = true;
      this.close();
      this.input.focus();
    }

    open(yes) {
      this.list.hidden = !yes;
      this.input.setAttribute("aria-expanded", String(yes));
    }

    close() {
      this.open(false);
    }
  };
}
