// What the choices leave of the areas, buildings and gaps, and how many: of the whole district, or of what is
// in view.

import { BUILDING_STATUSES, STATUSES, VALUES } from "./declared.js";
import { FACETS } from "./groups.js";

// Those that are declared in the order in which they are, others behind them.
const inOrder = (values, declared) => [
  ...declared.filter((value) => values.includes(value)),
  ...values.filter((value) => !declared.includes(value)),
];

export const FILTERS = [...Object.keys(FACETS), "gapKind"];
const noCounts = () =>
  Object.fromEntries(BUILDING_STATUSES.map((status) => [status, { buildings: 0, areas: 0 }]));
const concerned = (counts) => STATUSES.reduce((sum, status) => sum + counts[status].buildings, 0);
const OF_AREA = 2; // a gap whose shape is that of its area
const ELSEWHERE = BUILDING_STATUSES.indexOf("elsewhere");

// Of a gap's own place or its building's; null where it has only its area's, or none.
const middle = (gap, shapeOf) => {
  const [left, top, right, bottom] = shapeOf === OF_AREA ? [NaN] : gap.box;
  return Number.isFinite(left) ? [(left + right) / 2, (top + bottom) / 2] : null;
};

// The part of the store that filters and counts.
export class Choices extends L.Evented {
  // What the store has, and these choices are made of.

  /** @type {Record<string, import("./table.js").Table>} */
  tables;
  /** @type {import("./table.js").Table} */
  buildings;
  /** @type {any[]} */
  areas;
  /** @type {any[]} */
  gaps;
  /** Gaps that are ground. @type {any[]} */
  grounds;
  /** @type {string[]} */
  gapKinds;
  /** @type {string[]} */
  areaStatuses;
  /** Whether it is known what is delivered. */
  hasService = false;
  /** @type {string[]} */
  subdistrictCodes;
  /** Of each building, as its position in BUILDING_STATUSES. @type {Uint8Array} */
  status;
  /** @type {import("./groups.js").Groups} */
  groups;

  // What is chosen.

  /** Statuses that are not shown. @type {Set<string>} */
  hidden = new Set();
  /** What is in view, where the summary follows the view. @type {{box: number[], counts: Uint32Array} | null} */
  here = null;
  /** 1 for each group that the filters leave. @type {Uint8Array} */
  chosen;
  subdistrict = "";
  community = "";
  manager = "";
  mode = "";
  gapKind = "";
  /** Of each gap, made when it is first asked for. @type {(number[] | null)[] | null} */
  gapMiddles = null;

  // ---- choosing

  set(choice) {
    Object.assign(this, choice);
    const isOutside =
      this.subdistrict && !this.groups.subdistrictsOf.get(this.community)?.has(this.subdistrict);
    if (isOutside || ("subdistrict" in choice && !("community" in choice))) this.community = "";
    this.chosen = this.leaves();
    this.fire("change");
  }

  toggle(status) {
    if (!this.hidden.delete(status)) this.hidden.add(status);
    this.set({});
  }

  isFiltered() {
    return this.hidden.size > 0 || FILTERS.some((name) => this[name]);
  }

  // Whether the summary and the lists are of less than the whole district.
  isNarrowed() {
    return Boolean(this.here) || this.isFiltered();
  }

  clear() {
    this.hidden.clear();
    this.set(Object.fromEntries(FILTERS.map((name) => [name, ""])));
  }

  // What may be chosen by a name of FILTERS.
  known(name, value) {
    if (name === "gapKind") return this.gapKinds.includes(value);
    return this.groups.known[name].has(value);
  }

  // ---- what is left

