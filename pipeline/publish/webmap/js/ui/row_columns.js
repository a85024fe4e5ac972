// What the table beside the map has in its columns.

import { BUILDING_STATUSES } from "../data/declared.js";
import { gapSubject } from "./lists.js";

// The columns of a table: at(i) gives text or a number, show writes the number, packed is where text stands
// packed.
export const columnsOf = (store, kind) => {
  const table = store.tables[kind];
  const known = (name) => name in table.columns;
  const value = (name) => (i) => table.value(name, i);
  const text = (name, label = `field.${name}`) =>
    known(name) && {
      key: name,
      label,
      at: value(name),
      packed: table.columns[name].frames && table.columns[name],
    };
  const word = (name, group, label = `field.${name}`) =>
    known(name) && {
      key: name,
      label,
      at: (i) => {
        const each = table.value(name, i);
        return each === null ? null : store.t(`${group}.${each}`);
      },
    };
  const number = (name, label = `field.${name}`, show = (n) => store.number(n)) =>
    known(name) && { key: name, label, at: value(name), show };
  const m2 = (name) => known(`${name}_m2`) && { ...number(`${name}_m2`, `field.${name}`), unit: " m²" };
  const said = (name, label, at) => ({ key: name, label, at });
  const own = (name) =>
    known(`${name}_zh`) && said(name, `field.${name}`, (i) => store.own(table.at(i), name));
  const subdistrict =
    known("subdistrict_code") &&
    said("subdistrict", "field.subdistrict", (i) =>
      store.subdistrictName(table.value("subdistrict_code", i)),
    );
  const area = said("area", "field.area", (i) => {
    const at = table.linked("area_id", i);
    return at < 0 ? table.value("area_id", i) : store.areaName(store.areas[at]);
  });
  const plain = String;
  const percent = (n) => `${Math.round(n * 100)}%`;
  const columns = {
    areas: () => [
      text("area_id"),
      text("name", "rows.name"),
      { ...word("status", "status", "rows.status"), mark: (i) => store.areas[i].status },
      subdistrict,
      known("community_code") &&
        said("community", "field.community", (i) => store.communityName(table.value("community_code", i))),
      text("manager"),
      word("mode", "mode"),
      number("n_buildings"),
      number("households"),
      m2("floor_area"),
      m2("ground_area"),
      number("score", "field.score", (n) => store.number(n, 1)),
      text("signed_on"),
      text("ends_on"),
      {
        ...said("gaps", "gap_list", (i) => store.gapsByArea.get(store.areas[i].area_id)?.length ?? 0),
        show: (n) => store.number(n),
      },
    ],
    gaps: () => [
      text("gap_id"),
      number("priority"),
      { ...word("kind", "gap", "gap_kind"), mark: () => "gap" },
      said("subject", "rows.subject", (i) => gapSubject(store, store.gaps[i])),
      subdistrict,
      number("households"),
      m2("floor_area"),
      m2("ground_area"),
      own("note"),
    ],
    buildings: () => [
      text("building_id"),
      text("address"),
      text("name", "rows.name"),
      {
        ...said("status", "rows.status", (i) => store.t(`status.${BUILDING_STATUSES[store.status[i]]}`)),
        mark: (i) => BUILDING_STATUSES[store.status[i]],
      },
      area,
      subdistrict,
      word("use", "use"),
      number("floors"),
      number("households"),
      m2("floor_area"),
      number("year", "field.year", plain),
      text("owner_unit"),
      word("method", "method"),
      number("confidence", "field.confidence", percent),
    ],
  };
  return columns[kind]().filter((column) => column && column.at);
};
