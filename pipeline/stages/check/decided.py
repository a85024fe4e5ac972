"""Checks that every decision on a building and every drawn boundary is carried out; those that are not are
named with who decided them.

A decision whose row was not taken is a decision too. Only one that a later one for the same building or area
takes the place of has done its part.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import PurePath

import geopandas as gpd
import pandas as pd

from pipeline.config import InputFile
from pipeline.geometry.coverage.snapping import corners_kept
from pipeline.parsing import columns
from pipeline.raw.reasons import MERGED
from pipeline.stages.check.rows import NAMED, Row, few, near, row
from pipeline.tables import INPUTS, PROVENANCE

SHORTENED = r"\d(?:\.\d+)?[Ee]\+?\d+|(?!\d{16}$)\d{9,}000"
"""What a spreadsheet makes of a long code: 2.10203E+14, and 210203001001000 when that is saved as a number.

Proposals are numbered from 1 in three digits, and in four (16 in all) from 1000."""
SPREADSHEET = (
    "a spreadsheet shortens long codes: use the file as it was downloaded from the map, or format the column"
    " as text"
)
RECORD = 120
"""Characters shown of a record that can't be read otherwise."""


def decided(
    decisions: pd.DataFrame,
    boundaries: gpd.GeoDataFrame,
    rejects: pd.DataFrame,
    files: Mapping[str, Sequence[InputFile]],
    *,
    register: gpd.GeoDataFrame,
    membership: pd.DataFrame,
    areas: gpd.GeoDataFrame,
    buildings: gpd.GeoDataFrame,
    as_of: date | None,
) -> list[Row]:
    """Check that all that people decided and drew is carried out, and names what there is.

    Parameters
    ----------
    decisions : DataFrame
        DECISIONS.
    boundaries : GeoDataFrame
        BOUNDARIES, in the district's CRS.
    rejects : DataFrame
        REJECTS of all inputs.
    files : mapping of str to sequence of InputFile
        Entries of the configuration by input, by which rejected records are read.
    register, areas, buildings : GeoDataFrame
        Tables of those schemas; areas in the CRS of the boundaries.
    membership : DataFrame
        MEMBERSHIP.
    as_of : date or None
        The day of the data; None: not known, and no row says whether a decision is later.

    Returns
    -------
    list of Row
    """
    accepted = decisions["area_id"][decisions["kind"].eq("accept") & ~_miswritten(decisions, register)]
    known = sorted({*register["area_id"], *boundaries["area_id"], *accepted, "none"})
    now = decisions["building_id"].map(membership.set_index("building_id")["area_id"])
    there = decisions["building_id"].isin(buildings["building_id"])
    is_home = decisions["building_id"].isin(membership["building_id"])
    area_known = decisions["area_id"].isin(known)
    obeyed = decisions["area_id"].replace("none", pd.NA).fillna("").eq(now.fillna(""))
    no_building_there, not_on_homes, on_unknown_areas = (
        decisions[~there],
        decisions[there & ~is_home],
        decisions[is_home & ~area_known],
    )
    disobeyed = decisions[is_home & area_known & ~obeyed]
    not_taken = _rejected("decisions", decisions, rejects, files)
    n_not_carried_out = sum(
        map(len, (no_building_there, not_on_homes, on_unknown_areas, disobeyed, not_taken))
    )
    changed = ~corners_kept(
        areas.set_index("area_id")["geometry"].reindex(boundaries["area_id"]).array,
        boundaries.geometry.to_numpy(),
    )
    not_drawn = _rejected("boundaries", boundaries, rejects, files)
    ids = buildings["building_id"].tolist()
    rejected_buildings = rejects[
        rejects["input"].eq("buildings") & rejects["record_id"].isin(no_building_there["building_id"])
    ]
    why = [
        f"{one.record_id} was not taken: {one.reason}, {one.detail}"
        for one in rejected_buildings.head(NAMED).itertuples()
    ]
    building_remedy = "; ".join([*why, "no such building: correct the building_id, or take the line out"])
    return [
        row(
            "decisions_kept",
            not n_not_carried_out,
            f"{n_not_carried_out} of {len(decisions) + len(not_taken)} not carried out"
            + (f": {few(_in_words(disobeyed))}" if len(disobeyed) else ""),
            "all that people decided",
            (
                "a decision is not obeyed: report this as a defect"
                if len(disobeyed)
                else "the rows decisions_on_… and decisions_taken name them"
            ),
        ),
        _unknown_row("decisions_on_known_buildings", no_building_there, "building_id", ids, building_remedy),
        _unknown_row(
            "decisions_on_known_areas",
            on_unknown_areas,
            "area_id",
            known,
            "no such area: register or draw it, or write none",
        ),
        _unknown_row(
            "decisions_on_homes",
            not_on_homes,
            "",
            [],
            "not a residential building: correct its use, or take the line out",
        ),
        _rejected_row("decisions_taken", not_taken),
        row(
            "boundaries_kept",
            not (changed.any() or len(not_drawn)),
            f"{int(changed.sum())} changed, {len(not_drawn)} not taken"
            + (f": {few(_in_words(boundaries[changed]))}" if changed.any() else ""),
            f"all {len(boundaries) + len(not_drawn)} drawn boundaries as drawn",
            "report this as a defect" if changed.any() else "the row boundaries_taken names them",
        ),
        _unknown_row(
            "boundaries_of_known_areas",
            boundaries[_miswritten(boundaries, register)],
            "area_id",
            register["area_id"].tolist(),
            "the code as the register has it: write it so, in full",
        ),
        _rejected_row("boundaries_taken", not_drawn),
        *(
            _future_row(name, table, as_of)
            for name, table in (("decisions", decisions), ("boundaries", boundaries))
            if as_of
        ),
    ]


