// What the page knows and what the user has chosen. Emits "change" (filters), "view" (what of it is counted),
// "language", "select", and once each "facts" and "reasons", when there is more to say.

import { Choices, FILTERS } from "./choices.js";
import { BUILDING_STATUSES } from "./declared.js";
import { readJson, unpack } from "./decode.js";
import { groupBy } from "./group_by.js";
import { Groups } from "./groups.js";
import { DETAIL_ZOOM } from "./projection.js";
import { Reasons } from "./reasons.js";
import { Table } from "./table.js";

export class Store extends Choices {
  // Opens as soon as the first picture can be drawn; `complete` does the rest.
  static async open(strings) {
    const store = new Store(await unpack("picture"), strings);
    if (store.isNear()) await store.outline();
    return store;
  }

  // Whether a window that shows everything, beside the panel, is likely to show the walls of houses.
  isNear() {
    const [left, top, right, bottom] = this.box;
    return (
      Math.min(innerWidth / (right - left), innerHeight / (bottom - top)) > 256 * 2 ** (DETAIL_ZOOM + 0.5)
    );
  }

  constructor(block, strings) {
    super();
    this.strings = strings;
    this.language = "zh";
    this.district = block.head.district;
    this.declared = block.head.declared;
    this.missing = new Set(block.head.missing); // tables of which nothing is known
    // it is known what is in which area
    this.isPlaced = !["buildings", "membership", "areas"].some((name) => this.missing.has(name));
    if (!this.isPlaced)
      for (const words of Object.values(strings)) words["status.other"] = words["status.unplaced"];
    this.tables = {};
    for (const [name, spec] of Object.entries(block.head.tables)) this.tables[name] = new Table(block, spec);
    for (const [name, spec] of Object.entries(block.head.tables))
      this.tables[name].add(block, spec.columns, this.tables);
    this.areas = this.tables.areas.all();
    this.gaps = this.tables.gaps.all();
    this.subdistricts = this.tables.subdistricts.all();
    this.compounds = this.tables.compounds.all();
    this.communities = [];
    this.reconciliation = [];
    this.outlining = null; // once it has begun: a promise of the walls
    this.explaining = null; // … of the reasons
    this.buildings = this.tables.buildings;
    this.buildingById = {
      get: (id) => this.buildings.at(this.buildings.columns.building_id?.find(id) ?? NaN),
    };
    this.subdistrictByCode = new Map(this.subdistricts.map((s) => [s.subdistrict_code, s]));
    this.compoundById = new Map(this.compounds.map((c) => [c.compound_id, c]));
    this.communityByCode = new Map();
    this.gapKinds = this.tables.gaps.distinct("kind");
    this.tables.areas.derive("why", (i) => this.why(i));
    this.sort();
    this.grounds = this.gaps.filter((gap) => gap.kind === "uncovered_ground");
    this.areaStatuses = this.tables.areas.distinct("status");
    this.hasService = this.areaStatuses.some((status) => status === "served" || status === "paper_only");
    this.commonCode = commonStart(this.areas[0]?.area_id, this.areas.at(-1)?.area_id);
    this.subdistrictCodes = [
      ...new Set([...this.subdistrictByCode.keys(), ...this.tables.areas.distinct("subdistrict_code")]),
    ].sort();
    this.hasRailway = this.tables.barriers.distinct("class").includes("railway");
    this.hasOther = this.status.includes(BUILDING_STATUSES.indexOf("other"));
    this.regroup();
    this.selected = null;
    this.tools = []; // buttons on the map: {key, path, act, isOn}
    this.lists = []; // sections of the panel besides its own: functions of the store that give elements
    this.layers = []; // that may be turned on, where the data have them
    this.shown = new Set(); // keys of those that are
    this.overlays = {}; // what is drawn over the layers: by name functions of a tile that give steps
    // what is drawn on the map by hand, and on printed sheets: functions of the zoom that give Leaflet's
    // layers
    this.sketches = [];
    this.choosing = null; // what is being chosen on the map for a decision: it has the clicks
    this.tool = ""; // what has the map's clicks and keys
    const home = this.subdistricts.length
      ? this.tables.subdistricts
      : this.buildings.length
        ? this.buildings
        : this.tables.areas;
    this.box = home.shapes.whole();
  }

