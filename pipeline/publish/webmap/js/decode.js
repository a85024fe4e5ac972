"use strict";
// Packed blocks (pack.py) to columns that can be read where they stand, and places of the world to Leaflet's and back.
{
  const fromBase64 = (text) => {
    if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
    const letters = atob(text);
    const bytes = new Uint8Array(letters.length);
    for (let i = 0; i < bytes.length; i++) bytes[i] = letters.charCodeAt(i);
    return bytes;
  };

  // The block in the element of that id: {head, body}. The element goes: its text is long.
  PM.unpack = async (id) => {
    const element = document.getElementById(id);
    const packed = fromBase64(element.textContent);
    element.remove();
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
    const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
    const end = 4 + new DataView(bytes.buffer).getUint32(0, true);
    return { head: JSON.parse(new TextDecoder().decode(bytes.subarray(4, end))), body: bytes.subarray(end) };
  };

  // Any JSON of a block, read when it is asked for. What stays copies its bytes, so that the block itself can go.
  PM.values = ({ body }, [begins, length]) => {
    const bytes = body.slice(begins, begins + length);
    return () => JSON.parse(new TextDecoder().decode(bytes));
  };

  // Whole numbers of a block as an array of their own: n lowest bytes, then n next higher ones … Running: what each adds to the
  // one before.
  PM.numbers = ({ body }, [begins, length, width, running]) => {
    if (width < 2 && !running) return width ? body.slice(begins, begins + length) : new Uint8Array(length);
    if (width === 2 && !running) return pairs(body, begins, length);
    const numbers = width > 4 ? new Float64Array(length) : new Uint32Array(length);
    for (let i = 0; i < length; i++) {
      let number = 0;
      for (let byte = 0, from = begins + i, worth = 1; byte < width; byte++, from += length, worth *= 256) number += body[from] * worth;
      numbers[i] = number;
    }
    if (running) for (let i = 0, sum = 0; i < length; i++) numbers[i] = sum += PM.unzigzag(numbers[i]);
    return numbers;
  };

  // Most numbers have two bytes, and a loop that meets one kind of array is twice as fast.
  const pairs = (body, low, length) => {
    const numbers = new Uint16Array(length);
    for (let i = 0, high = low + length; i < length; i++) numbers[i] = body[low + i] | (body[high + i] << 8);
    return numbers;
  };

  // The same, to be read one at a time: where they stand, if they can be.
  PM.column = (block, place) => (place[3] ? PM.numbers(block, place) : new PM.Numbers(block, place));

  PM.Numbers = class {
    constructor({ body }, [begins, length, width]) {
      Object.assign(this, { bytes: body.slice(begins, begins + length * width), length, width });
    }

    at(i) {
      let number = 0;
      for (let byte = 0, from = i, worth = 1; byte < this.width; byte++, from += this.length, worth *= 256) number += this.bytes[from] * worth;
      return number;
    }
  };

  // Signed numbers (pack.zigzag).
  PM.unzigzag = (number) => (number >>> 1) ^ -(number & 1);

  // Where each begins, of how many each has; and where the last one ends.
  PM.starts = (counts) => {
    const at = new Uint32Array(counts.length + 1);
    for (let i = 0; i < counts.length; i++) at[i + 1] = at[i] + counts[i];
    return at;
  };

  // World coordinates are x and y from 0 to 1 over the whole web-mercator square; units are pixels of zoom level 20.
  PM.UNITS = 2 ** 28;
  PM.latLng = ([x, y]) => L.latLng((Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI, (x - 0.5) * 360);
  PM.world = ({ lat, lng }) => {
    const sine = Math.sin(lat * (Math.PI / 180));
    return [lng / 360 + 0.5, 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)];
  };
  PM.bounds = (box) => L.latLngBounds(PM.latLng([box[0], box[1]]), PM.latLng([box[2], box[3]]));
  PM.union = (boxes) => boxes.reduce((all, b) => [Math.min(all[0], b[0]), Math.min(all[1], b[1]), Math.max(all[2], b[2]), Math.max(all[3], b[3])],
    [Infinity, Infinity, -Infinity, -Infinity]);
}
