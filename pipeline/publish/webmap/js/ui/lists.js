// The lists of the panel: subdistricts, areas, gaps, declared totals. Each is a function of the store that
// gives elements.

import { STATUSES } from "../data/declared.js";
import { bar, h, swatch } from "./elements.js";

const FIRST = 60; // rows shown before "show all"
const ODDEST = 10;
const MOST = 1000; // problems of an area that are told apart
// Statuses of areas, those that most needs to be done about first.
export const WORST = ["paper_only", "unsigned", "proposed", "registered", "served"];

const section = (store, key, note, ...content) =>
  h(
    "section",
    {},
    h("header", {}, h("h2", {}, store.t(key)), h("span", { class: "note" }, note)),
    ...content,
  );

// The first rows, and a button for the rest.
const rows = (store, items, rowOf) => {
  const list = h("ul", {}, items.slice(0, FIRST).map(rowOf));
  if (items.length <= FIRST) return [list];
  const more = h(
    "button",
    {
      type: "button",
      class: "all",
      onclick: () => {
        list.append(...items.slice(FIRST).map(rowOf));
        more.remove();
      },
    },
    store.t("show_all", { n: store.number(items.length) }),
  );
  return [list, more];
};

// By rank, a whole number, and of one rank as they come, which is by their ids. A district's lists are sorted
// once, and then only filtered.
const PLACES = 2 ** 32;
const inOrder = (items, rank) =>
  [...Float64Array.from(items.map((item, i) => rank(item) * PLACES + i)).sort()].map(
    (key) => items[key % PLACES],
  );

const row = (onclick, ...content) =>
  h("li", {}, h("button", { type: "button", class: "row", onclick }, ...content));

export const subdistrictList = (store) => {
  if (!store.subdistrictCodes.length) return null;
  const counted = store.bySubdistrict(store.here?.counts, store.leaves("subdistrict"));
  const all = [...counted]
    .map(([code, each]) => ({ code, ...each }))
    .filter(({ code, concerned }) => concerned || code === store.subdistrict || !store.isNarrowed());
  if (!all.length) return null;
  all.sort((a, b) => b.counts.gap.buildings - a.counts.gap.buildings || b.concerned - a.concerned);
  const longest = Math.max(...all.map((s) => s.concerned), 1);
  return section(
    store,
    "by_subdistrict",
    store.t("by_subdistrict.order"),
    h(
      "div",
      { class: "subdistricts" },
      h(
        "p",
        { class: "columns" },
        h("span", {}, store.t("subdistrict")),
        h("span", {}, store.t("buildings")),
        h("span", {}, store.t("gap_count")),
      ),
      ...rows(store, all, ({ code, counts, concerned }) => {
        const parts = bar(STATUSES.map((status) => [status, counts[status].buildings]));
        parts.style.width = `${Math.max(8, (100 * concerned) / longest)}%`;
        const here = store.subdistrict === code;
        return h(
          "li",
          {},
          h(
            "button",
            {
              type: "button",
              class: "row",
              "data-key": code,
              "aria-pressed": String(here),
              onclick: () => store.set({ subdistrict: here ? "" : code }),
            },
            h("span", { class: "name" }, store.subdistrictName(code)),
            h("span", { class: "track" }, parts),
            h(
              "strong",
              { class: counts.gap.buildings ? "gap" : "no-gap" },
              store.number(counts.gap.buildings),
            ),
          ),
        );
      }),
    ),
  );
};

export const areaList = (store) => {
  const problems = (area) => Math.min((store.gapsByArea.get(area.area_id) ?? []).length, MOST - 1);
  store.worstFirst ??= inOrder(
    store.areas,
    (area) => WORST.indexOf(area.status) * MOST + MOST - problems(area),
  );
  const areas = store.worstFirst.filter((area) => store.areaVisible(area) && store.areaHere(area));
  const values = {
    n: store.number(areas.length),
    declared: store.declared.areas && store.number(store.declared.areas),
  };
  return section(
    store,
    "area_list",
    store.t(values.declared ? "area_list.declared" : "area_list.count", values),
    ...rows(store, areas, (area) =>
      row(
        () => store.select("area", area, { move: true }),
        swatch(area.status),
        h("span", { class: "name" }, store.areaName(area)),
        h(
          "span",
          { class: "note" },
          [
            area.name ? area.area_id : null,
            store.t("n_buildings_short", { n: store.number(area.n_buildings) }),
          ]
            .filter(Boolean)
            .join(" · "),
        ),
      ),
    ),
  );
};

