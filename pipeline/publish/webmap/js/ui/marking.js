// What was typed, marked in what was found.

import { matchRanges } from "../data/match.js";
import { h } from "./elements.js";

// A text as nodes, with what the words are found in marked; null if nothing is. lead: how much of what stands
// before it is told.
export const markMatches = (text, words, pinyin, lead = Infinity) => {
  const found = matchRanges(String(text ?? ""), words, pinyin);
  if (!found.length) return null;
  const begin = Math.max(0, found[0][0] - lead);
  const cuts = [begin, ...found.flat(), text.length];
  const parts = cuts
    .slice(1)
    .map((to, k) => (k % 2 ? h("mark", {}, text.slice(cuts[k], to)) : text.slice(cuts[k], to)));
  return [begin ? "…" : "", ...parts].filter((each) => each !== "");
};
