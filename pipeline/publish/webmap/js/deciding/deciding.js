// Deciding on the map: what a popup offers, the card that guides a choice on the map, and the panel's list of
// what is pending.

import { boundsOf } from "../data/projection.js";
import { Decisions } from "./decisions.js";
import { Drawing } from "./drawing.js";
import { boundariesGeojson, decisionsCsv } from "./files.js";
import { Pending, areaLabelOf } from "./pending.js";
import { download } from "../ui/download.js";
import { h, swatch } from "../ui/elements.js";

const NEAREST = 8; // so many targets are listed; any can be clicked

export class Deciding {
  constructor(store) {
    this.store = store;
  }

  addTo(map) {
    this.map = map;
    this.card = h("div", {
      class: "mode",
      role: "group",
      hidden: true,
      onkeydown: (event) => this.key(event),
    });
    L.DomEvent.disableClickPropagation(this.card);
    L.DomEvent.disableScrollPropagation(this.card);
    map.getContainer().append(this.card);
    document.addEventListener(
      "keydown",
      (event) => this.mode && [map.getContainer(), document.body].includes(event.target) && this.key(event),
    );
    if (this.store.isComplete) this.start();
    else this.store.once("facts", this.start, this);
    return this;
  }

  start() {
    const { store } = this;
    this.decisions = new Decisions(store);
    this.section = h("section", { class: "decisions" });
    this.list();
    // before the others hear of it: a sheet shows what it has drawn
    new Pending(this.decisions).addTo(this.map);
    this.decisions.on("decided", () => {
      this.list();
      store.fire("decided");
    });
    store.on("language", () => {
      this.list();
      if (this.mode) this.begin(this.mode);
    });
    store.deciding = this;
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
    const { store, decisions } = this;
    const building = decisions.building(id);
    if (building) return store.buildingName(building);
    const gap = store.gaps.find((each) => each.gap_id === id);
    return gap ? store.t(`gap.${gap.kind}`) : this.name(id);
  }

  what({ act, subject, target, rows, made }) {
    const n = rows.filter(([, area]) => area === (made ?? target)).length;
    return this.word(`what.${act}`, {
      subject: this.subject(subject),
      target: this.name(target),
      n: this.store.number(n),
    });
  }

  // ---- what a popup offers

  choices(kind, record) {
    if (kind === "gap") return this.choicesOfGap(record);
    if (kind === "building") return record.status === "other" ? [] : this.choicesOfBuilding(record);
    return kind === "area" ? this.choicesOfArea(record) : [];
  }

  choicesOfGap(gap) {
    const building = this.decisions.building(gap.building_id);
    if (building) return this.choices("building", building);
    const close = () => this.store.select(null, null);
    return gap.kind === "uncovered_ground" ? [["draw_new", () => this.draw(gap, null, close)]] : [];
  }

  choicesOfBuilding(building) {
    const { store, decisions } = this;
    const again = () => store.select("building", building);
    const isOfNone = decisions.areaIdOf(building) === "none";
    return [
      ["move", () => this.pick(building, again)],
      ...(isOfNone ? [] : [["none", () => decisions.release(building)]]),
    ];
  }

