// The table beside the map: areas, gaps or buildings as rows, as many as the filters leave, or of these as
// are in view where the summary is of what is in view; a page of them at a time. Columns are sorted where
// they stand packed, so that a million rows are only ever numbers.

import { csvCell } from "../data/csv.js";
import { filled, keysOf, ranks } from "../data/ordering.js";
import { download } from "./download.js";
import { h, swatch } from "./elements.js";
import { openGap } from "./lists.js";
import { columnsOf } from "./row_columns.js";

const PAGE = 200; // rows
const CHUNK = 20000; // rows of a file between two looks at what else is to be done
const HEIGHT = { at: 42, least: 20, most: 80, step: 5 }; // percent of the window
const KINDS = { areas: "area", gaps: "gap", buildings: "building" };
const LABELS = { areas: "areas", gaps: "gap_list", buildings: "buildings" };

export class Rows {
  constructor(store) {
    this.store = store;
    this.kind = "areas";
    // column, 1 up or -1 down
    this.sorting = { areas: ["area_id", 1], gaps: ["priority", 1], buildings: ["building_id", 1] };
    this.height = HEIGHT.at;
    this.isOfOne = true; // only buildings of the area that was last selected
    store.tools.push({
      key: "rows",
      path: "M3 5h18v14H3zM3 10h18M3 14.5h18M9 5v14",
      act: () => this.turn(!this.isOpen),
      isOn: () => this.isOpen,
    });
    store.rows = this;
  }

  addTo(map) {
    const { store } = this;
    this.map = map;
    this.grip = h("div", {
      class: "grip",
      role: "separator",
      tabindex: "0",
      "aria-orientation": "horizontal",
      "aria-controls": "table",
      "aria-valuemin": HEIGHT.least,
      "aria-valuemax": HEIGHT.most,
      onkeydown: (event) => this.nudge(event),
      onpointerdown: (event) => this.grip.setPointerCapture(event.pointerId),
      onpointermove: (event) => this.drag(event),
    });
    this.bar = h("header", {});
    this.said = h("p", { class: "said", role: "status" });
    this.frame = h("div", { class: "frame" });
    this.element = h(
      "section",
      { id: "table", hidden: true, onkeydown: (event) => this.escape(event) },
      this.grip,
      this.bar,
      this.said,
      this.frame,
    );
    map.getContainer().after(this.element);
    store.on("change language facts view", () => this.isOpen && this.draw());
    store.on("select", this.follow, this);
    return this;
  }

  get isOpen() {
    return !this.element.hidden;
  }

  turn(on) {
    this.element.hidden = !on;
    document.body.classList.toggle("with-rows", on);
    if (on) this.draw();
    this.resize(this.height);
    this.store.fire("tools");
    if (on) this.enter();
    else document.getElementById("rows")?.focus();
  }

  resize(height) {
    this.height = Math.min(HEIGHT.most, Math.max(HEIGHT.least, Math.round(height)));
    document.body.style.setProperty("--rows", `${this.height}vh`);
    this.grip.setAttribute("aria-valuenow", String(this.height));
    this.map.invalidateSize({ animate: false });
  }

  nudge(event) {
    const step = { ArrowUp: HEIGHT.step, ArrowDown: -HEIGHT.step, Home: -100, End: 100 }[event.key];
    if (!step) return;
    event.preventDefault();
    this.resize(this.height + step);
  }

  drag(event) {
    if (this.grip.hasPointerCapture(event.pointerId)) this.resize(100 * (1 - event.clientY / innerHeight));
  }

  escape(event) {
    if (event.key !== "Escape") return;
    event.preventDefault();
    this.turn(false);
  }

  enter() {
    this.bar.querySelector("[aria-pressed=true]").focus();
  }

  // ---- which rows, in which order

  // All rows by the sorted column, and how many of them have something there; made once, then only filtered.
  // A row is sorted as one number: its place in the column, then itself.
  sequence(column) {
    const { store, kind } = this;
    const { length } = store.tables[kind];
    const made = [kind, column.key, store.language, store.isComplete].join();
    if (this.sorted?.made !== made) {
      const order = ranks(
        keysOf(
          column,
          length,
          new Intl.Collator(store.language === "zh" ? "zh-CN" : "en", { numeric: true }),
        ),
      );
      let known = 0;
      const rows = filled(length, (i) => {
        if (order[i] >= 0) known += 1;
        return (order[i] < 0 ? length : order[i]) * length + i;
      }).sort();
      for (let k = 0; k < length; k++) rows[k] %= length;
      this.sorted = { made, rows, known };
    }
    return this.sorted;
  }

