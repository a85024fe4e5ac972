// Words in texts: as they are typed, and Chinese by its pinyin, whole (shengli), by initials (sl), or both
// (shengl).

const plain = (text) =>
  String(text ?? "")
    .normalize("NFKC")
    .toLowerCase();
const LONGEST = 40; // letters of a word taken for pinyin
const FEW = 65536; // characters of which the initials are kept
const NUMBERS = 2 ** 20; // for which an answer is kept

// How texts are read aloud: reading → characters, as pinyin.py gives it.
export class Pinyin {
  constructor(readings = {}) {
    this.readings = new Map(); // code of a character → its readings
    this.initials = new Uint32Array(FEW); // a bit for each letter one of its readings begins with
    for (const [reading, characters] of Object.entries(readings)) {
      for (const character of characters) {
        const code = character.codePointAt(0);
        if (!this.readings.has(code)) this.readings.set(code, []);
        this.readings.get(code).push(reading);
        if (code < FEW) this.initials[code] |= 1 << (reading.charCodeAt(0) - 97);
      }
    }
  }

  isFor(word) {
    return this.readings.size > 0 && word.length <= LONGEST && /[a-z]/.test(word);
  }

  // Where in the text the word, from its letter `from` on, comes to an end if it begins at `at`; -1: it does
  // not. toEnd: at the end of the text only. A character is itself, a reading of it, its initial, or, last of
  // all, a reading that was begun.
  match(text, at, word, from, toEnd) {
    if (from === word.length) return !toEnd || at === text.length ? at : -1;
    if (at >= text.length) return -1;
    const code = text.codePointAt(at);
    const next = at + (code < FEW ? 1 : 2);
    if (word.startsWith(text.slice(at, next), from)) {
      const end = this.match(text, next, word, from + next - at, toEnd);
      if (end >= 0) return end;
    }
    const steps = this.steps(code, word, from, !toEnd || next === text.length);
    if (!steps) return next;
    for (const step of steps) {
      const end = this.match(text, next, word, from + step, toEnd);
      if (end >= 0) return end;
    }
    return -1;
  }

  // By how many letters of the word a character may be read: its whole reading, or its initial. null: it is
  // read to the end of the word, where it may end there.
  steps(code, word, from, mayEnd) {
    const steps = new Set(); // readings that begin alike go on alike
    for (const reading of this.readings.get(code) ?? []) {
      let n = 0;
      while (n < reading.length && from + n < word.length && reading[n] === word[from + n]) n++;
      if (!n) continue;
      if (from + n === word.length && mayEnd) return null;
      if (n === reading.length) steps.add(n);
      if (n > 1 && reading[1] === "h") steps.add(2);
      steps.add(1);
    }
    return steps;
  }

  // Where the word is in the text: [begin, end]; null: nowhere.
  range(text, word, toEnd = false) {
    const first = word.charCodeAt(0);
    const letter = first >= 97 && first <= 122 ? 1 << (first - 97) : 0;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      const isHigh = code >= 0xd800 && code < 0xdc00; // half a character: its readings are looked up
      if (code !== first && !isHigh && !(this.initials[code] & letter)) continue;
      const end = this.match(text, at, word, 0, toEnd);
      if (end >= 0) return [at, end];
    }
    return null;
  }

  is(text, word) {
    return this.match(text, 0, word, 0, true) >= 0;
  }

  begins(text, word) {
    return this.match(text, 0, word, 0, false) >= 0;
  }

  ends(text, word) {
    return this.range(text, word, true) !== null;
  }

  has(text, word) {
    return this.range(text, word) !== null;
  }
}

const LITERAL = {
  is: (text, word) => text === word,
  begins: (text, word) => text.startsWith(word),
  ends: (text, word) => text.endsWith(word),
  has: (text, word) => text.includes(word),
};

// Where a word is in before + number + after: 2 it begins, 1 it is there, 0, or what asks for the number:
// [what is sure without it, [some digits of the word, whether the number must begin with them, end with them,
// 2 if the text then begins with the word], …].
const verdict = (before, after, word, reader, digit) => {
  if (reader.begins(before, word)) return 2;
  const sure = reader.has(before, word) || (after !== null && reader.has(after, word)) ? 1 : 0;
  if (after === null) return sure;
  const asked = asks(before, after, word, reader, digit);
  return asked.length ? [sure, ...asked] : sure;
};

const asks = (before, after, word, reader, digit) => {
  const asked = [];
  for (let i = 0; i < word.length; i++) {
    if (!digit.test(word[i])) continue;
    if (i && !reader.ends(before, word.slice(0, i))) continue;
    for (let j = i + 1; j <= word.length && digit.test(word[j - 1]); j++) {
      if (j < word.length && !reader.begins(after, word.slice(j))) continue;
      asked.push([word.slice(i, j), i > 0, j < word.length, reader.is(before, word.slice(0, i)) ? 2 : 1]);
    }
  }
  return asked;
};

// What a verdict says of a number: of its digits, or, of a hexadecimal one, of itself.
const test = (found, { hex }) => {
  if (typeof found === "number") return () => found;
  const tests = found.slice(1).map((asked) => (hex ? hexadecimal(asked, hex) : decimal(asked)));
  return (n) => tests.reduce((best, each) => Math.max(best, each(n)), found[0]);
};

const decimal = ([digits, first, last, begins]) => {
  if (first && last) return (n) => (n === digits ? begins : 0);
  if (first) return (n) => (n.startsWith(digits) ? begins : 0);
  if (last) return (n) => (n.endsWith(digits) ? (n === digits ? begins : 1) : 0);
  return (n) => (n.includes(digits) ? (n.startsWith(digits) ? begins : 1) : 0);
};

