"""Which encoding a file's text is in: weighed over all of its text, never told from the first row.

Bytes of GBK, EUC-KR, Big5 and UTF-8 often decode as each other, and every byte is a letter in some code page,
so what decodes proves little. What weighs is how likely the characters are that come out (`alphabets`):
Chinese names and addresses are mostly made of the same few hundred characters, and a wrong reading is made of
rare ones (UTF-8 read as GBK: 锘 鐨 浠). A label (.cpg, byte 29 of a DBF) makes its encoding likelier, and can
be overruled. Where another reading is nearly as likely, a note shows both.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from pipeline.raw.errors import SourceError, rows_text
from pipeline.raw.file import Doubt
from pipeline.readers import alphabets, codepages

#: What is tried. Of two that read a text alike the first is named. GB18030 contains GBK and GB2312; code page
#: 950 is Big5 with the seven characters that Windows adds, 恒 among them; 949 is EUC-KR, 932 Shift-JIS, with
#: what Windows adds.
CANDIDATES = (
    *(
        "utf-8",
        "gb18030",
        "cp950",
        "cp949",
        "cp932",
        "euc_jp",
        "cp1252",
        "cp1251",
        "cp1250",
        "koi8-r",
        "koi8-u",
        "cp866",
        "iso8859-5",
    ),
    *("iso8859-2", "cp1253", "iso8859-7", "cp1254", "cp1255", "cp1256", "cp1257", "cp874", "cp850", "cp852"),
)
BYTE_ORDER_MARKS = {
    b"\xef\xbb\xbf": "utf-8-sig",
    b"\xff\xfe\x00\x00": "utf-32",
    b"\x00\x00\xfe\xff": "utf-32",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}

#: Texts that are weighed at most, evenly spread over the sorted distinct ones, and their bytes.
WEIGHED_TEXTS, WEIGHED_BYTES = 5_000, 200_000
#: How much likelier its label makes an encoding, and a label that any program leaves there.
LABEL_ODDS, VAGUE_ODDS = 20.0, 3.0
#: Prior odds of text in an encoding that is not tried, and of text in a language other than Chinese.
FOREIGN_ODDS, OTHER_LANGUAGE_ODDS = 1e-2, 0.05
#: Factor on the logarithm of a text's probability: its characters are not independent of each other, as the
#: sum of their logarithms assumes.
TEMPER = 0.6
#: Confidence below which a note asks for a look, and below which the text counts as none in any encoding that
#: is tried.
SURE, HOPELESS = 0.9, 0.02
#: Fewer common characters than this in Chinese text that decodes: it was probably spoilt before it was saved.
COMMON_SHARE_MIN = 0.2
#: In these the letters of Western texts are what they are in code page 1252, or near it.
WESTERN = frozenset(("cp1252", "cp1250", "cp1254", "cp1257", "iso8859-2", "cp850", "cp852"))
#: Chinese between ASCII, as HZ has it.
SHIFTED = re.compile(rb"~\{(?:[!-w][!-~])+~\}")
LOST, CUT = "\ufffd", alphabets.CUT
#: In UTF-16 and UTF-32 so many of the bytes at a place in the character are zero, or at most so many.
WIDE_MOST, WIDE_LEAST = 0.9, 0.02
#: Of a text that is shown as it reads in two ways.
SHOWN_CHARACTERS = 12


@dataclass(frozen=True)
class Decision:
    """Which encoding a text is in."""

    encoding: str
    """Name of the codec."""
    reason: str
    """Encoding, confidence from 0 to 1, and the evidence, as the log of the file prints it."""
    confidence: float = 1.0
    """0 to 1."""
    notes: tuple[str, ...] = ()
    """What the file's owner should look at."""


class Label(NamedTuple):
    """What a file says of its encoding."""

    encoding: str = ""
    """Name of the codec; empty: nothing, or nothing that is known."""
    odds: float = LABEL_ODDS
    """How much likelier the label makes its encoding."""


class DecodedFile(NamedTuple):
    """The text of a file."""

    text: str
    encoding: str
    """The encoding, and why."""
    notes: tuple[str, ...]
    """What the file's owner should look at."""


