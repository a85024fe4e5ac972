"""Which encoding a file's text is in: decided from all of its text, never from the first row."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.sources.errors import SourceError

#: Encodings tried in this order. GB18030 contains GBK and GB2312; Big5 text mostly decodes as GB18030 too, so it has to be named.
CANDIDATES = ("utf-8", "gb18030")
CANONICAL = {
    "936": "gb18030",
    "gbk": "gb18030",
    "gb2312": "gb18030",
    "cp936": "gb18030",
    "ansi 936": "gb18030",
    "utf8": "utf-8",
    "utf-8-sig": "utf-8",
    "65001": "utf-8",
}


def canonical(label: str, where: str) -> str:
    """A codec name for a label in a .cpg or in the configuration. Raises SourceError for one that nobody knows."""
    name = CANONICAL.get(label.strip().lower(), label.strip().lower())
    try:
        "".encode(name)
    except LookupError as error:
        raise SourceError(f"{where}: unknown encoding {label!r}; set encoding to utf-8, gb18030, big5 …") from error
    return name


def decode_file(content: bytes, name: str, stated: str = "") -> tuple[str, str]:
    """A text file's text, and its encoding with the reason. Raises SourceError where no encoding fits all of it."""
    candidates = [canonical(stated, name)] if stated else CANDIDATES
    for encoding in candidates:
        try:
            text = content.decode("utf-8-sig" if encoding == "utf-8" else encoding)
        except UnicodeDecodeError:
            continue
        if stated:
            return text, f"{encoding} (stated)"
        if content.isascii():
            return text, "utf-8 (plain ASCII)"
        return text, f"{encoding} ({'all of it decodes' if encoding == 'utf-8' else 'not UTF-8, and all of it decodes'})"
    raise SourceError(f'{name}: its text is not {" and not ".join(candidates)}; say which with encoding = "…" (big5, cp1251 …)')


def decide(values: Iterable[bytes], hint: str = "") -> tuple[str, str]:
    """The encoding of a table's distinct text values, with the reason: that of the hint (.cpg, code page) if it fits them as
    well as any other, else the one that decodes most of them. A value cut inside its last character counts as decoded."""
    distinct = [v for v in set(values) if not v.isascii()]
    if not distinct:
        return hint or "utf-8", "utf-8 (plain ASCII)" if not hint else f"{hint} (stated)"
    candidates = [c for c in dict.fromkeys((hint, *CANDIDATES)) if c]
    fits = {c: sum(_decodes(v, c) for v in distinct) for c in candidates}
    best = max(candidates, key=lambda c: fits[c])
    why = "stated, and " if best == hint else f"stated {hint}, but " if hint else ""
    return best, f"{best} ({why}{fits[best]} of {len(distinct)} distinct texts decode)"


def decode_value(value: bytes, encoding: str) -> tuple[str, bool]:
    """One text, and whether it lost something: its last character if that is cut, U+FFFD for what else does not decode."""
    try:
        return value.decode(encoding), False
    except UnicodeDecodeError as error:
        if error.end >= len(value):
            return value[: error.start].decode(encoding, errors="replace"), True
        return value.decode(encoding, errors="replace"), True


def _decodes(value: bytes, encoding: str) -> bool:
    try:
        value.decode(encoding)
    except UnicodeDecodeError as error:
        return error.end >= len(value) and error.start >= len(value) - 3 and error.start > 0
    return True
