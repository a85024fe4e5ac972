"""The rest of a guess, once its columns are known: translations of values, conditions on rows, constants, and
what a person has to add or look at.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from pipeline.inspect import recognition, vocabulary
from pipeline.inspect.recognition import Seen, normalised
from pipeline.parsing import quantities
from pipeline.raw import display
from pipeline.tables import INPUTS, PROVENANCE

#: Polygons that cover more than this share of the ground, and share more than this of their outlines, may be
#: plots; beyond the second they are no houses.
COVERED_PERHAPS, COVERED_SURELY = 0.5, 0.75
#: A column of so many different values at most says where a row is from.
FEW_SOURCES = 20


@dataclass(frozen=True)
class Further:
    """A second entry for the same file, by another column of it."""

    column: str
    source: str
    values: Mapping[str, Sequence[str]]
    where: Sequence[str]


@dataclass(frozen=True)
class Guess:
    """What a file probably is."""

    table: str
    """Empty: no input is made of it, or nothing tells which."""
    why: str
    columns: Mapping[str, str] = field(default_factory=dict)
    """Column of the table → column of the file."""
    values: Mapping[str, Mapping[str, Sequence[str]]] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    where: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Column of the file → values of the rows that are meant."""
    further: tuple[Further, ...] = ()
    needed: tuple[str, ...] = ()
    """What a person has to add before it can be read, each a sentence."""
    remarks: tuple[str, ...] = ()
    """What a person has to look at."""
    x: str = ""
    y: str = ""
    datum: str = ""
    """What the names of the coordinate columns say."""


@dataclass(frozen=True)
class Given:
    """What is known of a file: its rows, its columns, its name, and measures of its shapes."""

    rows: pd.DataFrame
    columns: Sequence[Seen]
    called: str
    """The names of the file, its layer and sheet, in lower case."""
    dimension: int
    """What `shape_profile.dimension` gives."""
    typical: float
    """Area of the median polygon, m²; nan: not known."""
    covered: float
    """The smaller of the share of ground that is covered and that of outlines that are shared; 0: it is not
    known.
    """
    names: str
    """Its columns' names."""


def complete_guess(table: str, mapping: dict[str, str], given: Given) -> Guess:
    """The guess with translations of values, conditions on rows, constants, and what is to be added or looked
    at.

    Parameters
    ----------
    table : str
        The input that the file probably is.
    mapping : dict of str to str
        Column of the table → column of the file. A column with a tag of OpenStreetMap is added in place.
    given : Given

    Returns
    -------
    Guess
        Without coordinates, and without why.
    """
    values: dict[str, Mapping[str, Sequence[str]]] = {}
    constants: dict[str, str] = {}
    remarks: list[str] = []
    tags = [] if _has_own_classes(table, mapping, given) else _tags(table, given)
    if tags:
        mapping[_class_column(table)] = tags[0]
    for column in INPUTS[table].columns:
        if column.values and column.name in mapping:
            foreign = _value_translations(table, column.name, mapping[column.name], given)
            values |= {column.name: foreign} if foreign else {}
        elif column.required and column.name in vocabulary.DEFAULT_VALUES and column.name != "use":
            kinds = vocabulary.SINGLE_KIND_FILES[column.name]
            assumed = "residential" if column.name == "kind" else vocabulary.DEFAULT_VALUES[column.name]
            constants[column.name] = next(
                (kind for kind, pattern in kinds.items() if re.search(pattern, given.called)), assumed
            )
            remarks.append(f"no column says {column.name}: {constants[column.name]} is assumed for every row")
    by_tag = [Further(_class_column(table), tag, *_tag_values(table, tag, given)) for tag in tags]
    where = {one.source: one.where for one in by_tag[:1]}
    values |= {one.column: one.values for one in by_tag[:1]}
    where |= _main_source(table, mapping, given, remarks) | _drawing_layers(table, given, remarks)
    needed = [
        f"{name} ({INPUTS[table].column(name).meaning}): no column looks like it"
        for name in missing(table, mapping)
    ]
    remarks += (
        _id_remarks(table, mapping, given)
        + _point_remarks(table, mapping, given, where)
        + _polygon_remarks(table, mapping, given)
    )
    if any("*" in words for of_column in values.values() for words in of_column.values()):
        remarks.append('"*" takes all that is not listed, and what is empty')
    return Guess(
        table, "", mapping, values, constants, where, tuple(by_tag[1:]), tuple(needed), tuple(remarks)
    )


