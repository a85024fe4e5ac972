"""Tables without geometry of their own: CSV, TSV and Excel. Every value is text; typing comes later."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.sources.encodings import decode_file
from pipeline.sources.errors import SourceError, near
from pipeline.sources.raw import REFUSED_COLUMNS, RawFile

#: A cell longer than this is an unclosed quote or an attack, not a value.
CELL_LIMIT = 1_000_000


def read_csv(path: Path, name: str, *, encoding: str = "") -> RawFile:
    """A CSV or TSV file (header in the first line); fields beyond the header make a row `ragged_row`, empty lines are no rows.

    Raises SourceError for text in no known encoding, or a field that never ends.
    """
    text, chosen = decode_file(path.read_bytes(), name, encoding)
    csv.field_size_limit(CELL_LIMIT)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(path, text))
    try:
        lines = list(reader)
    except csv.Error as error:
        raise SourceError(f"{name}, line {reader.line_num}: {error}; is a quotation mark left open there?") from error
    return _table(lines, name, chosen)


def read_xlsx(path: Path, name: str, *, sheet: str = "") -> RawFile:
    """A sheet of an Excel workbook (the first unless named; header in its first row); formulas give their stored results.

    Raises SourceError for a file that is no workbook, or a sheet it does not have.
    """
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError, SyntaxError) as error:
        raise SourceError(f"{name}: not an Excel workbook (.xlsx) that can be read: {error}; save it again as .xlsx or .csv") from error
    try:
        if sheet and sheet not in book.sheetnames:
            raise SourceError(f"{name}: no sheet {sheet!r}; {near(sheet, book.sheetnames)}")
        page = book[sheet] if sheet else book.worksheets[0]
        page.reset_dimensions()
        lines = [[_cell(value) for value in row] for row in page.iter_rows(values_only=True)]
        notes = [f"sheet {page.title!r} of {', '.join(book.sheetnames)}"] if len(book.sheetnames) > 1 and not sheet else []
    finally:
        book.close()
    return _table(lines, name, "utf-8 (Excel)", notes)


def _table(lines: Sequence[Sequence[str]], name: str, encoding: str, notes: Iterable[str] = ()) -> RawFile:
    notes = list(notes)
    first = next((i for i, line in enumerate(lines) if any(cell.strip() for cell in line)), len(lines))
    body = lines[first + 1 :]
    if not body:
        raise SourceError(f"{name}: empty: it has no rows; give a file with a header line and rows, or take it out of the configuration")
    header = _header(lines[first], notes)
    width = len(header)
    taken, numbers, refused = [], [], []
    for number, line in enumerate((line for line in body if any(cell.strip() for cell in line)), start=1):
        if any(cell.strip() for cell in line[width:]):
            detail = f"{len(line)} fields, but the header has {width}: quote a field that holds the separator"
            refused.append((number, "ragged_row", detail, json.dumps(list(line), ensure_ascii=False)))
            continue
        taken.append([*line[:width], *[""] * (width - len(line))])
        numbers.append(number)
    if not taken and not refused:
        raise SourceError(f"{name}: empty: it has a header but no rows; take it out of the configuration, or give one with rows")
    rows = pd.DataFrame(taken, columns=header, index=pd.Index(numbers, name="source_row"), dtype="str")
    blank = len(body) - len(taken) - len(refused)
    if blank:
        notes.append(f"{blank} blank line{'' if blank == 1 else 's'} skipped; rows are counted without them")
    return RawFile(
        name, rows, pd.DataFrame(refused, columns=list(REFUSED_COLUMNS)), len(taken) + len(refused), encoding, notes=tuple(notes)
    )


def _header(cells: Sequence[str], notes: list[str]) -> list[str]:
    header: list[str] = []
    names = [cell.strip() for cell in cells]
    while names and not names[-1]:
        names.pop()
    for position, name in enumerate(names, start=1):
        unique = name or f"column_{position}"
        again = 2
        while unique in header:
            unique, again = f"{name}_{again}", again + 1
        if unique != name:
            notes.append(f"column {position} ({name or 'without a name'}) is called {unique} here")
        header.append(unique)
    return header


def _delimiter(path: Path, text: str) -> str:
    """Tab for .tsv; for .csv whatever the header line has most of."""
    if path.suffix.lower() == ".tsv":
        return "\t"
    header = text.lstrip().split("\n", 1)[0]
    return max((",", "\t", ";"), key=header.count)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(sep=" ")
    return str(value)
