// Rings of positions {lat, lng}: where their sides cross.

const side = (a, b, c) => Math.sign((b.lng - a.lng) * (c.lat - a.lat) - (b.lat - a.lat) * (c.lng - a.lng));

const between = (a, b, c) =>
  Math.min(a.lng, b.lng) <= c.lng &&
  c.lng <= Math.max(a.lng, b.lng) &&
  Math.min(a.lat, b.lat) <= c.lat &&
  c.lat <= Math.max(a.lat, b.lat);

const meet = (a, b, c, d) => {
  const [abc, abd, cda, cdb] = [side(a, b, c), side(a, b, d), side(c, d, a), side(c, d, b)];
  if (abc !== abd && cda !== cdb) return true;
  return (
    (!abc && between(a, b, c)) ||
    (!abd && between(a, b, d)) ||
    (!cda && between(c, d, a)) ||
    (!cdb && between(c, d, b))
  );
};

/**
 * The sides of a closed ring that meet one they are not next to, or run back on the one before, by the number
 * of their first corner.
 * @param {L.LatLng[]} corners
 * @returns {Set<number>}
 */
export const crossingSides = (corners) => {
  const n = corners.length;
  const crossed = new Set();
  for (let i = 0; i < n; i++) {
    const [a, b, c] = [corners[i], corners[(i + 1) % n], corners[(i + 2) % n]];
    if (a.equals(b, 0)) crossed.add(i);
    if (n > 2 && !side(a, b, c) && (b.lng - a.lng) * (c.lng - b.lng) + (b.lat - a.lat) * (c.lat - b.lat) <= 0)
      crossed.add(i);
    for (let j = i + 2; j < n; j++) {
      if (i === 0 && j === n - 1) continue;
      if (meet(a, b, corners[j], corners[(j + 1) % n])) crossed.add(i).add(j);
    }
  }
  return crossed;
};
