// What has been decided: in the files this map was made from, and on this map since (pending). Emits
// "decided".

import { toWorld, unionBox } from "../data/projection.js";

const NONE = "none";

const today = () => {
  const now = new Date();
  return [now.getFullYear(), now.getMonth() + 1, now.getDate()]
    .map((part) => String(part).padStart(2, "0"))
    .join("-");
};

// How far two boxes are apart, in world coordinates.
const apart = (a, b) =>
  Math.hypot(Math.max(0, a[0] - b[2], b[0] - a[2]), Math.max(0, a[1] - b[3], b[1] - a[3]));

const middle = (box) => [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];

const readable = (entry) =>
  typeof entry?.act === "string" && Array.isArray(entry.rows) && entry.rows.every((row) => row?.length === 2);

// A pending entry is {id, act, subject, target, rows, ring, made, firm, by, on, note}. act: accept, merge,
// split, move, new, none or draw. subject, target: ids. rows: [building_id, area_id] as they are to be. ring:
// [[longitude, latitude], …] of a drawn boundary, open. made: the code that it gave. firm: its target was in
// the register, or drawn.
export class Decisions extends L.Evented {
  constructor(store) {
    super();
    this.store = store;
    const { code, name_zh: name, source, synthetic } = store.district;
    // Not the date nor the content: what is pending outlives the next map, and is dropped as that one obeys
    // it. Pages opened from files share one storage, so the real district and a sample of it must not share a
    // key.
    this.key = `pending decisions ${JSON.stringify([code, name, source, synthetic])}`;
    this.base = store.decided();
    this.records = new Map();
    this.keeps = true;
    this.load();
    addEventListener("storage", (event) => event.key === this.key && this.load());
  }

  // ---- kept over a reload

