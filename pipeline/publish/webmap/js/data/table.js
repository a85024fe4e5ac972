// A table whose columns stay packed. A row is made when somebody asks for it, and reads its values when they
// are asked for.

import { PackedNumbers, numberReader, readJson, readNumbers } from "./decode.js";
import { UNITS } from "./projection.js";
import { Shapes } from "./shapes.js";

class NumberColumn {
  constructor(block, { n, least, over, flag }) {
    this.numbers = numberReader(block, n);
    this.least = least;
    this.over = over;
    this.flag = flag;
  }

  at(i) {
    const number = this.numbers.at(i);
    if (!number) return null;
    return this.flag ? this.least + number - 1 === 1 : (this.least + number - 1) / this.over;
  }

  // Of each column: a number that is the same where the value is, 0 where there is none.
  token(i) {
    return this.numbers.at(i);
  }
}

// Text as what stands before its last number, that number, and what stands after it. hex: how many digits all
// of the numbers have, where they are hexadecimal ones.
export class TextColumn {
  constructor(block, { t, n, of, then, hex = 0 }) {
    this.hex = hex;
    this.beforehand = readJson(block, of);
    this.afterwards = readJson(block, then);
    this.kept = { before: null, after: null }; // read when they are first asked for
    this.frames = new PackedNumbers(block, t);
    this.numbers = numberReader(block, n);
  }

  get before() {
    this.kept.before ??= this.beforehand();
    return this.kept.before;
  }

  get after() {
    this.kept.after ??= this.afterwards();
    return this.kept.after;
  }

  at(i) {
    const frame = this.frames.at(i);
    if (!frame) return null;
    const after = this.after[frame - 1];
    return after === null
      ? this.before[frame - 1]
      : this.before[frame - 1] + this.written(this.numbers.at(i)) + after;
  }

  token(i) {
    return this.numbers.at(i) * (this.before.length + 1) + this.frames.at(i);
  }

  written(number) {
    return this.hex ? number.toString(16).padStart(this.hex, "0") : String(number);
  }

  // The last number in the text, 0 without one.
  number(i) {
    return this.numbers.at(i);
  }

  // The first row with this text, or -1.
  find(text) {
    const parts = this.hex
      ? new RegExp(`^([^]*?)([0-9a-f]{${this.hex}})()$`)
      : /^([^]*?)(0|[1-9][0-9]{0,8})([^0-9]*)$/;
    const [, before, digits, after] = parts.exec(text) ?? [null, text, "0", null];
    const number = parseInt(digits, this.hex ? 16 : 10);
    const frame = 1 + this.before.findIndex((each, k) => each === before && this.after[k] === after);
    if (!frame) return -1;
    for (let i = 0; i < this.frames.length; i++)
      if (this.frames.at(i) === frame && this.numbers.at(i) === number) return i;
    return -1;
  }
}

// Rows of another table, by position; ids that it does not have are kept as they are.
class LinkColumn {
  constructor(block, { row, table, key, extra }, tables) {
    this.numbers = readNumbers(block, row);
    this.target = tables[table];
    this.key = key;
    this.extra = readJson(block, extra)();
    this.texts = [];
  }

  at(i) {
    const row = this.numbers[i];
    if (!row) return null;
    // The same text for the same row: thousands ask for it, and keep it.
    return row <= this.target.length
      ? (this.texts[row] ??= this.target.value(this.key, row - 1))
      : this.extra[row - 1 - this.target.length];
  }

  token(i) {
    return this.numbers[i];
  }

  // The largest token there may be.
  get most() {
    return this.target.length + this.extra.length;
  }

  // The position there, or -1.
  linked(i) {
    const row = this.numbers[i];
    return row <= this.target.length ? row - 1 : -1;
  }
}

export class Table {
  constructor(block, { rows, shapes, shape_of: shapeOf }) {
    this.length = rows;
    this.columns = {};
    this.cache = [];
    this.shapes = shapes && new Shapes(block, shapes);
    this.shapeOf = shapeOf && readNumbers(block, shapeOf);
    const table = this;
    this.Row = class {
      constructor(i) {
        this.i = i;
      }
      get rings() {
        return table.rings(this.i);
      }
      get box() {
        return table.box(this.i);
      }
      get label() {
        const x = table.value("label_x", this.i);
        return x === null ? null : [x / UNITS, table.value("label_y", this.i) / UNITS];
      }
    };
  }

  // Columns of a block; a row then has a property for each. What is set on a row hides the column.
  add(block, columns, tables) {
    for (const [name, spec] of Object.entries(columns)) {
      this.columns[name] = spec.row
        ? new LinkColumn(block, spec, tables)
        : new (spec.t ? TextColumn : NumberColumn)(block, spec);
      this.derive(name, (i) => this.columns[name].at(i));
    }
  }

  derive(name, read) {
    Object.defineProperty(this.Row.prototype, name, {
      get() {
        return read(this.i);
      },
      set(value) {
        Object.defineProperty(this, name, { value, writable: true, enumerable: true });
      },
    });
  }

  value(name, i) {
    return this.columns[name]?.at(i) ?? null;
  }

  token(name, i) {
    return this.columns[name]?.token(i) ?? 0;
  }

  // The values of a column, each once; none where there is no such column.
  distinct(name) {
    const column = this.columns[name];
    const values = new Map();
    for (let i = 0; column && i < this.length; i++) {
      const token = column.token(i);
      if (token && !values.has(token)) values.set(token, column.at(i));
    }
    return [...values.values()];
  }

  linked(name, i) {
    return this.columns[name]?.linked(i) ?? -1;
  }

  // Undefined for what is no position.
  at(place) {
    if (!(place >= 0 && place < this.length)) return undefined;
    return (this.cache[place] ??= new this.Row(place));
  }

  all() {
    return Array.from({ length: this.length }, (_, i) => this.at(i));
  }

  // A shape is the row's own, or that of the building (1) or area (2) it is about.
  placed(i) {
    const name = this.shapeOf && [null, "building_id", "area_id"][this.shapeOf[i]];
    return name ? [this.columns[name].target.shapes, this.linked(name, i)] : [this.shapes, i];
  }

  rings(i) {
    const [shapes, at] = this.placed(i);
    return shapes.rings(at);
  }

  // [left, top, right, bottom] in world coordinates; not a number where it has no place.
  box(i) {
    const [shapes, at] = this.placed(i);
    const box = [NaN, NaN, NaN, NaN];
    shapes.box(at, box);
    return box.map((value) => value / UNITS);
  }
}
