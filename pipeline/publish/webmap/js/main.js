// The page: Folium's script makes the map and calls `start` with it. What is exported is the one global, PM,
// by which the tests look into the page.

import { PARTS } from "./data/declared.js";
import { Store } from "./data/store.js";
import { Deciding } from "./deciding/deciding.js";
import { Labels } from "./draw/labels.js";
import { Surface } from "./draw/surface.js";
import { Compare } from "./tools/compare.js";
import { Layers } from "./tools/layers.js";
import { Links } from "./tools/links.js";
import { Measure } from "./tools/measure.js";
import { Print } from "./tools/print.js";
import { Tiles } from "./tools/tiles.js";
import { Access, reduceMotion } from "./ui/access.js";
import { Controls } from "./ui/controls.js";
import { refuseOldBrowser } from "./ui/old_browser.js";
import { Panel } from "./ui/panel.js";
import { Popups } from "./ui/popups.js";
import { Rows } from "./ui/rows.js";
import { goHome } from "./ui/viewport.js";

// The parts in their order: what is drawn first lies lowest, and buttons stand in the order in which parts
// come.
const PARTS_IN_ORDER = [
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
  Access,
].filter(Boolean);

export let store = null;
export { STATUSES } from "./data/declared.js";
export { FILTERS } from "./data/choices.js";
export { geodesicDistance, ringArea } from "./data/geodesic.js";
export { findRows, Pinyin } from "./data/match.js";
export { boundsOf, toLatLng, UNITS } from "./data/projection.js";
export { crossingSides } from "./data/rings.js";
export { Placing } from "./draw/placing.js";
export { Sheet, paperView } from "./tools/sheet.js";
export { Print } from "./tools/print.js";
export { markMatches } from "./ui/marking.js";
export { isAtHome, summarise } from "./ui/viewport.js";

// The first view, that of the link if the page was opened with one, and a sign for whoever waits (the
// picture, the tests) that it is drawn.
const showFirst = (map) => {
  goHome(store, map);
  // A window that changes its size shows the whole district again, until somebody has moved the map.
  const fit = () => goHome(store, map);
  map.on("resize", fit);
  for (const event of ["pointerdown", "wheel", "keydown"])
    addEventListener(event, () => map.off("resize", fit), { once: true, capture: true });
  map.setMinZoom(Math.max(0, map.getZoom() - 2));
  map.setMaxBounds(map.getBounds().pad(0.75));
  if (location.hash.length > 1 && store.links.open()) map.off("resize", fit);
  const done = () =>
    requestAnimationFrame(() =>
      requestAnimationFrame(async () => {
        document.documentElement.dataset.ready = "true"; // the picture is complete
        await store.complete();
        document.documentElement.dataset.complete = "true"; // and so is everything else
      }),
    );
  /** @type {Promise<void>} */
  const drawn = new Promise((resolve) =>
    store.surface.isDrawing() ? store.surface.once("load", resolve) : resolve(),
  );
  Promise.all([drawn, document.fonts?.ready]).then(done);
};

export const start = async (map) => {
  const strings = JSON.parse(document.getElementById("strings").textContent);
  refuseOldBrowser(strings);
  store = await Store.open(strings);
  for (const Part of PARTS_IN_ORDER) new Part(store).addTo(map);
  showFirst(map);
};

reduceMotion(); // before there is a map
