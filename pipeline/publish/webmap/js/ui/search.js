// One box that finds areas by name, code, address or manager, buildings by name, address or id, and
// compounds: as typed, or by pinyin.

import { Pinyin, findRows, splitWords } from "../data/match.js";
import { h, icon, swatch } from "./elements.js";
import { markMatches } from "./marking.js";

const MOST = { area: 12, building: 8, compound: 5 };
// Where to look, the best first.
const FIELDS = {
  area: ["name", "area_id", "address", "manager"],
  building: ["name", "address", "building_id"],
  compound: ["name", "compound_id", "manager"],
};
const LEAD = 3; // characters of a note before what is found in it: it is narrow
const TABLES = { area: "areas", building: "buildings", compound: "compounds" };

export class Search {
  constructor(store) {
    this.store = store;
    this.options = [];
    this.input = h("input", {
      type: "search",
      id: "search",
      autocomplete: "off",
      spellcheck: "false",
      role: "combobox",
      "aria-expanded": "false",
      "aria-controls": "options",
      "aria-autocomplete": "list",
      "aria-haspopup": "listbox",
      oninput: () => this.look(),
      onkeydown: (event) => this.key(event),
      onfocus: () => this.input.value && this.look(),
    });
    this.clearButton = h(
      "button",
      { type: "button", class: "clear", hidden: true, onclick: () => this.clear() },
      "×",
    );
    this.list = h("div", { id: "options", role: "listbox" });
    this.said = h("p", { class: "more", role: "status" });
    this.box = h("div", { id: "found", hidden: true }, this.list, this.said);
    this.element = h(
      "div",
      {
        class: "search",
        role: "search",
        onfocusout: (event) => this.element.contains(event.relatedTarget) || this.close(),
      },
      icon("M11 4a7 7 0 1 0 0 14a7 7 0 0 0 0-14M21 21l-5-5", 17),
      this.input,
      this.clearButton,
      this.box,
    );
    this.pinyin = new Pinyin();
    this.speak();
    store.on("language", this.speak, this);
    store.on("facts", this.complete, this);
  }

  // Addresses and pinyin come with the facts.
  complete() {
    this.pinyin = new Pinyin(this.store.pinyin());
    if (!this.box.hidden) this.look();
  }

  speak() {
    this.input.placeholder = this.store.t("search");
    this.input.setAttribute("aria-label", this.store.t("search"));
    this.clearButton.setAttribute("aria-label", this.store.t("search.clear"));
    this.list.setAttribute("aria-label", this.store.t("search.results"));
    if (!this.box.hidden) this.look();
  }

  look() {
    const { store } = this;
    this.words = splitWords(this.input.value);
    this.clearButton.hidden = !this.input.value;
    this.options = [];
    let all = 0;
    const groups = Object.entries(FIELDS).map(([kind, fields]) => {
      const table = store.tables[TABLES[kind]];
      const { n, first } = findRows(table, this.words, fields, this.pinyin, MOST[kind]);
      if (!n) return null;
      all += n;
      const name = store.t(`search.${TABLES[kind]}`);
      const options = first.map((i) => this.option(kind, table.at(i)));
      return h(
        "div",
        { role: "group", "aria-label": name },
        h(
          "p",
          { class: "group", role: "presentation" },
          h("span", {}, name),
          n > first.length &&
            h("span", {}, store.t("search.first", { n: store.number(first.length), all: store.number(n) })),
        ),
        options,
      );
    });
    this.list.replaceChildren(...groups.filter(Boolean));
    this.said.textContent = store.t(all ? "search.found" : "search.none", { n: store.number(all) });
    this.said.classList.toggle("unseen", all > 0);
    this.open(this.words.length > 0);
    this.point(0);
  }

  // A name and a note, with what was typed marked in them. What was found in neither is told instead of the
  // note.
  option(kind, record) {
    const { store } = this;
    const marked = (text) => markMatches(text, this.words, this.pinyin);
    const usual = {
      area: () => [store.areaName(record), record.name ? record.area_id : null],
      building: () => [store.buildingName(record), store.t(`status.${record.status}`)],
      compound: () => [record.name || record.compound_id, record.manager],
    };
    const [name, note] = usual[kind]();
    const inName = marked(name);
    const where = inName ? null : FIELDS[kind].find((field) => marked(record[field]));
    const option = h(
      "div",
      {
        role: "option",
        id: `found-${this.options.length}`,
        tabindex: "-1",
        onclick: () => this.choose({ kind, record }),
      },
      swatch(kind === "compound" ? "elsewhere" : record.status),
      h("span", { class: "name" }, inName ?? name),
      h("span", { class: "note" }, where ? markMatches(record[where], this.words, this.pinyin, LEAD) : note),
    );
    this.options.push({ option, kind, record });
    return option;
  }

  point(at) {
    this.at = this.options.length ? (at + this.options.length) % this.options.length : -1;
    this.options.forEach(({ option }, i) => option.setAttribute("aria-selected", String(i === this.at)));
    if (this.at < 0 || this.box.hidden) return this.input.removeAttribute("aria-activedescendant");
    this.input.setAttribute("aria-activedescendant", `found-${this.at}`);
    if (this.at === 0)
      this.list.scrollTop = 0; // with the name of its group
    else this.options[this.at].option.scrollIntoView({ block: "nearest" });
  }

  key(event) {
    if (event.isComposing) return; // keys of an input method choose characters
    const { key } = event;
    if (key === "ArrowDown" || key === "ArrowUp") {
      event.preventDefault();
      if (this.box.hidden) this.look();
      else this.point(this.at + (key === "ArrowDown" ? 1 : -1));
    } else if (key === "Enter" && !this.box.hidden && this.at >= 0) this.choose(this.options[this.at]);
    else if (key === "Escape") {
      event.preventDefault();
      if (this.box.hidden) this.clear();
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
    this.box.hidden = !yes;
    this.input.setAttribute("aria-expanded", String(yes));
    if (!yes) this.input.removeAttribute("aria-activedescendant");
  }

  close() {
    this.open(false);
  }
}
