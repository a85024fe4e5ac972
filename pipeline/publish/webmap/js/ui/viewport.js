// Where the map looks, and of what the summary is.

import { boundsOf, toWorld, unionBox } from "../data/projection.js";

/**
 * The whole district.
 * @param {any} store
 * @param {L.Map} map
 */
export const goHome = (store, map) => {
  const animate = false;
  if (Number.isFinite(store.box[0])) map.fitBounds(boundsOf(store.box), { padding: [28, 28], animate });
  else map.setView([0, 0], 2, { animate });
  store.home = { center: map.getCenter(), zoom: map.getZoom() };
};

/**
 * Whether the map stands as goHome left it, but for a pixel.
 * @param {any} store
 * @param {L.Map} map
 * @returns {boolean}
 */
export const isAtHome = ({ home }, map) =>
  map.getZoom() === home.zoom && map.project(map.getCenter()).distanceTo(map.project(home.center)) < 2;

/**
 * Brings the chosen community or subdistrict into view; if none is chosen, the whole district.
 * @param {any} store
 * @param {L.Map} map
 */
export const fitChoice = (store, map) => {
  const isHere = (area) =>
    (!store.community || area.community_code === store.community) &&
    (!store.subdistrict || area.subdistrict_code === store.subdistrict);
  const subdistrict = store.community ? null : store.subdistrictByCode.get(store.subdistrict);
  if (!store.community && !store.subdistrict) return goHome(store, map);
  const boxes = (subdistrict ? [subdistrict] : store.areas.filter(isHere))
    .map((member) => member.box)
    .filter((box) => Number.isFinite(box[0]));
  if (boxes.length) map.fitBounds(boundsOf(unionBox(boxes)), { padding: [24, 24], animate: false });
};

/**
 * From now on the summary is of what is in view, or of the whole district.
 * @param {any} store
 * @param {L.Map} map
 * @param {boolean} isOfView
 */
export const summarise = (store, map, isOfView) => {
  const bounds = map.getBounds();
  store.look(isOfView ? [...toWorld(bounds.getNorthWest()), ...toWorld(bounds.getSouthEast())] : null);
};
