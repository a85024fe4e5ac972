"""Lists and runs within one door number, written out: 88号A、B座 is 88号A座、88号B座, 12号附1-3号 is
12附1号、12附2号、12附3号.
"""

from __future__ import annotations

import re

import pandas as pd

DASH = "[-~至到\u2013\u2014\u2015\u2212]"
STEMS = "甲乙丙丁戊己庚辛壬癸"
LETTER = f"[{STEMS}A-Za-z]"
HOUSE = "(?:号楼|#楼|栋楼|栋|幢|座|#)"
"""What a building within a number is counted by; a 楼 alone is a storey."""
AND = "[、,;/和及与]"
LONGEST = 60
"""A run of more buildings or letters than this is none."""

_LETTERS = re.compile(
    rf"(?P<base>(?<!\d)\d++(?:号楼|号院|号|栋|幢|#)?)(?P<items>{LETTER}{HOUSE}?(?:(?:{AND}|{DASH}){LETTER}(?![A-Za-z\d]){HOUSE}?)+)(?P<end>号?)"
)
_HOUSES = re.compile(
    rf"(?P<base>(?<!\d)\d++号(?:大院|院内|院|内)?)(?P<items>\d+{HOUSE}?(?:(?:{AND}|{DASH})\d+{HOUSE}?)*(?:{AND}|{DASH})\d+{HOUSE})"
)
#: After 号附 bare numbers are branches too; after a 号 of their own, or without the first, 附 has to stand
#: before each.
_BRANCHES = re.compile(
    rf"(?P<base>(?<!\d)\d++)(?:号(?P<items>[附之]\d+(?:(?:{AND}|{DASH})[附之]?\d+)+)|号?(?P<each>[附之]\d+号?(?:(?:{AND}|{DASH})[附之]\d+号?)+|[附之]\d+{DASH}\d+))号?"
)
_REPEATED = re.compile(rf"(?P<base>(?<!\d)\d++)-(?P<first>\d+)号?{DASH}{{1,2}}(?P=base)-(?P<last>\d+)号?")
_ITEM = re.compile(rf"({AND}|{DASH})?([附之]?)(\d+|{LETTER})({HOUSE}|号)?")


def written_out(words: pd.Series) -> pd.Series:
    """Addresses with their lists of letters, buildings and branches written out one by one.

    Parameters
    ----------
    words : Series of str
        Folded, as `pipeline.parsing.addresses` has them.

    Returns
    -------
    Series of str, index of words
        What is no list, or a run of more than LONGEST, stays.
    """
    words = words.str.replace(
        _REPEATED,
        lambda found: _branches(found["base"], found["first"], found["last"]) or found[0],
        regex=True,
    )
    words = words.str.replace(
        r"(?<=\d号)[A-Z]{2,}(?=座)", lambda found: "、".join(found[0]), regex=True
    ).str.replace(r"#(?=\d+#)", "#、", regex=True)
    for pattern in (_LETTERS, _HOUSES, _BRANCHES):
        words = words.str.replace(pattern, _one_by_one, regex=True)
    return words


def _branches(base: str, first: str, last: str) -> str:
    return "、".join(f"{base}附{item}号" for item in _run(first, last))


def _one_by_one(found: re.Match[str]) -> str:
    given = {"each": "", "end": ""} | found.groupdict(default="")
    base, items = given["base"], list(_ITEM.finditer(given["items"] or given["each"]))
    names: list[tuple[str, str]] = []
    for item in items:
        joint, _, name, unit = item.groups()
        run = _run(names[-1][0], name) if names and joint and re.fullmatch(DASH, joint) else [name]
        if not run:
            return found[0]
        names += [(one, unit or "") for one in (run[1:] if len(run) > 1 else run)]
    last_unit = names[-1][1]
    if items[0][2]:
        # 12号附1、14号 may go on with number 14 of the road
        if any(
            item[1] and not re.fullmatch(DASH, item[1]) and not item[2] and int(item[3][:9]) >= int(base[:9])
            for item in items
        ):
            return found[0]
        return "、".join(f"{base}附{name}号" for name, _ in names)
    return "、".join(base + name + (unit or last_unit or given["end"]) for name, unit in names)


def _run(first: str, last: str) -> list[str]:
    """1 to 3, A to C, 甲 to 丙; nothing where that is no run, or too long a one."""
    if first.isdecimal() and last.isdecimal():
        numbers = range(int(first[:9]), int(last[:9]) + 1)
        return [str(number) for number in numbers] if len(numbers) <= LONGEST else []
    if first in STEMS and last in STEMS:
        return list(STEMS[STEMS.index(first) : STEMS.index(last) + 1])
    low, high = ord(first.upper()), ord(last.upper())
    return [chr(code) for code in range(low, high + 1)] if first.isascii() and last.isascii() else []
