"""Which input a file probably is, which column is which, and an entry for the configuration that says so.

All of it is a guess, by names (`guesses`) and values, made to be corrected by a person: the entry carries examples.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from pipeline.config import InputFile
from pipeline.sources import guesses, quantities, shown
from pipeline.sources.encodings import SURE
from pipeline.sources.raw import RawFile
from pipeline.sources.siting import Site, typical_m2
from pipeline.tables import INPUTS, PROVENANCE
from pipeline.tables import Column as TableColumn

#: By what their shapes are mostly: the inputs that a file can be, the one first that it is if nothing else speaks.
BY_DIMENSION: dict[int, tuple[str, ...]] = {
    2: ("buildings", "land", "compounds", "subdistricts", "communities", "boundaries"),
    1: ("barriers",),
    0: ("register", "entries"),
    -1: ("register", "entries", "contracts", "assessments", "decisions"),
}
#: Polygons larger than this are no buildings, and than this neither land nor compounds.
BUILDING_MOST_M2, GROUND_MOST_M2 = 5_000.0, 500_000.0
MADE_IDS = ("building_id", "barrier_id", "land_id", "compound_id")
VALUES_TRIED = 500
#: A column of so many different values classifies nothing.
CLASSES_MOST = 80
COMMENT_COLUMNS = 44
EXACT, LATIN_PART = 3, 5


@dataclass(frozen=True)
class Seen:
    """One column of a file."""

    name: str
    kind: str
    empty: int
    distinct: int
    examples: tuple[str, ...]
    """Its most frequent values, as they are: not fit to be printed."""


@dataclass(frozen=True)
class Guess:
    """What a file probably is."""

    table: str
    why: str
    columns: Mapping[str, str] = field(default_factory=dict)
    """Column of the table → column of the file."""
    values: Mapping[str, Mapping[str, Sequence[str]]] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    """Required columns for which the file seems to have nothing."""
    remarks: tuple[str, ...] = ()
    x: str = ""
    y: str = ""
    datum: str = ""
    """What the names of the coordinate columns say."""


def guessed(raw: RawFile, columns: Sequence[Seen], entry: InputFile) -> Guess:
    """What the rows of a file probably are, by the kind of shapes, the names of columns, of the file and of its layer."""
    tabular = not isinstance(raw.rows, gpd.GeoDataFrame)
    dimension = -1 if tabular else _dimension(raw.rows.geometry.to_numpy())
    x, y, datum = _coordinates(raw.rows, columns) if tabular else ("", "", "")
    typical = float("nan") if dimension < 2 else typical_m2(raw.rows.geometry.to_numpy())
    called = f"{raw.name} {entry.layer} {entry.sheet}".lower()
    best, most = Guess("", ""), -np.inf
    areal = tabular and not x and any(word in called for word in (*guesses.FILES["communities"], "subdistrict", "街道"))
    for preference, name in enumerate((*BY_DIMENSION[dimension], *(("subdistricts", "communities") if areal else ()))):
        mapped = _mapped(name, raw.rows, columns)
        score = sum(1.0 for _ in mapped) - 0.1 * preference
        score += 3.0 * any(word in called for word in guesses.FILES[name])
        score += {
            "land": 4.0 * ("kind" in mapped),
            "buildings": 2.0 * ("floors" in mapped),
            "entries": 2.0 * ("building_ids" in mapped),
        }.get(name, 0.0)
        score += _by_size(name, typical)
        missing = _missing(name, mapped)
        score -= 2.0 * len(missing)
        if score > most:
            best, most = _completed(name, mapped, missing, raw, columns), score
    kinds = {2: "polygons", 1: "lines", 0: "points", -1: "a table without geometry"}[dimension]
    size = f" of typically {typical:,.0f} m²" if np.isfinite(typical) else ""
    named = f", and columns such as {', '.join(shown.cut(c, 16) for c in list(best.columns.values())[:3])}" if best.columns else ""
    return Guess(
        best.table,
        f"{kinds}{size}{named}",
        best.columns,
        best.values,
        best.constants,
        best.missing,
        best.remarks,
        *((x, y, datum) if INPUTS[best.table].geometry_types == ("Point",) else ("", "", "")),
    )


def entry(guess: Guess, columns: Sequence[Seen], raw: RawFile, file: InputFile, site: Site | None) -> str:
    """An entry for the configuration, as TOML with comments: examples of each column, and what has to be looked at."""
    table = INPUTS[guess.table]
    lines = [f"[[inputs.{guess.table}]]", f"path = {shown.quoted(file.path)}"]
    lines += [f"{key} = {shown.quoted(value)}" for key, value in (("layer", file.layer), ("sheet", file.sheet)) if value]
    lines += _encoding(raw)
    if guess.x:
        lines += [f"x = {shown.quoted(guess.x)}", f"y = {shown.quoted(guess.y)}"]
    lines += _place(guess, site)
    lines += [f'where = {{ {_key(column)} = ["*"] }}' for column in _where(guess, raw)]
    if guess.constants:
        given = ", ".join(f"{key} = {shown.quoted(value)}" for key, value in guess.constants.items())
        lines.append(f"constants = {{ {given} }}  # assumed for every row: no column seems to say it")
    lines += [f"# {column} is required, and no column looks like it: {table.column(column).meaning}" for column in guess.missing]
    lines += [f"# {shown.escaped(remark)}" for remark in guess.remarks]
    if table.geometry_types and table.geometry_required and site is None:
        lines.append(f"# {guess.table} need shapes, and this file has none: give a file with geometry")
    seen = {column.name: column for column in columns}
    if guess.columns:
        lines += ["", f"[inputs.{guess.table}.columns]"]
        lines += [_mapping(key, source, seen) for key, source in guess.columns.items()]
    for column, values in guess.values.items():
        lines += ["", f"[inputs.{guess.table}.values.{column}]"]
        lines += [f"{value} = [{', '.join(shown.quoted(word) for word in words)}]" for value, words in values.items()]
    unused = [c.name for c in columns if c.name not in {*guess.columns.values(), guess.x, guess.y}]
    if unused:
        listed = ", ".join(shown.cut(name, 24) for name in unused[:20]) + (", …" if len(unused) > 20 else "")
        lines.append(f"# not used: {listed}")
    return "\n".join(lines) + "\n"


def _mapping(key: str, source: str, seen: Mapping[str, Seen]) -> str:
    examples = " | ".join(shown.cut(value, 20) for value in seen[source].examples) if source in seen else ""
    return f"{key} = {shown.quoted(source)}" + (f"  # {shown.cut(examples, COMMENT_COLUMNS)}" if examples else "")


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else shown.quoted(name)


def _encoding(raw: RawFile) -> list[str]:
    """The line that pins an encoding that had to be weighed."""
    chosen, _, why = raw.encoding.partition(" (")
    if not re.match(r"0\.\d", why) or (float(why[:4]) >= SURE and (chosen == "utf-8" or "as stated" in why)):
        return []
    return [f"encoding = {shown.quoted(chosen)}  # weighed ({why[:4]}): look at the examples"]


def _place(guess: Guess, site: Site | None) -> list[str]:
    if site is None:
        return []
    lines = []
    if not site.agrees and not site.datum:
        lines.append(f"# look at this: {shown.escaped(site.verdict)}")
    if site.crs:
        lines.append(f"crs = {shown.quoted(site.crs)}")
    datum = guess.datum or site.datum
    if datum:
        why = "as the names of its columns say" if guess.datum else "as the outlines of the subdistricts tell"
        lines.append(f"datum = {shown.quoted(datum)}  # {why}")
    return lines


def _where(guess: Guess, raw: RawFile) -> list[str]:
    """Of a file of OpenStreetMap, which has everything, the tag by which its rows are meant."""
    if "osm_id" not in raw.rows.columns and "osm" not in raw.rows.columns:
        return []
    return [
        source for column in ("use", "class", "kind") if (source := guess.columns.get(column, "")) in ("building", "highway", "landuse")
    ]


def _dimension(shapes: Any) -> int:
    """0 points, 1 lines, 2 polygons, closed lines included: what most shapes are; -1: there are none."""
    there = shapes[~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)]
    if not len(there):
        return -1
    dimensions = shapely.get_dimensions(there)
    outlines = (dimensions == 1) & shapely.is_closed(there) & (shapely.get_num_coordinates(there) > 3)
    counts = np.bincount(np.where(outlines, 2, dimensions) if outlines.mean() > 0.9 else dimensions)
    return int(counts.argmax())


def _by_size(table: str, typical: float) -> float:
    if not np.isfinite(typical):
        return 0.0
    if typical > GROUND_MOST_M2:
        return {"subdistricts": 5.0, "communities": 4.0}.get(table, -4.0)
    if typical > BUILDING_MOST_M2:
        return {"compounds": 2.0, "land": 1.5}.get(table, -3.0)
    return {"buildings": 4.0, "land": -1.0}.get(table, -3.0)


def _normal(name: str) -> str:
    folded = re.sub(r"[(（\[【][^)）\]】]*[)）\]】]", "", name.lower())
    return re.sub(r"[\s_\-./:：*#%]+", "", folded)


def _fitness(name: str, words: Sequence[str]) -> float:
    """How well a file's column name fits: exactly, as part of a longer one, or cut as Shapefiles cut names."""
    plain, best = _normal(name), 0.0
    for place, word in enumerate(words):
        rank = 1 - place / 100
        if plain == word:
            best = max(best, EXACT * rank)
        elif len(word) > 1 and (not word.isascii() or len(word) >= LATIN_PART) and word in plain and len(plain) <= 3 * len(word):
            best = max(best, (1 + len(word) / len(plain)) * rank)
        elif 8 <= len(plain) < len(word) and word.startswith(plain):
            best = max(best, rank)
    return best


