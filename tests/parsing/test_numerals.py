"""Numbers in Chinese script."""

from __future__ import annotations

import pytest

from pipeline.parsing.numerals import to_digits, to_numerals

NAMES = "零一二三四五六七八九"


def written(number: int) -> str:
    """1005 → 一千零五."""
    out, gap = "", False
    for unit, power in (("千", 1000), ("百", 100), ("十", 10), ("", 1)):
        digit = number // power % 10
        out += ("零" if gap and digit and out else "") + (NAMES[digit] + unit if digit else "")
        gap = not digit
    return out


def test_every_number_of_four_digits_is_read_back():
    assert [number for number in range(1, 10_000) if to_digits(written(number)) != str(number)] == []
    assert [number for number in range(1, 100) if to_digits(to_numerals(number)) != str(number)] == []


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("廿三", "23"),
        ("卅", "30"),
        ("卌五", "45"),
        ("两百零五", "205"),
        ("二〇五", "205"),
        ("二○五", "205"),
        ("壹佰贰拾", "120"),
        ("一百十五", "115"),
    ],
)
def test_other_ways_to_write_one_are_read(text, digits):
    assert to_digits(text) == digits


@pytest.mark.parametrize("text", ["一百二", "一千二", "一千五十", "百", "十二百", "十十", "一千百"])
def test_what_is_no_number_or_could_be_two_is_left_as_it_is(text):
    assert to_digits(text) == text
