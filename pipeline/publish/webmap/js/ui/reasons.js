// Why: what holds an area together and cuts it off from its neighbours, and how near a thing a building's
// area was.

import { bar, h } from "./elements.js";

const WORDS = [
  [0.85, "sure.very"],
  [0.7, "sure.fairly"],
  [0.55, "sure.rather"],
  [0, "sure.not"],
];
const percent = (value) => `${Math.round(100 * value)}%`;

// How sure, in a word and in percent.
const sure = (store, value) =>
  h("span", { class: "sure" }, `${store.t(WORDS.find(([least]) => value >= least)[1])} ${percent(value)}`);

// go opens an area; the click ends here, as that of every button of a popup does.
const link = (store, area, go) =>
  h(
    "button",
    {
      type: "button",
      class: "link",
      onclick: (event) => {
        event.stopPropagation();
        go(area);
      },
    },
    store.areaName(area),
  );

// Folded up, but for a proposal: that one has nothing else to stand on. Once touched it stays as it was left.
// resized: called when it has been folded or unfolded.
export const whyDetails = (store, area, { go, resized }) => {
  if (!area.why) return null;
  const { confidence, holds, cuts } = area.why;
  const sentences = (ids) => ids.map((id) => store.sentence(id));
  const fold = (event) => {
    store.whyOpen = !event.currentTarget.parentElement.open;
    requestAnimationFrame(resized);
  };
  return h(
    "details",
    { class: "why", open: store.whyOpen ?? area.origin === "proposal" },
    h("summary", { onclick: fold }, h("span", {}, store.t("why")), sure(store, confidence)),
    h(
      "ul",
      {},
      sentences(holds).map((text) => h("li", {}, text)),
    ),
    cuts.length ? h("h3", {}, store.t("why.cuts")) : null,
    h(
      "ul",
      { class: "cuts" },
      cuts.map((cut) =>
        h(
          "li",
          {},
          h("p", {}, link(store, cut.neighbour, go), sure(store, cut.confidence)),
          sentences(cut.reasons).join(store.language === "zh" ? "；" : "; "),
        ),
      ),
    ),
  );
};

// A building between two areas: how sure its own is, and the next best.
export const marginBar = (store, building, go) => {
  const runner = store.areaById.get(building.runner_up_area_id);
  if (!hasMargin(store, building)) return null;
  const [own, other] = [building.confidence, building.runner_up_confidence];
  const [before, after] = store.t("margin", { own: percent(own), other: percent(other) }).split("{area}");
  return h(
    "div",
    { class: "margin" },
    bar([
      ["own", own],
      ["runner", other],
    ]),
    h("p", {}, before, link(store, runner, go), after),
  );
};

export const hasMargin = (store, building) =>
  store.areaById.has(building.area_id) &&
  store.areaById.has(building.runner_up_area_id) &&
  building.runner_up_confidence !== null;
