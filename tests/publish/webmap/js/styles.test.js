import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import "./page.js";

const js = "../../../../pipeline/publish/webmap/js/";
const { BUILDING_STATUSES, STATUSES, VALUES } = await import(`${js}data/declared.js`);
const { GROUND, LAND, ROADS, STYLES } = await import(`${js}draw/styles.js`);
const { WORST } = await import(`${js}ui/lists.js`);

const sorted = (values) => [...values].sort();

test("every status of a building has a look on the map and a swatch in the legend", () => {
  assert.deepEqual(sorted(Object.keys(STYLES)), sorted(BUILDING_STATUSES));
  const css = readFileSync(new URL(`${js}../css/page.css`, import.meta.url), "utf8");
  for (const status of BUILDING_STATUSES)
    assert.match(css, new RegExp(`\\.swatch\\.${status}\\b|\\.${status}[ ,]`), status);
});

test("every status of an area with a home has a colour of its own", () => {
  const grounds = STATUSES.map((status) => STYLES[status].ground);
  assert.equal(new Set(grounds).size, STATUSES.length);
});

test("every kind of land is drawn", () => {
  assert.deepEqual(sorted(LAND), sorted(VALUES["land.kind"]));
  for (const kind of LAND) assert.match(GROUND[kind], /^#[0-9a-f]{6}$/);
});

test("every class of barrier is drawn: as a road, or in a way of its own", () => {
  assert.deepEqual(
    sorted([...Object.keys(ROADS), "railway", "water", "wall"]),
    sorted(VALUES["barriers.class"]),
  );
});

test("every status of an area has its place in the list of areas", () => {
  assert.deepEqual(sorted(WORST), sorted(VALUES["service.status"]));
});
