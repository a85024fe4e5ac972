"""An entry for the configuration, as TOML that can be pasted as it stands: what has to be added is said above
it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from pipeline.config import InputFile
from pipeline.georeferencing.location import Site
from pipeline.inspect.completion import Further, Guess
from pipeline.inspect.recognition import Seen
from pipeline.raw import display
from pipeline.raw.file import RawFile
from pipeline.readers.encodings import SURE
from pipeline.tables import INPUTS

COMMENT_COLUMNS = 44
#: Comments are broken into lines of so many columns.
LINE = 98


def entry(guess: Guess, columns: Sequence[Seen], raw: RawFile, file: InputFile, site: Site | None) -> str:
    """An entry for the configuration, with examples of each column.

    Parameters
    ----------
    guess : Guess
    columns : sequence of Seen
        The file's columns.
    raw : RawFile
        As it was read: its encoding.
    file : InputFile
        Its path, layer and sheet.
    site : Site or None
        Where it lies: the CRS and datum to state.

    Returns
    -------
    str
        TOML; empty: no input is made of the file.
    """
    if not guess.table:
        return ""
    lines = list(_entry(guess, columns, raw, file, site, guess.columns, guess.values, guess.where))
    for more in guess.further:
        lines += ["", *_entry(guess, columns, raw, file, site, *_further_entry(guess, more))]
    used = {*guess.columns.values(), guess.x, guess.y, *guess.where, *(more.source for more in guess.further)}
    unused = [c.name for c in columns if c.name not in used]
    if unused:
        lines += comment(
            "not used: "
            + ", ".join(display.cut(name, 24) for name in unused[:20])
            + (", …" if len(unused) > 20 else "")
        )
    return "\n".join(lines) + "\n"


def comment(text: str) -> Iterator[str]:
    """The text as comments of TOML, broken at blanks.

    Parameters
    ----------
    text : str

    Yields
    ------
    str
        A line of at most LINE columns, unless one word is longer.
    """
    line = "#"
    for word in display.escaped_whole(text).split():
        if len(line) > 1 and display.width(line) + 1 + display.width(word) > LINE:
            yield line
            line = "#  "
        line += " " + word
    yield line


def needs(guess: Guess, site: Site | None) -> tuple[str, ...]:
    """What a person has to add before the entry can be read.

    Parameters
    ----------
    guess : Guess
    site : Site or None
        Where the file lies.

    Returns
    -------
    tuple of str
        Sentences: those of the guess, and the CRS where it can't be told.
    """
    out = guess.needed
    if (
        guess.table
        and INPUTS[guess.table].geometry_types
        and site is not None
        and not site.agrees
        and not site.crs
        and not site.datum
    ):
        out += (f'crs = "EPSG:…": {site.verdict}',)
    return out


def looks(guess: Guess, site: Site | None) -> tuple[str, ...]:
    """What a person has to look at.

    Parameters
    ----------
    guess : Guess
    site : Site or None
        Where the file lies.

    Returns
    -------
    tuple of str
        Sentences: those of the guess, and doubt about the CRS.
    """
    doubt = site is not None and not site.agrees and bool(site.crs)
    return (*guess.remarks, *((site.verdict,) if site is not None and doubt else ()))


def _entry(
    guess: Guess,
    columns: Sequence[Seen],
    raw: RawFile,
    file: InputFile,
    site: Site | None,
    mapping: Mapping[str, str],
    values: Mapping[str, Mapping[str, Sequence[str]]],
    where: Mapping[str, Sequence[str]],
) -> Iterator[str]:
    yield f"[[inputs.{guess.table}]]"
    yield f"path = {display.quoted(file.path)}"
    yield from (
        f"{key} = {display.quoted(value)}"
        for key, value in (("layer", file.layer), ("sheet", file.sheet))
        if value
    )
    yield from _encoding(raw)
    if guess.x:
        yield f"x = {display.quoted(guess.x)}"
        yield f"y = {display.quoted(guess.y)}"
    yield from _place(guess, site)
    if where:
        yield (
            "where = {"
            f" {', '.join(f'{_key(column)} = [{_listed(words)}]' for column, words in where.items())} }}"
        )
    if guess.constants:
        yield (
            "constants = {"
            f" {', '.join(f'{key} = {display.quoted(value)}' for key, value in guess.constants.items())} }}"
        )
    seen = {column.name: column for column in columns}
    if mapping:
        yield ""
        yield f"[inputs.{guess.table}.columns]"
        yield from (_mapping(key, source, seen) for key, source in mapping.items())
    for column, of_column in values.items():
        yield ""
        yield f"[inputs.{guess.table}.values.{column}]"
        yield from (f"{value} = [{_listed(words)}]" for value, words in of_column.items())


def _further_entry(
    guess: Guess, more: Further
) -> tuple[Mapping[str, str], Mapping[str, Mapping[str, Sequence[str]]], Mapping[str, Sequence[str]]]:
    """Columns, translations and condition of the entry for another column of the same file."""
    first = guess.columns[more.column]
    where = {column: words for column, words in guess.where.items() if column != first}
    return (
        {**guess.columns, more.column: more.source},
        {**guess.values, more.column: more.values},
        {more.source: more.where, **where},
    )


def _listed(words: Sequence[str]) -> str:
    return ", ".join(display.quoted(word) for word in words)


def _mapping(key: str, source: str, seen: Mapping[str, Seen]) -> str:
    examples = " | ".join(display.cut(value, 20) for value in seen[source].examples) if source in seen else ""
    return f"{key} = {display.quoted(source)}" + (
        f"  # {display.cut(examples, COMMENT_COLUMNS)}" if examples else ""
    )


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else display.quoted(name)


def _encoding(raw: RawFile) -> Iterator[str]:
    """The line that states an encoding which was guessed and is not certain."""
    chosen, _, why = raw.encoding.partition(" (")
    if re.match(r"0\.\d", why) and not (float(why[:4]) >= SURE and (chosen == "utf-8" or "as stated" in why)):
        yield f"encoding = {display.quoted(chosen)}  # weighed ({why[:4]}): look at the examples"


def _place(guess: Guess, site: Site | None) -> Iterator[str]:
    if site is None:
        return
    if site.crs:
        yield f"crs = {display.quoted(site.crs)}"
    datum = guess.datum or site.datum
    if datum:
        why = "as the names of its columns say" if guess.datum else "as the outlines of the subdistricts tell"
        yield f"datum = {display.quoted(datum)}  # {why}"
