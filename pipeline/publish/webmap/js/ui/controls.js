// What floats on the map: zoom and home, scale, legend, source, and the label of a synthetic sample.

import { h, icon, swatch } from "./elements.js";
import { legendFigures, legendRows } from "./legend.js";
import { goHome } from "./viewport.js";

export class Controls {
  constructor(store) {
    this.store = store;
    this.legendOpen = innerWidth > 760;
  }

  addTo(map) {
    this.map = map;
    this.zoom = L.control.zoom({ position: "topright" }).addTo(map);
    L.control.scale({ imperial: false, position: "bottomleft", maxWidth: 120 }).addTo(map);
    const home = {
      key: "home",
      path: "M3 11l9-8l9 8M5 9.5V20h5v-6h4v6h5V9.5",
      act: () => goHome(this.store, map),
    };
    const tools = (box) => box.append(...[home, ...this.store.tools].map((tool) => this.tool(tool)));
    this.place("topright", "tools", tools, "language change decided facts");
    this.store.on("tools", this.press, this);
    this.place("bottomright", "legend", (box) => this.legend(box), "language change decided view");
    if (this.store.district.synthetic) this.place("topleft", "synthetic-label", (box) => this.synthetic(box));
    this.place(
      "bottomleft",
      "source",
      (box) =>
        this.store.district.source &&
        box.append(this.store.t("source", { source: this.store.district.source })),
    );
    this.name();
    this.store.on("language", this.name, this);
    return this;
  }

  // A Leaflet control whose content is made again at these events.
  place(position, name, fill, events = "language change decided") {
    const control = new L.Control({ position });
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
    const buttons = { zoom_in: zoom._zoomInButton, zoom_out: zoom._zoomOutButton };
    for (const [key, button] of Object.entries(buttons)) {
      button.title = store.t(key);
      button.setAttribute("aria-label", store.t(key));
    }
    this.map.getContainer().setAttribute("aria-label", store.t("map"));
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
        onclick: act,
      },
      icon(path),
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
    const { store } = this;
    const { counts } = store.summary(store.here);
    const rows = legendRows(store).map(([status, text, colour]) => {
      const [buildings, areas] = legendFigures(counts, status);
      const key = Number.isFinite(areas) ? "n_areas_short" : "n_buildings_short";
      const n = areas ?? buildings;
      return h(
        "li",
        {},
        swatch(status, colour),
        text,
        Number.isFinite(n) && h("span", { class: "note" }, store.t(key, { n: store.number(n) })),
      );
    });
    box.append(
      h(
        "details",
        { open: this.legendOpen, ontoggle: (event) => (this.legendOpen = event.target.open) },
        h("summary", {}, store.t("legend")),
        h("ul", {}, rows),
      ),
    );
  }
}
