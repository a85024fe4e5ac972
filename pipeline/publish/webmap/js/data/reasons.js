// Why areas are what they are, as the page is given it.

import { readNumbers, startsOf, unzigzag } from "./decode.js";
import { TextColumn } from "./table.js";

// The block of the reasons, read where it stands: a million buildings have some hundred thousands of them.
export class Reasons {
  constructor(block, areas) {
    const { paragraphs, of, sure, said, sentences, zh, en } = block.head;
    this.areas = areas;
    this.first = startsOf(readNumbers(block, paragraphs)); // paragraph of each area
    this.begins = startsOf(readNumbers(block, said)); // sentence of each paragraph
    this.numbers = {
      of: readNumbers(block, of),
      sure: readNumbers(block, sure),
      sentences: readNumbers(block, sentences),
    };
    this.texts = { zh: new TextColumn(block, zh), en: new TextColumn(block, en) };
  }

  // {confidence, holds: [sentence, …], cuts: [{neighbour, confidence, reasons: [sentence, …]}, …]}; null
  // where nothing is said.
  of(area) {
    const { of, sure, sentences } = this.numbers;
    const paragraphs = [];
    for (let p = this.first[area]; p < this.first[area + 1]; p++) {
      const neighbour = of[p] ? this.areas[area + unzigzag(of[p] - 1)] : null;
      paragraphs.push({
        neighbour,
        confidence: sure[p] / 100,
        reasons: [...sentences.subarray(this.begins[p], this.begins[p + 1])],
      });
    }
    if (!paragraphs.length) return null;
    const own = paragraphs[0].neighbour ? { confidence: 0, reasons: [] } : paragraphs.shift();
    return { confidence: own.confidence, holds: own.reasons, cuts: paragraphs };
  }

  sentence(language, id) {
    return this.texts[language].at(id);
  }
}
