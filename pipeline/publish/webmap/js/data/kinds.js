// Sets of kinds, each by a number, so that a million buildings have one number each whatever the number of
// kinds. 0 is the empty set. Few of all possible sets occur: those that buildings and areas have.

export class KindSets {
  constructor() {
    this.sets = [new Set()];
    this.numbers = new Map([["", 0]]); // by what is in the set
    this.unions = new Map();
  }

  get length() {
    return this.sets.length;
  }

  // The number of the set of these kinds.
  of(kinds) {
    const sorted = [...new Set(kinds)].sort();
    const key = JSON.stringify(sorted);
    if (!sorted.length) return 0;
    if (!this.numbers.has(key)) this.numbers.set(key, this.sets.push(new Set(sorted)) - 1);
    return this.numbers.get(key);
  }

  // The number of the set with the kinds of both.
  union(a, b) {
    if (a === b || !b) return a;
    if (!a) return b;
    const key = `${a} ${b}`;
    if (!this.unions.has(key)) this.unions.set(key, this.of([...this.sets[a], ...this.sets[b]]));
    return this.unions.get(key);
  }

  // By number, whether a kind is in the set.
  having(kind) {
    return this.sets.map((set) => set.has(kind));
  }
}
