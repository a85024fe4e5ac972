// Drawing of one tile, bottom to top, in steps: a generator that stops wherever it may go on later. A tile is
// {c, scale, left, top, box, zoom, metre, patterns, raster, isOverTiles}; world coordinates × scale are
// pixels. What looks alike is one path.

import { BUILDING_STATUSES } from "../data/declared.js";
import { groupBy } from "../data/group_by.js";
import { DETAIL_ZOOM, UNITS } from "../data/projection.js";
import { fill, line, outlined, paths, squares } from "./pen.js";
import { GROUND, LAND, ROADS, STYLES } from "./styles.js";

const OUTLINED_FROM = { building: 2.5, ground: 5 }; // pixels: what is smaller is drawn as pixels
const GROUP = 256; // shapes looked at between two stops

function* ground(tile, store) {
  const { subdistricts, land, barriers } = store.tables;
  yield* paths(tile, subdistricts.shapes, subdistricts.shapes.meeting(tile.box), true, () =>
    fill(tile, GROUND.block),
  );
  const colours = [null, ...Object.values(GROUND)];
  const colour = (i) => GROUND[land.value("kind", i)] ?? GROUND.other;
  const seen = yield* outlined(tile, land.shapes, land.shapes.meeting(tile.box), OUTLINED_FROM.ground, (i) =>
    colour(i) === GROUND.block ? 0 : colours.indexOf(colour(i)),
  );
  tile.raster.flush(tile.c, colours);
  const byKind = groupBy(seen, (i) => land.value("kind", i));
  for (const kind of LAND) {
    const list = byKind.get(kind) ?? [];
    yield* paths(tile, land.shapes, list, true, () => {
      fill(tile, colour(list[0]), "nonzero");
      if (kind === "green") line(tile, GROUND.greenLine, 1);
      if (kind === "water") line(tile, GROUND.waterLine, 1);
    });
  }
  for (const i of tile.barriers) {
    if (barriers.value("class", i) !== "water") continue;
    const polygon = barriers.value("shape", i) === "polygon";
    yield* paths(tile, barriers.shapes, [i], polygon, () => {
      if (polygon) fill(tile, GROUND.water);
      line(
        tile,
        polygon ? GROUND.waterLine : GROUND.water,
        polygon ? 1 : Math.max(2, (barriers.value("width_m", i) ?? 6) * tile.metre),
      );
    });
  }
}

function* roads(tile, store) {
  const { barriers } = store.tables;
  const { c } = tile;
  if (tile.zoom < DETAIL_ZOOM) {
    const main = tile.barriers.filter(
      (i) => barriers.value("class", i) === "arterial" && barriers.value("shape", i) === "line",
    );
    return yield* paths(tile, barriers.shapes, main, false, () => line(tile, ROADS.arterial.casing, 1.2));
  }
  c.lineCap = c.lineJoin = "round";
  const byClass = groupBy(tile.barriers, (i) => barriers.value("class", i));
  const drawn = Object.entries(ROADS).filter(([name, style]) => tile.zoom >= style.from && byClass.has(name));
  for (const part of ["casing", "fill"]) {
    for (const [name, style] of drawn) {
      if (!style[part]) continue;
      const widthOf = (i) =>
        Math.max(style.least, (barriers.value("width_m", i) ?? style.width) * 0.8 * tile.metre);
      for (const closed of [false, true]) {
        const alike = byClass.get(name).filter((i) => (barriers.value("shape", i) === "polygon") === closed);
        for (const [wide, list] of groupBy(alike, widthOf)) {
          const whole = part === "casing" ? wide + (tile.zoom < 14 ? 0.8 : 1.6) : wide;
          yield* paths(tile, barriers.shapes, list, closed, () => line(tile, style[part], whole));
        }
      }
    }
  }
  c.lineCap = "butt";
  const width = Math.max(2.4, 4 * tile.metre);
  yield* paths(tile, barriers.shapes, byClass.get("railway") ?? [], false, () => {
    line(tile, "#8b8f96", width);
    line(tile, "#f6f6f4", width - 1.4, [8, 8]);
  });
  if (tile.zoom < 16) return;
  yield* paths(tile, barriers.shapes, byClass.get("wall") ?? [], false, () =>
    line(tile, "#a89f90", 1, [1, 2]),
  );
}

// Ground with the pattern of its status.
function* field(tile, shapes, list, status) {
  const style = STYLES[status];
  const near = tile.zoom >= 16;
  const seen = yield* outlined(tile, shapes, list, OUTLINED_FROM.ground, () => 1);
  tile.raster.flush(tile.c, [null, style.ground]);
  yield* paths(tile, shapes, seen, true, () => {
    if (tile.isOverTiles) tile.c.globalAlpha = 0.45; // what is below stays to be seen
    fill(tile, near && !tile.isOverTiles ? style.near : style.ground);
    tile.c.globalAlpha = 1;
    if (style.pattern && tile.zoom >= DETAIL_ZOOM) {
      tile.c.globalAlpha = near && status !== "gap" ? 0.55 : 1;
      fill(tile, tile.patterns[status]);
      tile.c.globalAlpha = 1;
    }
    // dashes this small would only be noise
    const fine = tile.zoom < 12 || (status === "elsewhere" && tile.zoom < 15);
    line(
      tile,
      style.line,
      fine ? 0.5 : (status === "gap" ? 1.5 : 1) * (near ? 1.8 : 1),
      fine ? [] : style.dash,
    );
  });
}

