// Where names go: each is tried in order of its importance and left out if it would touch one already placed.

const CELL = 64;

export class Placing {
  cells = new Map();

  // box: [left, top, right, bottom] in pixels. True, and taken, if it is free.
  take(boxes) {
    if (boxes.some((box) => this.#touches(box))) return false;
    for (const box of boxes)
      this.#each(box, (key) => this.cells.set(key, [...(this.cells.get(key) ?? []), box]));
    return true;
  }

  #touches([left, top, right, bottom]) {
    let touches = false;
    this.#each([left, top, right, bottom], (key) => {
      touches ||= (this.cells.get(key) ?? []).some(
        (b) => b[0] < right && b[2] > left && b[1] < bottom && b[3] > top,
      );
    });
    return touches;
  }

  #each([left, top, right, bottom], visit) {
    for (let x = Math.floor(left / CELL); x <= Math.floor(right / CELL); x++) {
      for (let y = Math.floor(top / CELL); y <= Math.floor(bottom / CELL); y++) visit(`${x}:${y}`);
    }
  }
}

// Straight stretches of a line in pixels, long enough for a name: [{x, y, angle}, …] at their middles,
// `every` pixels apart.
export const straightStretches = (points, need, every) => {
  const found = [];
  for (let i = 0; i + 1 < points.length;) {
    let j = i + 1;
    const first = Math.atan2(points[j][1] - points[i][1], points[j][0] - points[i][0]);
    while (
      j + 1 < points.length &&
      Math.abs(turn(first, Math.atan2(points[j + 1][1] - points[j][1], points[j + 1][0] - points[j][0]))) <
        0.2
    )
      j++;
    const [dx, dy] = [points[j][0] - points[i][0], points[j][1] - points[i][1]];
    const length = Math.hypot(dx, dy);
    if (length >= need) {
      const times = Math.max(1, Math.floor(length / every));
      for (let k = 0; k < times; k++) {
        const t = (k + 0.5) / times;
        found.push({ x: points[i][0] + t * dx, y: points[i][1] + t * dy, angle: Math.atan2(dy, dx) });
      }
    }
    i = j;
  }
  return found;
};

const turn = (a, b) => Math.atan2(Math.sin(b - a), Math.cos(b - a));
