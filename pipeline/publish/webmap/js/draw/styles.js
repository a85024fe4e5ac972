// How each status looks on the canvas: colours, and a pattern that also reads in grey. css/page.css has the
// same for swatches.

export const STYLES = {
  served: { ground: "#c5d9e9", near: "#d6e2ea", line: "#6f9fc8", building: "#6d9cc4", edge: "#5787b0" },
  paper_only: {
    ground: "#f6ddaa",
    near: "#f3e3c0",
    line: "#cf8f1f",
    building: "#e0a744",
    edge: "#c28520",
    hatch: "#e0a744",
    pattern: "falling",
  },
  unsigned: {
    ground: "#e3e5e8",
    near: "#e6e7e9",
    line: "#808993",
    building: "#a3aab2",
    edge: "#848d97",
    hatch: "#9aa2ab",
    pattern: "dots",
    dash: [5, 3],
  },
  registered: { ground: "#cfe3df", near: "#dae8e5", line: "#5b958c", building: "#86b5ad", edge: "#5f968d" },
  proposed: {
    ground: "#dcd8ee",
    near: "#e4e1f0",
    line: "#7d72b0",
    building: "#9c92cb",
    edge: "#7468a8",
    hatch: "#b3aad8",
    pattern: "rows",
    dash: [6, 2],
  },
  gap: {
    ground: "#f7dce4",
    near: "#f9e4ea",
    line: "#b5174b",
    building: "#b5174b",
    edge: "#8d0f38",
    hatch: "#c94a73",
    pattern: "rising",
  },
  elsewhere: {
    ground: "#ebe5d8",
    near: "#ece7dc",
    line: "#b8aa8c",
    building: "#cbbfa6",
    edge: "#ad9f82",
    dash: [2, 3],
  },
  other: { building: "#d9d5cd", edge: "#c4bfb4" },
};

export const GROUND = {
  background: "#f2f0eb",
  block: "#e9e6df",
  residential: "#e9e6df",
  public: "#e7e1e6",
  road: "#f7f4ee",
  other: "#e9e6df",
  green: "#dbe6cf",
  greenLine: "#cbd9bb",
  water: "#c6dce6",
  waterLine: "#a5c6d6",
  boundary: "#3a3350",
};

// Kinds of land from bottom to top: a lake is drawn over the park it lies in.
export const LAND = ["residential", "other", "road", "public", "green", "water"];

// Roads by class: narrowest first, so that wide ones are drawn over narrow ones. Width in metres where the
// road has none.
export const ROADS = {
  path: { width: 2, least: 0, from: 16.5, fill: "#fbfaf7", casing: null },
  lane: { width: 4, least: 0.8, from: 14.75, fill: "#ffffff", casing: "#dfdace" },
  local: { width: 9, least: 1.6, from: 13, fill: "#ffffff", casing: "#ddd6c8" },
  collector: { width: 16, least: 2.4, from: 11, fill: "#ffffff", casing: "#d8cfbc" },
  arterial: { width: 26, least: 3.2, from: 9, fill: "#fff6e2", casing: "#dcc89a" },
};

const SIZE = 8; // period of a pattern in CSS pixels: divides the tile, so patterns run on from tile to tile

const DRAW = {
  falling: (c) => {
    for (const d of [-SIZE, 0, SIZE]) {
      c.moveTo(d - 2, -2);
      c.lineTo(d + SIZE + 2, SIZE + 2);
    }
  },
  rising: (c) => {
    for (const d of [-SIZE, 0, SIZE]) {
      c.moveTo(d - 2, SIZE + 2);
      c.lineTo(d + SIZE + 2, -2);
    }
  },
  rows: (c) => {
    c.moveTo(0, SIZE / 2);
    c.lineTo(SIZE, SIZE / 2);
  },
  dots: (c) => {
    for (const [x, y] of [
      [2, 2],
      [6, 6],
    ]) {
      c.moveTo(x + 0.8, y);
      c.arc(x, y, 0.8, 0, 7);
    }
  },
};
const WIDTH = { falling: 1, rising: 2.2, rows: 1, dots: 0.6 };

// A canvas pattern for each status that has one, sharp at this pixel ratio.
export const makePatterns = (context, ratio) => {
  const patterns = {};
  for (const [status, style] of Object.entries(STYLES)) {
    if (!style.pattern) continue;
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = Math.round(SIZE * ratio);
    const c = canvas.getContext("2d");
    c.scale(canvas.width / SIZE, canvas.width / SIZE);
    c.strokeStyle = style.hatch;
    c.lineWidth = WIDTH[style.pattern];
    c.beginPath();
    DRAW[style.pattern](c);
    c.stroke();
    patterns[status] = context.createPattern(canvas, "repeat");
    patterns[status].setTransform(new DOMMatrix().scale(SIZE / canvas.width));
  }
  return patterns;
};
