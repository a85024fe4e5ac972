// The shapes of a table in units: where each ring begins, one array of how far its points are from there, and
// what is in view.

import { readNumbers, startsOf, unzigzag } from "./decode.js";
import { UNITS, unionBox } from "./projection.js";

const RUN = 32; // so many shapes that follow each other share a box; neighbours follow each other

export class Shapes {
  // Where rings begin is known at once. Points are read when they are first asked for: from afar nobody sees
  // the walls of a house. Those of houses come in a block of their own; until then a house is no more than
  // its corner.
  constructor(block, { rings, firsts, reach, ...outlines }) {
    this.ringAt = startsOf(readNumbers(block, rings));
    this.length = this.ringAt.length - 1;
    this.firsts = new Int32Array(2 * this.ringAt.at(-1));
    const packed = readNumbers(block, firsts);
    for (let k = 0, x = 0, y = 0; k < packed.length; k += 2) {
      this.firsts[k] = x += unzigzag(packed[k]);
      this.firsts[k + 1] = y += unzigzag(packed[k + 1]);
    }
    this.pointAt = new Uint32Array(this.ringAt.at(-1) + 1);
    /** @type {Int16Array | Int32Array} */
    this.xy = new Int16Array(2); // of each point how far it is from the first of its ring
    this.reach = reach;
    this.bound(reach);
    this.isOutlined = false;
    if (outlines.points) this.outline(block, outlines);
  }

  /** Where the walls stand in the block. @param {any} block @param {any} places */
  outline(block, { points, steps, along, across }) {
    this.packed = () => [points, steps, along, across].map((place) => place && readNumbers(block, place));
    this.isOutlined = true;
  }

  unpack() {
    if (!this.packed) return;
    const [points, ...steps] = this.packed();
    this.packed = null; // so that the block can go
    this.pointAt = startsOf(points);
    this.xy = new (this.reach < 2 ** 15 ? Int16Array : Int32Array)(2 * this.pointAt.at(-1));
    this.read(...steps);
    if (!steps[1]) this.boxes = this.boxed(); // a house has so few points that its box need not be kept
    this.bound(0);
  }

  // Along and across: of buildings, whose walls mostly turn by a right angle (pack.turns).
  read(steps, along, across) {
    const { pointAt, xy } = this;
    let [from, turn] = [0, 0];
    for (let ring = 0; ring + 1 < pointAt.length; ring++) {
      let to = 2 * pointAt[ring] + 2;
      // where it is, the step before, and the one before that
      let [x, y, beforeX, beforeY, lastX, lastY] = [0, 0, 0, 0, 0, 0];
      for (let n = 1, points = pointAt[ring + 1] - pointAt[ring]; n < points; n++) {
        let stepX;
        let stepY;
        if (n === 1 || !along) {
          stepX = unzigzag(steps[from++]);
          stepY = unzigzag(steps[from++]);
        } else if (Math.abs(beforeX) >= Math.abs(beforeY)) {
          stepY = unzigzag(along[turn]) - lastY;
          stepX = unzigzag(across[turn++]) + (beforeX && Math.floor(-(stepY * beforeY) / beforeX + 0.5));
        } else {
          stepX = unzigzag(along[turn]) - lastX;
          stepY = unzigzag(across[turn++]) + Math.floor(-(stepX * beforeX) / beforeY + 0.5);
        }
        [lastX, lastY, beforeX, beforeY] = [beforeX, beforeY, stepX, stepY];
        xy[to++] = x += stepX;
        xy[to++] = y += stepY;
      }
    }
  }

  // The boxes of all: lines and grounds are asked for them with every tile.
  boxed() {
    const boxes = new Int32Array(4 * this.length);
    for (let i = 0, box = [0, 0, 0, 0]; i < this.length; i++) if (this.box(i, box)) boxes.set(box, 4 * i);
    return boxes;
  }

  // The boxes of runs; more: how much farther a point may be that is not read.
  bound(more) {
    this.runs = new Int32Array(4 * Math.ceil(this.length / RUN));
    const box = [0, 0, 0, 0];
    for (let i = 0; i < this.length; i += RUN) {
      const isSomewhere = this.extent(this.ringAt[i], this.ringAt[Math.min(this.length, i + RUN)], box);
      this.runs.set(
        isSomewhere ? [box[0] - more, box[1] - more, box[2] + more, box[3] + more] : [1, 1, 0, 0],
        (4 * i) / RUN,
      );
    }
  }

  has(i) {
    return this.ringAt[i + 1] > this.ringAt[i];
  }

  // One of its points, in units, for which nothing needs to be unpacked.
  corner(i) {
    const at = 2 * this.ringAt[i];
    return [this.firsts[at], this.firsts[at + 1]];
  }

  // Fills box with [left, top, right, bottom] of the shape; false if it has no place.
  box(i, box) {
    this.unpack();
    const { boxes } = this;
    if (!boxes || !this.has(i)) return this.extent(this.ringAt[i], this.ringAt[i + 1], box);
    for (let k = 0; k < 4; k++) box[k] = boxes[4 * i + k];
    return true;
  }

