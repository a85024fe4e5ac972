// Made by `make bundle` from js/, which is where to change it. Modules: e8b833ae78ace59d36029349dd7356c44349ef8b3cff9d065dfcfd8761302816
"use strict";
var PM = (() => {
  var __defProp = Object.defineProperty;
  var __getOwnPropDesc = Object.getOwnPropertyDescriptor;
  var __getOwnPropNames = Object.getOwnPropertyNames;
  var __hasOwnProp = Object.prototype.hasOwnProperty;
  var __export = (target, all) => {
    for (var name in all)
      __defProp(target, name, { get: all[name], enumerable: true });
  };
  var __copyProps = (to, from, except, desc) => {
    if (from && typeof from === "object" || typeof from === "function") {
      for (let key of __getOwnPropNames(from))
        if (!__hasOwnProp.call(to, key) && key !== except)
          __defProp(to, key, { get: () => from[key], enumerable: !(desc = __getOwnPropDesc(from, key)) || desc.enumerable });
    }
    return to;
  };
  var __toCommonJS = (mod) => __copyProps(__defProp({}, "__esModule", { value: true }), mod);

  // js/main.js
  var main_exports = {};
  __export(main_exports, {
    FILTERS: () => FILTERS,
    Pinyin: () => Pinyin,
    Placing: () => Placing,
    Print: () => Print,
    STATUSES: () => STATUSES,
    Sheet: () => Sheet,
    UNITS: () => UNITS,
    boundsOf: () => boundsOf,
    crossingSides: () => crossingSides,
    findRows: () => findRows,
    geodesicDistance: () => geodesicDistance,
    isAtHome: () => isAtHome,
    markMatches: () => markMatches,
    paperView: () => paperView,
    ringArea: () => ringArea,
    start: () => start,
    store: () => store,
    summarise: () => summarise,
    toLatLng: () => toLatLng
  });

  // js/data/declared.js
  var declared = JSON.parse(document.getElementById("declared").textContent);
  var VALUES = declared.values;
  var COLUMNS = declared.columns;
  var PARTS = declared.parts;
  var STATUSES = [...VALUES["service.status"], "gap"];
  var BUILDING_STATUSES = [...STATUSES, "elsewhere", "other"];

  // js/data/kinds.js
  var KindSets = class {
    constructor() {
      this.sets = [/* @__PURE__ */ new Set()];
      this.numbers = /* @__PURE__ */ new Map([["", 0]]);
      this.unions = /* @__PURE__ */ new Map();
    }
    get length() {
      return this.sets.length;
    }
    // The number of the set of these kinds.
    of(kinds) {
      const sorted = [...new Set(kinds)].sort();
      const key = JSON.stringify(sorted);
      if (!sorted.length) return 0;
      if (!this.numbers.has(key)) this.numbers.set(key, this.sets.push(new Set(sorted)) - 1);
      return this.numbers.get(key);
    }
    // The number of the set with the kinds of both.
    union(a, b) {
      if (a === b || !b) return a;
      if (!a) return b;
      const key = `${a} ${b}`;
      if (!this.unions.has(key)) this.unions.set(key, this.of([...this.sets[a], ...this.sets[b]]));
      return this.unions.get(key);
    }
    // By number, whether a kind is in the set.
    having(kind2) {
      return this.sets.map((set) => set.has(kind2));
    }
  };

  // js/data/groups.js
  var FACETS = {
    subdistrict: "subdistrict_code",
    community: "community_code",
    manager: "manager",
    mode: "mode"
  };
  var facets = Object.entries(FACETS);
  var placesOf = ({ buildings: buildings2, gaps }, sets) => {
    const values = (name) => 1 + Math.max(0, ...[buildings2, gaps].map((table) => table.columns[name]?.most ?? 0));
    const [subdistricts, communities] = [values("subdistrict_code"), values("community_code")];
    const all = (BUILDING_STATUSES.length + 1) * subdistricts * communities * sets;
    if (all > Number.MAX_SAFE_INTEGER) throw new RangeError(`${all} groups are more than can be told apart`);
    return (status, subdistrict, community, kinds) => ((status * subdistricts + subdistrict) * communities + community) * sets + kinds;
  };
  var Groups = class {
    constructor({ areaStatus, status, tables }) {
      const { areas: areas2, buildings: buildings2, gaps, compounds } = tables;
      this.areas = areas2.length;
      this.status = [];
      this.kindSets = new KindSets();
      this.kinds = [];
      this.values = {};
      this.of = {};
      for (const [facet] of facets) Object.assign(this.values, { [facet]: [] }) && (this.of[facet] = []);
      this.known = Object.fromEntries(facets.map(([facet]) => [facet, /* @__PURE__ */ new Map()]));
      this.loose = /* @__PURE__ */ new Map();
      const ofArea = this.positionsOf(areas2);
      areaStatus.forEach((code, i) => this.add(code, ofArea, i));
      const kinds = new Uint32Array(gaps.length).map((_, i) => this.kindSets.of([gaps.value("kind", i)]));
      const kindsOfBuildings = this.kindsOfBuildings(tables, kinds);
      this.places = placesOf(tables, this.kindSets.length);
      this.ofBuilding = this.sort(buildings2, status, kindsOfBuildings);
      this.ofGap = this.about(gaps, kinds);
      kinds.forEach((each, i) => this.gains(this.ofGap[i], each));
      this.counts = new Uint32Array(this.status.length);
      for (let i = 0; i < buildings2.length; i++) this.counts[this.ofBuilding[i]] += 1;
      this.ofCompound = this.compounds(compounds, buildings2);
      this.subdistrictsOf = this.subdistrictsOfCommunities();
      delete this.loose;
    }
    // Of each facet what tells a row's position in its values. Many rows have the same value, and few are
    // looked at.
    positionsOf(table) {
      return facets.map(([facet, column]) => {
        const known2 = /* @__PURE__ */ new Map();
        return (i) => {
          const token = table.token(column, i);
          if (!known2.has(token)) known2.set(token, this.position(facet, token ? table.value(column, i) : null));
          return known2.get(token);
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
      const known2 = this.known[facet];
      if (!known2.has(value)) known2.set(value, this.values[facet].push(value) - 1);
      return known2.get(value);
    }
    gains(group, kinds) {
      this.kinds[group] = this.kindSets.union(this.kinds[group], kinds);
    }
    kindsOfBuildings({ buildings: buildings2, gaps }, kindsOfGaps) {
      const kinds = new Uint32Array(buildings2.length);
      kindsOfGaps.forEach((each, i) => {
        const building = gaps.linked("building_id", i);
        if (building >= 0) kinds[building] = this.kindSets.union(kinds[building], each);
      });
      return kinds;
    }
    // The group of every building: its area, unless it is no home.
    sort(buildings2, status, kinds) {
      const elsewhere = BUILDING_STATUSES.indexOf("elsewhere");
      const read = this.positionsOf(buildings2);
      const none = new Uint8Array(buildings2.length);
      const [areas2, subdistricts, communities] = ["area_id", "subdistrict_code", "community_code"].map(
        (name) => buildings2.columns[name]?.numbers ?? none
      );
      const of = new Int32Array(buildings2.length);
      let [last, group] = [-1, -1];
      for (let i = 0; i < of.length; i++) {
        const area = status[i] < elsewhere ? areas2[i] : 0;
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
      const key = (i, kinds) => this.places(
        BUILDING_STATUSES.length,
        gaps.token("subdistrict_code", i),
        gaps.token("community_code", i),
        kinds
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
    compounds(compounds, buildings2) {
      const of = new Int32Array(compounds.length).fill(-1);
      const links = buildings2.columns.compound_id;
      for (let i = 0; links && i < buildings2.length; i++) {
        const compound = this.ofBuilding[i] < this.areas ? -1 : links.linked(i);
        if (compound >= 0 && of[compound] < 0) of[compound] = this.ofBuilding[i];
      }
      return of;
    }
    // All in which one of the groups of a community lies: code → codes.
    subdistrictsOfCommunities() {
      const of = /* @__PURE__ */ new Map();
      const { community, subdistrict } = this.of;
      community.forEach((value, i) => {
        const code = this.values.community[value];
        if (value < 0 || subdistrict[i] < 0) return;
        if (!of.has(code)) of.set(code, /* @__PURE__ */ new Set());
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
  };

  // js/data/choices.js
  var inOrder = (values, declared2) => [
    ...declared2.filter((value) => values.includes(value)),
    ...values.filter((value) => !declared2.includes(value))
  ];
  var FILTERS = [...Object.keys(FACETS), "gapKind"];
  var noCounts = () => Object.fromEntries(BUILDING_STATUSES.map((status) => [status, { buildings: 0, areas: 0 }]));
  var concerned = (counts) => STATUSES.reduce((sum, status) => sum + counts[status].buildings, 0);
  var OF_AREA = 2;
  var ELSEWHERE = BUILDING_STATUSES.indexOf("elsewhere");
  var middle = (gap, shapeOf) => {
    const [left, top, right, bottom] = shapeOf === OF_AREA ? [NaN] : gap.box;
    return Number.isFinite(left) ? [(left + right) / 2, (top + bottom) / 2] : null;
  };
  var Choices = class extends L.Evented {
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
    hidden = /* @__PURE__ */ new Set();
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
    set(choice2) {
      Object.assign(this, choice2);
      const isOutside = this.subdistrict && !this.groups.subdistrictsOf.get(this.community)?.has(this.subdistrict);
      if (isOutside || "subdistrict" in choice2 && !("community" in choice2)) this.community = "";
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
      return this.misses(...except).map((misses) => misses ? 0 : 1);
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
      return this.gapChosen(gap) && !this.hidden.has(BUILDING_STATUSES[this.groups.status[this.groups.ofGap[gap.i]]]);
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
      const { groups, chosen } = this;
      if (this.summed?.chosen === chosen && this.summed.here === here) return this.summed;
      const buildings2 = here?.counts ?? groups.counts;
      const ofAll = !this.manager && !this.mode && !this.gapKind;
      const counts = noCounts();
      groups.status.forEach((status, i) => {
        if (!chosen[i] || status === ELSEWHERE && !ofAll) return;
        const count2 = counts[BUILDING_STATUSES[status]];
        count2.buildings += buildings2[i];
        if (i < groups.areas && (!here || this.areaHere(this.areas[i]))) count2.areas += 1;
      });
      for (const gap of this.grounds)
        if (this.gapChosen(gap) && (!here || this.gapHere(gap))) counts.gap.areas += 1;
      return this.summed = { chosen, here, counts, concerned: concerned(counts) };
    }
    // The same of the buildings of each subdistrict: code → {counts, concerned}; kept: groups to count, all if
    // not given.
    bySubdistrict(buildings2 = this.groups.counts, kept2 = null) {
      const { groups } = this;
      const all = new Map(this.subdistrictCodes.map((code) => [code, noCounts()]));
      groups.status.forEach((status, i) => {
        if (kept2 && !kept2[i]) return;
        const counts = all.get(groups.values.subdistrict[groups.of.subdistrict[i]]);
        if (counts) counts[BUILDING_STATUSES[status]].buildings += buildings2[i];
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
        const wanted = this[name] ? groups.known[name].get(this[name]) ?? NaN : null;
        const missing = name === "subdistrict" ? this.misses("community") : misses;
        groups.of[name].forEach((value, i) => {
          if (value < 0 || !shown[i] || !ofAreas[i] || missing[i] > (wanted === null || wanted === value ? 0 : 1))
            return;
          there[value] = true;
          counts[value] += groups.counts[i];
        });
        offers[name] = groups.values[name].map((value, i) => [value, counts[i], there[i]]).filter(([, , isThere]) => isThere).map(([value, n]) => [value, n]);
      }
      const isOfKind = groups.kindSets.having(this.gapKind);
      const kinds = new Map(this.gapKind ? [[this.gapKind, 0]] : []);
      for (const gap of gaps) {
        const group = groups.ofGap[gap.i];
        const isOther = this.gapKind && ofAreas[group] && !isOfKind[groups.kinds[group]];
        if (shown[group] && misses[group] === (isOther ? 1 : 0))
          kinds.set(gap.kind, (kinds.get(gap.kind) ?? 0) + 1);
      }
      offers.gapKind = inOrder([...kinds.keys()], VALUES["gaps.kind"]).map((kind2) => [kind2, kinds.get(kind2)]);
      return offers;
    }
    // The statuses worth a card: of areas, those there are; where service is known, served and signed in any
    // case.
    statuses() {
      const always = this.hasService ? ["served", "paper_only", "gap"] : ["gap"];
      return STATUSES.filter((status) => always.includes(status) || this.areaStatuses.includes(status));
    }
  };

  // js/data/decode.js
  var fromBase64 = (text) => {
    if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
    const letters = atob(text);
    const bytes = new Uint8Array(letters.length);
    for (let i = 0; i < bytes.length; i++) bytes[i] = letters.charCodeAt(i);
    return bytes;
  };
  var inflate = async (packed) => {
    const bytes = new Uint8Array(new DataView(packed.buffer).getUint32(packed.length - 4, true));
    const { readable: readable2, writable } = new DecompressionStream("gzip");
    const writer = writable.getWriter();
    const written = writer.write(packed).then(() => writer.close());
    const reader = readable2.getReader();
    for (let at2 = 0, part = await reader.read(); !part.done; part = await reader.read()) {
      bytes.set(part.value, at2);
      at2 += part.value.length;
    }
    await written;
    return bytes;
  };
  var unpack = async (id) => {
    const element = document.getElementById(id);
    const packed = fromBase64(element.textContent);
    element.remove();
    const bytes = await inflate(packed);
    const end = 4 + new DataView(bytes.buffer).getUint32(0, true);
    return { head: JSON.parse(new TextDecoder().decode(bytes.subarray(4, end))), body: bytes.subarray(end) };
  };
  var readJson = ({ body }, [begins, length]) => {
    const bytes = body.slice(begins, begins + length);
    return () => JSON.parse(new TextDecoder().decode(bytes));
  };
  var readNumbers = ({ body }, [begins, length, width, running]) => {
    const numbers = width > 4 ? large(body, begins, length, width) : small(body, begins, length, width);
    if (!running) return numbers;
    const sums = new Uint32Array(length);
    for (let i = 0, sum = 0; i < length; i++) sums[i] = sum += unzigzag(numbers[i]);
    return sums;
  };
  var small = (body, begins, length, width) => {
    const numbers = new (width > 2 ? Uint32Array : width > 1 ? Uint16Array : Uint8Array)(length);
    const size = numbers.BYTES_PER_ELEMENT;
    const bytes = new Uint8Array(numbers.buffer);
    for (let byte = 0, from = begins; byte < width; byte++)
      for (let to = byte; to < bytes.length; to += size) bytes[to] = body[from++];
    return numbers;
  };
  var large = (body, begins, length, width) => {
    const numbers = new Float64Array(length);
    for (let byte = 0, from = begins; byte < width; byte++)
      for (let i = 0; i < length; i++) numbers[i] += body[from++] * 256 ** byte;
    return numbers;
  };
  var PackedNumbers = class {
    /** @param {{body: Uint8Array}} block @param {number[]} place as readNumbers takes it */
    constructor({ body }, [begins, length, width]) {
      this.bytes = body.slice(begins, begins + length * width);
      this.length = length;
      this.width = width;
    }
    at(i) {
      let number = 0;
      for (let byte = 0, from = i, worth = 1; byte < this.width; byte++, from += this.length, worth *= 256)
        number += this.bytes[from] * worth;
      return number;
    }
  };
  var numberReader = (block, place) => place[3] ? readNumbers(block, place) : new PackedNumbers(block, place);
  var unzigzag = (number) => number >>> 1 ^ -(number & 1);
  var startsOf = (counts) => {
    const at2 = new Uint32Array(counts.length + 1);
    for (let i = 0; i < counts.length; i++) at2[i + 1] = at2[i] + counts[i];
    return at2;
  };

  // js/data/group_by.js
  var groupBy = (items, key) => {
    const groups = /* @__PURE__ */ new Map();
    for (const item of items) {
      const at2 = key(item);
      if (at2 === null) continue;
      if (!groups.has(at2)) groups.set(at2, []);
      groups.get(at2).push(item);
    }
    return groups;
  };

  // js/data/projection.js
  var UNITS = 2 ** 28;
  var toLatLng = ([x, y]) => L.latLng(Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180 / Math.PI, (x - 0.5) * 360);
  var toWorld = ({ lat, lng }) => {
    const sine = Math.sin(lat * (Math.PI / 180));
    return [lng / 360 + 0.5, 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)];
  };
  var boundsOf = (box) => L.latLngBounds(toLatLng([box[0], box[1]]), toLatLng([box[2], box[3]]));
  var unionBox = (boxes) => boxes.reduce(
    (all, b) => [
      Math.min(all[0], b[0]),
      Math.min(all[1], b[1]),
      Math.max(all[2], b[2]),
      Math.max(all[3], b[3])
    ],
    [Infinity, Infinity, -Infinity, -Infinity]
  );
  var DETAIL_ZOOM = 11;

  // js/data/shapes.js
  var RUN = 32;
  var Shapes = class {
    // Where rings begin is known at once. Points are read when they are first asked for: from afar nobody sees
    // the walls of a house. Those of houses come in a block of their own; until then a house is no more than
    // its corner.
    constructor(block, { rings, firsts, reach, ...outlines }) {
      this.ringAt = startsOf(readNumbers(block, rings));
      this.length = this.ringAt.length - 1;
      this.firsts = new Int32Array(2 * this.ringAt.at(-1));
      const packed = readNumbers(block, firsts);
      for (let k = 0, x = 0, y = 0; k < packed.length; k += 2) {
        this.firsts[k] = x += unzigzag(packed[k]);
        this.firsts[k + 1] = y += unzigzag(packed[k + 1]);
      }
      this.pointAt = new Uint32Array(this.ringAt.at(-1) + 1);
      this.xy = new Int16Array(2);
      this.reach = reach;
      this.bound(reach);
      this.isOutlined = false;
      if (outlines.points) this.outline(block, outlines);
    }
    /** Where the walls stand in the block. @param {any} block @param {any} places */
    outline(block, { points, steps, along, across }) {
      this.packed = () => [points, steps, along, across].map((place) => place && readNumbers(block, place));
      this.isOutlined = true;
    }
    unpack() {
      if (!this.packed) return;
      const [points, ...steps] = this.packed();
      this.packed = null;
      this.pointAt = startsOf(points);
      this.xy = new (this.reach < 2 ** 15 ? Int16Array : Int32Array)(2 * this.pointAt.at(-1));
      this.read(...steps);
      if (!steps[1]) this.boxes = this.boxed();
      this.bound(0);
    }
    // Along and across: of buildings, whose walls mostly turn by a right angle (pack.turns).
    read(steps, along, across) {
      const { pointAt, xy } = this;
      let [from, turn2] = [0, 0];
      for (let ring = 0; ring + 1 < pointAt.length; ring++) {
        let to = 2 * pointAt[ring] + 2;
        let [x, y, beforeX, beforeY, lastX, lastY] = [0, 0, 0, 0, 0, 0];
        for (let n = 1, points = pointAt[ring + 1] - pointAt[ring]; n < points; n++) {
          let stepX;
          let stepY;
          if (n === 1 || !along) {
            stepX = unzigzag(steps[from++]);
            stepY = unzigzag(steps[from++]);
          } else if (Math.abs(beforeX) >= Math.abs(beforeY)) {
            stepY = unzigzag(along[turn2]) - lastY;
            stepX = unzigzag(across[turn2++]) + (beforeX && Math.floor(-(stepY * beforeY) / beforeX + 0.5));
          } else {
            stepX = unzigzag(along[turn2]) - lastX;
            stepY = unzigzag(across[turn2++]) + Math.floor(-(stepX * beforeX) / beforeY + 0.5);
          }
          [lastX, lastY, beforeX, beforeY] = [beforeX, beforeY, stepX, stepY];
          xy[to++] = x += stepX;
          xy[to++] = y += stepY;
        }
      }
    }
    // The boxes of all: lines and grounds are asked for them with every tile.
    boxed() {
      const boxes = new Int32Array(4 * this.length);
      for (let i = 0, box = [0, 0, 0, 0]; i < this.length; i++) if (this.box(i, box)) boxes.set(box, 4 * i);
      return boxes;
    }
    // The boxes of runs; more: how much farther a point may be that is not read.
    bound(more) {
      this.runs = new Int32Array(4 * Math.ceil(this.length / RUN));
      const box = [0, 0, 0, 0];
      for (let i = 0; i < this.length; i += RUN) {
        const isSomewhere = this.extent(this.ringAt[i], this.ringAt[Math.min(this.length, i + RUN)], box);
        this.runs.set(
          isSomewhere ? [box[0] - more, box[1] - more, box[2] + more, box[3] + more] : [1, 1, 0, 0],
          4 * i / RUN
        );
      }
    }
    has(i) {
      return this.ringAt[i + 1] > this.ringAt[i];
    }
    // One of its points, in units, for which nothing needs to be unpacked.
    corner(i) {
      const at2 = 2 * this.ringAt[i];
      return [this.firsts[at2], this.firsts[at2 + 1]];
    }
    // Fills box with [left, top, right, bottom] of the shape; false if it has no place.
    box(i, box) {
      this.unpack();
      const { boxes } = this;
      if (!boxes || !this.has(i)) return this.extent(this.ringAt[i], this.ringAt[i + 1], box);
      for (let k = 0; k < 4; k++) box[k] = boxes[4 * i + k];
      return true;
    }
    // The same of these rings.
    extent(ring, end, box) {
      if (ring === end) return false;
      const { firsts, xy, pointAt } = this;
      let left = firsts[2 * ring];
      let top = firsts[2 * ring + 1];
      let right = left;
      let bottom = top;
      for (; ring < end; ring++) {
        const firstX = firsts[2 * ring];
        const firstY = firsts[2 * ring + 1];
        let k = 2 * pointAt[ring];
        for (const to = Math.max(k + 2, 2 * pointAt[ring + 1]); k < to; k += 2) {
          const x = firstX + xy[k];
          const y = firstY + xy[k + 1];
          if (x < left) left = x;
          else if (x > right) right = x;
          if (y < top) top = y;
          else if (y > bottom) bottom = y;
        }
      }
      box[0] = left;
      box[1] = top;
      box[2] = right;
      box[3] = bottom;
      return true;
    }
    // The box of all, in world coordinates; not finite where there is nothing.
    whole() {
      this.unpack();
      const boxes = Array.from({ length: this.runs.length / 4 }, (_, run) => [
        ...this.runs.subarray(4 * run, 4 * run + 4)
      ]);
      return unionBox(boxes.filter((box) => box[0] <= box[2])).map((value) => value / UNITS);
    }
    // Calls for each run whose box meets this one: where it begins and ends, and whether it lies in it whole.
    near([left, top, right, bottom], look) {
      const { runs } = this;
      for (let run = 0; 4 * run < runs.length; run++) {
        const k = 4 * run;
        if (runs[k] > right || runs[k + 2] < left || runs[k + 1] > bottom || runs[k + 3] < top) continue;
        const isInside = runs[k] >= left && runs[k + 2] <= right && runs[k + 1] >= top && runs[k + 3] <= bottom;
        look(run * RUN, Math.min(this.length, (run + 1) * RUN), isInside);
      }
    }
    // The shapes whose boxes meet this one (world coordinates), in their order.
    meeting(world) {
      const wanted = world.map((value) => value * UNITS);
      const [left, top, right, bottom] = wanted;
      const found = [];
      const box = [0, 0, 0, 0];
      this.near(wanted, (begin, end, isInside) => {
        for (let i = begin; i < end; i++) {
          if (isInside ? this.has(i) : this.box(i, box) && box[0] <= right && box[2] >= left && box[1] <= bottom && box[3] >= top)
            found.push(i);
        }
      });
      return found;
    }
    // Calls for each shape whose middle lies in this box (world coordinates). Of runs that lie in it whole no
    // shape is looked at.
    middles(world, found) {
      const wanted = world.map((value) => value * UNITS);
      const [left, top, right, bottom] = wanted;
      const box = [0, 0, 0, 0];
      this.near(wanted, (begin, end, isInside) => {
        for (let i = begin; i < end; i++) {
          if (isInside ? !this.has(i) : !this.box(i, box)) continue;
          const [x, y] = [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
          if (isInside || x >= left && x <= right && y >= top && y <= bottom) found(i);
        }
      });
    }
    // Is the point (world coordinates) inside, by the even-odd rule: holes and parts come out right.
    inside(i, worldX, worldY) {
      this.unpack();
      const { firsts, xy, pointAt } = this;
      let inside = false;
      for (let ring = this.ringAt[i]; ring < this.ringAt[i + 1]; ring++) {
        const [x, y] = [worldX * UNITS - firsts[2 * ring], worldY * UNITS - firsts[2 * ring + 1]];
        const [from, to] = [2 * pointAt[ring], 2 * pointAt[ring + 1]];
        for (let k = from, j = to - 2; k < to; j = k, k += 2) {
          const crosses = xy[k + 1] > y !== xy[j + 1] > y;
          if (crosses && x < (xy[j] - xy[k]) * (y - xy[k + 1]) / (xy[j + 1] - xy[k + 1]) + xy[k])
            inside = !inside;
        }
      }
      return inside;
    }
    // Adds the shape to the path of a canvas; scale: pixels to the whole world. Points nearer than a pixel to
    // the one before are left out. Gives the number of the others.
    trace(c, i, scale, dx, dy, closed) {
      this.unpack();
      const { firsts, xy, pointAt } = this;
      const unit = scale / UNITS;
      const least = 0.8 / unit;
      let drawn = 0;
      for (let ring = this.ringAt[i]; ring < this.ringAt[i + 1]; ring++) {
        const [from, to] = [2 * pointAt[ring], 2 * pointAt[ring + 1]];
        const left = firsts[2 * ring] * unit - dx;
        const top = firsts[2 * ring + 1] * unit - dy;
        let x = 0;
        let y = 0;
        c.moveTo(left, top);
        drawn += 1;
        for (let k = from + 2; k < to; k += 2) {
          if (Math.abs(xy[k] - x) < least && Math.abs(xy[k + 1] - y) < least && k < to - 2) continue;
          x = xy[k];
          y = xy[k + 1];
          c.lineTo(left + x * unit, top + y * unit);
          drawn += 1;
        }
        if (closed) c.closePath();
      }
      return drawn;
    }
    // Its rings in world coordinates: flat arrays of x, y.
    rings(i) {
      this.unpack();
      const rings = [];
      for (let ring = this.ringAt[i]; ring < this.ringAt[i + 1]; ring++) {
        const offsets = this.xy.subarray(2 * this.pointAt[ring], 2 * this.pointAt[ring + 1]);
        rings.push(Float64Array.from(offsets, (value, k) => (this.firsts[2 * ring + k % 2] + value) / UNITS));
      }
      return rings;
    }
  };

  // js/data/table.js
  var NumberColumn = class {
    constructor(block, { n, least, over, flag }) {
      this.numbers = numberReader(block, n);
      this.least = least;
      this.over = over;
      this.flag = flag;
    }
    at(i) {
      const number = this.numbers.at(i);
      if (!number) return null;
      return this.flag ? this.least + number - 1 === 1 : (this.least + number - 1) / this.over;
    }
    // Of each column: a number that is the same where the value is, 0 where there is none.
    token(i) {
      return this.numbers.at(i);
    }
  };
  var TextColumn = class {
    constructor(block, { t, n, of, then, hex = 0 }) {
      this.hex = hex;
      this.beforehand = readJson(block, of);
      this.afterwards = readJson(block, then);
      this.kept = { before: null, after: null };
      this.frames = new PackedNumbers(block, t);
      this.numbers = numberReader(block, n);
    }
    get before() {
      this.kept.before ??= this.beforehand();
      return this.kept.before;
    }
    get after() {
      this.kept.after ??= this.afterwards();
      return this.kept.after;
    }
    at(i) {
      const frame = this.frames.at(i);
      if (!frame) return null;
      const after = this.after[frame - 1];
      return after === null ? this.before[frame - 1] : this.before[frame - 1] + this.written(this.numbers.at(i)) + after;
    }
    token(i) {
      return this.numbers.at(i) * (this.before.length + 1) + this.frames.at(i);
    }
    written(number) {
      return this.hex ? number.toString(16).padStart(this.hex, "0") : String(number);
    }
    // The last number in the text, 0 without one.
    number(i) {
      return this.numbers.at(i);
    }
    // The first row with this text, or -1.
    find(text) {
      const parts = this.hex ? new RegExp(`^([^]*?)([0-9a-f]{${this.hex}})()$`) : /^([^]*?)(0|[1-9][0-9]{0,8})([^0-9]*)$/;
      const [, before, digits, after] = parts.exec(text) ?? [null, text, "0", null];
      const number = parseInt(digits, this.hex ? 16 : 10);
      const frame = 1 + this.before.findIndex((each, k) => each === before && this.after[k] === after);
      if (!frame) return -1;
      for (let i = 0; i < this.frames.length; i++)
        if (this.frames.at(i) === frame && this.numbers.at(i) === number) return i;
      return -1;
    }
  };
  var LinkColumn = class {
    constructor(block, { row: row2, table, key, extra }, tables) {
      this.numbers = readNumbers(block, row2);
      this.target = tables[table];
      this.key = key;
      this.extra = readJson(block, extra)();
      this.texts = [];
    }
    at(i) {
      const row2 = this.numbers[i];
      if (!row2) return null;
      return row2 <= this.target.length ? this.texts[row2] ??= this.target.value(this.key, row2 - 1) : this.extra[row2 - 1 - this.target.length];
    }
    token(i) {
      return this.numbers[i];
    }
    // The largest token there may be.
    get most() {
      return this.target.length + this.extra.length;
    }
    // The position there, or -1.
    linked(i) {
      const row2 = this.numbers[i];
      return row2 <= this.target.length ? row2 - 1 : -1;
    }
  };
  var Table = class {
    constructor(block, { rows: rows2, shapes, shape_of: shapeOf }) {
      this.length = rows2;
      this.columns = {};
      this.cache = [];
      this.shapes = shapes && new Shapes(block, shapes);
      this.shapeOf = shapeOf && readNumbers(block, shapeOf);
      const table = this;
      this.Row = class {
        constructor(i) {
          this.i = i;
        }
        get rings() {
          return table.rings(this.i);
        }
        get box() {
          return table.box(this.i);
        }
        get label() {
          const x = table.value("label_x", this.i);
          return x === null ? null : [x / UNITS, table.value("label_y", this.i) / UNITS];
        }
      };
    }
    // Columns of a block; a row then has a property for each. What is set on a row hides the column.
    add(block, columns, tables) {
      for (const [name, spec] of Object.entries(columns)) {
        this.columns[name] = spec.row ? new LinkColumn(block, spec, tables) : new (spec.t ? TextColumn : NumberColumn)(block, spec);
        this.derive(name, (i) => this.columns[name].at(i));
      }
    }
    derive(name, read) {
      Object.defineProperty(this.Row.prototype, name, {
        get() {
          return read(this.i);
        },
        set(value) {
          Object.defineProperty(this, name, { value, writable: true, enumerable: true });
        }
      });
    }
    value(name, i) {
      return this.columns[name]?.at(i) ?? null;
    }
    token(name, i) {
      return this.columns[name]?.token(i) ?? 0;
    }
    // The values of a column, each once; none where there is no such column.
    distinct(name) {
      const column = this.columns[name];
      const values = /* @__PURE__ */ new Map();
      for (let i = 0; column && i < this.length; i++) {
        const token = column.token(i);
        if (token && !values.has(token)) values.set(token, column.at(i));
      }
      return [...values.values()];
    }
    linked(name, i) {
      return this.columns[name]?.linked(i) ?? -1;
    }
    // Undefined for what is no position.
    at(place) {
      if (!(place >= 0 && place < this.length)) return void 0;
      return this.cache[place] ??= new this.Row(place);
    }
    all() {
      return Array.from({ length: this.length }, (_, i) => this.at(i));
    }
    // A shape is the row's own, or that of the building (1) or area (2) it is about.
    placed(i) {
      const name = this.shapeOf && [null, "building_id", "area_id"][this.shapeOf[i]];
      return name ? [this.columns[name].target.shapes, this.linked(name, i)] : [this.shapes, i];
    }
    rings(i) {
      const [shapes, at2] = this.placed(i);
      return shapes.rings(at2);
    }
    // [left, top, right, bottom] in world coordinates; not a number where it has no place.
    box(i) {
      const [shapes, at2] = this.placed(i);
      const box = [NaN, NaN, NaN, NaN];
      shapes.box(at2, box);
      return box.map((value) => value / UNITS);
    }
  };

  // js/data/reasons.js
  var Reasons = class {
    constructor(block, areas2) {
      const { paragraphs, of, sure: sure2, said, sentences, zh, en } = block.head;
      this.areas = areas2;
      this.first = startsOf(readNumbers(block, paragraphs));
      this.begins = startsOf(readNumbers(block, said));
      this.numbers = {
        of: readNumbers(block, of),
        sure: readNumbers(block, sure2),
        sentences: readNumbers(block, sentences)
      };
      this.texts = { zh: new TextColumn(block, zh), en: new TextColumn(block, en) };
    }
    // {confidence, holds: [sentence, …], cuts: [{neighbour, confidence, reasons: [sentence, …]}, …]}; null
    // where nothing is said.
    of(area) {
      const { of, sure: sure2, sentences } = this.numbers;
      const paragraphs = [];
      for (let p = this.first[area]; p < this.first[area + 1]; p++) {
        const neighbour = of[p] ? this.areas[area + unzigzag(of[p] - 1)] : null;
        paragraphs.push({
          neighbour,
          confidence: sure2[p] / 100,
          reasons: [...sentences.subarray(this.begins[p], this.begins[p + 1])]
        });
      }
      if (!paragraphs.length) return null;
      const own = paragraphs[0].neighbour ? { confidence: 0, reasons: [] } : paragraphs.shift();
      return { confidence: own.confidence, holds: own.reasons, cuts: paragraphs };
    }
    sentence(language, id) {
      return this.texts[language].at(id);
    }
  };

  // js/data/store.js
  var Store = class _Store extends Choices {
    // Opens as soon as the first picture can be drawn; `complete` does the rest.
    static async open(strings) {
      const store2 = new _Store(await unpack("picture"), strings);
      if (store2.isNear()) await store2.outline();
      return store2;
    }
    // Whether a window that shows everything, beside the panel, is likely to show the walls of houses.
    isNear() {
      const [left, top, right, bottom] = this.box;
      return Math.min(innerWidth / (right - left), innerHeight / (bottom - top)) > 256 * 2 ** (DETAIL_ZOOM + 0.5);
    }
    constructor(block, strings) {
      super();
      this.strings = strings;
      this.language = "zh";
      this.district = block.head.district;
      this.declared = block.head.declared;
      this.missing = new Set(block.head.missing);
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
      this.outlining = null;
      this.explaining = null;
      this.buildings = this.tables.buildings;
      this.buildingById = {
        get: (id) => this.buildings.at(this.buildings.columns.building_id?.find(id) ?? NaN)
      };
      this.subdistrictByCode = new Map(this.subdistricts.map((s) => [s.subdistrict_code, s]));
      this.compoundById = new Map(this.compounds.map((c) => [c.compound_id, c]));
      this.communityByCode = /* @__PURE__ */ new Map();
      this.gapKinds = this.tables.gaps.distinct("kind");
      this.tables.areas.derive("why", (i) => this.why(i));
      this.sort();
      this.grounds = this.gaps.filter((gap) => gap.kind === "uncovered_ground");
      this.areaStatuses = this.tables.areas.distinct("status");
      this.hasService = this.areaStatuses.some((status) => status === "served" || status === "paper_only");
      this.commonCode = commonStart(this.areas[0]?.area_id, this.areas.at(-1)?.area_id);
      this.subdistrictCodes = [
        .../* @__PURE__ */ new Set([...this.subdistrictByCode.keys(), ...this.tables.areas.distinct("subdistrict_code")])
      ].sort();
      this.hasRailway = this.tables.barriers.distinct("class").includes("railway");
      this.hasOther = this.status.includes(BUILDING_STATUSES.indexOf("other"));
      this.regroup();
      this.selected = null;
      this.tools = [];
      this.lists = [];
      this.layers = [];
      this.shown = /* @__PURE__ */ new Set();
      this.overlays = {};
      this.sketches = [];
      this.choosing = null;
      this.tool = "";
      const home = this.subdistricts.length ? this.tables.subdistricts : this.buildings.length ? this.buildings : this.tables.areas;
      this.box = home.shapes.whole();
    }
    // The walls of buildings, without which nothing can be drawn from nearby.
    outline() {
      return this.outlining ??= parsed().then(() => unpack("walls")).then((block) => this.buildings.shapes.outline(block, block.head));
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
      this.releasedOn = block.head.released_on;
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
      const { buildings: buildings2 } = this;
      const code = Object.fromEntries(BUILDING_STATUSES.map((status, i) => [status, i]));
      const ofArea = this.areaStatus = Uint8Array.from(this.areas, (area) => code[area.status]);
      const { use, area_id: areas2, compound_id: compounds } = buildings2.columns;
      const isHome = [false, ...(use?.before ?? []).map((text) => text === "residential")];
      this.status = new Uint8Array(buildings2.length);
      for (let i = 0; i < buildings2.length; i++) {
        const area = areas2 ? areas2.linked(i) : -1;
        if (!isHome[use?.frames.at(i) ?? 0] || !this.isPlaced) this.status[i] = code.other;
        else if (area >= 0) this.status[i] = ofArea[area];
        else this.status[i] = compounds?.numbers[i] ? code.elsewhere : code.gap;
      }
      buildings2.derive("status", (i) => BUILDING_STATUSES[this.status[i]]);
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
      return whole ? `${(100 * part / whole).toFixed(1)}%` : "–";
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
      return label && label !== place.name ? place.inBoth ??= `${label} (${place.name})` : label;
    }
    // For the map and for notes, which have no room for both.
    subdistrictLabel(code) {
      return this.placeLabel(this.subdistrictByCode.get(code)) ?? code;
    }
    placeLabel(place) {
      return this.language === "en" && place?.name_en || (place?.name ?? null);
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
    select(kind2, record, { at: at2 = null, move = false } = {}) {
      this.selected = record ? { kind: kind2, record } : null;
      this.fire("select", { kind: kind2, record, at: at2, move });
    }
  };
  var nextTask = () => new Promise((done) => setTimeout(done));
  async function parsed() {
    if (document.readyState === "loading")
      await new Promise((done) => addEventListener("DOMContentLoaded", done, { once: true }));
  }
  for (const [name, make] of Object.entries({
    areaById: ({ areas: areas2 }) => new Map(areas2.map((area) => [area.area_id, area])),
    gapsByArea: ({ gaps }) => groupBy(gaps, (gap) => gap.area_id),
    gapBuildings: ({ status, buildings: { shapes } }) => {
      const gap = BUILDING_STATUSES.indexOf("gap");
      const found = [];
      for (let i = status.indexOf(gap); i >= 0; i = status.indexOf(gap, i + 1))
        if (shapes.has(i)) found.push(i);
      return found;
    },
    contested: ({ gaps }) => gaps.filter((gap) => gap.kind === "contested" && gap.shape === "polygon").map((gap) => [gap, gap.box])
  })) {
    Object.defineProperty(Store.prototype, name, {
      get() {
        const value = make(this);
        Object.defineProperty(this, name, { value });
        return value;
      }
    });
  }
  function commonStart(first = "", last = "") {
    let length = 0;
    while (first !== last && length < first.length && first[length] === last[length]) length++;
    return length;
  }

  // js/deciding/decisions.js
  var NONE = "none";
  var today = () => {
    const now = /* @__PURE__ */ new Date();
    return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
  };
  var apart = (a, b) => Math.hypot(Math.max(0, a[0] - b[2], b[0] - a[2]), Math.max(0, a[1] - b[3], b[1] - a[3]));
  var middle2 = (box) => [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
  var readable = (entry) => typeof entry?.act === "string" && Array.isArray(entry.rows) && entry.rows.every((row2) => row2?.length === 2);
  var Decisions = class extends L.Evented {
    constructor(store2) {
      super();
      this.store = store2;
      const { code, name_zh: name, source, synthetic } = store2.district;
      this.key = `pending decisions ${JSON.stringify([code, name, source, synthetic])}`;
      this.base = store2.decided();
      this.records = /* @__PURE__ */ new Map();
      this.keeps = true;
      this.load();
      addEventListener("storage", (event) => event.key === this.key && this.load());
    }
    // ---- kept over a reload
    load() {
      let kept2 = {};
      try {
        kept2 = JSON.parse(localStorage.getItem(this.key)) ?? {};
      } catch (error) {
        this.keeps = error instanceof SyntaxError;
      }
      this.by = String(kept2.by ?? "");
      this.given = Array.isArray(kept2.given) ? kept2.given.map(String) : [];
      this.entries = Array.isArray(kept2.entries) ? kept2.entries.filter(readable) : [];
      const before = JSON.stringify(this.entries);
      this.settle();
      this.recode();
      this.changed(before !== JSON.stringify(this.entries));
    }
    changed(save = true) {
      this.index();
      if (save) this.save();
      this.fire("decided");
    }
    index() {
      this.now = /* @__PURE__ */ new Map();
      this.drawn = /* @__PURE__ */ new Map();
      this.made = /* @__PURE__ */ new Map();
      for (const entry of this.entries) {
        for (const [id, area] of entry.rows) this.now.set(id, { area, entry });
        if (entry.ring) this.drawn.set(entry.target, entry);
        if (entry.made) this.made.set(entry.made, null);
      }
    }
    save() {
      try {
        localStorage.setItem(
          this.key,
          JSON.stringify({ by: this.by, given: this.given, entries: this.entries })
        );
        this.keeps = true;
      } catch {
        this.keeps = false;
      }
    }
    // What the map already shows is pending no more.
    settle() {
      const later = /* @__PURE__ */ new Set();
      const open = [];
      for (const entry of [...this.entries].reverse()) {
        const done = entry.rows.every(([id, area]) => later.has(id) || this.obeyed(id, area)) && (!entry.ring || this.isDrawn(entry));
        if (done) for (const [id] of entry.rows) later.add(id);
        else open.unshift(entry);
      }
      this.entries = open;
    }
    // On a later map the code of a proposal may be that of another one: what was decided keeps its buildings
    // and takes a new code.
    recode() {
      this.index();
      const codes = new Set(
        this.entries.filter(({ act, firm }) => !firm && act !== "none").map(({ target }) => target)
      );
      for (const code of codes) {
        const about = this.entries.filter(({ target }) => target === code);
        if (!this.isProposal(code) || about.some((entry) => this.isAbout(entry, code))) continue;
        const other = this.nextCode(this.store.areaById.get(code));
        this.given.push(other);
        about[0].made = other;
        for (const entry of this.entries) {
          if (entry.target === code) entry.target = other;
          if (entry.subject === code) entry.subject = other;
          entry.rows = entry.rows.map(([id, area]) => [id, area === code ? other : area]);
        }
      }
    }
    // Is the proposal of that code, as it is on this map, the one that the entry is about?
    isAbout(entry, code) {
      const area = this.store.areaById.get(code);
      if (entry.rows.some(([id]) => this.building(id)?.area_id === code)) return true;
      const [x, y] = area?.label ?? [NaN, NaN];
      const box = entry.ring && this.boxOf(entry);
      return Boolean(box) && box[0] < x && x < box[2] && box[1] < y && y < box[3];
    }
    obeyed(id, area) {
      const building = this.building(id);
      return building?.method === "decision" && (building.area_id ?? NONE) === area;
    }
    isDrawn({ target, ring }) {
      const drawn = this.base.boundaries.find(({ properties }) => properties.area_id === target)?.geometry;
      return drawn?.type === "Polygon" && sameRing(drawn.coordinates[0].slice(0, -1), ring);
    }
    // ---- what there is
    building(id) {
      if (!this.records.has(id)) this.records.set(id, this.store.buildingById.get(id));
      return this.records.get(id);
    }
    // The area with that code: of the map, or one made here.
    area(id) {
      if (!this.made.has(id)) return this.store.areaById.get(id);
      if (!this.made.get(id)) this.made.set(id, this.sketch(id));
      return this.made.get(id);
    }
    sketch(id) {
      const entry = this.entries.find(({ made }) => made === id);
      const boxes = [
        ...this.members(id).map((building) => building.box),
        ...entry.ring ? [this.boxOf(entry)] : []
      ];
      const box = unionBox(boxes);
      return {
        area_id: id,
        name: null,
        status: "proposed",
        origin: "new",
        subdistrict_code: entry.subdistrict_code,
        rings: [],
        box,
        label: middle2(box)
      };
    }
    areaIdOf(building) {
      return this.now.get(building.building_id)?.area ?? building.area_id ?? null;
    }
    // The buildings of an area, with what is pending.
    members(id) {
      const members = [];
      const area = this.store.areaById.get(id)?.i ?? -1;
      const { buildings: buildings2 } = this.store;
      for (let i = 0; area >= 0 && i < buildings2.length; i++) {
        if (buildings2.linked("area_id", i) === area && !this.now.has(buildings2.at(i).building_id))
          members.push(buildings2.at(i));
      }
      for (const [building, { area: other }] of this.now)
        if (other === id && this.building(building)) members.push(this.building(building));
      return members;
    }
    isProposal(id) {
      return this.store.areaById.get(id)?.origin === "proposal";
    }
    // Registered or drawn: it is there without anybody accepting it.
    isFirm(id) {
      return ["register", "boundary"].includes(this.store.areaById.get(id)?.origin);
    }
    // Is each of its buildings to be of it, by what is pending?
    isAccepted(id) {
      return this.drawn.has(id) || this.isProposal(id) && [...this.members(id)].every((building) => this.now.has(building.building_id));
    }
    hasBoundary(id) {
      return this.drawn.has(id) || this.store.areaById.get(id)?.origin === "boundary";
    }
    // Areas that it may go to, the nearest first, those named before them. No area crosses a subdistrict.
    targets({ box, subdistrict_code: code }, { first = [], except = [] } = {}) {
      const here = [...this.store.areas, ...[...this.made.keys()].map((id) => this.area(id))].filter(
        (area) => !except.includes(area.area_id) && Number.isFinite(area.box[0]) && mayJoin(area.subdistrict_code, code)
      );
      const rank = ({ area_id: id, box: other }) => first.includes(id) ? first.indexOf(id) - first.length : apart(box, other);
      return here.map((area) => [rank(area), area]).sort((a, b) => a[0] - b[0]).map(([, area]) => area);
    }
    mayGo(record, area) {
      return mayJoin(record.subdistrict_code, area.subdistrict_code);
    }
    // A code that no area has or had: the next after the highest of those that begin as codes here do.
    nextCode(record) {
      const near = /^[0-9]{15}$/.test(record.area_id ?? "") ? record : this.targets(record).find((area) => /^[0-9]{15}$/.test(area.area_id));
      const part = (code, from) => (code ?? "").slice(from, from + 3) || "000";
      const head = near?.area_id.slice(0, 12) ?? this.store.district.code + part(record.subdistrict_code, 6) + part(record.community_code, 9);
      const highest = { ...this.base.highest };
      for (const code of this.given)
        highest[code.slice(0, -3)] = Math.max(highest[code.slice(0, -3)] ?? 0, Number(code.slice(-3)));
      const taken = (code) => (highest[code.slice(0, -3)] ?? 0) >= Number(code.slice(-3));
      let sequence = (highest[head] ?? 0) + 1;
      while (taken(head + String(sequence).padStart(3, "0"))) sequence++;
      return head + String(sequence).padStart(3, "0");
    }
    // ---- deciding
    accept(area) {
      this.add("accept", area, area.area_id, this.rows(this.members(area.area_id), area.area_id));
    }
    merge(area, target) {
      this.add("merge", area, target.area_id, [
        ...this.rows(this.members(area.area_id), target.area_id),
        ...this.own(target.area_id)
      ]);
    }
    // The chosen buildings become an area of their own; the rest of a proposal is accepted as it is.
    split(area, chosen) {
      const code = this.nextCode(area);
      const ids = new Set(chosen.map((building) => building.building_id));
      const rest = this.members(area.area_id).filter((building) => !ids.has(building.building_id));
      const rows2 = this.isProposal(area.area_id) ? this.rows(rest, area.area_id) : [];
      this.add("split", area, code, [...this.rows(chosen, code), ...rows2], { made: code });
    }
    move(building, target) {
      this.add("move", building, target.area_id, [
        ...this.rows([building], target.area_id),
        ...this.own(target.area_id, building)
      ]);
    }
    found(building) {
      const code = this.nextCode({ ...at(building), area_id: building.area_id });
      this.add("new", building, code, this.rows([building], code), { made: code });
    }
    release(building) {
      this.add("none", building, NONE, this.rows([building], NONE));
    }
    // ring: an open ring of [longitude, latitude]. area: none for ground that belongs to no area yet.
    draw(record, area, ring) {
      const code = area?.area_id ?? this.nextCode(at(record));
      this.entries = this.entries.filter((entry) => !(entry.act === "draw" && entry.target === code && area));
      this.add("draw", area ?? record, code, [], { ring, ...area ? {} : { made: code } });
    }
    // Only in the register, or drawn, or accepted is it an area that a building can go to: a proposal is
    // accepted with it.
    own(id, but = null) {
      return this.isProposal(id) ? this.rows(
        this.members(id).filter((building) => building !== but),
        id
      ) : [];
    }
    rows(buildings2, id) {
      return buildings2.map((building) => [building.building_id, id]);
    }
    add(act, subject, target, rows2, more = {}) {
      const id = 1 + Math.max(0, ...this.entries.map((entry) => entry.id));
      const about = subject.building_id ?? subject.area_id ?? subject.gap_id;
      const firm = this.isFirm(target);
      if (more.made) this.given.push(more.made);
      this.entries.push({
        id,
        act,
        subject: about,
        target,
        rows: rows2,
        firm,
        subdistrict_code: subject.subdistrict_code,
        by: this.by,
        on: today(),
        note: "",
        ...more
      });
      this.changed();
    }
    // An area that is no longer made takes what was decided on it later with it.
    undo(entry) {
      const gone = /* @__PURE__ */ new Set([entry]);
      for (const made of gone) {
        if (made.made) {
          for (const other of this.entries)
            if (other.target === made.made || other.subject === made.made) gone.add(other);
        }
      }
      this.entries = this.entries.filter((other) => !gone.has(other));
      this.changed();
    }
    // Who decides, or the note of an entry; the list stays as it is.
    write(choice2, entry = this) {
      Object.assign(entry, choice2);
      this.save();
    }
    // It was for an area in the register, which has gone from there: it can't be handed in.
    isStale(entry) {
      return entry.firm && !this.store.areaById.has(entry.target);
    }
    boxOf(entry) {
      const boxes = entry.rows.map(([id]) => this.building(id)?.box).filter(Boolean);
      if (entry.ring) {
        const corners2 = entry.ring.map(([lng, lat]) => toWorld({ lat, lng }));
        boxes.push(...corners2.map(([x, y]) => [x, y, x, y]));
      }
      return boxes.length ? unionBox(boxes) : null;
    }
  };
  var mayJoin = (a, b) => !a || !b || a === b;
  var at = ({ box, subdistrict_code, community_code }) => ({ box, subdistrict_code, community_code });
  var sameRing = (a, b) => {
    const key = (ring) => {
      const corners2 = ring.map((corner) => corner.map((value) => Math.round(value * 1e7)).join(" "));
      const turned = [corners2, [...corners2].reverse()].flatMap(
        (way) => way.map((_, i) => [...way.slice(i), ...way.slice(0, i)].join(","))
      );
      return turned.sort()[0];
    };
    return a.length === b.length && key(a) === key(b);
  };

  // js/data/rings.js
  var side = (a, b, c) => Math.sign((b.lng - a.lng) * (c.lat - a.lat) - (b.lat - a.lat) * (c.lng - a.lng));
  var between = (a, b, c) => Math.min(a.lng, b.lng) <= c.lng && c.lng <= Math.max(a.lng, b.lng) && Math.min(a.lat, b.lat) <= c.lat && c.lat <= Math.max(a.lat, b.lat);
  var meet = (a, b, c, d) => {
    const [abc, abd, cda, cdb] = [side(a, b, c), side(a, b, d), side(c, d, a), side(c, d, b)];
    if (abc !== abd && cda !== cdb) return true;
    return !abc && between(a, b, c) || !abd && between(a, b, d) || !cda && between(c, d, a) || !cdb && between(c, d, b);
  };
  var crossingSides = (corners2) => {
    const n = corners2.length;
    const crossed = /* @__PURE__ */ new Set();
    for (let i = 0; i < n; i++) {
      const [a, b, c] = [corners2[i], corners2[(i + 1) % n], corners2[(i + 2) % n]];
      if (a.equals(b, 0)) crossed.add(i);
      if (n > 2 && !side(a, b, c) && (b.lng - a.lng) * (c.lng - b.lng) + (b.lat - a.lat) * (c.lat - b.lat) <= 0)
        crossed.add(i);
      for (let j = i + 2; j < n; j++) {
        if (i === 0 && j === n - 1) continue;
        if (meet(a, b, corners2[j], corners2[(j + 1) % n])) crossed.add(i).add(j);
      }
    }
    return crossed;
  };

  // js/ui/elements.js
  var h = (tag, attributes, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes ?? {})) {
      if (value === null || value === void 0 || value === false) continue;
      if (typeof value === "function") element.addEventListener(name.slice(2), value);
      else element.setAttribute(name, value === true ? "" : String(value));
    }
    element.append(
      ...children.flat(Infinity).filter((child) => child !== null && child !== void 0 && child !== false)
    );
    return element;
  };
  var icon = (path, size = 18) => {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    for (const [name, value] of Object.entries({
      viewBox: "0 0 24 24",
      width: size,
      height: size,
      fill: "none",
      stroke: "currentColor",
      "stroke-width": 2,
      "stroke-linecap": "round",
      "stroke-linejoin": "round",
      "aria-hidden": "true"
    }))
      svg.setAttribute(name, String(value));
    const line2 = document.createElementNS(svg.namespaceURI, "path");
    line2.setAttribute("d", path);
    svg.append(line2);
    return svg;
  };
  var swatch = (status, colour = "") => {
    const sample = h("span", { class: `swatch ${status}`, "aria-hidden": "true" });
    sample.style.color = colour;
    return sample;
  };
  var bar = (parts) => {
    const whole = h("span", { class: "bar", "aria-hidden": "true" });
    for (const [status, count2] of parts) {
      if (!count2) continue;
      const part = h("span", { class: `part ${status}` });
      part.style.flexGrow = String(count2);
      whole.append(part);
    }
    return whole;
  };

  // js/deciding/drawing.js
  var INK = "#006b4f";
  var WRONG = "#b5174b";
  var rounded = ({ lat, lng }) => L.latLng(Number(lat.toFixed(7)), Number(lng.toFixed(7)));
  var handle = (name) => L.divIcon({ className: `corner ${name}`, html: h("span", {}), iconSize: [22, 22] });
  var Drawing = class {
    // changed: called with the drawing whenever its corners are others.
    constructor(map, changed) {
      this.map = map;
      this.changed = changed;
      this.corners = [];
      this.lines = L.layerGroup().addTo(map);
      this.handles = L.layerGroup().addTo(map);
      this.cross = h("div", { class: "crosshair", "aria-hidden": "true" });
      map.getContainer().append(this.cross);
      map.getContainer().classList.add("drawing");
      map.doubleClickZoom.disable();
    }
    end() {
      this.lines.remove();
      this.handles.remove();
      this.cross.remove();
      this.map.getContainer().classList.remove("drawing");
      this.map.doubleClickZoom.enable();
    }
    get ring() {
      return this.corners.map(({ lng, lat }) => [lng, lat]);
    }
    get isWrong() {
      return this.corners.length > 2 && crossingSides(this.corners).size > 0;
    }
    get isReady() {
      return this.corners.length > 2 && !this.isWrong;
    }
    add(latlng, at2 = this.corners.length) {
      this.corners.splice(at2, 0, rounded(latlng));
      this.draw();
    }
    remove(at2 = this.corners.length - 1) {
      this.corners.splice(at2, 1);
      this.draw();
    }
    shift(at2, latlng) {
      this.corners[at2] = rounded(latlng);
      this.line();
    }
    draw() {
      this.handles.clearLayers();
      this.corners.forEach((corner, i) => this.corner(corner, i));
      const n = this.corners.length;
      if (n > 1) for (let i = 0; i < (n > 2 ? n : 1); i++) this.middle(i);
      this.line();
    }
    corner(corner, i) {
      const title = String(i + 1);
      const marker = L.marker(corner, {
        icon: handle("own"),
        draggable: true,
        keyboard: true,
        title,
        alt: title,
        bubblingMouseEvents: false
      });
      marker.on("drag", () => this.shift(i, marker.getLatLng()));
      marker.on("dragend", () => this.draw());
      this.handles.addLayer(marker);
      L.DomEvent.on(marker.getElement(), "keydown", (event) => this.key(event, i));
    }
    // A corner that has the focus is moved with the arrow keys, and removed with the delete key.
    key(event, i) {
      const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
      if (step)
        this.shift(
          i,
          this.map.containerPointToLatLng(
            this.map.latLngToContainerPoint(this.corners[i]).add(L.point(step).multiplyBy(event.shiftKey ? 10 : 2))
          )
        );
      else if (event.key === "Delete" || event.key === "Backspace") this.remove(i);
      else return;
      L.DomEvent.stop(event);
      this.draw();
      this.handles.getLayers()[Math.min(i, this.corners.length - 1)]?.getElement().focus();
    }
    // Dragged, it becomes a corner.
    middle(i) {
      const next = (i + 1) % this.corners.length;
      const [a, b] = [this.corners[i], this.corners[next]].map((corner) => this.map.project(corner, 20));
      const marker = L.marker(this.map.unproject(a.add(b).divideBy(2), 20), {
        icon: handle("middle"),
        draggable: true,
        keyboard: false,
        bubblingMouseEvents: false
      });
      marker.on("dragstart", () => this.corners.splice(i + 1, 0, rounded(marker.getLatLng())));
      marker.on("drag", () => this.shift(i + 1, marker.getLatLng()));
      marker.on("dragend", () => this.draw());
      this.handles.addLayer(marker);
    }
    line() {
      const wrong = this.corners.length > 2 ? crossingSides(this.corners) : /* @__PURE__ */ new Set();
      const n = this.corners.length;
      this.lines.clearLayers();
      const style = { interactive: false };
      if (n > 2)
        this.lines.addLayer(
          L.polygon(this.corners, {
            ...style,
            stroke: false,
            fillColor: wrong.size ? WRONG : INK,
            fillOpacity: 0.12
          })
        );
      for (let i = 0; i < n && n > 1; i++) {
        const side2 = [this.corners[i], this.corners[(i + 1) % n]];
        const colour = wrong.has(i) ? WRONG : INK;
        if (i < n - 1 || n > 2) {
          this.lines.addLayer(L.polyline(side2, { ...style, color: "#ffffff", weight: 6 }));
          this.lines.addLayer(
            L.polyline(side2, { ...style, color: colour, weight: 3, dashArray: i === n - 1 ? "6 5" : null })
          );
        }
      }
      this.changed(this);
    }
  };

  // js/data/csv.js
  var FORMULA = /^(?:'*[=+\-@\t\r\n＝＋－＠]|'+\d|'*[\u2018\u2019`＇]\d)/;
  var csvCell = (value) => {
    const text = String(value ?? "");
    return `"${(FORMULA.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
  };

  // js/deciding/files.js
  var kind = (decisions, id) => id === "none" || decisions.isFirm(id) ? "move" : "accept";
  var decisionsCsv = (decisions) => {
    const { base, entries } = decisions;
    const rows2 = /* @__PURE__ */ new Map();
    base.decisions.building_id.forEach((id, i) => {
      const row2 = Object.fromEntries(COLUMNS.decisions.map((name) => [name, base.decisions[name][i]]));
      if (decisions.store.areaById.get(row2.area_id)?.origin === "decision") row2.kind = "accept";
      rows2.set(id, row2);
    });
    for (const entry of entries) {
      if (decisions.isStale(entry)) continue;
      for (const [id, area] of entry.rows) {
        rows2.set(id, {
          building_id: id,
          area_id: area,
          kind: kind(decisions, area),
          decided_by: entry.by || decisions.by,
          decided_on: entry.on,
          note: entry.note
        });
      }
    }
    const ids = [...rows2.keys()].sort((a, b) => a < b ? -1 : 1);
    const cells = ids.map((id) => COLUMNS.decisions.map((name) => rows2.get(id)[name]));
    return "\uFEFF" + [COLUMNS.decisions, ...cells].map((row2) => row2.map(csvCell).join(",") + "\r\n").join("");
  };
  var polygon = (ring) => {
    const corners2 = ring.map((corner) => corner.map((value) => Number(value.toFixed(7))));
    const turn2 = corners2.reduce((sum, [x, y], i) => {
      const [nextX, nextY] = corners2[(i + 1) % corners2.length];
      return sum + (x - corners2[0][0]) * (nextY - corners2[0][1]) - (nextX - corners2[0][0]) * (y - corners2[0][1]);
    }, 0);
    const way = turn2 < 0 ? [...corners2].reverse() : corners2;
    return { type: "Polygon", coordinates: [[...way, way[0]]] };
  };
  var boundariesGeojson = (decisions) => {
    const features = new Map(decisions.base.boundaries.map((feature) => [feature.properties.area_id, feature]));
    for (const { ring, target, by, on } of decisions.entries) {
      if (!ring) continue;
      const properties = {
        area_id: target,
        kind: "hand_drawn",
        decided_by: by || decisions.by || null,
        decided_on: on
      };
      features.set(target, { type: "Feature", properties, geometry: polygon(ring) });
    }
    return `{"type":"FeatureCollection","features":[
${[...features.values()].map((feature) => JSON.stringify(feature)).join(",\n")}
]}
`;
  };

  // js/draw/styles.js
  var STYLES = {
    served: { ground: "#c5d9e9", near: "#d6e2ea", line: "#6f9fc8", building: "#6d9cc4", edge: "#5787b0" },
    paper_only: {
      ground: "#f6ddaa",
      near: "#f3e3c0",
      line: "#cf8f1f",
      building: "#e0a744",
      edge: "#c28520",
      hatch: "#e0a744",
      pattern: "falling"
    },
    unsigned: {
      ground: "#e3e5e8",
      near: "#e6e7e9",
      line: "#808993",
      building: "#a3aab2",
      edge: "#848d97",
      hatch: "#9aa2ab",
      pattern: "dots",
      dash: [5, 3]
    },
    registered: { ground: "#cfe3df", near: "#dae8e5", line: "#5b958c", building: "#86b5ad", edge: "#5f968d" },
    proposed: {
      ground: "#dcd8ee",
      near: "#e4e1f0",
      line: "#7d72b0",
      building: "#9c92cb",
      edge: "#7468a8",
      hatch: "#b3aad8",
      pattern: "rows",
      dash: [6, 2]
    },
    gap: {
      ground: "#f7dce4",
      near: "#f9e4ea",
      line: "#b5174b",
      building: "#b5174b",
      edge: "#8d0f38",
      hatch: "#c94a73",
      pattern: "rising"
    },
    elsewhere: {
      ground: "#ebe5d8",
      near: "#ece7dc",
      line: "#b8aa8c",
      building: "#cbbfa6",
      edge: "#ad9f82",
      dash: [2, 3]
    },
    other: { building: "#d9d5cd", edge: "#c4bfb4" }
  };
  var GROUND = {
    background: "#f2f0eb",
    block: "#e9e6df",
    residential: "#e9e6df",
    public: "#e7e1e6",
    road: "#f7f4ee",
    other: "#e9e6df",
    green: "#dbe6cf",
    greenLine: "#cbd9bb",
    water: "#c6dce6",
    waterLine: "#a5c6d6",
    boundary: "#3a3350"
  };
  var LAND = ["residential", "other", "road", "public", "green", "water"];
  var ROADS = {
    path: { width: 2, least: 0, from: 16.5, fill: "#fbfaf7", casing: null },
    lane: { width: 4, least: 0.8, from: 14.75, fill: "#ffffff", casing: "#dfdace" },
    local: { width: 9, least: 1.6, from: 13, fill: "#ffffff", casing: "#ddd6c8" },
    collector: { width: 16, least: 2.4, from: 11, fill: "#ffffff", casing: "#d8cfbc" },
    arterial: { width: 26, least: 3.2, from: 9, fill: "#fff6e2", casing: "#dcc89a" }
  };
  var SIZE = 8;
  var DRAW = {
    falling: (c) => {
      for (const d of [-SIZE, 0, SIZE]) {
        c.moveTo(d - 2, -2);
        c.lineTo(d + SIZE + 2, SIZE + 2);
      }
    },
    rising: (c) => {
      for (const d of [-SIZE, 0, SIZE]) {
        c.moveTo(d - 2, SIZE + 2);
        c.lineTo(d + SIZE + 2, -2);
      }
    },
    rows: (c) => {
      c.moveTo(0, SIZE / 2);
      c.lineTo(SIZE, SIZE / 2);
    },
    dots: (c) => {
      for (const [x, y] of [
        [2, 2],
        [6, 6]
      ]) {
        c.moveTo(x + 0.8, y);
        c.arc(x, y, 0.8, 0, 7);
      }
    }
  };
  var WIDTH = { falling: 1, rising: 2.2, rows: 1, dots: 0.6 };
  var makePatterns = (context, ratio) => {
    const patterns = {};
    for (const [status, style] of Object.entries(STYLES)) {
      if (!style.pattern) continue;
      const canvas = document.createElement("canvas");
      canvas.width = canvas.height = Math.round(SIZE * ratio);
      const c = canvas.getContext("2d");
      c.scale(canvas.width / SIZE, canvas.width / SIZE);
      c.strokeStyle = style.hatch;
      c.lineWidth = WIDTH[style.pattern];
      c.beginPath();
      DRAW[style.pattern](c);
      c.stroke();
      patterns[status] = context.createPattern(canvas, "repeat");
      patterns[status].setTransform(new DOMMatrix().scale(SIZE / canvas.width));
    }
    return patterns;
  };

  // js/deciding/pending.js
  var INK2 = "#006b4f";
  var NEW = "#4fae8d";
  var TAGS_FROM = 15;
  var corners = (ring) => Array.from({ length: ring.length / 2 }, (_, i) => toLatLng([ring[2 * i], ring[2 * i + 1]]));
  var middle3 = (box) => [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
  var quiet = { interactive: false };
  var Pending = (
    /** @type {any} */
    L.LayerGroup.extend({
      initialize(decisions) {
        L.LayerGroup.prototype.initialize.call(this);
        this.decisions = decisions;
        this.tags = L.layerGroup();
      },
      onAdd(map) {
        L.LayerGroup.prototype.onAdd.call(this, map);
        this.decisions.on("decided", this.draw, this);
        this.decisions.store.on("language", this.draw, this);
        this.decisions.store.sketches.push((zoom) => [
          ...this.getLayers(),
          ...zoom >= TAGS_FROM ? this.tags.getLayers() : []
        ]);
        map.on("zoomend", this.fit, this);
        this.draw();
      },
      fit() {
        if (this._map.getZoom() >= TAGS_FROM) this.tags.addTo(this._map);
        else this.tags.remove();
      },
      draw() {
        this.clearLayers();
        this.tags.clearLayers();
        for (const entry of this.decisions.entries) this.outline(entry);
        for (const [id, { area, entry }] of this.decisions.now)
          this.building(this.decisions.building(id), area, entry);
        for (const entry of this.decisions.entries) this.tag(entry);
        this.fit();
      },
      // What an area was, dashed; what is drawn, as it is drawn.
      outline(entry) {
        const { decisions } = this;
        const { store: store2 } = decisions;
        if (entry.ring) {
          const ring = entry.ring.map(([lng, lat]) => [lat, lng]);
          this.addLayer(L.polygon(ring, { ...quiet, color: "#ffffff", weight: 6, fill: false }));
          this.addLayer(L.polygon(ring, { ...quiet, color: INK2, weight: 3, fillColor: INK2, fillOpacity: 0.08 }));
          return;
        }
        const areas2 = { accept: [entry.subject], split: [entry.subject], merge: [entry.subject, entry.target] }[entry.act] ?? [];
        for (const area of areas2.map((id) => store2.areaById.get(id))) {
          if (!area?.rings.length || decisions.isProposal(area.area_id) && !decisions.isAbout(entry, area.area_id))
            continue;
          this.addLayer(
            L.polygon(area.rings.map(corners), {
              ...quiet,
              color: "#ffffff",
              weight: 5,
              opacity: 0.8,
              fill: false
            })
          );
          this.addLayer(
            L.polygon(area.rings.map(corners), {
              ...quiet,
              color: INK2,
              weight: 2.5,
              dashArray: "7 4",
              fillColor: INK2,
              fillOpacity: 0.07
            })
          );
        }
        if (entry.act === "merge")
          this.way(store2.areaById.get(entry.subject)?.label, decisions.area(entry.target)?.label);
      },
      building(building, id, entry) {
        if (!building) return;
        const target = this.decisions.area(id);
        const made = this.decisions.made.has(id);
        const fill2 = made ? NEW : STYLES[target?.status ?? "gap"].building;
        const shape = building.rings.map(corners);
        this.addLayer(L.polygon(shape, { ...quiet, color: "#ffffff", weight: 4.5, fill: false }));
        this.addLayer(L.polygon(shape, { ...quiet, color: INK2, weight: 2, fillColor: fill2, fillOpacity: 1 }));
        if (entry.act === "move" && entry.subject === building.building_id)
          this.way(middle3(building.box), target?.label);
      },
      // From where to where.
      way(from, to) {
        if (from && to)
          this.addLayer(
            L.polyline([toLatLng(from), toLatLng(to)], { ...quiet, color: INK2, weight: 2, dashArray: "2 5" })
          );
      },
      // On the upper edge of what it is about.
      tag(entry) {
        const { decisions } = this;
        const subject = decisions.store.areaById.get(entry.subject) ?? decisions.building(entry.subject);
        const box = entry.made || entry.ring ? decisions.boxOf(
          entry.made ? { ...entry, rows: entry.rows.filter(([, area]) => area === entry.made) } : entry
        ) : subject?.box;
        if (!box || !Number.isFinite(box[0])) return;
        const html = h(
          "span",
          {},
          decisions.store.t(`decide.tag.${entry.act}`, { target: areaLabelOf(decisions, entry.target) })
        );
        const at2 = toLatLng([(box[0] + box[2]) / 2, box[1]]);
        this.tags.addLayer(
          L.marker(at2, {
            ...quiet,
            keyboard: false,
            icon: L.divIcon({ html, className: `pending-tag ${entry.act}`, iconSize: null })
          })
        );
      }
    })
  );
  Pending.shape = ({ rings }) => L.polygon(rings.map(corners), { ...quiet, color: INK2, weight: 3, fillColor: NEW, fillOpacity: 1 });
  var areaLabelOf = (decisions, id) => {
    const area = decisions.area(id);
    return area ? decisions.store.areaLabel(area) : id;
  };

  // js/ui/download.js
  var download = (name, type, text) => {
    const link2 = h("a", { href: URL.createObjectURL(new Blob([text], { type })), download: name });
    link2.click();
    setTimeout(() => URL.revokeObjectURL(link2.href), 6e4);
  };

  // js/deciding/deciding.js
  var NEAREST = 8;
  var Deciding = class {
    constructor(store2) {
      this.store = store2;
    }
    addTo(map) {
      this.map = map;
      this.card = h("div", {
        class: "mode",
        role: "group",
        hidden: true,
        onkeydown: (event) => this.key(event)
      });
      L.DomEvent.disableClickPropagation(this.card);
      L.DomEvent.disableScrollPropagation(this.card);
      map.getContainer().append(this.card);
      document.addEventListener(
        "keydown",
        (event) => this.mode && [map.getContainer(), document.body].includes(event.target) && this.key(event)
      );
      if (this.store.isComplete) this.start();
      else this.store.once("facts", this.start, this);
      return this;
    }
    start() {
      const { store: store2 } = this;
      this.decisions = new Decisions(store2);
      this.section = h("section", { class: "decisions" });
      this.list();
      new Pending(this.decisions).addTo(this.map);
      this.decisions.on("decided", () => {
        this.list();
        store2.fire("decided");
      });
      store2.on("language", () => {
        this.list();
        if (this.mode) this.begin(this.mode);
      });
      store2.deciding = this;
    }
    word(key, values) {
      return this.store.t(`decide.${key}`, values);
    }
    // As the map calls it: of a code, what tells it from the others.
    name(id) {
      return areaLabelOf(this.decisions, id);
    }
    // A building, an area or a piece of ground, by its id.
    subject(id) {
      const { store: store2, decisions } = this;
      const building = decisions.building(id);
      if (building) return store2.buildingName(building);
      const gap = store2.gaps.find((each) => each.gap_id === id);
      return gap ? store2.t(`gap.${gap.kind}`) : this.name(id);
    }
    what({ act, subject, target, rows: rows2, made }) {
      const n = rows2.filter(([, area]) => area === (made ?? target)).length;
      return this.word(`what.${act}`, {
        subject: this.subject(subject),
        target: this.name(target),
        n: this.store.number(n)
      });
    }
    // ---- what a popup offers
    choices(kind2, record) {
      if (kind2 === "gap") return this.choicesOfGap(record);
      if (kind2 === "building") return record.status === "other" ? [] : this.choicesOfBuilding(record);
      return kind2 === "area" ? this.choicesOfArea(record) : [];
    }
    choicesOfGap(gap) {
      const building = this.decisions.building(gap.building_id);
      if (building) return this.choices("building", building);
      const close = () => this.store.select(null, null);
      return gap.kind === "uncovered_ground" ? [["draw_new", () => this.draw(gap, null, close)]] : [];
    }
    choicesOfBuilding(building) {
      const { store: store2, decisions } = this;
      const again = () => store2.select("building", building);
      const isOfNone = decisions.areaIdOf(building) === "none";
      return [
        ["move", () => this.pick(building, again)],
        ...isOfNone ? [] : [["none", () => decisions.release(building)]]
      ];
    }
    choicesOfArea(area) {
      const { store: store2, decisions, map } = this;
      const again = () => store2.select("area", area);
      const members = decisions.members(area.area_id).length;
      const isProposal = decisions.isProposal(area.area_id);
      const isFree = members > 0 && !decisions.hasBoundary(area.area_id);
      const split = () => {
        map.fitBounds(boundsOf(area.box), { maxZoom: 18, padding: [90, 90], animate: false });
        this.split(area, again);
      };
      const choices = [
        [isFree && isProposal && !decisions.isAccepted(area.area_id), "accept", () => decisions.accept(area)],
        [isFree, "merge", () => this.merge(area, again)],
        [isFree && members > 1, "split", split],
        [members > 0 || !isProposal, "draw", () => this.draw(area, area, again)]
      ];
      return choices.filter(([isOffered]) => isOffered).map(([, ...choice2]) => choice2);
    }
    // For a popup: what is pending there, and what can be decided.
    offer(kind2, record) {
      const { decisions } = this;
      const id = record.building_id ?? record.area_id ?? record.gap_id;
      const pending = kind2 === "compound" ? [] : decisions.entries.filter((entry) => entry.subject === id || decisions.now.get(id)?.entry === entry);
      const choices = this.choices(kind2, record);
      if (!pending.length && !choices.length) return null;
      const button = (text, act, more = {}) => h(
        "button",
        {
          type: "button",
          ...more,
          onclick: (event) => {
            event.stopPropagation();
            act();
          }
        },
        text
      );
      return h(
        "div",
        { class: "offer" },
        pending.map(
          (entry) => h(
            "p",
            { class: "pending" },
            h("span", {}, `${this.word("pending")} · ${this.what(entry)}`),
            button(this.word("undo"), () => decisions.undo(entry), {
              "aria-label": `${this.word("undo")}: ${this.what(entry)}`
            })
          )
        ),
        h(
          "div",
          { class: "buttons" },
          choices.map(
            ([key, act]) => button(
              this.word(key),
              () => {
                act();
                this.refocus();
              },
              { class: `decide ${key}` }
            )
          )
        )
      );
    }
    // What had the focus has been made again.
    refocus() {
      if (document.activeElement !== document.body && document.activeElement?.isConnected && !document.activeElement.matches(".told"))
        return;
      const next = this.mode ? this.card : this.map.getContainer().querySelector(".leaflet-popup .offer");
      (next?.querySelector("button:enabled") ?? this.map.getContainer()).focus({ preventScroll: true });
    }
    // ---- choices that are made on the map: a mode takes the clicks until it ends
    begin(mode) {
      if (this.mode && this.mode !== mode) this.mode.end?.();
      this.store.use("");
      this.mode = mode;
      this.store.choosing = mode;
      this.store.select(null, null);
      this.map.getContainer().classList.add("choosing");
      this.said = h("p", { class: "said", role: "status" });
      this.card.replaceChildren(
        h("h2", {}, mode.title()),
        h("p", {}, this.word(mode.hint)),
        ...mode.content(),
        this.said,
        h(
          "div",
          { class: "buttons" },
          mode.buttons(),
          h("button", { type: "button", class: "cancel", onclick: () => this.end() }, this.word("cancel"))
        )
      );
      this.card.setAttribute("aria-label", mode.title());
      this.card.hidden = false;
      mode.update?.();
      this.card.querySelector("button:enabled, input")?.focus({ preventScroll: true });
    }
    end(then) {
      this.mode?.end?.();
      this.mode = null;
      this.store.choosing = null;
      this.card.hidden = true;
      this.map.getContainer().classList.remove("choosing");
      then?.();
      this.refocus();
    }
    key(event) {
      event.stopPropagation();
      if (event.key === "Escape") this.end();
      else if (!this.mode.key?.(event)) return;
      event.preventDefault();
    }
    // One area of those near it, from the list or by a click. choose: what to do with it.
    target({ title, hint, record, options: options2, also, choose, then }) {
      const { decisions, store: store2 } = this;
      const chosen = (area) => {
        choose(area);
        this.end(then);
      };
      const place = { box: record.box, subdistrict_code: record.subdistrict_code };
      this.begin({
        title,
        hint,
        content: () => [
          h(
            "ul",
            { class: "targets" },
            decisions.targets(place, options2).slice(0, NEAREST).map(
              (area) => h(
                "li",
                {},
                h(
                  "button",
                  { type: "button", class: "row", onclick: () => chosen(area) },
                  swatch(area.status),
                  h("span", { class: "name" }, store2.areaName(area)),
                  h(
                    "span",
                    { class: "note" },
                    (options2.first ?? []).includes(area.area_id) ? this.word("runner_up") : area.name ? area.area_id : null
                  )
                )
              )
            )
          )
        ],
        buttons: () => also.map(
          ([key, act]) => h(
            "button",
            {
              type: "button",
              onclick: () => {
                act();
                this.end(then);
              }
            },
            this.word(key)
          )
        ),
        click: (_, found) => {
          const id = found?.kind === "building" ? decisions.areaIdOf(found.record) : found?.kind === "area" ? found.record.area_id : null;
          const area = id && decisions.area(id);
          if (!area) this.said.textContent = this.word("no_area_here");
          else if (options2.except.includes(id)) this.said.textContent = this.word("same_area");
          else if (!decisions.mayGo(record, area)) this.said.textContent = this.word("other_subdistrict");
          else chosen(area);
        }
      });
    }
    pick(building, then) {
      const { decisions } = this;
      const own = decisions.areaIdOf(building);
      const runner = building.runner_up_area_id;
      this.target({
        title: () => this.word("move.title", { name: this.store.buildingName(building) }),
        hint: "move.hint",
        record: building,
        options: { first: runner && runner !== own ? [runner] : [], except: [own] },
        also: [
          ["new", () => decisions.found(building)],
          ["none", () => decisions.release(building)]
        ],
        choose: (area) => decisions.move(building, area),
        then
      });
    }
    merge(area, then) {
      this.target({
        title: () => this.word("merge.title", { name: this.store.areaName(area) }),
        hint: "merge.hint",
        record: area,
        options: { except: [area.area_id] },
        also: [],
        choose: (target) => this.decisions.merge(area, target),
        then
      });
    }
    split(area, then) {
      const { decisions, store: store2 } = this;
      const members = decisions.members(area.area_id);
      const chosen = /* @__PURE__ */ new Set();
      const shown = L.layerGroup().addTo(this.map);
      const boxes = new Map(
        members.map((building) => [
          building,
          h("input", { type: "checkbox", onchange: () => toggle(building) })
        ])
      );
      const done = h("button", {
        type: "button",
        class: "main",
        onclick: () => {
          decisions.split(area, [...chosen]);
          this.end(then);
        }
      });
      const toggle = (building) => {
        if (!chosen.delete(building)) chosen.add(building);
        this.mode.update();
      };
      this.begin({
        title: () => this.word("split.title", { name: store2.areaName(area) }),
        hint: "split.hint",
        content: () => [
          h(
            "ul",
            { class: "members" },
            members.map(
              (building) => h("li", {}, h("label", {}, boxes.get(building), h("span", {}, store2.buildingName(building))))
            )
          )
        ],
        buttons: () => [done],
        update: () => {
          for (const [building, box] of boxes) box.checked = chosen.has(building);
          done.textContent = this.word("split.done", { n: store2.number(chosen.size) });
          done.disabled = !chosen.size || chosen.size === members.length;
          shown.clearLayers();
          for (const building of chosen) shown.addLayer(Pending.shape(building));
        },
        click: (_, found) => {
          const building = found?.kind === "building" ? members.find((member) => member === found.record) : null;
          this.said.textContent = building ? "" : this.word("split.not_here");
          if (building) toggle(building);
        },
        end: () => shown.remove()
      });
    }
    // record: the ground or area it is about. area: none for a new one.
    draw(record, area, then) {
      const { decisions, store: store2, map } = this;
      const done = h("button", { type: "button", class: "main", onclick: () => finish() });
      const back = h("button", { type: "button", onclick: () => drawing.remove() });
      const here = h("button", { type: "button", onclick: () => drawing.add(map.getCenter()) });
      const finish = () => {
        if (!drawing.isReady) return;
        decisions.draw(record, area, drawing.ring);
        this.end(then);
      };
      const mode = {
        title: () => this.word(area ? "draw.title" : "draw_new.title", { name: area && store2.areaName(area) }),
        hint: "draw.hint",
        content: () => [],
        buttons: () => [done, back, here],
        update: () => {
          const n = drawing.corners.length;
          [done, back, here].forEach(
            (button, i) => button.textContent = this.word(["draw.done", "draw.back", "draw.here"][i])
          );
          done.disabled = !drawing.isReady;
          back.disabled = !n;
          this.said.textContent = this.word(drawing.isWrong ? "draw.crosses" : "draw.corners", {
            n: store2.number(n)
          });
          this.said.classList.toggle("wrong", drawing.isWrong);
        },
        click: (latlng) => drawing.add(latlng),
        key: (event) => {
          const onMap = event.target === map.getContainer();
          if (onMap && event.key === "Enter") finish();
          else if (onMap && event.key === " ") drawing.add(map.getCenter());
          else if (onMap && event.key === "Backspace" && drawing.corners.length) drawing.remove();
          else return false;
          return true;
        },
        end: () => drawing.end()
      };
      if (this.mode) this.end();
      const drawing = new Drawing(map, () => this.mode === mode && mode.update());
      this.begin(mode);
    }
    // ---- the list in the panel
    list() {
      const { decisions, store: store2, section: section2 } = this;
      const { entries } = decisions;
      const focused = section2.contains(document.activeElement);
      const rows2 = entries.reduce((sum, entry) => sum + entry.rows.length, 0);
      const rings = entries.filter(({ ring }) => ring).length;
      section2.setAttribute("aria-label", this.word("list"));
      const header = h(
        "header",
        {},
        h("h2", {}, this.word("list")),
        h("span", { class: "note" }, this.word("list.count", { n: store2.number(entries.length) }))
      );
      const alarm = decisions.keeps ? null : h("p", { class: "alarm", role: "alert" }, this.word("not_kept"));
      if (!entries.length) {
        section2.replaceChildren(
          ...[header, alarm, h("p", { class: "hint" }, this.word("list.hint"))].filter(Boolean)
        );
        return;
      }
      const by = h("input", {
        value: decisions.by,
        autocomplete: "name",
        maxlength: 80,
        "data-key": "decided_by",
        oninput: () => decisions.write({ by: by.value.trim() })
      });
      const file = (key, n, type, text) => n > 0 && h(
        "button",
        {
          type: "button",
          class: "file",
          "data-key": key,
          onclick: () => download(key, type, text(decisions))
        },
        this.word("file", { name: key })
      );
      section2.replaceChildren(
        ...[
          header,
          alarm,
          h("label", { class: "by" }, h("span", {}, this.word("by")), by),
          h(
            "ul",
            {},
            [...entries].reverse().map((entry) => this.row(entry))
          ),
          h(
            "div",
            { class: "files" },
            file("decisions.csv", rows2, "text/csv", decisionsCsv),
            file("boundaries.geojson", rings, "application/geo+json", boundariesGeojson)
          ),
          h("p", { class: "hint" }, this.word("operator"))
        ].filter(Boolean)
      );
      if (focused) section2.querySelector("li button").focus();
    }
    row(entry) {
      const { decisions, map } = this;
      const what = this.what(entry);
      const show = () => {
        const box = decisions.boxOf(entry);
        if (box) map.fitBounds(boundsOf(box), { maxZoom: 18, padding: [110, 110], animate: false });
      };
      const note = h("input", {
        value: entry.note,
        placeholder: this.word("note"),
        "aria-label": `${this.word("note")}: ${what}`,
        maxlength: 200,
        oninput: () => decisions.write({ note: note.value.trim() }, entry)
      });
      return h(
        "li",
        { class: decisions.isStale(entry) ? "stale" : null },
        h("button", { type: "button", class: "what", onclick: show }, what),
        h(
          "button",
          {
            type: "button",
            class: "undo",
            title: this.word("undo"),
            "aria-label": `${this.word("undo")}: ${what}`,
            onclick: () => decisions.undo(entry)
          },
          "×"
        ),
        decisions.isStale(entry) ? h("p", {}, this.word("stale")) : note
      );
    }
  };

  // js/draw/placing.js
  var CELL = 64;
  var Placing = class {
    cells = /* @__PURE__ */ new Map();
    // box: [left, top, right, bottom] in pixels. True, and taken, if it is free.
    take(boxes) {
      if (boxes.some((box) => this.#touches(box))) return false;
      for (const box of boxes)
        this.#each(box, (key) => this.cells.set(key, [...this.cells.get(key) ?? [], box]));
      return true;
    }
    #touches([left, top, right, bottom]) {
      let touches = false;
      this.#each([left, top, right, bottom], (key) => {
        touches ||= (this.cells.get(key) ?? []).some(
          (b) => b[0] < right && b[2] > left && b[1] < bottom && b[3] > top
        );
      });
      return touches;
    }
    #each([left, top, right, bottom], visit) {
      for (let x = Math.floor(left / CELL); x <= Math.floor(right / CELL); x++) {
        for (let y = Math.floor(top / CELL); y <= Math.floor(bottom / CELL); y++) visit(`${x}:${y}`);
      }
    }
  };
  var straightStretches = (points, need, every) => {
    const found = [];
    for (let i = 0; i + 1 < points.length; ) {
      let j = i + 1;
      const first = Math.atan2(points[j][1] - points[i][1], points[j][0] - points[i][0]);
      while (j + 1 < points.length && Math.abs(turn(first, Math.atan2(points[j + 1][1] - points[j][1], points[j + 1][0] - points[j][0]))) < 0.2)
        j++;
      const [dx, dy] = [points[j][0] - points[i][0], points[j][1] - points[i][1]];
      const length = Math.hypot(dx, dy);
      if (length >= need) {
        const times = Math.max(1, Math.floor(length / every));
        for (let k = 0; k < times; k++) {
          const t = (k + 0.5) / times;
          found.push({ x: points[i][0] + t * dx, y: points[i][1] + t * dy, angle: Math.atan2(dy, dx) });
        }
      }
      i = j;
    }
    return found;
  };
  var turn = (a, b) => Math.atan2(Math.sin(b - a), Math.cos(b - a));

  // js/draw/labels.js
  var Labels = (
    /** @type {any} */
    L.Layer.extend({
      pane: "labels",
      initialize(store2) {
        this.store = store2;
        store2.labels ??= this;
      },
      onAdd(map) {
        const pane = map.getPane(this.pane) ?? map.createPane(this.pane);
        pane.classList.add(`${this.pane}-pane`);
        this.canvas = L.DomUtil.create("canvas", "labels leaflet-zoom-hide", pane);
        this.widths = /* @__PURE__ */ new Map();
        map.on("moveend resize viewreset", this.soon, this);
        map.on("zoomend", this.clear, this);
        this.store.on("change language select facts", this.soon, this);
        this.soon();
      },
      onRemove(map) {
        map.off("moveend resize viewreset", this.soon, this);
        map.off("zoomend", this.clear, this);
        this.store.off("change language select facts", this.soon, this);
        this.canvas.remove();
      },
      // A move is often several events: one drawing for all of them, with the next frame.
      soon() {
        this.due ??= requestAnimationFrame(() => {
          this.due = null;
          this.draw();
        });
      },
      // Names of another zoom stand in the wrong places.
      clear() {
        this.canvas.width = 0;
        this.soon();
      },
      draw() {
        const map = this._map;
        if (!map?._loaded) return;
        const ratio = window.devicePixelRatio || 1;
        const size = map.getSize();
        const pad = size.multiplyBy(0.15).round();
        const whole = size.add(pad.multiplyBy(2));
        this.canvas.width = whole.x * ratio;
        this.canvas.height = whole.y * ratio;
        this.canvas.style.width = `${whole.x}px`;
        this.canvas.style.height = `${whole.y}px`;
        L.DomUtil.setPosition(this.canvas, map.containerPointToLayerPoint(pad.multiplyBy(-1)));
        const corner = map.getPixelBounds().min.subtract(pad);
        const c = this.canvas.getContext("2d");
        c.scale(ratio, ratio);
        this.paint(c, {
          left: corner.x,
          top: corner.y,
          width: whole.x,
          height: whole.y,
          zoom: map.getZoom(),
          isOverTiles: this.isOverTiles
        });
      },
      // The names of a part of the world, in pixels of this zoom. Over online tiles roads and parks have theirs
      // already.
      paint(c, { left, top, width, height, zoom, isOverTiles = false }) {
        const scale = 256 * 2 ** zoom;
        c.textAlign = "center";
        c.textBaseline = "middle";
        c.lineJoin = "round";
        this.view = {
          c,
          zoom,
          width,
          height,
          placing: new Placing(),
          scale,
          at: ([x, y]) => [x * scale - left, y * scale - top]
        };
        const view = [left / scale, top / scale, (left + width) / scale, (top + height) / scale];
        this.near = (table) => table.shapes.meeting(view);
        this.rows = (table) => this.near(table).map((i) => table.at(i));
        this.subdistricts();
        this.extras();
        this.areas();
        if (!isOverTiles) this.roads();
        if (!isOverTiles) this.land();
        this.doors();
      },
      // Measuring takes longer than remembering.
      width(line2) {
        const key = `${line2.text} ${line2.size} ${line2.weight}`;
        if (this.widths.size > 2e4) this.widths.clear();
        if (!this.widths.has(key)) {
          this.view.c.font = this.font(line2);
          this.widths.set(key, this.view.c.measureText(line2.text).width);
        }
        return this.widths.get(key);
      },
      // Rows in view at least so many pixels wide.
      wide(table, pixels) {
        const least = pixels / this.view.scale * UNITS;
        const box = [0, 0, 0, 0];
        return this.near(table).filter((i) => table.shapes.box(i, box) && box[2] - box[0] >= least).map((i) => table.at(i));
      },
      // Lines of text in the middle of a point; false if there is no room.
      write(point, lines, gap = 2) {
        const { placing, width, height } = this.view;
        const [x, y] = point;
        if (x < 0 || y < 0 || x > width || y > height) return false;
        const tall = lines.reduce((sum, line2) => sum + line2.size * 1.2, 0);
        const widest = Math.max(...lines.map((line2) => this.width(line2)));
        if (!placing.take([[x - widest / 2 - gap, y - tall / 2 - gap, x + widest / 2 + gap, y + tall / 2 + gap]]))
          return false;
        let top = y - tall / 2;
        for (const line2 of lines) {
          this.letters(line2, x, top + line2.size * 0.6);
          top += line2.size * 1.2;
        }
        return true;
      },
      font: ({ size, weight = 400, italic = false }) => `${italic ? "italic " : ""}${weight} ${size}px "Noto Sans CJK SC", "Noto Sans SC", "PingFang SC", "Microsoft YaHei", system-ui, sans-serif`,
      letters(line2, x, y) {
        const { c } = this.view;
        c.font = this.font(line2);
        c.strokeStyle = line2.halo ?? "rgba(255,255,255,0.92)";
        c.lineWidth = 3;
        c.strokeText(line2.text, x, y);
        c.fillStyle = line2.colour;
        c.fillText(line2.text, x, y);
      },
      subdistricts() {
        const { store: store2, view } = this;
        if (view.zoom > 17) return;
        for (const subdistrict of this.rows(store2.tables.subdistricts)) {
          if (!subdistrict.label) continue;
          const gaps = store2.subdistrictCounts.get(subdistrict.subdistrict_code).counts.gap.buildings;
          const size = view.zoom < 13 ? 13 : 16;
          this.write(view.at(subdistrict.label), [
            { text: store2.subdistrictLabel(subdistrict.subdistrict_code), size, weight: 700, colour: "#2f2a45" },
            ...gaps ? [
              {
                text: store2.t("gap_label", { n: store2.number(gaps) }),
                size: size - 3,
                weight: 500,
                colour: "#b5174b"
              }
            ] : []
          ]);
        }
      },
      extras() {
        const { store: store2, view } = this;
        for (const layer of store2.shownLayers()) {
          for (const { at: at2, lines } of layer.names(store2, view.zoom)) this.write(view.at(at2), lines);
        }
      },
      areas() {
        const { store: store2, view } = this;
        if (view.zoom < 14.5) return;
        const code = view.zoom >= 17.25;
        const shown = this.wide(store2.tables.areas, 26).filter((area) => area.label && store2.areaVisible(area));
        const order = (area) => area === store2.selected?.record ? Infinity : area.n_buildings ?? 0;
        for (const area of shown.sort((a, b) => order(b) - order(a))) {
          const wide = (area.box[2] - area.box[0]) * view.scale;
          const name = {
            text: code ? store2.areaName(area) : store2.areaLabel(area),
            size: 13,
            weight: 500,
            colour: "#1d2733"
          };
          if (wide < this.width(name) * 0.9) continue;
          const lines = code && area.name ? [name, { text: area.area_id, size: 12, colour: "#3c4753" }] : [name];
          this.write(view.at(area.label), lines, 4);
        }
        for (const compound of view.zoom >= 15.5 ? this.rows(store2.tables.compounds) : []) {
          if (compound.name && compound.label && store2.inFilter(compound))
            this.write(view.at(compound.label), [{ text: compound.name, size: 12, colour: "#7a6d52" }], 4);
        }
      },
      roads() {
        const { store: store2, view } = this;
        const from = { arterial: 13.5, collector: 14.5, local: 15.5, lane: 17, path: 18, railway: 14.5 };
        const rank = Object.keys(from);
        if (view.zoom < from.arterial) return;
        const named = this.rows(store2.tables.barriers).filter(
          (road) => road.name && road.shape === "line" && view.zoom >= (from[road.class] ?? 99)
        );
        named.sort((a, b) => rank.indexOf(a.class) - rank.indexOf(b.class));
        const spots = /* @__PURE__ */ new Map();
        for (const road of named) {
          const size = road.class === "arterial" ? 12 : 11;
          for (const ring of road.rings) {
            const points = [];
            for (let i = 0; i < ring.length; i += 2) points.push(view.at([ring[i], ring[i + 1]]));
            for (const stretch of straightStretches(points, road.name.length * size * 0.9, 420)) {
              const near = (spots.get(road.name) ?? []).some(
                ([x, y]) => Math.hypot(x - stretch.x, y - stretch.y) < 300
              );
              if (!near && this.along(road.name, size, stretch))
                spots.set(road.name, [...spots.get(road.name) ?? [], [stretch.x, stretch.y]]);
            }
          }
        }
      },
      // A road's name along it; a steep road's Chinese name letter below letter.
      along(text, size, { x, y, angle }) {
        const { c, placing, width, height } = this.view;
        if (x < 0 || y < 0 || x > width || y > height) return false;
        const line2 = { text, size, colour: "#6b6350", halo: "rgba(255,255,255,0.85)" };
        c.font = this.font(line2);
        const long = this.width(line2) + 4;
        let lean = angle;
        if (lean > Math.PI / 2) lean -= Math.PI;
        if (lean < -Math.PI / 2) lean += Math.PI;
        const upright = Math.abs(lean) > Math.PI / 3.2 && /^[\u3400-\u9fff]+$/.test(text);
        const steps = Math.max(1, Math.ceil(long / size));
        const [ux, uy] = [Math.cos(lean), Math.sin(lean)];
        const boxes = Array.from({ length: steps }, (_, i) => {
          const t = ((i + 0.5) / steps - 0.5) * long;
          const [px, py] = [x + t * ux, y + t * uy];
          return [px - size * 0.7, py - size * 0.7, px + size * 0.7, py + size * 0.7];
        });
        if (!placing.take(boxes)) return false;
        if (upright) {
          const down = lean < 0 ? [-ux, -uy] : [ux, uy];
          [...text].forEach((letter, i) => {
            const t = (i - (text.length - 1) / 2) * size * 1.1;
            this.letters({ ...line2, text: letter }, x + t * down[0], y + t * down[1]);
          });
        } else {
          c.save();
          c.translate(x, y);
          c.rotate(lean);
          this.letters(line2, 0, 0);
          c.restore();
        }
        return true;
      },
      land() {
        const { store: store2, view } = this;
        const colours = { green: "#5d7a43", water: "#3f7590", public: "#7a6684" };
        for (const land of this.wide(store2.tables.land, 26)) {
          if (!land.name || !land.label || !colours[land.kind]) continue;
          if ((land.box[2] - land.box[0]) * view.scale < land.name.length * 13) continue;
          this.write(
            view.at(land.label),
            [{ text: land.name, size: 12, italic: land.kind === "water", colour: colours[land.kind] }],
            4
          );
        }
        this.waters ??= this.named(store2.tables.barriers, "water");
        for (const { name, box } of this.waters) {
          if ((box[2] - box[0]) * view.scale < name.length * 13) continue;
          this.write(
            view.at([(box[0] + box[2]) / 2, (box[1] + box[3]) / 2]),
            [{ text: name, size: 12, italic: true, colour: colours.water }],
            4
          );
        }
      },
      // Polygons of a class that have a name, found once: few of many barriers have.
      named(barriers, kind2) {
        const rows2 = Array.from({ length: barriers.length }, (_, i) => i);
        const chosen = rows2.filter(
          (i) => barriers.value("class", i) === kind2 && barriers.value("shape", i) === "polygon" && barriers.value("name", i)
        );
        return chosen.map((i) => ({ name: barriers.value("name", i), box: barriers.box(i) }));
      },
      // Door numbers, close up.
      doors() {
        const { store: store2, view } = this;
        if (view.zoom < 17.75) return;
        const { buildings: buildings2 } = store2;
        const visible = store2.visibleBuildings();
        for (const i of this.near(buildings2)) {
          const beyond = buildings2.value("door_beyond_address", i);
          const text = beyond === null ? buildings2.value("name", i) : beyond + (buildings2.columns.address?.number(i) ?? 0);
          if (!text || !visible(i)) continue;
          const box = buildings2.box(i);
          const middle4 = [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
          this.write(view.at(middle4), [
            {
              text: String(text),
              size: 11,
              colour: BUILDING_STATUSES[store2.status[i]] === "gap" ? "#8d0f38" : "#33404d"
            }
          ]);
        }
      }
    })
  );

  // js/draw/coverage_raster.js
  var CoverageRaster = class {
    constructor(size) {
      this.size = size;
      this.canvas = document.createElement("canvas");
      this.canvas.width = this.canvas.height = size;
      this.c = this.canvas.getContext("2d", { willReadFrequently: true });
      this.image = this.c.createImageData(size, size);
      this.cover = new Float32Array(size * size);
      this.colour = new Uint8Array(size * size);
      this.clear();
    }
    // A box of some colour, by its number from 1 on: each pixel is covered as far as the box covers it.
    add(left, top, wide, tall, colour) {
      const { size } = this;
      const [right, bottom] = [left + wide, top + tall];
      for (let y = Math.max(0, Math.floor(top)); y < Math.min(size, bottom); y++) {
        const high = Math.min(y + 1, bottom) - Math.max(y, top);
        for (let x = Math.max(0, Math.floor(left)); x < Math.min(size, right); x++) {
          this.cover[y * size + x] += high * (Math.min(x + 1, right) - Math.max(x, left));
          this.colour[y * size + x] = colour;
        }
      }
      this.first = Math.min(this.first, Math.max(0, Math.floor(top)));
      this.last = Math.max(this.last, Math.min(size - 1, Math.floor(bottom)));
    }
    // Draws them on a tile, and forgets them. colours: "#rrggbb" by number.
    flush(target, colours) {
      if (this.first > this.last) return;
      const [from, to] = [this.first * this.size, (this.last + 1) * this.size];
      const pixels = new Uint32Array(this.image.data.buffer);
      const bgr = colours.map(
        (colour) => colour ? [5, 3, 1].reduce((all, at2) => all * 256 + parseInt(colour.slice(at2, at2 + 2), 16), 0) : 0
      );
      for (let i = from; i < to; i++) {
        const cover = this.cover[i];
        pixels[i] = cover ? Math.min(1, cover) * 255 << 24 | bgr[this.colour[i]] : 0;
      }
      const rows2 = this.last - this.first + 1;
      this.c.putImageData(this.image, 0, 0, 0, this.first, this.size, rows2);
      target.drawImage(this.canvas, 0, this.first, this.size, rows2, 0, this.first, this.size, rows2);
      this.clear();
    }
    clear() {
      if (this.first <= this.last) this.cover.fill(0, this.first * this.size, (this.last + 1) * this.size);
      this.first = this.size;
      this.last = -1;
    }
  };

  // js/draw/pen.js
  var PATH = 3e3;
  var GROUP = 256;
  function* outlined(tile, shapes, list, least, colourOf) {
    const box = [0, 0, 0, 0];
    const { scale, left, top, raster } = tile;
    const unit = scale / UNITS;
    const found = [];
    for (let k = 0; k < list.length; k++) {
      if (k % GROUP === 0) yield;
      const i = list[k];
      shapes.box(i, box);
      const wide = (box[2] - box[0]) * unit;
      const tall = (box[3] - box[1]) * unit;
      if (wide >= least || tall >= least) found.push(i);
      else {
        const colour = colourOf(i);
        if (colour) raster.add(box[0] * unit - left, box[1] * unit - top, wide, tall, colour);
      }
    }
    return found;
  }
  function* paths(tile, shapes, list, closed, draw) {
    const { c, scale, left, top } = tile;
    let points = 0;
    for (let k = 0; k < list.length; k++) {
      if (points === 0) c.beginPath();
      points += shapes.trace(c, list[k], scale, left, top, closed);
      if (points < PATH && k < list.length - 1) continue;
      draw();
      c.getImageData(0, 0, 1, 1);
      points = 0;
      yield;
    }
  }
  function* squares({ c, scale, left, top }, shapes, list, colour, size) {
    const unit = scale / UNITS;
    c.fillStyle = colour;
    for (let k = 0; k < list.length; k++) {
      if (k % GROUP === GROUP - 1) {
        c.getImageData(0, 0, 1, 1);
        yield;
        c.fillStyle = colour;
      }
      const [x, y] = shapes.corner(list[k]);
      c.fillRect(Math.round(x * unit - left - size / 2), Math.round(y * unit - top - size / 2), size, size);
    }
  }
  var fill = ({ c }, colour, rule = "evenodd") => {
    c.fillStyle = colour;
    c.fill(rule);
  };
  var line = ({ c }, colour, width, dash = []) => {
    c.strokeStyle = colour;
    c.lineWidth = width;
    c.setLineDash(dash);
    c.stroke();
    c.setLineDash([]);
  };

  // js/draw/paint.js
  var OUTLINED_FROM = { building: 2.5, ground: 5 };
  var GROUP2 = 256;
  function* ground(tile, store2) {
    const { subdistricts, land, barriers } = store2.tables;
    yield* paths(
      tile,
      subdistricts.shapes,
      subdistricts.shapes.meeting(tile.box),
      true,
      () => fill(tile, GROUND.block)
    );
    const colours = [null, ...Object.values(GROUND)];
    const colour = (i) => GROUND[land.value("kind", i)] ?? GROUND.other;
    const seen = yield* outlined(
      tile,
      land.shapes,
      land.shapes.meeting(tile.box),
      OUTLINED_FROM.ground,
      (i) => colour(i) === GROUND.block ? 0 : colours.indexOf(colour(i))
    );
    tile.raster.flush(tile.c, colours);
    const byKind = groupBy(seen, (i) => land.value("kind", i));
    for (const kind2 of LAND) {
      const list = byKind.get(kind2) ?? [];
      yield* paths(tile, land.shapes, list, true, () => {
        fill(tile, colour(list[0]), "nonzero");
        if (kind2 === "green") line(tile, GROUND.greenLine, 1);
        if (kind2 === "water") line(tile, GROUND.waterLine, 1);
      });
    }
    for (const i of tile.barriers) {
      if (barriers.value("class", i) !== "water") continue;
      const polygon2 = barriers.value("shape", i) === "polygon";
      yield* paths(tile, barriers.shapes, [i], polygon2, () => {
        if (polygon2) fill(tile, GROUND.water);
        line(
          tile,
          polygon2 ? GROUND.waterLine : GROUND.water,
          polygon2 ? 1 : Math.max(2, (barriers.value("width_m", i) ?? 6) * tile.metre)
        );
      });
    }
  }
  function* roads(tile, store2) {
    const { barriers } = store2.tables;
    const { c } = tile;
    if (tile.zoom < DETAIL_ZOOM) {
      const main = tile.barriers.filter(
        (i) => barriers.value("class", i) === "arterial" && barriers.value("shape", i) === "line"
      );
      return yield* paths(tile, barriers.shapes, main, false, () => line(tile, ROADS.arterial.casing, 1.2));
    }
    c.lineCap = c.lineJoin = "round";
    const byClass = groupBy(tile.barriers, (i) => barriers.value("class", i));
    const drawn = Object.entries(ROADS).filter(([name, style]) => tile.zoom >= style.from && byClass.has(name));
    for (const part of ["casing", "fill"]) {
      for (const [name, style] of drawn) {
        if (!style[part]) continue;
        const widthOf = (i) => Math.max(style.least, (barriers.value("width_m", i) ?? style.width) * 0.8 * tile.metre);
        for (const closed of [false, true]) {
          const alike = byClass.get(name).filter((i) => barriers.value("shape", i) === "polygon" === closed);
          for (const [wide, list] of groupBy(alike, widthOf)) {
            const whole = part === "casing" ? wide + (tile.zoom < 14 ? 0.8 : 1.6) : wide;
            yield* paths(tile, barriers.shapes, list, closed, () => line(tile, style[part], whole));
          }
        }
      }
    }
    c.lineCap = "butt";
    const width = Math.max(2.4, 4 * tile.metre);
    yield* paths(tile, barriers.shapes, byClass.get("railway") ?? [], false, () => {
      line(tile, "#8b8f96", width);
      line(tile, "#f6f6f4", width - 1.4, [8, 8]);
    });
    if (tile.zoom < 16) return;
    yield* paths(
      tile,
      barriers.shapes,
      byClass.get("wall") ?? [],
      false,
      () => line(tile, "#a89f90", 1, [1, 2])
    );
  }
  function* field(tile, shapes, list, status) {
    const style = STYLES[status];
    const near = tile.zoom >= 16;
    const seen = yield* outlined(tile, shapes, list, OUTLINED_FROM.ground, () => 1);
    tile.raster.flush(tile.c, [null, style.ground]);
    yield* paths(tile, shapes, seen, true, () => {
      if (tile.isOverTiles) tile.c.globalAlpha = 0.45;
      fill(tile, near && !tile.isOverTiles ? style.near : style.ground);
      tile.c.globalAlpha = 1;
      if (style.pattern && tile.zoom >= DETAIL_ZOOM) {
        tile.c.globalAlpha = near && status !== "gap" ? 0.55 : 1;
        fill(tile, tile.patterns[status]);
        tile.c.globalAlpha = 1;
      }
      const fine = tile.zoom < 12 || status === "elsewhere" && tile.zoom < 15;
      line(
        tile,
        style.line,
        fine ? 0.5 : (status === "gap" ? 1.5 : 1) * (near ? 1.8 : 1),
        fine ? [] : style.dash
      );
    });
  }
  function* areas(tile, store2) {
    const { tables } = store2;
    const seen = (table, chosen) => table.shapes.meeting(tile.box).filter((i) => chosen(table.at(i)));
    yield* field(
      tile,
      tables.compounds.shapes,
      seen(tables.compounds, (compound) => store2.inFilter(compound)),
      "elsewhere"
    );
    const byStatus = groupBy(
      seen(tables.areas, (area) => store2.areaVisible(area)),
      (i) => tables.areas.value("status", i)
    );
    for (const [status, list] of byStatus) yield* field(tile, tables.areas.shapes, list, status);
    if (store2.hidden.has("gap")) return;
    yield* field(
      tile,
      tables.gaps.shapes,
      seen(tables.gaps, (gap) => gap.kind === "uncovered_ground" && store2.gapChosen(gap)),
      "gap"
    );
  }
  function* buildings(tile, store2) {
    const { shapes } = store2.buildings;
    const { status } = store2;
    const gap = BUILDING_STATUSES.indexOf("gap");
    const edges = tile.zoom >= 15.25;
    const visible = store2.visibleBuildings();
    if (tile.zoom < DETAIL_ZOOM) {
      const [left, top, right, bottom] = tile.box.map((value) => value * UNITS);
      const isNear = ([x, y]) => x >= left && x <= right && y >= top && y <= bottom;
      return yield* marks(
        tile,
        shapes,
        [],
        store2.gapBuildings.filter((i) => isNear(shapes.corner(i)) && visible(i))
      );
    }
    const gaps = [];
    const others = [];
    const near = shapes.meeting(tile.box);
    for (let k = 0; k < near.length; k++) {
      if (k % GROUP2 === 0) yield;
      if (visible(near[k])) (status[near[k]] === gap ? gaps : others).push(near[k]);
    }
    const seen = yield* outlined(tile, shapes, others, OUTLINED_FROM.building, (i) => status[i] + 1);
    tile.raster.flush(tile.c, [null, ...BUILDING_STATUSES.map((name) => STYLES[name].building)]);
    for (const [code, list] of groupBy(seen, (i) => status[i])) {
      const style = STYLES[BUILDING_STATUSES[code]];
      yield* paths(tile, shapes, list, true, () => {
        fill(tile, style.building, "nonzero");
        if (edges) line(tile, style.edge, tile.zoom >= 17 ? 1 : 0.6);
      });
    }
    const dots = [];
    const plain2 = yield* outlined(tile, shapes, gaps, OUTLINED_FROM.building, (i) => {
      dots.push(i);
      return 0;
    });
    yield* marks(tile, shapes, plain2, dots);
  }
  function* marks(tile, shapes, plain2, dots) {
    const near16 = tile.zoom >= 16;
    yield* squares(tile, shapes, dots, "#ffffff", 6);
    yield* paths(tile, shapes, plain2, true, () => line(tile, "#ffffff", near16 ? 4 : 4.5));
    yield* squares(tile, shapes, dots, STYLES.gap.building, 4);
    yield* paths(tile, shapes, plain2, true, () => {
      line(tile, STYLES.gap.building, near16 ? 1.5 : 2.5);
      fill(tile, STYLES.gap.building, "nonzero");
    });
  }
  function* contested(tile, store2) {
    if (tile.zoom < DETAIL_ZOOM) return;
    const meets = ([left, top, right, bottom]) => left <= tile.box[2] && right >= tile.box[0] && top <= tile.box[3] && bottom >= tile.box[1];
    const seen = store2.contested.filter(([gap, box]) => meets(box) && store2.gapChosen(gap)).map(([gap]) => store2.tables.gaps.placed(gap.i));
    for (const [shapes, placed] of groupBy(seen, ([of]) => of)) {
      yield* paths(
        tile,
        shapes,
        placed.map(([, i]) => i),
        true,
        () => {
          line(tile, "#ffffff", 4);
          line(tile, STYLES.gap.line, 2, [3, 2]);
        }
      );
    }
  }
  function* extras(tile, store2) {
    for (const layer of store2.shownLayers()) yield* layer.draw(tile, store2);
  }
  function* boundaries(tile, store2) {
    const { seams, subdistricts } = store2.tables;
    const list = seams.shapes.meeting(tile.box);
    const far = [[GROUND.boundary, 0.8, []]];
    const near = [
      ["rgba(255,255,255,0.85)", 4, []],
      [GROUND.boundary, 1.9, [9, 3, 2, 3]]
    ];
    for (const style of tile.zoom < DETAIL_ZOOM ? far : near)
      yield* paths(tile, seams.shapes, list, false, () => line(tile, ...style));
    const chosen = store2.subdistrictByCode.get(store2.subdistrict);
    if (chosen) yield* paths(tile, subdistricts.shapes, [chosen.i], true, () => line(tile, GROUND.boundary, 3));
  }
  var layers = { ground, roads, areas, buildings, contested, extras, boundaries };
  function* paint(tile, store2, chosen = { ...layers, ...store2.overlays }) {
    tile.barriers = store2.tables.barriers.shapes.meeting(tile.box);
    for (const [name, layer] of Object.entries(chosen)) {
      if (!(tile.isOverTiles && (name === "ground" || name === "roads"))) yield* layer(tile, store2);
    }
  }

  // js/draw/view.js
  var viewOf = ({ scale, left, top, width, height, zoom }) => {
    const margin = 12;
    const box = [
      (left - margin) / scale,
      (top - margin) / scale,
      (left + width + margin) / scale,
      (top + height + margin) / scale
    ];
    const latitude = toLatLng([0, (box[1] + box[3]) / 2]).lat;
    return { scale, left, top, box, zoom, metre: scale / (400750167e-1 * Math.cos(latitude * Math.PI / 180)) };
  };

  // js/draw/surface.js
  var Surface = (
    /** @type {any} */
    L.GridLayer.extend({
      options: { tileSize: 512, noWrap: true, updateWhenZooming: false, keepBuffer: 1, className: "surface" },
      FIRST: 1e3,
      // milliseconds of a slice until the first picture is complete
      SLICE: 9,
      // … and then, of a frame of 16
      initialize(store2) {
        L.GridLayer.prototype.initialize.call(this, {});
        this.store = store2;
        this.jobs = [];
        this.slice = this.FIRST;
        this.once("load", () => this.slice = this.SLICE);
        store2.surface ??= this;
        store2.on("change", this.repaint, this);
      },
      createTile(coords, done) {
        const ratio = window.devicePixelRatio || 1;
        const canvas = L.DomUtil.create("canvas");
        canvas.width = canvas.height = Math.round(this.getTileSize().x * ratio);
        this.draw(canvas, coords, () => done(null, canvas));
        return canvas;
      },
      // Draws a tile, when its turn comes, and then says so.
      draw(canvas, coords, done) {
        this.jobs.push({ canvas, steps: this.tile(canvas, coords), done, needsWalls: coords.z >= DETAIL_ZOOM });
        if (this.jobs.length === 1) this.wait();
      },
      // A canvas takes its memory with its context: one tile after the other, too.
      *tile(canvas, { x, y, z }) {
        const ratio = window.devicePixelRatio || 1;
        const size = this.getTileSize().x;
        const c = canvas.getContext("2d", { willReadFrequently: true });
        c.scale(canvas.width / size, canvas.width / size);
        this.patterns ??= makePatterns(c, ratio);
        this.raster ??= new CoverageRaster(size);
        const view = viewOf({
          scale: 256 * 2 ** z,
          left: x * size,
          top: y * size,
          width: size,
          height: size,
          zoom: z
        });
        yield;
        yield* this.paint({ ...view, c, patterns: this.patterns, raster: this.raster });
      },
      paint(tile) {
        return paint({ ...tile, isOverTiles: this.isOverTiles }, this.store);
      },
      // Leaves out what need not be drawn any more.
      drop(needless) {
        if (this.jobs.length && needless(this.jobs[0])) this.raster?.clear();
        this.jobs = this.jobs.filter((job) => !needless(job));
      },
      wait() {
        this.due ??= requestAnimationFrame(() => {
          this.due = null;
          this.work();
        });
      },
      // One tile after the other: they share their raster.
      work() {
        const end = performance.now() + this.slice;
        while (this.jobs.length) {
          const { steps, done, needsWalls } = this.jobs[0];
          if (needsWalls && !this.store.buildings.shapes.isOutlined)
            return this.store.outline().then(() => this.wait());
          while (!steps.next().done) if (performance.now() > end) return this.wait();
          this.jobs.shift();
          done();
        }
      },
      // The same tiles with what is now chosen; each stays as it is until it has been drawn anew.
      repaint() {
        this.drop((job) => job.canvas.again);
        for (const tile of Object.values(this._tiles ?? {})) {
          const canvas = document.createElement("canvas");
          canvas.width = canvas.height = tile.el.width;
          canvas.again = true;
          this.draw(canvas, tile.coords, () => {
            const c = tile.el.getContext("2d");
            c.setTransform(1, 0, 0, 1, 0, 0);
            c.clearRect(0, 0, canvas.width, canvas.height);
            c.drawImage(canvas, 0, 0);
          });
        }
      },
      isDrawing() {
        return this.jobs.length > 0 || this.isLoading();
      },
      // Tiles of another zoom that are not drawn yet are not needed any more.
      _abortLoading() {
        for (const [key, tile] of Object.entries(this._tiles)) {
          if (tile.coords.z === this._tileZoom || tile.loaded) continue;
          this.drop((job) => job.canvas === tile.el);
          tile.el.remove();
          delete this._tiles[key];
        }
      },
      // Until a zoom is drawn, the tiles of the one before are all there is to see.
      _pruneTiles() {
        if (!this._loading) L.GridLayer.prototype._pruneTiles.call(this);
      },
      // Leaflet rounds the zoom of its tiles to whole levels; drawn tiles are sharp at any. While fingers or a
      // flight zoom, the old tiles are only scaled.
      _setView(center, zoom, noPrune, noUpdate) {
        const changed = this._tileZoom === void 0 || !noUpdate && zoom !== this._tileZoom;
        if (changed) {
          this._tileZoom = zoom;
          this._abortLoading();
          this._updateLevels();
          this._resetGrid();
          this._update(center);
          if (!noPrune) this._pruneTiles();
          this._noPrune = Boolean(noPrune);
        }
        this._setZoomTransforms(center, zoom);
      }
    })
  );

  // js/tools/release.js
  var INK3 = "#0b3fa8";
  var THEN = { ground: "#e4dccb", line: "#6d5f45", building: "#b3a68b", edge: "#8f8266" };
  var DASH = [7, 4];
  var OUTLINED_FROM2 = 2.5;
  var CHANGES = VALUES["changes.change"];
  var Release = class {
    constructor(store2) {
      this.store = store2;
      this.isShown = false;
      const { released, changes } = store2.tables;
      this.areaById = new Map(released.all().map((area) => [area.area_id, area]));
      this.changes = changes.all().filter(({ change }) => CHANGES.includes(change));
      this.byKind = new Map(
        CHANGES.map((kind2) => [kind2, this.changes.filter(({ change }) => change === kind2)])
      );
      this.buildings = /* @__PURE__ */ new Map();
      for (const change of [...this.byKind.get("building_moved"), ...this.byKind.get("building_new")]) {
        const building = store2.buildingById.get(change.subject_id);
        if (building) this.buildings.set(building.i, change);
      }
    }
    // The areas, now and at the release, that a kind of change is about: positions in their tables.
    places(kind2) {
      const { store: store2 } = this;
      const of = (byId, change) => byId.get(change.subject_id)?.i;
      const there = (i) => i !== void 0;
      return {
        now: this.byKind.get(kind2).map((change) => of(store2.areaById, change)).filter(there),
        then: this.byKind.get(kind2).map((change) => of(this.areaById, change)).filter(there)
      };
    }
    // What a change is about: {kind, record} of today; a released area that is no more; or null, without a
    // place.
    subject({ change, subject_id: id }) {
      const { store: store2 } = this;
      if (change.startsWith("building")) {
        const building = store2.buildingById.get(id);
        return building ? { kind: "building", record: building } : null;
      }
      const area = store2.areaById.get(id);
      return area ? { kind: "area", record: area } : { kind: "released", record: this.areaById.get(id) };
    }
    // Over today's picture: what is new solid, what was there before dashed; crosses tell what is gone, also in
    // grey.
    *drawChanges(tile) {
      const { store: store2 } = this;
      if (!this.isShown) return;
      const seen = (table, list) => {
        const near = new Set(table.shapes.meeting(tile.box));
        return list.filter((i) => near.has(i));
      };
      const { areas: areas2, released } = store2.tables;
      const outline = function* (table, list, dash, width) {
        yield* paths(tile, table.shapes, list, true, () => {
          line(tile, "#ffffff", width + 2.5);
          line(tile, INK3, width, dash);
        });
      };
      const redrawn = this.places("area_redrawn");
      const gone = seen(released, this.places("area_gone").then);
      yield* outline(released, seen(released, redrawn.then), DASH, 2);
      yield* outline(areas2, seen(areas2, redrawn.now), [], 2.5);
      yield* outline(areas2, seen(areas2, this.places("area_new").now), [], 4);
      yield* outline(released, gone, DASH, 3);
      for (const i of gone) cross(tile, released.at(i).label);
      const moved = [...this.buildings.keys()].sort((a, b) => a - b);
      yield* paths(tile, store2.buildings.shapes, seen(store2.buildings, moved), true, () => {
        line(tile, "#ffffff", 5);
        line(tile, INK3, 2.5);
      });
    }
    // The areas as they were, and in which of them the buildings of today were; those that were in none in
    // crimson.
    *drawThen(tile) {
      const { store: store2 } = this;
      const { released, buildings: buildings2 } = store2.tables;
      const { shapes } = released;
      yield* paths(tile, shapes, shapes.meeting(tile.box), true, () => {
        fill(tile, THEN.ground);
        line(tile, THEN.line, tile.zoom >= 16 ? 1.6 : 1);
      });
      const near = yield* outlined(
        tile,
        buildings2.shapes,
        buildings2.shapes.meeting(tile.box),
        OUTLINED_FROM2,
        () => 1
      );
      tile.raster.flush(tile.c, [null, THEN.building]);
      for (const [style, list] of groupBy(near, (i) => this.styleThen(i))) {
        yield* paths(tile, buildings2.shapes, list, true, () => {
          fill(tile, style.building, "nonzero");
          if (tile.zoom >= 15.25) line(tile, style.edge, 0.8);
        });
      }
    }
    styleThen(i) {
      const { store: store2 } = this;
      const change = this.buildings.get(i);
      const status = BUILDING_STATUSES[store2.status[i]];
      if (change?.change === "building_new") return null;
      if (status === "other" || status === "elsewhere" && !change) return STYLES[status];
      const covered = change ? change.before : status !== "gap";
      return covered ? THEN : STYLES.gap;
    }
    get layersThen() {
      const then = (tile) => this.drawThen(tile);
      return { ground: layers.ground, roads: layers.roads, then, boundaries: layers.boundaries };
    }
  };
  var cross = ({ c, scale, left, top }, label) => {
    if (!label) return;
    const [x, y] = [label[0] * scale - left, label[1] * scale - top];
    for (const [colour, width] of [
      ["#ffffff", 6],
      [INK3, 3]
    ]) {
      c.beginPath();
      c.moveTo(x - 12, y - 12);
      c.lineTo(x + 12, y + 12);
      c.moveTo(x - 12, y + 12);
      c.lineTo(x + 12, y - 12);
      c.strokeStyle = colour;
      c.lineWidth = width;
      c.stroke();
    }
  };

  // js/tools/swipe.js
  var STEP = 2;
  var KEYS = {
    ArrowLeft: -STEP,
    ArrowDown: -STEP,
    ArrowRight: STEP,
    ArrowUp: STEP,
    PageDown: -10,
    PageUp: 10,
    Home: -100,
    End: 100
  };
  var Then = (
    /** @type {any} */
    Surface.extend({
      options: { pane: "then" },
      paint(tile) {
        return paint(tile, this.store, this.store.release.layersThen);
      }
    })
  );
  var NamesThen = (
    /** @type {any} */
    Labels.extend({
      pane: "names-then",
      areas() {
        const { store: store2, view } = this;
        if (view.zoom < 14.5) return;
        for (const area of this.rows(store2.tables.released)) {
          const name = { text: store2.areaName(area), size: 13, weight: 500, colour: "#3f3522" };
          view.c.font = this.font(name);
          if (area.label && (area.box[2] - area.box[0]) * view.scale >= view.c.measureText(name.text).width * 0.9)
            this.write(view.at(area.label), [name], 4);
        }
      },
      subdistricts() {
        const { store: store2, view } = this;
        for (const { label, subdistrict_code: code } of view.zoom > 17 ? [] : this.rows(store2.tables.subdistricts)) {
          if (label)
            this.write(view.at(label), [
              {
                text: store2.subdistrictLabel(code),
                size: view.zoom < 13 ? 13 : 16,
                weight: 700,
                colour: "#2f2a45"
              }
            ]);
        }
      },
      extras() {
      },
      doors() {
      }
    })
  );
  var Swipe = class {
    // end: what Escape does.
    constructor(store2, map, end) {
      this.store = store2;
      this.map = map;
      this.end = end;
      this.share = 50;
      this.isOn = false;
      map.createPane("then").style.zIndex = 210;
      this.layers = [new Then(store2), new NamesThen(store2)];
      this.handle = h("div", {
        class: "handle",
        role: "slider",
        tabindex: "0",
        "aria-orientation": "horizontal",
        "aria-valuemin": "0",
        "aria-valuemax": "100",
        onkeydown: (event) => this.key(event),
        onpointerdown: (event) => this.take(event),
        onpointermove: (event) => this.drag(event)
      });
      this.then = h("span", { class: "side then" });
      this.now = h("span", { class: "side now" });
      this.bar = h("div", { class: "swipe", hidden: true }, this.handle, this.then, this.now);
      L.DomEvent.disableClickPropagation(this.bar);
      map.getContainer().append(this.bar);
    }
    turn(on) {
      const isHeld = this.bar.contains(document.activeElement);
      this.isOn = on;
      this.bar.hidden = !on;
      for (const layer of this.layers) on ? layer.addTo(this.map) : layer.remove();
      this.map[on ? "on" : "off"]("move resize zoomanim", this.clip, this);
      this.speak();
      this.clip();
      if (on) this.handle.focus();
      else if (isHeld) document.getElementById("swipe")?.focus();
    }
    speak() {
      this.handle.setAttribute("aria-label", this.store.t("swipe"));
      this.then.textContent = this.store.t("swipe.then");
      this.now.textContent = this.store.t("swipe.now");
    }
    move(share) {
      this.share = Math.min(100, Math.max(0, share));
      this.clip();
    }
    key(event) {
      if (!(event.key in KEYS) && event.key !== "Escape") return;
      L.DomEvent.stop(event);
      if (event.key === "Escape") return this.end();
      this.move(this.share + KEYS[event.key]);
    }
    take(event) {
      event.preventDefault();
      this.handle.focus();
      this.handle.setPointerCapture(event.pointerId);
    }
    drag(event) {
      if (!this.handle.hasPointerCapture(event.pointerId)) return;
      const { left, width } = this.map.getContainer().getBoundingClientRect();
      this.move(100 * (event.clientX - left) / width);
    }
    // Each side shows its own half; panes move with the map, so what is cut off moves against it.
    clip() {
      const size = this.map.getSize();
      const corner = this.map.containerPointToLayerPoint([0, 0]);
      const at2 = corner.x + size.x * this.share / 100;
      const far = 1e5;
      const cut = (from, to) => `polygon(${[
        [from, -far],
        [to, -far],
        [to, far],
        [from, far]
      ].map(([x, y]) => `${x}px ${y}px`).join(", ")})`;
      const set = (pane, value) => {
        if (this.map.getPane(pane)) this.map.getPane(pane).style.clipPath = value;
      };
      set("then", cut(-far, at2));
      set("names-then", cut(-far, at2));
      set("labels", this.isOn ? cut(at2, far) : "");
      this.bar.style.left = `${this.share}%`;
      this.handle.setAttribute("aria-valuenow", String(Math.round(this.share)));
      this.handle.setAttribute(
        "aria-valuetext",
        this.store.t("swipe.value", { n: this.store.number(this.share) })
      );
    }
  };

  // js/tools/compare.js
  var FIRST = 8;
  var Compare = class {
    constructor(store2) {
      this.store = store2;
      this.unfolded = /* @__PURE__ */ new Set();
      store2.lists.push(() => this.list());
      store2.tools.push({
        key: "swipe",
        path: "M12 3v18M8 8l-4 4l4 4M16 8l4 4l-4 4",
        act: () => this.turn(!this.swipe?.isOn),
        isOn: () => Boolean(this.swipe?.isOn)
      });
      store2.overlays.changes = (tile) => store2.release?.drawChanges(tile) ?? [];
    }
    addTo(map) {
      this.map = map;
      this.store.once("facts", () => this.swipe = new Swipe(this.store, map, () => this.turn(false)));
      this.store.on("language", () => this.swipe?.speak());
      this.store.releaseNote = () => this.store.t("changes.note", { n: this.store.number(this.release.changes.length) });
      return this;
    }
    // As soon as the facts are there; the panel asks first.
    get release() {
      return this.store.release ??= new Release(this.store);
    }
    turn(on) {
      this.swipe?.turn(on);
      this.store.fire("tools");
    }
    show(on) {
      this.release.isShown = on;
      this.store.fire("change");
    }
    list() {
      const { store: store2, release } = this;
      const shown = [...release.byKind].filter(([, changes]) => changes.length);
      const title = store2.releasedOn ? store2.t("changes.since", { date: store2.releasedOn }) : store2.t("changes");
      return h(
        "section",
        { class: "changes" },
        h(
          "header",
          {},
          h("h2", {}, title),
          h("span", { class: "note" }, store2.t("changes.count", { n: store2.number(release.changes.length) }))
        ),
        release.changes.length ? h(
          "div",
          { class: "kinds" },
          h(
            "button",
            {
              type: "button",
              "data-key": "changes",
              "aria-pressed": String(release.isShown),
              onclick: () => this.show(!release.isShown)
            },
            swatch("changed"),
            store2.t("changes.show")
          ),
          h(
            "button",
            { type: "button", "data-key": "changes swipe", onclick: () => this.turn(!this.swipe.isOn) },
            store2.t("swipe")
          )
        ) : h("p", { class: "note" }, store2.t("changes.none")),
        shown.map(([kind2, changes]) => this.group(kind2, changes))
      );
    }
    group(kind2, changes) {
      const { store: store2 } = this;
      const first = this.unfolded.has(kind2) ? changes.length : FIRST;
      const list = h(
        "ul",
        {},
        changes.slice(0, first).map((change) => this.row(change))
      );
      const unfold = () => {
        this.unfolded.add(kind2);
        list.append(...changes.slice(first).map((change) => this.row(change)));
        list.children[first].querySelector("button")?.focus();
        more.remove();
      };
      const more = changes.length > first && h(
        "button",
        { type: "button", class: "all", onclick: unfold },
        store2.t("show_all", { n: store2.number(changes.length) })
      );
      return [
        h(
          "h3",
          {},
          swatch(kind2),
          h("span", {}, store2.t(`change.${kind2}`)),
          h("strong", {}, store2.number(changes.length))
        ),
        list,
        more
      ];
    }
    row(change) {
      const subject = this.release.subject(change);
      const text = [
        h("span", { class: "name" }, this.name(change, subject)),
        h("span", { class: "note" }, this.detail(change))
      ];
      if (!subject?.record) return h("li", { class: "row still" }, text);
      return h("li", {}, h("button", { type: "button", class: "row", onclick: () => this.go(subject) }, text));
    }
    name({ subject_id: id }, subject) {
      if (!subject?.record) return id;
      return subject.kind === "building" ? this.store.buildingName(subject.record) : this.store.areaName(subject.record);
    }
    // From where to where, for what has moved; names and areas before and after, for what has others.
    detail({ change, subject_id: id, before, after }) {
      const { store: store2, release } = this;
      const areaThen = (code) => code ? release.areaById.get(code)?.name || code : store2.t("none");
      const areaNow = (code) => {
        const area = store2.areaById.get(code);
        return area ? store2.areaName(area) : code || store2.t("none");
      };
      if (change === "building_moved") return `${areaThen(before)} → ${areaNow(after)}`;
      if (change === "building_new") return areaNow(after);
      if (change === "building_gone") return areaThen(before);
      if (change === "area_new" || change === "area_gone") return before || after ? id : null;
      const said = (text) => text && change === "area_redrawn" ? store2.t("unit.m2", { n: store2.number(parseFloat(text)) }) : text ?? "–";
      return before || after ? `${said(before)} → ${said(after)}` : null;
    }
    // A place of today opens as always; an area that is gone is shown where it was.
    go({ kind: kind2, record }) {
      if (kind2 !== "released") return this.store.select(kind2, record, { move: true });
      this.store.select(null, null);
      if (!this.release.isShown) this.show(true);
      if (Number.isFinite(record.box[0]))
        this.map.fitBounds(boundsOf(record.box), { maxZoom: 17, padding: [120, 120], animate: false });
      return null;
    }
  };

  // js/draw/extra_layers.js
  var COMMUNITY = "#5d4a8a";
  var EXTRA_LAYERS = [
    {
      key: "communities",
      path: "M3 6l7-2l11 3v11l-8 3l-10-4zM10 4v8l11 2M10 12l-7 2",
      colour: COMMUNITY,
      isThere: (store2) => store2.communities.some(({ label }) => label),
      *draw(tile, store2) {
        const { shapes } = store2.tables.community_lines;
        const seen = shapes.meeting(tile.box);
        if (tile.zoom >= DETAIL_ZOOM)
          yield* paths(tile, shapes, seen, false, () => line(tile, "rgba(255,255,255,0.75)", 3.5));
        yield* paths(
          tile,
          shapes,
          seen,
          false,
          () => line(tile, COMMUNITY, tile.zoom < DETAIL_ZOOM ? 0.6 : 1.5, [5, 3])
        );
      },
      names(store2, zoom) {
        if (zoom < 13 || zoom > 17.5) return [];
        const text = (community) => store2.placeLabel(community) ?? community.community_code;
        return store2.communities.filter(({ label }) => label).map((community) => ({
          at: community.label,
          lines: [{ text: text(community), size: 12, weight: 700, colour: COMMUNITY }]
        }));
      }
    }
  ];

  // js/tools/layers.js
  var Layers = class {
    constructor(store2) {
      this.store = store2;
      store2.once("facts", this.offer, this);
    }
    addTo() {
      return this;
    }
    offer() {
      const { store: store2 } = this;
      store2.layers = EXTRA_LAYERS.filter((layer) => layer.isThere(store2));
      const buttons = store2.layers.map(({ key, path }) => ({
        key: `layer.${key}`,
        path,
        act: () => this.turn(key),
        isOn: () => store2.shown.has(key)
      }));
      store2.tools.push(...buttons);
      if (store2.shown.size) store2.show(store2.shown);
    }
    turn(key) {
      const { store: store2 } = this;
      const others = [...store2.shown].filter((each) => each !== key);
      store2.show(store2.shown.has(key) ? others : [...others, key]);
    }
  };

  // js/ui/viewport.js
  var goHome = (store2, map) => {
    const animate = false;
    if (Number.isFinite(store2.box[0])) map.fitBounds(boundsOf(store2.box), { padding: [28, 28], animate });
    else map.setView([0, 0], 2, { animate });
    store2.home = { center: map.getCenter(), zoom: map.getZoom() };
  };
  var isAtHome = ({ home }, map) => map.getZoom() === home.zoom && map.project(map.getCenter()).distanceTo(map.project(home.center)) < 2;
  var fitChoice = (store2, map) => {
    const isHere = (area) => (!store2.community || area.community_code === store2.community) && (!store2.subdistrict || area.subdistrict_code === store2.subdistrict);
    const subdistrict = store2.community ? null : store2.subdistrictByCode.get(store2.subdistrict);
    if (!store2.community && !store2.subdistrict) return goHome(store2, map);
    const boxes = (subdistrict ? [subdistrict] : store2.areas.filter(isHere)).map((member) => member.box).filter((box) => Number.isFinite(box[0]));
    if (boxes.length) map.fitBounds(boundsOf(unionBox(boxes)), { padding: [24, 24], animate: false });
  };
  var summarise = (store2, map, isOfView) => {
    const bounds = map.getBounds();
    store2.look(isOfView ? [...toWorld(bounds.getNorthWest()), ...toWorld(bounds.getSouthEast())] : null);
  };

  // js/tools/links.js
  var LANGUAGES = ["zh", "en"];
  var KEYS2 = {
    subdistrict: "subdistrict",
    community: "community",
    manager: "manager",
    mode: "mode",
    gapKind: "kind"
  };
  var IDS = { area: "area_id", building: "building_id", gap: "gap_id", compound: "compound_id" };
  var VIEW = /^(\d{1,2}(?:\.\d{1,4})?)\/(-?\d{1,2}(?:\.\d{1,9})?)\/(-?\d{1,3}(?:\.\d{1,9})?)$/;
  var encoded = (text) => encodeURIComponent(text).replace(/%2F/g, "/").replace(/%2C/g, ",").replace(/%3A/g, ":");
  var Links = class {
    REST = 350;
    // milliseconds: browsers take some hundred changes of the address a minute, not more
    SAID = 2500;
    constructor(store2) {
      this.store = store2;
      store2.links = this;
      store2.tools.push({
        key: "link",
        path: "M10 13a5 5 0 0 0 7.5.5l3-3a5 5 0 0 0-7-7l-1.7 1.7M14 11a5 5 0 0 0-7.5-.5l-3 3a5 5 0 0 0 7 7l1.7-1.7",
        act: () => this.copy()
      });
    }
    addTo(map) {
      this.map = map;
      this.toast = h("p", { class: "toast", role: "status", hidden: true });
      map.getContainer().append(this.toast);
      this.store.on("change language select view", this.soon, this);
      map.on("moveend", this.soon, this);
      this.store.on("facts", () => this.isHalf && this.open());
      for (const event of ["pointerdown", "wheel", "keydown"])
        addEventListener(event, () => this.isHalf = false, { capture: true });
      addEventListener("hashchange", () => this.open());
      return this;
    }
    // ---- from the page to the address
    soon() {
      clearTimeout(this.due);
      this.due = setTimeout(() => this.write(), this.REST);
    }
    // Not before all is known that the address may speak of.
    write() {
      if (this.store.isComplete) history.replaceState(null, "", this.link());
    }
    link() {
      const text = this.text();
      return location.href.replace(/#[^]*$/, "") + (text && `#${text}`);
    }
    // What differs from a page that was just opened.
    text() {
      const { store: store2, map } = this;
      const { selected, hidden } = store2;
      const said = [];
      if (selected) said.push([selected.kind, selected.record[IDS[selected.kind]]]);
      if (store2.language !== LANGUAGES[0]) said.push(["lang", store2.language]);
      for (const [name, key] of Object.entries(KEYS2)) if (store2[name]) said.push([key, store2[name]]);
      if (hidden.size)
        said.push([
          "status",
          store2.statuses().filter((status) => !hidden.has(status)).join(",") || "none"
        ]);
      if (store2.shown.size) said.push(["layers", [...store2.shown].join(",")]);
      if (store2.here) said.push(["scope", "view"]);
      const { lat, lng } = map.getCenter();
      if (!isAtHome(store2, map))
        said.push(["view", `${Number(map.getZoom().toFixed(2))}/${lat.toFixed(6)}/${lng.toFixed(6)}`]);
      return said.map(([key, value]) => `${key}=${encoded(value)}`).join("&");
    }
    // ---- from the address to the page
    // Shows what the address says, and nothing else. True where that is another view than that of the whole
    // district.
    open() {
      const { store: store2, map } = this;
      const given = new URLSearchParams(location.hash.slice(1));
      const oneOf = (key, known2, otherwise) => known2.includes(given.get(key)) ? given.get(key) : otherwise;
      const language = oneOf("lang", LANGUAGES, LANGUAGES[0]);
      if (language !== store2.language) store2.speak(language);
      const filters = Object.entries(KEYS2).map(([name, key]) => [
        name,
        given.has(key) && store2.known(name, given.get(key)) ? given.get(key) : ""
      ]);
      store2.hidden = this.hidden(given.get("status"));
      const layers2 = (given.get("layers") ?? "").split(",");
      store2.shown = new Set(EXTRA_LAYERS.map(({ key }) => key).filter((key) => layers2.includes(key)));
      store2.set(Object.fromEntries(filters));
      store2.fire("tools");
      const [kind2, record] = this.record(given);
      const view = this.view(given.get("view"));
      if (view) map.setView(...view, { animate: false });
      else fitChoice(store2, map);
      store2.select(kind2, record, { move: !view });
      summarise(store2, map, given.get("scope") === "view");
      this.isHalf = !store2.isComplete && location.hash.length > 1;
      clearTimeout(this.due);
      return !isAtHome(store2, map);
    }
    // The statuses that are not named, if one is.
    hidden(given) {
      const all = this.store.statuses();
      const named = (given ?? "").split(",");
      const isSaid = given === "none" || all.some((status) => named.includes(status));
      return new Set(isSaid ? all.filter((status) => !named.includes(status)) : []);
    }
    record(given) {
      const { store: store2 } = this;
      const kind2 = Object.keys(IDS).find((each) => given.has(each));
      const id = given.get(kind2);
      if (kind2 === "area") return [kind2, store2.areaById.get(id) ?? null];
      if (kind2 === "building") return [kind2, store2.buildingById.get(id) ?? null];
      if (kind2 === "gap") return [kind2, store2.gaps.find((gap) => gap.gap_id === id) ?? null];
      if (kind2 === "compound") return [kind2, store2.compoundById.get(id) ?? null];
      return [null, null];
    }
    // [place, zoom] inside what the map shows at all; null for anything else.
    view(given) {
      const [, zoom, lat, lng] = VIEW.exec(given ?? "")?.map(Number) ?? [];
      const { map } = this;
      if (!(zoom >= map.getMinZoom() && zoom <= map.getMaxZoom() && Math.abs(lat) <= 85)) return null;
      const bounds = map.options.maxBounds;
      return !bounds || bounds.contains([lat, lng]) ? [L.latLng(lat, lng), zoom] : null;
    }
    // ---- to somebody else
    async copy() {
      this.write();
      this.say(await this.copied(this.link()) ? "link.copied" : "link.not_copied");
    }
    // A page that was opened from a file may not be let at the clipboard: then by a field that is selected and
    // copied.
    async copied(link2) {
      try {
        await navigator.clipboard.writeText(link2);
        return true;
      } catch {
        const focused = document.activeElement;
        const field2 = h("textarea", { class: "unseen", readonly: true, "aria-hidden": "true" }, link2);
        document.body.append(field2);
        field2.select();
        const isCopied = document.execCommand("copy");
        field2.remove();
        focused?.focus();
        return isCopied;
      }
    }
    say(key) {
      clearTimeout(this.saying);
      this.toast.textContent = this.store.t(key);
      this.toast.hidden = false;
      this.saying = setTimeout(() => this.toast.hidden = true, this.SAID);
    }
  };

  // js/data/geodesic.js
  var A = 6378137;
  var FLATTENING = 1 / 298.257223563;
  var E2 = FLATTENING * (2 - FLATTENING);
  var rad = (degrees) => degrees * Math.PI / 180;
  var geodesicDistance = (a, b) => {
    const [p, q] = [a, b].map(({ lat }) => Math.atan((1 - FLATTENING) * Math.tan(rad(lat))));
    const h2 = Math.sin((q - p) / 2) ** 2 + Math.cos(p) * Math.cos(q) * Math.sin(rad(b.lng - a.lng) / 2) ** 2;
    if (h2 === 0) return 0;
    const angle = 2 * Math.asin(Math.min(1, Math.sqrt(h2)));
    const [middle4, half] = [(p + q) / 2, (q - p) / 2];
    const x = (angle - Math.sin(angle)) * (Math.sin(middle4) * Math.cos(half)) ** 2 / (1 - h2);
    const y = (angle + Math.sin(angle)) * (Math.cos(middle4) * Math.sin(half)) ** 2 / h2;
    return A * (angle - FLATTENING / 2 * (x + y));
  };
  var authalic = (sine) => {
    const e = Math.sqrt(E2);
    return (1 - E2) * (sine / (1 - E2 * sine * sine) + Math.atanh(e * sine) / e);
  };
  var POLE = authalic(1);
  var ringArea = (ring) => {
    const points = ring.map(({ lat, lng }) => [
      rad(lng),
      Math.tan(Math.asin(authalic(Math.sin(rad(lat))) / POLE) / 2)
    ]);
    const excess = points.reduce((sum, [lng, t], i) => {
      const [nextLng, nextT] = points[(i + 1) % points.length];
      return sum + 2 * Math.atan(Math.tan((nextLng - lng) / 2) * (t + nextT) / (1 + t * nextT));
    }, 0);
    return Math.abs(excess) * A * A * POLE / 2;
  };

  // js/tools/measure.js
  var INK4 = "#111111";
  var MU = 2e3 / 3;
  var HECTARE = 1e4;
  var MODES = ["distance", "area"];
  var Measure = class {
    constructor(store2) {
      this.store = store2;
      this.mode = "distance";
      this.points = [];
      const act = () => store2.use(this.isOn ? "" : "measure");
      store2.tools.push({
        key: "measure",
        path: "M4 16.5L16.5 4L20 7.5L7.5 20zM8.5 12l2.5 2.5M11.5 9l1.5 1.5M14.5 6l2.5 2.5",
        act,
        isOn: () => this.isOn
      });
    }
    get isOn() {
      return this.store.tool === "measure";
    }
    addTo(map) {
      this.map = map;
      this.drawn = L.layerGroup();
      this.store.sketches.push(() => this.isOn ? this.drawn.getLayers() : []);
      this.cross = h("div", { class: "aim", "aria-hidden": "true" });
      this.said = h("p", { class: "unseen", role: "status", "aria-live": "polite" });
      this.box = h("section", { class: "measuring", hidden: true });
      L.DomEvent.disableClickPropagation(this.box);
      L.DomEvent.on(this.box, "mousemove", (event) => {
        L.DomEvent.stopPropagation(event);
        this.follow(null);
      });
      map.getContainer().append(this.cross, this.box, this.said);
      map.on("click", ({ latlng }) => this.isOn && this.add(latlng));
      map.on("dblclick", () => this.isOn && this.finish());
      map.on("mousemove", ({ latlng }) => this.follow(latlng));
      map.on("mouseout", () => this.follow(null));
      map.on("move", () => this.byKeyboard && this.follow(map.getCenter()));
      document.addEventListener(
        "keydown",
        (event) => this.isOn && !map.getContainer().inert && this.key(event)
      );
      this.store.on("tools", this.turn, this);
      this.store.on("language", () => {
        this.furnish();
        this.draw();
      });
      this.furnish();
      return this;
    }
    get byKeyboard() {
      return this.isOn && this.map.getContainer().matches(":focus-visible");
    }
    turn() {
      if (this.box.hidden !== this.isOn) return;
      const container = this.map.getContainer();
      this.box.hidden = !this.isOn;
      container.classList.toggle("aiming", this.isOn);
      this.map.doubleClickZoom[this.isOn ? "disable" : "enable"]();
      if (this.isOn) {
        if (this.store.choosing) this.store.deciding.end();
        this.store.select(null, null);
        this.drawn.addTo(this.map);
        container.focus();
      } else {
        this.drawn.remove();
        document.getElementById("measure")?.focus();
      }
      this.clear();
    }
    clear() {
      this.points = [];
      this.at = null;
      this.isDone = false;
      this.draw();
      this.said.textContent = "";
    }
    choose(mode) {
      this.mode = mode;
      this.draw();
      this.say();
    }
    add(latlng) {
      const last = this.points.at(-1);
      if (this.isDone) this.clear();
      else if (last && this.map.latLngToContainerPoint(last).distanceTo(this.map.latLngToContainerPoint(latlng)) < 3)
        return;
      this.points.push(latlng);
      this.at = latlng;
      this.draw();
      this.say();
    }
    undo() {
      if (this.isDone) this.isDone = false;
      else this.points.pop();
      this.draw();
      this.say();
    }
    finish() {
      this.isDone = this.points.length > 1;
      this.draw();
      this.say();
    }
    follow(latlng) {
      if (!this.isOn || this.isDone || latlng === this.at) return;
      this.at = latlng;
      if (this.points.length) this.draw();
    }
    key(event) {
      const onMap = event.target === this.map.getContainer();
      if (event.key === "Escape") this.store.use("");
      else if (event.key === "Backspace" && (onMap || this.box.contains(event.target))) this.undo();
      else if (event.key === " " && onMap) this.add(this.map.getCenter());
      else if (event.key === "Enter" && onMap) this.finish();
      else return;
      event.preventDefault();
    }
    // The points, and while it goes on the place of the pointer.
    get line() {
      const last = this.points.at(-1);
      return this.isDone || !this.at || !last || last.equals(this.at) ? this.points : [...this.points, this.at];
    }
    // What is measured of these points, in words: {main, more: […]}; null while there are too few.
    result(points) {
      const { store: store2 } = this;
      const closed = this.mode === "area";
      if (points.length < (closed ? 3 : 2)) return null;
      const lengths = points.map((point, i) => i ? geodesicDistance(points[i - 1], point) : 0);
      const length = lengths.reduce((sum, each) => sum + each, 0);
      if (!closed)
        return {
          main: this.length(length),
          more: points.length > 2 ? [store2.t("measure.last", { n: this.length(lengths.at(-1)) })] : []
        };
      if (crossingSides(points).size) return { main: store2.t("measure.crosses"), more: [] };
      const area = ringArea(points);
      const figure = (key, value, digits) => store2.t(key, { n: store2.number(value, digits) });
      const large2 = area >= HECTARE;
      return {
        main: large2 ? figure("measure.ha", area / HECTARE, 2) : figure("measure.m2", area, area < 100 ? 1 : 0),
        more: [
          ...store2.language === "zh" ? [figure("measure.mu", area / MU, 2)] : [],
          ...large2 ? [figure("measure.m2", area)] : [],
          store2.t("measure.around", { n: this.length(length + geodesicDistance(points.at(-1), points[0])) })
        ]
      };
    }
    length(metres) {
      const { store: store2 } = this;
      if (metres >= 1e3) return store2.t("measure.km", { n: store2.number(metres / 1e3, 2) });
      return store2.t("measure.m", { n: store2.number(metres, metres < 100 ? 1 : 0) });
    }
    say() {
      const found = this.result(this.points);
      this.said.textContent = [
        this.store.t("measure.points", { n: this.store.number(this.points.length) }),
        found?.main,
        ...found?.more ?? []
      ].filter(Boolean).join(this.store.language === "zh" ? "，" : ", ");
    }
    draw() {
      if (!this.isOn) return;
      const found = this.result(this.line);
      this.sketch(found);
      this.fill(found);
    }
    sketch(found) {
      const { line: line2 } = this;
      const quiet2 = { interactive: false };
      this.drawn.clearLayers();
      if (!line2.length) return;
      if (this.mode === "area" && line2.length > 2)
        this.drawn.addLayer(
          L.polygon(line2, { ...quiet2, color: INK4, weight: 1, fillColor: INK4, fillOpacity: 0.12 })
        );
      this.drawn.addLayer(L.polyline(line2, { ...quiet2, color: "#ffffff", weight: 6, opacity: 0.9 }));
      this.drawn.addLayer(L.polyline(line2, { ...quiet2, color: INK4, weight: 2.5, dashArray: "7 4" }));
      for (const point of this.points)
        this.drawn.addLayer(
          L.circleMarker(point, {
            ...quiet2,
            radius: 4.5,
            color: "#ffffff",
            weight: 2,
            fillColor: INK4,
            fillOpacity: 1
          })
        );
      if (!found) return;
      const text = [found.main, ...this.mode === "area" ? found.more.slice(-1) : []].join(" · ");
      const tag = L.tooltip({ className: "measured", direction: "bottom", offset: [0, 10], permanent: true });
      this.drawn.addLayer(tag.setLatLng(line2.at(-1)).setContent(h("span", {}, text)));
    }
    // The card: made for a language, and then only told what it says.
    furnish() {
      const { store: store2, box } = this;
      const button = (key, act) => h("button", { type: "button", "data-key": key, onclick: act }, store2.t(`measure.${key}`));
      this.modes = MODES.map((mode) => button(mode, () => this.choose(mode)));
      this.figure = h("p", { class: "result", "aria-hidden": "true" });
      this.more = h("ul", { "aria-hidden": "true" });
      this.hint = h("p", { class: "hint" });
      const focused = box.contains(document.activeElement) ? document.activeElement.dataset.key : null;
      box.setAttribute("aria-label", store2.t("measure"));
      box.replaceChildren(
        h("div", { class: "modes", role: "group", "aria-label": store2.t("measure") }, this.modes),
        this.figure,
        this.more,
        this.hint,
        h(
          "div",
          { class: "buttons" },
          button("undo", () => this.undo()),
          button("clear", () => this.clear()),
          button("end", () => store2.use(""))
        )
      );
      if (focused) box.querySelector(`[data-key="${focused}"]`)?.focus();
    }
    fill(found) {
      this.modes.forEach((button, i) => button.setAttribute("aria-pressed", String(this.mode === MODES[i])));
      this.figure.textContent = found?.main ?? "–";
      this.more.replaceChildren(...(found?.more ?? []).map((text) => h("li", {}, text)));
      this.hint.textContent = this.store.t(this.isDone ? "measure.hint.done" : "measure.hint");
    }
  };

  // js/ui/legend.js
  var legendRows = (store2) => {
    const rows2 = store2.statuses().filter((status) => status !== "gap" && store2.isPlaced).map((status) => [status, store2.t(`status.${status}`)]);
    if (store2.gapKinds.includes("uncovered_ground")) rows2.push(["gap", store2.t("legend.gap_ground")]);
    if (store2.isPlaced) rows2.push(["gap-building", store2.t("legend.gap_building")]);
    if (store2.gapKinds.includes("contested")) rows2.push(["contested", store2.t("legend.contested")]);
    if (store2.compounds.length) rows2.push(["elsewhere", store2.t("status.elsewhere")]);
    if (store2.hasOther) rows2.push(["other", store2.t("status.other")]);
    for (const { key, colour } of store2.shownLayers()) rows2.push(["line", store2.t(`legend.${key}`), colour]);
    if (store2.subdistricts.length) rows2.push(["boundary", store2.t("legend.subdistrict")]);
    if (store2.deciding?.decisions.entries.length) rows2.push(["pending", store2.t("legend.pending")]);
    if (store2.release?.isShown) rows2.push(["changed", store2.t("legend.changed")]);
    if (store2.hasRailway) rows2.push(["railway", store2.t("legend.railway")]);
    return rows2;
  };
  var legendFigures = (counts, status) => {
    if (status === "gap-building") return [counts.gap.buildings, null];
    if (status === "gap") return [null, counts.gap.areas];
    return [counts[status]?.buildings ?? null, STATUSES.includes(status) ? counts[status].areas : null];
  };

  // js/tools/sheet.js
  var DPI = 200;
  var CSS_DPI = 96;
  var MM = CSS_DPI / 25.4;
  var ROUND = [1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 7.5];
  var SLICE = 30;
  var PAPERS = { A4: [210, 297], A3: [297, 420] };
  var metresAround = (at2) => {
    const [x, y] = toWorld(at2);
    const step = 1e-6;
    const across = geodesicDistance(toLatLng([x - step, y]), toLatLng([x + step, y]));
    const along = geodesicDistance(toLatLng([x, y - step]), toLatLng([x, y + step]));
    return (across + along) / (4 * step);
  };
  var roundUp = (value) => {
    const ten = 10 ** Math.floor(Math.log10(value));
    return ten * [...ROUND, 10].find((step) => step * ten >= value * 0.9999);
  };
  var roundDown = (value) => {
    const ten = 10 ** Math.floor(Math.log10(value));
    return ten * [1, 2, 5].findLast((step) => step * ten <= value);
  };
  var paperView = (bounds, width, height) => {
    const [left, top] = toWorld(bounds.getNorthWest());
    const [right, bottom] = toWorld(bounds.getSouthEast());
    const middle4 = [(left + right) / 2, (top + bottom) / 2];
    const around = metresAround(toLatLng(middle4));
    const metresPerPixel = Math.max((right - left) / width, (bottom - top) / height) * around;
    const denominator = roundUp(metresPerPixel * MM * 1e3);
    const scale = around * MM * 1e3 / denominator;
    return {
      denominator,
      scale,
      zoom: Math.log2(scale / 256),
      left: middle4[0] * scale - width / 2,
      top: middle4[1] * scale - height / 2,
      width,
      height
    };
  };
  var ringsOf = (latlngs) => Array.isArray(latlngs[0]) ? latlngs.flatMap(ringsOf) : [latlngs];
  var trace = (c, at2, layer) => {
    const { options: options2 } = layer;
    const isClosed = layer instanceof L.Polygon;
    c.beginPath();
    if (layer instanceof L.CircleMarker) c.arc(...at2(layer.getLatLng()), options2.radius, 0, 2 * Math.PI);
    else {
      for (const ring of ringsOf(layer.getLatLngs())) {
        ring.forEach((latlng, i) => c[i ? "lineTo" : "moveTo"](...at2(latlng)));
        if (isClosed) c.closePath();
      }
    }
    if (options2.fill) {
      c.globalAlpha = options2.fillOpacity;
      fill({ c }, options2.fillColor ?? options2.color, options2.fillRule);
    }
    c.globalAlpha = options2.opacity;
    c.lineCap = c.lineJoin = "round";
    line(
      { c },
      options2.color,
      options2.weight,
      (options2.dashArray ?? "").split(" ").filter(Boolean).map(Number)
    );
    c.globalAlpha = 1;
  };
  var Sheet = class {
    // size: A4 or A3; turn: landscape or portrait.
    constructor(store2, bounds, { size, turn: turn2 }) {
      this.store = store2;
      this.bounds = bounds;
      this.canvas = h("canvas", { role: "img", "aria-label": store2.t("map") });
      this.frame = h("div", { class: "frame" }, this.canvas);
      this.scale = h("div", { class: "scale" });
      this.element = h(
        "article",
        { class: `sheet ${size} ${turn2}`, lang: store2.language === "zh" ? "zh-CN" : "en" },
        this.head(),
        this.frame,
        this.side()
      );
      const [short, long] = PAPERS[size];
      this.millimetres = turn2 === "landscape" ? [long, short] : [short, long];
    }
    head() {
      const { store: store2 } = this;
      return h(
        "header",
        {},
        h("h1", {}, store2.title()),
        h(
          "p",
          {},
          [store2.t("as_of", { date: store2.district.as_of }), ...this.choices()].join(" · "),
          this.partial(),
          this.pending()
        ),
        store2.district.synthetic ? h(
          "p",
          { class: "sample" },
          ["zh", "en"].map((language) => store2.strings[language].synthetic).join(" / ")
        ) : null
      );
    }
    // Which part of the data the sheet shows, where it is not all.
    choices() {
      const { store: store2 } = this;
      return [
        ...store2.words(),
        store2.hidden.size ? store2.t("print.without", {
          what: [...store2.hidden].map((status) => store2.t(`status.${status}`)).join(store2.language === "zh" ? "、" : ", ")
        }) : null
      ].filter(Boolean);
    }
    partial() {
      return document.getElementById("partial") ? h(
        "strong",
        { class: "undecided" },
        " " + ["zh", "en"].map((language) => this.store.strings[language]["partial.print"]).join(" / ")
      ) : null;
    }
    // Nobody may take what is only proposed for what is registered.
    pending() {
      const n = this.store.deciding?.decisions.entries.length;
      return n ? h(
        "strong",
        { class: "undecided" },
        swatch("pending"),
        this.store.t("print.pending", { n: this.store.number(n) })
      ) : null;
    }
    side() {
      const { store: store2 } = this;
      const { counts } = store2.summary();
      const rows2 = legendRows(store2).filter(
        ([status]) => !store2.hidden.has(status === "gap-building" ? "gap" : status)
      );
      const today2 = /* @__PURE__ */ new Date();
      const date = [today2.getFullYear(), today2.getMonth() + 1, today2.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
      return h(
        "footer",
        {},
        h(
          "table",
          { class: "key" },
          h(
            "thead",
            {},
            h(
              "tr",
              {},
              h("th", { colspan: 2 }, store2.t("legend")),
              ["buildings", "areas"].map((key) => h("th", { scope: "col" }, store2.t(`print.${key}`)))
            )
          ),
          h(
            "tbody",
            {},
            rows2.map(
              ([status, text, colour]) => h(
                "tr",
                {},
                h("td", {}, swatch(status, colour)),
                h("th", { scope: "row" }, text),
                legendFigures(counts, status).map(
                  (n) => h("td", {}, Number.isFinite(n) ? store2.number(n) : "")
                )
              )
            )
          )
        ),
        h("div", { class: "rule" }, this.north(), this.scale),
        h(
          "div",
          { class: "notes" },
          h("p", {}, store2.t(store2.words().length ? "print.counts_chosen" : "print.counts_all")),
          store2.district.source ? h("p", {}, store2.t("source", { source: store2.district.source })) : null,
          store2.areas.some((area) => area.origin === "proposal") ? h("p", {}, store2.t("print.proposals")) : null,
          store2.releaseNote ? h("p", {}, store2.releaseNote()) : null,
          h("p", {}, store2.t("print.on", { date }))
        )
      );
    }
    north() {
      const needle = icon("M12 2.5L17.5 21L12 17L6.5 21z", 34);
      return h("div", { class: "north" }, h("span", {}, this.store.t("print.north")), needle);
    }
    // A bar of a round length, as long on paper as its length on the ground is at this scale.
    bar({ denominator }) {
      const { store: store2 } = this;
      const metres = roundDown(34 * denominator / 1e3);
      const long = h("span", { class: "length" }, h("i", {}), h("i", {}));
      long.style.width = `${metres * 1e3 / denominator}mm`;
      const far = metres >= 1e3 ? store2.t("measure.km", { n: store2.number(metres / 1e3, 2) }) : store2.t("measure.m", { n: store2.number(metres) });
      const ends = h("p", {}, h("span", {}, "0"), h("span", {}, far));
      this.scale.replaceChildren(ends, long, h("p", {}, `1 : ${store2.number(denominator)}`));
      ends.style.width = long.style.width;
    }
    // Paints the map into the frame, once the sheet is in the page; gives the steps that are left.
    *paint() {
      const { store: store2, canvas } = this;
      const [width, height] = [this.frame.clientWidth, this.frame.clientHeight];
      const view = paperView(this.bounds, width, height);
      this.bar(view);
      const ratio = DPI / CSS_DPI;
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
      const c = canvas.getContext("2d", { willReadFrequently: true });
      c.scale(canvas.width / width, canvas.height / height);
      c.fillStyle = GROUND.background;
      c.fillRect(0, 0, width, height);
      yield* paint(
        {
          ...viewOf(view),
          c,
          patterns: makePatterns(c, ratio),
          raster: new CoverageRaster(Math.ceil(Math.max(width, height)))
        },
        store2
      );
      const sketches = store2.sketches.flatMap((layers2) => layers2(view.zoom));
      const at2 = (latlng) => {
        const [x, y] = toWorld(latlng);
        return [x * view.scale - view.left, y * view.scale - view.top];
      };
      for (const layer of sketches) if (layer instanceof L.Path) trace(c, at2, layer);
      store2.labels.paint(c, view);
      for (const layer of sketches) if (!(layer instanceof L.Path)) this.tag(layer, at2(layer.getLatLng()));
    }
    // The words of one of Leaflet's markers or tooltips, whole inside the frame; none of what is not on the
    // sheet.
    tag(layer, [x, y]) {
      const { clientWidth: width, clientHeight: height } = this.frame;
      if (x < 0 || y < 0 || x > width || y > height) return;
      const { html = layer.getContent?.(), className } = layer.options.icon?.options ?? layer.options;
      const words = html.cloneNode(true);
      const tag = h("div", { class: `tag ${className}` }, words);
      this.frame.append(tag);
      const [reach, frame] = [words, this.frame].map((element) => element.getBoundingClientRect());
      const zoom = frame.width / width;
      const inside = (place, before, after, whole) => Math.min(whole - after / zoom, Math.max(-before / zoom, place));
      tag.style.left = `${inside(x, reach.left - frame.left, reach.right - frame.left, width)}px`;
      tag.style.top = `${inside(y, reach.top - frame.top, reach.bottom - frame.top, height)}px`;
    }
    // The whole of it, in slices of time; resolves when it is done.
    async painted(slice = SLICE) {
      if (!this.store.buildings.shapes.isOutlined) await this.store.outline();
      const steps = this.paint();
      let end = performance.now() + slice;
      while (!steps.next().done) {
        if (performance.now() < end) continue;
        await new Promise(requestAnimationFrame);
        if (!this.element.isConnected) return false;
        end = performance.now() + slice;
      }
      return true;
    }
  };

  // js/tools/print.js
  var Print = class {
    constructor(store2) {
      this.store = store2;
      this.paper = { size: "A4", turn: "landscape" };
      store2.tools.push({
        key: "print",
        path: "M7 8V3h10v5M7 17H3v-9h18v9h-4M7 14h10v7H7z",
        act: () => this.open()
      });
    }
    addTo(map) {
      this.map = map;
      this.rules = new CSSStyleSheet();
      document.adoptedStyleSheets = [...document.adoptedStyleSheets, this.rules];
      addEventListener("resize", () => this.isOpen && this.fit());
      addEventListener("beforeprint", () => {
        if (this.isOpen) return;
        this.open(true);
        this.hurried = true;
      });
      addEventListener("afterprint", () => this.hurried && this.close());
      this.store.on("language facts decided", () => this.isOpen && this.show());
      return this;
    }
    get isOpen() {
      return Boolean(this.view);
    }
    // What the map shows, without the empty margins around the district and what is drawn by hand.
    inView() {
      const { box, sketches } = this.store;
      const view = this.map.getBounds();
      if (!Number.isFinite(box[0])) return view;
      const district = boundsOf(box).pad(0.02);
      if (!view.intersects(district)) return view;
      for (const layer of sketches.flatMap((layers2) => layers2(this.map.getZoom())))
        district.extend(layer.getBounds?.() ?? layer.getLatLng());
      return L.latLngBounds(
        [Math.max(view.getSouth(), district.getSouth()), Math.max(view.getWest(), district.getWest())],
        [Math.min(view.getNorth(), district.getNorth()), Math.min(view.getEast(), district.getEast())]
      );
    }
    open(atOnce = false) {
      this.bounds = this.inView();
      this.desk = h("div", { class: "desk" });
      this.bar = h("div", { class: "bar" });
      this.view = h(
        "div",
        { id: "printing", role: "dialog", "aria-modal": "true", onkeydown: (event) => this.key(event) },
        this.bar,
        this.desk
      );
      this.behind = [...document.body.children].filter(
        (element) => element.matches("main, aside, nav, section")
      );
      for (const element of this.behind) element.inert = true;
      document.body.append(this.view);
      this.show(atOnce);
      this.bar.querySelector("select").focus();
    }
    // Its keys are its own: the tool behind it stays as it is.
    key(event) {
      event.stopPropagation();
      if (event.key === "Escape") this.close();
    }
    close() {
      this.view.remove();
      this.view = null;
      this.hurried = false;
      for (const element of this.behind) element.inert = false;
      this.rules.replaceSync("");
      document.getElementById("print")?.focus();
    }
    choose(choice2) {
      Object.assign(this.paper, choice2);
      this.show();
    }
    // atOnce: without time for slices, because the browser is about to print.
    async show(atOnce = false) {
      const { store: store2 } = this;
      const sheet = this.sheet = new Sheet(store2, this.bounds, this.paper);
      this.view.setAttribute("aria-label", store2.t("print"));
      this.controls();
      this.desk.replaceChildren(h("div", { class: "paper" }, sheet.element));
      this.rules.replaceSync(`@page { size: ${this.paper.size} ${this.paper.turn}; margin: 0; }`);
      this.fit();
      if (await sheet.painted(atOnce ? Infinity : void 0) && sheet === this.sheet && this.isOpen) {
        sheet.element.dataset.painted = "true";
        this.go.disabled = false;
      }
    }
    controls() {
      const { store: store2 } = this;
      const focused = this.bar.contains(document.activeElement) ? document.activeElement.dataset.key : null;
      const choice2 = (key, values) => h(
        "label",
        {},
        h("span", {}, store2.t(`print.${key}`)),
        h(
          "select",
          { "data-key": key, onchange: (event) => this.choose({ [key]: event.target.value }) },
          values.map(
            (value) => h(
              "option",
              { value, selected: this.paper[key] === value },
              store2.strings[store2.language][`print.${value}`] ?? value
            )
          )
        )
      );
      this.go = h(
        "button",
        { type: "button", class: "main", "data-key": "go", disabled: true, onclick: () => print() },
        store2.t("print.go")
      );
      this.bar.replaceChildren(
        choice2("size", Object.keys(PAPERS)),
        choice2("turn", ["landscape", "portrait"]),
        h("p", {}, store2.t("print.hint")),
        this.go,
        h(
          "button",
          { type: "button", "data-key": "close", onclick: () => this.close() },
          store2.t("print.close")
        )
      );
      if (focused) this.bar.querySelector(`[data-key="${focused}"]`)?.focus();
    }
    // The sheet as large as the window lets it be seen; on paper it is as large as it is.
    fit() {
      const { element, millimetres } = this.sheet;
      const wanted = millimetres.map((length) => length * 96 / 25.4);
      const zoom = Math.min(
        1.2,
        (this.desk.clientWidth - 48) / wanted[0],
        (this.desk.clientHeight - 48) / wanted[1]
      );
      element.style.setProperty("--zoom", String(zoom));
      Object.assign(element.parentElement.style, {
        width: `${wanted[0] * zoom}px`,
        height: `${wanted[1] * zoom}px`
      });
    }
  };

  // js/tools/tiles.js
  var OPACITY = 0.85;
  var Shift = class {
    constructor({ lng, lat, step, corners: corners2, add }) {
      this.lng = lng;
      this.lat = lat;
      this.step = step;
      this.corners = corners2;
      this.add = add;
    }
    // How a position of the tiles is to be moved: [longitude, latitude] in degrees.
    at(position) {
      const cell = (degrees, low, i) => {
        const at2 = Math.min(Math.max((degrees - low) / this.step[i], 0), this.corners[i] - 1);
        const before = Math.min(Math.floor(at2), Math.max(this.corners[i] - 2, 0));
        return [before, at2 - before];
      };
      const [column, east] = cell(position.lng, this.lng, 0);
      const [row2, north] = cell(position.lat, this.lat, 1);
      const value = (c, r, i) => this.add[2 * (Math.min(r, this.corners[1] - 1) * this.corners[0] + Math.min(c, this.corners[0] - 1)) + i];
      return [0, 1].map((i) => {
        const south = value(column, row2, i) * (1 - east) + value(column + 1, row2, i) * east;
        const far = value(column, row2 + 1, i) * (1 - east) + value(column + 1, row2 + 1, i) * east;
        return (south * (1 - north) + far * north) / 1e9;
      });
    }
    toOurs(position) {
      const [lng, lat] = this.at(position);
      return L.latLng(position.lat + lat, position.lng + lng);
    }
    // The other way, to the metre or so.
    toTheirs(position) {
      const [lng, lat] = this.at(position);
      return L.latLng(position.lat - lat, position.lng - lng);
    }
  };
  var Shifted = (
    /** @type {any} */
    L.TileLayer.extend({
      // Where the corner of a tile lies in ours, in pixels of the level.
      _corner(x, y, z) {
        const size = this.getTileSize();
        return this._map.project(this.options.shift.toOurs(this._map.unproject([x * size.x, y * size.y], z)), z).round();
      },
      _getTilePos({ x, y, z }) {
        return this._corner(x, y, z).subtract(this._level.origin);
      },
      _getTiledPixelBounds(center) {
        const bounds = L.TileLayer.prototype._getTiledPixelBounds.call(this, this.options.shift.toTheirs(center));
        return L.bounds(bounds.min.subtract([16, 16]), bounds.max.add([16, 16]));
      },
      _addTile(coords, container) {
        L.TileLayer.prototype._addTile.call(this, coords, container);
        const tile = this._tiles[this._tileCoordsToKey(coords)].el;
        const size = this._corner(coords.x + 1, coords.y + 1, coords.z).subtract(
          this._corner(coords.x, coords.y, coords.z)
        );
        Object.assign(tile.style, { width: `${size.x}px`, height: `${size.y}px` });
      }
    })
  );
  var Tiles = class {
    constructor(store2) {
      this.store = store2;
      const { url, attribution, zoom_max: maxNativeZoom, is_labelled: isLabelled, shift } = PARTS.tiles;
      const options2 = {
        maxNativeZoom,
        maxZoom: Infinity,
        opacity: OPACITY,
        zIndex: 0,
        className: "tiles",
        referrerPolicy: "strict-origin-when-cross-origin"
      };
      this.attribution = attribution;
      this.isLabelled = isLabelled;
      this.layer = shift ? new Shifted(url, { ...options2, shift: new Shift(shift) }) : L.tileLayer(url, options2);
      store2.tools.push({
        key: "base_map",
        path: "M12 3L22 8.5L12 14L2 8.5zM2 12.5L12 18l10-5.5M2 16.5L12 22l10-5.5",
        act: () => this.turn(!this.isOn),
        isOn: () => this.isOn
      });
    }
    addTo(map) {
      this.map = map;
      this.credit = h("p", { class: "credit" }, this.attribution);
      map.getContainer().append(this.credit);
      map.createPane("tiles").style.zIndex = 150;
      this.layer.options.pane = "tiles";
      this.turn(true);
      return this;
    }
    turn(on) {
      this.isOn = on;
      this.credit.hidden = !on;
      if (on) this.layer.addTo(this.map);
      else this.layer.remove();
      this.store.surface.isOverTiles = on;
      this.store.labels.isOverTiles = on && this.isLabelled;
      this.store.surface.repaint();
      this.store.labels.draw();
      this.store.fire("tools");
    }
  };

  // js/ui/access.js
  var reduceMotion = () => {
    if (!matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    const { panBy } = L.Map.prototype;
    L.Map.mergeOptions({ zoomAnimation: false, inertia: false });
    L.Map.include({
      panBy(offset, options2) {
        return panBy.call(this, offset, { ...options2, animate: false });
      }
    });
  };
  var Access = class {
    constructor(store2) {
      this.store = store2;
    }
    addTo(map) {
      const { store: store2 } = this;
      this.map = map;
      const container = map.getContainer();
      const go = (act) => (event) => {
        event.preventDefault();
        act();
      };
      this.toMap = h("a", { href: `#${container.id}`, onclick: go(() => container.focus()) });
      this.toRows = h("a", {
        href: "#table",
        onclick: go(() => store2.rows.isOpen ? store2.rows.enter() : store2.rows.turn(true))
      });
      this.skip = h("nav", { class: "skip" }, this.toMap, this.toRows);
      document.body.prepend(this.skip);
      this.keys = h("p", { class: "keys", id: "keys" });
      this.said = h("p", { class: "unseen", role: "status" });
      container.append(this.keys, this.said);
      container.setAttribute("aria-describedby", "keys");
      container.addEventListener("keydown", (event) => this.key(event));
      document.addEventListener("keydown", () => this.isByKey = true, { capture: true });
      document.addEventListener("pointerdown", () => this.isByKey = false, { capture: true });
      document.addEventListener("keydown", (event) => this.escape(event));
      map.whenReady(() => store2.on("select", this.follow, this));
      map.on("popupclose", this.giveBack, this);
      store2.on("change", this.count, this);
      store2.on("language", this.speak, this);
      this.speak();
      return this;
    }
    speak() {
      const { store: store2 } = this;
      this.skip.setAttribute("aria-label", store2.t("skip"));
      this.toMap.textContent = store2.t("skip.map");
      this.toRows.textContent = store2.t("skip.rows");
      this.keys.textContent = store2.t("map.keys");
    }
    // To a screen reader: what the filters leave.
    count() {
      const { store: store2 } = this;
      const [areas2, gaps] = [
        store2.areas.filter((area) => store2.areaVisible(area)),
        store2.gaps.filter((gap) => store2.gapVisible(gap))
      ];
      this.said.textContent = store2.t("shown", {
        areas: store2.number(areas2.length),
        gaps: store2.number(gaps.length)
      });
    }
    // On the map itself: what is under the cross, as if it had been clicked. A tool has this key for itself.
    key(event) {
      const { store: store2, map } = this;
      if (event.key !== "Enter" || event.target !== map.getContainer() || store2.tool || store2.choosing?.key)
        return;
      event.preventDefault();
      map.fire("click", { latlng: map.getCenter() });
    }
    escape(event) {
      if (event.key !== "Escape" || event.defaultPrevented || !this.store.selected) return;
      this.store.select(null, null);
    }
    // What is opened by keyboard is gone on with there; by mouse, the focus stays where it is.
    follow({ record }) {
      if (!record || !this.isByKey) return;
      const from = document.activeElement;
      if (from !== document.body && !from.closest(".leaflet-popup")) this.from = from;
      this.map.getContainer().querySelector(".leaflet-popup .told")?.focus({ preventScroll: true });
    }
    // As it closes, unless the focus has gone elsewhere by itself.
    giveBack() {
      const { from } = this;
      this.from = null;
      if (!from) return;
      const isLost = !document.activeElement || document.activeElement === document.body || document.activeElement.closest(".leaflet-popup");
      const again = from.isConnected ? from : (
        // lists are made anew as the view moves
        document.querySelector(`[data-key="${CSS.escape(from.dataset.key ?? "")}"]`)
      );
      if (isLost)
        (again && !again.closest("[hidden]") ? again : this.map.getContainer()).focus({ preventScroll: true });
    }
  };

  // js/ui/controls.js
  var Controls = class {
    constructor(store2) {
      this.store = store2;
      this.legendOpen = innerWidth > 760;
    }
    addTo(map) {
      this.map = map;
      this.zoom = L.control.zoom({ position: "topright" }).addTo(map);
      L.control.scale({ imperial: false, position: "bottomleft", maxWidth: 120 }).addTo(map);
      const home = {
        key: "home",
        path: "M3 11l9-8l9 8M5 9.5V20h5v-6h4v6h5V9.5",
        act: () => goHome(this.store, map)
      };
      const tools = (box) => box.append(...[home, ...this.store.tools].map((tool) => this.tool(tool)));
      this.place("topright", "tools", tools, "language change decided facts");
      this.store.on("tools", this.press, this);
      this.place("bottomright", "legend", (box) => this.legend(box), "language change decided view");
      if (this.store.district.synthetic) this.place("topleft", "synthetic-label", (box) => this.synthetic(box));
      this.place(
        "bottomleft",
        "source",
        (box) => this.store.district.source && box.append(this.store.t("source", { source: this.store.district.source }))
      );
      this.name();
      this.store.on("language", this.name, this);
      return this;
    }
    // A Leaflet control whose content is made again at these events.
    place(position, name, fill2, events = "language change decided") {
      const control = new L.Control({ position });
      control.onAdd = () => {
        const box = L.DomUtil.create("div", name);
        L.DomEvent.disableClickPropagation(box);
        fill2(box);
        this.store.on(events, () => {
          const focused = box.contains(document.activeElement) && document.activeElement.id;
          box.replaceChildren();
          fill2(box);
          if (focused) document.getElementById(focused)?.focus();
        });
        return box;
      };
      control.addTo(this.map);
    }
    name() {
      const { store: store2, zoom } = this;
      const buttons = { zoom_in: zoom._zoomInButton, zoom_out: zoom._zoomOutButton };
      for (const [key, button] of Object.entries(buttons)) {
        button.title = store2.t(key);
        button.setAttribute("aria-label", store2.t(key));
      }
      this.map.getContainer().setAttribute("aria-label", store2.t("map"));
    }
    tool({ key, path, act, isOn }) {
      const text = this.store.t(key);
      return h(
        "button",
        {
          type: "button",
          id: key,
          title: text,
          "aria-label": text,
          "aria-pressed": isOn && String(isOn()),
          onclick: act
        },
        icon(path)
      );
    }
    press() {
      for (const { key, isOn } of this.store.tools)
        if (isOn) document.getElementById(key)?.setAttribute("aria-pressed", String(isOn()));
    }
    synthetic(box) {
      const zh = this.store.language === "zh";
      const both = ["zh", "en"].map((language) => this.store.strings[language].synthetic);
      box.append(h("strong", {}, both[zh ? 0 : 1]), h("span", {}, both[zh ? 1 : 0]));
    }
    legend(box) {
      const { store: store2 } = this;
      const { counts } = store2.summary(store2.here);
      const rows2 = legendRows(store2).map(([status, text, colour]) => {
        const [buildings2, areas2] = legendFigures(counts, status);
        const key = Number.isFinite(areas2) ? "n_areas_short" : "n_buildings_short";
        const n = areas2 ?? buildings2;
        return h(
          "li",
          {},
          swatch(status, colour),
          text,
          Number.isFinite(n) && h("span", { class: "note" }, store2.t(key, { n: store2.number(n) }))
        );
      });
      box.append(
        h(
          "details",
          { open: this.legendOpen, ontoggle: (event) => this.legendOpen = event.target.open },
          h("summary", {}, store2.t("legend")),
          h("ul", {}, rows2)
        )
      );
    }
  };

  // js/ui/old_browser.js
  var refuseOldBrowser = ({ zh, en }) => {
    if (window.DecompressionStream && Array.prototype.findLast) return;
    const said = [
      ["zh-CN", zh],
      ["en", en]
    ].map(([lang, { old_browser: text }]) => h("p", { lang }, text));
    document.body.prepend(h("div", { class: "sorry", role: "alert" }, said));
    throw new Error(en.old_browser);
  };

  // js/ui/filters.js
  var MOST = 2e3;
  var compare = (a, b) => a < b ? -1 : a > b ? 1 : 0;
  var byName = (a, b) => a.localeCompare(b, "zh");
  var MODES2 = VALUES["service.mode"];
  var byMode = (a, b) => MODES2.indexOf(a) - MODES2.indexOf(b);
  var ORDER = { subdistrict: compare, community: compare, manager: byName, mode: byMode };
  var options = (store2, name, offered) => offered.map(
    ([value, n]) => h(
      "option",
      { value, selected: store2[name] === value },
      `${store2.word(name, value)} · ${store2.t(name === "gapKind" ? "n_gaps_short" : "n_buildings_short", { n: store2.number(n) })}`
    )
  );
  var grouped = (store2, offered) => {
    const around = ([code]) => [...store2.groups.subdistrictsOf.get(code) ?? []].sort(compare);
    const label = ([first]) => around(first).map((code) => store2.subdistrictName(code)).join(store2.language === "zh" ? "、" : ", ");
    const by = groupBy(offered, (each) => around(each).join());
    if (store2.subdistrict || by.size < 2) return options(store2, "community", offered);
    return [...by.values()].map(
      (each) => h("optgroup", { label: label(each) }, options(store2, "community", each))
    );
  };
  var choice = (store2, name, offered) => {
    if (!offered.length || offered.length > MOST) return null;
    if (ORDER[name]) offered.sort((a, b) => ORDER[name](a[0], b[0]));
    return h(
      "label",
      {},
      h("span", {}, store2.t(`filter.${name}`)),
      h(
        "select",
        {
          "data-key": name,
          class: store2[name] ? "on" : null,
          onchange: (event) => store2.set({ [name]: event.target.value })
        },
        h("option", { value: "" }, store2.t("all")),
        name === "community" ? grouped(store2, offered) : options(store2, name, offered)
      )
    );
  };
  var filterSelects = (store2) => {
    const offers = store2.offers();
    const clear = () => {
      store2.clear();
      document.querySelector(".filters select")?.focus();
    };
    return h(
      "div",
      { class: "filters", role: "group", "aria-label": store2.t("filters") },
      FILTERS.map((name) => choice(store2, name, offers[name])),
      store2.isFiltered() ? h(
        "button",
        { type: "button", class: "clear-filters", "data-key": "clear", onclick: clear },
        icon("M6 6l12 12M18 6L6 18", 14),
        store2.t("filter.clear")
      ) : null
    );
  };

  // js/ui/lists.js
  var FIRST2 = 60;
  var ODDEST = 10;
  var MOST2 = 1e3;
  var WORST = ["paper_only", "unsigned", "proposed", "registered", "served"];
  var section = (store2, key, note, ...content) => h(
    "section",
    {},
    h("header", {}, h("h2", {}, store2.t(key)), h("span", { class: "note" }, note)),
    ...content
  );
  var rows = (store2, items, rowOf) => {
    const list = h("ul", {}, items.slice(0, FIRST2).map(rowOf));
    if (items.length <= FIRST2) return [list];
    const more = h(
      "button",
      {
        type: "button",
        class: "all",
        onclick: () => {
          list.append(...items.slice(FIRST2).map(rowOf));
          more.remove();
        }
      },
      store2.t("show_all", { n: store2.number(items.length) })
    );
    return [list, more];
  };
  var PLACES = 2 ** 32;
  var inOrder2 = (items, rank) => [...Float64Array.from(items.map((item, i) => rank(item) * PLACES + i)).sort()].map(
    (key) => items[key % PLACES]
  );
  var row = (onclick, ...content) => h("li", {}, h("button", { type: "button", class: "row", onclick }, ...content));
  var subdistrictList = (store2) => {
    if (!store2.subdistrictCodes.length) return null;
    const counted = store2.bySubdistrict(store2.here?.counts, store2.leaves("subdistrict"));
    const all = [...counted].map(([code, each]) => ({ code, ...each })).filter(({ code, concerned: concerned2 }) => concerned2 || code === store2.subdistrict || !store2.isNarrowed());
    if (!all.length) return null;
    all.sort((a, b) => b.counts.gap.buildings - a.counts.gap.buildings || b.concerned - a.concerned);
    const longest = Math.max(...all.map((s) => s.concerned), 1);
    return section(
      store2,
      "by_subdistrict",
      store2.t("by_subdistrict.order"),
      h(
        "div",
        { class: "subdistricts" },
        h(
          "p",
          { class: "columns" },
          h("span", {}, store2.t("subdistrict")),
          h("span", {}, store2.t("buildings")),
          h("span", {}, store2.t("gap_count"))
        ),
        ...rows(store2, all, ({ code, counts, concerned: concerned2 }) => {
          const parts = bar(STATUSES.map((status) => [status, counts[status].buildings]));
          parts.style.width = `${Math.max(8, 100 * concerned2 / longest)}%`;
          const here = store2.subdistrict === code;
          return h(
            "li",
            {},
            h(
              "button",
              {
                type: "button",
                class: "row",
                "data-key": code,
                "aria-pressed": String(here),
                onclick: () => store2.set({ subdistrict: here ? "" : code })
              },
              h("span", { class: "name" }, store2.subdistrictName(code)),
              h("span", { class: "track" }, parts),
              h(
                "strong",
                { class: counts.gap.buildings ? "gap" : "no-gap" },
                store2.number(counts.gap.buildings)
              )
            )
          );
        })
      )
    );
  };
  var areaList = (store2) => {
    const problems = (area) => Math.min((store2.gapsByArea.get(area.area_id) ?? []).length, MOST2 - 1);
    store2.worstFirst ??= inOrder2(
      store2.areas,
      (area) => WORST.indexOf(area.status) * MOST2 + MOST2 - problems(area)
    );
    const areas2 = store2.worstFirst.filter((area) => store2.areaVisible(area) && store2.areaHere(area));
    const values = {
      n: store2.number(areas2.length),
      declared: store2.declared.areas && store2.number(store2.declared.areas)
    };
    return section(
      store2,
      "area_list",
      store2.t(values.declared ? "area_list.declared" : "area_list.count", values),
      ...rows(
        store2,
        areas2,
        (area) => row(
          () => store2.select("area", area, { move: true }),
          swatch(area.status),
          h("span", { class: "name" }, store2.areaName(area)),
          h(
            "span",
            { class: "note" },
            [
              area.name ? area.area_id : null,
              store2.t("n_buildings_short", { n: store2.number(area.n_buildings) })
            ].filter(Boolean).join(" · ")
          )
        )
      )
    );
  };
  var gapSubject = (store2, gap) => {
    if (gap.kind === "uncovered_ground" && gap.ground_area_m2) {
      const place = gap.subdistrict_code ? ` · ${store2.subdistrictLabel(gap.subdistrict_code)}` : "";
      return store2.t("unit.m2", { n: store2.number(gap.ground_area_m2) }) + place;
    }
    const building = store2.buildings.at(store2.tables.gaps.linked("building_id", gap.i));
    const area = store2.areaById.get(gap.area_id);
    return (building && store2.buildingName(building)) ?? (area && store2.areaName(area)) ?? gap.entry_id ?? gap.area_id ?? gap.gap_id;
  };
  var openGap = (store2, gap) => {
    const area = store2.areaById.get(gap.area_id);
    if (!gap.rings.length && area?.rings.length) store2.select("area", area, { move: true });
    else store2.select("gap", gap, { move: true });
  };
  var gapList = (store2) => {
    store2.urgentFirst ??= inOrder2(store2.gaps, (gap) => gap.priority);
    const counts = /* @__PURE__ */ new Map();
    const isLeft = store2.gapLeft();
    const left = store2.urgentFirst.filter((gap) => isLeft(gap) && store2.gapHere(gap));
    for (const gap of left) counts.set(gap.kind, (counts.get(gap.kind) ?? 0) + 1);
    const gaps = left.filter((gap) => !store2.gapKind || gap.kind === store2.gapKind);
    const kinds = h(
      "div",
      { class: "kinds", role: "group", "aria-label": store2.t("gap_kind") },
      [...counts].sort((a, b) => b[1] - a[1]).map(
        ([kind2, n]) => h(
          "button",
          {
            type: "button",
            "data-key": `gap ${kind2}`,
            "aria-pressed": String(store2.gapKind === kind2),
            onclick: () => store2.set({ gapKind: store2.gapKind === kind2 ? "" : kind2 })
          },
          store2.t(`gap.${kind2}`),
          h("strong", {}, store2.number(n))
        )
      )
    );
    return section(
      store2,
      "gap_list",
      store2.t("gap_list.count", { n: store2.number(gaps.length) }),
      kinds,
      ...rows(
        store2,
        gaps,
        (gap) => row(
          () => openGap(store2, gap),
          h(
            "span",
            { class: `priority p${gap.priority}`, title: store2.t("field.priority") },
            String(gap.priority)
          ),
          h("span", { class: "name" }, gapSubject(store2, gap)),
          h("span", { class: "note" }, store2.t(`gap.${gap.kind}`))
        )
      )
    );
  };
  var oddList = (store2) => {
    store2.oddestFirst ??= inOrder2(
      store2.areas.filter((area) => area.oddity_rank && area.oddity_rank <= ODDEST),
      (area) => area.oddity_rank
    );
    const odd = store2.oddestFirst.filter((area) => store2.areaVisible(area) && store2.areaHere(area)).slice(0, ODDEST);
    if (!odd.length) return null;
    return section(
      store2,
      "odd_list",
      store2.t("odd_list.note"),
      h(
        "ul",
        {},
        odd.map(
          (area) => row(
            () => store2.select("area", area, { move: true }),
            h("span", { class: "priority" }, String(area.oddity_rank)),
            h("span", { class: "name" }, store2.areaName(area)),
            h("span", { class: "note" }, area.name ? area.area_id : null)
          )
        )
      )
    );
  };
  var reconciliationList = (store2) => {
    if (!store2.reconciliation.length) return null;
    const mark = { pass: "✓", warn: "!", fail: "✗" };
    const value = (r, name) => {
      if (r[name] === null || r[name] === void 0) return "–";
      return r.unit === "share" ? `${store2.number(100 * r[name], 2)}%` : store2.number(r[name]);
    };
    const head = (key) => h("th", { scope: "col" }, h("span", { class: "unseen" }, store2.t(key)));
    return section(
      store2,
      "reconciliation",
      store2.declared.source ?? "",
      h(
        "table",
        {},
        h(
          "thead",
          {},
          h(
            "tr",
            {},
            head("figure"),
            h("th", { scope: "col" }, store2.t("declared")),
            h("th", { scope: "col" }, store2.t("computed")),
            head("verdict")
          )
        ),
        h(
          "tbody",
          {},
          store2.reconciliation.map(
            (r) => h(
              "tr",
              { title: r.note },
              h(
                "th",
                { scope: "row" },
                store2.figure(r.figure),
                r.unit === "m²" ? h("small", {}, ` ${r.unit}`) : null
              ),
              h("td", {}, value(r, "declared")),
              h("td", {}, value(r, "computed")),
              h(
                "td",
                { class: `verdict ${r.verdict}` },
                h("span", { role: "img", "aria-label": store2.t(`verdict.${r.verdict}`) }, mark[r.verdict])
              )
            )
          )
        )
      )
    );
  };

  // js/data/match.js
  var plain = (text) => String(text ?? "").normalize("NFKC").toLowerCase();
  var LONGEST = 40;
  var FEW = 65536;
  var NUMBERS = 2 ** 20;
  var Pinyin = class {
    constructor(readings = {}) {
      this.readings = /* @__PURE__ */ new Map();
      this.initials = new Uint32Array(FEW);
      for (const [reading, characters] of Object.entries(readings)) {
        for (const character of characters) {
          const code = character.codePointAt(0);
          if (!this.readings.has(code)) this.readings.set(code, []);
          this.readings.get(code).push(reading);
          if (code < FEW) this.initials[code] |= 1 << reading.charCodeAt(0) - 97;
        }
      }
    }
    isFor(word2) {
      return this.readings.size > 0 && word2.length <= LONGEST && /[a-z]/.test(word2);
    }
    // Where in the text the word, from its letter `from` on, comes to an end if it begins at `at`; -1: it does
    // not. toEnd: at the end of the text only. A character is itself, a reading of it, its initial, or, last of
    // all, a reading that was begun.
    match(text, at2, word2, from, toEnd) {
      if (from === word2.length) return !toEnd || at2 === text.length ? at2 : -1;
      if (at2 >= text.length) return -1;
      const code = text.codePointAt(at2);
      const next = at2 + (code < FEW ? 1 : 2);
      if (word2.startsWith(text.slice(at2, next), from)) {
        const end = this.match(text, next, word2, from + next - at2, toEnd);
        if (end >= 0) return end;
      }
      const steps = this.steps(code, word2, from, !toEnd || next === text.length);
      if (!steps) return next;
      for (const step of steps) {
        const end = this.match(text, next, word2, from + step, toEnd);
        if (end >= 0) return end;
      }
      return -1;
    }
    // By how many letters of the word a character may be read: its whole reading, or its initial. null: it is
    // read to the end of the word, where it may end there.
    steps(code, word2, from, mayEnd) {
      const steps = /* @__PURE__ */ new Set();
      for (const reading of this.readings.get(code) ?? []) {
        let n = 0;
        while (n < reading.length && from + n < word2.length && reading[n] === word2[from + n]) n++;
        if (!n) continue;
        if (from + n === word2.length && mayEnd) return null;
        if (n === reading.length) steps.add(n);
        if (n > 1 && reading[1] === "h") steps.add(2);
        steps.add(1);
      }
      return steps;
    }
    // Where the word is in the text: [begin, end]; null: nowhere.
    range(text, word2, toEnd = false) {
      const first = word2.charCodeAt(0);
      const letter = first >= 97 && first <= 122 ? 1 << first - 97 : 0;
      for (let at2 = 0; at2 < text.length; at2++) {
        const code = text.charCodeAt(at2);
        const isHigh = code >= 55296 && code < 56320;
        if (code !== first && !isHigh && !(this.initials[code] & letter)) continue;
        const end = this.match(text, at2, word2, 0, toEnd);
        if (end >= 0) return [at2, end];
      }
      return null;
    }
    is(text, word2) {
      return this.match(text, 0, word2, 0, true) >= 0;
    }
    begins(text, word2) {
      return this.match(text, 0, word2, 0, false) >= 0;
    }
    ends(text, word2) {
      return this.range(text, word2, true) !== null;
    }
    has(text, word2) {
      return this.range(text, word2) !== null;
    }
  };
  var LITERAL = {
    is: (text, word2) => text === word2,
    begins: (text, word2) => text.startsWith(word2),
    ends: (text, word2) => text.endsWith(word2),
    has: (text, word2) => text.includes(word2)
  };
  var verdict = (before, after, word2, reader, digit) => {
    if (reader.begins(before, word2)) return 2;
    const sure2 = reader.has(before, word2) || after !== null && reader.has(after, word2) ? 1 : 0;
    if (after === null) return sure2;
    const asked = asks(before, after, word2, reader, digit);
    return asked.length ? [sure2, ...asked] : sure2;
  };
  var asks = (before, after, word2, reader, digit) => {
    const asked = [];
    for (let i = 0; i < word2.length; i++) {
      if (!digit.test(word2[i])) continue;
      if (i && !reader.ends(before, word2.slice(0, i))) continue;
      for (let j = i + 1; j <= word2.length && digit.test(word2[j - 1]); j++) {
        if (j < word2.length && !reader.begins(after, word2.slice(j))) continue;
        asked.push([word2.slice(i, j), i > 0, j < word2.length, reader.is(before, word2.slice(0, i)) ? 2 : 1]);
      }
    }
    return asked;
  };
  var test = (found, { hex }) => {
    if (typeof found === "number") return () => found;
    const tests = found.slice(1).map((asked) => hex ? hexadecimal(asked, hex) : decimal(asked));
    return (n) => tests.reduce((best, each) => Math.max(best, each(n)), found[0]);
  };
  var decimal = ([digits, first, last, begins]) => {
    if (first && last) return (n) => n === digits ? begins : 0;
    if (first) return (n) => n.startsWith(digits) ? begins : 0;
    if (last) return (n) => n.endsWith(digits) ? n === digits ? begins : 1 : 0;
    return (n) => n.includes(digits) ? n.startsWith(digits) ? begins : 1 : 0;
  };
  var hexadecimal = ([digits, first, last, begins], length) => {
    const [wanted, span, most] = [parseInt(digits, 16), 16 ** digits.length, length - digits.length];
    const isThere = (n, behind) => Math.floor(n / 16 ** behind) % span === wanted;
    const places2 = Array.from({ length: most + 1 }, (_, behind) => behind).filter(
      (behind) => (!first || behind === most) && (!last || behind === 0)
    );
    return (n) => {
      const behind = places2.findLast((each) => isThere(n, each));
      return behind === void 0 ? 0 : behind === most ? begins : 1;
    };
  };
  var better = (typed, spoken) => typed ? typed + 2 : spoken;
  var kept = (ask) => {
    const answers = new Int8Array(NUMBERS).fill(-1);
    return (n) => {
      if (n >= NUMBERS) return ask(n);
      return answers[n] >= 0 ? answers[n] : answers[n] = ask(n);
    };
  };
  var frames = /* @__PURE__ */ new WeakMap();
  var finder = (column, word2, pinyin) => {
    if (!frames.has(column))
      frames.set(
        column,
        column.before.map((before, k) => [
          plain(before),
          column.after[k] === null ? null : plain(column.after[k])
        ])
      );
    const isSpoken = pinyin.isFor(word2);
    const digit = column.hex ? /[0-9a-f]/ : /[0-9]/;
    const tests = /* @__PURE__ */ new Map();
    const verdicts = frames.get(column).map(([before, after]) => {
      const typed = verdict(before, after, word2, LITERAL, digit);
      const spoken = isSpoken ? verdict(before, after, word2, pinyin, digit) : 0;
      if (typeof typed === "number" && typeof spoken === "number") return better(typed, spoken);
      const key = JSON.stringify([typed, spoken]);
      if (!tests.has(key)) {
        const [asTyped, asSpoken] = [test(typed, column), test(spoken, column)];
        tests.set(
          key,
          kept((number) => {
            const n = column.hex ? number : String(number);
            return better(asTyped(n), asSpoken(n));
          })
        );
      }
      return tests.get(key);
    });
    if (!verdicts.some(Boolean)) return null;
    verdicts.unshift(0);
    return (i) => {
      const found = verdicts[column.frames.at(i)];
      return typeof found === "number" ? found : found(column.numbers.at(i));
    };
  };
  var findRows = (table, words, names, pinyin, most) => {
    const columns = names.map((name) => table.columns[name]).filter(Boolean);
    const tests = words.map((word2) => columns.map((column) => finder(column, word2, pinyin)));
    if (!words.length || tests.some((each) => !each.some(Boolean))) return { n: 0, first: [] };
    const first = Array.from({ length: 5 * columns.length }, () => []);
    let n = 0;
    for (let i = 0; i < table.length; i++) {
      let rank = 0;
      for (let w = 0; w < tests.length; w++) {
        let [best, at2] = [0, 0];
        for (let k = 0; k < tests[w].length; k++) {
          const found = tests[w][k] ? tests[w][k](i) : 0;
          if (found > best) [best, at2] = [found, k];
        }
        if (!best) {
          rank = 0;
          break;
        }
        if (w === 0) rank = best * columns.length + (columns.length - 1 - at2);
      }
      if (!rank) continue;
      n += 1;
      if (first[rank].length < most) first[rank].push(i);
    }
    return { n, first: first.reverse().flat().slice(0, most) };
  };
  var matchRanges = (text, words, pinyin) => {
    let [whole, ends] = ["", [0]];
    const begins = [];
    let at2 = 0;
    for (const letter of text) {
      const letters = plain(letter);
      for (let k = 0; k < letters.length; k++) {
        begins.push(at2);
        ends.push(at2 + letter.length);
      }
      whole += letters;
      at2 += letter.length;
    }
    const found = words.map((word2) => {
      const from = whole.indexOf(word2);
      return from >= 0 ? [from, from + word2.length] : pinyin.isFor(word2) ? pinyin.range(whole, word2) : null;
    }).filter(Boolean).map(([from, to]) => [begins[from], ends[to]]);
    found.sort((a, b) => a[0] - b[0]);
    return found.reduce((apart2, [from, to]) => {
      const last = apart2[apart2.length - 1];
      if (last && from <= last[1]) last[1] = Math.max(last[1], to);
      else apart2.push([from, to]);
      return apart2;
    }, []);
  };
  var splitWords = (text) => plain(text).split(/\s+/).filter(Boolean);

  // js/ui/marking.js
  var markMatches = (text, words, pinyin, lead = Infinity) => {
    const found = matchRanges(String(text ?? ""), words, pinyin);
    if (!found.length) return null;
    const begin = Math.max(0, found[0][0] - lead);
    const cuts = [begin, ...found.flat(), text.length];
    const parts = cuts.slice(1).map((to, k) => k % 2 ? h("mark", {}, text.slice(cuts[k], to)) : text.slice(cuts[k], to));
    return [begin ? "…" : "", ...parts].filter((each) => each !== "");
  };

  // js/ui/search.js
  var MOST3 = { area: 12, building: 8, compound: 5 };
  var FIELDS = {
    area: ["name", "area_id", "address", "manager"],
    building: ["name", "address", "building_id"],
    compound: ["name", "compound_id", "manager"]
  };
  var LEAD = 3;
  var TABLES = { area: "areas", building: "buildings", compound: "compounds" };
  var Search = class {
    constructor(store2) {
      this.store = store2;
      this.options = [];
      this.input = h("input", {
        type: "search",
        id: "search",
        autocomplete: "off",
        spellcheck: "false",
        role: "combobox",
        "aria-expanded": "false",
        "aria-controls": "options",
        "aria-autocomplete": "list",
        "aria-haspopup": "listbox",
        oninput: () => this.look(),
        onkeydown: (event) => this.key(event),
        onfocus: () => this.input.value && this.look()
      });
      this.clearButton = h(
        "button",
        { type: "button", class: "clear", hidden: true, onclick: () => this.clear() },
        "×"
      );
      this.list = h("div", { id: "options", role: "listbox" });
      this.said = h("p", { class: "more", role: "status" });
      this.box = h("div", { id: "found", hidden: true }, this.list, this.said);
      this.element = h(
        "div",
        {
          class: "search",
          role: "search",
          onfocusout: (event) => this.element.contains(event.relatedTarget) || this.close()
        },
        icon("M11 4a7 7 0 1 0 0 14a7 7 0 0 0 0-14M21 21l-5-5", 17),
        this.input,
        this.clearButton,
        this.box
      );
      this.pinyin = new Pinyin();
      this.speak();
      store2.on("language", this.speak, this);
      store2.on("facts", this.complete, this);
    }
    // Addresses and pinyin come with the facts.
    complete() {
      this.pinyin = new Pinyin(this.store.pinyin());
      if (!this.box.hidden) this.look();
    }
    speak() {
      this.input.placeholder = this.store.t("search");
      this.input.setAttribute("aria-label", this.store.t("search"));
      this.clearButton.setAttribute("aria-label", this.store.t("search.clear"));
      this.list.setAttribute("aria-label", this.store.t("search.results"));
      if (!this.box.hidden) this.look();
    }
    look() {
      const { store: store2 } = this;
      this.words = splitWords(this.input.value);
      this.clearButton.hidden = !this.input.value;
      this.options = [];
      let all = 0;
      const groups = Object.entries(FIELDS).map(([kind2, fields]) => {
        const table = store2.tables[TABLES[kind2]];
        const { n, first } = findRows(table, this.words, fields, this.pinyin, MOST3[kind2]);
        if (!n) return null;
        all += n;
        const name = store2.t(`search.${TABLES[kind2]}`);
        const options2 = first.map((i) => this.option(kind2, table.at(i)));
        return h(
          "div",
          { role: "group", "aria-label": name },
          h(
            "p",
            { class: "group", role: "presentation" },
            h("span", {}, name),
            n > first.length && h("span", {}, store2.t("search.first", { n: store2.number(first.length), all: store2.number(n) }))
          ),
          options2
        );
      });
      this.list.replaceChildren(...groups.filter(Boolean));
      this.said.textContent = store2.t(all ? "search.found" : "search.none", { n: store2.number(all) });
      this.said.classList.toggle("unseen", all > 0);
      this.open(this.words.length > 0);
      this.point(0);
    }
    // A name and a note, with what was typed marked in them. What was found in neither is told instead of the
    // note.
    option(kind2, record) {
      const { store: store2 } = this;
      const marked = (text) => markMatches(text, this.words, this.pinyin);
      const usual = {
        area: () => [store2.areaName(record), record.name ? record.area_id : null],
        building: () => [store2.buildingName(record), store2.t(`status.${record.status}`)],
        compound: () => [record.name || record.compound_id, record.manager]
      };
      const [name, note] = usual[kind2]();
      const inName = marked(name);
      const where = inName ? null : FIELDS[kind2].find((field2) => marked(record[field2]));
      const option = h(
        "div",
        {
          role: "option",
          id: `found-${this.options.length}`,
          tabindex: "-1",
          onclick: () => this.choose({ kind: kind2, record })
        },
        swatch(kind2 === "compound" ? "elsewhere" : record.status),
        h("span", { class: "name" }, inName ?? name),
        h("span", { class: "note" }, where ? markMatches(record[where], this.words, this.pinyin, LEAD) : note)
      );
      this.options.push({ option, kind: kind2, record });
      return option;
    }
    point(at2) {
      this.at = this.options.length ? (at2 + this.options.length) % this.options.length : -1;
      this.options.forEach(({ option }, i) => option.setAttribute("aria-selected", String(i === this.at)));
      if (this.at < 0 || this.box.hidden) return this.input.removeAttribute("aria-activedescendant");
      this.input.setAttribute("aria-activedescendant", `found-${this.at}`);
      if (this.at === 0)
        this.list.scrollTop = 0;
      else this.options[this.at].option.scrollIntoView({ block: "nearest" });
    }
    key(event) {
      if (event.isComposing) return;
      const { key } = event;
      if (key === "ArrowDown" || key === "ArrowUp") {
        event.preventDefault();
        if (this.box.hidden) this.look();
        else this.point(this.at + (key === "ArrowDown" ? 1 : -1));
      } else if (key === "Enter" && !this.box.hidden && this.at >= 0) this.choose(this.options[this.at]);
      else if (key === "Escape") {
        event.preventDefault();
        if (this.box.hidden) this.clear();
        else this.close();
      }
    }
    choose({ kind: kind2, record }) {
      this.close();
      this.store.select(kind2, record, { move: true });
    }
    clear() {
      this.input.value = "";
      this.clearButton.hidden = true;
      this.close();
      this.input.focus();
    }
    open(yes) {
      this.box.hidden = !yes;
      this.input.setAttribute("aria-expanded", String(yes));
      if (!yes) this.input.removeAttribute("aria-activedescendant");
    }
    close() {
      this.open(false);
    }
  };

  // js/ui/panel.js
  var Panel = class {
    REST = 150;
    // milliseconds a map stands still that is at rest
    constructor(store2) {
      this.store = store2;
      this.head = h("header", { class: "head" });
      this.search = new Search(store2);
      this.body = h("div", { class: "body" });
      this.element = h("aside", { id: "panel" }, this.head, this.search.element, this.body);
    }
    addTo(map) {
      this.map = map;
      map.getContainer().before(this.element);
      map.invalidateSize({ animate: false });
      this.store.on("change language facts view", this.draw, this);
      this.store.on("change", this.follow, this);
      map.on("moveend resize", this.moved, this);
      this.draw();
      return this;
    }
    // A summary of what is in view follows it, once the map has come to rest.
    moved() {
      if (!this.store.here) return;
      clearTimeout(this.resting);
      this.resting = setTimeout(() => this.store.here && summarise(this.store, this.map, true), this.REST);
    }
    // A subdistrict or a community that is newly chosen comes into view; none: the whole district.
    follow() {
      const { store: store2, map } = this;
      const chosen = store2.community || store2.subdistrict;
      if (chosen === (this.followed ?? "")) return;
      this.followed = chosen;
      fitChoice(store2, map);
      if (store2.here) summarise(store2, map, true);
    }
    draw() {
      const focused = this.element.contains(document.activeElement) ? document.activeElement.dataset.key : null;
      const { store: store2 } = this;
      document.documentElement.lang = store2.language === "zh" ? "zh-CN" : "en";
      document.title = store2.title();
      this.element.setAttribute("aria-label", store2.t("panel"));
      this.head.replaceChildren(...this.heading());
      this.body.replaceChildren(
        ...[
          ...store2.isPlaced ? [this.scope(), this.coverage(), this.cards(), filterSelects(store2), store2.deciding?.section] : [],
          ...store2.isComplete ? this.known() : []
        ].filter(Boolean)
      );
      if (focused) this.element.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
    }
    // The lists of what is known.
    known() {
      const { store: store2 } = this;
      const lists = [
        [subdistrictList, store2.isPlaced],
        [areaList, store2.isPlaced],
        [gapList, !store2.missing.has("gaps")],
        [oddList, !store2.missing.has("bounds")],
        ...store2.lists.map((list) => [list, !store2.missing.has("changes")]),
        [reconciliationList, true]
      ];
      return lists.filter(([, isKnown]) => isKnown).map(([list]) => list(store2));
    }
    heading() {
      const { store: store2 } = this;
      const other = store2.language === "zh" ? "en" : "zh";
      return [
        h("h1", {}, store2.title()),
        h(
          "p",
          {},
          store2.t("as_of", { date: store2.district.as_of }),
          store2.district.synthetic ? h("span", { class: "synthetic" }, store2.t("synthetic")) : null
        ),
        h(
          "button",
          {
            type: "button",
            class: "language",
            lang: other === "zh" ? "zh-CN" : "en",
            "data-key": "language",
            onclick: () => store2.speak(other)
          },
          store2.t("language")
        )
      ];
    }
    scope() {
      const { store: store2 } = this;
      const side2 = (key, isOfView) => h(
        "button",
        {
          type: "button",
          "data-key": key,
          "aria-pressed": String(Boolean(store2.here) === isOfView),
          onclick: () => summarise(store2, this.map, isOfView)
        },
        store2.t(key)
      );
      return h(
        "div",
        { class: "scope", role: "group", "aria-label": store2.t("scope") },
        side2("scope.district", false),
        side2("scope.view", true)
      );
    }
    coverage() {
      const { store: store2 } = this;
      const { counts, concerned: concerned2 } = store2.summary(store2.here);
      const key = store2.hasService ? "coverage" : "coverage.proposed";
      const covered = store2.hasService ? counts.served.buildings : concerned2 - counts.gap.buildings;
      return h(
        "div",
        { class: "coverage" },
        h(
          "div",
          {},
          h("strong", {}, store2.share(covered, concerned2)),
          h(
            "p",
            {},
            store2.t(key),
            h("br"),
            store2.t(`${key}.sentence`, { all: store2.number(concerned2), n: store2.number(covered) })
          )
        ),
        bar(STATUSES.map((status) => [status, counts[status].buildings])),
        counts.elsewhere.buildings ? h(
          "p",
          { class: "elsewhere" },
          store2.t("coverage.elsewhere", { n: store2.number(counts.elsewhere.buildings) })
        ) : null
      );
    }
    cards() {
      const { store: store2 } = this;
      const { counts, concerned: concerned2 } = store2.summary(store2.here);
      return h(
        "div",
        { class: "cards" },
        store2.statuses().map((status) => {
          const { buildings: buildings2, areas: areas2 } = counts[status];
          const name = store2.t(`status.${status}`);
          const values = { n: store2.number(areas2), share: store2.share(buildings2, concerned2) };
          return h(
            "button",
            {
              type: "button",
              class: "status",
              "data-key": status,
              "aria-pressed": String(!store2.hidden.has(status)),
              title: store2.t("card.toggle", { name }),
              onclick: () => store2.toggle(status)
            },
            swatch(status),
            h("span", { class: "name" }, name),
            h("strong", {}, store2.number(buildings2)),
            h(
              "small",
              {},
              status !== "gap" ? store2.t("card.areas", values) : store2.missing.has("gaps") ? values.share : store2.t("card.gap", values)
            )
          );
        })
      );
    }
  };

  // js/ui/reasons.js
  var WORDS = [
    [0.85, "sure.very"],
    [0.7, "sure.fairly"],
    [0.55, "sure.rather"],
    [0, "sure.not"]
  ];
  var percent = (value) => `${Math.round(100 * value)}%`;
  var sure = (store2, value) => h("span", { class: "sure" }, `${store2.t(WORDS.find(([least]) => value >= least)[1])} ${percent(value)}`);
  var link = (store2, area, go) => h(
    "button",
    {
      type: "button",
      class: "link",
      onclick: (event) => {
        event.stopPropagation();
        go(area);
      }
    },
    store2.areaName(area)
  );
  var whyDetails = (store2, area, { go, resized }) => {
    if (!area.why) return null;
    const { confidence, holds, cuts } = area.why;
    const sentences = (ids) => ids.map((id) => store2.sentence(id));
    const fold = (event) => {
      store2.whyOpen = !event.currentTarget.parentElement.open;
      requestAnimationFrame(resized);
    };
    return h(
      "details",
      { class: "why", open: store2.whyOpen ?? area.origin === "proposal" },
      h("summary", { onclick: fold }, h("span", {}, store2.t("why")), sure(store2, confidence)),
      h(
        "ul",
        {},
        sentences(holds).map((text) => h("li", {}, text))
      ),
      cuts.length ? h("h3", {}, store2.t("why.cuts")) : null,
      h(
        "ul",
        { class: "cuts" },
        cuts.map(
          (cut) => h(
            "li",
            {},
            h("p", {}, link(store2, cut.neighbour, go), sure(store2, cut.confidence)),
            sentences(cut.reasons).join(store2.language === "zh" ? "；" : "; ")
          )
        )
      )
    );
  };
  var marginBar = (store2, building, go) => {
    const runner = store2.areaById.get(building.runner_up_area_id);
    if (!hasMargin(store2, building)) return null;
    const [own, other] = [building.confidence, building.runner_up_confidence];
    const [before, after] = store2.t("margin", { own: percent(own), other: percent(other) }).split("{area}");
    return h(
      "div",
      { class: "margin" },
      bar([
        ["own", own],
        ["runner", other]
      ]),
      h("p", {}, before, link(store2, runner, go), after)
    );
  };
  var hasMargin = (store2, building) => store2.areaById.has(building.area_id) && store2.areaById.has(building.runner_up_area_id) && building.runner_up_confidence !== null;

  // js/ui/facts.js
  var known = (pairs) => pairs.filter(([, value]) => value !== null && value !== void 0 && value !== "");
  var m2 = (store2, value) => value ? store2.t("unit.m2", { n: store2.number(value) }) : null;
  var count = (store2, value) => value === null || value === void 0 ? null : store2.number(value);
  var word = (store2, group, value) => value ? store2.t(`${group}.${value}`) : null;
  var areaFacts = (store2, area) => {
    const score = area.score === null || area.score === void 0 ? null : store2.t("unit.points", { n: store2.number(area.score, 1) });
    const missing = (area.missing_services ?? "").split(";").filter(Boolean).map((service) => store2.t(`service.${service}`));
    const contract = [area.contract_id, word(store2, "contract_kind", area.contract_kind)].filter(Boolean).join(" · ");
    return known([
      [store2.t("field.area_id"), area.area_id],
      [store2.t("field.subdistrict"), store2.subdistrictName(area.subdistrict_code)],
      [store2.t("field.community"), store2.communityName(area.community_code)],
      [store2.t("field.address"), area.address],
      [store2.t("field.manager"), area.manager],
      [store2.t("field.manager_kind"), word(store2, "manager_kind", area.manager_kind)],
      [store2.t("field.contract"), contract],
      [store2.t("field.signed_on"), area.signed_on],
      [store2.t("field.ends_on"), area.ends_on],
      [store2.t("field.score"), score && area.quarter ? `${score} · ${area.quarter}` : score],
      [store2.t("field.missing_services"), missing.join(store2.language === "zh" ? "、" : ", ")],
      [store2.t("field.mode"), word(store2, "mode", area.mode)],
      [store2.t("field.mode_eligible"), word(store2, "mode", area.mode_eligible)],
      [store2.t("field.mode_reason"), store2.own(area, "mode_reason")],
      [store2.t("field.n_buildings"), count(store2, area.n_buildings)],
      [store2.t("field.households"), count(store2, area.households)],
      [store2.t("field.floor_area"), m2(store2, area.floor_area_m2)],
      [
        store2.t("field.ground_area"),
        area.ground_area_m2 ? store2.t("unit.ha", { n: store2.number(area.ground_area_m2 / 1e4, 2) }) : null
      ],
      [store2.t("field.year"), area.year],
      [
        store2.t("field.fee"),
        area.fee_yuan_m2_month ? store2.t("unit.fee", { n: store2.number(area.fee_yuan_m2_month, 2) }) : null
      ],
      [store2.t("field.bounds"), store2.own(area, "bounds")],
      [store2.t("field.origin"), word(store2, "origin", area.origin)],
      [
        store2.t("field.problems"),
        [...new Set((store2.gapsByArea.get(area.area_id) ?? []).map((gap) => store2.t(`gap.${gap.kind}`)))].join(
          " · "
        )
      ]
    ]);
  };
  var buildingFacts = (store2, building) => {
    const area = store2.areaById.get(building.area_id);
    const compound = store2.compoundById.get(building.compound_id);
    const runner = store2.areaById.get(building.runner_up_area_id);
    const margin = hasMargin(store2, building);
    const percent2 = (value) => value === null || value === void 0 ? null : `${Math.round(value * 100)}%`;
    return known([
      [store2.t("field.area"), area && `${store2.areaName(area)}${area.name ? ` ${area.area_id}` : ""}`],
      [store2.t("field.compound"), compound && (compound.name || compound.compound_id)],
      [store2.t("field.manager"), area?.manager ?? compound?.manager],
      [store2.t("field.building_id"), building.building_id],
      [store2.t("field.address"), building.address],
      [store2.t("field.subdistrict"), store2.subdistrictName(building.subdistrict_code)],
      [store2.t("field.use"), word(store2, "use", building.use)],
      [store2.t("field.floors"), building.floors],
      [store2.t("field.floor_area"), m2(store2, building.floor_area_m2)],
      [store2.t("field.households"), count(store2, building.households)],
      [store2.t("field.year"), building.year],
      [store2.t("field.owner_unit"), building.owner_unit],
      [store2.t("field.method"), word(store2, "method", building.method)],
      [store2.t("field.confidence"), building.method && !margin ? percent2(building.confidence) : null],
      [
        store2.t("field.runner_up"),
        runner && !margin ? `${store2.areaName(runner)} · ${percent2(building.runner_up_confidence) ?? ""}` : null
      ],
      [store2.t("field.problems"), building.contested ? store2.t("gap.contested") : null]
    ]);
  };
  var gapFacts = (store2, gap) => {
    const area = store2.areaById.get(gap.area_id);
    return known([
      [store2.t("field.note"), store2.own(gap, "note")],
      [store2.t("field.priority"), gap.priority],
      [store2.t("field.gap_id"), gap.gap_id],
      [store2.t("field.area"), area ? store2.areaName(area) : gap.area_id],
      [store2.t("field.building_id"), gap.building_id],
      [store2.t("field.entry_id"), gap.entry_id],
      [store2.t("field.subdistrict"), store2.subdistrictName(gap.subdistrict_code)],
      [store2.t("field.households"), count(store2, gap.households)],
      [store2.t("field.floor_area"), m2(store2, gap.floor_area_m2)],
      [store2.t("field.ground_area"), m2(store2, gap.ground_area_m2)]
    ]);
  };
  var compoundFacts = (store2, compound) => known([
    [store2.t("field.manager"), compound.manager],
    [store2.t("field.gap_id"), compound.compound_id]
  ]);

  // js/ui/popups.js
  var Popups = (
    /** @type {any} */
    L.Layer.extend({
      initialize(store2) {
        this.store = store2;
      },
      onAdd(map) {
        this.popup = L.popup({ maxWidth: 320, minWidth: 290, className: "facts" });
        this.tip = L.tooltip({ className: "tip", direction: "top", offset: [0, -8] });
        map.on("click", this.click, this);
        map.on("mousemove", this.move, this);
        map.on("mouseout movestart", () => this.tip.remove(), this);
        map.on("popupclose", () => this.last && this.store.select(null, null));
        this.store.on("select", this.show, this);
        this.store.on("language facts reasons decided", this.again, this);
        for (const event of ["pointerdown", "pointerup", "pointercancel"]) {
          addEventListener(event, () => this.isPressed = event === "pointerdown", { capture: true });
        }
      },
      click({ latlng }) {
        if (this.store.tool) return;
        const found = this.find(latlng);
        if (this.store.choosing) this.store.choosing.click(latlng, found);
        else if (found) this.store.select(found.kind, found.record, { at: latlng });
        else this.store.select(null, null);
      },
      move({ latlng }) {
        cancelAnimationFrame(this.frame);
        this.frame = requestAnimationFrame(() => {
          const found = this.store.tool ? null : this.find(latlng);
          this._map.getContainer().classList.toggle("pointing", Boolean(found));
          if (!found || this.popup.isOpen() && this.store.selected?.record === found.record)
            return this.tip.remove();
          this.tip.setLatLng(latlng).setContent(h("span", {}, swatch(this.status(found)), this.name(found))).addTo(this._map);
        });
      },
      // A building close up (a gap building at any scale), else uncovered ground, an area, a compound.
      find(latlng) {
        const { store: store2 } = this;
        const { buildings: buildings2, gaps, areas: areas2, compounds } = store2.tables;
        const [x, y] = toWorld(latlng);
        const zoom = this._map.getZoom();
        const reach = 4 / (256 * 2 ** zoom);
        const near = buildings2.shapes.meeting([x - reach, y - reach, x + reach, y + reach]);
        const visible = store2.visibleBuildings();
        const gap = near.find((i) => BUILDING_STATUSES[store2.status[i]] === "gap" && visible(i));
        if (gap !== void 0) return { kind: "building", record: buildings2.at(gap) };
        const building = zoom >= 16 ? near.find((i) => buildings2.shapes.inside(i, x, y) && visible(i)) : void 0;
        if (building !== void 0) return { kind: "building", record: buildings2.at(building) };
        const under = (table, chosen) => table.at(
          table.shapes.meeting([x, y, x, y]).find((i) => table.shapes.inside(i, x, y) && chosen(table.at(i))) ?? NaN
        );
        const ground2 = !store2.hidden.has("gap") && under(gaps, (each) => each.kind === "uncovered_ground" && store2.gapChosen(each));
        if (ground2) return { kind: "gap", record: ground2 };
        const area = under(areas2, (each) => store2.areaVisible(each));
        if (area) return { kind: "area", record: area };
        const compound = under(compounds, (each) => store2.inFilter(each));
        return compound ? { kind: "compound", record: compound } : null;
      },
      status: ({ kind: kind2, record }) => ({ gap: "gap", compound: "elsewhere" })[kind2] ?? record.status,
      name({ kind: kind2, record }) {
        const { store: store2 } = this;
        if (kind2 === "area") return store2.areaName(record);
        if (kind2 === "building") return store2.buildingName(record);
        if (kind2 === "gap") return store2.t(`gap.${record.kind}`);
        return record.name || record.compound_id;
      },
      // What a popup keeps clear of: the label of a sample at the top; in a narrow window also the tools and the
      // legend's button.
      edges() {
        const top = this.store.district.synthetic ? 56 : 24;
        const [left, right, bottom] = innerWidth > 760 ? [24, 24, 24] : [8, 50, 66];
        return { autoPanPaddingTopLeft: [left, top], autoPanPaddingBottomRight: [right, bottom] };
      },
      show({ kind: kind2, record, at: at2, move }) {
        const map = this._map;
        this.outline?.remove();
        this.outline = null;
        if (!record) {
          this.last = null;
          this.popup.close();
          return;
        }
        this.last = { kind: kind2, record };
        if (record.rings?.length) {
          const parts = record.rings.map(
            (ring) => Array.from({ length: ring.length / 2 }, (_, i) => toLatLng([ring[2 * i], ring[2 * i + 1]]))
          );
          const style = {
            color: "#111111",
            weight: kind2 === "building" ? 2.5 : 3,
            fill: false,
            interactive: false
          };
          this.outline = record.shape === "point" ? L.circleMarker(parts[0][0], { ...style, radius: 9 }) : L.polygon(parts, style);
          this.outline.addTo(map);
          const bounds = boundsOf(record.box);
          if (move)
            map.fitBounds(bounds, { maxZoom: kind2 === "area" ? 17 : 18, padding: [120, 120], animate: false });
          at2 ??= record.label ? toLatLng(record.label) : bounds.getCenter();
        }
        at2 ??= map.getCenter();
        L.setOptions(this.popup, this.edges());
        this.popup.setLatLng(at2).setContent(this.content(kind2, record)).openOn(map);
        this.speak();
      },
      // What is open has something else to say; a reader of it stays there, and a button that is being pressed
      // stays until it is let go.
      again() {
        if (this.isPressed)
          return addEventListener("pointerup", () => setTimeout(() => this.again()), { once: true });
        if (!this.last || !this.popup.isOpen()) return;
        const isRead = document.activeElement.matches(".leaflet-popup .told");
        this.popup.setContent(this.content(this.last.kind, this.last.record));
        this.speak();
        if (isRead) this.popup.getElement().querySelector(".told").focus({ preventScroll: true });
      },
      // The button is Leaflet's.
      speak() {
        this.popup.getElement().querySelector(".leaflet-popup-close-button").setAttribute("aria-label", this.store.t("popup.close"));
      },
      // An open popup that has grown comes into view whole; what has the focus keeps it.
      fit() {
        const focused = document.activeElement;
        this.popup.update();
        focused.focus();
      },
      content(kind2, record) {
        const { store: store2 } = this;
        const status = this.status({ kind: kind2, record });
        const facts = { area: areaFacts, building: buildingFacts, gap: gapFacts, compound: compoundFacts }[kind2](
          store2,
          record
        );
        const width = (text) => [...String(text)].reduce((sum, letter) => sum + (letter > "⺀" ? 2 : 1), 0);
        const area = kind2 !== "area" && store2.areaById.get(record.area_id);
        const button = (key, act) => h(
          "button",
          {
            type: "button",
            onclick: (event) => {
              event.stopPropagation();
              act();
            }
          },
          store2.t(key)
        );
        const go = (neighbour) => store2.select("area", neighbour, { move: true });
        const name = this.name({ kind: kind2, record });
        const head = h(
          "div",
          { class: "head" },
          h("h2", {}, name),
          h(
            "p",
            { class: "chip" },
            swatch(status),
            kind2 === "gap" ? store2.t(`gap.${record.kind}`) : store2.t(`status.${status}`)
          )
        );
        const told = h(
          "div",
          { class: "told", tabindex: "0" },
          // it scrolls by keyboard too
          kind2 === "area" ? whyDetails(store2, record, { go, resized: () => this.fit() }) : null,
          kind2 === "building" ? marginBar(store2, record, go) : null,
          h(
            "dl",
            {},
            facts.map(
              ([label, value]) => h(
                "div",
                { class: width(label) + width(value) > 36 ? "long" : null },
                h("dt", {}, label),
                h("dd", {}, String(value))
              )
            )
          ),
          h(
            "div",
            { class: "buttons" },
            record.rings?.length ? button(
              "zoom_here",
              () => this._map.fitBounds(boundsOf(record.box), { maxZoom: 18, padding: [80, 80] })
            ) : null,
            area ? button("open_area", () => store2.select("area", area, { move: true })) : null,
            button("link", () => store2.links.copy())
          )
        );
        return h(
          "div",
          { class: "card", role: "dialog", "aria-label": name },
          head,
          told,
          store2.deciding?.offer(kind2, record)
        );
      }
    })
  );

  // js/data/ordering.js
  var filled = (length, at2) => {
    const all = new Float64Array(length);
    for (let i = 0; i < length; i++) all[i] = at2(i);
    return all;
  };
  var ranks = (keys) => {
    const sorted = keys.filter((key) => !Number.isNaN(key)).sort();
    return filled(keys.length, (i) => {
      const key = keys[i];
      if (Number.isNaN(key)) return -1;
      let low = 0;
      let high = sorted.length;
      while (low < high) {
        const middle4 = low + high >>> 1;
        if (sorted[middle4] < key) low = middle4 + 1;
        else high = middle4;
      }
      return low;
    });
  };
  var places = (texts, collator) => {
    const place = new Map([...new Set(texts)].sort(collator.compare).map((each, i) => [each, i]));
    return texts.map((each) => place.get(each));
  };
  var keysOf = (column, length, collator) => {
    if (column.show) return filled(length, (i) => column.at(i) ?? NaN);
    if (!column.packed) {
      const met = /* @__PURE__ */ new Map();
      const which = filled(length, (i) => {
        const text = column.at(i);
        if (!text) return NaN;
        if (!met.has(text)) met.set(text, met.size);
        return met.get(text);
      });
      const place = places([...met.keys()], collator);
      return which.map((each) => place[each] ?? NaN);
    }
    const { frames: frames2, before, after } = column.packed;
    const first = places(
      before.map((each) => each.replace(/0+$/, "")),
      collator
    );
    const last = places(
      after.map((each) => each ?? ""),
      collator
    );
    const beyond = column.packed.hex ? 16 ** column.packed.hex : 1e9;
    const begins = ranks(
      filled(length, (i) => frames2.at(i) ? first[frames2.at(i) - 1] * beyond + column.packed.number(i) : NaN)
    );
    return filled(length, (i) => begins[i] < 0 ? NaN : begins[i] * last.length + last[frames2.at(i) - 1]);
  };

  // js/ui/row_columns.js
  var columnsOf = (store2, kind2) => {
    const table = store2.tables[kind2];
    const known2 = (name) => name in table.columns;
    const value = (name) => (i) => table.value(name, i);
    const text = (name, label = `field.${name}`) => known2(name) && {
      key: name,
      label,
      at: value(name),
      packed: table.columns[name].frames && table.columns[name]
    };
    const word2 = (name, group, label = `field.${name}`) => known2(name) && {
      key: name,
      label,
      at: (i) => {
        const each = table.value(name, i);
        return each === null ? null : store2.t(`${group}.${each}`);
      }
    };
    const number = (name, label = `field.${name}`, show = (n) => store2.number(n)) => known2(name) && { key: name, label, at: value(name), show };
    const m22 = (name) => known2(`${name}_m2`) && { ...number(`${name}_m2`, `field.${name}`), unit: " m²" };
    const said = (name, label, at2) => ({ key: name, label, at: at2 });
    const own = (name) => known2(`${name}_zh`) && said(name, `field.${name}`, (i) => store2.own(table.at(i), name));
    const subdistrict = known2("subdistrict_code") && said(
      "subdistrict",
      "field.subdistrict",
      (i) => store2.subdistrictName(table.value("subdistrict_code", i))
    );
    const area = said("area", "field.area", (i) => {
      const at2 = table.linked("area_id", i);
      return at2 < 0 ? table.value("area_id", i) : store2.areaName(store2.areas[at2]);
    });
    const plain2 = String;
    const percent2 = (n) => `${Math.round(n * 100)}%`;
    const columns = {
      areas: () => [
        text("area_id"),
        text("name", "rows.name"),
        { ...word2("status", "status", "rows.status"), mark: (i) => store2.areas[i].status },
        subdistrict,
        known2("community_code") && said("community", "field.community", (i) => store2.communityName(table.value("community_code", i))),
        text("manager"),
        word2("mode", "mode"),
        number("n_buildings"),
        number("households"),
        m22("floor_area"),
        m22("ground_area"),
        number("score", "field.score", (n) => store2.number(n, 1)),
        text("signed_on"),
        text("ends_on"),
        {
          ...said("gaps", "gap_list", (i) => store2.gapsByArea.get(store2.areas[i].area_id)?.length ?? 0),
          show: (n) => store2.number(n)
        }
      ],
      gaps: () => [
        text("gap_id"),
        number("priority"),
        { ...word2("kind", "gap", "gap_kind"), mark: () => "gap" },
        said("subject", "rows.subject", (i) => gapSubject(store2, store2.gaps[i])),
        subdistrict,
        number("households"),
        m22("floor_area"),
        m22("ground_area"),
        own("note")
      ],
      buildings: () => [
        text("building_id"),
        text("address"),
        text("name", "rows.name"),
        {
          ...said("status", "rows.status", (i) => store2.t(`status.${BUILDING_STATUSES[store2.status[i]]}`)),
          mark: (i) => BUILDING_STATUSES[store2.status[i]]
        },
        area,
        subdistrict,
        word2("use", "use"),
        number("floors"),
        number("households"),
        m22("floor_area"),
        number("year", "field.year", plain2),
        text("owner_unit"),
        word2("method", "method"),
        number("confidence", "field.confidence", percent2)
      ]
    };
    return columns[kind2]().filter((column) => column && column.at);
  };

  // js/ui/rows.js
  var PAGE = 200;
  var CHUNK = 2e4;
  var HEIGHT = { at: 42, least: 20, most: 80, step: 5 };
  var KINDS = { areas: "area", gaps: "gap", buildings: "building" };
  var LABELS = { areas: "areas", gaps: "gap_list", buildings: "buildings" };
  var Rows = class {
    constructor(store2) {
      this.store = store2;
      this.kind = "areas";
      this.sorting = { areas: ["area_id", 1], gaps: ["priority", 1], buildings: ["building_id", 1] };
      this.height = HEIGHT.at;
      this.isOfOne = true;
      store2.tools.push({
        key: "rows",
        path: "M3 5h18v14H3zM3 10h18M3 14.5h18M9 5v14",
        act: () => this.turn(!this.isOpen),
        isOn: () => this.isOpen
      });
      store2.rows = this;
    }
    addTo(map) {
      const { store: store2 } = this;
      this.map = map;
      this.grip = h("div", {
        class: "grip",
        role: "separator",
        tabindex: "0",
        "aria-orientation": "horizontal",
        "aria-controls": "table",
        "aria-valuemin": HEIGHT.least,
        "aria-valuemax": HEIGHT.most,
        onkeydown: (event) => this.nudge(event),
        onpointerdown: (event) => this.grip.setPointerCapture(event.pointerId),
        onpointermove: (event) => this.drag(event)
      });
      this.bar = h("header", {});
      this.said = h("p", { class: "said", role: "status" });
      this.frame = h("div", { class: "frame" });
      this.element = h(
        "section",
        { id: "table", hidden: true, onkeydown: (event) => this.escape(event) },
        this.grip,
        this.bar,
        this.said,
        this.frame
      );
      map.getContainer().after(this.element);
      store2.on("change language facts view", () => this.isOpen && this.draw());
      store2.on("select", this.follow, this);
      return this;
    }
    get isOpen() {
      return !this.element.hidden;
    }
    turn(on) {
      this.element.hidden = !on;
      document.body.classList.toggle("with-rows", on);
      if (on) this.draw();
      this.resize(this.height);
      this.store.fire("tools");
      if (on) this.enter();
      else document.getElementById("rows")?.focus();
    }
    resize(height) {
      this.height = Math.min(HEIGHT.most, Math.max(HEIGHT.least, Math.round(height)));
      document.body.style.setProperty("--rows", `${this.height}vh`);
      this.grip.setAttribute("aria-valuenow", String(this.height));
      this.map.invalidateSize({ animate: false });
    }
    nudge(event) {
      const step = { ArrowUp: HEIGHT.step, ArrowDown: -HEIGHT.step, Home: -100, End: 100 }[event.key];
      if (!step) return;
      event.preventDefault();
      this.resize(this.height + step);
    }
    drag(event) {
      if (this.grip.hasPointerCapture(event.pointerId)) this.resize(100 * (1 - event.clientY / innerHeight));
    }
    escape(event) {
      if (event.key !== "Escape") return;
      event.preventDefault();
      this.turn(false);
    }
    enter() {
      this.bar.querySelector("[aria-pressed=true]").focus();
    }
    // ---- which rows, in which order
    // All rows by the sorted column, and how many of them have something there; made once, then only filtered.
    // A row is sorted as one number: its place in the column, then itself.
    sequence(column) {
      const { store: store2, kind: kind2 } = this;
      const { length } = store2.tables[kind2];
      const made = [kind2, column.key, store2.language, store2.isComplete].join();
      if (this.sorted?.made !== made) {
        const order = ranks(
          keysOf(
            column,
            length,
            new Intl.Collator(store2.language === "zh" ? "zh-CN" : "en", { numeric: true })
          )
        );
        let known2 = 0;
        const rows2 = filled(length, (i) => {
          if (order[i] >= 0) known2 += 1;
          return (order[i] < 0 ? length : order[i]) * length + i;
        }).sort();
        for (let k = 0; k < length; k++) rows2[k] %= length;
        this.sorted = { made, rows: rows2, known: known2 };
      }
      return this.sorted;
    }
    // The rows that the filters and the view leave, in order. What has nothing in the column comes last either
    // way.
    inOrder() {
      const { store: store2, kind: kind2 } = this;
      const [key, way] = this.sorting[kind2];
      const { rows: rows2, known: known2 } = this.sequence(this.columns.find((each) => each.key === key) ?? this.columns[0]);
      const [visible, here] = kind2 === "buildings" ? [store2.visibleBuildings(), store2.buildingsHere()] : [];
      const only = this.isOfOne && this.area ? this.area.i : -1;
      const test2 = {
        areas: (i) => store2.areaVisible(store2.areas[i]) && store2.areaHere(store2.areas[i]),
        gaps: (i) => store2.gapVisible(store2.gaps[i]) && store2.gapHere(store2.gaps[i]),
        buildings: (i) => here(i) && (only < 0 || store2.buildings.linked("area_id", i) === only) && visible(i)
      }[kind2];
      const order = new Uint32Array(rows2.length);
      let n = 0;
      for (let k = 0; k < rows2.length; k++) {
        const i = rows2[way > 0 || k >= known2 ? k : known2 - 1 - k];
        if (test2(i)) order[n++] = i;
      }
      return order.subarray(0, n);
    }
    sort(key) {
      const [now, way] = this.sorting[this.kind];
      this.sorting[this.kind] = [key, key === now ? -way : 1];
      this.draw();
    }
    // ---- what is seen of it
    draw() {
      const { store: store2, kind: kind2 } = this;
      const { activeElement: focused } = document;
      const key = this.element.contains(focused) ? focused.dataset.key : null;
      this.element.setAttribute("aria-label", store2.t("rows"));
      this.grip.setAttribute("aria-label", store2.t("rows.height"));
      this.columns = columnsOf(store2, kind2);
      this.order = this.inOrder();
      this.page = 0;
      this.current = 0;
      const said = this.order.length ? "rows.count" : "rows.none";
      this.said.textContent = store2.t(store2.here ? `${said}.view` : said, {
        n: store2.number(this.order.length)
      });
      const place = this.place();
      if (place >= 0) this.page = Math.floor(place / PAGE);
      this.body = h("tbody", { onkeydown: (event) => this.step(event) });
      this.frame.replaceChildren(
        h(
          "table",
          { "aria-rowcount": this.order.length + 1 },
          h(
            "caption",
            { class: "unseen" },
            [store2.t(LABELS[kind2]), store2.here && store2.t("scope.view")].filter(Boolean).join(" · ")
          ),
          this.head(),
          this.body
        )
      );
      this.fill();
      if (key)
        (this.element.querySelector(`[data-key="${CSS.escape(key)}"]`) ?? this.bar.querySelector("[aria-pressed=true]")).focus();
    }
    head() {
      const { store: store2 } = this;
      const [sorted, way] = this.sorting[this.kind];
      return h(
        "thead",
        {},
        h(
          "tr",
          { "aria-rowindex": 1 },
          this.columns.map(
            ({ key, label, unit, show }) => h(
              "th",
              {
                scope: "col",
                class: show ? "number" : null,
                "aria-sort": key === sorted ? way > 0 ? "ascending" : "descending" : null
              },
              h(
                "button",
                { type: "button", "data-key": `sort ${key}`, onclick: () => this.sort(key) },
                store2.t(label),
                unit,
                h("span", { "aria-hidden": "true", class: "way" }, key === sorted ? way > 0 ? "▲" : "▼" : "")
              )
            )
          )
        )
      );
    }
    // The bar, and the rows of the page.
    fill() {
      const from = this.page * PAGE;
      const rows2 = this.order.subarray(from, from + PAGE);
      this.body.replaceChildren(...Array.from(rows2, (i, k) => this.row(i, from + k)));
      this.furnish();
      this.mark();
    }
    furnish() {
      const { store: store2, kind: kind2 } = this;
      const pages = Math.max(1, Math.ceil(this.order.length / PAGE));
      const button = (key, text, act, more = {}) => h("button", { type: "button", "data-key": key, onclick: act, ...more }, text);
      const turn2 = (key, text, page) => button(key, text, () => this.leaf(page), {
        "aria-label": store2.t(`rows.${key}`),
        title: store2.t(`rows.${key}`),
        disabled: page < 0 || page >= pages
      });
      const focused = this.bar.contains(document.activeElement) ? document.activeElement.dataset.key : null;
      this.bar.replaceChildren(
        ...[
          h(
            "div",
            { class: "kinds", role: "group", "aria-label": store2.t("rows") },
            Object.keys(KINDS).map(
              (each) => button(
                each,
                store2.t(LABELS[each]),
                () => {
                  this.kind = each;
                  this.draw();
                },
                { "aria-pressed": String(each === kind2) }
              )
            )
          ),
          kind2 === "buildings" && this.area && h(
            "label",
            {},
            h("input", {
              type: "checkbox",
              "data-key": "only",
              checked: this.isOfOne,
              onchange: (event) => {
                this.isOfOne = event.target.checked;
                this.draw();
              }
            }),
            store2.t("rows.only", { name: store2.areaName(this.area) })
          ),
          this.said,
          pages > 1 && h(
            "div",
            { class: "pages", role: "group", "aria-label": store2.t("rows.pages") },
            turn2("first", "«", this.page ? 0 : -1),
            turn2("previous", "‹", this.page - 1),
            h("span", {}, store2.t("rows.page", { n: store2.number(this.page + 1), all: store2.number(pages) })),
            turn2("next", "›", this.page + 1),
            turn2("last", "»", this.page < pages - 1 ? pages - 1 : -1)
          ),
          button("csv", store2.t("rows.csv"), (event) => this.save(event.currentTarget), {
            class: "csv",
            disabled: !this.order.length
          }),
          button("close", "×", () => this.turn(false), {
            class: "close",
            "aria-label": store2.t("rows.close"),
            title: store2.t("rows.close")
          })
        ].filter(Boolean)
      );
      const again = focused && this.bar.querySelector(`[data-key="${focused}"]`);
      if (again) (again.disabled ? this.bar.querySelector("[aria-pressed=true]") : again).focus();
    }
    row(i, place) {
      const { kind: kind2 } = this;
      const cells = this.columns.map((column, k) => {
        const text = this.text(column, i);
        const content = [column.mark && swatch(column.mark(i)), text];
        if (!k)
          return h(
            "th",
            { scope: "row" },
            h(
              "button",
              {
                type: "button",
                "data-key": `row ${kind2} ${i}`,
                tabindex: place === this.current ? "0" : "-1",
                onfocus: () => this.stand(place)
              },
              content
            )
          );
        return h(
          "td",
          { class: column.show ? "number" : null, title: text.length > 24 ? text : null },
          content
        );
      });
      return h("tr", { "aria-rowindex": place + 2, "data-row": i, onclick: () => this.open(kind2, i) }, cells);
    }
    text(column, i) {
      const value = column.at(i);
      return value === null || value === void 0 ? "" : column.show ? column.show(value) : String(value);
    }
    // ---- going about in it: the rows are one stop of the tabulator, arrows go from row to row
    leaf(page) {
      this.page = page;
      this.current = page * PAGE;
      this.fill();
      this.frame.scrollTop = 0;
    }
    button(place) {
      return this.body.children[place - this.page * PAGE]?.querySelector("button");
    }
    stand(place) {
      this.button(this.current)?.setAttribute("tabindex", "-1");
      this.current = place;
      this.button(place)?.setAttribute("tabindex", "0");
    }
    step(event) {
      const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -Infinity, End: Infinity };
      if (!(event.key in steps)) return;
      event.preventDefault();
      const place = Math.min(this.order.length - 1, Math.max(0, this.current + steps[event.key]));
      if (Math.floor(place / PAGE) !== this.page) this.leaf(Math.floor(place / PAGE));
      this.stand(place);
      this.button(place).focus();
    }
    // ---- what is selected
    open(kind2, i) {
      const { store: store2 } = this;
      if (kind2 === "gaps") openGap(store2, store2.gaps[i]);
      else store2.select(KINDS[kind2], store2.tables[kind2].at(i), { move: true });
    }
    // The row of what is selected: itself, or among areas that of its area.
    get selected() {
      const { kind: kind2, record } = this.store.selected ?? {};
      if (!record) return -1;
      if (kind2 === KINDS[this.kind]) return record.i;
      return this.kind === "areas" ? this.store.areaById.get(record.area_id)?.i ?? -1 : -1;
    }
    place() {
      const { selected } = this;
      return selected < 0 ? -1 : this.order.indexOf(selected);
    }
    follow({ kind: kind2, record }) {
      const area = kind2 === "area" ? record : this.store.areaById.get(record?.area_id);
      const isOther = area && area !== this.area;
      if (area) this.area = area;
      if (!this.isOpen) return;
      if (isOther && this.kind === "buildings") this.isOfOne ? this.draw() : this.furnish();
      const place = this.place();
      if (place >= 0 && Math.floor(place / PAGE) !== this.page) this.leaf(Math.floor(place / PAGE));
      this.mark();
    }
    mark() {
      const { selected } = this;
      for (const other of this.body.querySelectorAll("[aria-current]")) other.removeAttribute("aria-current");
      const row2 = selected >= 0 && this.body.querySelector(`[data-row="${selected}"]`);
      if (!row2) return;
      row2.setAttribute("aria-current", "true");
      this.stand(row2.rowIndex - 1 + this.page * PAGE);
      row2.scrollIntoView({ block: "nearest" });
    }
    // ---- as a file: all rows, not only those of the page, in this order
    async save(button) {
      const { store: store2, columns, order, kind: kind2 } = this;
      button.disabled = true;
      const cell = (column, i) => {
        const value = column.at(i);
        return typeof value === "number" ? String(value) : csvCell(value);
      };
      const parts = [
        "\uFEFF",
        columns.map(({ label, unit }) => csvCell(store2.t(label) + (unit ?? ""))).join(",") + "\r\n"
      ];
      for (let from = 0; from < order.length; from += CHUNK) {
        parts.push(
          Array.from(
            order.subarray(from, from + CHUNK),
            (i) => columns.map((column) => cell(column, i)).join(",") + "\r\n"
          ).join("")
        );
        await new Promise((resolve) => setTimeout(resolve));
      }
      download(`${kind2}.csv`, "text/csv", new Blob(parts));
      button.disabled = false;
    }
  };

  // js/main.js
  var PARTS_IN_ORDER = [
    Surface,
    Labels,
    PARTS.deciding && Deciding,
    Popups,
    Panel,
    Rows,
    Measure,
    Print,
    PARTS.release && Compare,
    PARTS.tiles && Tiles,
    Layers,
    Links,
    Controls,
    Access
  ].filter(Boolean);
  var store = null;
  var showFirst = (map) => {
    goHome(store, map);
    const fit = () => goHome(store, map);
    map.on("resize", fit);
    for (const event of ["pointerdown", "wheel", "keydown"])
      addEventListener(event, () => map.off("resize", fit), { once: true, capture: true });
    map.setMinZoom(Math.max(0, map.getZoom() - 2));
    map.setMaxBounds(map.getBounds().pad(0.75));
    if (location.hash.length > 1 && store.links.open()) map.off("resize", fit);
    const done = () => requestAnimationFrame(
      () => requestAnimationFrame(async () => {
        document.documentElement.dataset.ready = "true";
        await store.complete();
        document.documentElement.dataset.complete = "true";
      })
    );
    const drawn = new Promise(
      (resolve) => store.surface.isDrawing() ? store.surface.once("load", resolve) : resolve()
    );
    Promise.all([drawn, document.fonts?.ready]).then(done);
  };
  var start = async (map) => {
    const strings = JSON.parse(document.getElementById("strings").textContent);
    refuseOldBrowser(strings);
    store = await Store.open(strings);
    for (const Part of PARTS_IN_ORDER) new Part(store).addTo(map);
    showFirst(map);
  };
  reduceMotion();
  return __toCommonJS(main_exports);
})();
