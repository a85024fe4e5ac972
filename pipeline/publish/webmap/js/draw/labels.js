// Names on a canvas above the drawing, set anew whenever the map has moved.

import { BUILDING_STATUSES } from "../data/declared.js";
import { UNITS } from "../data/projection.js";
import { Placing, straightStretches } from "./placing.js";

export const Labels = /** @type {any} */ (L.Layer).extend({
  pane: "labels",

  initialize(store) {
    this.store = store;
    store.labels ??= this;
  },

  onAdd(map) {
    const pane = map.getPane(this.pane) ?? map.createPane(this.pane);
    pane.classList.add(`${this.pane}-pane`);
    this.canvas = L.DomUtil.create("canvas", "labels leaflet-zoom-hide", pane);
    this.widths = new Map();
    map.on("moveend resize viewreset", this.soon, this);
    map.on("zoomend", this.clear, this);
    this.store.on("change language select facts", this.soon, this);
    this.soon();
  },

  onRemove(map) {
    map.off("moveend resize viewreset", this.soon, this);
    map.off("zoomend", this.clear, this);
    this.store.off("change language select facts", this.soon, this);
    this.canvas.remove();
  },

  // A move is often several events: one drawing for all of them, with the next frame.
  soon() {
    this.due ??= requestAnimationFrame(() => {
      this.due = null;
      this.draw();
    });
  },

  // Names of another zoom stand in the wrong places.
  clear() {
    this.canvas.width = 0;
    this.soon();
  },

  draw() {
    const map = this._map;
    if (!map?._loaded) return;
    const ratio = window.devicePixelRatio || 1;
    const size = map.getSize();
    const pad = size.multiplyBy(0.15).round();
    const whole = size.add(pad.multiplyBy(2));
    this.canvas.width = whole.x * ratio;
    this.canvas.height = whole.y * ratio;
    this.canvas.style.width = `${whole.x}px`;
    this.canvas.style.height = `${whole.y}px`;
    L.DomUtil.setPosition(this.canvas, map.containerPointToLayerPoint(pad.multiplyBy(-1)));
    const corner = map.getPixelBounds().min.subtract(pad);
    const c = this.canvas.getContext("2d");
    c.scale(ratio, ratio);
    this.paint(c, {
      left: corner.x,
      top: corner.y,
      width: whole.x,
      height: whole.y,
      zoom: map.getZoom(),
      isOverTiles: this.isOverTiles,
    });
  },

  // The names of a part of the world, in pixels of this zoom. Over online tiles roads and parks have theirs
  // already.
  paint(c, { left, top, width, height, zoom, isOverTiles = false }) {
    const scale = 256 * 2 ** zoom;
    c.textAlign = "center";
    c.textBaseline = "middle";
    c.lineJoin = "round";
    this.view = {
      c,
      zoom,
      width,
      height,
      placing: new Placing(),
      scale,
      at: ([x, y]) => [x * scale - left, y * scale - top],
    };
    const view = [left / scale, top / scale, (left + width) / scale, (top + height) / scale];
    this.near = (table) => table.shapes.meeting(view);
    this.rows = (table) => this.near(table).map((i) => table.at(i));
    this.subdistricts();
    this.extras();
    this.areas();
    if (!isOverTiles) this.roads();
    if (!isOverTiles) this.land();
    this.doors();
  },

  // Measuring takes longer than remembering.
  width(line) {
    const key = `${line.text} ${line.size} ${line.weight}`;
    if (this.widths.size > 20000) this.widths.clear();
    if (!this.widths.has(key)) {
      this.view.c.font = this.font(line);
      this.widths.set(key, this.view.c.measureText(line.text).width);
    }
    return this.widths.get(key);
  },

  // Rows in view at least so many pixels wide.
  wide(table, pixels) {
    const least = (pixels / this.view.scale) * UNITS;
    const box = [0, 0, 0, 0];
    return this.near(table)
      .filter((i) => table.shapes.box(i, box) && box[2] - box[0] >= least)
      .map((i) => table.at(i));
  },

  // Lines of text in the middle of a point; false if there is no room.
  write(point, lines, gap = 2) {
    const { placing, width, height } = this.view;
    const [x, y] = point;
    if (x < 0 || y < 0 || x > width || y > height) return false;
    const tall = lines.reduce((sum, line) => sum + line.size * 1.2, 0);
    const widest = Math.max(...lines.map((line) => this.width(line)));
    if (!placing.take([[x - widest / 2 - gap, y - tall / 2 - gap, x + widest / 2 + gap, y + tall / 2 + gap]]))
      return false;
    let top = y - tall / 2;
    for (const line of lines) {
      this.letters(line, x, top + line.size * 0.6);
      top += line.size * 1.2;
    }
    return true;
  },

  font: ({ size, weight = 400, italic = false }) =>
    `${italic ? "italic " : ""}${weight} ${size}px "Noto Sans CJK SC", "Noto Sans SC", "PingFang SC", "Microsoft YaHei", system-ui, sans-serif`,

  letters(line, x, y) {
    const { c } = this.view;
    c.font = this.font(line);
    c.strokeStyle = line.halo ?? "rgba(255,255,255,0.92)";
    c.lineWidth = 3;
    c.strokeText(line.text, x, y);
    c.fillStyle = line.colour;
    c.fillText(line.text, x, y);
  },

  subdistricts() {
    const { store, view } = this;
    if (view.zoom > 17) return;
    for (const subdistrict of this.rows(store.tables.subdistricts)) {
      if (!subdistrict.label) continue;
      const gaps = store.subdistrictCounts.get(subdistrict.subdistrict_code).counts.gap.buildings;
      const size = view.zoom < 13 ? 13 : 16;
      this.write(view.at(subdistrict.label), [
        { text: store.subdistrictLabel(subdistrict.subdistrict_code), size, weight: 700, colour: "#2f2a45" },
        ...(gaps
          ? [
              {
                text: store.t("gap_label", { n: store.number(gaps) }),
                size: size - 3,
                weight: 500,
                colour: "#b5174b",
              },
            ]
          : []),
      ]);
    }
  },

  extras() {
    const { store, view } = this;
    for (const layer of store.shownLayers()) {
      for (const { at, lines } of layer.names(store, view.zoom)) this.write(view.at(at), lines);
    }
  },

  areas() {
    const { store, view } = this;
    if (view.zoom < 14.5) return;
    const code = view.zoom >= 17.25;
    const shown = this.wide(store.tables.areas, 26).filter((area) => area.label && store.areaVisible(area));
    const order = (area) => (area === store.selected?.record ? Infinity : (area.n_buildings ?? 0));
    for (const area of shown.sort((a, b) => order(b) - order(a))) {
      const wide = (area.box[2] - area.box[0]) * view.scale;
      const name = {
        text: code ? store.areaName(area) : store.areaLabel(area),
        size: 13,
        weight: 500,
        colour: "#1d2733",
      };
      if (wide < this.width(name) * 0.9) continue;
      const lines = code && area.name ? [name, { text: area.area_id, size: 12, colour: "#3c4753" }] : [name];
      this.write(view.at(area.label), lines, 4);
    }
    for (const compound of view.zoom >= 15.5 ? this.rows(store.tables.compounds) : []) {
      if (compound.name && compound.label && store.inFilter(compound))
        this.write(view.at(compound.label), [{ text: compound.name, size: 12, colour: "#7a6d52" }], 4);
    }
  },

  roads() {
    const { store, view } = this;
    const from = { arterial: 13.5, collector: 14.5, local: 15.5, lane: 17, path: 18, railway: 14.5 };
    const rank = Object.keys(from);
    if (view.zoom < from.arterial) return;
    const named = this.rows(store.tables.barriers).filter(
      (road) => road.name && road.shape === "line" && view.zoom >= (from[road.class] ?? 99),
    );
    named.sort((a, b) => rank.indexOf(a.class) - rank.indexOf(b.class));
    const spots = new Map();
    for (const road of named) {
      const size = road.class === "arterial" ? 12 : 11;
      for (const ring of road.rings) {
        const points = [];
        for (let i = 0; i < ring.length; i += 2) points.push(view.at([ring[i], ring[i + 1]]));
        for (const stretch of straightStretches(points, road.name.length * size * 0.9, 420)) {
          const near = (spots.get(road.name) ?? []).some(
            ([x, y]) => Math.hypot(x - stretch.x, y - stretch.y) < 300,
          );
          if (!near && this.along(road.name, size, stretch))
            spots.set(road.name, [...(spots.get(road.name) ?? []), [stretch.x, stretch.y]]);
        }
      }
    }
  },

  // A road's name along it; a steep road's Chinese name letter below letter.
  along(text, size, { x, y, angle }) {
    const { c, placing, width, height } = this.view;
    if (x < 0 || y < 0 || x > width || y > height) return false;
    const line = { text, size, colour: "#6b6350", halo: "rgba(255,255,255,0.85)" };
    c.font = this.font(line);
    const long = this.width(line) + 4;
    let lean = angle;
    if (lean > Math.PI / 2) lean -= Math.PI;
    if (lean < -Math.PI / 2) lean += Math.PI;
    const upright = Math.abs(lean) > Math.PI / 3.2 && /^[\u3400-\u9fff]+$/.test(text);
    const steps = Math.max(1, Math.ceil(long / size));
    const [ux, uy] = [Math.cos(lean), Math.sin(lean)];
    const boxes = Array.from({ length: steps }, (_, i) => {
      const t = ((i + 0.5) / steps - 0.5) * long;
      const [px, py] = [x + t * ux, y + t * uy];
      return [px - size * 0.7, py - size * 0.7, px + size * 0.7, py + size * 0.7];
    });
    if (!placing.take(boxes)) return false;
    if (upright) {
      const down = lean < 0 ? [-ux, -uy] : [ux, uy];
      [...text].forEach((letter, i) => {
        const t = (i - (text.length - 1) / 2) * size * 1.1;
        this.letters({ ...line, text: letter }, x + t * down[0], y + t * down[1]);
      });
    } else {
      c.save();
      c.translate(x, y);
      c.rotate(lean);
      this.letters(line, 0, 0);
      c.restore();
    }
    return true;
  },

  land() {
    const { store, view } = this;
    const colours = { green: "#5d7a43", water: "#3f7590", public: "#7a6684" };
    for (const land of this.wide(store.tables.land, 26)) {
      if (!land.name || !land.label || !colours[land.kind]) continue;
      if ((land.box[2] - land.box[0]) * view.scale < land.name.length * 13) continue;
      this.write(
        view.at(land.label),
        [{ text: land.name, size: 12, italic: land.kind === "water", colour: colours[land.kind] }],
        4,
      );
    }
    this.waters ??= this.named(store.tables.barriers, "water");
    for (const { name, box } of this.waters) {
      if ((box[2] - box[0]) * view.scale < name.length * 13) continue;
      this.write(
        view.at([(box[0] + box[2]) / 2, (box[1] + box[3]) / 2]),
        [{ text: name, size: 12, italic: true, colour: colours.water }],
        4,
      );
    }
  },

  // Polygons of a class that have a name, found once: few of many barriers have.
  named(barriers, kind) {
    const rows = Array.from({ length: barriers.length }, (_, i) => i);
    const chosen = rows.filter(
      (i) =>
        barriers.value("class", i) === kind &&
        barriers.value("shape", i) === "polygon" &&
        barriers.value("name", i),
    );
    return chosen.map((i) => ({ name: barriers.value("name", i), box: barriers.box(i) }));
  },

  // Door numbers, close up.
  doors() {
    const { store, view } = this;
    if (view.zoom < 17.75) return;
    const { buildings } = store;
    const visible = store.visibleBuildings();
    for (const i of this.near(buildings)) {
      const beyond = buildings.value("door_beyond_address", i);
      const text =
        beyond === null ? buildings.value("name", i) : beyond + (buildings.columns.address?.number(i) ?? 0);
      if (!text || !visible(i)) continue;
      const box = buildings.box(i);
      const middle = [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
      this.write(view.at(middle), [
        {
          text: String(text),
          size: 11,
          colour: BUILDING_STATUSES[store.status[i]] === "gap" ? "#8d0f38" : "#33404d",
        },
      ]);
    }
  },
});
