// Places of the world as the page has them, and Leaflet's.

// World coordinates are x and y from 0 to 1 over the whole web-mercator square; units are pixels of zoom
// level 20.
export const UNITS = 2 ** 28;
/** @param {number[]} place x and y */
export const toLatLng = ([x, y]) =>
  L.latLng((Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI, (x - 0.5) * 360);
/**
 * @param {{lat: number, lng: number}} position in degrees of WGS 84
 * @returns {[number, number]}
 */
export const toWorld = ({ lat, lng }) => {
  const sine = Math.sin(lat * (Math.PI / 180));
  return [lng / 360 + 0.5, 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)];
};
/**
 * @param {number[]} box left, top, right and bottom in world coordinates
 * @returns {L.LatLngBounds}
 */
export const boundsOf = (box) => L.latLngBounds(toLatLng([box[0], box[1]]), toLatLng([box[2], box[3]]));
/**
 * @param {number[][]} boxes
 * @returns {number[]}
 */
export const unionBox = (boxes) =>
  boxes.reduce(
    (all, b) => [
      Math.min(all[0], b[0]),
      Math.min(all[1], b[1]),
      Math.max(all[2], b[2]),
      Math.max(all[3], b[3]),
    ],
    [Infinity, Infinity, -Infinity, -Infinity],
  );

// Below this zoom one sees whole cities: patterns would be noise, and houses are parts of a pixel.
export const DETAIL_ZOOM = 11;
