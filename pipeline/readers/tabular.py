"""Tables without geometry of their own: CSV, TSV and Excel. Every value is text; typing comes later.

A row is a line below the header that is not blank; rows are counted from 1. Titles above the header are
skipped, sums and notes among the rows are refused (`total_row`), and notes of the file say so.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence, Set
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from pipeline.config import InputFile, Limits
from pipeline.geometry.arrays import Mask
from pipeline.raw import wording
from pipeline.raw.errors import NoRowsError, SourceError
from pipeline.raw.file import REFUSED_COLUMNS, RawFile
from pipeline.readers import formulas, headers, workbooks
from pipeline.readers.encodings import LOST, decode_file
from pipeline.tables import INPUTS

#: A file with a longer field is refused; shorter ones are cut to limits.text_max_characters later.
FIELD_MAX_CHARACTERS = 100_000_000
DELIMITERS = (",", "\t", ";", "|")
#: So much of a file is looked at for its delimiter.
HEAD_CHARACTERS, HEAD_LINES = 100_000, 40
#: The first filled cell of a row that sums up others: 合计, 白云街道小计, 总计(199个), or of a note below
#: them.
TOTAL = (
    r"(?i)^(?:[^\d\s]{0,12}(?:合\s*计|总\s*计|小\s*计|共\s*计)|(?:grand"
    r" |sub)?totals?|sum|итого|всего)\s*[:：]?\s*(?:[(（].*)?$"
    r"|^(?:注|备注|附注|说明|填表人|制表人?|审核人?|填报人|填报单位|制表单位|单位负责人)\s*[:：]"
)


def read_csv(path: Path, *, encoding: str = "", known: Set[str] = frozenset()) -> RawFile:
    """The rows of a CSV or TSV file.

    Parameters
    ----------
    path : Path
    encoding : str, default ""
        By the configuration; "": it is found out (`encodings.decode_file`).
    known : set of str, default none
        Names that its header probably has.

    Returns
    -------
    RawFile
        Fields beyond the header make a row `ragged_row`. A character that is cut, or is none in its encoding,
        costs that character.

    Raises
    ------
    SourceError
        For text in no known encoding, a quotation mark that is never closed, or a file without rows
        (NoRowsError, where it has a header).
    """
    # which is how DOS ends a file
    text, chosen, notes = decode_file(path.read_bytes().rstrip(b"\x1a"), encoding)
    csv.field_size_limit(FIELD_MAX_CHARACTERS)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(path, text, known))
    try:
        lines = list(reader)
    except csv.Error as error:
        raise SourceError("; ".join(wording.said(error, path)), part=f"line {reader.line_num}") from error
    if lines and lines[-1] and text.count('"') % 2 and text.endswith('"' + lines[-1][-1].replace('"', '""')):
        opened = reader.line_num - lines[-1][-1].count("\n") + lines[-1][-1].endswith("\n")
        raise SourceError(
            "a quotation mark that is opened there is never closed; close it or take it out",
            part=f"line {opened}",
        )
    raw = _table(lines, chosen, known, notes)
    if any(LOST in note for note in notes):
        return replace(raw, rows=raw.rows.apply(lambda cells: cells.str.rstrip(LOST)))
    return raw


def read_workbook(
    path: Path,
    *,
    sheet: str = "",
    encoding: str = "",
    known: Set[str] = frozenset(),
    limits: Limits | None = None,
) -> RawFile:
    """The rows of a sheet of an .xlsx or .xls workbook (`workbooks.read`).

    Parameters
    ----------
    path : Path
    sheet : str, default ""
        Its title; "": the first that is not hidden.
    encoding : str, default ""
        Of an .xls of before 1997; "": its own code page.
    known : set of str, default none
        Names that its header probably has.
    limits : Limits, optional
        None: the defaults.

    Returns
    -------
    RawFile
        A cell merged over several rows stands in each of them.

    Raises
    ------
    SourceError
        For a file that is no workbook or can't be opened, a sheet it does not have, or a sheet without rows
        (NoRowsError, where it has a header and no sheet beside it).
    """
    page = workbooks.read(path, sheet=sheet, encoding=encoding, limits=limits or Limits())
    return replace(
        _table(page.lines, "utf-8 (Excel)", known, page.notes, headers.inside(page.merged, page.lines)),
        layer=page.title,
    )


def known_names(file: InputFile) -> frozenset[str]:
    """Names that the header of a file probably has.

    Parameters
    ----------
    file : InputFile

    Returns
    -------
    frozenset of str
        Those of its entry in the configuration, and the tables' own.
    """
    given = {*file.columns.values(), *file.where, file.x, file.y} - {""}
    return frozenset(headers.normal(name) for name in given) | {
        name for table in INPUTS.values() for name in table.column_names
    }


def _table(
    lines: list[list[str]],
    encoding: str,
    known: Set[str],
    given_notes: Iterable[str],
    merged: headers.Merged = (),
) -> RawFile:
    lines = [
        [formulas.read_back(cell) if cell[:1] in formulas.FIRST else cell for cell in line] for line in lines
    ]
    header = headers.find(lines, known, merged)
    if header is None or not any(cell.strip() for line in lines[header.after :] for cell in line):
        what = "it has a header but no rows" if header else "it has no rows"
        sheets = "".join(f" ({note})" for note in given_notes if note.startswith("sheet"))
        message = (
            f"empty: {what}{sheets}; take it out of the configuration, or give a file with a header"
            " line and rows"
        )
        # a sheet beside others may be the wrong one
        raise NoRowsError(message, header.names) if header and not sheets else SourceError(message)
    notes = [*given_notes, *header.notes, *_fill_down(lines, header, merged)]
    body, width = lines[header.after :], len(header.names)
    blank_columns = [""] * width
    columns = zip(
        *(line[:width] if len(line) >= width else line + blank_columns[len(line) :] for line in body),
        strict=True,
    )
    frame = pd.DataFrame(
        {title: pd.Series(cells, dtype="str") for title, cells in zip(header.names, columns, strict=True)}
    )
    filled = np.column_stack(
        [(frame[title].str.strip() != "").to_numpy(dtype=bool) for title in header.names]
    )
    beyond = np.zeros(len(body), dtype=bool)
    beyond[
        [i for i, line in enumerate(body) if len(line) > width and any(cell.strip() for cell in line[width:])]
    ] = True
    again = _header_again(frame, filled) & ~beyond
    sums = (_sums(frame, filled) & ~beyond) | again
    is_row = filled.any(axis=1) | beyond
    numbers = np.cumsum(is_row)
    details = {
        **{
            int(i): (
                "total_row",
                "the header again" if again[i] else "a sum of other rows, or a note below them",
            )
            for i in np.flatnonzero(sums)
        },
        **{
            int(i): (
                "ragged_row",
                f"{len(body[i])} fields, but the header has {width}: quote a field that holds the separator",
            )
            for i in np.flatnonzero(beyond)
        },
    }
    records = {i: body[i] if beyond[i] else frame.iloc[i].to_dict() for i in sorted(details)}
    refused = [
        (int(numbers[i]), *details[i], json.dumps(record, ensure_ascii=False))
        for i, record in records.items()
    ]
    taken = is_row & ~beyond & ~sums
    rows = frame[taken].set_axis(pd.Index(numbers[taken], name="source_row"))
    blank = int((~is_row).sum())
    if blank:
        notes.append(f"{blank} blank line{'' if blank == 1 else 's'} skipped; rows are counted without them")
    return RawFile(
        rows,
        pd.DataFrame(refused, columns=list(REFUSED_COLUMNS)),
        len(rows) + len(refused),
        encoding,
        notes=tuple(notes),
    )


def _fill_down(lines: list[list[str]], header: headers.Header, merged: headers.Merged) -> list[str]:
    """Writes what stands in a cell merged over several rows into each of them, in place; gives back a
    note.
    """
    count, titles = 0, set()
    for (top, left), (bottom, _) in merged:
        if top < header.after or left >= len(header.names) or bottom == top or not lines[top][left].strip():
            continue
        for line in lines[top + 1 : bottom + 1]:
            line[left] = lines[top][left]
            count += 1
        titles.add(left)
    named = ", ".join(header.names[j] for j in sorted(titles))
    return [f"{count} cells merged with the one above filled with its value, in {named}"] if count else []


def _sums(frame: pd.DataFrame, filled: Mask) -> Mask:
    """Which rows begin with a word for a sum, or for a note."""
    first = np.where(filled.any(axis=1), filled.argmax(axis=1), -1)
    out = np.zeros(len(frame), dtype=bool)
    for j in np.unique(first[first >= 0]):
        here = first == j
        out[here] = frame.iloc[:, j][here].str.strip().str.contains(TOTAL, regex=True).to_numpy(dtype=bool)
    return out


def _header_again(frame: pd.DataFrame, filled: Mask) -> Mask:
    """Which rows repeat the names of their columns, as at the top of each printed page."""
    mask, count = filled.sum(axis=1) > 1, np.zeros(len(frame), dtype=int)
    for j, title in enumerate(frame.columns):
        if not mask.any():
            break
        names = (title, str(title).rpartition(headers.JOINT)[2])
        same = (
            frame.iloc[:, j]
            .str.replace(r"\s*\n\s*", "", regex=True)
            .str.strip()
            .isin(names)
            .to_numpy(dtype=bool)
        )
        mask, count = mask & (same | ~filled[:, j]), count + (same & filled[:, j])
    return np.asarray(mask & (count > 1))


def _delimiter(path: Path, text: str, known: Set[str]) -> str:
    """Tab for .tsv; for others the one that gives a line with most of the known names, or that its first
    lines have most of.
    """
    if path.suffix.lower() == ".tsv":
        return "\t"
    head = text[:HEAD_CHARACTERS].splitlines()[:HEAD_LINES]
    first = next((line for line in head if any(mark in line for mark in DELIMITERS)), "")

    def fitness(mark: str) -> tuple[int, int]:
        parsed: Sequence[Sequence[str]] = list(csv.reader(head, delimiter=mark))
        return max(
            (len(known & {headers.normal(cell) for cell in line}) for line in parsed), default=0
        ), first.count(mark)

    return max(DELIMITERS, key=fitness)
