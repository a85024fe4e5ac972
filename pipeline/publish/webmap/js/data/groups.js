// Buildings in groups that a filter takes or leaves whole: those of an area, and of the others those of one
// status, place and kinds of gap. So filters and counts ask some thousands of groups, not a million
// buildings. A gap is about a group, too.

import { BUILDING_STATUSES } from "./declared.js";
import { KindSets } from "./kinds.js";

// What groups are told apart by, and the column that says it.
export const FACETS = {
  subdistrict: "subdistrict_code",
  community: "community_code",
  manager: "manager",
  mode: "mode",
};

const facets = Object.entries(FACETS);
// One number for a status, a subdistrict, a community and a set of kinds (of so many), by what rows have for
// them.
const placesOf = ({ buildings, gaps }, sets) => {
  const values = (name) =>
    1 + Math.max(0, ...[buildings, gaps].map((table) => table.columns[name]?.most ?? 0));
  const [subdistricts, communities] = [values("subdistrict_code"), values("community_code")];
  const all = (BUILDING_STATUSES.length + 1) * subdistricts * communities * sets;
  if (all > Number.MAX_SAFE_INTEGER) throw new RangeError(`${all} groups are more than can be told apart`);
  return (status, subdistrict, community, kinds) =>
    ((status * subdistricts + subdistrict) * communities + community) * sets + kinds;
};

export class Groups {
  constructor({ areaStatus, status, tables }) {
    const { areas, buildings, gaps, compounds } = tables;
    this.areas = areas.length; // the first groups: each area is one, at its position
    this.status = []; // of each group, as its position in BUILDING_STATUSES
    this.kindSets = new KindSets(); // of kinds of gaps
    this.kinds = []; // of each group, as the number of its set
    this.values = {}; // of each facet
    this.of = {}; // … and of each group the position of its value there, -1 without one
    for (const [facet] of facets) Object.assign(this.values, { [facet]: [] }) && (this.of[facet] = []);
    this.known = Object.fromEntries(facets.map(([facet]) => [facet, new Map()]));
    this.loose = new Map();
    const ofArea = this.positionsOf(areas);
    areaStatus.forEach((code, i) => this.add(code, ofArea, i));
    const kinds = new Uint32Array(gaps.length).map((_, i) => this.kindSets.of([gaps.value("kind", i)]));
    const kindsOfBuildings = this.kindsOfBuildings(tables, kinds);
    this.places = placesOf(tables, this.kindSets.length);
    this.ofBuilding = this.sort(buildings, status, kindsOfBuildings);
    this.ofGap = this.about(gaps, kinds);
    kinds.forEach((each, i) => this.gains(this.ofGap[i], each));
    this.counts = new Uint32Array(this.status.length); // buildings of each group
    for (let i = 0; i < buildings.length; i++) this.counts[this.ofBuilding[i]] += 1;
    this.ofCompound = this.compounds(compounds, buildings);
    this.subdistrictsOf = this.subdistrictsOfCommunities();
    delete this.loose;
  }

  // Of each facet what tells a row's position in its values. Many rows have the same value, and few are
  // looked at.
  positionsOf(table) {
    return facets.map(([facet, column]) => {
      const known = new Map();
      return (i) => {
        const token = table.token(column, i);
        if (!known.has(token)) known.set(token, this.position(facet, token ? table.value(column, i) : null));
        return known.get(token);
      };
    });
  }

  // A group: its status, and the values of a row.
  add(status, read, i, kinds = 0) {
    facets.forEach(([facet], k) => this.of[facet].push(read[k](i)));
    this.kinds.push(kinds);
    return this.status.push(status) - 1;
  }

  position(facet, value) {
    if (value === null || value === "") return -1;
    const known = this.known[facet];
    if (!known.has(value)) known.set(value, this.values[facet].push(value) - 1);
    return known.get(value);
  }

  gains(group, kinds) {
    this.kinds[group] = this.kindSets.union(this.kinds[group], kinds);
  }

  kindsOfBuildings({ buildings, gaps }, kindsOfGaps) {
    const kinds = new Uint32Array(buildings.length);
    kindsOfGaps.forEach((each, i) => {
      const building = gaps.linked("building_id", i);
      if (building >= 0) kinds[building] = this.kindSets.union(kinds[building], each);
    });
    return kinds;
  }

  // The group of every building: its area, unless it is no home.
  sort(buildings, status, kinds) {
    const elsewhere = BUILDING_STATUSES.indexOf("elsewhere");
    const read = this.positionsOf(buildings);
    const none = new Uint8Array(buildings.length);
    const [areas, subdistricts, communities] = ["area_id", "subdistrict_code", "community_code"].map(
      (name) => buildings.columns[name]?.numbers ?? none,
    );
    const of = new Int32Array(buildings.length);
    let [last, group] = [-1, -1]; // neighbours are mostly of one group
    for (let i = 0; i < of.length; i++) {
      const area = status[i] < elsewhere ? areas[i] : 0;
      if (area && area <= this.areas) {
        of[i] = area - 1;
        if (kinds[i]) this.gains(area - 1, kinds[i]);
        continue;
      }
      const key = this.places(status[i], subdistricts[i], communities[i], kinds[i]);
      if (key !== last)
        [last, group] = [key, this.loosely(key, () => this.add(status[i], read, i, kinds[i]))];
      of[i] = group;
    }
    return of;
  }

  loosely(key, make) {
    if (!this.loose.has(key)) this.loose.set(key, make());
    return this.loose.get(key);
  }

  // The group a gap is about: its area, that of its building, or one of gaps in the same place that have no
  // building.
  about(gaps, kindsOfGaps) {
    const status = BUILDING_STATUSES.indexOf("gap");
    const read = this.positionsOf(gaps);
    const key = (i, kinds) =>
      this.places(
        BUILDING_STATUSES.length,
        gaps.token("subdistrict_code", i),
        gaps.token("community_code", i),
        kinds,
      );
    return Int32Array.from(kindsOfGaps).map((kinds, i) => {
      const area = gaps.linked("area_id", i);
      if (area >= 0) return area;
      const building = gaps.linked("building_id", i);
      if (building >= 0) return this.ofBuilding[building];
      return this.loosely(key(i, kinds), () => this.add(status, read, i));
    });
  }

  // A group of each compound's buildings, -1 for one without any.
  compounds(compounds, buildings) {
    const of = new Int32Array(compounds.length).fill(-1);
    const links = buildings.columns.compound_id;
    for (let i = 0; links && i < buildings.length; i++) {
      const compound = this.ofBuilding[i] < this.areas ? -1 : links.linked(i);
      if (compound >= 0 && of[compound] < 0) of[compound] = this.ofBuilding[i];
    }
    return of;
  }

  // All in which one of the groups of a community lies: code → codes.
  subdistrictsOfCommunities() {
    const of = new Map();
    const { community, subdistrict } = this.of;
    community.forEach((value, i) => {
      const code = this.values.community[value];
      if (value < 0 || subdistrict[i] < 0) return;
      if (!of.has(code)) of.set(code, new Set());
      of.get(code).add(this.values.subdistrict[subdistrict[i]]);
    });
    return of;
  }

  // Buildings of each group whose middle lies in a box of world coordinates.
  countsIn(shapes, box) {
    const counts = new Uint32Array(this.status.length);
    const { ofBuilding } = this;
    shapes.middles(box, (i) => {
      counts[ofBuilding[i]] += 1;
    });
    return counts;
  }
}