def _mapped(table: str, rows: pd.DataFrame, columns: Sequence[Seen]) -> dict[str, str]:
    """Table column → column of the file, each used once, the best fitting first."""
    wanted = [c for c in INPUTS[table].columns if c not in PROVENANCE and c.kind != "geometry" and c.name in guesses.COLUMNS]
    key = INPUTS[table].key[0]
    found = []
    for column in wanted:
        words = guesses.COLUMNS[column.name] + (guesses.IDS if column.name == key else ())
        found += [(_fitness(seen.name, words), column, seen) for seen in columns]
    out: dict[str, str] = {}
    for fitness, column, seen in sorted(found, key=lambda one: -one[0]):
        if fitness > 0 and column.name not in out and seen.name not in out.values() and _suits(column, key, rows, seen):
            out[column.name] = seen.name
    return {column.name: out[column.name] for column in wanted if column.name in out}


def _suits(column: TableColumn, key: str, rows: pd.DataFrame, seen: Seen) -> bool:
    """Whether the values of a column could be those of the table."""
    values = rows[seen.name].dropna()
    filled = len(rows) - seen.empty
    if not filled:
        return False
    tried = values.drop_duplicates().head(VALUES_TRIED)
    if column.name.endswith("_code") and column.name in ("subdistrict_code", "community_code"):
        digits = {"subdistrict_code": 9, "community_code": 12}[column.name]
        text = quantities.text(tried).dropna()
        is_code = text.str.fullmatch(rf"\d{{{digits}}}").fillna(False)
        return bool(is_code.mean() > 0.5 if column.name == key else not text.str.fullmatch(r"\d+").fillna(False).any() or is_code.any())
    if column.name == key and column.name != "area_id":
        return seen.distinct == filled or (seen.distinct > 0.9 * filled and seen.distinct > 10)
    if column.values:
        return seen.distinct <= CLASSES_MOST and bool(_worded(column, tried)[0])
    if column.name == "year":
        return not bool(quantities.year(tried)[1].mean() > 0.5)
    if column.kind in ("integer", "number"):
        number, unparsed = quantities.number(tried)
        return not bool(unparsed.mean() > 0.5) and not bool((number < 0).any())
    if column.name == "name":
        return not pd.api.types.is_numeric_dtype(rows[seen.name].dtype)
    return True