function* areas(tile, store) {
  const { tables } = store;
  const seen = (table, chosen) => table.shapes.meeting(tile.box).filter((i) => chosen(table.at(i)));
  yield* field(
    tile,
    tables.compounds.shapes,
    seen(tables.compounds, (compound) => store.inFilter(compound)),
    "elsewhere",
  );
  const byStatus = groupBy(
    seen(tables.areas, (area) => store.areaVisible(area)),
    (i) => tables.areas.value("status", i),
  );
  for (const [status, list] of byStatus) yield* field(tile, tables.areas.shapes, list, status);
  if (store.hidden.has("gap")) return;
  yield* field(
    tile,
    tables.gaps.shapes,
    seen(tables.gaps, (gap) => gap.kind === "uncovered_ground" && store.gapChosen(gap)),
    "gap",
  );
}

function* buildings(tile, store) {
  const { shapes } = store.buildings;
  const { status } = store;
  const gap = BUILDING_STATUSES.indexOf("gap");
  const edges = tile.zoom >= 15.25;
  const visible = store.visibleBuildings();
  if (tile.zoom < DETAIL_ZOOM) {
    const [left, top, right, bottom] = tile.box.map((value) => value * UNITS);
    const isNear = ([x, y]) => x >= left && x <= right && y >= top && y <= bottom;
    return yield* marks(
      tile,
      shapes,
      [],
      store.gapBuildings.filter((i) => isNear(shapes.corner(i)) && visible(i)),
    );
  }
  const gaps = [];
  const others = [];
  const near = shapes.meeting(tile.box);
  for (let k = 0; k < near.length; k++) {
    if (k % GROUP === 0) yield;
    if (visible(near[k])) (status[near[k]] === gap ? gaps : others).push(near[k]);
  }
  const seen = yield* outlined(tile, shapes, others, OUTLINED_FROM.building, (i) => status[i] + 1);
  tile.raster.flush(tile.c, [null, ...BUILDING_STATUSES.map((name) => STYLES[name].building)]);
  for (const [code, list] of groupBy(seen, (i) => status[i])) {
    const style = STYLES[BUILDING_STATUSES[code]];
    yield* paths(tile, shapes, list, true, () => {
      fill(tile, style.building, "nonzero"); // two that overlap are not a hole
      if (edges) line(tile, style.edge, tile.zoom >= 17 ? 1 : 0.6);
    });
  }
  const dots = [];
  const plain = yield* outlined(tile, shapes, gaps, OUTLINED_FROM.building, (i) => {
    dots.push(i);
    return 0;
  });
  yield* marks(tile, shapes, plain, dots);
}

// Buildings that are gaps, with a white rim, and at small scales a red one: none is ever a speck.
function* marks(tile, shapes, plain, dots) {
  const near16 = tile.zoom >= 16;
  yield* squares(tile, shapes, dots, "#ffffff", 6);
  yield* paths(tile, shapes, plain, true, () => line(tile, "#ffffff", near16 ? 4 : 4.5));
  yield* squares(tile, shapes, dots, STYLES.gap.building, 4);
  yield* paths(tile, shapes, plain, true, () => {
    line(tile, STYLES.gap.building, near16 ? 1.5 : 2.5);
    fill(tile, STYLES.gap.building, "nonzero");
  });
}

function* contested(tile, store) {
  if (tile.zoom < DETAIL_ZOOM) return;
  const meets = ([left, top, right, bottom]) =>
    left <= tile.box[2] && right >= tile.box[0] && top <= tile.box[3] && bottom >= tile.box[1];
  const seen = store.contested
    .filter(([gap, box]) => meets(box) && store.gapChosen(gap))
    .map(([gap]) => store.tables.gaps.placed(gap.i));
  for (const [shapes, placed] of groupBy(seen, ([of]) => of)) {
    yield* paths(
      tile,
      shapes,
      placed.map(([, i]) => i),
      true,
      () => {
        line(tile, "#ffffff", 4);
        line(tile, STYLES.gap.line, 2, [3, 2]);
      },
    );
  }
}

function* extras(tile, store) {
  for (const layer of store.shownLayers()) yield* layer.draw(tile, store);
}

function* boundaries(tile, store) {
  const { seams, subdistricts } = store.tables;
  const list = seams.shapes.meeting(tile.box);
  /** @type {[string, number, number[]][]} */
  const far = [[GROUND.boundary, 0.8, []]];
  /** @type {[string, number, number[]][]} */
  const near = [
    ["rgba(255,255,255,0.85)", 4, []],
    [GROUND.boundary, 1.9, [9, 3, 2, 3]],
  ];
  for (const style of tile.zoom < DETAIL_ZOOM ? far : near)
    yield* paths(tile, seams.shapes, list, false, () => line(tile, ...style));
  const chosen = store.subdistrictByCode.get(store.subdistrict);
  if (chosen) yield* paths(tile, subdistricts.shapes, [chosen.i], true, () => line(tile, GROUND.boundary, 3));
}

// From bottom to top.
export const layers = { ground, roads, areas, buildings, contested, extras, boundaries };

export function* paint(tile, store, chosen = { ...layers, ...store.overlays }) {
  tile.barriers = store.tables.barriers.shapes.meeting(tile.box);
  for (const [name, layer] of Object.entries(chosen)) {
    if (!(tile.isOverTiles && (name === "ground" || name === "roads"))) yield* layer(tile, store);
  }
}