@dataclass(frozen=True)
class _Reading:
    """The texts as one candidate reads them."""

    encoding: str
    text: str
    failed: int
    fit: alphabets.Fit
    weight: float = 0.0


def canonical(label: str) -> str:
    """A codec name for a label in the configuration.

    Parameters
    ----------
    label : str

    Returns
    -------
    str

    Raises
    ------
    SourceError
        For a label that nobody knows.
    """
    name = codepages.known(label)
    if not name:
        raise SourceError(
            f"unknown encoding {label!r}; set encoding to utf-8, gb18030, big5, euc-kr, shift_jis,"
            " cp1252, cp1251 …"
        )
    return name


def wide(head: bytes) -> str:
    """Whether a file that begins so is in UTF-16 or UTF-32.

    Parameters
    ----------
    head : bytes
        Its first 4096 bytes are looked at.

    Returns
    -------
    str
        utf-16 or utf-32, with -le or -be where no byte-order mark says it; "" for other files.
    """
    marked = next((codec for mark, codec in BYTE_ORDER_MARKS.items() if head.startswith(mark)), "")
    if marked:
        return "" if marked == "utf-8-sig" else marked
    zero = np.frombuffer(head[:4096][: len(head[:4096]) // 4 * 4], dtype=np.uint8).reshape(-1, 4) == 0
    shares = zero.mean(axis=0) if len(zero) else np.zeros(4)
    for codec, zeros, others, most in (
        ("utf-32-le", [2, 3], [0], WIDE_MOST),
        ("utf-32-be", [0, 1], [3], WIDE_MOST),
        ("utf-16-le", [1, 3], [0, 2], WIDE_LEAST),
        ("utf-16-be", [0, 2], [1, 3], WIDE_LEAST),
    ):
        if shares[zeros].min() > most and shares[others].max() < WIDE_LEAST:
            return codec
    return ""


def decode_file(content: bytes, stated: str = "") -> DecodedFile:
    """The text of a file.

    Parameters
    ----------
    content : bytes
    stated : str, default ""
        The encoding by the configuration; it is taken as it is.

    Returns
    -------
    DecodedFile
        What does not decode is U+FFFD, and a note says in which lines.

    Raises
    ------
    SourceError
        For a `stated` encoding that nobody knows, where no encoding that is tried reads as any language, and
        where the text of more than half of the lines that are not plain ASCII does not decode.
    """
    mark = next((codec for mark, codec in BYTE_ORDER_MARKS.items() if content.startswith(mark)), "")
    notes: tuple[str, ...] = ()
    if stated:
        encoding = canonical(stated)
        encoding, reason = (
            (mark if mark.startswith(encoding) else encoding),
            f"{codepages.printed(encoding)} (stated)",
        )
    elif mark:
        encoding, reason = mark, f"{mark.removesuffix('-sig')} (its byte-order mark says so)"
    elif encoding := wide(content):
        reason = f"{encoding} (every other byte is zero)"
    else:
        decision = decide(content.split(b"\n"), noun="lines")
        if decision.confidence < HOPELESS:
            raise SourceError(
                'its text is not in any encoding that is tried here; say which with encoding = "…"'
            )
        encoding, reason, notes = decision.encoding, decision.reason, decision.notes
    try:
        text = content.decode(encoding)
        return DecodedFile(text, reason, (*notes, *(misread(text.split("\n")) if "utf" in encoding else ())))
    except UnicodeDecodeError:
        text = content.decode(encoding, errors="replace")
    lines = text.split("\n")
    spoilt = [i for i, line in enumerate(lines, start=1) if LOST in line]
    if 2 * len(spoilt) > sum(not line.isascii() for line in lines):
        tried = codepages.printed(encoding) if stated else "in any encoding that is tried here"
        raise SourceError(f'its text is not {tried}; say which with encoding = "…"')
    lost = (
        f"lines with characters that are cut or no {codepages.printed(encoding)}:"
        f" {rows_text(spoilt).replace('row', 'line')}"
    )
    return DecodedFile(
        text, reason, (*notes, Doubt(f"{lost}; a cut one is dropped, others are shown as {LOST}"))
    )


def decide(values: Iterable[bytes], label: Label | str = "", *, noun: str = "texts") -> Decision:
    """The encoding in which the distinct values are likeliest.

    Parameters
    ----------
    values : iterable of bytes
        Texts; their order makes no difference. One that is cut inside its last character counts as decoded.
    label : Label or str, default ""
        What the file says.
    noun : str, default "texts"
        What messages call the values.

    Returns
    -------
    Decision

    Notes
    -----
    The weight of a reading is the logarithm of its probability (`alphabets.fit`), times TEMPER, and of the
    odds of its label and its language. Its confidence is the probability of it among all readings and an
    encoding that is not tried, times the share of the values that decode.
    """
    values = set(values)
    distinct = sorted(value for value in values if not value.isascii())
    hint, odds = label if isinstance(label, Label) else Label(codepages.known(label))
    if codec := _escaping(values):
        return Decision(codec, f"{codepages.printed(codec)} (its escape sequences say so)")
    if not distinct:
        stated = f"{codepages.printed(hint)} (stated; plain ASCII)" if hint else "utf-8 (plain ASCII)"
        return Decision(hint or "utf-8", stated)
    size = sum(map(len, distinct))
    distinct = distinct[:: max(-(-len(distinct) // WEIGHED_TEXTS), -(-size // WEIGHED_BYTES))]
    joined = b"\n".join(distinct) + b"\n"
    readings = _distinct(
        [
            _read(joined, candidate, hint, odds)
            for candidate in dict.fromkeys((hint, *CANDIDATES))
            if candidate
        ]
    )
    best, second = readings[:2]
    weights = np.array([reading.weight for reading in readings])
    unknown = TEMPER * _log_probability_of_bytes(joined) + np.log(FOREIGN_ODDS)
    # A text must be long enough to tell, and what it says must decode.
    with np.errstate(over="ignore"):  # of noise: the odds against all candidates are beyond any number
        confidence = (1 - best.failed / len(distinct)) / np.exp(
            np.append(weights, unknown) - weights.max()
        ).sum()
    printed, other = codepages.printed(best.encoding), codepages.printed(second.encoding)
    agreed, overruled = hint == best.encoding, hint and odds > VAGUE_ODDS
    said = ", as stated" if agreed else f", though {codepages.printed(hint)} is stated" if overruled else ""
    evidence = f"{_evidence(best, len(distinct), noun)}; {other}: {_evidence(second, len(distinct), noun)}"
    reason = f"{printed} ({min(confidence, 0.99):.2f}{said}: {evidence})"
    if confidence < SURE:
        note = (
            f"its encoding is uncertain: {reason}; {_both(best, second)}; look at its names, and set encoding"
            ' = "…" if they are wrong'
        )
    elif best.fit.common < COMMON_SHARE_MIN and 2 * sum("一" <= c <= "鿿" for c in best.text) > sum(
        not c.isascii() for c in best.text
    ):
        note = (
            f"{best.fit.common:.0%} of its Chinese characters are common ones: was its text spoilt before it"
            " was saved?"
        )
    else:
        note = ""
    return Decision(best.encoding, reason, float(confidence), (Doubt(note),) if note else ())


def misread(texts: Iterable[str]) -> tuple[str, ...]:
    """A doubt where the bytes of texts were taken for characters before they were saved.

    Parameters
    ----------
    texts : iterable of str

    Returns
    -------
    tuple of str
        One Doubt where the texts read much better if each of their characters is taken for a byte; else
        nothing.
    """
    beyond = [text for text in dict.fromkeys(texts) if text and not text.isascii()][:WEIGHED_TEXTS]
    as_bytes = {text: as_byte for text in beyond if (as_byte := _bytes_of(text))}
    if 2 * len(as_bytes) <= len(beyond):
        return ()
    decision = decide(as_bytes.values())
    if decision.confidence < SURE or decision.encoding in WESTERN:
        return ()
    first = next(iter(as_bytes))
    meant, codec = as_bytes[first].decode(decision.encoding, "replace"), codepages.printed(decision.encoding)
    shown = f"{first[:SHOWN_CHARACTERS]!r} would be {meant[:SHOWN_CHARACTERS]!r}"
    return (
        Doubt(
            f"its text was in {codec} and taken for cp1252 before it was saved: {shown}; have it exported"
            " again, in UTF-8"
        ),
    )


def _bytes_of(text: str) -> bytes:
    """The bytes that code page 1252 or Latin-1 has for the characters; nothing for text with others."""
    try:
        return b"".join(c.encode("latin-1") if ord(c) < 0x100 else c.encode("cp1252") for c in text)
    except UnicodeEncodeError:
        return b""


def _escaping(values: set[bytes]) -> str:
    """The encoding of seven bits that says by escape sequences where it is not ASCII; "": none."""
    if any(b"\x1b$" in value for value in values):
        return "iso2022_jp_2"
    found = {value for value in values if b"~{" in value}
    return "hz" if found and all(SHIFTED.search(value) for value in found) else ""


def decode_value(value: bytes, encoding: str) -> tuple[str, bool]:
    """One text, and whether it lost something.

    Parameters
    ----------
    value : bytes
    encoding : str
        Name of the codec.

    Returns
    -------
    text : str
        Without its last character if that is cut; with U+FFFD for what else does not decode.
    lost : bool
    """
    try:
        return value.decode(encoding), False
    except UnicodeDecodeError as error:
        if error.end >= len(value):
            return value[: error.start].decode(encoding, errors="replace"), True
        return value.decode(encoding, errors="replace"), True


def _evidence(reading: _Reading, total: int, noun: str) -> str:
    if reading.failed:
        decode = f"{reading.failed:,} of {total:,} {noun} fail"
    else:
        decode = (
            f"{'all ' if total > 1 else ''}{total:,} {noun if total > 1 else noun.removesuffix('s')}"
            f" decode{'' if total > 1 else 's'}"
        )
    language = reading.fit.language
    common = (
        "letters"
        if language in alphabets.ALPHABETS
        else "characters" + (f" in {language}" if language != "any" else "")
    )
    return decode if np.isnan(reading.fit.common) else f"{decode}, {reading.fit.common:.0%} common {common}"


def _both(best: _Reading, second: _Reading) -> str:
    """The first text that reads differently, as it reads."""
    pairs = zip(best.text.split("\n"), second.text.split("\n"), strict=False)
    first, other = next((pair for pair in pairs if pair[0] != pair[1]), ("", ""))
    shown, instead = (text.replace(CUT, "")[:SHOWN_CHARACTERS] for text in (first, other))
    return f"{shown!r} would be {instead!r} in {codepages.printed(second.encoding)}"


def _distinct(readings: list[_Reading]) -> list[_Reading]:
    """The likeliest first; of those that read the texts alike only one."""
    out: dict[str, _Reading] = {}
    for reading in sorted(readings, key=lambda reading: -reading.weight):
        out.setdefault(reading.text, reading)
    return list(out.values())


def _read(joined: bytes, encoding: str, hint: str, odds: float) -> _Reading:
    text = joined.decode(encoding, errors="replace").replace(LOST + "\n", CUT + "\n")
    failed = min(sum(LOST in line for line in text.split("\n")), joined.count(b"\n")) if LOST in text else 0
    fit = alphabets.fit(text, encoding)
    weight = TEMPER * fit.log_probability + (np.log(odds) if encoding == hint else 0.0)
    weight += (
        0.0 if fit.language in ("Chinese", "any") or encoding == "utf-8" else np.log(OTHER_LANGUAGE_ODDS)
    )
    return _Reading(encoding, text, failed, fit, float(weight))


def _log_probability_of_bytes(joined: bytes) -> float:
    """Of bytes above ASCII as if each was as likely as any other, and came as often as it does."""
    high = int((np.frombuffer(joined, dtype=np.uint8) > 127).sum())
    return float(high * np.log(high / len(joined) / 128) + (len(joined) - high) * np.log(alphabets.ASCII))
