// What the map's modules expect to find around them, for tests without a browser. Import it before any of them.
// `make test-js` writes declared.json, which is what every page is given.
import { readFileSync } from "node:fs";

const blocks = new Map([
  ["declared", { textContent: readFileSync(new URL("declared.json", import.meta.url), "utf8") }],
]);

export const put = (id, textContent) => blocks.set(id, { textContent, remove: () => blocks.delete(id) });

export const storage = new Map();

class Evented {
  fired = [];
  on() {
    return this;
  }
  once() {
    return this;
  }
  fire(event, data) {
    this.fired.push([event, data]);
    return this;
  }
}

const latLng = (lat, lng) => ({
  lat,
  lng,
  equals: (other) => Math.abs(lat - other.lat) < 1e-12 && Math.abs(lng - other.lng) < 1e-12,
});

Object.assign(globalThis, {
  L: { Evented, latLng, latLngBounds: (a, b) => ({ a, b }) },
  document: { getElementById: (id) => blocks.get(id) ?? null },
  localStorage: {
    getItem: (key) => storage.get(key) ?? null,
    setItem: (key, value) => storage.set(key, value),
  },
  location: { hash: "", href: "file:///map.html" },
  history: { replaceState: () => {} },
  addEventListener: () => {},
});

// A table as data/table.js has it, of plain rows. links: by column, the table that it names rows of.
export class PlainTable {
  constructor(rows, links = {}) {
    this.rows = rows;
    this.length = rows.length;
    this.links = links;
    const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
    this.tokens = Object.fromEntries(names.map((name) => [name, this.#tokens(name)]));
    this.columns = Object.fromEntries(
      names.map((name) => [
        name,
        {
          numbers: this.tokens[name],
          most: Math.max(0, ...this.tokens[name]),
          linked: (i) => this.linked(name, i),
        },
      ]),
    );
    rows.forEach((row, i) => (row.i = i));
  }

  #tokens(name) {
    const target = this.links[name];
    if (target)
      return this.rows.map((row) => 1 + target.rows.findIndex((other) => other[name] === row[name]));
    const values = [...new Set(this.rows.map((row) => row[name] ?? null))].filter((value) => value !== null);
    return this.rows.map((row) => 1 + values.indexOf(row[name] ?? null));
  }

  value(name, i) {
    return this.rows[i][name] ?? null;
  }

  token(name, i) {
    return this.tokens[name]?.[i] ?? 0;
  }

  linked(name, i) {
    return this.links[name] ? this.token(name, i) - 1 : -1;
  }

  at(i) {
    return this.rows[i];
  }
}