def _miswritten(frame: pd.DataFrame, register: gpd.GeoDataFrame) -> pd.Series:
    """A mask of codes that are not those of new areas.

    A spreadsheet shortened them, or they are registered ones but for capitals and spaces.
    """
    code, known = (
        table["area_id"].str.replace(r"\s", "", regex=True).str.casefold() for table in (frame, register)
    )
    return ~frame["area_id"].isin(register["area_id"]) & (
        code.isin(known) | frame["area_id"].str.fullmatch(SHORTENED)
    )


def _in_words(frame: pd.DataFrame) -> list[str]:
    """Each decision in words: b1 → A (张三, 2026-10-01; row 5 of decisions.csv)."""
    what = frame["area_id"].fillna("?")
    if "building_id" in frame:
        what = frame["building_id"].fillna("?") + " → " + what
    who = frame["decided_by"].fillna("by nobody named") + ", " + frame["decided_on"].fillna("no date")
    where = "row " + frame["source_row"].astype("str") + " of " + frame["source_file"]
    return [*(what + " (" + who + "; " + where + ")")]


def _unknown_row(name: str, frame: pd.DataFrame, column: str, known: Sequence[str], remedy: str) -> Row:
    """A row of CHECKS that names decisions, with what was probably meant by the first of them."""
    values = frame[column].tolist() if column else []
    hints = []
    if any(pd.Series(values, dtype="str").str.fullmatch(SHORTENED)):
        hints.append(SPREADSHEET)
    meant = {value: near(value, known) for value in list(dict.fromkeys(values))[:NAMED]}
    hints += [f"{value}: did you mean {other}?" for value, other in meant.items() if other]
    return row(
        name,
        frame.empty,
        few(_in_words(frame)) or "none unknown",
        "none unknown",
        "; ".join([*hints, remedy]),
    )