  // The rows that the filters and the view leave, in order. What has nothing in the column comes last either
  // way.
  inOrder() {
    const { store, kind } = this;
    const [key, way] = this.sorting[kind];
    const { rows, known } = this.sequence(this.columns.find((each) => each.key === key) ?? this.columns[0]);
    const [visible, here] = kind === "buildings" ? [store.visibleBuildings(), store.buildingsHere()] : [];
    const only = this.isOfOne && this.area ? this.area.i : -1;
    const test = {
      areas: (i) => store.areaVisible(store.areas[i]) && store.areaHere(store.areas[i]),
      gaps: (i) => store.gapVisible(store.gaps[i]) && store.gapHere(store.gaps[i]),
      buildings: (i) => here(i) && (only < 0 || store.buildings.linked("area_id", i) === only) && visible(i),
    }[kind];
    const order = new Uint32Array(rows.length);
    let n = 0;
    for (let k = 0; k < rows.length; k++) {
      const i = rows[way > 0 || k >= known ? k : known - 1 - k];
      if (test(i)) order[n++] = i;
    }
    return order.subarray(0, n);
  }

  sort(key) {
    const [now, way] = this.sorting[this.kind];
    this.sorting[this.kind] = [key, key === now ? -way : 1];
    this.draw();
  }

  // ---- what is seen of it

  draw() {
    const { store, kind } = this;
    const { activeElement: focused } = document;
    const key = this.element.contains(focused) ? focused.dataset.key : null;
    this.element.setAttribute("aria-label", store.t("rows"));
    this.grip.setAttribute("aria-label", store.t("rows.height"));
    this.columns = columnsOf(store, kind);
    this.order = this.inOrder();
    this.page = 0;
    this.current = 0;
    const said = this.order.length ? "rows.count" : "rows.none";
    this.said.textContent = store.t(store.here ? `${said}.view` : said, {
      n: store.number(this.order.length),
    });
    const place = this.place();
    if (place >= 0) this.page = Math.floor(place / PAGE);
    this.body = h("tbody", { onkeydown: (event) => this.step(event) });
    this.frame.replaceChildren(
      h(
        "table",
        { "aria-rowcount": this.order.length + 1 },
        h(
          "caption",
          { class: "unseen" },
          [store.t(LABELS[kind]), store.here && store.t("scope.view")].filter(Boolean).join(" · "),
        ),
        this.head(),
        this.body,
      ),
    );
    this.fill();
    if (key)
      (
        this.element.querySelector(`[data-key="${CSS.escape(key)}"]`) ??
        this.bar.querySelector("[aria-pressed=true]")
      ).focus();
  }

  head() {
    const { store } = this;
    const [sorted, way] = this.sorting[this.kind];
    return h(
      "thead",
      {},
      h(
        "tr",
        { "aria-rowindex": 1 },
        this.columns.map(({ key, label, unit, show }) =>
          h(
            "th",
            {
              scope: "col",
              class: show ? "number" : null,
              "aria-sort": key === sorted ? (way > 0 ? "ascending" : "descending") : null,
            },
            h(
              "button",
              { type: "button", "data-key": `sort ${key}`, onclick: () => this.sort(key) },
              store.t(label),
              unit,
              h("span", { "aria-hidden": "true", class: "way" }, key === sorted ? (way > 0 ? "▲" : "▼") : ""),
            ),
          ),
        ),
      ),
    );
  }

  // The bar, and the rows of the page.
  fill() {
    const from = this.page * PAGE;
    const rows = this.order.subarray(from, from + PAGE);
    this.body.replaceChildren(...Array.from(rows, (i, k) => this.row(i, from + k)));
    this.furnish();
    this.mark();
  }

  furnish() {
    const { store, kind } = this;
    const pages = Math.max(1, Math.ceil(this.order.length / PAGE));
    const button = (key, text, act, more = {}) =>
      h("button", { type: "button", "data-key": key, onclick: act, ...more }, text);
    const turn = (key, text, page) =>
      button(key, text, () => this.leaf(page), {
        "aria-label": store.t(`rows.${key}`),
        title: store.t(`rows.${key}`),
        disabled: page < 0 || page >= pages,
      });
    const focused = this.bar.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    this.bar.replaceChildren(
      ...[
        h(
          "div",
          { class: "kinds", role: "group", "aria-label": store.t("rows") },
          Object.keys(KINDS).map((each) =>
            button(
              each,
              store.t(LABELS[each]),
              () => {
                this.kind = each;
                this.draw();
              },
              { "aria-pressed": String(each === kind) },
            ),
          ),
        ),
        kind === "buildings" &&
          this.area &&
          h(
            "label",
            {},
            h("input", {
              type: "checkbox",
              "data-key": "only",
              checked: this.isOfOne,
              onchange: (event) => {
                this.isOfOne = event.target.checked;
                this.draw();
              },
            }),
            store.t("rows.only", { name: store.areaName(this.area) }),
          ),
        this.said,
        pages > 1 &&
          h(
            "div",
            { class: "pages", role: "group", "aria-label": store.t("rows.pages") },
            turn("first", "«", this.page ? 0 : -1),
            turn("previous", "‹", this.page - 1),
            h("span", {}, store.t("rows.page", { n: store.number(this.page + 1), all: store.number(pages) })),
            turn("next", "›", this.page + 1),
            turn("last", "»", this.page < pages - 1 ? pages - 1 : -1),
          ),
        button("csv", store.t("rows.csv"), (event) => this.save(event.currentTarget), {
          class: "csv",
          disabled: !this.order.length,
        }),
        button("close", "×", () => this.turn(false), {
          class: "close",
          "aria-label": store.t("rows.close"),
          title: store.t("rows.close"),
        }),
      ].filter(Boolean),
    );
    /** @type {HTMLButtonElement} */
    const again = focused && this.bar.querySelector(`[data-key="${focused}"]`);
    if (again) (again.disabled ? this.bar.querySelector("[aria-pressed=true]") : again).focus();
  }

