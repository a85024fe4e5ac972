// The last release: what has changed since, by kind; where each change is; and how it is drawn, as a layer
// and as it was then.

import { BUILDING_STATUSES, VALUES } from "../data/declared.js";
import { groupBy } from "../data/group_by.js";
import { layers } from "../draw/paint.js";
import { fill, line, outlined, paths } from "../draw/pen.js";
import { STYLES } from "../draw/styles.js";

const INK = "#0b3fa8";
const THEN = { ground: "#e4dccb", line: "#6d5f45", building: "#b3a68b", edge: "#8f8266" };
const DASH = [7, 4];
const OUTLINED_FROM = 2.5; // pixels: what is smaller is drawn as pixels

const CHANGES = VALUES["changes.change"];

export class Release {
  constructor(store) {
    this.store = store;
    this.isShown = false;
    const { released, changes } = store.tables;
    this.areaById = new Map(released.all().map((area) => [area.area_id, area]));
    this.changes = changes.all().filter(({ change }) => CHANGES.includes(change));
    this.byKind = new Map(
      CHANGES.map((kind) => [kind, this.changes.filter(({ change }) => change === kind)]),
    );
    this.buildings = new Map(); // position of a building that is new or elsewhere: the area it had, or null
    for (const change of [...this.byKind.get("building_moved"), ...this.byKind.get("building_new")]) {
      const building = store.buildingById.get(change.subject_id);
      if (building) this.buildings.set(building.i, change);
    }
  }

  // The areas, now and at the release, that a kind of change is about: positions in their tables.
  places(kind) {
    const { store } = this;
    const of = (byId, change) => byId.get(change.subject_id)?.i;
    const there = (i) => i !== undefined;
    return {
      now: this.byKind
        .get(kind)
        .map((change) => of(store.areaById, change))
        .filter(there),
      then: this.byKind
        .get(kind)
        .map((change) => of(this.areaById, change))
        .filter(there),
    };
  }

  // What a change is about: {kind, record} of today; a released area that is no more; or null, without a
  // place.
  subject({ change, subject_id: id }) {
    const { store } = this;
    if (change.startsWith("building")) {
      const building = store.buildingById.get(id);
      return building ? { kind: "building", record: building } : null;
    }
    const area = store.areaById.get(id);
    return area ? { kind: "area", record: area } : { kind: "released", record: this.areaById.get(id) };
  }

  // Over today's picture: what is new solid, what was there before dashed; crosses tell what is gone, also in
  // grey.
  *drawChanges(tile) {
    const { store } = this;
    if (!this.isShown) return;
    const seen = (table, list) => {
      const near = new Set(table.shapes.meeting(tile.box));
      return list.filter((i) => near.has(i));
    };
    const { areas, released } = store.tables;
    const outline = function* (table, list, dash, width) {
      yield* paths(tile, table.shapes, list, true, () => {
        line(tile, "#ffffff", width + 2.5);
        line(tile, INK, width, dash);
      });
    };
    const redrawn = this.places("area_redrawn");
    const gone = seen(released, this.places("area_gone").then);
    yield* outline(released, seen(released, redrawn.then), DASH, 2);
    yield* outline(areas, seen(areas, redrawn.now), [], 2.5);
    yield* outline(areas, seen(areas, this.places("area_new").now), [], 4);
    yield* outline(released, gone, DASH, 3);
    for (const i of gone) cross(tile, released.at(i).label);
    const moved = [...this.buildings.keys()].sort((a, b) => a - b);
    yield* paths(tile, store.buildings.shapes, seen(store.buildings, moved), true, () => {
      line(tile, "#ffffff", 5);
      line(tile, INK, 2.5);
    });
  }

  // The areas as they were, and in which of them the buildings of today were; those that were in none in
  // crimson.
  *drawThen(tile) {
    const { store } = this;
    const { released, buildings } = store.tables;
    const { shapes } = released;
    yield* paths(tile, shapes, shapes.meeting(tile.box), true, () => {
      fill(tile, THEN.ground);
      line(tile, THEN.line, tile.zoom >= 16 ? 1.6 : 1);
    });
    const near = yield* outlined(
      tile,
      buildings.shapes,
      buildings.shapes.meeting(tile.box),
      OUTLINED_FROM,
      () => 1,
    );
    tile.raster.flush(tile.c, [null, THEN.building]);
    for (const [style, list] of groupBy(near, (i) => this.styleThen(i))) {
      yield* paths(tile, buildings.shapes, list, true, () => {
        fill(tile, style.building, "nonzero");
        if (tile.zoom >= 15.25) line(tile, style.edge, 0.8);
      });
    }
  }

  styleThen(i) {
    const { store } = this;
    const change = this.buildings.get(i);
    const status = BUILDING_STATUSES[store.status[i]];
    if (change?.change === "building_new") return null; // it was not there
    if (status === "other" || (status === "elsewhere" && !change)) return STYLES[status];
    const covered = change ? change.before : status !== "gap";
    return covered ? THEN : STYLES.gap;
  }

  get layersThen() {
    const then = (tile) => this.drawThen(tile);
    return { ground: layers.ground, roads: layers.roads, then, boundaries: layers.boundaries };
  }
}

const cross = ({ c, scale, left, top }, label) => {
  if (!label) return;
  const [x, y] = [label[0] * scale - left, label[1] * scale - top];
  for (const [colour, width] of [
    ["#ffffff", 6],
    [INK, 3],
  ]) {
    c.beginPath();
    c.moveTo(x - 12, y - 12);
    c.lineTo(x + 12, y + 12);
    c.moveTo(x - 12, y + 12);
    c.lineTo(x + 12, y - 12);
    c.strokeStyle = colour;
    c.lineWidth = width;
    c.stroke();
  }
};
