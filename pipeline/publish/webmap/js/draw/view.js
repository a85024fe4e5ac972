// A part of the world to be painted, with the box of what may reach into it, and how many pixels a metre has.

import { toLatLng } from "../data/projection.js";

/**
 * @param {{scale: number, left: number, top: number, width: number, height: number, zoom: number}} view pixels; scale: of the whole world
 */
export const viewOf = ({ scale, left, top, width, height, zoom }) => {
  const margin = 12; // what is drawn wider than its line still reaches over the edge
  const box = [
    (left - margin) / scale,
    (top - margin) / scale,
    (left + width + margin) / scale,
    (top + height + margin) / scale,
  ];
  const latitude = toLatLng([0, (box[1] + box[3]) / 2]).lat;
  return { scale, left, top, box, zoom, metre: scale / (40075016.7 * Math.cos((latitude * Math.PI) / 180)) };
};
