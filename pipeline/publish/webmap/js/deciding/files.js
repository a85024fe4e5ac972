// The files that the operator puts in the place of the old ones: all that was decided before, and what is
// pending.

import { csvCell } from "../data/csv.js";
import { COLUMNS } from "../data/declared.js";

// A code that is not in the register and not drawn is an area because buildings are accepted into it.
const kind = (decisions, id) => (id === "none" || decisions.isFirm(id) ? "move" : "accept");

/**
 * @param {import("./decisions.js").Decisions} decisions
 * @returns {string}
 */
export const decisionsCsv = (decisions) => {
  const { base, entries } = decisions;
  const rows = new Map();
  base.decisions.building_id.forEach((id, i) => {
    const row = Object.fromEntries(COLUMNS.decisions.map((name) => [name, base.decisions[name][i]]));
    if (decisions.store.areaById.get(row.area_id)?.origin === "decision") row.kind = "accept";
    rows.set(id, row);
  });
  for (const entry of entries) {
    if (decisions.isStale(entry)) continue;
    for (const [id, area] of entry.rows) {
      rows.set(id, {
        building_id: id,
        area_id: area,
        kind: kind(decisions, area),
        decided_by: entry.by || decisions.by,
        decided_on: entry.on,
        note: entry.note,
      });
    }
  }
  const ids = [...rows.keys()].sort((a, b) => (a < b ? -1 : 1));
  const cells = ids.map((id) => COLUMNS.decisions.map((name) => rows.get(id)[name]));
  return "\ufeff" + [COLUMNS.decisions, ...cells].map((row) => row.map(csvCell).join(",") + "\r\n").join("");
};

// RFC 7946: WGS 84, closed, the outer ring counter-clockwise.
const polygon = (ring) => {
  const corners = ring.map((corner) => corner.map((value) => Number(value.toFixed(7))));
  const turn = corners.reduce((sum, [x, y], i) => {
    const [nextX, nextY] = corners[(i + 1) % corners.length];
    return (
      sum + (x - corners[0][0]) * (nextY - corners[0][1]) - (nextX - corners[0][0]) * (y - corners[0][1])
    );
  }, 0);
  const way = turn < 0 ? [...corners].reverse() : corners;
  return { type: "Polygon", coordinates: [[...way, way[0]]] };
};

/**
 * @param {import("./decisions.js").Decisions} decisions
 * @returns {string}
 */
export const boundariesGeojson = (decisions) => {
  const features = new Map(decisions.base.boundaries.map((feature) => [feature.properties.area_id, feature]));
  for (const { ring, target, by, on } of decisions.entries) {
    if (!ring) continue;
    const properties = {
      area_id: target,
      kind: "hand_drawn",
      decided_by: by || decisions.by || null,
      decided_on: on,
    };
    features.set(target, { type: "Feature", properties, geometry: polygon(ring) });
  }
  return `{"type":"FeatureCollection","features":[\n${[...features.values()].map((feature) => JSON.stringify(feature)).join(",\n")}\n]}\n`;
};
