// What is seen, as the part of the address after #: it follows the choices, and a page opened with it shows
// the same. What stands there is only ever compared with what the page knows; the rest is left aside.

import { EXTRA_LAYERS } from "../draw/extra_layers.js";
import { h } from "../ui/elements.js";
import { fitChoice, isAtHome, summarise } from "../ui/viewport.js";

const LANGUAGES = ["zh", "en"];
const KEYS = {
  subdistrict: "subdistrict",
  community: "community",
  manager: "manager",
  mode: "mode",
  gapKind: "kind",
};
const IDS = { area: "area_id", building: "building_id", gap: "gap_id", compound: "compound_id" };
// zoom/latitude/longitude
const VIEW = /^(\d{1,2}(?:\.\d{1,4})?)\/(-?\d{1,2}(?:\.\d{1,9})?)\/(-?\d{1,3}(?:\.\d{1,9})?)$/;
const encoded = (text) =>
  encodeURIComponent(text).replace(/%2F/g, "/").replace(/%2C/g, ",").replace(/%3A/g, ":");

export class Links {
  REST = 350; // milliseconds: browsers take some hundred changes of the address a minute, not more
  SAID = 2500;

  constructor(store) {
    this.store = store;
    store.links = this;
    store.tools.push({
      key: "link",
      path: "M10 13a5 5 0 0 0 7.5.5l3-3a5 5 0 0 0-7-7l-1.7 1.7M14 11a5 5 0 0 0-7.5-.5l-3 3a5 5 0 0 0 7 7l1.7-1.7",
      act: () => this.copy(),
    });
  }

  addTo(map) {
    this.map = map;
    this.toast = h("p", { class: "toast", role: "status", hidden: true });
    map.getContainer().append(this.toast);
    this.store.on("change language select view", this.soon, this);
    map.on("moveend", this.soon, this);
    this.store.on("facts", () => this.isHalf && this.open());
    // Whoever has begun to use the page is not taken back.
    for (const event of ["pointerdown", "wheel", "keydown"])
      addEventListener(event, () => (this.isHalf = false), { capture: true });
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
    const { store, map } = this;
    const { selected, hidden } = store;
    const said = [];
    if (selected) said.push([selected.kind, selected.record[IDS[selected.kind]]]);
    if (store.language !== LANGUAGES[0]) said.push(["lang", store.language]);
    for (const [name, key] of Object.entries(KEYS)) if (store[name]) said.push([key, store[name]]);
    if (hidden.size)
      said.push([
        "status",
        store
          .statuses()
          .filter((status) => !hidden.has(status))
          .join(",") || "none",
      ]);
    if (store.shown.size) said.push(["layers", [...store.shown].join(",")]);
    if (store.here) said.push(["scope", "view"]);
    const { lat, lng } = map.getCenter();
    if (!isAtHome(store, map))
      said.push(["view", `${Number(map.getZoom().toFixed(2))}/${lat.toFixed(6)}/${lng.toFixed(6)}`]);
    return said.map(([key, value]) => `${key}=${encoded(value)}`).join("&");
  }

  // ---- from the address to the page

  // Shows what the address says, and nothing else. True where that is another view than that of the whole
  // district.
  open() {
    const { store, map } = this;
    const given = new URLSearchParams(location.hash.slice(1));
    const oneOf = (key, known, otherwise) => (known.includes(given.get(key)) ? given.get(key) : otherwise);
    const language = oneOf("lang", LANGUAGES, LANGUAGES[0]);
    if (language !== store.language) store.speak(language);
    const filters = Object.entries(KEYS).map(([name, key]) => [
      name,
      given.has(key) && store.known(name, given.get(key)) ? given.get(key) : "",
    ]);
    store.hidden = this.hidden(given.get("status"));
    const layers = (given.get("layers") ?? "").split(",");
    store.shown = new Set(EXTRA_LAYERS.map(({ key }) => key).filter((key) => layers.includes(key)));
    store.set(Object.fromEntries(filters));
    store.fire("tools"); // layers have their buttons among them
    const [kind, record] = this.record(given);
    const view = this.view(given.get("view"));
    if (view) map.setView(...view, { animate: false });
    else fitChoice(store, map);
    store.select(kind, record, { move: !view });
    summarise(store, map, given.get("scope") === "view");
    this.isHalf = !store.isComplete && location.hash.length > 1; // the rest is not known yet
    clearTimeout(this.due); // it says so already
    return !isAtHome(store, map);
  }

  // The statuses that are not named, if one is.
  hidden(given) {
    const all = this.store.statuses();
    const named = (given ?? "").split(",");
    const isSaid = given === "none" || all.some((status) => named.includes(status));
    return new Set(isSaid ? all.filter((status) => !named.includes(status)) : []);
  }

  record(given) {
    const { store } = this;
    const kind = Object.keys(IDS).find((each) => given.has(each));
    const id = given.get(kind);
    if (kind === "area") return [kind, store.areaById.get(id) ?? null];
    if (kind === "building") return [kind, store.buildingById.get(id) ?? null];
    if (kind === "gap") return [kind, store.gaps.find((gap) => gap.gap_id === id) ?? null];
    if (kind === "compound") return [kind, store.compoundById.get(id) ?? null];
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
    this.say((await this.copied(this.link())) ? "link.copied" : "link.not_copied");
  }

  // A page that was opened from a file may not be let at the clipboard: then by a field that is selected and
  // copied.
  async copied(link) {
    try {
      await navigator.clipboard.writeText(link);
      return true;
    } catch {
      const focused = document.activeElement;
      const field = h("textarea", { class: "unseen", readonly: true, "aria-hidden": "true" }, link);
      document.body.append(field);
      field.select();
      const isCopied = document.execCommand("copy");
      field.remove();
      focused?.focus();
      return isCopied;
    }
  }

  say(key) {
    clearTimeout(this.saying);
    this.toast.textContent = this.store.t(key);
    this.toast.hidden = false;
    this.saying = setTimeout(() => (this.toast.hidden = true), this.SAID);
  }
}
