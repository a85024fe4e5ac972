// Lengths and areas on the ellipsoid (WGS 84) between positions {lat, lng} in degrees.

const A = 6378137;
const FLATTENING = 1 / 298.257223563;
const E2 = FLATTENING * (2 - FLATTENING);
const rad = (degrees) => (degrees * Math.PI) / 180;

/**
 * Metres from one position to another, by Lambert's formula: the great circle, mended to the first order of
 * the flattening.
 * @param {{lat: number, lng: number}} a
 * @param {{lat: number, lng: number}} b
 * @returns {number}
 */
export const geodesicDistance = (a, b) => {
  const [p, q] = [a, b].map(({ lat }) => Math.atan((1 - FLATTENING) * Math.tan(rad(lat))));
  const h = Math.sin((q - p) / 2) ** 2 + Math.cos(p) * Math.cos(q) * Math.sin(rad(b.lng - a.lng) / 2) ** 2;
  if (h === 0) return 0;
  const angle = 2 * Math.asin(Math.min(1, Math.sqrt(h)));
  const [middle, half] = [(p + q) / 2, (q - p) / 2];
  const x = ((angle - Math.sin(angle)) * (Math.sin(middle) * Math.cos(half)) ** 2) / (1 - h);
  const y = ((angle + Math.sin(angle)) * (Math.cos(middle) * Math.sin(half)) ** 2) / h;
  return A * (angle - (FLATTENING / 2) * (x + y));
};

// The sine of a latitude on the sphere on which every piece of ground is as large as on the ellipsoid, times
// POLE.
const authalic = (sine) => {
  const e = Math.sqrt(E2);
  return (1 - E2) * (sine / (1 - E2 * sine * sine) + Math.atanh(e * sine) / e);
};
const POLE = authalic(1);

/**
 * Square metres inside a ring of positions that does not cross itself, its corners joined by great circles of
 * that sphere: the sum of what lies between each side and the equator.
 * @param {{lat: number, lng: number}[]} ring open: the last corner is not the first
 * @returns {number}
 */
export const ringArea = (ring) => {
  const points = ring.map(({ lat, lng }) => [
    rad(lng),
    Math.tan(Math.asin(authalic(Math.sin(rad(lat))) / POLE) / 2),
  ]);
  const excess = points.reduce((sum, [lng, t], i) => {
    const [nextLng, nextT] = points[(i + 1) % points.length];
    return sum + 2 * Math.atan((Math.tan((nextLng - lng) / 2) * (t + nextT)) / (1 + t * nextT));
  }, 0);
  return (Math.abs(excess) * A * A * POLE) / 2;
};