def _class_column(table: str) -> str:
    return next((c.name for c in INPUTS[table].columns if c.name in vocabulary.DEFAULT_VALUES), "")


def _has_own_classes(table: str, mapping: Mapping[str, str], given: Given) -> bool:
    """Whether a column has the table's own value in every row, so that tags are not needed."""
    source = mapping.get(_class_column(table), "")
    whole = bool(source) and not given.rows[source].isna().any()
    return whole and recognition.has_own_values(
        INPUTS[table].column(_class_column(table)), given.rows, source
    )


def _value_translations(table: str, column: str, source: str, given: Given) -> dict[str, list[str]]:
    """Value of the table → values of the file, where they differ; "*" for values that are not known, and for
    empty cells.
    """
    known, rest = recognition.match_values(
        INPUTS[table].column(column), given.rows[source].dropna().drop_duplicates()
    )
    foreign = {value: words for value, words in known.items() if words != [value]}
    if column in vocabulary.DEFAULT_VALUES and (rest or given.rows[source].isna().any()):
        foreign[vocabulary.DEFAULT_VALUES[column]] = [
            *foreign.get(vocabulary.DEFAULT_VALUES[column], []),
            "*",
        ]
    return foreign


def _tag_values(table: str, tag: str, given: Given) -> tuple[dict[str, list[str]], list[str]]:
    """Translations of the values of a tag, and the values that are meant: any, or the known ones where others
    are no barriers.
    """
    values = _value_translations(table, _class_column(table), tag, given)
    if tag not in vocabulary.KNOWN_ONLY:
        return values, ["*"]
    known = {value: [word for word in words if word != "*"] for value, words in values.items()}
    meant = [
        word
        for words in recognition.match_values(INPUTS[table].column(_class_column(table)), given.rows[tag])[
            0
        ].values()
        for word in words
    ]
    return {value: words for value, words in known.items() if words}, meant


def _tags(table: str, given: Given) -> list[str]:
    """The columns with a tag of OpenStreetMap by which rows are meant: where there are several, or rows
    without one.
    """
    found = [
        c
        for tag in vocabulary.TAGS.get(table, ())
        for c in given.columns
        if c.name == tag and c.empty < len(given.rows)
    ]
    found = [c for c in found if c.name not in vocabulary.KNOWN_ONLY or _tag_values(table, c.name, given)[1]]
    every = {c.name for c in given.columns}
    partly = any(c.empty for c in found) or bool({"osm", "osm_id"} & every)
    return [c.name for c in found] if partly or len(found) > 1 else []


def _main_source(
    table: str, mapping: Mapping[str, str], given: Given, remarks: list[str]
) -> dict[str, list[str]]:
    """The source with the most rows, where several list the same estates."""
    if table != "register" or "name" not in mapping:
        return {}
    names = quantities.text(given.rows[mapping["name"]])
    for column in given.columns:
        if normalised(column.name) in vocabulary.SOURCE_COLUMNS and 1 < column.distinct <= FEW_SOURCES:
            source = quantities.text(given.rows[column.name])
            listed = (
                pd.DataFrame({"name": names, "source": source})
                .dropna()
                .drop_duplicates()["name"]
                .value_counts()
            )
            if (listed > 1).any():
                counts = source.value_counts()
                all_of_them = ", ".join(
                    f"{display.cut(str(word), 16)} {count:,}" for word, count in counts.items()
                )
                remarks.append(
                    f"{int((listed > 1).sum()):,} names are listed by several of {column.name}"
                    f" ({all_of_them}): one of them is taken, the one with the most rows"
                )
                return {column.name: [str(counts.index[0])]}
    return {}


def _drawing_layers(table: str, given: Given, remarks: list[str]) -> dict[str, list[str]]:
    """The layers of a drawing whose names speak for the table; else a remark that lists the layers."""
    layers = next((c for c in given.columns if c.name == "Layer" and c.distinct > 1), None)
    if layers is None or not any(c.name == "SubClasses" for c in given.columns):
        return {}
    counts = quantities.text(given.rows["Layer"]).value_counts()
    called = [
        str(name)
        for name in counts.index
        if re.search(vocabulary.DRAWING_LAYERS.get(table, "(?!)"), str(name), re.IGNORECASE)
    ]
    listed = ", ".join(
        f"{display.cut(str(name), 20)} {count:,}" for name, count in counts.head(FEW_SOURCES).items()
    )
    what = (
        "only the layers whose name says so are taken" if called else 'choose with where = { Layer = ["…"] }'
    )
    remarks.append(f"a drawing with several layers ({listed}): {what}")
    return {"Layer": called} if called else {}