  // Of each group, how many filters leave it out, those of the statuses not counted; except: filters that do
  // not count.
  misses(...except) {
    const { groups } = this;
    const misses = new Uint8Array(groups.status.length);
    for (const name of Object.keys(FACETS)) {
      if (!this[name] || except.includes(name)) continue;
      const wanted = groups.known[name].get(this[name]) ?? NaN;
      const isPlace = name === "subdistrict" || name === "community";
      // What has a manager of its own and what is no home has only a place.
      groups.of[name].forEach((value, i) => {
        if (value !== wanted && (isPlace || groups.status[i] < ELSEWHERE)) misses[i] += 1;
      });
    }
    if (this.gapKind && !except.includes("gapKind")) {
      const isOfKind = groups.kindSets.having(this.gapKind);
      groups.kinds.forEach((kinds, i) => {
        if (!isOfKind[kinds] && groups.status[i] < ELSEWHERE) misses[i] += 1;
      });
    }
    return misses;
  }

  // 1 for each group that the filters leave.
  leaves(...except) {
    return this.misses(...except).map((misses) => (misses ? 0 : 1));
  }

  areaChosen(area) {
    return this.chosen[area.i] === 1;
  }

  areaVisible(area) {
    return this.areaChosen(area) && !this.hidden.has(area.status);
  }

  // A test for buildings, by their positions: does the choice leave it to be seen?
  visibleBuildings() {
    const { status, chosen, groups } = this;
    const shown = BUILDING_STATUSES.map((name) => !this.hidden.has(name));
    if (!FILTERS.some((name) => this[name])) return (i) => shown[status[i]];
    return (i) => shown[status[i]] && chosen[groups.ofBuilding[i]] === 1;
  }

  gapChosen(gap) {
    return this.chosen[this.groups.ofGap[gap.i]] === 1 && (!this.gapKind || gap.kind === this.gapKind);
  }

  // A test for gaps: do the other choices leave it, hidden statuses too, whatever its kind?
  gapLeft() {
    const { groups } = this;
    const left = this.leaves("gapKind");
    const shown = BUILDING_STATUSES.map((name) => !this.hidden.has(name));
    return (gap) => left[groups.ofGap[gap.i]] === 1 && shown[groups.status[groups.ofGap[gap.i]]];
  }

  gapVisible(gap) {
    return (
      this.gapChosen(gap) && !this.hidden.has(BUILDING_STATUSES[this.groups.status[this.groups.ofGap[gap.i]]])
    );
  }

  inFilter(compound) {
    const group = this.groups.ofCompound[compound.i];
    return group < 0 || this.chosen[group] === 1;
  }

  // ---- what is in view

  // From now on the summary, the lists and the table are of this box of world coordinates; null: of the whole
  // district.
  look(box) {
    this.here = box && { box, counts: this.groups.countsIn(this.buildings.shapes, box) };
    this.fire("view");
  }

  isIn(place) {
    const [left, top, right, bottom] = this.here.box;
    return Boolean(place) && place[0] >= left && place[0] <= right && place[1] >= top && place[1] <= bottom;
  }

  // An area is in view with one of its buildings, or with the place of its name.
  areaHere(area) {
    return !this.here || this.here.counts[area.i] > 0 || this.isIn(area.label);
  }

  // A gap is in view with the middle of its own place or its building's; one of an area with the area.
  gapHere(gap) {
    if (!this.here) return true;
    this.gapMiddles ??= this.gaps.map((each) => middle(each, this.tables.gaps.shapeOf[each.i]));
    if (this.gapMiddles[gap.i]) return this.isIn(this.gapMiddles[gap.i]);
    const area = this.areas[this.tables.gaps.linked("area_id", gap.i)];
    return Boolean(area) && this.areaHere(area);
  }

  // A test for buildings, by their positions: does the middle lie in view?
  buildingsHere() {
    if (!this.here) return () => true;
    const isHere = new Uint8Array(this.buildings.length);
    this.buildings.shapes.middles(this.here.box, (i) => {
      isHere[i] = 1;
    });
    return (i) => isHere[i] === 1;
  }

  // ---- how many

