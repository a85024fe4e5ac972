// The rows of the legend, and their figures.

import { STATUSES } from "../data/declared.js";

// What the legend says: [swatch, text, its colour where that is not the swatch's], the statuses first.
export const legendRows = (store) => {
  const rows = store
    .statuses()
    .filter((status) => status !== "gap" && store.isPlaced)
    .map((status) => [status, store.t(`status.${status}`)]);
  if (store.gapKinds.includes("uncovered_ground")) rows.push(["gap", store.t("legend.gap_ground")]);
  if (store.isPlaced) rows.push(["gap-building", store.t("legend.gap_building")]);
  if (store.gapKinds.includes("contested")) rows.push(["contested", store.t("legend.contested")]);
  if (store.compounds.length) rows.push(["elsewhere", store.t("status.elsewhere")]);
  if (store.hasOther) rows.push(["other", store.t("status.other")]);
  for (const { key, colour } of store.shownLayers()) rows.push(["line", store.t(`legend.${key}`), colour]);
  if (store.subdistricts.length) rows.push(["boundary", store.t("legend.subdistrict")]);
  if (store.deciding?.decisions.entries.length) rows.push(["pending", store.t("legend.pending")]);
  if (store.release?.isShown) rows.push(["changed", store.t("legend.changed")]);
  if (store.hasRailway) rows.push(["railway", store.t("legend.railway")]);
  return rows;
};

// [buildings, areas] of a row of the legend, of the counts of a summary; null: it has none.
export const legendFigures = (counts, status) => {
  if (status === "gap-building") return [counts.gap.buildings, null];
  if (status === "gap") return [null, counts.gap.areas];
  return [counts[status]?.buildings ?? null, STATUSES.includes(status) ? counts[status].areas : null];
};
