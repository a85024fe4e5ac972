"use strict";
// Buildings in groups that a filter takes or leaves whole: those of an area, and of the others those of one status, place and
// kinds of gap. So filters and counts ask some thousands of groups, not a million buildings. A gap is about a group, too.
PM.GAP_KINDS = ["uncovered_building", "uncovered_ground", "three_nos", "paper_only", "expired", "unassessed", "failing", "contested", "unlocated"];

// What groups are told apart by, and the column that says it.
PM.FACETS = { subdistrict: "subdistrict_code", community: "community_code", manager: "manager", mode: "mode" };

{
  const facets = Object.entries(PM.FACETS);
  const PLACES = 2 ** 20; // more subdistricts or communities than a country has
  const bit = (kind) => 1 << PM.GAP_KINDS.indexOf(kind);

  PM.Groups = class {
    constructor(store) {
      const { areas, buildings, tables } = store;
      this.areas = areas.length; // the first groups: each area is one, at its position
      this.status = []; // of each group, as its position in BUILDING_STATUSES
      this.kinds = []; // of gaps, one bit each
      this.values = {}; // of each facet
      this.of = {}; // … and of each group the position of its value there, -1 without one
      for (const [facet] of facets) Object.assign(this.values, { [facet]: [] }) && (this.of[facet] = []);
      this.known = Object.fromEntries(facets.map(([facet]) => [facet, new Map()]));
      areas.forEach((area, i) => this.add(store.areaStatus[i], (column) => area[column]));
      this.loose = new Map();
      this.ofBuilding = this.sort(store, this.kindsOfBuildings(store));
      this.ofGap = Int32Array.from(store.gaps, (gap) => this.about(store, gap));
      store.gaps.forEach((gap, i) => (this.kinds[this.ofGap[i]] |= bit(gap.kind)));
      this.counts = new Uint32Array(this.status.length); // buildings of each group
      for (let i = 0; i < buildings.length; i++) this.counts[this.ofBuilding[i]] += 1;
      this.ofCompound = this.compounds(tables);
      this.subdistrictOf = this.places();
      delete this.loose;
    }

    // A group: its status, and what says its values.
    add(status, value, kinds = 0) {
      for (const [facet, column] of facets) this.of[facet].push(this.position(facet, value(column)));
      this.kinds.push(kinds);
      return this.status.push(status) - 1;
    }

    position(facet, value) {
      if (value === null || value === undefined || value === "") return -1;
      const known = this.known[facet];
      if (!known.has(value)) known.set(value, this.values[facet].push(value) - 1);
      return known.get(value);
    }

    kindsOfBuildings({ buildings, gaps, tables }) {
      const kinds = new Uint16Array(buildings.length);
      for (const gap of gaps) {
        const building = tables.gaps.linked("building_id", gap.i);
        if (building >= 0) kinds[building] |= bit(gap.kind);
      }
      return kinds;
    }

    // The group of every building: its area, unless it is no home.
    sort({ buildings, status }, kinds) {
      const elsewhere = PM.BUILDING_STATUSES.indexOf("elsewhere");
      const { area_id: areas, subdistrict_code: subdistricts, community_code: communities } = buildings.columns;
      const of = new Int32Array(buildings.length);
      let [last, group] = [-1, -1]; // neighbours are mostly of one group
      for (let i = 0; i < of.length; i++) {
        const area = areas && status[i] < elsewhere ? areas.linked(i) : -1;
        if (area >= 0) {
          of[i] = area;
          if (kinds[i]) this.kinds[area] |= kinds[i];
          continue;
        }
        const key = ((status[i] * PLACES + (subdistricts?.numbers[i] ?? 0)) * PLACES + (communities?.numbers[i] ?? 0)) * 512 + kinds[i];
        if (key !== last) [last, group] = [key, this.loosely(key, () => this.add(status[i], (column) => buildings.value(column, i), kinds[i]))];
        of[i] = group;
      }
      return of;
    }

    loosely(key, make) {
      if (!this.loose.has(key)) this.loose.set(key, make());
      return this.loose.get(key);
    }

    // The group a gap is about: its area, that of its building, or one of gaps in the same place that have no building.
    about({ tables }, gap) {
      const area = tables.gaps.linked("area_id", gap.i);
      if (area >= 0) return area;
      const building = tables.gaps.linked("building_id", gap.i);
      if (building >= 0) return this.ofBuilding[building];
      const place = ["subdistrict_code", "community_code"].map((column) => tables.gaps.value(column, gap.i));
      const status = PM.BUILDING_STATUSES.indexOf("gap");
      return this.loosely(JSON.stringify([...place, gap.kind]), () => this.add(status, (column) => tables.gaps.value(column, gap.i)));
    }

    // A group of each compound's buildings, -1 for one without any.
    compounds({ compounds, buildings }) {
      const of = new Int32Array(compounds.length).fill(-1);
      const links = buildings.columns.compound_id;
      for (let i = 0; links && i < buildings.length; i++) {
        const compound = this.ofBuilding[i] < this.areas ? -1 : links.linked(i);
        if (compound >= 0 && of[compound] < 0) of[compound] = this.ofBuilding[i];
      }
      return of;
    }

    // The subdistrict of each community: code → code.
    places() {
      const of = new Map();
      const { community, subdistrict } = this.of;
      community.forEach((value, i) => {
        const code = this.values.community[value];
        if (value >= 0 && subdistrict[i] >= 0 && !of.has(code)) of.set(code, this.values.subdistrict[subdistrict[i]]);
      });
      return of;
    }

    // Buildings of each group whose middle lies in a box of world coordinates.
    countsIn(shapes, box) {
      const counts = new Uint32Array(this.status.length);
      const { ofBuilding } = this;
      shapes.middles(box, (i) => { counts[ofBuilding[i]] += 1; });
      return counts;
    }
  };

  PM.gapBit = bit;
}