  // Counts of what is chosen, hidden statuses included: {counts: {served: {buildings, areas}, …, elsewhere:
  // {…}}, concerned}. here: of what is in view, where that was asked for; else of the whole district.
  summary(here = null) {
    const { groups, chosen } = this; // both are made anew with every choice
    if (this.summed?.chosen === chosen && this.summed.here === here) return this.summed;
    const buildings = here?.counts ?? groups.counts;
    // other managers' buildings are no answer to these
    const ofAll = !this.manager && !this.mode && !this.gapKind;
    const counts = noCounts();
    groups.status.forEach((status, i) => {
      if (!chosen[i] || (status === ELSEWHERE && !ofAll)) return;
      const count = counts[BUILDING_STATUSES[status]];
      count.buildings += buildings[i];
      if (i < groups.areas && (!here || this.areaHere(this.areas[i]))) count.areas += 1;
    });
    for (const gap of this.grounds)
      if (this.gapChosen(gap) && (!here || this.gapHere(gap))) counts.gap.areas += 1;
    return (this.summed = { chosen, here, counts, concerned: concerned(counts) });
  }

  // The same of the buildings of each subdistrict: code → {counts, concerned}; kept: groups to count, all if
  // not given.
  bySubdistrict(buildings = this.groups.counts, kept = null) {
    const { groups } = this;
    const all = new Map(this.subdistrictCodes.map((code) => [code, noCounts()]));
    groups.status.forEach((status, i) => {
      if (kept && !kept[i]) return;
      const counts = all.get(groups.values.subdistrict[groups.of.subdistrict[i]]);
      if (counts) counts[BUILDING_STATUSES[status]].buildings += buildings[i];
    });
    return new Map([...all].map(([code, counts]) => [code, { counts, concerned: concerned(counts) }]));
  }

  // What each filter offers while the others hold: {name: [[value, how many], …]}: buildings, or gaps of a
  // kind. What would leave nothing is not offered, unless it is what is chosen.
  offers() {
    const { groups, gaps } = this;
    const misses = this.misses();
    const shown = groups.status.map((status) => !this.hidden.has(BUILDING_STATUSES[status]));
    const ofAreas = groups.status.map((status) => status < ELSEWHERE);
    const offers = {};
    for (const name of Object.keys(FACETS)) {
      const counts = groups.values[name].map(() => 0);
      const there = groups.values[name].map((value) => value === this[name]);
      const wanted = this[name] ? (groups.known[name].get(this[name]) ?? NaN) : null;
      // whoever chooses one gives up the community
      const missing = name === "subdistrict" ? this.misses("community") : misses;
      groups.of[name].forEach((value, i) => {
        if (
          value < 0 ||
          !shown[i] ||
          !ofAreas[i] ||
          missing[i] > (wanted === null || wanted === value ? 0 : 1)
        )
          return;
        there[value] = true;
        counts[value] += groups.counts[i];
      });
      offers[name] = groups.values[name]
        .map((value, i) => [value, counts[i], there[i]])
        .filter(([, , isThere]) => isThere)
        .map(([value, n]) => [value, n]);
    }
    const isOfKind = groups.kindSets.having(this.gapKind);
    const kinds = new Map(this.gapKind ? [[this.gapKind, 0]] : []);
    for (const gap of gaps) {
      const group = groups.ofGap[gap.i];
      const isOther = this.gapKind && ofAreas[group] && !isOfKind[groups.kinds[group]];
      if (shown[group] && misses[group] === (isOther ? 1 : 0))
        kinds.set(gap.kind, (kinds.get(gap.kind) ?? 0) + 1);
    }
    offers.gapKind = inOrder([...kinds.keys()], VALUES["gaps.kind"]).map((kind) => [kind, kinds.get(kind)]);
    return offers;
  }

  // The statuses worth a card: of areas, those there are; where service is known, served and signed in any
  // case.
  statuses() {
    const always = this.hasService ? ["served", "paper_only", "gap"] : ["gap"];
    return STATUSES.filter((status) => always.includes(status) || this.areaStatuses.includes(status));
  }
}
