// What is smaller than a pixel or two, drawn as pixels: a million outlines would take seconds, a million
// pixels take none.

export class CoverageRaster {
  constructor(size) {
    this.size = size;
    this.canvas = document.createElement("canvas");
    this.canvas.width = this.canvas.height = size;
    this.c = this.canvas.getContext("2d", { willReadFrequently: true });
    this.image = this.c.createImageData(size, size);
    this.cover = new Float32Array(size * size);
    this.colour = new Uint8Array(size * size);
    this.clear();
  }

  // A box of some colour, by its number from 1 on: each pixel is covered as far as the box covers it.
  add(left, top, wide, tall, colour) {
    const { size } = this;
    const [right, bottom] = [left + wide, top + tall];
    for (let y = Math.max(0, Math.floor(top)); y < Math.min(size, bottom); y++) {
      const high = Math.min(y + 1, bottom) - Math.max(y, top);
      for (let x = Math.max(0, Math.floor(left)); x < Math.min(size, right); x++) {
        this.cover[y * size + x] += high * (Math.min(x + 1, right) - Math.max(x, left));
        this.colour[y * size + x] = colour;
      }
    }
    this.first = Math.min(this.first, Math.max(0, Math.floor(top)));
    this.last = Math.max(this.last, Math.min(size - 1, Math.floor(bottom)));
  }

  // Draws them on a tile, and forgets them. colours: "#rrggbb" by number.
  flush(target, colours) {
    if (this.first > this.last) return;
    const [from, to] = [this.first * this.size, (this.last + 1) * this.size];
    const pixels = new Uint32Array(this.image.data.buffer);
    const bgr = colours.map((colour) =>
      colour ? [5, 3, 1].reduce((all, at) => all * 256 + parseInt(colour.slice(at, at + 2), 16), 0) : 0,
    );
    for (let i = from; i < to; i++) {
      const cover = this.cover[i];
      pixels[i] = cover ? ((Math.min(1, cover) * 255) << 24) | bgr[this.colour[i]] : 0;
    }
    const rows = this.last - this.first + 1;
    this.c.putImageData(this.image, 0, 0, 0, this.first, this.size, rows);
    target.drawImage(this.canvas, 0, this.first, this.size, rows, 0, this.first, this.size, rows);
    this.clear();
  }

  clear() {
    if (this.first <= this.last) this.cover.fill(0, this.first * this.size, (this.last + 1) * this.size);
    this.first = this.size; // the rows that have any
    this.last = -1;
  }
}
