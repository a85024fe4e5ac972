import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import "./page.js";

const { Links } = await import("../../../../pipeline/publish/webmap/js/tools/links.js");

const AREAS = [
  { area_id: "210203001001001", name: "胜利" },
  { area_id: "210203001001002", name: "长江" },
];
const KNOWN = {
  subdistrict: ["210203001"],
  community: [],
  manager: ["某某, 物业/公司"],
  mode: ["market"],
  gapKind: ["contested"],
};

const page = () => {
  const store = {
    tools: [],
    language: "zh",
    hidden: new Set(),
    shown: new Set(),
    fire: () => {},
    selected: null,
    here: null,
    isComplete: true,
    box: [0.8, 0.3, 0.9, 0.4],
    areas: AREAS,
    gaps: [{ gap_id: "G-1" }],
    areaById: new Map(AREAS.map((area) => [area.area_id, area])),
    buildingById: new Map(),
    compoundById: new Map(),
    subdistrictByCode: new Map(),
    statuses: () => ["served", "paper_only", "gap"],
    known: (name, value) => KNOWN[name].includes(value),
    speak: (language) => (store.language = language),
    set: (choice) => Object.assign(store, choice),
    select: (kind, record) => (store.selected = record ? { kind, record } : null),
    look: (box) => (store.here = box && { box }),
    subdistrict: "",
    community: "",
    manager: "",
    mode: "",
    gapKind: "",
  };
  const map = {
    at: [38.9, 121.6],
    zoom: 12,
    options: { maxBounds: { contains: ([lat]) => lat > 38 && lat < 40 } },
    getMinZoom: () => 10,
    getMaxZoom: () => 20,
    getZoom: () => map.zoom,
    getCenter: () => ({ lat: map.at[0], lng: map.at[1] }),
    project: ({ lat, lng }) => ({
      distanceTo: ({ of: [a, b] }) => 1e5 * Math.hypot(lat - a, lng - b),
      of: [lat, lng],
    }),
    fitBounds: () => Object.assign(map, { at: [38.9, 121.6], zoom: 12 }),
    setView: ({ lat, lng }, zoom) => Object.assign(map, { at: [lat, lng], zoom }),
    getBounds: () => ({
      getNorthWest: () => ({ lat: 39, lng: 121 }),
      getSouthEast: () => ({ lat: 38.8, lng: 122 }),
    }),
  };
  store.home = { center: map.getCenter(), zoom: map.getZoom() };
  const links = new Links(store);
  links.map = map;
  return {
    store,
    map,
    links,
    open: (hash) => {
      location.hash = hash;
      return links.open();
    },
  };
};

beforeEach(() => (location.hash = ""));

test("a page that was just opened has nothing to say", () => {
  const { links, open } = page();
  assert.equal(open(""), false);
  assert.equal(links.text(), "");
});

test("what is chosen is said, and a page opened with it says the same", () => {
  const hash =
    "#area=210203001001002&lang=en&subdistrict=210203001&manager=%E6%9F%90%E6%9F%90,%20%E7%89%A9%E4%B8%9A/%E5%85%AC%E5%8F%B8" +
    "&mode=market&kind=contested&status=served,gap&layers=communities&scope=view&view=17.5/38.950000/121.650000";
  const { store, links, open } = page();
  assert.equal(open(hash), true);
  assert.equal(store.selected.record, AREAS[1]);
  assert.equal(store.manager, KNOWN.manager[0]);
  assert.deepEqual([...store.hidden], ["paper_only"]);
  assert.deepEqual([...store.shown], ["communities"]);
  assert.equal(links.text(), hash.slice(1));
});

test("all statuses hidden is said as none", () => {
  const { store, links, open } = page();
  open("#status=none");
  assert.deepEqual([...store.hidden], ["served", "paper_only", "gap"]);
  assert.equal(links.text(), "status=none");
});

for (const hash of [
  "#area=210203009009009",
  "#gap=G-2",
  "#lang=xx",
  "#subdistrict=1&manager=nobody&mode=fast&kind=nothing",
  "#status=broken",
  "#layers=everything",
  "#view=99/38.9/121.6",
  "#view=12/89/121.6",
  "#view=12/38.9",
  "#view=12/20/121.6",
  "#__proto__=1&constructor=2",
  "#%E0%A4%A",
]) {
  test(`what the page does not know is left aside: ${hash}`, () => {
    const { links, open } = page();
    assert.equal(open(hash), false);
    assert.equal(links.text(), "");
  });
}
