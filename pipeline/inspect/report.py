"""What is in a raw file, as text for a terminal of 100 columns; its control characters are escaped."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.georeferencing.location import Site, suited_crs
from pipeline.inspect.inspection import Inspection, Layer, Part
from pipeline.inspect.toml_entry import comment
from pipeline.raw.display import LOOKED_AT, cut, escaped, width
from pipeline.raw.file import RawFile

COLUMNS = 100
LABEL = 11
#: So many columns of a file, and layers, are listed.
LISTED_MOST = 60
NAME_MOST = 24
TEXT_MOST = 4_000


def as_text(found: Inspection) -> str:
    """The report: the file, its layers, and for each that can be read its rows, shapes, place, columns and a
    suggested entry.

    Parameters
    ----------
    found : Inspection

    Returns
    -------
    str
        Lines of at most COLUMNS columns, but for those of the entry.
    """
    kind = ", ".join(found.drivers)
    lines = [*_labelled("file", f"{found.name}: {kind + ', ' if kind else ''}{_size(found.size_bytes)}")]
    if found.refused:
        lines += _labelled("refused", found.refused)
    if found.layers:
        lines += _labelled("layers", _layer(found.layers[0]))
        for layer in found.layers[1:LISTED_MOST]:
            lines += _labelled("", _layer(layer))
        if len(found.layers) > LISTED_MOST:
            lines += _labelled("", f"… and {len(found.layers) - LISTED_MOST} more")
    for part in found.parts:
        lines += ["", *_part(part)]
    if found.others:
        shown = ", ".join(found.others[:LISTED_MOST])
        lines += ["", *_labelled("not shown", f"{shown}: name one with --layer or --sheet")]
    return "\n".join(lines) + "\n"


def summary(found: Inspection) -> str:
    """One line: what could be read.

    Parameters
    ----------
    found : Inspection
        With at least one part that can be read.

    Returns
    -------
    str
    """
    read = [part.raw.rows_read for part in found.parts if part.raw]
    if len(found.parts) + len(found.others) > 1:
        return f"{escaped(found.name)}: {len(read)} of {len(found.parts) + len(found.others)} data sets read"
    return (
        f"{escaped(found.name)}: {_count(read[0], 'row')},"
        f" {f'probably {found.parts[0].table}' if found.parts[0].table else 'no input'}"
    )


def refusal(found: Inspection) -> str:
    """Why nothing of it can be read.

    Parameters
    ----------
    found : Inspection

    Returns
    -------
    str
        Empty: something can.
    """
    if found.refused:
        return found.refused
    return (
        ""
        if any(not part.refused for part in found.parts)
        else "\n".join(part.refused for part in found.parts)
    )


def _part(part: Part) -> Iterator[str]:
    if part.layer or part.sheet:
        yield from _labelled("sheet" if part.sheet else "layer", part.sheet or part.layer)
    if part.refused:
        yield from _labelled("refused", part.refused)
    if part.raw is None:
        return
    raw = part.raw
    yield from _rows(raw)
    if part.kinds:
        kinds = [
            f"{count:,} {'without' if kind == 'nothing' else kind}"
            for kind, count in sorted(part.kinds.items())
        ]
        yield from _labelled("geometry", ", ".join(kinds))
    yield from _labelled(
        "encoding", raw.encoding if "(" in raw.encoding else f"{raw.encoding} (as its format has it)"
    )
    if part.site is not None:
        yield from _place(part.site)
    elif part.kinds:
        yield from _labelled("CRS", raw.crs or "none stated, and no coordinates to hold it against")
    for i, note in enumerate(raw.notes):
        yield from _labelled("" if i else "notes", note)
    yield ""
    if part.columns:
        yield from _table(part)
        yield ""
    yield from _suggested(part)


def _rows(raw: RawFile) -> Iterator[str]:
    """How many rows were read, and why some can't be."""
    yield from _labelled(
        "rows",
        f"{raw.rows_read:,}" + (f", {len(raw.refused):,} of them can't be read" if len(raw.refused) else ""),
    )
    for reason, rows in raw.refused.groupby("reason"):
        first = rows.iloc[0]
        yield from _labelled(
            "", f"{len(rows):,} {reason}, the first row {first['source_row']}: {first['detail']}"
        )


