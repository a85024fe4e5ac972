// The print view: a sheet as it will come out of the printer, its size and turn to choose, and the way to the
// printer.

import { boundsOf } from "../data/projection.js";
import { PAPERS, Sheet } from "./sheet.js";
import { h } from "../ui/elements.js";

export class Print {
  constructor(store) {
    this.store = store;
    this.paper = { size: "A4", turn: "landscape" };
    store.tools.push({
      key: "print",
      path: "M7 8V3h10v5M7 17H3v-9h18v9h-4M7 14h10v7H7z",
      act: () => this.open(),
    });
  }

  addTo(map) {
    this.map = map;
    this.rules = new CSSStyleSheet(); // the size of the page can only be said in a style sheet
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, this.rules];
    addEventListener("resize", () => this.isOpen && this.fit());
    // Printing by the browser's own menu prints the same sheet.
    addEventListener("beforeprint", () => {
      if (this.isOpen) return;
      this.open(true);
      this.hurried = true;
    });
    addEventListener("afterprint", () => this.hurried && this.close());
    this.store.on("language facts decided", () => this.isOpen && this.show());
    return this;
  }

  get isOpen() {
    return Boolean(this.view);
  }

  // What the map shows, without the empty margins around the district and what is drawn by hand.
  inView() {
    const { box, sketches } = this.store;
    const view = this.map.getBounds();
    if (!Number.isFinite(box[0])) return view;
    const district = boundsOf(box).pad(0.02);
    if (!view.intersects(district)) return view;
    for (const layer of sketches.flatMap((layers) => layers(this.map.getZoom())))
      district.extend(layer.getBounds?.() ?? layer.getLatLng());
    return L.latLngBounds(
      [Math.max(view.getSouth(), district.getSouth()), Math.max(view.getWest(), district.getWest())],
      [Math.min(view.getNorth(), district.getNorth()), Math.min(view.getEast(), district.getEast())],
    );
  }

  open(atOnce = false) {
    this.bounds = this.inView();
    this.desk = h("div", { class: "desk" });
    this.bar = h("div", { class: "bar" });
    this.view = h(
      "div",
      { id: "printing", role: "dialog", "aria-modal": "true", onkeydown: (event) => this.key(event) },
      this.bar,
      this.desk,
    );
    this.behind = [...document.body.children].filter((element) =>
      element.matches("main, aside, nav, section"),
    );
    for (const element of this.behind) element.inert = true;
    document.body.append(this.view);
    this.show(atOnce);
    this.bar.querySelector("select").focus();
  }

  // Its keys are its own: the tool behind it stays as it is.
  key(event) {
    event.stopPropagation();
    if (event.key === "Escape") this.close();
  }

  close() {
    this.view.remove();
    this.view = null;
    this.hurried = false;
    for (const element of this.behind) element.inert = false;
    this.rules.replaceSync("");
    document.getElementById("print")?.focus();
  }

  choose(choice) {
    Object.assign(this.paper, choice);
    this.show();
  }

  // atOnce: without time for slices, because the browser is about to print.
  async show(atOnce = false) {
    const { store } = this;
    const sheet = (this.sheet = new Sheet(store, this.bounds, this.paper));
    this.view.setAttribute("aria-label", store.t("print"));
    this.controls();
    this.desk.replaceChildren(h("div", { class: "paper" }, sheet.element));
    this.rules.replaceSync(`@page { size: ${this.paper.size} ${this.paper.turn}; margin: 0; }`);
    this.fit();
    if ((await sheet.painted(atOnce ? Infinity : undefined)) && sheet === this.sheet && this.isOpen) {
      sheet.element.dataset.painted = "true";
      this.go.disabled = false;
    }
  }

  controls() {
    const { store } = this;
    const focused = this.bar.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    const choice = (key, values) =>
      h(
        "label",
        {},
        h("span", {}, store.t(`print.${key}`)),
        h(
          "select",
          { "data-key": key, onchange: (event) => this.choose({ [key]: event.target.value }) },
          values.map((value) =>
            h(
              "option",
              { value, selected: this.paper[key] === value },
              store.strings[store.language][`print.${value}`] ?? value,
            ),
          ),
        ),
      );
    this.go = h(
      "button",
      { type: "button", class: "main", "data-key": "go", disabled: true, onclick: () => print() },
      store.t("print.go"),
    );
    this.bar.replaceChildren(
      choice("size", Object.keys(PAPERS)),
      choice("turn", ["landscape", "portrait"]),
      h("p", {}, store.t("print.hint")),
      this.go,
      h(
        "button",
        { type: "button", "data-key": "close", onclick: () => this.close() },
        store.t("print.close"),
      ),
    );
    if (focused) this.bar.querySelector(`[data-key="${focused}"]`)?.focus();
  }

  // The sheet as large as the window lets it be seen; on paper it is as large as it is.
  fit() {
    const { element, millimetres } = this.sheet;
    const wanted = millimetres.map((length) => (length * 96) / 25.4);
    const zoom = Math.min(
      1.2,
      (this.desk.clientWidth - 48) / wanted[0],
      (this.desk.clientHeight - 48) / wanted[1],
    );
    element.style.setProperty("--zoom", String(zoom));
    Object.assign(element.parentElement.style, {
      width: `${wanted[0] * zoom}px`,
      height: `${wanted[1] * zoom}px`,
    });
  }
}
