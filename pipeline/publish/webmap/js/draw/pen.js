// What layers are drawn with. A tile is as paint.js has it; generators stop wherever they may go on later.

import { UNITS } from "../data/projection.js";

const PATH = 3000; // points of a path; longer ones keep the page from answering
const GROUP = 256; // shapes looked at between two stops

/**
 * The shapes of a list that are large enough to draw; the others become pixels of the colour that colourOf
 * gives (null: none).
 * @param {any} tile
 * @param {import("../data/shapes.js").Shapes} shapes
 * @param {number[]} list positions of shapes
 * @param {number} least pixels: from here on a shape is drawn as an outline
 * @param {(i: number) => number | null} colourOf the number of a colour, as raster.flush takes them
 * @returns {Generator<void, number[]>}
 */
export function* outlined(tile, shapes, list, least, colourOf) {
  const box = [0, 0, 0, 0];
  const { scale, left, top, raster } = tile;
  const unit = scale / UNITS;
  const found = [];
  for (let k = 0; k < list.length; k++) {
    if (k % GROUP === 0) yield;
    const i = list[k];
    shapes.box(i, box);
    const wide = (box[2] - box[0]) * unit;
    const tall = (box[3] - box[1]) * unit;
    if (wide >= least || tall >= least) found.push(i);
    else {
      const colour = colourOf(i);
      if (colour) raster.add(box[0] * unit - left, box[1] * unit - top, wide, tall, colour);
    }
  }
  return found;
}

/**
 * Shapes as paths of at most PATH points; `draw` is called for each path.
 * @param {any} tile
 * @param {import("../data/shapes.js").Shapes} shapes
 * @param {number[]} list
 * @param {boolean} closed
 * @param {() => void} draw
 * @returns {Generator<void, void>}
 */
export function* paths(tile, shapes, list, closed, draw) {
  const { c, scale, left, top } = tile;
  let points = 0;
  for (let k = 0; k < list.length; k++) {
    if (points === 0) c.beginPath();
    points += shapes.trace(c, list[k], scale, left, top, closed);
    if (points < PATH && k < list.length - 1) continue;
    draw();
    // paints now, while the time is taken, and not all of it when the frame is due
    c.getImageData(0, 0, 1, 1);
    points = 0;
    yield;
  }
}

/**
 * A square of so many pixels at a corner of each shape, which is so small that any will do.
 * @param {any} tile
 * @param {import("../data/shapes.js").Shapes} shapes
 * @param {number[]} list
 * @param {string} colour
 * @param {number} size pixels
 * @returns {Generator<void, void>}
 */
export function* squares({ c, scale, left, top }, shapes, list, colour, size) {
  const unit = scale / UNITS;
  c.fillStyle = colour;
  for (let k = 0; k < list.length; k++) {
    if (k % GROUP === GROUP - 1) {
      c.getImageData(0, 0, 1, 1);
      yield;
      c.fillStyle = colour;
    }
    const [x, y] = shapes.corner(list[k]);
    c.fillRect(Math.round(x * unit - left - size / 2), Math.round(y * unit - top - size / 2), size, size);
  }
}

/**
 * @param {{c: CanvasRenderingContext2D}} tile
 * @param {string | CanvasPattern} colour
 * @param {CanvasFillRule} [rule]
 */
export const fill = ({ c }, colour, rule = "evenodd") => {
  c.fillStyle = colour;
  c.fill(rule);
};

/**
 * @param {{c: CanvasRenderingContext2D}} tile
 * @param {string} colour
 * @param {number} width pixels
 * @param {number[]} [dash] pixels
 */
export const line = ({ c }, colour, width, dash = []) => {
  c.strokeStyle = colour;
  c.lineWidth = width;
  c.setLineDash(dash);
  c.stroke();
  c.setLineDash([]);
};
