"use strict";
// What the page knows and what the user has chosen. Emits "change" (filters), "language", "select", and once
// each "facts" and "reasons", when there is more to say.
PM.STATUSES = ["served", "paper_only", "unsigned", "registered", "proposed", "gap"];

// Of a building: that of its area, or one that says why it has none.
PM.BUILDING_STATUSES = [...PM.STATUSES, "elsewhere", "other"];

PM.Store = class extends L.Evented {
  // Opens as soon as the first picture can be drawn; `complete` does the rest.
  static async open() {
    const words = JSON.parse(document.getElementById("strings").textContent);
    if (!window.DecompressionStream) {
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
    this.count();
    this.gapsByArea = groupBy(this.gaps, (gap) => gap.area_id);
    this.hasService = this.areas.some((area) => area.status === "served" || area.status === "paper_only");
    this.commonCode = commonStart(this.areas.map((area) => area.area_id));
    const codes = new Set([...this.subdistrictByCode.keys(), ...this.areas.map((area) => area.subdistrict_code)]);
    codes.delete(null);
    codes.delete(undefined);
    this.subdistrictCodes = [...codes].sort();
    this.managers = [...new Set(this.areas.map((area) => area.manager).filter(Boolean))].sort((a, b) => a.localeCompare(b, "zh"));
    this.hidden = new Set();
    this.subdistrict = "";
    this.manager = "";
    this.gapKind = "";
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

  // How many buildings of each status there are, once for all: by subdistrict; and what filters ask for: by area, and by
  // subdistrict of those that no area answers for.
  count() {
    const { buildings, status, compounds } = this;
    const none = () => new Uint32Array(PM.BUILDING_STATUSES.length);
    const [elsewhere, other] = ["elsewhere", "other"].map((name) => PM.BUILDING_STATUSES.indexOf(name));
    const subdistricts = buildings.columns.subdistrict_code;
    const numbers = subdistricts?.numbers ?? new Uint8Array(buildings.length);
    this.bySubdistrict = [];
    this.loose = [];
    this.byArea = new Uint32Array(this.areas.length);
    for (let i = 0; i < buildings.length; i++) {
      const at = numbers[i];
      const here = (this.bySubdistrict[at] ??= { code: subdistricts?.at(i) ?? null, n: none() });
      here.n[status[i]] += 1;
      const area = buildings.linked("area_id", i);
      if (area >= 0 && status[i] < elsewhere) this.byArea[area] += 1;
      else (this.loose[at] ??= { code: here.code, n: none() }).n[status[i]] += 1;
      const compound = status[i] === other ? -1 : buildings.linked("compound_id", i);
      if (compound >= 0) compounds[compound].subdistrict_code ??= here.code;
    }
    this.contested = this.gaps.filter((gap) => gap.kind === "contested" && gap.shape === "polygon").map((gap) => [gap, gap.box]);
    const { barriers } = this.tables;
    this.hasRailway = Array.from({ length: barriers.length }).some((_, i) => barriers.value("class", i) === "railway");
    this.hasOther = status.includes(other);
  }

  // Why an area is one: [how sure, [sentence, …], [[neighbour, how sure, [sentence, …]], …]] by name. Who asks first is told
  // nothing yet: the reasons are unpacked for him, and "reasons" says when they are there.
  why(i) {
    if (!this.reasons) this.explain();
    const packed = this.reasons?.areas[i];
    if (!packed) return null;
    const [confidence, holds, borders] = packed;
    return { confidence, holds, cuts: borders.map(([at, confidence, reasons]) => ({ neighbour: this.areas[at], confidence, reasons })) };
  }

  async explain() {
    this.explaining ??= PM.unpack("reasons");
    this.reasons = (await this.explaining).head;
    this.fire("reasons");
  }

  // ---- words

  sentence(id) {
    return this.reasons[this.language][id];
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

  // ---- choices

  set(choice) {
    Object.assign(this, choice);
    this.fire("change");
  }

  toggle(status) {
    if (!this.hidden.delete(status)) this.hidden.add(status);
    this.fire("change");
  }

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

  // ---- what the choices leave

  inFilter(record) {
    return !this.subdistrict || (record.subdistrict_code ?? this.subdistrict) === this.subdistrict;
  }

  areaChosen(area) {
    return this.inFilter(area) && (!this.manager || area.manager === this.manager);
  }

  areaVisible(area) {
    return !this.hidden.has(area.status) && this.areaChosen(area);
  }

  // A test for buildings, by their positions: does the choice leave it to be seen?
  visibleBuildings() {
    const { buildings, status } = this;
    const elsewhere = PM.BUILDING_STATUSES.indexOf("elsewhere");
    const shown = PM.BUILDING_STATUSES.map((name) => !this.hidden.has(name));
    if (!this.subdistrict && !this.manager) return (i) => shown[status[i]];
    const chosen = Uint8Array.from(this.areas, (area) => this.areaChosen(area));
    const subdistricts = buildings.columns.subdistrict_code;
    const here = (i) => !this.subdistrict || (subdistricts?.at(i) ?? this.subdistrict) === this.subdistrict;
    return (i) => {
      if (!shown[status[i]]) return false;
      if (status[i] >= elsewhere) return here(i);
      const area = buildings.linked("area_id", i);
      return area >= 0 ? chosen[area] === 1 : !this.manager && here(i);
    };
  }

  gapChosen(gap) {
    if (!this.subdistrict && !this.manager) return true;
    const area = this.areas[this.tables.gaps.linked("area_id", gap.i)];
    return area ? this.areaChosen(area) : !this.manager && this.inFilter(gap);
  }

  // Counts of what is chosen, hidden statuses included: {counts: {served: {buildings, areas}, …, elsewhere: {…}}, concerned}.
  summary() {
    const counts = noCounts();
    this.areas.forEach((area, i) => {
      if (!this.areaChosen(area)) return;
      const count = counts[PM.BUILDING_STATUSES[this.areaStatus[i]]];
      count.areas += 1;
      count.buildings += this.byArea[i];
    });
    for (const { code, n } of this.loose.filter(Boolean)) {
      if (this.subdistrict && (code ?? this.subdistrict) !== this.subdistrict) continue;
      PM.BUILDING_STATUSES.forEach((status, i) => {
        if (status !== "gap" || !this.manager) counts[status].buildings += n[i];
      });
    }
    for (const gap of this.gaps) if (gap.kind === "uncovered_ground" && this.gapChosen(gap)) counts.gap.areas += 1;
    return { counts, concerned: concerned(counts) };
  }

  // Buildings of each subdistrict, whatever is chosen: code → {counts, concerned}.
  get subdistrictCounts() {
    if (this._subdistrictCounts) return this._subdistrictCounts;
    const all = new Map(this.subdistrictCodes.map((code) => [code, noCounts()]));
    for (const { code, n } of this.bySubdistrict.filter(Boolean)) {
      if (all.has(code)) PM.BUILDING_STATUSES.forEach((status, i) => (all.get(code)[status].buildings += n[i]));
    }
    return (this._subdistrictCounts = new Map([...all].map(([code, counts]) => [code, { counts, concerned: concerned(counts) }])));
  }

  // The statuses worth a card: of areas, those there are; where service is known, served and signed in any case.
  statuses() {
    const present = new Set(this.areas.map((area) => area.status));
    const always = this.hasService ? ["served", "paper_only", "gap"] : ["gap"];
    return PM.STATUSES.filter((status) => always.includes(status) || present.has(status));
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

function commonStart(codes) {
  let length = 0;
  while (codes.length > 1 && length < codes[0].length && codes.every((code) => code[length] === codes[0][length])) length++;
  return length;
}

const noCounts = () => Object.fromEntries(PM.BUILDING_STATUSES.map((status) => [status, { buildings: 0, areas: 0 }]));
const concerned = (counts) => PM.STATUSES.reduce((sum, status) => sum + counts[status].buildings, 0);
