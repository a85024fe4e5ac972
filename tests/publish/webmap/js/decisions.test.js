import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { PlainTable, storage } from "./page.js";

const js = "../../../../pipeline/publish/webmap/js/";
const { Decisions } = await import(`${js}deciding/decisions.js`);
const { boundariesGeojson, decisionsCsv } = await import(`${js}deciding/files.js`);

const BOX = [0.5, 0.4, 0.6, 0.5];
const [REGISTERED, PROPOSED, OTHER] = ["210203001001001", "210203001001002", "210203002001001"];

// Two areas in one subdistrict, registered and proposed, and one in another; two houses each, and one of nobody's.
const district = ({ decided = {}, method = {} } = {}) => {
  const area = (id, origin, subdistrict) => ({
    area_id: id,
    origin,
    status: origin === "proposal" ? "proposed" : "served",
    subdistrict_code: subdistrict,
    box: BOX,
    label: [0.55, 0.45],
    rings: [],
  });
  const areas = new PlainTable([
    area(REGISTERED, "register", "210203001"),
    area(PROPOSED, "proposal", "210203001"),
    area(OTHER, "register", "210203002"),
  ]);
  const house = (id, of, subdistrict = "210203001") => ({
    building_id: id,
    area_id: of,
    method: method[id] ?? "group",
    subdistrict_code: subdistrict,
    box: BOX,
  });
  const buildings = new PlainTable(
    [
      house("r1", REGISTERED),
      house("r2", REGISTERED),
      house("p1", PROPOSED),
      house("p2", PROPOSED),
      house("o1", OTHER, "210203002"),
      house("n1", null),
    ],
    { area_id: areas },
  );
  const columns = ["building_id", "area_id", "kind", "decided_by", "decided_on", "note"];
  return {
    district: { code: "210203", name_zh: "西岗区", source: "test", synthetic: true },
    areas: areas.rows,
    areaById: new Map(areas.rows.map((each) => [each.area_id, each])),
    buildings,
    buildingById: new Map(buildings.rows.map((each) => [each.building_id, each])),
    areaLabel: (each) => each.area_id,
    decided: () => ({
      decisions: Object.fromEntries(
        columns.map((name) => [name, (decided.decisions ?? []).map((row) => row[name])]),
      ),
      boundaries: decided.boundaries ?? [],
      highest: { 210203001001: 7, ...decided.highest },
    }),
  };
};
const open = (given) => new Decisions(district(given));
const get = (decisions, id) => decisions.building(id) ?? decisions.area(id);
const rowsOf = (decisions) => Object.fromEntries(decisions.entries.flatMap(({ rows }) => rows));

beforeEach(() => storage.clear());

test("a proposal is accepted with all of its houses", () => {
  const decisions = open();
  decisions.accept(get(decisions, PROPOSED));
  assert.deepEqual(rowsOf(decisions), { p1: PROPOSED, p2: PROPOSED });
  assert.ok(decisions.isAccepted(PROPOSED));
});

test("a house that goes to a proposal has it accepted; one that goes to a registered area does not", () => {
  const decisions = open();
  decisions.move(get(decisions, "n1"), get(decisions, REGISTERED));
  assert.deepEqual(rowsOf(decisions), { n1: REGISTERED });
  decisions.move(get(decisions, "n1"), get(decisions, PROPOSED));
  assert.deepEqual(rowsOf(decisions), { n1: PROPOSED, p1: PROPOSED, p2: PROPOSED });
});

test("an area that is made gets the next code that nobody has or had", () => {
  const decisions = open();
  decisions.split(get(decisions, PROPOSED), [get(decisions, "p1")]);
  assert.deepEqual(rowsOf(decisions), { p1: "210203001001008", p2: PROPOSED });
  decisions.found(get(decisions, "n1"));
  assert.equal(rowsOf(decisions).n1, "210203001001009");
});

test("an area that is undone takes what was decided on it later with it", () => {
  const decisions = open();
  decisions.split(get(decisions, PROPOSED), [get(decisions, "p1")]);
  const [split] = decisions.entries;
  decisions.move(get(decisions, "n1"), get(decisions, split.made));
  decisions.release(get(decisions, "r1"));
  decisions.undo(split);
  assert.deepEqual(rowsOf(decisions), { r1: "none" });
});

test("no area of another subdistrict is a target", () => {
  const decisions = open();
  const ids = decisions.targets(get(decisions, "n1")).map(({ area_id: id }) => id);
  assert.deepEqual(ids.sort(), [REGISTERED, PROPOSED].sort());
});

test("what is pending outlives a reload, and what the next map shows is pending no more", () => {
  const before = open();
  before.move(get(before, "n1"), get(before, REGISTERED));
  before.release(get(before, "r1"));
  assert.equal(open().entries.length, 2);
  const obeyed = district({ method: { r1: "decision" } });
  obeyed.buildingById.get("r1").area_id = null;
  assert.deepEqual(rowsOf(new Decisions(obeyed)), { n1: REGISTERED });
});

test("what is kept but can not be read is left alone", () => {
  const { key } = open();
  for (const kept of [
    "{",
    "null",
    '{"entries": 7}',
    '{"entries": [{"act": 1}, {"act": "move", "rows": [["a"]]}]}',
  ]) {
    storage.set(key, kept);
    assert.deepEqual(open().entries, []);
  }
});

test("decisions.csv has what was decided before and what is pending, by house, and no formula", () => {
  const before = {
    building_id: "=1+1",
    area_id: OTHER,
    kind: "move",
    decided_by: "A",
    decided_on: "2026-01-02",
    note: 'so "it" is',
  };
  const decisions = open({ decided: { decisions: [before] } });
  decisions.write({ by: "B" });
  decisions.accept(get(decisions, PROPOSED));
  decisions.move(get(decisions, "n1"), get(decisions, REGISTERED));
  const lines = decisionsCsv(decisions).replace("\ufeff", "").trimEnd().split("\r\n");
  const { on } = decisions.entries[0];
  assert.deepEqual(lines, [
    '"building_id","area_id","kind","decided_by","decided_on","note"',
    `"'=1+1","${OTHER}","move","A","2026-01-02","so ""it"" is"`,
    `"n1","${REGISTERED}","move","B","${on}",""`,
    `"p1","${PROPOSED}","accept","B","${on}",""`,
    `"p2","${PROPOSED}","accept","B","${on}",""`,
  ]);
});

test("boundaries.geojson has closed rings, counter-clockwise, and keeps those drawn before", () => {
  const kept = { type: "Feature", properties: { area_id: OTHER }, geometry: null };
  const decisions = open({ decided: { boundaries: [kept] } });
  const clockwise = [
    [121, 38],
    [121, 39],
    [122, 39],
  ];
  decisions.draw(get(decisions, "n1"), null, clockwise);
  const { features } = JSON.parse(boundariesGeojson(decisions));
  assert.deepEqual(features[0], kept);
  assert.deepEqual(features[1].geometry.coordinates, [
    [
      [122, 39],
      [121, 39],
      [121, 38],
      [122, 39],
    ],
  ]);
  assert.equal(features[1].properties.area_id, "210203001001008");
});