def _place(site: Site) -> Iterator[str]:
    """The CRS, and where the coordinates lie, in it and in degrees."""
    yield from _labelled("CRS", f"{site.stated}: {site.verdict}" if site.stated else site.verdict)
    west, south, east, north = site.bounds
    yield from _labelled("bounds", f"x {west:.10g} to {east:.10g}, y {south:.10g} to {north:.10g}")
    if site.lonlat is not None:
        west, south, east, north = site.lonlat
        yield from _labelled(
            "", f"longitude {west:.4f}° to {east:.4f}°, latitude {south:.4f}° to {north:.4f}°"
        )
        yield from _labelled("", f'a district there would have crs = "{suited_crs(site.lonlat)}"')


def _suggested(part: Part) -> Iterator[str]:
    """What it is taken for, and the entry: what it would take as it stands, what has to be added or looked
    at, all of it TOML.
    """
    guess = ". A guess: correct it, and paste it into the configuration" if part.suggestion else ""
    why = f"{part.table}, because it has" if part.table else "nothing: it has"
    yield from _labelled("suggested", f"{why} {part.why}{guess}")
    yield ""
    for need in part.needs:
        yield from comment(f"{'TO ADD before it can be read' if part.suggestion else 'NO ENTRY'}: {need}")
    if part.refused_as_it_stands:
        yield from comment(f"AS IT STANDS IT IS REFUSED: {part.refused_as_it_stands}")
    if part.trial:
        yield from comment(f"as it stands {part.trial}")
    for look in part.looks:
        yield from comment(f"look at this: {look}")
    if part.suggestion:
        yield from part.suggestion.rstrip("\n").split("\n")


def _table(part: Part) -> Iterator[str]:
    head = ("column", "kind", "empty", "distinct", "examples, the most frequent first")
    cells = [
        (
            cut(c.name, NAME_MOST),
            c.kind,
            f"{c.empty:,}",
            f"{c.distinct:,}",
            " | ".join(cut(value, 30) for value in c.examples),
        )
        for c in part.columns[:LISTED_MOST]
    ]
    widths = [max([width(head[i]), *(width(row[i]) for row in cells)]) for i in range(4)]
    for row in (head, *cells):
        left = "  ".join(_padded(row[i], widths[i], right=i in (2, 3)) for i in range(4))
        yield f"{left}  {cut(row[4], COLUMNS - width(left) - 2)}".rstrip()
    if len(part.columns) > LISTED_MOST:
        yield f"… and {len(part.columns) - LISTED_MOST} more columns"


def _padded(text: str, to: int, *, right: bool) -> str:
    blanks = " " * (to - width(text))
    return blanks + text if right else text + blanks


def _layer(layer: Layer) -> str:
    rows = "rows not counted" if layer.rows is None else _count(layer.rows, "row")
    return (
        f"{layer.name}: {rows}, {layer.geometry or 'no geometry'}, {_count(layer.columns, 'column')}, CRS"
        f" {layer.crs or 'none'}"
    )


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _size(size: int) -> str:
    return (
        f"{size:,} bytes"
        if size < 10_000
        else f"{size / 1e3:,.0f} kB"
        if size < 1e7
        else f"{size / 1e6:,.0f} MB"
    )


def _labelled(label: str, text: str) -> Iterator[str]:
    """The text beside its label, broken at blanks, and inside words that are too long."""
    shown = "".join(
        escaped(text[i : i + LOOKED_AT]) for i in range(0, min(len(text), TEXT_MOST), LOOKED_AT)
    ).split(" ")
    line, begun = f"{label:<{LABEL}}", False
    for word in shown:
        while begun and width(line) + 1 + width(word) > COLUMNS:
            yield line
            line, begun = " " * LABEL, False
        line, begun = (f"{line} {word}" if begun else line + word), True
        while width(line) > COLUMNS:
            kept = _cut_to_width(line)
            yield kept
            line = " " * LABEL + line[len(kept) :]
    yield line.rstrip()


def _cut_to_width(line: str) -> str:
    end = len(line)
    while width(line[:end]) > COLUMNS:
        end -= 1
    return line[:end]
