// For whoever uses no mouse, or does not see the picture: ways past the panel, Enter on the map for what is
// under the cross, a popup that takes the focus from the keyboard and gives it back, Escape, and no movement
// where the system asks for none.

import { h } from "./elements.js";

export const reduceMotion = () => {
  if (!matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  const { panBy } = L.Map.prototype;
  L.Map.mergeOptions({ zoomAnimation: false, inertia: false });
  L.Map.include({
    panBy(offset, options) {
      return panBy.call(this, offset, { ...options, animate: false });
    },
  });
};

export class Access {
  constructor(store) {
    this.store = store;
  }

  addTo(map) {
    const { store } = this;
    this.map = map;
    const container = map.getContainer();
    const go = (act) => (event) => {
      event.preventDefault();
      act();
    };
    this.toMap = h("a", { href: `#${container.id}`, onclick: go(() => container.focus()) });
    this.toRows = h("a", {
      href: "#table",
      onclick: go(() => (store.rows.isOpen ? store.rows.enter() : store.rows.turn(true))),
    });
    this.skip = h("nav", { class: "skip" }, this.toMap, this.toRows);
    document.body.prepend(this.skip);
    this.keys = h("p", { class: "keys", id: "keys" });
    this.said = h("p", { class: "unseen", role: "status" });
    container.append(this.keys, this.said);
    container.setAttribute("aria-describedby", "keys");
    container.addEventListener("keydown", (event) => this.key(event));
    document.addEventListener("keydown", () => (this.isByKey = true), { capture: true });
    document.addEventListener("pointerdown", () => (this.isByKey = false), { capture: true });
    document.addEventListener("keydown", (event) => this.escape(event));
    // after the popups, which are on the map only then
    map.whenReady(() => store.on("select", this.follow, this));
    map.on("popupclose", this.giveBack, this);
    store.on("change", this.count, this);
    store.on("language", this.speak, this);
    this.speak();
    return this;
  }

  speak() {
    const { store } = this;
    this.skip.setAttribute("aria-label", store.t("skip"));
    this.toMap.textContent = store.t("skip.map");
    this.toRows.textContent = store.t("skip.rows");
    this.keys.textContent = store.t("map.keys");
  }

  // To a screen reader: what the filters leave.
  count() {
    const { store } = this;
    const [areas, gaps] = [
      store.areas.filter((area) => store.areaVisible(area)),
      store.gaps.filter((gap) => store.gapVisible(gap)),
    ];
    this.said.textContent = store.t("shown", {
      areas: store.number(areas.length),
      gaps: store.number(gaps.length),
    });
  }

  // On the map itself: what is under the cross, as if it had been clicked. A tool has this key for itself.
  key(event) {
    const { store, map } = this;
    if (event.key !== "Enter" || event.target !== map.getContainer() || store.tool || store.choosing?.key)
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
    // else it was in a popup, which this one replaces
    if (from !== document.body && !from.closest(".leaflet-popup")) this.from = from;
    this.map.getContainer().querySelector(".leaflet-popup .told")?.focus({ preventScroll: true });
  }

  // As it closes, unless the focus has gone elsewhere by itself.
  giveBack() {
    const { from } = this;
    this.from = null;
    if (!from) return;
    const isLost =
      !document.activeElement ||
      document.activeElement === document.body ||
      document.activeElement.closest(".leaflet-popup");
    const again = from.isConnected
      ? from
      : // lists are made anew as the view moves
        document.querySelector(`[data-key="${CSS.escape(from.dataset.key ?? "")}"]`);
    if (isLost)
      (again && !again.closest("[hidden]") ? again : this.map.getContainer()).focus({ preventScroll: true });
  }
}
