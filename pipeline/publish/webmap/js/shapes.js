"use strict";
// The shapes of a table as one array of coordinates in units: points of rings of shapes, and what is in view of them.
{
  const RUN = 32; // so many shapes that follow each other share a box; neighbours follow each other

  const unzigzag = (number) => (number >>> 1) ^ -(number & 1);

  // Where each begins, of how many each has; and where the last one ends.
  const starts = (counts) => {
    const at = new Uint32Array(counts.length + 1);
    for (let i = 0; i < counts.length; i++) at[i + 1] = at[i] + counts[i];
    return at;
  };

  PM.Shapes = class {
    constructor(block, { rings, points, firsts, steps, walls }) {
      this.ringAt = starts(PM.numbers(block, rings));
      this.pointAt = starts(PM.numbers(block, points));
      this.length = this.ringAt.length - 1;
      this.read(PM.numbers(block, firsts), PM.numbers(block, steps), walls);
      this.bound();
    }

    read(firsts, steps, walls) {
      const { pointAt } = this;
      const rings = pointAt.length - 1;
      const xy = (this.xy = new Int32Array(2 * pointAt[rings]));
      let [firstX, firstY, from, to] = [0, 0, 0, 0];
      for (let ring = 0; ring < rings; ring++) {
        let x = (firstX += unzigzag(firsts[2 * ring]));
        let y = (firstY += unzigzag(firsts[2 * ring + 1]));
        xy[to++] = x;
        xy[to++] = y;
        let [dx, dy, beforeX, beforeY] = [0, 0, 0, 0];
        for (let n = 1, points = pointAt[ring + 1] - pointAt[ring]; n < points; n++) {
          let [stepX, stepY] = [unzigzag(steps[from++]), unzigzag(steps[from++])];
          if (walls && n >= 3) [stepX, stepY] = [stepX - beforeX, stepY - beforeY];
          [beforeX, beforeY, dx, dy] = [dx, dy, stepX, stepY];
          xy[to++] = x += dx;
          xy[to++] = y += dy;
        }
      }
    }

    bound() {
      const runs = Math.ceil(this.length / RUN);
      this.runs = new Int32Array(4 * runs);
      const box = [0, 0, 0, 0];
      for (let run = 0; run < runs; run++) {
        let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
        for (let i = run * RUN; i < Math.min(this.length, (run + 1) * RUN); i++) {
          if (!this.box(i, box)) continue;
          if (box[0] < left) left = box[0];
          if (box[1] < top) top = box[1];
          if (box[2] > right) right = box[2];
          if (box[3] > bottom) bottom = box[3];
        }
        this.runs.set(left <= right ? [left, top, right, bottom] : [1, 1, 0, 0], 4 * run);
      }
    }

    has(i) {
      return this.ringAt[i + 1] > this.ringAt[i];
    }

    // Fills box with [left, top, right, bottom] of the shape; false if it has no place.
    box(i, box) {
      const { xy } = this;
      const from = 2 * this.pointAt[this.ringAt[i]];
      const to = 2 * this.pointAt[this.ringAt[i + 1]];
      if (from === to) return false;
      let left = xy[from];
      let top = xy[from + 1];
      let right = left;
      let bottom = top;
      for (let k = from + 2; k < to; k += 2) {
        const x = xy[k];
        const y = xy[k + 1];
        if (x < left) left = x;
        else if (x > right) right = x;
        if (y < top) top = y;
        else if (y > bottom) bottom = y;
      }
      box[0] = left;
      box[1] = top;
      box[2] = right;
      box[3] = bottom;
      return true;
    }

    // The box of all, in world coordinates; not finite where there is nothing.
    whole() {
      const boxes = Array.from({ length: this.runs.length / 4 }, (_, run) => [...this.runs.subarray(4 * run, 4 * run + 4)]);
      return PM.union(boxes.filter((box) => box[0] <= box[2])).map((value) => value / PM.UNITS);
    }

    // The shapes whose boxes meet this one (world coordinates), in their order.
    meeting(world) {
      const [left, top, right, bottom] = world.map((value) => value * PM.UNITS);
      const { runs } = this;
      const found = [];
      const box = [0, 0, 0, 0];
      for (let run = 0; 4 * run < runs.length; run++) {
        const k = 4 * run;
        if (runs[k] > right || runs[k + 2] < left || runs[k + 1] > bottom || runs[k + 3] < top) continue;
        const end = Math.min(this.length, (run + 1) * RUN);
        for (let i = run * RUN; i < end; i++) {
          if (this.box(i, box) && box[0] <= right && box[2] >= left && box[1] <= bottom && box[3] >= top) found.push(i);
        }
      }
      return found;
    }

    // Is the point (world coordinates) inside, by the even-odd rule: holes and parts come out right.
    inside(i, worldX, worldY) {
      const { xy, pointAt } = this;
      const [x, y] = [worldX * PM.UNITS, worldY * PM.UNITS];
      let inside = false;
      for (let ring = this.ringAt[i]; ring < this.ringAt[i + 1]; ring++) {
        const [from, to] = [2 * pointAt[ring], 2 * pointAt[ring + 1]];
        for (let k = from, j = to - 2; k < to; j = k, k += 2) {
          const crosses = xy[k + 1] > y !== xy[j + 1] > y;
          if (crosses && x < ((xy[j] - xy[k]) * (y - xy[k + 1])) / (xy[j + 1] - xy[k + 1]) + xy[k]) inside = !inside;
        }
      }
      return inside;
    }

    // Adds the shape to the path of a canvas; scale: pixels to the whole world. Points nearer than a pixel to the one before
    // are left out. Gives the number of the others.
    trace(c, i, scale, dx, dy, closed) {
      const { xy, pointAt } = this;
      const unit = scale / PM.UNITS;
      const least = 0.8 / unit;
      let drawn = 0;
      for (let ring = this.ringAt[i]; ring < this.ringAt[i + 1]; ring++) {
        const [from, to] = [2 * pointAt[ring], 2 * pointAt[ring + 1]];
        let x = xy[from];
        let y = xy[from + 1];
        c.moveTo(x * unit - dx, y * unit - dy);
        drawn += 1;
        for (let k = from + 2; k < to; k += 2) {
          if (Math.abs(xy[k] - x) < least && Math.abs(xy[k + 1] - y) < least && k < to - 2) continue;
          x = xy[k];
          y = xy[k + 1];
          c.lineTo(x * unit - dx, y * unit - dy);
          drawn += 1;
        }
        if (closed) c.closePath();
      }
      return drawn;
    }

    // Its rings in world coordinates: flat arrays of x, y.
    rings(i) {
      const rings = [];
      for (let ring = this.ringAt[i]; ring < this.ringAt[i + 1]; ring++) {
        rings.push(Float64Array.from(this.xy.subarray(2 * this.pointAt[ring], 2 * this.pointAt[ring + 1]), (value) => value / PM.UNITS));
      }
      return rings;
    }
  };
}
