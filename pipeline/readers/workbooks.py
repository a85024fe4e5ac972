"""A sheet of an Excel workbook (.xlsx or .xls) as lines of text cells, with the ranges of its merged
cells.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pipeline.config import Limits
from pipeline.raw import wording
from pipeline.raw.errors import SourceError, near
from pipeline.readers import datasets
from pipeline.readers.encodings import canonical

#: An .xlsx is a zip archive, an .xls a compound file; so is an .xlsx behind a password, which has a stream of
#: this name.
ZIP, COMPOUND, ENCRYPTED = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", "EncryptedPackage".encode("utf-16-le")
#: The reader lays a sheet out as a full rectangle: one forgotten cell far off must not cost the memory of
#: millions.
AREA_MAX_CELLS = 50_000_000
#: What calamine does not tell is looked up in the file: cells whose formula has no stored result, cells that
#: show an error.
SHEETS = re.compile(rb"<(?:\w+:)?sheet\s[^>]*?:id\s*=\s*[\"']([^\"']+)[\"']")
RELATIONSHIPS = re.compile(rb"<(?:\w+:)?Relationship\s[^>]*>")
EPOCH_1904 = re.compile(rb"\bdate1904\s*=\s*[\"'](?:1|true)[\"']")
PLACES = re.compile(rb"\sr\s*=\s*[\"']([A-Z]*)(\d+)[\"']")
NO_RESULT = re.compile(rb"(?:</f>|<f[^>]*/>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>")
ERRORS = re.compile(rb"<c\s[^>]*\bt=\"e\"")
WITHOUT_RESULT = "formulas have no stored result and are empty here: open the workbook in Excel, and save it"
SHOW_ERRORS = "cells show an error such as #N/A and are empty here"
FROM_1904 = (
    "counts days from 1904: cells in date format are right, plain numbers that mean days come out four years"
    " early"
)


@dataclass(frozen=True)
class Sheet:
    """A sheet of a workbook, from its cell A1 on."""

    lines: list[list[str]]
    """Cells as text, line by line."""
    merged: Sequence[tuple[tuple[int, int], tuple[int, int]]]
    """First and last cell, as (line, column) from 0, of each range that is one cell."""
    notes: tuple[str, ...]
    """What is to be known of it beside its cells."""
    title: str = ""
    """Its title, where the workbook has several."""


def read(path: Path, *, sheet: str, encoding: str, limits: Limits) -> Sheet:
    """A sheet of a workbook; formulas give their stored results.

    Parameters
    ----------
    path : Path
        What kind of workbook it is, its content says.
    sheet : str
        Its title; "": the first that is not hidden.
    encoding : str
        Of an .xls of before 1997; "": its own code page.
    limits : Limits

    Returns
    -------
    Sheet

    Raises
    ------
    SourceError
        For a file that is no workbook, is behind a password or beyond the limits, or lacks the sheet.
    """
    with path.open("rb") as file:
        head = file.read(8)
    if head.startswith(ZIP):
        return _xlsx(path, sheet, limits)
    if not head.startswith(COMPOUND):
        page = "it is a web page: open it in Excel, and " if head.lstrip().startswith(b"<") else ""
        raise SourceError(
            f"not an Excel workbook (.xlsx, .xls) that can be read; {page}save it again as .xlsx or .csv"
        )
    content = path.read_bytes()
    if ENCRYPTED in content:
        raise _locked()
    return _xls(content, sheet, encoding)


def sheets(path: Path, *, limits: Limits) -> tuple[str, ...]:
    """The titles of a workbook's sheets that are not hidden; where all are, of all.

    Parameters
    ----------
    path : Path
    limits : Limits

    Returns
    -------
    tuple of str

    Raises
    ------
    SourceError
        As `read` does.
    """
    import python_calamine as calamine

    with _readable():
        if zipfile.is_zipfile(path):
            _parts(path, limits)
        with path.open("rb") as file, calamine.CalamineWorkbook.from_filelike(file) as book:
            pages = [page for page in book.sheets_metadata if page.typ == calamine.SheetTypeEnum.WorkSheet]
            shown = tuple(page.name for page in pages if page.visible == calamine.SheetVisibleEnum.Visible)
            return shown or tuple(page.name for page in pages)


def _xlsx(path: Path, sheet: str, limits: Limits) -> Sheet:
    import python_calamine as calamine

    with _readable():
        parts = _parts(path, limits)
        with path.open("rb") as file, calamine.CalamineWorkbook.from_filelike(file) as book:
            pages = [page for page in book.sheets_metadata if page.typ == calamine.SheetTypeEnum.WorkSheet]
            hidden = [page.name for page in pages if page.visible != calamine.SheetVisibleEnum.Visible]
            chosen, notes = _chosen(sheet, [page.name for page in pages], hidden)
            position = book.sheet_names.index(chosen)
            if position < len(parts):
                notes += _notes(path, parts[position])
            cells = book.get_sheet_by_name(chosen)
            lines = [
                [value if type(value) is str else _text(value) for value in row]
                for row in cells.to_python(skip_empty_area=False)
            ]
            return Sheet(
                lines, cells.merged_cell_ranges or [], tuple(notes), chosen if len(pages) > 1 else ""
            )


@contextmanager
def _readable() -> Iterator[None]:
    """Errors of the reader as errors of the file. A panic of its own (Rust's) is none of Python's
    exceptions.
    """
    try:
        yield
    except (SourceError, KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise _unreadable(error) from error


def _xls(content: bytes, sheet: str, encoding: str) -> Sheet:
    import xlrd

    try:
        book = xlrd.open_workbook(
            file_contents=content,
            logfile=io.StringIO(),
            formatting_info=True,
            encoding_override=canonical(encoding) if encoding else None,
        )
        titles = book.sheet_names()
        hidden = [title for i, title in enumerate(titles) if book.sheet_by_index(i).visibility]
        chosen, notes = _chosen(sheet, titles, hidden)
        page = book.sheet_by_name(chosen)
        lines, errors = [], 0
        for i in range(page.nrows):
            kinds, values = page.row_types(i), page.row_values(i)
            errors += list(kinds).count(xlrd.XL_CELL_ERROR)
            lines.append(
                [_xls_text(value, kind, book.datemode) for value, kind in zip(values, kinds, strict=True)]
            )
        merged = [((top, left), (bottom - 1, right - 1)) for top, bottom, left, right in page.merged_cells]
    except SourceError:
        raise
    except Exception as error:  # xlrd raises whatever it meets in a damaged file
        if "encrypted" in str(error):
            raise _locked() from error
        raise _unreadable(error) from error
    if book.datemode:
        notes.append(FROM_1904)
    if errors:
        notes.append(f"{errors} {SHOW_ERRORS}")
    return Sheet(lines, merged, tuple(notes), chosen if len(titles) > 1 else "")


def _chosen(sheet: str, titles: list[str], hidden: list[str]) -> tuple[str, list[str]]:
    """The sheet that is meant, and a note where there was a choice."""
    if sheet and sheet not in titles:
        raise SourceError(f"no sheet {sheet!r}; {near(sheet, titles)}")
    if not titles:
        raise SourceError("has no sheet with cells; save the table as .xlsx or .csv")
    chosen = sheet or next((title for title in titles if title not in hidden), titles[0])
    if sheet or len(titles) == 1:
        return chosen, []
    listed = ", ".join(f"{title} (hidden)" if title in hidden else title for title in titles)
    return chosen, [f"sheet {chosen!r} of {listed}"]


def _locked() -> SourceError:
    return SourceError("is protected by a password; save it again without one")


def _unreadable(error: BaseException) -> SourceError:
    reason = "it is cut off, or damaged" if isinstance(error, zipfile.BadZipFile) else wording.said(error)[0]
    remedy = "copy it again, or open it in Excel and save it again as .xlsx or .csv"
    return SourceError(f"not an Excel workbook (.xlsx, .xls) that can be read: {reason}; {remedy}")


def _parts(path: Path, limits: Limits) -> list[str]:
    """The members of an .xlsx that hold its sheets, in their order."""
    with zipfile.ZipFile(path) as archive:
        datasets.check_members(archive.infolist(), limits, path.stat().st_size)
        members = set(archive.namelist())
        if "xl/workbook.xml" not in members or "xl/_rels/workbook.xml.rels" not in members:
            return []
        targets = {}
        for tag in RELATIONSHIPS.findall(archive.read("xl/_rels/workbook.xml.rels")):
            found = dict(re.findall(rb"\b(Id|Target)\s*=\s*[\"']([^\"']*)[\"']", tag))
            targets[found.get(b"Id", b"")] = found.get(b"Target", b"").decode("utf-8", "replace")
        parts = [targets.get(key, "") for key in SHEETS.findall(archive.read("xl/workbook.xml"))]
    return [part.lstrip("/") if part.startswith("/") else str(PurePosixPath("xl", part)) for part in parts]


def _notes(path: Path, part: str) -> list[str]:
    """What is to be known of a sheet beside its cells. Raises SourceError where its cells lie too far
    apart.
    """
    notes = []
    with zipfile.ZipFile(path) as archive:
        if part not in archive.namelist():
            return []
        content = archive.read(part)
        if EPOCH_1904.search(archive.read("xl/workbook.xml")):
            notes.append(FROM_1904)
    cells = PLACES.findall(content)
    height = max((int(row) for _, row in cells), default=0)
    width = max(({column for column, _ in cells}), key=lambda column: (len(column), column), default=b"")
    columns = sum((letter - 64) * 26**power for power, letter in enumerate(reversed(width)))
    if height * columns > AREA_MAX_CELLS:
        raise SourceError(
            f"its cells spread over {height:,} rows and {columns:,} columns; delete what stands far"
            " off, or save it as .csv"
        )
    for sign, pattern, what in ((b"<f", NO_RESULT, WITHOUT_RESULT), (b't="e"', ERRORS, SHOW_ERRORS)):
        if sign in content and (count := len(pattern.findall(content))):
            notes.append(f"{count} {what}")
    return notes


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(sep=" ")
    return "" if value is None else str(value)


def _xls_text(value: object, kind: int, datemode: int) -> str:
    import xlrd

    if kind == xlrd.XL_CELL_ERROR:
        return ""
    if kind == xlrd.XL_CELL_BOOLEAN:
        return _text(bool(value))
    if kind == xlrd.XL_CELL_DATE:
        with suppress(xlrd.xldate.XLDateError, OverflowError, ValueError):
            return _text(xlrd.xldate_as_datetime(value, datemode))
    return _text(value)
