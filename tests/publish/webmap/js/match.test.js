import assert from "node:assert/strict";
import { test } from "node:test";

const { findRows, matchRanges, Pinyin, splitWords } =
  await import("../../../../pipeline/publish/webmap/js/data/match.js");

const pinyin = new Pinyin({
  sheng: "胜",
  li: "利",
  lu: "路",
  chang: "长",
  zhang: "长",
  jiang: "江",
  bei: "北",
});

// A text column as data/table.js has it.
const column = (texts, hex = 0) => {
  const digits = hex ? new RegExp(`^(.*?)([0-9a-f]{${hex}})()$`) : /^(.*?)(0|[1-9][0-9]*)([^0-9]*)$/;
  const parts = texts.map((text) => digits.exec(text) ?? [text, text, "0", null]);
  return {
    hex,
    before: parts.map(([, before]) => before),
    after: parts.map(([, , , after]) => after),
    frames: { at: (i) => i + 1 },
    numbers: { at: (i) => parseInt(parts[i][2], hex ? 16 : 10) },
  };
};
const found = (texts, typed, most = 9, hex = 0) =>
  findRows(
    { length: texts.length, columns: { name: column(texts, hex) } },
    splitWords(typed),
    ["name"],
    pinyin,
    most,
  );

test("a text is found as it is typed, by pinyin, by initials and by a mixture", () => {
  for (const typed of ["胜利路", "shenglilu", "sll", "shengll", "胜ll", "shl", "zhangjiang", "cj", "chang"]) {
    const { n } = found(["胜利路12号", "长江路8号"], typed);
    assert.equal(n, 1, typed);
  }
  assert.equal(found(["胜利路"], "lusheng").n, 0);
});

test("what begins with the word comes before what has it, and pinyin comes last", () => {
  assert.deepEqual(found(["xbei", "北", "bei1"], "bei").first, [2, 0, 1]);
});

test("numbers are found as they are written, and no others", () => {
  const texts = ["胜利路1号", "胜利路12号", "胜利路112号", "胜利路2号"];
  assert.deepEqual(found(texts, "路12号").first, [1]);
  assert.deepEqual(found(texts, "12号").first.sort(), [1, 2]);
  assert.deepEqual(found(texts, "路1").first.sort(), [0, 1, 2]);
  assert.deepEqual(found(["f-00ff", "f-0f0f"], "0f0", 9, 4).first, [1]);
});

test("every word must be found, in any order", () => {
  assert.deepEqual(found(["胜利路12号", "长江路12号"], "12 长").first, [1]);
  assert.equal(found(["胜利路12号"], "").n, 0);
});

test("as many as are asked for are given, and all are counted", () => {
  const { n, first } = found(
    Array.from({ length: 50 }, (_, i) => `胜利路${i}号`),
    "胜利",
    3,
  );
  assert.deepEqual([n, first], [50, [0, 1, 2]]);
});

test("marks lie apart and in order, also in full-width letters", () => {
  assert.deepEqual(matchRanges("胜利路胜利", ["胜利", "路"], pinyin), [[0, 3]]);
  assert.deepEqual(matchRanges("ＡＢ路", ["ab"], pinyin), [[0, 2]]);
  assert.deepEqual(matchRanges("长江路", ["jiang"], pinyin), [[1, 2]]);
  assert.deepEqual(matchRanges("长江路", ["x"], pinyin), []);
});
