"""Which input a file probably is, which column is which, and what has to be known before it is one.

All of it is a guess, by names (`vocabulary`), values (`recognition`) and shapes (`shape_profile`), made to be
corrected by a person.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

import numpy as np

from pipeline.config import InputFile
from pipeline.inspect import recognition, shape_profile, vocabulary
from pipeline.inspect.completion import (
    COVERED_PERHAPS,
    COVERED_SURELY,
    Given,
    Guess,
    complete_guess,
    is_named_for,
    missing,
)
from pipeline.inspect.recognition import Seen, normalised
from pipeline.raw import display
from pipeline.raw.file import RawFile
from pipeline.tables import INPUTS, PROVENANCE

#: Dimension of most shapes (-1: no shapes) → the inputs that a file can be; the first if scores are equal.
BY_DIMENSION: dict[int, tuple[str, ...]] = {
    2: ("buildings", "land", "compounds", "subdistricts", "communities", "boundaries"),
    1: ("barriers",),
    0: ("register", "entries"),
    -1: ("register", "entries", "contracts", "assessments", "decisions"),
}
#: Typical polygons larger than the first are no buildings, larger than the second neither land nor compounds.
BUILDING_MOST_M2, GROUND_MOST_M2 = 5_000.0, 500_000.0
#: Typical polygons larger than this are no part of a district.
VAST_M2 = 5e9
#: What the size of the typical polygon adds to a table's score: up to BUILDING_MOST_M2, up to GROUND_MOST_M2,
#: larger.
BY_SIZE = {
    "buildings": (4.0, -3.0, -8.0),
    "land": (-1.0, 1.5, -2.0),
    "compounds": (-3.0, 2.0, -4.0),
    "subdistricts": (-6.0, -3.0, 5.0),
    "communities": (-6.0, -1.0, 4.0),
    "boundaries": (-3.0, -1.0, -4.0),
}


def guess_input(raw: RawFile, columns: Sequence[Seen], entry: InputFile) -> Guess:
    """What the rows of a file probably are, by the kind of shapes, the names of columns, of the file and of
    its layer.

    Parameters
    ----------
    raw : RawFile
        As it was read.
    columns : sequence of Seen
        Its columns.
    entry : InputFile
        By which it was read: its layer and sheet.

    Returns
    -------
    Guess
        Its table is empty where no input is made of the file, or nothing tells which.
    """
    given = _given(raw, columns, entry)
    pairs = recognition.coordinates(raw.rows, columns) if given.dimension < 0 else []
    choices = {
        name: recognition.map_columns(name, raw.rows, columns) for name in BY_DIMENSION[given.dimension]
    }
    areal = (
        given.dimension < 0
        and not pairs
        and next((t for t in vocabulary.DIGITS if recognition.code_column(t, raw.rows, columns)), "")
    )
    if areal:
        return Guess(
            areal,
            _why(given, {}),
            _zone(areal, given, {}),
            needed=(f"{areal} need shapes, and this file has none: give polygons",),
        )
    table = max(choices, key=lambda name: (_score(name, choices[name], given), -list(choices).index(name)))
    mapping = choices[table]
    if table in vocabulary.DIGITS:
        mapping = _zone(table, given, mapping)
    why = _why(given, mapping)
    if nothing := _no_input(table, mapping, given):
        return Guess("", why, needed=(nothing,))
    guess = complete_guess(table, mapping, given)
    if pairs and INPUTS[table].geometry_types == ("Point",):
        others = [f"{x}, {y}{f' ({datum})' if datum else ''}" for x, y, datum in pairs[1:]]
        said = f"it has other coordinates too, which are not used: {'; '.join(others)}"
        x, y, datum = pairs[0]
        guess = replace(
            guess,
            x=x,
            y=y,
            datum="" if datum == "wgs84" else datum,
            remarks=(*guess.remarks, said) if others else guess.remarks,
        )
    return replace(guess, why=why)


def _given(raw: RawFile, columns: Sequence[Seen], entry: InputFile) -> Given:
    shapes = raw.rows.geometry.to_numpy() if recognition.has_shapes(raw.rows) else np.empty(0, dtype=object)
    dimension = shape_profile.dimension(shapes)
    typical, covered = float("nan"), 0.0
    if dimension == 2:
        unit = shape_profile.unit_m(getattr(raw.rows, "crs", None))
        typical, covered = (
            shape_profile.median_area_m2(shapes, unit),
            float(np.nan_to_num(min(shape_profile.ground_coverage(shapes)))),
        )
    called = f"{PurePosixPath(raw.name).name} {entry.layer} {entry.sheet}".lower()
    return Given(
        raw.rows, columns, called, dimension, typical, covered, " ".join(c.name.lower() for c in columns)
    )


def _why(given: Given, mapping: Mapping[str, str]) -> str:
    kinds = {2: "polygons", 1: "lines", 0: "points", -1: "rows without a shape"}[given.dimension]
    size = f" of typically {_area(given.typical)}" if np.isfinite(given.typical) else ""
    named = (
        ", and columns such as"
        f" {', '.join(display.cut(c, 16) for c in list(dict.fromkeys(mapping.values()))[:3])}"
        if mapping
        else ""
    )
    return f"{kinds}{size}{named}"


def _area(m2: float) -> str:
    """An area in m² or km², as text."""
    return f"{m2:,.0f} m²" if m2 < 1e6 else f"{m2 / 1e6:,.1f} km²" if m2 < 1e8 else f"{m2 / 1e6:,.0f} km²"


def _score(table: str, mapping: Mapping[str, str], given: Given) -> float:
    score = float(len(mapping)) + 3.0 * is_named_for(table, given) - 2.0 * len(missing(table, mapping))
    if given.dimension < 0:
        telling = [c for c in mapping if c in vocabulary.TELLING_COLUMNS[table]]
        return score + 2.0 * ("building_ids" in mapping and table == "entries") - 10.0 * (not telling)
    if given.dimension == 2:
        vast, large = given.typical > GROUND_MOST_M2, given.typical > BUILDING_MOST_M2
        score += BY_SIZE[table][2 if vast else 1 if large else 0] if np.isfinite(given.typical) else 0.0
    if table == "buildings":
        plots = given.covered > COVERED_SURELY or (
            given.covered > COVERED_PERHAPS and _name_matches(vocabulary.PLOTS, given)
        )
        score += 3.0 * any(c.name == "building" and c.distinct for c in given.columns)
        score += 2.0 * ("floors" in mapping) - 6.0 * plots - 4.0 * _name_matches(vocabulary.PLOTS, given)
    if table == "land":
        score += 4.0 * ("kind" in mapping) + 3.0 * recognition.has_own_values(
            INPUTS[table].column("kind"), given.rows, mapping.get("kind", "")
        )
        score += 5.0 * (_name_matches(vocabulary.PLOTS, given) and not _is_zone(given))
    if table == "compounds":
        score += 2.0 * sum(column in mapping for column in vocabulary.ESTATE_COLUMNS)
    if table in vocabulary.DIGITS:
        score += 6.0 * bool(
            recognition.code_column(table, given.rows, given.columns)
            or recognition.name_column(table, given.rows, given.columns)
        )
    return score


def _name_matches(pattern: str, given: Given) -> bool:
    return re.search(pattern, f"{given.called} {given.names}") is not None


def _is_zone(given: Given) -> bool:
    return any(
        recognition.code_column(t, given.rows, given.columns)
        or recognition.name_column(t, given.rows, given.columns)
        for t in vocabulary.DIGITS
    )


def _no_input(table: str, mapping: Mapping[str, str], given: Given) -> str:
    """Why no input can be made of the file, or what would tell which; empty: one can."""
    if given.dimension == 2:
        return _no_polygons(table, mapping, given)
    if given.dimension <= 0 and _lists_buildings(given):
        return (
            "a list of buildings without their footprints, and buildings need polygons: join its columns to"
            " the footprints, and give those"
        )
    coded = normalised(mapping.get("area_id", "")) in vocabulary.COLUMNS["area_id"]
    if given.dimension == 0 and not coded and not {"name", "address"} & set(mapping):
        return (
            "points without a name, an address or a code: no input is made of such. A register of estates"
            " needs one of these columns"
        )
    if given.dimension < 0:
        shapes = [
            c.name for c in given.columns if c.examples and re.match(vocabulary.SHAPE_AS_TEXT, c.examples[0])
        ]
        if shapes:
            column = display.cut(shapes[0], 24)
            return (
                f"its column {column} holds shapes as text, which a table can't give here: save it as"
                " GeoPackage or GeoJSON, and give that"
            )
        if not any(column in vocabulary.TELLING_COLUMNS[table] for column in mapping):
            wanted = "; ".join(f"{name}: {INPUTS[name].meaning}" for name in BY_DIMENSION[-1])
            return (
                "no column has a name that is known here. If it is one of these, map its columns by hand"
                f" ({wanted})"
            )
    return ""


def _lists_buildings(given: Given) -> bool:
    """Whether the rows are buildings: they have storeys, and nothing that an estate has."""
    of_estates = {*vocabulary.ESTATE_COLUMNS} - {"households", "area_id"}
    if of_estates & set(recognition.map_columns("register", given.rows, given.columns)) or is_named_for(
        "register", given
    ):
        return False
    return "floors" in recognition.map_columns("buildings", given.rows, given.columns)


def _no_polygons(table: str, mapping: Mapping[str, str], given: Given) -> str:
    if given.typical > VAST_M2:
        return (
            f"polygons of typically {_area(given.typical)}: provinces or countries. No input is made of what"
            " is larger than a district"
        )
    attributes = {"floors", "use", "year", "households", "floor_area_m2", "address", "kind", "manager"} & set(
        mapping
    )
    cells = given.covered > COVERED_SURELY and (
        _name_matches(vocabulary.CELLS, given)
        or (not attributes and not _name_matches(vocabulary.PLOTS, given))
    )
    if cells and given.typical < GROUND_MOST_M2 and not _is_zone(given):
        return (
            "cells that cover the ground without a gap, such as a tessellation or a grid: no input is made of"
            " them. Give the buildings"
        )
    said = {
        "buildings": given.typical <= BUILDING_MOST_M2 or is_named_for(table, given) or "floors" in mapping,
        "land": "kind" in mapping or is_named_for(table, given) or _name_matches(vocabulary.PLOTS, given),
        "compounds": (
            bool({*vocabulary.ESTATE_COLUMNS} & set(mapping))
            or (given.typical <= GROUND_MOST_M2 and _names_single_things(mapping.get("name", ""), given))
        ),
        "boundaries": "area_id" in mapping,
    }.get(table, _is_zone(given))
    if said or is_named_for(table, given):
        return ""
    could = (
        ("subdistricts", "communities", "land")
        if given.typical > GROUND_MOST_M2
        else ("land", "compounds", "communities", "boundaries")
    )
    wanted = "; ".join(f"{name}, {_needs(name)}" for name in could)
    return (
        f"polygons of typically {_area(given.typical)}, and no column says what they are. If they are one of"
        f" these, say so: {wanted}"
    )


def _names_single_things(column: str, given: Given) -> bool:
    """Whether the values of a column mostly differ, as names of things do and names of kinds do not."""
    return any(c.name == column and 2 * c.distinct > len(given.rows) - c.empty for c in given.columns)


def _needs(table: str) -> str:
    required = [
        c.name
        for c in INPUTS[table].columns
        if c.required and c not in PROVENANCE and c.name not in recognition.BY_SHAPE
    ]
    return f"which need {' and '.join(required)}" if required else "which need nothing else"


def _zone(table: str, given: Given, mapping: Mapping[str, str]) -> dict[str, str]:
    """The columns of subdistricts or communities: the code by its digits, else any column that tells all
    apart, else the name.
    """
    out = dict(mapping)
    key = INPUTS[table].key[0]
    name = recognition.name_column(table, given.rows, given.columns) or out.get("name", "")
    code = recognition.code_column(table, given.rows, given.columns)
    unique = {c.name for c in given.columns if recognition.is_id(len(given.rows), c)}
    if code:
        out[key] = code
    elif key not in out and name in unique:
        out[key] = name
    elif key not in out and unique:
        ids = [
            c
            for c in given.columns
            if c.name in unique and re.search(vocabulary.ID_ENDINGS, normalised(c.name))
        ]
        out |= {key: ids[0].name} if ids else {}
    return out | ({"name": name} if name else {})