  row(i, place) {
    const { kind } = this;
    const cells = this.columns.map((column, k) => {
      const text = this.text(column, i);
      const content = [column.mark && swatch(column.mark(i)), text];
      if (!k)
        return h(
          "th",
          { scope: "row" },
          h(
            "button",
            {
              type: "button",
              "data-key": `row ${kind} ${i}`,
              tabindex: place === this.current ? "0" : "-1",
              onfocus: () => this.stand(place),
            },
            content,
          ),
        );
      return h(
        "td",
        { class: column.show ? "number" : null, title: text.length > 24 ? text : null },
        content,
      );
    });
    return h("tr", { "aria-rowindex": place + 2, "data-row": i, onclick: () => this.open(kind, i) }, cells);
  }

  text(column, i) {
    const value = column.at(i);
    return value === null || value === undefined ? "" : column.show ? column.show(value) : String(value);
  }

  // ---- going about in it: the rows are one stop of the tabulator, arrows go from row to row

  leaf(page) {
    this.page = page;
    this.current = page * PAGE;
    this.fill();
    this.frame.scrollTop = 0;
  }

  button(place) {
    return this.body.children[place - this.page * PAGE]?.querySelector("button");
  }

  stand(place) {
    this.button(this.current)?.setAttribute("tabindex", "-1");
    this.current = place;
    this.button(place)?.setAttribute("tabindex", "0");
  }

  step(event) {
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -Infinity, End: Infinity };
    if (!(event.key in steps)) return;
    event.preventDefault();
    const place = Math.min(this.order.length - 1, Math.max(0, this.current + steps[event.key]));
    if (Math.floor(place / PAGE) !== this.page) this.leaf(Math.floor(place / PAGE));
    this.stand(place);
    this.button(place).focus();
  }

  // ---- what is selected

  open(kind, i) {
    const { store } = this;
    if (kind === "gaps") openGap(store, store.gaps[i]);
    else store.select(KINDS[kind], store.tables[kind].at(i), { move: true });
  }

  // The row of what is selected: itself, or among areas that of its area.
  get selected() {
    const { kind, record } = this.store.selected ?? {};
    if (!record) return -1;
    if (kind === KINDS[this.kind]) return record.i;
    return this.kind === "areas" ? (this.store.areaById.get(record.area_id)?.i ?? -1) : -1;
  }

  place() {
    const { selected } = this;
    return selected < 0 ? -1 : this.order.indexOf(selected);
  }

  follow({ kind, record }) {
    const area = kind === "area" ? record : this.store.areaById.get(record?.area_id);
    const isOther = area && area !== this.area;
    if (area) this.area = area;
    if (!this.isOpen) return;
    if (isOther && this.kind === "buildings") this.isOfOne ? this.draw() : this.furnish();
    const place = this.place();
    if (place >= 0 && Math.floor(place / PAGE) !== this.page) this.leaf(Math.floor(place / PAGE));
    this.mark();
  }

  mark() {
    const { selected } = this;
    for (const other of this.body.querySelectorAll("[aria-current]")) other.removeAttribute("aria-current");
    /** @type {HTMLTableRowElement} */
    const row = selected >= 0 && this.body.querySelector(`[data-row="${selected}"]`);
    if (!row) return;
    row.setAttribute("aria-current", "true");
    this.stand(row.rowIndex - 1 + this.page * PAGE);
    row.scrollIntoView({ block: "nearest" });
  }

  // ---- as a file: all rows, not only those of the page, in this order

  async save(button) {
    const { store, columns, order, kind } = this;
    button.disabled = true;
    const cell = (column, i) => {
      const value = column.at(i);
      return typeof value === "number" ? String(value) : csvCell(value);
    };
    const parts = [
      "\ufeff",
      columns.map(({ label, unit }) => csvCell(store.t(label) + (unit ?? ""))).join(",") + "\r\n",
    ];
    for (let from = 0; from < order.length; from += CHUNK) {
      parts.push(
        Array.from(
          order.subarray(from, from + CHUNK),
          (i) => columns.map((column) => cell(column, i)).join(",") + "\r\n",
        ).join(""),
      );
      await new Promise((resolve) => setTimeout(resolve));
    }
    download(`${kind}.csv`, "text/csv", new Blob(parts));
    button.disabled = false;
  }
}