  // The walls of buildings, without which nothing can be drawn from nearby.
  outline() {
    return (this.outlining ??= parsed()
      .then(() => unpack("walls"))
      .then((block) => this.buildings.shapes.outline(block, block.head)));
  }

  // All the rest; emits "facts" when it is there.
  async complete() {
    await this.outline();
    await nextTask();
    this.buildings.shapes.unpack();
    const block = await unpack("facts");
    for (const [name, spec] of Object.entries(block.head.tables)) {
      this.tables[name] ??= new Table(block, spec);
      this.tables[name].add(block, spec.columns, this.tables);
    }
    this.decided = readJson(block, block.head.decided);
    this.releasedOn = block.head.released_on; // null where the release does not say
    this.communities = this.tables.communities.all();
    this.reconciliation = this.tables.reconciliation.all();
    this.communityByCode = new Map(this.communities.map((c) => [c.community_code, c]));
    await nextTask();
    this.regroup();
    this.pinyin = readJson(block, block.head.pinyin);
    await nextTask();
    this.isComplete = true;
    this.fire("facts");
  }

  // The status of every building, as its position in BUILDING_STATUSES.
  sort() {
    const { buildings } = this;
    const code = Object.fromEntries(BUILDING_STATUSES.map((status, i) => [status, i]));
    const ofArea = (this.areaStatus = Uint8Array.from(this.areas, (area) => code[area.status]));
    const { use, area_id: areas, compound_id: compounds } = buildings.columns;
    const isHome = [false, ...(use?.before ?? []).map((text) => text === "residential")];
    this.status = new Uint8Array(buildings.length);
    for (let i = 0; i < buildings.length; i++) {
      const area = areas ? areas.linked(i) : -1;
      if (!isHome[use?.frames.at(i) ?? 0] || !this.isPlaced) this.status[i] = code.other;
      else if (area >= 0) this.status[i] = ofArea[area];
      else this.status[i] = compounds?.numbers[i] ? code.elsewhere : code.gap;
    }
    buildings.derive("status", (i) => BUILDING_STATUSES[this.status[i]]);
  }

  // What filters and counts are of; made again when more columns are there.
  regroup() {
    this.groups = new Groups(this);
    this.gapMiddles = null;
    this.chosen = this.leaves();
    if (this.here) this.here.counts = this.groups.countsIn(this.buildings.shapes, this.here.box);
    this.subdistrictCounts = this.bySubdistrict();
  }

  // Why an area is one. Who asks first is told nothing yet: the reasons are unpacked for him, and "reasons"
  // says when they are there.
  why(i) {
    if (!this.reasons) this.explain();
    return this.reasons?.of(i) ?? null;
  }

  async explain() {
    this.explaining ??= unpack("reasons");
    this.reasons = new Reasons(await this.explaining, this.areas);
    this.fire("reasons");
  }

  // ---- words

  sentence(id) {
    return this.reasons.sentence(this.language, id);
  }

  t(key, values = {}) {
    const words = this.strings[this.language];
    const text = (values.n === "1" ? words[`${key}.one`] : null) ?? words[key] ?? key;
    return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  }

  // The column of a record that has one for each language, such as bounds_zh and bounds_en.
  own(record, name) {
    return record[`${name}_${this.language}`] ?? record[`${name}_zh`] ?? null;
  }

  // As Intl.NumberFormat writes it in both languages; that one needs 20 ms before its first number.
  number(value, digits = 0) {
    const [whole, part = ""] = value.toFixed(digits).split(".");
    const decimals = part.replace(/0+$/, "");
    return whole.replace(/\B(?=(\d{3})+$)/g, ",") + (decimals && `.${decimals}`);
  }

  share(part, whole) {
    return whole ? `${((100 * part) / whole).toFixed(1)}%` : "–";
  }

