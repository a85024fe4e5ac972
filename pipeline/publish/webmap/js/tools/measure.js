// Measuring: the length of a line and the area of a polygon that are clicked on the map. By keyboard: the map
// moves under a cross, the space bar sets a point there. A screen reader is told every point, but not every
// movement of the pointer.

import { geodesicDistance, ringArea } from "../data/geodesic.js";
import { crossingSides } from "../data/rings.js";
import { h } from "../ui/elements.js";

const INK = "#111111";
const MU = 2000 / 3; // 亩, m²
const HECTARE = 10000;
const MODES = ["distance", "area"];

export class Measure {
  constructor(store) {
    this.store = store;
    this.mode = "distance";
    this.points = [];
    const act = () => store.use(this.isOn ? "" : "measure");
    store.tools.push({
      key: "measure",
      path: "M4 16.5L16.5 4L20 7.5L7.5 20zM8.5 12l2.5 2.5M11.5 9l1.5 1.5M14.5 6l2.5 2.5",
      act,
      isOn: () => this.isOn,
    });
  }

  get isOn() {
    return this.store.tool === "measure";
  }

  addTo(map) {
    this.map = map;
    this.drawn = L.layerGroup();
    this.store.sketches.push(() => (this.isOn ? this.drawn.getLayers() : []));
    this.cross = h("div", { class: "aim", "aria-hidden": "true" });
    this.said = h("p", { class: "unseen", role: "status", "aria-live": "polite" });
    this.box = h("section", { class: "measuring", hidden: true });
    L.DomEvent.disableClickPropagation(this.box);
    L.DomEvent.on(this.box, "mousemove", (event) => {
      L.DomEvent.stopPropagation(event);
      this.follow(null);
    });
    map.getContainer().append(this.cross, this.box, this.said);
    map.on("click", ({ latlng }) => this.isOn && this.add(latlng));
    map.on("dblclick", () => this.isOn && this.finish());
    map.on("mousemove", ({ latlng }) => this.follow(latlng));
    map.on("mouseout", () => this.follow(null));
    map.on("move", () => this.byKeyboard && this.follow(map.getCenter()));
    document.addEventListener(
      "keydown",
      (event) => this.isOn && !map.getContainer().inert && this.key(event),
    ); // inert behind the print view
    this.store.on("tools", this.turn, this);
    this.store.on("language", () => {
      this.furnish();
      this.draw();
    });
    this.furnish();
    return this;
  }

  get byKeyboard() {
    return this.isOn && this.map.getContainer().matches(":focus-visible");
  }

  turn() {
    if (this.box.hidden !== this.isOn) return;
    const container = this.map.getContainer();
    this.box.hidden = !this.isOn;
    container.classList.toggle("aiming", this.isOn);
    this.map.doubleClickZoom[this.isOn ? "disable" : "enable"]();
    if (this.isOn) {
      if (this.store.choosing) this.store.deciding.end();
      this.store.select(null, null);
      this.drawn.addTo(this.map);
      container.focus();
    } else {
      this.drawn.remove();
      document.getElementById("measure")?.focus();
    }
    this.clear();
  }

  clear() {
    this.points = [];
    this.at = null;
    this.isDone = false;
    this.draw();
    this.said.textContent = "";
  }

  choose(mode) {
    this.mode = mode;
    this.draw();
    this.say();
  }

  add(latlng) {
    const last = this.points.at(-1);
    if (this.isDone) this.clear();
    else if (
      last &&
      this.map.latLngToContainerPoint(last).distanceTo(this.map.latLngToContainerPoint(latlng)) < 3
    )
      return; // a double click
    this.points.push(latlng);
    this.at = latlng; // a quick click comes before the move to its place is told
    this.draw();
    this.say();
  }

  undo() {
    if (this.isDone) this.isDone = false;
    else this.points.pop();
    this.draw();
    this.say();
  }

  finish() {
    this.isDone = this.points.length > 1;
    this.draw();
    this.say();
  }

  follow(latlng) {
    if (!this.isOn || this.isDone || latlng === this.at) return;
    this.at = latlng;
    if (this.points.length) this.draw();
  }

  key(event) {
    const onMap = event.target === this.map.getContainer();
    if (event.key === "Escape") this.store.use("");
    else if (event.key === "Backspace" && (onMap || this.box.contains(event.target))) this.undo();
    else if (event.key === " " && onMap) this.add(this.map.getCenter());
    else if (event.key === "Enter" && onMap) this.finish();
    else return;
    event.preventDefault();
  }

  // The points, and while it goes on the place of the pointer.
  get line() {
    const last = this.points.at(-1);
    return this.isDone || !this.at || !last || last.equals(this.at) ? this.points : [...this.points, this.at];
  }

