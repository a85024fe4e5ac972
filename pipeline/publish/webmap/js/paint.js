"use strict";
// Drawing of one tile, bottom to top. A tile is {c, scale, left, top, box, zoom, metre, patterns}; world coordinates × scale are pixels.
{
  const meets = (box, [left, top, right, bottom]) => box[0] <= right && box[2] >= left && box[1] <= bottom && box[3] >= top;

  const trace = ({ c, scale, left, top }, rings, closed) => {
    c.beginPath();
    for (const ring of rings) {
      c.moveTo(ring[0] * scale - left, ring[1] * scale - top);
      for (let i = 2; i < ring.length; i += 2) c.lineTo(ring[i] * scale - left, ring[i + 1] * scale - top);
      if (closed) c.closePath();
    }
  };

  const fill = (tile, record, colour) => {
    trace(tile, record.rings, true);
    tile.c.fillStyle = colour;
    tile.c.fill("evenodd");
  };

  const line = (tile, colour, width, dash = []) => {
    tile.c.strokeStyle = colour;
    tile.c.lineWidth = width;
    tile.c.setLineDash(dash);
    tile.c.stroke();
    tile.c.setLineDash([]);
  };

  const ground = (tile, store) => {
    const { GROUND } = PM;
    for (const subdistrict of tile.near(store.subdistricts)) fill(tile, subdistrict, GROUND.block);
    for (const land of tile.near(store.land)) {
      fill(tile, land, GROUND[land.kind] ?? GROUND.other);
      if (land.kind === "green") line(tile, GROUND.greenLine, 1);
      if (land.kind === "water") line(tile, GROUND.waterLine, 1);
    }
    for (const water of tile.near(store.barriers)) {
      if (water.class !== "water") continue;
      if (water.shape === "polygon") {
        fill(tile, water, GROUND.water);
        line(tile, GROUND.waterLine, 1);
      } else {
        trace(tile, water.rings, false);
        line(tile, GROUND.water, Math.max(2, (water.width_m ?? 6) * tile.metre));
      }
    }
  };

  const roads = (tile, store) => {
    const near = tile.near(store.barriers);
    const { c } = tile;
    c.lineCap = c.lineJoin = "round";
    const drawn = Object.entries(PM.ROADS).filter(([, style]) => tile.zoom >= style.from);
    for (const part of ["casing", "fill"]) {
      for (const [name, style] of drawn) {
        if (!style[part]) continue;
        for (const road of near) {
          if (road.class !== name) continue;
          const width = Math.max(style.least, (road.width_m ?? style.width) * 0.8 * tile.metre);
          trace(tile, road.rings, road.shape === "polygon");
          line(tile, style[part], part === "casing" ? width + (tile.zoom < 14 ? 0.8 : 1.6) : width);
        }
      }
    }
    c.lineCap = "butt";
    for (const barrier of near) {
      if (barrier.class === "railway") {
        const width = Math.max(2.4, 4 * tile.metre);
        trace(tile, barrier.rings, false);
        line(tile, "#8b8f96", width);
        line(tile, "#f6f6f4", width - 1.4, [8, 8]);
      } else if (barrier.class === "wall" && tile.zoom >= 16) {
        trace(tile, barrier.rings, false);
        line(tile, "#a89f90", 1, [1, 2]);
      }
    }
  };

  const field = (tile, record, status, near) => {
    const style = PM.STYLES[status];
    fill(tile, record, near ? style.near : style.ground);
    if (style.pattern) {
      tile.c.globalAlpha = near && status !== "gap" ? 0.55 : 1;
      tile.c.fillStyle = tile.patterns[status];
      tile.c.fill("evenodd");
      tile.c.globalAlpha = 1;
    }
    const fine = status === "elsewhere" && tile.zoom < 15; // dots this small would only be noise
    line(tile, style.line, fine ? 0.5 : (status === "gap" ? 1.5 : 1) * (near ? 1.8 : 1), fine ? [] : style.dash);
  };

  const areas = (tile, store) => {
    const near = tile.zoom >= 16;
    for (const compound of tile.near(store.compounds)) if (store.inFilter(compound)) field(tile, compound, "elsewhere", near);
    for (const area of tile.near(store.areas)) if (store.areaVisible(area)) field(tile, area, area.status, near);
    if (store.hidden.has("gap")) return;
    for (const gap of tile.near(store.gaps)) {
      if (gap.kind === "uncovered_ground" && store.gapChosen(gap)) field(tile, gap, "gap", near);
    }
  };

  const buildings = (tile, store) => {
    const edges = tile.zoom >= 15.25;
    const gaps = [];
    for (const building of tile.near(store.buildings)) {
      if (!store.buildingVisible(building)) continue;
      if (building.status === "gap") {
        gaps.push(building);
        continue;
      }
      const style = PM.STYLES[building.status];
      fill(tile, building, style.building);
      if (edges) line(tile, style.edge, tile.zoom >= 17 ? 1 : 0.6);
    }
    for (const building of gaps) {
      // A white rim, and at small scales a red one: no gap is ever a speck.
      trace(tile, building.rings, true);
      line(tile, "#ffffff", tile.zoom >= 16 ? 4 : 4.5);
      line(tile, PM.STYLES.gap.building, tile.zoom >= 16 ? 1.5 : 2.5);
      tile.c.fillStyle = PM.STYLES.gap.building;
      tile.c.fill("evenodd");
    }
  };

  const contested = (tile, store) => {
    for (const gap of tile.near(store.gaps)) {
      if (gap.kind !== "contested" || gap.shape !== "polygon" || !store.gapChosen(gap)) continue;
      trace(tile, gap.rings, true);
      line(tile, "#ffffff", 4);
      line(tile, PM.STYLES.gap.line, 2, [3, 2]);
    }
  };

  const boundaries = (tile, store) => {
    const lines = tile.near(PM.seams(store.subdistricts));
    for (const [colour, width, dash] of [["rgba(255,255,255,0.85)", 4, []], [PM.GROUND.boundary, 1.9, [9, 3, 2, 3]]]) {
      for (const seam of lines) {
        trace(tile, seam.rings, false);
        line(tile, colour, width, dash);
      }
    }
    const chosen = store.subdistrictByCode.get(store.subdistrict);
    if (!chosen) return;
    trace(tile, chosen.rings, true);
    line(tile, PM.GROUND.boundary, 3);
  };

  PM.paint = (tile, store) => {
    tile.near = (records) => records.filter((record) => record.rings.length && meets(record.box, tile.box));
    for (const layer of [ground, roads, areas, buildings, contested, boundaries]) layer(tile, store);
  };
}