  load() {
    let kept = {};
    try {
      kept = JSON.parse(localStorage.getItem(this.key)) ?? {};
    } catch (error) {
      this.keeps = error instanceof SyntaxError;
    }
    this.by = String(kept.by ?? "");
    this.given = Array.isArray(kept.given) ? kept.given.map(String) : [];
    this.entries = Array.isArray(kept.entries) ? kept.entries.filter(readable) : [];
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
    this.now = new Map();
    this.drawn = new Map();
    this.made = new Map();
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
        JSON.stringify({ by: this.by, given: this.given, entries: this.entries }),
      );
      this.keeps = true;
    } catch {
      this.keeps = false;
    }
  }

  // What the map already shows is pending no more.
  settle() {
    const later = new Set();
    const open = [];
    for (const entry of [...this.entries].reverse()) {
      const done =
        entry.rows.every(([id, area]) => later.has(id) || this.obeyed(id, area)) &&
        (!entry.ring || this.isDrawn(entry));
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
      this.entries.filter(({ act, firm }) => !firm && act !== "none").map(({ target }) => target),
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
      ...(entry.ring ? [this.boxOf(entry)] : []),
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
      label: middle(box),
    };
  }

  areaIdOf(building) {
    return this.now.get(building.building_id)?.area ?? building.area_id ?? null;
  }

  // The buildings of an area, with what is pending.
  members(id) {
    const members = [];
    const area = this.store.areaById.get(id)?.i ?? -1;
    const { buildings } = this.store;
    for (let i = 0; area >= 0 && i < buildings.length; i++) {
      if (buildings.linked("area_id", i) === area && !this.now.has(buildings.at(i).building_id))
        members.push(buildings.at(i));
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
    return (
      this.drawn.has(id) ||
      (this.isProposal(id) && [...this.members(id)].every((building) => this.now.has(building.building_id)))
    );
  }

  hasBoundary(id) {
    return this.drawn.has(id) || this.store.areaById.get(id)?.origin === "boundary";
  }

  // Areas that it may go to, the nearest first, those named before them. No area crosses a subdistrict.
  targets({ box, subdistrict_code: code }, { first = [], except = [] } = {}) {
    const here = [...this.store.areas, ...[...this.made.keys()].map((id) => this.area(id))].filter(
      (area) =>
        !except.includes(area.area_id) &&
        Number.isFinite(area.box[0]) &&
        mayJoin(area.subdistrict_code, code),
    );
    const rank = ({ area_id: id, box: other }) =>
      first.includes(id) ? first.indexOf(id) - first.length : apart(box, other);
    return here
      .map((area) => [rank(area), area])
      .sort((a, b) => a[0] - b[0])
      .map(([, area]) => area);
  }

  mayGo(record, area) {
    return mayJoin(record.subdistrict_code, area.subdistrict_code);
  }

  // A code that no area has or had: the next after the highest of those that begin as codes here do.
  nextCode(record) {
    const near = /^[0-9]{15}$/.test(record.area_id ?? "")
      ? record
      : this.targets(record).find((area) => /^[0-9]{15}$/.test(area.area_id));
    const part = (code, from) => (code ?? "").slice(from, from + 3) || "000";
    const head =
      near?.area_id.slice(0, 12) ??
      this.store.district.code + part(record.subdistrict_code, 6) + part(record.community_code, 9);
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
      ...this.own(target.area_id),
    ]);
  }

  // The chosen buildings become an area of their own; the rest of a proposal is accepted as it is.
  split(area, chosen) {
    const code = this.nextCode(area);
    const ids = new Set(chosen.map((building) => building.building_id));
    const rest = this.members(area.area_id).filter((building) => !ids.has(building.building_id));
    const rows = this.isProposal(area.area_id) ? this.rows(rest, area.area_id) : [];
    this.add("split", area, code, [...this.rows(chosen, code), ...rows], { made: code });
  }

  move(building, target) {
    this.add("move", building, target.area_id, [
      ...this.rows([building], target.area_id),
      ...this.own(target.area_id, building),
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
    this.add("draw", area ?? record, code, [], { ring, ...(area ? {} : { made: code }) });
  }

  // Only in the register, or drawn, or accepted is it an area that a building can go to: a proposal is
  // accepted with it.
  own(id, but = null) {
    return this.isProposal(id)
      ? this.rows(
          this.members(id).filter((building) => building !== but),
          id,
        )
      : [];
  }

  rows(buildings, id) {
    return buildings.map((building) => [building.building_id, id]);
  }

  add(act, subject, target, rows, more = {}) {
    const id = 1 + Math.max(0, ...this.entries.map((entry) => entry.id));
    const about = subject.building_id ?? subject.area_id ?? subject.gap_id;
    const firm = this.isFirm(target);
    if (more.made) this.given.push(more.made);
    this.entries.push({
      id,
      act,
      subject: about,
      target,
      rows,
      firm,
      subdistrict_code: subject.subdistrict_code,
      by: this.by,
      on: today(),
      note: "",
      ...more,
    });
    this.changed();
  }

  // An area that is no longer made takes what was decided on it later with it.
  undo(entry) {
    const gone = new Set([entry]);
    for (const made of gone) {
      if (made.made)
        for (const other of this.entries)
          if (other.target === made.made || other.subject === made.made) gone.add(other);
    }
    this.entries = this.entries.filter((other) => !gone.has(other));
    this.changed();
  }

  // Who decides, or the note of an entry; the list stays as it is.
  write(choice, entry = this) {
    Object.assign(entry, choice);
    this.save();
  }

  // It was for an area in the register, which has gone from there: it can't be handed in.
  isStale(entry) {
    return entry.firm && !this.store.areaById.has(entry.target);
  }

  boxOf(entry) {
    const boxes = entry.rows.map(([id]) => this.building(id)?.box).filter(Boolean);
    if (entry.ring) {
      const corners = entry.ring.map(([lng, lat]) => toWorld({ lat, lng }));
      boxes.push(...corners.map(([x, y]) => [x, y, x, y]));
    }
    return boxes.length ? unionBox(boxes) : null;
  }
}

const mayJoin = (a, b) => !a || !b || a === b;

// What a code is made from: where it is.
const at = ({ box, subdistrict_code, community_code }) => ({ box, subdistrict_code, community_code });

// The same corners in the same turn, wherever the ring begins and whichever way it goes.
const sameRing = (a, b) => {
  const key = (ring) => {
    const corners = ring.map((corner) => corner.map((value) => Math.round(value * 1e7)).join(" "));
    const turned = [corners, [...corners].reverse()].flatMap((way) =>
      way.map((_, i) => [...way.slice(i), ...way.slice(0, i)].join(",")),
    );
    return turned.sort()[0];
  };
  return a.length === b.length && key(a) === key(b);
};
