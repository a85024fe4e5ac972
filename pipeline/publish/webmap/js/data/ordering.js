// The order of rows by what a column says, as numbers: a million rows are never more than that.

// An array of so many numbers.
export const filled = (length, at) => {
  const all = new Float64Array(length);
  for (let i = 0; i < length; i++) all[i] = at(i);
  return all;
};

// Each key's place among all of them, the same for the same; -1 for what is no key.
export const ranks = (keys) => {
  const sorted = keys.filter((key) => !Number.isNaN(key)).sort();
  return filled(keys.length, (i) => {
    const key = keys[i];
    if (Number.isNaN(key)) return -1;
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (sorted[middle] < key) low = middle + 1;
      else high = middle;
    }
    return low;
  });
};

// Each text's place in the order of a language.
const places = (texts, collator) => {
  const place = new Map([...new Set(texts)].sort(collator.compare).map((each, i) => [each, i]));
  return texts.map((each) => place.get(each));
};

// Numbers that are in the order of what a column says; not a number where it says nothing.
export const keysOf = (column, length, collator) => {
  if (column.show) return filled(length, (i) => column.at(i) ?? NaN);
  if (!column.packed) {
    const met = new Map(); // text → which of those met
    const which = filled(length, (i) => {
      const text = column.at(i);
      if (!text) return NaN;
      if (!met.has(text)) met.set(text, met.size);
      return met.get(text);
    });
    const place = places([...met.keys()], collator);
    return which.map((each) => place[each] ?? NaN);
  }
  // What stands before a number, the number with the noughts before it, what stands after it: 2号 comes before
  // 10号.
  const { frames, before, after } = column.packed;
  const first = places(
    before.map((each) => each.replace(/0+$/, "")),
    collator,
  );
  const last = places(
    after.map((each) => each ?? ""),
    collator,
  );
  const beyond = column.packed.hex ? 16 ** column.packed.hex : 1e9;
  const begins = ranks(
    filled(length, (i) => (frames.at(i) ? first[frames.at(i) - 1] * beyond + column.packed.number(i) : NaN)),
  );
  return filled(length, (i) => (begins[i] < 0 ? NaN : begins[i] * last.length + last[frames.at(i) - 1]));
};
