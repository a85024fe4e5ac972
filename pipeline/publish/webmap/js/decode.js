"use strict";
// JSON columns to records, and rings to world coordinates: x and y from 0 to 1 over the whole web-mercator square.
{
  const UNITS = 1e6;

  const worldX = (units) => units / UNITS / 360 + 0.5;
  const worldY = (units) => {
    const sine = Math.sin((units / UNITS) * (Math.PI / 180));
    return 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
  };

  const decodeRing = (flat) => {
    const ring = new Float64Array(flat.length);
    let x = 0;
    let y = 0;
    for (let i = 0; i < flat.length; i += 2) {
      ring[i] = worldX((x += flat[i]));
      ring[i + 1] = worldY((y += flat[i + 1]));
    }
    return ring;
  };

  const boxOf = (rings) => {
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    for (const ring of rings) {
      for (let i = 0; i < ring.length; i += 2) {
        if (ring[i] < box[0]) box[0] = ring[i];
        if (ring[i] > box[2]) box[2] = ring[i];
        if (ring[i + 1] < box[1]) box[1] = ring[i + 1];
        if (ring[i + 1] > box[3]) box[3] = ring[i + 1];
      }
    }
    return box;
  };

  const values = (column) => (Array.isArray(column) ? column : column.at.map((at) => (at === null ? null : column.of[at])));

  // A table of columns to an array of records. With geometry: rings, box, and label in world coordinates.
  PM.records = (table) => {
    const columns = Object.entries(table).map(([name, column]) => [name, values(column)]);
    const length = columns.length ? columns[0][1].length : 0;
    const records = Array.from({ length }, () => ({}));
    for (const [name, column] of columns) column.forEach((value, i) => (records[i][name] = value));
    for (const record of records) {
      if (!record.rings) continue;
      record.rings = record.rings.map(decodeRing);
      record.box = boxOf(record.rings);
      if (record.label) record.label = [worldX(record.label[0]), worldY(record.label[1])];
    }
    return records;
  };

  PM.union = (records) => boxOf(records.filter((r) => r.rings?.length).map((r) => Float64Array.from(r.box)));

  // The outlines of neighbours as lines, each common stretch once: drawn twice, from both ends, its dashes would fill up.
  const seams = new Map();
  PM.seams = (records) => {
    if (seams.has(records)) return seams.get(records);
    const drawn = new Set();
    const lines = [];
    for (const ring of records.flatMap((record) => record.rings)) {
      let run = [];
      const end = () => { if (run.length) lines.push(Float64Array.from(run)); run = []; };
      for (let i = 0; i < ring.length; i += 2) {
        const [a, b] = [[ring[i], ring[i + 1]], [ring[(i + 2) % ring.length], ring[(i + 3) % ring.length]]];
        const key = [a, b].map(String).sort().join(" ");
        if (drawn.has(key)) end();
        else run.push(...(run.length ? b : [...a, ...b]));
        drawn.add(key);
      }
      end();
    }
    seams.set(records, lines.map((ring) => ({ rings: [ring], box: boxOf([ring]) })));
    return seams.get(records);
  };

  // World coordinates to Leaflet's, and back.
  PM.latLng = ([x, y]) => L.latLng((Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI, (x - 0.5) * 360);
  PM.world = ({ lat, lng }) => [worldX(lng * UNITS), worldY(lat * UNITS)];
  PM.bounds = (box) => L.latLngBounds(PM.latLng([box[0], box[1]]), PM.latLng([box[2], box[3]]));

  // Is the point inside, by the even-odd rule: holes and parts come out right.
  PM.inside = (record, x, y) => {
    const [left, top, right, bottom] = record.box;
    if (x < left || x > right || y < top || y > bottom) return false;
    let inside = false;
    for (const ring of record.rings) {
      for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
        const crosses = ring[i + 1] > y !== ring[j + 1] > y;
        if (crosses && x < ((ring[j] - ring[i]) * (y - ring[i + 1])) / (ring[j + 1] - ring[i + 1]) + ring[i]) inside = !inside;
      }
    }
    return inside;
  };
}
