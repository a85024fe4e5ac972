import assert from "node:assert/strict";
import { test } from "node:test";
import { PlainTable } from "./page.js";

const { BUILDING_STATUSES } = await import("../../../../pipeline/publish/webmap/js/data/declared.js");
const { Choices } = await import("../../../../pipeline/publish/webmap/js/data/choices.js");
const { Groups } = await import("../../../../pipeline/publish/webmap/js/data/groups.js");
const { KindSets } = await import("../../../../pipeline/publish/webmap/js/data/kinds.js");

// A district with one area for each kind of gap, and one with all of them; as many houses without an area; and one without any gap.
const district = (kinds) => {
  const codes = [...kinds, "all", "none"];
  const areas = new PlainTable(
    codes.map((kind) => ({ area_id: `A ${kind}`, subdistrict_code: "S1", manager: `of ${kind}` })),
  );
  const buildings = new PlainTable(
    codes.flatMap((kind) => [
      { building_id: `in ${kind}`, area_id: `A ${kind}`, subdistrict_code: "S1" },
      { building_id: `out ${kind}`, area_id: null, subdistrict_code: kind === "all" ? "S2" : "S1" },
    ]),
    { area_id: areas },
  );
  const about = (kind, whose) => [
    { kind, area_id: `A ${whose}`, building_id: null, subdistrict_code: "S1" },
    { kind, area_id: null, building_id: `out ${whose}`, subdistrict_code: "S1" },
  ];
  const gaps = new PlainTable(
    kinds.flatMap((kind) => [...about(kind, kind), ...about(kind, "all")]),
    { area_id: areas, building_id: buildings },
  );
  const tables = { areas, buildings, gaps, compounds: new PlainTable([]) };
  const gap = BUILDING_STATUSES.indexOf("gap");
  const status = buildings.rows.map(({ area_id: area }) => (area ? 0 : gap));
  const areaStatus = areas.rows.map(() => 0);
  const store = new Choices();
  Object.assign(store, { tables, buildings, areas: areas.rows, gaps: gaps.rows, status, areaStatus });
  store.groups = new Groups(store);
  store.chosen = store.leaves();
  return store;
};

const left = (store) => {
  const isVisible = store.visibleBuildings();
  return store.buildings.rows.filter((_, i) => isVisible(i)).map(({ building_id: id }) => id);
};

for (const n of [1, 9, 10, 31, 32, 33, 40]) {
  test(`with ${n} kinds of gap each filter leaves what has a gap of its kind, and nothing else`, () => {
    const kinds = Array.from({ length: n }, (_, i) => `kind_${i}`);
    const store = district(kinds);
    for (const kind of kinds) {
      store.set({ gapKind: kind });
      assert.deepEqual(left(store).sort(), ["in all", `in ${kind}`, "out all", `out ${kind}`].sort());
      assert.equal(store.gaps.filter((gap) => store.gapChosen(gap)).length, 4);
    }
    store.set({ gapKind: "" });
    assert.equal(left(store).length, 2 * (n + 2));
    assert.deepEqual(
      store.offers().gapKind,
      kinds.map((kind) => [kind, 4]),
    );
  });
}

test("a kind of gap that is not declared is offered behind those that are", () => {
  const store = district(["brand_new", "contested", "uncovered_ground"]);
  assert.deepEqual(
    store.offers().gapKind.map(([kind]) => kind),
    ["uncovered_ground", "contested", "brand_new"],
  );
});

test("filters hold together, and what would leave nothing is not offered", () => {
  const store = district(["a", "b"]);
  store.set({ gapKind: "a", subdistrict: "S2" });
  assert.deepEqual(left(store), ["out all"]);
  assert.deepEqual(
    store.offers().gapKind.map(([kind]) => kind),
    ["a", "b"],
  );
  store.clear();
  store.set({ manager: "of a" });
  assert.deepEqual(
    store.offers().gapKind.map(([kind]) => kind),
    ["a"],
  );
});

test("counts follow the filters", () => {
  const store = district(["a", "b"]);
  store.hasService = true;
  store.grounds = [];
  assert.equal(store.summary().counts.served.buildings, 4);
  assert.equal(store.summary().counts.gap.buildings, 4);
  store.set({ gapKind: "a" });
  assert.deepEqual(store.summary().counts.served, { buildings: 2, areas: 2 });
  assert.equal(store.summary().concerned, 4);
});

test("groups beyond what a number can tell apart are refused", () => {
  const store = district(["a"]);
  for (const name of ["subdistrict_code", "community_code"])
    store.buildings.columns[name] = { ...store.buildings.columns[name], numbers: undefined, most: 2 ** 27 };
  assert.throws(() => new Groups(store), RangeError);
});

test("a set of kinds has one number, however it came about", () => {
  const sets = new KindSets();
  const [a, b] = [sets.of(["a"]), sets.of(["b"])];
  assert.equal(sets.union(a, b), sets.of(["b", "a", "b"]));
  assert.equal(sets.union(0, a), a);
  assert.equal(sets.union(a, 0), a);
  assert.equal(sets.union(sets.union(a, b), a), sets.union(b, a));
  assert.deepEqual(sets.having("b"), [false, false, true, true]);
});
