// What lies under the pointer, its popup, and the outline of what is selected.

import { BUILDING_STATUSES } from "../data/declared.js";
import { boundsOf, toLatLng, toWorld } from "../data/projection.js";
import { h, swatch } from "./elements.js";
import { areaFacts, buildingFacts, compoundFacts, gapFacts } from "./facts.js";
import { marginBar, whyDetails } from "./reasons.js";

export const Popups = /** @type {any} */ (L.Layer).extend({
  initialize(store) {
    this.store = store;
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
      addEventListener(event, () => (this.isPressed = event === "pointerdown"), { capture: true });
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
      if (!found || (this.popup.isOpen() && this.store.selected?.record === found.record))
        return this.tip.remove();
      this.tip
        .setLatLng(latlng)
        .setContent(h("span", {}, swatch(this.status(found)), this.name(found)))
        .addTo(this._map);
    });
  },

  // A building close up (a gap building at any scale), else uncovered ground, an area, a compound.
  find(latlng) {
    const { store } = this;
    const { buildings, gaps, areas, compounds } = store.tables;
    const [x, y] = toWorld(latlng);
    const zoom = this._map.getZoom();
    const reach = 4 / (256 * 2 ** zoom);
    const near = buildings.shapes.meeting([x - reach, y - reach, x + reach, y + reach]);
    const visible = store.visibleBuildings();
    const gap = near.find((i) => BUILDING_STATUSES[store.status[i]] === "gap" && visible(i));
    if (gap !== undefined) return { kind: "building", record: buildings.at(gap) };
    const building =
      zoom >= 16 ? near.find((i) => buildings.shapes.inside(i, x, y) && visible(i)) : undefined;
    if (building !== undefined) return { kind: "building", record: buildings.at(building) };
    const under = (table, chosen) =>
      table.at(
        table.shapes.meeting([x, y, x, y]).find((i) => table.shapes.inside(i, x, y) && chosen(table.at(i))) ??
          NaN,
      );
    const ground =
      !store.hidden.has("gap") &&
      under(gaps, (each) => each.kind === "uncovered_ground" && store.gapChosen(each));
    if (ground) return { kind: "gap", record: ground };
    const area = under(areas, (each) => store.areaVisible(each));
    if (area) return { kind: "area", record: area };
    const compound = under(compounds, (each) => store.inFilter(each));
    return compound ? { kind: "compound", record: compound } : null;
  },

  status: ({ kind, record }) => ({ gap: "gap", compound: "elsewhere" })[kind] ?? record.status,

  name({ kind, record }) {
    const { store } = this;
    if (kind === "area") return store.areaName(record);
    if (kind === "building") return store.buildingName(record);
    if (kind === "gap") return store.t(`gap.${record.kind}`);
    return record.name || record.compound_id;
  },

  // What a popup keeps clear of: the label of a sample at the top; in a narrow window also the tools and the
  // legend's button.
  edges() {
    const top = this.store.district.synthetic ? 56 : 24;
    const [left, right, bottom] = innerWidth > 760 ? [24, 24, 24] : [8, 50, 66];
    return { autoPanPaddingTopLeft: [left, top], autoPanPaddingBottomRight: [right, bottom] };
  },

  show({ kind, record, at, move }) {
    const map = this._map;
    this.outline?.remove();
    this.outline = null;
    if (!record) {
      this.last = null; // before it closes: closing by hand comes here too
      this.popup.close();
      return;
    }
    this.last = { kind, record };
    if (record.rings?.length) {
      const parts = record.rings.map((ring) =>
        Array.from({ length: ring.length / 2 }, (_, i) => toLatLng([ring[2 * i], ring[2 * i + 1]])),
      );
      const style = {
        color: "#111111",
        weight: kind === "building" ? 2.5 : 3,
        fill: false,
        interactive: false,
      };
      this.outline =
        record.shape === "point"
          ? L.circleMarker(parts[0][0], { ...style, radius: 9 })
          : L.polygon(parts, style);
      this.outline.addTo(map);
      const bounds = boundsOf(record.box);
      if (move)
        map.fitBounds(bounds, { maxZoom: kind === "area" ? 17 : 18, padding: [120, 120], animate: false });
      at ??= record.label ? toLatLng(record.label) : bounds.getCenter();
    }
    at ??= map.getCenter(); // it has no place: an area without ground, an entry that was not located
    L.setOptions(this.popup, this.edges());
    // First the place, then the content: an open popup that gets other content pulls the map to where it is.
    this.popup.setLatLng(at).setContent(this.content(kind, record)).openOn(map);
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
    this.popup
      .getElement()
      .querySelector(".leaflet-popup-close-button")
      .setAttribute("aria-label", this.store.t("popup.close"));
  },

  // An open popup that has grown comes into view whole; what has the focus keeps it.
  fit() {
    const focused = document.activeElement;
    this.popup.update();
    focused.focus();
  },

  content(kind, record) {
    const { store } = this;
    const status = this.status({ kind, record });
    const facts = { area: areaFacts, building: buildingFacts, gap: gapFacts, compound: compoundFacts }[kind](
      store,
      record,
    );
    const width = (text) => [...String(text)].reduce((sum, letter) => sum + (letter > "\u2e80" ? 2 : 1), 0);
    const area = kind !== "area" && store.areaById.get(record.area_id);
    // What a button opens replaces this popup: the click must end here, or the map, not finding the button in
    // a popup, takes it.
    const button = (key, act) =>
      h(
        "button",
        {
          type: "button",
          onclick: (event) => {
            event.stopPropagation();
            act();
          },
        },
        store.t(key),
      );
    const go = (neighbour) => store.select("area", neighbour, { move: true });
    const name = this.name({ kind, record });
    const head = h(
      "div",
      { class: "head" },
      h("h2", {}, name),
      h(
        "p",
        { class: "chip" },
        swatch(status),
        kind === "gap" ? store.t(`gap.${record.kind}`) : store.t(`status.${status}`),
      ),
    );
    const told = h(
      "div",
      { class: "told", tabindex: "0" }, // it scrolls by keyboard too
      kind === "area" ? whyDetails(store, record, { go, resized: () => this.fit() }) : null,
      kind === "building" ? marginBar(store, record, go) : null,
      h(
        "dl",
        {},
        facts.map(([label, value]) =>
          h(
            "div",
            { class: width(label) + width(value) > 36 ? "long" : null },
            h("dt", {}, label),
            h("dd", {}, String(value)),
          ),
        ),
      ),
      h(
        "div",
        { class: "buttons" },
        record.rings?.length
          ? button("zoom_here", () =>
              this._map.fitBounds(boundsOf(record.box), { maxZoom: 18, padding: [80, 80] }),
            )
          : null,
        area ? button("open_area", () => store.select("area", area, { move: true })) : null,
        button("link", () => store.links.copy()),
      ),
    );
    return h(
      "div",
      { class: "card", role: "dialog", "aria-label": name },
      head,
      told,
      store.deciding?.offer(kind, record),
    );
  },
});