// What a gap is about, in words.
export const gapSubject = (store, gap) => {
  if (gap.kind === "uncovered_ground" && gap.ground_area_m2) {
    const place = gap.subdistrict_code ? ` · ${store.subdistrictLabel(gap.subdistrict_code)}` : "";
    return store.t("unit.m2", { n: store.number(gap.ground_area_m2) }) + place;
  }
  const building = store.buildings.at(store.tables.gaps.linked("building_id", gap.i));
  const area = store.areaById.get(gap.area_id);
  return (
    (building && store.buildingName(building)) ??
    (area && store.areaName(area)) ??
    gap.entry_id ??
    gap.area_id ??
    gap.gap_id
  );
};

// A gap opens where it is; one without a place of its own opens its area.
export const openGap = (store, gap) => {
  const area = store.areaById.get(gap.area_id);
  if (!gap.rings.length && area?.rings.length) store.select("area", area, { move: true });
  else store.select("gap", gap, { move: true });
};

export const gapList = (store) => {
  store.urgentFirst ??= inOrder(store.gaps, (gap) => gap.priority);
  const counts = new Map();
  const isLeft = store.gapLeft(); // whatever its kind
  const left = store.urgentFirst.filter((gap) => isLeft(gap) && store.gapHere(gap));
  for (const gap of left) counts.set(gap.kind, (counts.get(gap.kind) ?? 0) + 1);
  const gaps = left.filter((gap) => !store.gapKind || gap.kind === store.gapKind);
  const kinds = h(
    "div",
    { class: "kinds", role: "group", "aria-label": store.t("gap_kind") },
    [...counts]
      .sort((a, b) => b[1] - a[1])
      .map(([kind, n]) =>
        h(
          "button",
          {
            type: "button",
            "data-key": `gap ${kind}`,
            "aria-pressed": String(store.gapKind === kind),
            onclick: () => store.set({ gapKind: store.gapKind === kind ? "" : kind }),
          },
          store.t(`gap.${kind}`),
          h("strong", {}, store.number(n)),
        ),
      ),
  );
  return section(
    store,
    "gap_list",
    store.t("gap_list.count", { n: store.number(gaps.length) }),
    kinds,
    ...rows(store, gaps, (gap) =>
      row(
        () => openGap(store, gap),
        h(
          "span",
          { class: `priority p${gap.priority}`, title: store.t("field.priority") },
          String(gap.priority),
        ),
        h("span", { class: "name" }, gapSubject(store, gap)),
        h("span", { class: "note" }, store.t(`gap.${gap.kind}`)),
      ),
    ),
  );
};

// The ten areas of the oddest shape, for a person to look at; none where shapes were not measured.
export const oddList = (store) => {
  store.oddestFirst ??= inOrder(
    store.areas.filter((area) => area.oddity_rank && area.oddity_rank <= ODDEST),
    (area) => area.oddity_rank,
  );
  const odd = store.oddestFirst
    .filter((area) => store.areaVisible(area) && store.areaHere(area))
    .slice(0, ODDEST);
  if (!odd.length) return null;
  return section(
    store,
    "odd_list",
    store.t("odd_list.note"),
    h(
      "ul",
      {},
      odd.map((area) =>
        row(
          () => store.select("area", area, { move: true }),
          h("span", { class: "priority" }, String(area.oddity_rank)),
          h("span", { class: "name" }, store.areaName(area)),
          h("span", { class: "note" }, area.name ? area.area_id : null),
        ),
      ),
    ),
  );
};

export const reconciliationList = (store) => {
  if (!store.reconciliation.length) return null;
  const mark = { pass: "✓", warn: "!", fail: "✗" };
  const value = (r, name) => {
    if (r[name] === null || r[name] === undefined) return "–";
    return r.unit === "share" ? `${store.number(100 * r[name], 2)}%` : store.number(r[name]);
  };
  const head = (key) => h("th", { scope: "col" }, h("span", { class: "unseen" }, store.t(key)));
  return section(
    store,
    "reconciliation",
    store.declared.source ?? "",
    h(
      "table",
      {},
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          head("figure"),
          h("th", { scope: "col" }, store.t("declared")),
          h("th", { scope: "col" }, store.t("computed")),
          head("verdict"),
        ),
      ),
      h(
        "tbody",
        {},
        store.reconciliation.map((r) =>
          h(
            "tr",
            { title: r.note },
            h(
              "th",
              { scope: "row" },
              store.figure(r.figure),
              r.unit === "m²" ? h("small", {}, ` ${r.unit}`) : null,
            ),
            h("td", {}, value(r, "declared")),
            h("td", {}, value(r, "computed")),
            h(
              "td",
              { class: `verdict ${r.verdict}` },
              h("span", { role: "img", "aria-label": store.t(`verdict.${r.verdict}`) }, mark[r.verdict]),
            ),
          ),
        ),
      ),
    ),
  );
};