  // In English as one says it and as it stands on the sign: Rixin Subdistrict (日新街道).
  subdistrictName(code) {
    return this.placeName(this.subdistrictByCode.get(code)) ?? code;
  }

  communityName(code) {
    return this.placeName(this.communityByCode.get(code)) ?? code;
  }

  placeName(place) {
    const label = this.placeLabel(place);
    // kept: thousands of rows ask for it
    return label && label !== place.name ? (place.inBoth ??= `${label} (${place.name})`) : label;
  }

  // For the map and for notes, which have no room for both.
  subdistrictLabel(code) {
    return this.placeLabel(this.subdistrictByCode.get(code)) ?? code;
  }

  placeLabel(place) {
    return (this.language === "en" && place?.name_en) || (place?.name ?? null);
  }

  // A figure of the reconciliation has a name in words, or is called as the table calls it.
  figure(name) {
    return this.strings[this.language][`figure.${name}`] ?? name;
  }

  areaName(area) {
    return area.name || area.area_id;
  }

  // For the map: an area without a name by what tells its code from the others'.
  areaLabel(area) {
    return area.name || area.area_id.slice(Math.min(this.commonCode, area.area_id.length - 3));
  }

  buildingName(building) {
    return building.name || building.address || building.building_id;
  }

  title() {
    return this.t("title", { district: this.own(this.district, "name") });
  }

  // A value of a filter, in words.
  word(name, value) {
    if (name === "subdistrict") return this.subdistrictName(value);
    if (name === "community") return this.communityName(value);
    if (name === "mode") return this.t(`mode.${value}`);
    return name === "gapKind" ? this.t(`gap.${value}`) : value;
  }

  // What is chosen, in words; hidden statuses are told apart.
  words() {
    return FILTERS.filter((name) => this[name]).map((name) => this.word(name, this[name]));
  }

  // ---- choices: choices.js has the filters, and what they leave

  speak(language) {
    this.language = language;
    this.fire("language");
  }

  // Of layers, by their keys, those and no others.
  show(keys) {
    this.shown = new Set(keys);
    this.fire("change");
    this.fire("tools");
  }

  shownLayers() {
    return this.layers.filter(({ key }) => this.shown.has(key));
  }

  // Gives the map to a tool, which takes it from any other; "": to nobody.
  use(tool) {
    this.tool = tool;
    this.fire("tools");
  }

  // kind: area, building, gap or compound. at: where to open the popup, if not at its own place. move: bring
  // it into view.
  select(kind, record, { at = null, move = false } = {}) {
    this.selected = record ? { kind, record } : null;
    this.fire("select", { kind, record, at, move });
  }
}

// Lets the page answer before it goes on.
const nextTask = () => new Promise((done) => setTimeout(done));

// When the last block is there.
async function parsed() {
  if (document.readyState === "loading")
    await new Promise((done) => addEventListener("DOMContentLoaded", done, { once: true }));
}

// What not every page needs, and none for its first picture: made when it is first asked for.
for (const [name, make] of Object.entries({
  areaById: ({ areas }) => new Map(areas.map((area) => [area.area_id, area])),
  gapsByArea: ({ gaps }) => groupBy(gaps, (gap) => gap.area_id),
  gapBuildings: ({ status, buildings: { shapes } }) => {
    const gap = BUILDING_STATUSES.indexOf("gap");
    const found = [];
    for (let i = status.indexOf(gap); i >= 0; i = status.indexOf(gap, i + 1))
      if (shapes.has(i)) found.push(i);
    return found;
  },
  contested: ({ gaps }) =>
    gaps.filter((gap) => gap.kind === "contested" && gap.shape === "polygon").map((gap) => [gap, gap.box]),
})) {
  Object.defineProperty(Store.prototype, name, {
    get() {
      const value = make(this);
      Object.defineProperty(this, name, { value });
      return value;
    },
  });
}

// How much codes begin alike: as much as the first and the last of them, as they come in order.
function commonStart(first = "", last = "") {
  let length = 0;
  while (first !== last && length < first.length && first[length] === last[length]) length++;
  return length;
}