  // What is measured of these points, in words: {main, more: […]}; null while there are too few.
  result(points) {
    const { store } = this;
    const closed = this.mode === "area";
    if (points.length < (closed ? 3 : 2)) return null;
    const lengths = points.map((point, i) => (i ? geodesicDistance(points[i - 1], point) : 0));
    const length = lengths.reduce((sum, each) => sum + each, 0);
    if (!closed)
      return {
        main: this.length(length),
        more: points.length > 2 ? [store.t("measure.last", { n: this.length(lengths.at(-1)) })] : [],
      };
    if (crossingSides(points).size) return { main: store.t("measure.crosses"), more: [] };
    const area = ringArea(points);
    const figure = (key, value, digits) => store.t(key, { n: store.number(value, digits) });
    const large = area >= HECTARE;
    return {
      main: large ? figure("measure.ha", area / HECTARE, 2) : figure("measure.m2", area, area < 100 ? 1 : 0),
      more: [
        ...(store.language === "zh" ? [figure("measure.mu", area / MU, 2)] : []),
        ...(large ? [figure("measure.m2", area)] : []),
        store.t("measure.around", { n: this.length(length + geodesicDistance(points.at(-1), points[0])) }),
      ],
    };
  }

  length(metres) {
    const { store } = this;
    if (metres >= 1000) return store.t("measure.km", { n: store.number(metres / 1000, 2) });
    return store.t("measure.m", { n: store.number(metres, metres < 100 ? 1 : 0) });
  }

  say() {
    const found = this.result(this.points);
    this.said.textContent = [
      this.store.t("measure.points", { n: this.store.number(this.points.length) }),
      found?.main,
      ...(found?.more ?? []),
    ]
      .filter(Boolean)
      .join(this.store.language === "zh" ? "，" : ", ");
  }

  draw() {
    if (!this.isOn) return;
    const found = this.result(this.line);
    this.sketch(found);
    this.fill(found);
  }

  sketch(found) {
    const { line } = this;
    const quiet = { interactive: false };
    this.drawn.clearLayers();
    if (!line.length) return;
    if (this.mode === "area" && line.length > 2)
      this.drawn.addLayer(
        L.polygon(line, { ...quiet, color: INK, weight: 1, fillColor: INK, fillOpacity: 0.12 }),
      );
    this.drawn.addLayer(L.polyline(line, { ...quiet, color: "#ffffff", weight: 6, opacity: 0.9 }));
    this.drawn.addLayer(L.polyline(line, { ...quiet, color: INK, weight: 2.5, dashArray: "7 4" }));
    for (const point of this.points)
      this.drawn.addLayer(
        L.circleMarker(point, {
          ...quiet,
          radius: 4.5,
          color: "#ffffff",
          weight: 2,
          fillColor: INK,
          fillOpacity: 1,
        }),
      );
    if (!found) return;
    const text = [found.main, ...(this.mode === "area" ? found.more.slice(-1) : [])].join(" · ");
    const tag = L.tooltip({ className: "measured", direction: "bottom", offset: [0, 10], permanent: true });
    this.drawn.addLayer(tag.setLatLng(line.at(-1)).setContent(h("span", {}, text)));
  }

  // The card: made for a language, and then only told what it says.
  furnish() {
    const { store, box } = this;
    const button = (key, act) =>
      h("button", { type: "button", "data-key": key, onclick: act }, store.t(`measure.${key}`));
    this.modes = MODES.map((mode) => button(mode, () => this.choose(mode)));
    this.figure = h("p", { class: "result", "aria-hidden": "true" });
    this.more = h("ul", { "aria-hidden": "true" });
    this.hint = h("p", { class: "hint" });
    const focused = box.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    box.setAttribute("aria-label", store.t("measure"));
    box.replaceChildren(
      h("div", { class: "modes", role: "group", "aria-label": store.t("measure") }, this.modes),
      this.figure,
      this.more,
      this.hint,
      h(
        "div",
        { class: "buttons" },
        button("undo", () => this.undo()),
        button("clear", () => this.clear()),
        button("end", () => store.use("")),
      ),
    );
    if (focused) box.querySelector(`[data-key="${focused}"]`)?.focus();
  }

  fill(found) {
    this.modes.forEach((button, i) => button.setAttribute("aria-pressed", String(this.mode === MODES[i])));
    this.figure.textContent = found?.main ?? "–";
    this.more.replaceChildren(...(found?.more ?? []).map((text) => h("li", {}, text)));
    this.hint.textContent = this.store.t(this.isDone ? "measure.hint.done" : "measure.hint");
  }
}
