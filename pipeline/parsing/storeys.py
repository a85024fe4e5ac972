"""Storeys above ground as registers write them: 6层, 6+1, 地上6层地下1层, 6F/B1, G+5."""

from __future__ import annotations

import re

import pandas as pd

from pipeline.parsing import quantities
from pipeline.parsing.quantities import Said

ROUNDED, ATTIC = "rounded down", "what stands behind + (an attic, the upper floor of a flat) not counted"
BELOW, INCLUDED, PARTLY, GROUND = (
    "storeys below ground not counted",
    "storeys below ground taken off",
    "its higher part not counted",
    "with the ground floor",
)

_STOREY = r"(?:层|層|楼|樓|f|l|fl|층|階|floors?|storeys?|stories|эт\.?|этаж\w*)?"
_ABOVE = re.compile(rf"^(?:地上|地面|地面以上|总|總|共|主体|建筑)*(?:层数|層數|部分)?:?(\d{{1,3}}){_STOREY}$")
_BELOW = re.compile(rf"(?:地下室?:?|负|負|b|(?<![\d层層f])[-−])(\d{{1,3}}){_STOREY}|地下室|半地下")
_INCLUDED = re.compile(
    rf"^(\d{{1,3}}){_STOREY}[(\[,;/]*(?:含|包括|其中)(?:地下室?|负|b)(\d{{1,3}}){_STOREY}[)\]]*$"
)
_ATTIC = re.compile(
    rf"^(\d{{1,3}}){_STOREY}\+(?:\d+(?:\.5)?|半|阁楼|跃层?|复式|m){_STOREY}(?:\+\d+{_STOREY})*$"
)
_PARTLY = re.compile(rf"[(\[]?局部(?:为)?(\d{{1,3}}){_STOREY}[)\]]?")
_GROUND = re.compile(r"^g\+(\d{1,3})$")
_BETWEEN = re.compile(r"[\s,、/;|~()\[\]\-和及]+")


def storeys(series: pd.Series) -> Said:
    """Whole storeys, those above ground where both are given.

    Parameters
    ----------
    series : Series of any dtype

    Returns
    -------
    Said
        Values: Int64. Two numbers that can mean anything (6/1, 5;6, 3-5) are not read.
    """
    values, unparsed = quantities.integer(series)
    remarks = pd.Series("", index=series.index).astype("str")
    if pd.api.types.is_numeric_dtype(series.dtype):
        return Said(values, unparsed, remarks.mask(rounded(series, values), ROUNDED))
    plain = quantities.text(series)
    read = {word: _read(word) for word in plain[unparsed].unique()}
    found = plain.map({word: number for word, (number, _) in read.items()}).astype("Int64")
    taken = unparsed & found.notna()
    remarks = remarks.mask(
        taken, plain.map({word: remark for word, (_, remark) in read.items()}).astype("str").fillna("")
    )
    half = rounded(series, values) | (values.notna() & plain.str.contains("半").eq(True))
    remarks = remarks.mask(values.notna() & plain.str.contains(r"\d\D*[+＋]").eq(True), ATTIC)
    return Said(values.mask(taken, found), unparsed & ~taken, remarks.mask(half & ~taken, ROUNDED))


def rounded(series: pd.Series, whole: pd.Series) -> pd.Series:
    """Which numbers lost something when they were made whole.

    Parameters
    ----------
    series : Series of any dtype
        As they were written.
    whole : Series of Int64
        As they were read.

    Returns
    -------
    Series of bool, index of series
    """
    exact = quantities.number(series)[0]
    return (exact != whole.astype("Float64").astype("float64")) & exact.notna() & whole.notna()


def _read(word: str) -> tuple[int | None, str]:
    plain = re.sub(r"\s", "", quantities.folded(quantities.in_digits(word)))
    for pattern, remark in ((_ATTIC, ATTIC), (_GROUND, GROUND), (_INCLUDED, INCLUDED)):
        if found := pattern.match(plain):
            first = int(found[1])
            if pattern is _INCLUDED:
                return (first - int(found[2]), remark) if first > int(found[2]) else (None, "")
            return first + (pattern is _GROUND), remark
    for pattern, remark in ((_BELOW, BELOW), (_PARTLY, PARTLY)):
        without = _BETWEEN.sub("", pattern.sub("", plain, count=1))
        if without and pattern.search(plain) and (found := _ABOVE.match(without)):
            return int(found[1]), remark
    return (int(found[1]), "") if (found := _ABOVE.match(plain)) else (None, "")
