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

  // Whole numbers of a block as an array of their own: n lowest bytes, then n next higher ones …
  PM.numbers = ({ body }, [begins, length, width]) => {
    if (width < 2) return width ? body.slice(begins, begins + length) : new Uint8Array(length);
    const numbers = new (width === 2 ? Uint16Array : Uint32Array)(length);
    for (let byte = 0; byte < width; byte++) {
      const from = begins + byte * length;
      for (let i = 0; i < length; i++) numbers[i] |= body[from + i] << (8 * byte);
    }
    return numbers;
  };

  // The same, of which a few are read where they stand.
  PM.Numbers = class {
    constructor({ body }, [begins, length, width]) {
      Object.assign(this, { bytes: body.slice(begins, begins + length * width), length, width });
    }

    at(i) {
      let number = 0;
      for (let byte = 0, from = i; byte < this.width; byte++, from += this.length) number |= this.bytes[from] << (8 * byte);
      return number;
    }
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
