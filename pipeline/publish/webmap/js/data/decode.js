// Packed blocks (pack.py) to columns that can be read where they stand.

const fromBase64 = (text) => {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
  const letters = atob(text);
  const bytes = new Uint8Array(letters.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = letters.charCodeAt(i);
  return bytes;
};

// gzip says at its end how long it is, so that each part can be put into its place as it comes.
const inflate = async (packed) => {
  const bytes = new Uint8Array(new DataView(packed.buffer).getUint32(packed.length - 4, true));
  const { readable, writable } = new DecompressionStream("gzip");
  const writer = writable.getWriter();
  const written = writer.write(packed).then(() => writer.close());
  const reader = readable.getReader();
  for (let at = 0, part = await reader.read(); !part.done; part = await reader.read()) {
    bytes.set(part.value, at);
    at += part.value.length;
  }
  await written;
  return bytes;
};

/**
 * The block in the element of that id: {head, body}. The element goes: its text is long.
 * @param {string} id of the element
 * @returns {Promise<{head: any, body: Uint8Array}>}
 */
export const unpack = async (id) => {
  const element = document.getElementById(id);
  const packed = fromBase64(element.textContent);
  element.remove();
  const bytes = await inflate(packed);
  const end = 4 + new DataView(bytes.buffer).getUint32(0, true);
  return { head: JSON.parse(new TextDecoder().decode(bytes.subarray(4, end))), body: bytes.subarray(end) };
};

/**
 * Any JSON of a block, read when it is asked for. What stays copies its bytes, so that the block itself can
 * go.
 * @param {{head?: any, body: Uint8Array}} block
 * @param {number[]} place where it begins, and its bytes
 * @returns {() => any}
 */
export const readJson = ({ body }, [begins, length]) => {
  const bytes = body.slice(begins, begins + length);
  return () => JSON.parse(new TextDecoder().decode(bytes));
};

/**
 * Whole numbers of a block as an array of their own: n lowest bytes, then n next higher ones … Running: what
 * each adds to the one before.
 * @param {{head?: any, body: Uint8Array}} block
 * @param {number[]} place where they begin, how many there are, bytes of each, 1 where they are running
 * @returns {Uint8Array | Uint16Array | Uint32Array | Float64Array}
 */
export const readNumbers = ({ body }, [begins, length, width, running]) => {
  const numbers = width > 4 ? large(body, begins, length, width) : small(body, begins, length, width);
  if (!running) return numbers;
  const sums = new Uint32Array(length);
  for (let i = 0, sum = 0; i < length; i++) sums[i] = sum += unzigzag(numbers[i]);
  return sums;
};

// Each byte goes to its place in the number, which in every machine that has a browser is that of its weight.
const small = (body, begins, length, width) => {
  const numbers = new (width > 2 ? Uint32Array : width > 1 ? Uint16Array : Uint8Array)(length);
  const size = numbers.BYTES_PER_ELEMENT;
  const bytes = new Uint8Array(numbers.buffer);
  for (let byte = 0, from = begins; byte < width; byte++)
    for (let to = byte; to < bytes.length; to += size) bytes[to] = body[from++];
  return numbers;
};

const large = (body, begins, length, width) => {
  const numbers = new Float64Array(length);
  for (let byte = 0, from = begins; byte < width; byte++)
    for (let i = 0; i < length; i++) numbers[i] += body[from++] * 256 ** byte;
  return numbers;
};

// The same, read one at a time where they stand.
export class PackedNumbers {
  /** @param {{body: Uint8Array}} block @param {number[]} place as readNumbers takes it */
  constructor({ body }, [begins, length, width]) {
    this.bytes = body.slice(begins, begins + length * width);
    this.length = length;
    this.width = width;
  }

  at(i) {
    let number = 0;
    for (let byte = 0, from = i, worth = 1; byte < this.width; byte++, from += this.length, worth *= 256)
      number += this.bytes[from] * worth;
    return number;
  }
}

/**
 * Numbers to be read one at a time: where they stand, if they can be.
 * @param {{head?: any, body: Uint8Array}} block
 * @param {number[]} place as readNumbers takes it
 * @returns {{at(i: number): number}}
 */
export const numberReader = (block, place) =>
  place[3] ? readNumbers(block, place) : new PackedNumbers(block, place);

/**
 * Signed numbers (pack.zigzag).
 * @param {number} number
 * @returns {number}
 */
export const unzigzag = (number) => (number >>> 1) ^ -(number & 1);

/**
 * Where each begins, of how many each has; and where the last one ends.
 * @param {ArrayLike<number>} counts
 * @returns {Uint32Array<ArrayBuffer>}
 */
export const startsOf = (counts) => {
  const at = new Uint32Array(counts.length + 1);
  for (let i = 0; i < counts.length; i++) at[i + 1] = at[i] + counts[i];
  return at;
};
