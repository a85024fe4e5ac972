"use strict";
// What the page knows and what the user has chosen. Emits "change" (filters), "view" (what of it is counted), "language", "select",
// and once each "facts" and "reasons", when there is more to say.
PM.STATUSES = ["served", "paper_only", "unsigned", "registered", "proposed", "gap"];

// Of a building: that of its area, or one that says why it has none.
PM.BUILDING_STATUSES = [...PM.STATUSES, "elsewhere", "other"];

PM.Store = class extends L.Evented {
  // Opens as soon as the first picture can be drawn; `complete` does the rest.
  static async open() {
    const words = JSON.parse(document.getElementById("strings").textContent);
    if (!window.DecompressionStream || !Array.prototype.findLast) {
      document.body.prepend(PM.h("p", { class: "sorry", role: "alert" }, words.zh.old_browser, " ", words.en.old_browser));
      throw new Error(words.en.old_browser);
    }
    return (window.store = new PM.Store(await PM.unpack("picture"), words));
  }

  constructor(block, strings) {
    super();
    this.strings = strings;
    this.language = "zh";
    this.district = block.head.district;
    this.declared = block.head.declared;
    this.tables = {};
    for (const [name, spec] of Object.entries(block.head.tables)) this.tables[name] = new PM.Table(block, spec);
    for (const [name, spec] of Object.entries(block.head.tables)) this.tables[name].add(block, spec.columns, this.tables);
    for (const name of ["areas", "gaps", "subdistricts", "compounds"]) this[name] = this.tables[name].all();
    for (const name of ["communities", "reconciliation"]) this[name] = [];
    this.buildings = this.tables.buildings;
    this.buildingById = { get: (id) => this.buildings.at(this.buildings.columns.building_id?.find(id) ?? NaN) };
    this.areaById = new Map(this.areas.map((area) => [area.area_id, area]));
    this.subdistrictByCode = new Map(this.subdistricts.map((s) => [s.subdistrict_code, s]));
    this.compoundById = new Map(this.compounds.map((c) => [c.compound_id, c]));
    this.communityByCode = new Map();
    this.tables.areas.derive("why", (i) => this.why(i));
    this.sort();
    this.grounds = this.gaps.filter((gap) => gap.kind === "uncovered_ground");
    this.contested = this.gaps.filter((gap) => gap.kind === "contested" && gap.shape === "polygon").map((gap) => [gap, gap.box]);
    this.gapsByArea = groupBy(this.gaps, (gap) => gap.area_id);
    this.hasService = this.areas.some((area) => area.status === "served" || area.status === "paper_only");
    this.commonCode = commonStart(this.areas.map((area) => area.area_id));
    const codes = new Set([...this.subdistrictByCode.keys(), ...this.areas.map((area) => area.subdistrict_code)]);
    codes.delete(null);
    codes.delete(undefined);
    this.subdistrictCodes = [...codes].sort();
    const { barriers } = this.tables;
    this.hasRailway = Array.from({ length: barriers.length }).some((_, i) => barriers.value("class", i) === "railway");
    this.hasOther = this.status.includes(PM.BUILDING_STATUSES.indexOf("other"));
    this.hidden = new Set(); // statuses
    for (const name of PM.FILTERS) this[name] = "";
    this.here = null; // what is in view, where the summary follows the view
    this.regroup();
    this.selected = null;
    this.tools = []; // buttons on the map: {key, path, act, isOn}
    this.lists = []; // sections of the panel besides its own: functions of the store that give elements
    this.tool = ""; // what has the map's clicks and keys
    const home = this.subdistricts.length ? this.tables.subdistricts : this.buildings.length ? this.buildings : this.tables.areas;
    this.box = home.shapes.whole();
  }

  // The rest of the columns; emits "facts" when they are there.
  async complete() {
    if (document.readyState === "loading") await new Promise((parsed) => addEventListener("DOMContentLoaded", parsed, { once: true }));
    const block = await PM.unpack("facts");
    for (const [name, spec] of Object.entries(block.head.tables)) {
      this.tables[name] ??= new PM.Table(block, spec);
      this.tables[name].add(block, spec.columns, this.tables);
    }
    this.decided = PM.values(block, block.head.decided);
    this.communities = this.tables.communities.all();
    this.reconciliation = this.tables.reconciliation.all();
    this.communityByCode = new Map(this.communities.map((c) => [c.community_code, c]));
    this.regroup();
    this.pinyin = PM.values(block, block.head.pinyin);
    this.isComplete = true;
    this.fire("facts");
  }

  // The status of every building, as its position in BUILDING_STATUSES.
  sort() {
    const { buildings } = this;
    const code = Object.fromEntries(PM.BUILDING_STATUSES.map((status, i) => [status, i]));
    const ofArea = (this.areaStatus = Uint8Array.from(this.areas, (area) => code[area.status]));
    const residential = (text) => text === "residential";
    const { use } = buildings.columns;
    this.status = new Uint8Array(buildings.length);
    for (let i = 0; i < buildings.length; i++) {
      const area = buildings.linked("area_id", i);
      if (!residential(use.at(i))) this.status[i] = code.other;
      else if (area >= 0) this.status[i] = ofArea[area];
      else this.status[i] = buildings.columns.compound_id?.numbers[i] ? code.elsewhere : code.gap;
    }
    buildings.derive("status", (i) => PM.BUILDING_STATUSES[this.status[i]]);
  }

  // What filters and counts are of; made again when more columns are there.
  regroup() {
    this.groups = new PM.Groups(this);
    this.chosen = this.leaves();
    if (this.here) this.here.counts = this.groups.countsIn(this.buildings.shapes, this.here.box);
    this.subdistrictCounts = this.bySubdistrict();
  }

  // Why an area is one. Who asks first is told nothing yet: the reasons are unpacked for him, and "reasons" says when they are there.
  why(i) {
    if (!this.reasons) this.explain();
    return this.reasons?.of(i) ?? null;
  }

  async explain() {
    this.explaining ??= PM.unpack("reasons");
    this.reasons = new PM.Reasons(await this.explaining, this.areas);
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

  number(value, digits = 0) {
    const key = `${this.language} ${digits}`;
    this.formats ??= {};
    this.formats[key] ??= new Intl.NumberFormat(this.language === "zh" ? "zh-CN" : "en", { maximumFractionDigits: digits });
    return this.formats[key].format(value);
  }

  share(part, whole) {
    return whole ? `${((100 * part) / whole).toFixed(1)}%` : "–";
  }

  subdistrictName(code) {
    return this.subdistrictByCode.get(code)?.name ?? code;
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

  // ---- choices: js/choices.js has the filters, and what they leave

  speak(language) {
    this.language = language;
    this.fire("language");
  }

  // Gives the map to a tool, which takes it from any other; "": to nobody.
  use(tool) {
    this.tool = tool;
    this.fire("tools");
  }

  // kind: area, building, gap or compound. at: where to open the popup, if not at its own place. move: bring it into view.
  select(kind, record, { at = null, move = false } = {}) {
    this.selected = record ? { kind, record } : null;
    this.fire("select", { kind, record, at, move });
  }
};

function groupBy(items, key) {
  const groups = new Map();
  for (const item of items) {
    if (!groups.has(key(item))) groups.set(key(item), []);
    groups.get(key(item)).push(item);
  }
  return groups;
}

// How much codes begin alike: as much as the first and the last of them, as they come in order.
function commonStart(codes) {
  const [first, last] = [codes[0], codes.at(-1)];
  let length = 0;
  while (codes.length > 1 && length < first.length && first[length] === last[length]) length++;
  return length;
}
