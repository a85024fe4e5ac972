"""Numbers in Chinese script: 十二, 一百零五, 廿三, 二〇五, 壹佰贰拾."""

from __future__ import annotations

import re

DIGITS = {
    numeral: str(digit)
    for row in ("零一二三四五六七八九", "〇壹贰叁肆伍陆柒捌玖")
    for digit, numeral in enumerate(row)
} | {
    "两": "2",
    "○": "0",
}
WRITTEN = {"拾": "十", "佰": "百", "仟": "千", "廿": "二十", "卅": "三十", "卌": "四十"}
NUMERAL = f"[{''.join((*DIGITS, *WRITTEN))}十百千]"
"""One character of a number, as a regular expression."""


def to_digits(text: str) -> str:
    """A number in Chinese script in digits: 二十三 → 23, 一〇五 → 105.

    Parameters
    ----------
    text : str

    Returns
    -------
    str
        The text itself where it is no number, or one that could be two (一百二 is said for 102 and for 120).
    """
    plain = "".join(
        DIGITS.get(character, character)
        for character in "".join(WRITTEN.get(character, character) for character in text)
    )
    if plain.isdecimal():
        return plain
    counted = re.fullmatch(r"(?:(\d)千(?=0|\d百|$))?0?(?:(\d)百(?=0|\d?十|$))?0?(?:(\d?)十)?(\d?)", plain)
    if counted is None:
        return text
    thousands, hundreds, tens, ones = counted.groups()
    return str(
        1000 * int(thousands or 0)
        + 100 * int(hundreds or 0)
        + 10 * (0 if tens is None else int(tens or 1))
        + int(ones or 0)
    )


def to_numerals(number: int) -> str:
    """A number in Chinese script: 23 → 二十三.

    Parameters
    ----------
    number : int
        0 to 99.

    Returns
    -------
    str
    """
    tens, ones = divmod(number, 10)
    names = "零一二三四五六七八九"
    return (
        names[number]
        if not tens
        else ("" if tens == 1 else names[tens]) + "十" + (names[ones] if ones else "")
    )
