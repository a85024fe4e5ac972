// Pending decisions on the map: buildings in the colour of where they are to go, the areas concerned, and a
// tag that says what.

import { toLatLng } from "../data/projection.js";
import { STYLES } from "../draw/styles.js";
import { h } from "../ui/elements.js";

const INK = "#006b4f";
const NEW = "#4fae8d"; // fill of a building whose area is made here
const TAGS_FROM = 15; // zoom

const corners = (ring) =>
  Array.from({ length: ring.length / 2 }, (_, i) => toLatLng([ring[2 * i], ring[2 * i + 1]]));
const middle = (box) => [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
const quiet = { interactive: false };

export const Pending = /** @type {any} */ (L.LayerGroup).extend({
  initialize(decisions) {
    L.LayerGroup.prototype.initialize.call(this);
    this.decisions = decisions;
    this.tags = L.layerGroup();
  },

  onAdd(map) {
    L.LayerGroup.prototype.onAdd.call(this, map);
    this.decisions.on("decided", this.draw, this);
    this.decisions.store.on("language", this.draw, this);
    this.decisions.store.sketches.push((zoom) => [
      ...this.getLayers(),
      ...(zoom >= TAGS_FROM ? this.tags.getLayers() : []),
    ]);
    map.on("zoomend", this.fit, this);
    this.draw();
  },

  fit() {
    if (this._map.getZoom() >= TAGS_FROM) this.tags.addTo(this._map);
    else this.tags.remove();
  },

  draw() {
    this.clearLayers();
    this.tags.clearLayers();
    for (const entry of this.decisions.entries) this.outline(entry);
    for (const [id, { area, entry }] of this.decisions.now)
      this.building(this.decisions.building(id), area, entry);
    for (const entry of this.decisions.entries) this.tag(entry);
    this.fit();
  },

  // What an area was, dashed; what is drawn, as it is drawn.
  outline(entry) {
    const { decisions } = this;
    const { store } = decisions;
    if (entry.ring) {
      const ring = entry.ring.map(([lng, lat]) => [lat, lng]);
      this.addLayer(L.polygon(ring, { ...quiet, color: "#ffffff", weight: 6, fill: false }));
      this.addLayer(L.polygon(ring, { ...quiet, color: INK, weight: 3, fillColor: INK, fillOpacity: 0.08 }));
      return;
    }
    const areas =
      { accept: [entry.subject], split: [entry.subject], merge: [entry.subject, entry.target] }[entry.act] ??
      [];
    for (const area of areas.map((id) => store.areaById.get(id))) {
      if (
        !area?.rings.length ||
        (decisions.isProposal(area.area_id) && !decisions.isAbout(entry, area.area_id))
      )
        continue;
      this.addLayer(
        L.polygon(area.rings.map(corners), {
          ...quiet,
          color: "#ffffff",
          weight: 5,
          opacity: 0.8,
          fill: false,
        }),
      );
      this.addLayer(
        L.polygon(area.rings.map(corners), {
          ...quiet,
          color: INK,
          weight: 2.5,
          dashArray: "7 4",
          fillColor: INK,
          fillOpacity: 0.07,
        }),
      );
    }
    if (entry.act === "merge")
      this.way(store.areaById.get(entry.subject)?.label, decisions.area(entry.target)?.label);
  },

  building(building, id, entry) {
    if (!building) return;
    const target = this.decisions.area(id);
    const made = this.decisions.made.has(id);
    const fill = made ? NEW : STYLES[target?.status ?? "gap"].building;
    const shape = building.rings.map(corners);
    this.addLayer(L.polygon(shape, { ...quiet, color: "#ffffff", weight: 4.5, fill: false }));
    this.addLayer(L.polygon(shape, { ...quiet, color: INK, weight: 2, fillColor: fill, fillOpacity: 1 }));
    if (entry.act === "move" && entry.subject === building.building_id)
      this.way(middle(building.box), target?.label);
  },

  // From where to where.
  way(from, to) {
    if (from && to)
      this.addLayer(
        L.polyline([toLatLng(from), toLatLng(to)], { ...quiet, color: INK, weight: 2, dashArray: "2 5" }),
      );
  },

  // On the upper edge of what it is about.
  tag(entry) {
    const { decisions } = this;
    const subject = decisions.store.areaById.get(entry.subject) ?? decisions.building(entry.subject);
    const box =
      entry.made || entry.ring
        ? decisions.boxOf(
            entry.made ? { ...entry, rows: entry.rows.filter(([, area]) => area === entry.made) } : entry,
          )
        : subject?.box;
    if (!box || !Number.isFinite(box[0])) return;
    const html = h(
      "span",
      {},
      decisions.store.t(`decide.tag.${entry.act}`, { target: areaLabelOf(decisions, entry.target) }),
    );
    const at = toLatLng([(box[0] + box[2]) / 2, box[1]]);
    this.tags.addLayer(
      L.marker(at, {
        ...quiet,
        keyboard: false,
        icon: L.divIcon({ html, className: `pending-tag ${entry.act}`, iconSize: null }),
      }),
    );
  },
});

// A building that has been chosen, but not decided on yet.
Pending.shape = ({ rings }) =>
  L.polygon(rings.map(corners), { ...quiet, color: INK, weight: 3, fillColor: NEW, fillOpacity: 1 });

// The short name of an area that may be new, or none.
export const areaLabelOf = (decisions, id) => {
  const area = decisions.area(id);
  return area ? decisions.store.areaLabel(area) : id;
};