  choicesOfArea(area) {
    const { store, decisions, map } = this;
    const again = () => store.select("area", area);
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
      [members > 0 || !isProposal, "draw", () => this.draw(area, area, again)],
    ];
    return choices.filter(([isOffered]) => isOffered).map(([, ...choice]) => choice);
  }

  // For a popup: what is pending there, and what can be decided.
  offer(kind, record) {
    const { decisions } = this;
    const id = record.building_id ?? record.area_id ?? record.gap_id;
    const pending =
      kind === "compound"
        ? []
        : decisions.entries.filter((entry) => entry.subject === id || decisions.now.get(id)?.entry === entry);
    const choices = this.choices(kind, record);
    if (!pending.length && !choices.length) return null;
    const button = (text, act, more = {}) =>
      h(
        "button",
        {
          type: "button",
          ...more,
          onclick: (event) => {
            event.stopPropagation();
            act();
          },
        },
        text,
      );
    return h(
      "div",
      { class: "offer" },
      pending.map((entry) =>
        h(
          "p",
          { class: "pending" },
          h("span", {}, `${this.word("pending")} · ${this.what(entry)}`),
          button(this.word("undo"), () => decisions.undo(entry), {
            "aria-label": `${this.word("undo")}: ${this.what(entry)}`,
          }),
        ),
      ),
      h(
        "div",
        { class: "buttons" },
        choices.map(([key, act]) =>
          button(
            this.word(key),
            () => {
              act();
              this.refocus();
            },
            { class: `decide ${key}` },
          ),
        ),
      ),
    );
  }

  // What had the focus has been made again.
  refocus() {
    if (
      document.activeElement !== document.body &&
      document.activeElement?.isConnected &&
      !document.activeElement.matches(".told")
    )
      return;
    const next = this.mode ? this.card : this.map.getContainer().querySelector(".leaflet-popup .offer");
    (next?.querySelector("button:enabled") ?? this.map.getContainer()).focus({ preventScroll: true });
  }

  // ---- choices that are made on the map: a mode takes the clicks until it ends

  begin(mode) {
    if (this.mode && this.mode !== mode) this.mode.end?.();
    this.store.use(""); // no other tool takes clicks meanwhile
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
        h("button", { type: "button", class: "cancel", onclick: () => this.end() }, this.word("cancel")),
      ),
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
  target({ title, hint, record, options, also, choose, then }) {
    const { decisions, store } = this;
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
          decisions
            .targets(place, options)
            .slice(0, NEAREST)
            .map((area) =>
              h(
                "li",
                {},
                h(
                  "button",
                  { type: "button", class: "row", onclick: () => chosen(area) },
                  swatch(area.status),
                  h("span", { class: "name" }, store.areaName(area)),
                  h(
                    "span",
                    { class: "note" },
                    (options.first ?? []).includes(area.area_id)
                      ? this.word("runner_up")
                      : area.name
                        ? area.area_id
                        : null,
                  ),
                ),
              ),
            ),
        ),
      ],
      buttons: () =>
        also.map(([key, act]) =>
          h(
            "button",
            {
              type: "button",
              onclick: () => {
                act();
                this.end(then);
              },
            },
            this.word(key),
          ),
        ),
      click: (_, found) => {
        const id =
          found?.kind === "building"
            ? decisions.areaIdOf(found.record)
            : found?.kind === "area"
              ? found.record.area_id
              : null;
        const area = id && decisions.area(id);
        if (!area) this.said.textContent = this.word("no_area_here");
        else if (options.except.includes(id)) this.said.textContent = this.word("same_area");
        else if (!decisions.mayGo(record, area)) this.said.textContent = this.word("other_subdistrict");
        else chosen(area);
      },
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
        ["none", () => decisions.release(building)],
      ],
      choose: (area) => decisions.move(building, area),
      then,
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
      then,
    });
  }

  split(area, then) {
    const { decisions, store } = this;
    const members = decisions.members(area.area_id);
    const chosen = new Set();
    const shown = L.layerGroup().addTo(this.map);
    const boxes = new Map(
      members.map((building) => [
        building,
        h("input", { type: "checkbox", onchange: () => toggle(building) }),
      ]),
    );
    const done = h("button", {
      type: "button",
      class: "main",
      onclick: () => {
        decisions.split(area, [...chosen]);
        this.end(then);
      },
    });
    const toggle = (building) => {
      if (!chosen.delete(building)) chosen.add(building);
      this.mode.update();
    };
    this.begin({
      title: () => this.word("split.title", { name: store.areaName(area) }),
      hint: "split.hint",
      content: () => [
        h(
          "ul",
          { class: "members" },
          members.map((building) =>
            h("li", {}, h("label", {}, boxes.get(building), h("span", {}, store.buildingName(building)))),
          ),
        ),
      ],
      buttons: () => [done],
      update: () => {
        for (const [building, box] of boxes) box.checked = chosen.has(building);
        done.textContent = this.word("split.done", { n: store.number(chosen.size) });
        done.disabled = !chosen.size || chosen.size === members.length;
        shown.clearLayers();
        for (const building of chosen) shown.addLayer(Pending.shape(building));
      },
      click: (_, found) => {
        const building =
          found?.kind === "building" ? members.find((member) => member === found.record) : null;
        this.said.textContent = building ? "" : this.word("split.not_here");
        if (building) toggle(building);
      },
      end: () => shown.remove(),
    });
  }

  // record: the ground or area it is about. area: none for a new one.
  draw(record, area, then) {
    const { decisions, store, map } = this;
    const done = h("button", { type: "button", class: "main", onclick: () => finish() });
    const back = h("button", { type: "button", onclick: () => drawing.remove() });
    const here = h("button", { type: "button", onclick: () => drawing.add(map.getCenter()) });
    const finish = () => {
      if (!drawing.isReady) return;
      decisions.draw(record, area, drawing.ring);
      this.end(then);
    };
    const mode = {
      title: () => this.word(area ? "draw.title" : "draw_new.title", { name: area && store.areaName(area) }),
      hint: "draw.hint",
      content: () => [],
      buttons: () => [done, back, here],
      update: () => {
        const n = drawing.corners.length;
        [done, back, here].forEach(
          (button, i) => (button.textContent = this.word(["draw.done", "draw.back", "draw.here"][i])),
        );
        done.disabled = !drawing.isReady;
        back.disabled = !n;
        this.said.textContent = this.word(drawing.isWrong ? "draw.crosses" : "draw.corners", {
          n: store.number(n),
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
      end: () => drawing.end(),
    };
    if (this.mode) this.end();
    const drawing = new Drawing(map, () => this.mode === mode && mode.update());
    this.begin(mode);
  }

  // ---- the list in the panel

  list() {
    const { decisions, store, section } = this;
    const { entries } = decisions;
    const focused = section.contains(document.activeElement);
    const rows = entries.reduce((sum, entry) => sum + entry.rows.length, 0);
    const rings = entries.filter(({ ring }) => ring).length;
    section.setAttribute("aria-label", this.word("list"));
    const header = h(
      "header",
      {},
      h("h2", {}, this.word("list")),
      h("span", { class: "note" }, this.word("list.count", { n: store.number(entries.length) })),
    );
    const alarm = decisions.keeps ? null : h("p", { class: "alarm", role: "alert" }, this.word("not_kept"));
    if (!entries.length) {
      section.replaceChildren(
        ...[header, alarm, h("p", { class: "hint" }, this.word("list.hint"))].filter(Boolean),
      );
      return;
    }
    const by = h("input", {
      value: decisions.by,
      autocomplete: "name",
      maxlength: 80,
      "data-key": "decided_by",
      oninput: () => decisions.write({ by: by.value.trim() }),
    });
    const file = (key, n, type, text) =>
      n > 0 &&
      h(
        "button",
        {
          type: "button",
          class: "file",
          "data-key": key,
          onclick: () => download(key, type, text(decisions)),
        },
        this.word("file", { name: key }),
      );
    section.replaceChildren(
      ...[
        header,
        alarm,
        h("label", { class: "by" }, h("span", {}, this.word("by")), by),
        h(
          "ul",
          {},
          [...entries].reverse().map((entry) => this.row(entry)),
        ),
        h(
          "div",
          { class: "files" },
          file("decisions.csv", rows, "text/csv", decisionsCsv),
          file("boundaries.geojson", rings, "application/geo+json", boundariesGeojson),
        ),
        h("p", { class: "hint" }, this.word("operator")),
      ].filter(Boolean),
    );
    if (focused) section.querySelector("li button").focus();
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
      oninput: () => decisions.write({ note: note.value.trim() }, entry),
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
          onclick: () => decisions.undo(entry),
        },
        "×",
      ),
      decisions.isStale(entry) ? h("p", {}, this.word("stale")) : note,
    );
  }
}
