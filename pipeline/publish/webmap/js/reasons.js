"use strict";
// Why: what holds an area together and cuts it off from its neighbours, and how near a thing a building's area was.

// The block of the reasons, read where it stands: a million buildings have some hundred thousands of them.
PM.Reasons = class {
  constructor(block, areas) {
    const { paragraphs, of, sure, said, sentences, zh, en } = block.head;
    this.areas = areas;
    this.first = PM.starts(PM.numbers(block, paragraphs)); // paragraph of each area
    this.begins = PM.starts(PM.numbers(block, said)); // sentence of each paragraph
    this.numbers = { of: PM.numbers(block, of), sure: PM.numbers(block, sure), sentences: PM.numbers(block, sentences) };
    this.texts = { zh: new PM.TextColumn(block, zh), en: new PM.TextColumn(block, en) };
  }

  // {confidence, holds: [sentence, …], cuts: [{neighbour, confidence, reasons: [sentence, …]}, …]}; null where nothing is said.
  of(area) {
    const { of, sure, sentences } = this.numbers;
    const paragraphs = [];
    for (let p = this.first[area]; p < this.first[area + 1]; p++) {
      const neighbour = of[p] ? this.areas[area + PM.unzigzag(of[p] - 1)] : null;
      paragraphs.push({ neighbour, confidence: sure[p] / 100, reasons: [...sentences.subarray(this.begins[p], this.begins[p + 1])] });
    }
    if (!paragraphs.length) return null;
    const own = paragraphs[0].neighbour ? { confidence: 0, reasons: [] } : paragraphs.shift();
    return { confidence: own.confidence, holds: own.reasons, cuts: paragraphs };
  }

  sentence(language, id) {
    return this.texts[language].at(id);
  }
};

{
  const { h } = PM;
  const WORDS = [[0.85, "sure.very"], [0.7, "sure.fairly"], [0.55, "sure.rather"], [0, "sure.not"]];
  const percent = (value) => `${Math.round(100 * value)}%`;

  // How sure, in a word and in percent.
  const sure = (store, value) => h("span", { class: "sure" }, `${store.t(WORDS.find(([least]) => value >= least)[1])} ${percent(value)}`);

  // go opens an area; the click ends here, as that of every button of a popup does.
  const link = (store, area, go) => h("button", { type: "button", class: "link", onclick: (event) => { event.stopPropagation(); go(area); } }, store.areaName(area));

  // Folded up, but for a proposal: that one has nothing else to stand on. Once touched it stays as it was left.
  // resized: called when it has been folded or unfolded.
  PM.why = (store, area, { go, resized }) => {
    if (!area.why) return null;
    const { confidence, holds, cuts } = area.why;
    const sentences = (ids) => ids.map((id) => store.sentence(id));
    const fold = (event) => { store.whyOpen = !event.currentTarget.parentElement.open; requestAnimationFrame(resized); };
    return h("details", { class: "why", open: store.whyOpen ?? area.origin === "proposal" },
      h("summary", { onclick: fold }, h("span", {}, store.t("why")), sure(store, confidence)),
      h("ul", {}, sentences(holds).map((text) => h("li", {}, text))),
      cuts.length ? h("h3", {}, store.t("why.cuts")) : null,
      h("ul", { class: "cuts" }, cuts.map(({ neighbour, confidence, reasons }) => h("li", {},
        h("p", {}, link(store, neighbour, go), sure(store, confidence)), sentences(reasons).join(store.language === "zh" ? "；" : "; ")))));
  };

  // A building between two areas: how sure its own is, and the next best.
  PM.margin = (store, building, go) => {
    const runner = store.areaById.get(building.runner_up_area_id);
    if (!PM.hasMargin(store, building)) return null;
    const [own, other] = [building.confidence, building.runner_up_confidence];
    const [before, after] = store.t("margin", { own: percent(own), other: percent(other) }).split("{area}");
    return h("div", { class: "margin" }, PM.bar([["own", own], ["runner", other]]), h("p", {}, before, link(store, runner, go), after));
  };

  PM.hasMargin = (store, building) => store.areaById.has(building.area_id) && store.areaById.has(building.runner_up_area_id) && building.runner_up_confidence !== null;
}
