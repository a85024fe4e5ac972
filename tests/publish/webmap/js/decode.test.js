import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { put } from "./page.js";

const js = "../../../../pipeline/publish/webmap/js/data/";
const { numberReader, readJson, readNumbers, startsOf, unpack, unzigzag } = await import(`${js}decode.js`);
const { boundsOf, toLatLng, toWorld, unionBox } = await import(`${js}projection.js`);
const { Shapes } = await import(`${js}shapes.js`);
const { Table } = await import(`${js}table.js`);

// As pipeline/publish/webmap/pack.py writes a block.
class Packed {
  bytes = [];

  numbers(values, running = false) {
    const width = Math.ceil(
      Math.max(0, ...values)
        .toString(2)
        .replace(/^0$/, "").length / 8,
    );
    const begins = this.bytes.length;
    for (let byte = 0; byte < width; byte++)
      for (const value of values) this.bytes.push(Math.floor(value / 256 ** byte) % 256);
    return running ? [begins, values.length, width, 1] : [begins, values.length, width];
  }

  json(value) {
    const written = [...new TextEncoder().encode(JSON.stringify(value))];
    const begins = this.bytes.length;
    this.bytes.push(...written);
    return [begins, written.length];
  }

  text(head) {
    const written = new TextEncoder().encode(JSON.stringify(head));
    const length = new Uint8Array(new Uint32Array([written.length]).buffer);
    return gzipSync(Buffer.concat([length, written, Buffer.from(this.bytes)])).toString("base64");
  }

  get block() {
    return { body: Uint8Array.from(this.bytes) };
  }
}

const zigzag = (value) => (value < 0 ? -2 * value - 1 : 2 * value);

test("a block comes out of the page as it was put in, and leaves it", async () => {
  const packed = new Packed();
  const place = packed.numbers([1, 2, 300]);
  put("facts", packed.text({ tables: { a: place }, text: "拆迁 <&>" }));
  const block = await unpack("facts");
  assert.deepEqual(block.head, { tables: { a: [0, 3, 2] }, text: "拆迁 <&>" });
  assert.deepEqual([...readNumbers(block, block.head.tables.a)], [1, 2, 300]);
  assert.equal(document.getElementById("facts"), null);
});

for (const most of [0, 1, 255, 256, 65535, 65536, 2 ** 24, 2 ** 32 - 1, 2 ** 32, 2 ** 40 + 7, 2 ** 53 - 1]) {
  test(`numbers up to ${most} are read all at once and one at a time`, () => {
    const packed = new Packed();
    packed.numbers([9, 9]);
    const place = packed.numbers([0, most, 1 % (most + 1)]);
    const wanted = [0, most, 1 % (most + 1)];
    assert.deepEqual([...readNumbers(packed.block, place)], wanted);
    const one = numberReader(packed.block, place);
    assert.deepEqual(
      wanted.map((_, i) => one.at(i)),
      wanted,
    );
  });
}

test("running numbers add up", () => {
  const packed = new Packed();
  const place = packed.numbers([5, 3, -6, 0, 1000].map(zigzag), true);
  assert.deepEqual([...readNumbers(packed.block, place)], [5, 8, 2, 2, 1002]);
});

test("signed numbers come back", () => {
  for (const value of [0, -1, 1, -2, 2 ** 30, -(2 ** 30)]) assert.equal(unzigzag(zigzag(value)), value);
});

test("counts tell where each begins, and where the last ends", () => {
  assert.deepEqual([...startsOf([2, 0, 3])], [0, 2, 2, 5]);
});

test("JSON that is kept does not keep the block", () => {
  const packed = new Packed();
  const place = packed.json({ 路: [1, null] });
  const { block } = packed;
  const read = readJson(block, place);
  block.body.fill(0);
  assert.deepEqual(read(), { 路: [1, null] });
});

