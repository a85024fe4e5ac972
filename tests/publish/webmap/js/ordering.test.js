import assert from "node:assert/strict";
import { test } from "node:test";

const { keysOf, ranks } = await import("../../../../pipeline/publish/webmap/js/data/ordering.js");

const collator = new Intl.Collator("zh-CN", { numeric: true });

// Rows in the order of a column, those without anything in it left out.
const ordered = (column, length) => {
  const places = ranks(keysOf(column, length, collator));
  const rows = [...places.keys()].filter((i) => places[i] >= 0);
  return rows.sort((a, b) => places[a] - places[b] || a - b);
};

// A text column that stands packed, as data/table.js has it.
const packed = (texts) => {
  const parts = texts.map(
    (text) => /^(.*?)(0|[1-9][0-9]*)([^0-9]*)$/.exec(text ?? "") ?? [text, text ?? "", "0", null],
  );
  return {
    packed: {
      frames: { at: (i) => (texts[i] === null ? 0 : i + 1) },
      before: parts.map(([, before]) => before),
      after: parts.map(([, , , after]) => after),
      number: (i) => Number(parts[i][2]),
    },
  };
};

test("numbers are in their order, and what is not known has no place", () => {
  const values = [3, null, 1, 3, 20];
  assert.deepEqual(ordered({ show: String, at: (i) => values[i] }, 5), [2, 0, 3, 4]);
});

test("words are in the order of the language, Chinese by its reading", () => {
  const values = ["长江", "北岗", "", "安山", "北岗"];
  assert.deepEqual(ordered({ at: (i) => values[i] }, 5), [3, 1, 4, 0]);
});

test("addresses are in the order of their numbers", () => {
  assert.deepEqual(
    ordered(packed(["胜利路10号", "胜利路2号", null, "北岗街7号", "胜利路2号甲"]), 5),
    [3, 1, 4, 0],
  );
});

test("the same has the same rank", () => {
  assert.deepEqual([...ranks(Float64Array.of(5, 1, 5, NaN))], [1, 0, 1, -1]);
});