def _id_remarks(table: str, mapping: Mapping[str, str], given: Given) -> list[str]:
    key, rows = INPUTS[table].key[0], len(given.rows)
    if key in mapping and key in recognition.BY_SHAPE:
        again = int(quantities.text(given.rows[mapping[key]]).dropna().duplicated().sum())
        return (
            [f"{_rows(again)} with the id of another: taken only where they are pieces of it"]
            if again
            else []
        )
    out = []
    for seen in given.columns:
        plain = normalised(seen.name)
        if (
            key not in mapping
            and (plain == "id" or re.fullmatch(vocabulary.COUNTERS, plain))
            and 0 < seen.distinct < rows
        ):
            out.append(
                f"{seen.name} is no id: it has {seen.distinct:,} different"
                f" value{'' if seen.distinct == 1 else 's'} in {rows:,} rows"
            )
    return out[:1]


def _polygon_remarks(table: str, mapping: Mapping[str, str], given: Given) -> list[str]:
    others = (
        [c.name for c in given.columns if c.name in vocabulary.TAGS["land"] and c.distinct]
        if table == "buildings"
        else []
    )
    if others and given.dimension == 2:
        return [
            f"rows with {' or '.join(others)} are land: list the file once more, under land, with where = {{"
            f' {others[0]} = ["*"] }}'
        ]
    if (
        table == "buildings"
        and given.covered > COVERED_PERHAPS
        and not {"floors", "use", "year", "households"} & set(mapping)
    ):
        return [
            "they stand wall to wall as plots do: if they are plots, and no buildings, list them under land"
        ]
    key = INPUTS[table].key[0]
    if (
        table == "subdistricts" and quantities.text(given.rows[mapping[key]]).str.fullmatch(r"\d{6}").all()
        if key in mapping
        else False
    ):
        return [
            "codes of six digits are those of whole districts, a subdistrict has nine: take your district's"
            " row with where"
        ]
    return []


def _rows(count: int) -> str:
    return f"{count:,} row{'' if count == 1 else 's'}"


def _point_remarks(
    table: str, mapping: Mapping[str, str], given: Given, where: Mapping[str, Sequence[str]]
) -> list[str]:
    out = []
    if (
        table == "register"
        and not {*vocabulary.ESTATE_COLUMNS} & set(mapping)
        and not is_named_for(table, given)
    ):
        out.append(
            "nothing says that these rows are estates: of shops, stops or schools none belongs into the"
            " register"
        )
    both = [
        c.name
        for c in given.columns
        if given.dimension < 0 and c.examples and re.match(vocabulary.BOTH_IN_ONE, c.examples[0])
    ]
    out += [
        f"{display.cut(name, 24)} holds two coordinates in one: split it into two columns, and give them as x"
        " and y"
        for name in both
    ]
    if table == "register" and "area_id" not in mapping:
        meant = [
            quantities.text(given.rows[column]).fillna("").isin(words) for column, words in where.items()
        ]
        again = recognition.repeated(given.rows[meant[0]] if meant else given.rows, mapping)
        out += (
            [
                f"{_rows(again)} with the name and address of another, which are dropped: a column of codes"
                " would keep them"
            ]
            if again
            else []
        )
    return out


def is_named_for(table: str, given: Given) -> bool:
    """Whether the name of the file, its layer or sheet speaks for a table.

    Parameters
    ----------
    table : str
    given : Given

    Returns
    -------
    bool
    """
    return any(word in given.called for word in vocabulary.FILE_WORDS[table])


def missing(table: str, mapping: Mapping[str, str]) -> tuple[str, ...]:
    """Required columns that nothing gives, and for which no id, default or constant is made.

    Parameters
    ----------
    table : str
    mapping : mapping of str to str
        Column of the table → column of the file.

    Returns
    -------
    tuple of str
        Columns of the table, in its order.
    """
    made: tuple[str, ...] = (*recognition.BY_SHAPE, "footprint_area_m2", "use", "class", "kind")
    if table == "register" and {"name", "address"} & set(mapping):
        made += ("area_id",)
    if table == "entries":
        made += ("entry_id",)
    wanted = [c for c in INPUTS[table].columns if c.required and c not in PROVENANCE]
    return tuple(c.name for c in wanted if c.name not in mapping and c.name not in made)
