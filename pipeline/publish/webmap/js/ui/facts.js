// What is said of an area, a building, a gap or a compound: [label, value] pairs; a fact that is not known is
// left out.

import { hasMargin } from "./reasons.js";

const known = (pairs) => pairs.filter(([, value]) => value !== null && value !== undefined && value !== "");
const m2 = (store, value) => (value ? store.t("unit.m2", { n: store.number(value) }) : null);
const count = (store, value) => (value === null || value === undefined ? null : store.number(value));
const word = (store, group, value) => (value ? store.t(`${group}.${value}`) : null);

export const areaFacts = (store, area) => {
  const score =
    area.score === null || area.score === undefined
      ? null
      : store.t("unit.points", { n: store.number(area.score, 1) });
  const missing = (area.missing_services ?? "")
    .split(";")
    .filter(Boolean)
    .map((service) => store.t(`service.${service}`));
  const contract = [area.contract_id, word(store, "contract_kind", area.contract_kind)]
    .filter(Boolean)
    .join(" · ");
  return known([
    [store.t("field.area_id"), area.area_id],
    [store.t("field.subdistrict"), store.subdistrictName(area.subdistrict_code)],
    [store.t("field.community"), store.communityName(area.community_code)],
    [store.t("field.address"), area.address],
    [store.t("field.manager"), area.manager],
    [store.t("field.manager_kind"), word(store, "manager_kind", area.manager_kind)],
    [store.t("field.contract"), contract],
    [store.t("field.signed_on"), area.signed_on],
    [store.t("field.ends_on"), area.ends_on],
    [store.t("field.score"), score && area.quarter ? `${score} · ${area.quarter}` : score],
    [store.t("field.missing_services"), missing.join(store.language === "zh" ? "、" : ", ")],
    [store.t("field.mode"), word(store, "mode", area.mode)],
    [store.t("field.mode_eligible"), word(store, "mode", area.mode_eligible)],
    [store.t("field.mode_reason"), store.own(area, "mode_reason")],
    [store.t("field.n_buildings"), count(store, area.n_buildings)],
    [store.t("field.households"), count(store, area.households)],
    [store.t("field.floor_area"), m2(store, area.floor_area_m2)],
    [
      store.t("field.ground_area"),
      area.ground_area_m2 ? store.t("unit.ha", { n: store.number(area.ground_area_m2 / 10000, 2) }) : null,
    ],
    [store.t("field.year"), area.year],
    [
      store.t("field.fee"),
      area.fee_yuan_m2_month ? store.t("unit.fee", { n: store.number(area.fee_yuan_m2_month, 2) }) : null,
    ],
    [store.t("field.bounds"), store.own(area, "bounds")],
    [store.t("field.origin"), word(store, "origin", area.origin)],
    [
      store.t("field.problems"),
      [...new Set((store.gapsByArea.get(area.area_id) ?? []).map((gap) => store.t(`gap.${gap.kind}`)))].join(
        " · ",
      ),
    ],
  ]);
};

export const buildingFacts = (store, building) => {
  const area = store.areaById.get(building.area_id);
  const compound = store.compoundById.get(building.compound_id);
  const runner = store.areaById.get(building.runner_up_area_id);
  const margin = hasMargin(store, building); // said as a bar
  const percent = (value) => (value === null || value === undefined ? null : `${Math.round(value * 100)}%`);
  return known([
    [store.t("field.area"), area && `${store.areaName(area)}${area.name ? ` ${area.area_id}` : ""}`],
    [store.t("field.compound"), compound && (compound.name || compound.compound_id)],
    [store.t("field.manager"), area?.manager ?? compound?.manager],
    [store.t("field.building_id"), building.building_id],
    [store.t("field.address"), building.address],
    [store.t("field.subdistrict"), store.subdistrictName(building.subdistrict_code)],
    [store.t("field.use"), word(store, "use", building.use)],
    [store.t("field.floors"), building.floors],
    [store.t("field.floor_area"), m2(store, building.floor_area_m2)],
    [store.t("field.households"), count(store, building.households)],
    [store.t("field.year"), building.year],
    [store.t("field.owner_unit"), building.owner_unit],
    [store.t("field.method"), word(store, "method", building.method)],
    [store.t("field.confidence"), building.method && !margin ? percent(building.confidence) : null],
    [
      store.t("field.runner_up"),
      runner && !margin
        ? `${store.areaName(runner)} · ${percent(building.runner_up_confidence) ?? ""}`
        : null,
    ],
    [store.t("field.problems"), building.contested ? store.t("gap.contested") : null],
  ]);
};

export const gapFacts = (store, gap) => {
  const area = store.areaById.get(gap.area_id);
  return known([
    [store.t("field.note"), store.own(gap, "note")],
    [store.t("field.priority"), gap.priority],
    [store.t("field.gap_id"), gap.gap_id],
    [store.t("field.area"), area ? store.areaName(area) : gap.area_id],
    [store.t("field.building_id"), gap.building_id],
    [store.t("field.entry_id"), gap.entry_id],
    [store.t("field.subdistrict"), store.subdistrictName(gap.subdistrict_code)],
    [store.t("field.households"), count(store, gap.households)],
    [store.t("field.floor_area"), m2(store, gap.floor_area_m2)],
    [store.t("field.ground_area"), m2(store, gap.ground_area_m2)],
  ]);
};

export const compoundFacts = (store, compound) =>
  known([
    [store.t("field.manager"), compound.manager],
    [store.t("field.gap_id"), compound.compound_id],
  ]);
