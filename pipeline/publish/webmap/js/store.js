"use strict";
// What the page knows and what the user has chosen. Emits "change" (filters), "language" and "select".
PM.STATUSES = ["served", "paper_only", "unsigned", "registered", "proposed", "gap"];

PM.Store = class extends L.Evented {
  static read(data, strings) {
    const block = (id) => JSON.parse(document.getElementById(id).textContent);
    return new PM.Store(block(data), block(strings));
  }

  constructor(data, strings) {
    super();
    this.strings = strings;
    this.language = "zh";
    this.district = data.district;
    this.declared = data.declared;
    for (const name of ["subdistricts", "communities", "areas", "buildings", "gaps", "compounds", "barriers", "land", "reconciliation"]) {
      this[name] = PM.records(data[name]);
    }
    this.areaById = new Map(this.areas.map((area) => [area.area_id, area]));
    this.buildingById = new Map(this.buildings.map((building) => [building.building_id, building]));
    this.subdistrictByCode = new Map(this.subdistricts.map((s) => [s.subdistrict_code, s]));
    this.communityByCode = new Map(this.communities.map((c) => [c.community_code, c]));
    this.compoundById = new Map(this.compounds.map((c) => [c.compound_id, c]));
    for (const building of this.buildings) {
      const compound = this.compoundById.get(building.compound_id);
      if (compound) compound.subdistrict_code ??= building.subdistrict_code;
    }
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
    const home = this.subdistricts.length ? this.subdistricts : this.buildings;
    this.box = PM.union(home.length ? home : this.areas);
  }

  // ---- words

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
    return new Intl.NumberFormat(this.language === "zh" ? "zh-CN" : "en", { maximumFractionDigits: digits }).format(value);
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

  buildingChosen(building) {
    if (building.status === "other" || building.status === "elsewhere") return this.inFilter(building);
    const area = this.areaById.get(building.area_id);
    return area ? this.areaChosen(area) : !this.manager && this.inFilter(building);
  }

  buildingVisible(building) {
    return !this.hidden.has(building.status) && this.buildingChosen(building);
  }

  gapChosen(gap) {
    const area = this.areaById.get(gap.area_id);
    return area ? this.areaChosen(area) : !this.manager && this.inFilter(gap);
  }

  // Counts of what is chosen, hidden statuses included: {served: {buildings, areas}, …, elsewhere: {…}}.
  summary({ subdistrict = null } = {}) {
    const counts = Object.fromEntries([...PM.STATUSES, "elsewhere", "other"].map((status) => [status, { buildings: 0, areas: 0 }]));
    const here = (record) => subdistrict === null || record.subdistrict_code === subdistrict;
    const chosen = subdistrict === null ? (b) => this.buildingChosen(b) : here;
    for (const building of this.buildings) if (chosen(building)) counts[building.status].buildings += 1;
    for (const area of this.areas) if (here(area) && (subdistrict !== null || this.areaChosen(area))) counts[area.status].areas += 1;
    for (const gap of this.gaps) {
      if (gap.kind === "uncovered_ground" && here(gap) && (subdistrict !== null || this.gapChosen(gap))) counts.gap.areas += 1;
    }
    const concerned = PM.STATUSES.reduce((sum, status) => sum + counts[status].buildings, 0);
    return { counts, concerned };
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
