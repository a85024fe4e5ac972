// What the pipeline declares once (pipeline/tables) and the page is given with its data: enumerations in
// their order, columns of files that people hand in, and which optional parts this page has.

const declared = JSON.parse(document.getElementById("declared").textContent);

// By table and column, as in "gaps.kind".
export const VALUES = declared.values;

// Of the files that decisions are handed in as, by name.
export const COLUMNS = declared.columns;

// {deciding: true or false, release: true or false, tiles: options or null}
export const PARTS = declared.parts;

// Of an area, and of what has none.
export const STATUSES = [...VALUES["service.status"], "gap"];

// Of a building: that of its area, or one that says why it has none.
export const BUILDING_STATUSES = [...STATUSES, "elsewhere", "other"];
