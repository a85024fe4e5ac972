"use strict";
// What floats on the map: zoom and home, scale, legend, source, and the label of a synthetic sample.
PM.Controls = class {
  constructor(store) {
    this.store = store;
    this.legendOpen = innerWidth > 760;
  }

  addTo(map) {
    this.map = map;
    this.zoom = L.control.zoom({ position: "topright" }).addTo(map);
    L.control.scale({ imperial: false, position: "bottomleft", maxWidth: 120 }).addTo(map);
    const home = { key: "home", path: "M3 11l9-8l9 8M5 9.5V20h5v-6h4v6h5V9.5", act: () => PM.home(this.store, map) };
    this.place("topright", "tools", (box) => box.append(...[home, ...this.store.tools].map((tool) => this.tool(tool))));
    this.store.on("tools", this.press, this);
    this.place("bottomright", "legend", (box) => this.legend(box), "language change decided view");
    if (this.store.district.synthetic) this.place("topleft", "synthetic-label", (box) => this.synthetic(box));
    this.place("bottomleft", "source", (box) => this.store.district.source && box.append(this.store.t("source", { source: this.store.district.source })));
    this.name();
    this.store.on("language", this.name, this);
    return this;
  }

  // A Leaflet control whose content is made again at these events.
  place(position, name, fill, events = "language change decided") {
    const control = L.control({ position });
    control.onAdd = () => {
      const box = L.DomUtil.create("div", name);
      L.DomEvent.disableClickPropagation(box);
      fill(box);
      this.store.on(events, () => {
        const focused = box.contains(document.activeElement) && document.activeElement.id;
        box.replaceChildren();
        fill(box);
        if (focused) document.getElementById(focused)?.focus();
      });
      return box;
    };
    control.addTo(this.map);
  }

  name() {
    const { store, zoom } = this;
    for (const [button, key] of [[zoom._zoomInButton, "zoom_in"], [zoom._zoomOutButton, "zoom_out"]]) {
      button.title = store.t(key);
      button.setAttribute("aria-label", store.t(key));
    }
    this.map.getContainer().setAttribute("aria-label", store.t("map"));
  }

  tool({ key, path, act, isOn }) {
    const text = this.store.t(key);
    return PM.h("button", { type: "button", id: key, title: text, "aria-label": text, "aria-pressed": isOn && String(isOn()), onclick: act }, PM.icon(path));
  }

  press() {
    for (const { key, isOn } of this.store.tools) if (isOn) document.getElementById(key)?.setAttribute("aria-pressed", String(isOn()));
  }

  synthetic(box) {
    const zh = this.store.language === "zh";
    const both = ["zh", "en"].map((language) => this.store.strings[language].synthetic);
    box.append(PM.h("strong", {}, both[zh ? 0 : 1]), PM.h("span", {}, both[zh ? 1 : 0]));
  }

  legend(box) {
    const { h } = PM;
    const { store } = this;
    const { counts } = store.summary(store.here);
    const rows = PM.legend(store).map(([status, text]) => {
      const [buildings, areas] = PM.figures(counts, status);
      const key = Number.isFinite(areas) ? "n_areas_short" : "n_buildings_short";
      const n = areas ?? buildings;
      return h("li", {}, PM.swatch(status), text, Number.isFinite(n) && h("span", { class: "note" }, store.t(key, { n: store.number(n) })));
    });
    box.append(h("details", { open: this.legendOpen, ontoggle: (event) => (this.legendOpen = event.target.open) }, h("summary", {}, store.t("legend")), h("ul", {}, rows)));
  }
};

// What the legend says: [swatch, text], the statuses first.
PM.legend = (store) => {
  const rows = store.statuses().filter((status) => status !== "gap" && store.isPlaced).map((status) => [status, store.t(`status.${status}`)]);
  if (store.gapKinds.includes("uncovered_ground")) rows.push(["gap", store.t("legend.gap_ground")]);
  if (store.isPlaced) rows.push(["gap-building", store.t("legend.gap_building")]);
  if (store.gapKinds.includes("contested")) rows.push(["contested", store.t("legend.contested")]);
  if (store.compounds.length) rows.push(["elsewhere", store.t("status.elsewhere")]);
  if (store.hasOther) rows.push(["other", store.t("status.other")]);
  if (store.subdistricts.length) rows.push(["boundary", store.t("legend.subdistrict")]);
  if (store.deciding?.decisions.entries.length) rows.push(["pending", store.t("legend.pending")]);
  if (store.release?.isShown) rows.push(["changed", store.t("legend.changed")]);
  if (store.hasRailway) rows.push(["railway", store.t("legend.railway")]);
  return rows;
};

// [buildings, areas] of a row of the legend, of the counts of a summary; null: it has none.
PM.figures = (counts, status) => {
  if (status === "gap-building") return [counts.gap.buildings, null];
  if (status === "gap") return [null, counts.gap.areas];
  return [counts[status]?.buildings ?? null, PM.STATUSES.includes(status) ? counts[status].areas : null];
};

PM.home = (store, map) => {
  const animate = false;
  if (Number.isFinite(store.box[0])) map.fitBounds(PM.bounds(store.box), { padding: [28, 28], animate });
  else map.setView([0, 0], 2, { animate });
  store.home = { center: map.getCenter(), zoom: map.getZoom() };
};

// Whether the map stands as PM.home left it, but for a pixel.
PM.isHome = ({ home }, map) => map.getZoom() === home.zoom && map.project(map.getCenter()).distanceTo(map.project(home.center)) < 2;

// Called last: the first view, that of the link if the page was opened with one, and a sign for whoever waits (the picture, the tests) that it is drawn.
PM.ready = (store, map) => {
  PM.home(store, map);
  // A window that changes its size shows the whole district again, until somebody has moved the map.
  const fit = () => PM.home(store, map);
  map.on("resize", fit);
  for (const event of ["pointerdown", "wheel", "keydown"]) addEventListener(event, () => map.off("resize", fit), { once: true, capture: true });
  map.setMinZoom(Math.max(0, map.getZoom() - 2));
  map.setMaxBounds(map.getBounds().pad(0.75));
  if (location.hash.length > 1 && store.links.open()) map.off("resize", fit);
  const done = () => requestAnimationFrame(() => requestAnimationFrame(async () => {
    document.documentElement.dataset.ready = "true"; // the picture is complete
    await store.complete();
    document.documentElement.dataset.complete = "true"; // and so is everything else
  }));
  const drawn = new Promise((resolve) => (store.surface.isDrawing() ? store.surface.once("load", resolve) : resolve()));
  Promise.all([drawn, document.fonts?.ready]).then(done);
};