def _rejected_row(name: str, rejected: pd.DataFrame) -> Row:
    told = [f"{what}: {why}" for what, why in zip(_in_words(rejected), rejected["why"], strict=True)]
    remedy = (
        "mend these rows and run again; a cut last line means that the file is not whole: copy or download it"
        " again"
    )
    shortened = rejected["why"].str.contains(r"'\d[\d.]*[Ee]\+\d+'").any()
    return row(
        name,
        rejected.empty,
        few(told) or "none rejected",
        "none rejected",
        f"{SPREADSHEET}; {remedy}" if shortened else remedy,
    )


def _future_row(name: str, table: pd.DataFrame, as_of: date) -> Row:
    """A warning of decisions later than the day of the data: these win over everything decided until then."""
    ahead = table[table["decided_on"].fillna("") > as_of.isoformat()]
    note = "a date in the future wins over all that is decided until then: correct it, or set district.as_of"
    return row(
        f"{name}_in_the_past",
        ahead.empty,
        few(_in_words(ahead)) or "none later",
        f"decided by {as_of}",
        note,
        "warn",
    )


def _rejected(
    name: str, table: pd.DataFrame, rejects: pd.DataFrame, files: Mapping[str, Sequence[InputFile]]
) -> pd.DataFrame:
    """Rejected rows of an input, without those that a row of the table replaces.

    In the columns of the input's table; `why`: the reason, in words.
    """
    mine = rejects["input"].eq(name) & ~rejects["reason"].isin([*MERGED, "total_row"])
    rows = rejects[mine].reset_index(drop=True)
    read = [_as_read(name, part, files.get(name, ())) for _, part in rows.groupby("source_file", sort=False)]
    out = pd.concat(read or [_as_read(name, rows, ())]).sort_index()
    key = INPUTS[name].key[0]
    # as text: of an empty table nothing comes back, in numbers
    taken = (
        table.assign(area=table["area_id"])
        .set_index(key)[["area", "decided_on"]]
        .reindex(out[key])
        .astype("str")
        .set_axis(out.index)
    )
    again = rows["reason"].isin(["duplicate_id", "replaced"]) & taken["area"].notna()
    later = out["decided_on"].lt(taken["decided_on"]).eq(True)
    # in two files what has no day is the older one: a planner's map was made before the other's decision
    later |= rows["reason"].eq("replaced") & out["decided_on"].isna() & taken["decided_on"].notna()
    if key != "area_id":  # the same decision twice; what was drawn for an area is never the same
        later |= out["area_id"].eq(taken["area"]).eq(True)
    contrary = (
        "another row decides otherwise, and not later: keep one of the two, or give both their day in"
        " decided_on"
    )
    out["why"] = rows["detail"].fillna(rows["reason"]).where(~again, contrary)
    blank = out[key].isna() & out["decided_by"].isna()
    out["why"] = out["why"].where(~blank, out["why"] + ": " + rows["raw"].str.slice(0, RECORD))
    return out.assign(source_file=rows["source_file"], source_row=rows["source_row"])[~(again & later)]


def _as_read(name: str, rejects: pd.DataFrame, files: Sequence[InputFile]) -> pd.DataFrame:
    """Records of one file's rejected rows, as far as they can be read, in the columns of their table."""
    table = INPUTS[name]
    path = "" if rejects.empty else rejects["source_file"].iloc[0]
    file = next((file for file in files if PurePath(file.path).as_posix() == path), InputFile(path))
    wanted = [
        column.name for column in table.columns if column not in PROVENANCE and column.kind != "geometry"
    ]
    names = [file.columns.get(column, column) for column in wanted]
    parsed = [record if isinstance(record := json.loads(text), dict) else {} for text in rejects["raw"]]
    text = [
        {each: None if record.get(each) is None else str(record[each]) for each in names} for record in parsed
    ]
    rows = pd.DataFrame(text, index=rejects.index, columns=names).astype("str")
    return columns.typed(rows, file, table, made=(), defaults={}).frame.reindex(columns=wanted)