def _worded(column: TableColumn, values: pd.Series) -> tuple[dict[str, list[str]], list[str]]:
    """Value of the table → words of the file that probably mean it; and the words that mean none."""
    out: dict[str, list[str]] = {}
    rest: list[str] = []
    for word in quantities.text(values).dropna().drop_duplicates():
        meant = str(word) if word in column.values else None
        patterns = guesses.VALUES.get(column.name, {})
        meant = meant or next((v for v in column.values if v in patterns and re.search(patterns[v], str(word), re.IGNORECASE)), None)
        out.setdefault(meant, []).append(str(word)) if meant else rest.append(str(word))
    return out, rest


def _missing(table: str, mapped: Mapping[str, str]) -> tuple[str, ...]:
    """Required columns that nothing gives, and for which no id, default or constant is made."""
    made: tuple[str, ...] = (*MADE_IDS, "footprint_area_m2", "use", "class", "kind")
    if table == "register" and {"name", "address"} & set(mapped):
        made += ("area_id",)
    if table == "entries":
        made += ("entry_id",)
    wanted = [c for c in INPUTS[table].columns if c.required and c not in PROVENANCE]
    return tuple(c.name for c in wanted if c.name not in mapped and c.name not in made)


def _completed(table: str, mapped: dict[str, str], missing: tuple[str, ...], raw: RawFile, columns: Sequence[Seen]) -> Guess:
    """The guess with translations of values, and constants for what every row needs."""
    values: dict[str, dict[str, list[str]]] = {}
    constants: dict[str, str] = {}
    for column in INPUTS[table].columns:
        if not column.values:
            continue
        if column.name in mapped:
            worded, rest = _worded(column, raw.rows[mapped[column.name]].dropna().drop_duplicates())
            foreign = {value: words for value, words in worded.items() if words != [value]}
            nothing = next(c for c in columns if c.name == mapped[column.name]).empty
            if column.name in guesses.REST and (rest or nothing):
                foreign[guesses.REST[column.name]] = [*foreign.get(guesses.REST[column.name], []), "*"]
            if foreign:
                values[column.name] = foreign
        elif column.required and column.name in guesses.REST and column.name != "use":
            constants[column.name] = guesses.REST[column.name]
    remarks = []
    key = INPUTS[table].key[0]
    for seen in columns:
        if _normal(seen.name) in ("id", "fid", "objectid") and key not in mapped and seen.distinct < len(raw.rows):
            different = f"{seen.distinct:,} different value{'' if seen.distinct == 1 else 's'}"
            remarks.append(f"{seen.name} is no id: it has {different} in {len(raw.rows):,} rows; ids are made")
    if any("*" in words for words in (w for v in values.values() for w in v.values())):
        remarks.append('values: "*" takes all that is not listed, and what is empty')
    return Guess(table, "", mapped, values, constants, missing, tuple(remarks))


def _coordinates(rows: pd.DataFrame, columns: Sequence[Seen]) -> tuple[str, str, str]:
    """The columns that hold x and y, and the datum that their names state."""
    named = {_normal(c.name): c.name for c in reversed(columns)}
    for x, y, datum in guesses.COORDINATES:
        if x in named and y in named:
            unreadable = [quantities.number(rows[named[one]].head(VALUES_TRIED))[0].isna().mean() for one in (x, y)]
            if max(unreadable) < 0.5:
                return named[x], named[y], datum
    return "", "", ""