  // The same of these rings.
  extent(ring, end, box) {
    if (ring === end) return false;
    const { firsts, xy, pointAt } = this;
    let left = firsts[2 * ring];
    let top = firsts[2 * ring + 1];
    let right = left;
    let bottom = top;
    for (; ring < end; ring++) {
      const firstX = firsts[2 * ring];
      const firstY = firsts[2 * ring + 1];
      let k = 2 * pointAt[ring];
      for (const to = Math.max(k + 2, 2 * pointAt[ring + 1]); k < to; k += 2) {
        const x = firstX + xy[k];
        const y = firstY + xy[k + 1];
        if (x < left) left = x;
        else if (x > right) right = x;
        if (y < top) top = y;
        else if (y > bottom) bottom = y;
      }
    }
    box[0] = left;
    box[1] = top;
    box[2] = right;
    box[3] = bottom;
    return true;
  }

  // The box of all, in world coordinates; not finite where there is nothing.
  whole() {
    this.unpack();
    const boxes = Array.from({ length: this.runs.length / 4 }, (_, run) => [
      ...this.runs.subarray(4 * run, 4 * run + 4),
    ]);
    return unionBox(boxes.filter((box) => box[0] <= box[2])).map((value) => value / UNITS);
  }

  // Calls for each run whose box meets this one: where it begins and ends, and whether it lies in it whole.
  near([left, top, right, bottom], look) {
    const { runs } = this;
    for (let run = 0; 4 * run < runs.length; run++) {
      const k = 4 * run;
      if (runs[k] > right || runs[k + 2] < left || runs[k + 1] > bottom || runs[k + 3] < top) continue;
      const isInside = runs[k] >= left && runs[k + 2] <= right && runs[k + 1] >= top && runs[k + 3] <= bottom;
      look(run * RUN, Math.min(this.length, (run + 1) * RUN), isInside);
    }
  }

  // The shapes whose boxes meet this one (world coordinates), in their order.
  meeting(world) {
    const wanted = world.map((value) => value * UNITS);
    const [left, top, right, bottom] = wanted;
    const found = [];
    const box = [0, 0, 0, 0];
    this.near(wanted, (begin, end, isInside) => {
      for (let i = begin; i < end; i++) {
        if (
          isInside
            ? this.has(i)
            : this.box(i, box) && box[0] <= right && box[2] >= left && box[1] <= bottom && box[3] >= top
        )
          found.push(i);
      }
    });
    return found;
  }

  // Calls for each shape whose middle lies in this box (world coordinates). Of runs that lie in it whole no
  // shape is looked at.
  middles(world, found) {
    const wanted = world.map((value) => value * UNITS);
    const [left, top, right, bottom] = wanted;
    const box = [0, 0, 0, 0];
    this.near(wanted, (begin, end, isInside) => {
      for (let i = begin; i < end; i++) {
        if (isInside ? !this.has(i) : !this.box(i, box)) continue;
        const [x, y] = [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
        if (isInside || (x >= left && x <= right && y >= top && y <= bottom)) found(i);
      }
    });
  }

  // Is the point (world coordinates) inside, by the even-odd rule: holes and parts come out right.
  inside(i, worldX, worldY) {
    this.unpack();
    const { firsts, xy, pointAt } = this;
    let inside = false;
    for (let ring = this.ringAt[i]; ring < this.ringAt[i + 1]; ring++) {
      const [x, y] = [worldX * UNITS - firsts[2 * ring], worldY * UNITS - firsts[2 * ring + 1]];
      const [from, to] = [2 * pointAt[ring], 2 * pointAt[ring + 1]];
      for (let k = from, j = to - 2; k < to; j = k, k += 2) {
        const crosses = xy[k + 1] > y !== xy[j + 1] > y;
        if (crosses && x < ((xy[j] - xy[k]) * (y - xy[k + 1])) / (xy[j + 1] - xy[k + 1]) + xy[k])
          inside = !inside;
      }
    }
    return inside;
  }

  // Adds the shape to the path of a canvas; scale: pixels to the whole world. Points nearer than a pixel to
  // the one before are left out. Gives the number of the others.
  trace(c, i, scale, dx, dy, closed) {
    this.unpack();
    const { firsts, xy, pointAt } = this;
    const unit = scale / UNITS;
    const least = 0.8 / unit;
    let drawn = 0;
    for (let ring = this.ringAt[i]; ring < this.ringAt[i + 1]; ring++) {
      const [from, to] = [2 * pointAt[ring], 2 * pointAt[ring + 1]];
      const left = firsts[2 * ring] * unit - dx;
      const top = firsts[2 * ring + 1] * unit - dy;
      let x = 0;
      let y = 0;
      c.moveTo(left, top);
      drawn += 1;
      for (let k = from + 2; k < to; k += 2) {
        if (Math.abs(xy[k] - x) < least && Math.abs(xy[k + 1] - y) < least && k < to - 2) continue;
        x = xy[k];
        y = xy[k + 1];
        c.lineTo(left + x * unit, top + y * unit);
        drawn += 1;
      }
      if (closed) c.closePath();
    }
    return drawn;
  }

  // Its rings in world coordinates: flat arrays of x, y.
  rings(i) {
    this.unpack();
    const rings = [];
    for (let ring = this.ringAt[i]; ring < this.ringAt[i + 1]; ring++) {
      const offsets = this.xy.subarray(2 * this.pointAt[ring], 2 * this.pointAt[ring + 1]);
      rings.push(Float64Array.from(offsets, (value, k) => (this.firsts[2 * ring + (k % 2)] + value) / UNITS));
    }
    return rings;
  }
}