// Of numbers of so many digits: reckoned, as a million of them written out take a second.
const hexadecimal = ([digits, first, last, begins], length) => {
  const [wanted, span, most] = [parseInt(digits, 16), 16 ** digits.length, length - digits.length];
  const isThere = (n, behind) => Math.floor(n / 16 ** behind) % span === wanted;
  const places = Array.from({ length: most + 1 }, (_, behind) => behind).filter(
    (behind) => (!first || behind === most) && (!last || behind === 0),
  );
  return (n) => {
    const behind = places.findLast((each) => isThere(n, each));
    return behind === undefined ? 0 : behind === most ? begins : 1;
  };
};

// Both ways of reading: 4 and 3 as typed, 2 and 1 by pinyin.
const better = (typed, spoken) => (typed ? typed + 2 : spoken);

// The answers for small numbers, of which there are many alike, are kept.
const kept = (ask) => {
  const answers = new Int8Array(NUMBERS).fill(-1);
  return (n) => {
    if (n >= NUMBERS) return ask(n);
    return answers[n] >= 0 ? answers[n] : (answers[n] = ask(n));
  };
};

const frames = new WeakMap(); // of a column: what stands around its numbers, plain

// A test for the rows of a text column: 4 where the text begins with this word, 3 where it has it, 2 and 1
// the same by pinyin, else 0; null if none has it. What stands around the numbers is searched once; rows only
// compare numbers.
const finder = (column, word, pinyin) => {
  if (!frames.has(column))
    frames.set(
      column,
      column.before.map((before, k) => [
        plain(before),
        column.after[k] === null ? null : plain(column.after[k]),
      ]),
    );
  const isSpoken = pinyin.isFor(word);
  const digit = column.hex ? /[0-9a-f]/ : /[0-9]/;
  const tests = new Map(); // most frames ask the same of their numbers
  const verdicts = frames.get(column).map(([before, after]) => {
    const typed = verdict(before, after, word, LITERAL, digit);
    const spoken = isSpoken ? verdict(before, after, word, pinyin, digit) : 0;
    if (typeof typed === "number" && typeof spoken === "number") return better(typed, spoken);
    const key = JSON.stringify([typed, spoken]);
    if (!tests.has(key)) {
      const [asTyped, asSpoken] = [test(typed, column), test(spoken, column)];
      tests.set(
        key,
        kept((number) => {
          const n = column.hex ? number : String(number);
          return better(asTyped(n), asSpoken(n));
        }),
      );
    }
    return tests.get(key);
  });
  if (!verdicts.some(Boolean)) return null;
  verdicts.unshift(0);
  return (i) => {
    const found = verdicts[column.frames.at(i)];
    return typeof found === "number" ? found : found(column.numbers.at(i));
  };
};

/**
 * Rows of a table in which every word is found in one of the columns named: how many, and the first `most` of
 * them, best first. Best is what begins with the first word, then what has it, then pinyin; of these, what
 * has it in a column named earlier.
 * @param {{length: number, columns: Record<string, any>}} table
 * @param {string[]} words as splitWords gives them
 * @param {string[]} names
 * @param {Pinyin} pinyin
 * @param {number} most
 * @returns {{n: number, first: number[]}}
 */
export const findRows = (table, words, names, pinyin, most) => {
  const columns = names.map((name) => table.columns[name]).filter(Boolean);
  const tests = words.map((word) => columns.map((column) => finder(column, word, pinyin)));
  if (!words.length || tests.some((each) => !each.some(Boolean))) return { n: 0, first: [] };
  const first = Array.from({ length: 5 * columns.length }, () => []);
  let n = 0;
  for (let i = 0; i < table.length; i++) {
    let rank = 0;
    for (let w = 0; w < tests.length; w++) {
      let [best, at] = [0, 0];
      for (let k = 0; k < tests[w].length; k++) {
        const found = tests[w][k] ? tests[w][k](i) : 0;
        if (found > best) [best, at] = [found, k];
      }
      if (!best) {
        rank = 0;
        break;
      }
      if (w === 0) rank = best * columns.length + (columns.length - 1 - at);
    }
    if (!rank) continue;
    n += 1;
    if (first[rank].length < most) first[rank].push(i);
  }
  return { n, first: first.reverse().flat().slice(0, most) };
};

/**
 * The parts of a text that the words are found in, as [begin, end], in order and apart.
 * @param {string} text
 * @param {string[]} words
 * @param {Pinyin} pinyin
 * @returns {number[][]}
 */
export const matchRanges = (text, words, pinyin) => {
  let [whole, ends] = ["", [0]]; // the plain text, and where in the text as it is each of its letters ends
  const begins = [];
  let at = 0;
  for (const letter of text) {
    const letters = plain(letter);
    for (let k = 0; k < letters.length; k++) {
      begins.push(at);
      ends.push(at + letter.length);
    }
    whole += letters;
    at += letter.length;
  }
  const found = words
    .map((word) => {
      const from = whole.indexOf(word);
      return from >= 0 ? [from, from + word.length] : pinyin.isFor(word) ? pinyin.range(whole, word) : null;
    })
    .filter(Boolean)
    .map(([from, to]) => [begins[from], ends[to]]);
  found.sort((a, b) => a[0] - b[0]);
  return found.reduce((apart, [from, to]) => {
    const last = apart[apart.length - 1];
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else apart.push([from, to]);
    return apart;
  }, []);
};

/**
 * @param {string} text
 * @returns {string[]}
 */
export const splitWords = (text) => plain(text).split(/\s+/).filter(Boolean);
