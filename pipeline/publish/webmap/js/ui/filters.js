// The filters of the panel: a select for each, which tells how many buildings (or gaps) a choice would leave,
// and a button that clears all.

import { FILTERS } from "../data/choices.js";
import { VALUES } from "../data/declared.js";
import { groupBy } from "../data/group_by.js";
import { h, icon } from "./elements.js";

// choices that a person still finds their way in: the communities of a whole city come with its subdistricts
const MOST = 2000;
const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
const byName = (a, b) => a.localeCompare(b, "zh");
const MODES = VALUES["service.mode"];
const byMode = (a, b) => MODES.indexOf(a) - MODES.indexOf(b);
// kinds of gap come in theirs
const ORDER = { subdistrict: compare, community: compare, manager: byName, mode: byMode };

const options = (store, name, offered) =>
  offered.map(([value, n]) =>
    h(
      "option",
      { value, selected: store[name] === value },
      `${store.word(name, value)} · ${store.t(name === "gapKind" ? "n_gaps_short" : "n_buildings_short", { n: store.number(n) })}`,
    ),
  );

// Communities of one name are told apart by their subdistricts; one of several stands under them together.
const grouped = (store, offered) => {
  const around = ([code]) => [...(store.groups.subdistrictsOf.get(code) ?? [])].sort(compare);
  const label = (/** @type {any[]} */ [first]) =>
    around(first)
      .map((code) => store.subdistrictName(code))
      .join(store.language === "zh" ? "、" : ", ");
  /** @type {Map<string, any[]>} */
  const by = groupBy(offered, (each) => around(each).join());
  if (store.subdistrict || by.size < 2) return options(store, "community", offered);
  return [...by.values()].map((each) =>
    h("optgroup", { label: label(each) }, options(store, "community", each)),
  );
};

const choice = (store, name, offered) => {
  if (!offered.length || offered.length > MOST) return null;
  if (ORDER[name]) offered.sort((a, b) => ORDER[name](a[0], b[0]));
  return h(
    "label",
    {},
    h("span", {}, store.t(`filter.${name}`)),
    h(
      "select",
      {
        "data-key": name,
        class: store[name] ? "on" : null,
        onchange: (event) => store.set({ [name]: event.target.value }),
      },
      h("option", { value: "" }, store.t("all")),
      name === "community" ? grouped(store, offered) : options(store, name, offered),
    ),
  );
};

export const filterSelects = (store) => {
  const offers = store.offers();
  const clear = () => {
    store.clear();
    document.querySelector(".filters select")?.focus(); // the button is gone
  };
  return h(
    "div",
    { class: "filters", role: "group", "aria-label": store.t("filters") },
    FILTERS.map((name) => choice(store, name, offers[name])),
    store.isFiltered()
      ? h(
          "button",
          { type: "button", class: "clear-filters", "data-key": "clear", onclick: clear },
          icon("M6 6l12 12M18 6L6 18", 14),
          store.t("filter.clear"),
        )
      : null,
  );
};