const tableOf = () => {
  const packed = new Packed();
  const areas = new Table(packed.block, { rows: 2 });
  const names = {
    area_id: {
      t: packed.numbers([1, 1]),
      n: packed.numbers([7, 12]),
      of: packed.json(["A"]),
      then: packed.json([""]),
    },
  };
  const columns = {
    area_id: {
      row: packed.numbers([2, 0, 3]),
      table: "areas",
      key: "area_id",
      extra: packed.json(["elsewhere"]),
    },
    floors: { n: packed.numbers([0, 3, 1]), least: -1, over: 1 },
    share: { n: packed.numbers([1, 251, 0]), least: 0, over: 1000 },
    contested: { n: packed.numbers([0, 1, 2]), least: 0, over: 1, flag: true },
    address: {
      t: packed.numbers([1, 2, 0]),
      n: packed.numbers([12, 0, 0]),
      of: packed.json(["胜利路", "无号"]),
      then: packed.json(["号", null]),
    },
  };
  const buildings = new Table(packed.block, { rows: 3 });
  areas.add(packed.block, names, {});
  buildings.add(packed.block, columns, { areas });
  return buildings;
};

test("columns of a table are read where they stand", () => {
  const table = tableOf();
  const all = (name) => [0, 1, 2].map((i) => table.value(name, i));
  assert.deepEqual(all("area_id"), ["A12", null, "elsewhere"]);
  assert.deepEqual(all("floors"), [null, 1, -1]);
  assert.deepEqual(all("share"), [0, 0.25, null]);
  assert.deepEqual(all("contested"), [null, false, true]);
  assert.deepEqual(all("address"), ["胜利路12号", "无号", null]);
  assert.deepEqual(all("no such column"), [null, null, null]);
  assert.deepEqual(
    [0, 1, 2].map((i) => table.linked("area_id", i)),
    [1, -1, -1],
  );
  assert.equal(table.columns.address.find("胜利路12号"), 0);
  assert.equal(table.columns.address.find("胜利路13号"), -1);
  assert.equal(table.columns.area_id.most, 3);
  assert.deepEqual(table.distinct("address"), ["胜利路12号", "无号"]);
});

test("a row has what its columns say, and what is set on it hides that", () => {
  const row = tableOf().at(0);
  assert.equal(row.area_id, "A12");
  row.area_id = "B";
  assert.equal(row.area_id, "B");
  assert.equal(tableOf().at(3), undefined);
});

test("a ring is read, boxed, and is where it is", () => {
  const packed = new Packed();
  const steps = [10, 0, 0, 10, -10, 0].map(zigzag); // a square, from its first corner on
  const places = {
    rings: packed.numbers([1, 0]),
    firsts: packed.numbers([100, 200].map(zigzag)),
    reach: 10,
    points: packed.numbers([4]),
    steps: packed.numbers(steps),
  };
  const shapes = new Shapes(packed.block, places);
  const box = [0, 0, 0, 0];
  assert.equal(shapes.box(0, box), true);
  assert.deepEqual(box, [100, 200, 110, 210]);
  assert.equal(shapes.has(1), false);
  const unit = 2 ** 28;
  assert.equal(shapes.inside(0, 105 / unit, 205 / unit), true);
  assert.equal(shapes.inside(0, 115 / unit, 205 / unit), false);
});

test("places of the world are Leaflet's and back", () => {
  for (const [lat, lng] of [
    [0, 0],
    [38.9, 121.6],
    [-60, -179],
  ]) {
    const back = toLatLng(toWorld({ lat, lng }));
    assert.ok(Math.abs(back.lat - lat) < 1e-9 && Math.abs(back.lng - lng) < 1e-9);
  }
  assert.deepEqual(
    unionBox([
      [0, 1, 2, 3],
      [-1, 2, 1, 9],
    ]),
    [-1, 1, 2, 9],
  );
  assert.ok(boundsOf([0, 0, 1, 1]).a.lat > boundsOf([0, 0, 1, 1]).b.lat);
});
