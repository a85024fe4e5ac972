// A bar across the map: the last release to its left, today to its right. It is dragged, or moved with the
// arrow keys.

import { Labels } from "../draw/labels.js";
import { paint } from "../draw/paint.js";
import { Surface } from "../draw/surface.js";
import { h } from "../ui/elements.js";

const STEP = 2; // percent
const KEYS = {
  ArrowLeft: -STEP,
  ArrowDown: -STEP,
  ArrowRight: STEP,
  ArrowUp: STEP,
  PageDown: -10,
  PageUp: 10,
  Home: -100,
  End: 100,
};

const Then = /** @type {any} */ (Surface).extend({
  options: { pane: "then" },

  paint(tile) {
    return paint(tile, this.store, this.store.release.layersThen);
  },
});

// The names of the areas as they were.
const NamesThen = /** @type {any} */ (Labels).extend({
  pane: "names-then",

  areas() {
    const { store, view } = this;
    if (view.zoom < 14.5) return;
    for (const area of this.rows(store.tables.released)) {
      const name = { text: store.areaName(area), size: 13, weight: 500, colour: "#3f3522" };
      view.c.font = this.font(name);
      if (area.label && (area.box[2] - area.box[0]) * view.scale >= view.c.measureText(name.text).width * 0.9)
        this.write(view.at(area.label), [name], 4);
    }
  },

  subdistricts() {
    const { store, view } = this;
    for (const { label, subdistrict_code: code } of view.zoom > 17
      ? []
      : this.rows(store.tables.subdistricts)) {
      if (label)
        this.write(view.at(label), [
          {
            text: store.subdistrictLabel(code),
            size: view.zoom < 13 ? 13 : 16,
            weight: 700,
            colour: "#2f2a45",
          },
        ]);
    }
  },

  extras() {},

  doors() {},
});

export class Swipe {
  // end: what Escape does.
  constructor(store, map, end) {
    this.store = store;
    this.map = map;
    this.end = end;
    this.share = 50;
    this.isOn = false;
    // over the drawing of today, under what is chosen and drawn by hand
    map.createPane("then").style.zIndex = 210;
    this.layers = [new Then(store), new NamesThen(store)];
    this.handle = h("div", {
      class: "handle",
      role: "slider",
      tabindex: "0",
      "aria-orientation": "horizontal",
      "aria-valuemin": "0",
      "aria-valuemax": "100",
      onkeydown: (event) => this.key(event),
      onpointerdown: (event) => this.take(event),
      onpointermove: (event) => this.drag(event),
    });
    this.then = h("span", { class: "side then" });
    this.now = h("span", { class: "side now" });
    this.bar = h("div", { class: "swipe", hidden: true }, this.handle, this.then, this.now);
    L.DomEvent.disableClickPropagation(this.bar);
    map.getContainer().append(this.bar);
  }

  turn(on) {
    const isHeld = this.bar.contains(document.activeElement);
    this.isOn = on;
    this.bar.hidden = !on;
    for (const layer of this.layers) on ? layer.addTo(this.map) : layer.remove();
    this.map[on ? "on" : "off"]("move resize zoomanim", this.clip, this);
    this.speak();
    this.clip();
    if (on) this.handle.focus();
    else if (isHeld) document.getElementById("swipe")?.focus();
  }

  speak() {
    this.handle.setAttribute("aria-label", this.store.t("swipe"));
    this.then.textContent = this.store.t("swipe.then");
    this.now.textContent = this.store.t("swipe.now");
  }

  move(share) {
    this.share = Math.min(100, Math.max(0, share));
    this.clip();
  }

  key(event) {
    if (!(event.key in KEYS) && event.key !== "Escape") return;
    L.DomEvent.stop(event);
    if (event.key === "Escape") return this.end();
    this.move(this.share + KEYS[event.key]);
  }

  take(event) {
    event.preventDefault();
    this.handle.focus();
    this.handle.setPointerCapture(event.pointerId);
  }

  drag(event) {
    if (!this.handle.hasPointerCapture(event.pointerId)) return;
    const { left, width } = this.map.getContainer().getBoundingClientRect();
    this.move((100 * (event.clientX - left)) / width);
  }

  // Each side shows its own half; panes move with the map, so what is cut off moves against it.
  clip() {
    const size = this.map.getSize();
    const corner = this.map.containerPointToLayerPoint([0, 0]);
    const at = corner.x + (size.x * this.share) / 100;
    const far = 1e5;
    const cut = (from, to) =>
      `polygon(${[
        [from, -far],
        [to, -far],
        [to, far],
        [from, far],
      ]
        .map(([x, y]) => `${x}px ${y}px`)
        .join(", ")})`;
    const set = (pane, value) => {
      if (this.map.getPane(pane)) this.map.getPane(pane).style.clipPath = value;
    };
    set("then", cut(-far, at));
    set("names-then", cut(-far, at));
    set("labels", this.isOn ? cut(at, far) : "");
    this.bar.style.left = `${this.share}%`;
    this.handle.setAttribute("aria-valuenow", String(Math.round(this.share)));
    this.handle.setAttribute(
      "aria-valuetext",
      this.store.t("swipe.value", { n: this.store.number(this.share) }),
    );
  }
}
