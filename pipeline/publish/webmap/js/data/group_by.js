// The items of a list by a key, in their order; those whose key is null are left out.

/**
 * @template T, K
 * @param {Iterable<T>} items
 * @param {(item: T) => K | null} key
 * @returns {Map<K, T[]>}
 */
export const groupBy = (items, key) => {
  const groups = new Map();
  for (const item of items) {
    const at = key(item);
    if (at === null) continue;
    if (!groups.has(at)) groups.set(at, []);
    groups.get(at).push(item);
  }
  return groups;
};
