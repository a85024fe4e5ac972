"""Numbers, years, flags and quarters as registers write them: "51栋", "1,898户", "3.2万㎡", 五十一, 53%, 是,
2019年三季度.

Every function takes a Series of any dtype and gives back (values, unparsed): values typed as
`pipeline.tables` wants them, null where there is nothing or where it could not be read, and a boolean mask of
the latter. Nothing is guessed.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

import numpy as np
import pandas as pd

#: What portals write where they know nothing; in text columns too.
UNKNOWN = ("暂无信息", "暂无资料", "暂无数据", "暂无")
NOTHING = frozenset(
    (
        "",
        *UNKNOWN,
        "无",
        "未知",
        "不详",
        "无数据",
        "-",
        "--",
        "—",
        "/",
        "\\",
        "na",
        "n/a",
        "nan",
        "none",
        "null",
        "nil",
        "?",
    )
)
YES = frozenset(
    (
        "1",
        "1.0",
        "true",
        "t",
        "yes",
        "y",
        "是",
        "有",
        "已",
        "√",
        "✓",
        "✔",
        "☑",
        "已成立",
        "已安排",
        "已落实",
        "齐全",
        "да",
    )
)
NO = frozenset(
    (
        "0",
        "0.0",
        "false",
        "f",
        "no",
        "n",
        "否",
        "无",
        "没有",
        "未",
        "\u00d7",
        "✗",
        "✘",
        "未成立",
        "未安排",
        "未落实",
        "不齐全",
        "нет",
    )
)
SCALES = {"十": 1e1, "百": 1e2, "千": 1e3, "万": 1e4, "亿": 1e8, "%": 1e-2, "‰": 1e-3}
LARGEST = 1e15
NUMBER = (
    r"^(?:约|大约|近|共|计|合计|≈|~)*\s*(?P<first>[+-]?\d+(?:\.\d+)?)\s*(?P<scale1>[十百千万亿%‰]?)"
    r"(?:\s*[-~至到\u2013\u2014]\s*(?P<last>\d+(?:\.\d+)?)\s*(?P<scale2>[十百千万亿%‰]?))?(?P<unit>[^\d;几]*)$"
)
#: Units that are not the tables' own; dropping them would change the value.
OTHER_UNITS = r"^\s*(?:亩|公顷|平方公里|平方千米|km|ha\b|元.*/\s*(?:年|季))"
#: Units in the name of a column: in brackets, or at its end.
SCALED = r"[百千万亿]\s*(?:m2|平方米|平米|平方|户|栋|幢|座|套|间|人|元)"
HEADER_UNIT = re.compile(
    rf"[(\[【]\s*(?:单位\s*:?\s*)?(?P<inside>{SCALED}|[百千万亿%‰]|亩|公顷|平方公里|平方千米|km2|ha)\s*[)\]】]|(?P<end>{SCALED}|亩|公顷|%)$"
)
#: Chinese numerals, plain and as on cheques.
DIGITS = {
    d: i for digits in ("〇一二三四五六七八九", "零壹贰叁肆伍陆柒捌玖") for i, d in enumerate(digits)
} | {"两": 2, "兩": 2, "○": 0}
STEPS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
BLOCKS = {"万": 10_000, "萬": 10_000, "亿": 100_000_000, "億": 100_000_000}
NUMERAL = re.compile(rf"(?<![\d.])[{''.join((*DIGITS, *STEPS))}][{''.join((*DIGITS, *STEPS, *BLOCKS))}]*")
#: Longer runs of numerals are no number.
NUMERAL_MAX = 20
#: Values, and a mask of those that could not be read.
Parsed = tuple[pd.Series, pd.Series]


class Said(NamedTuple):
    """What was read of a column, and how, where that is open to doubt."""

    values: pd.Series
    """Null where there is nothing, or it could not be read."""
    unparsed: pd.Series
    """A mask of what could not be read."""
    remarks: pd.Series
    """Text on how a value was read; "": nothing is to be said."""


def text(series: pd.Series) -> pd.Series:
    """The values as stripped text.

    Parameters
    ----------
    series : Series of any dtype

    Returns
    -------
    Series of str, index of series
        12.0 becomes "12", a time its day; null where there is nothing.
    """
    if pd.api.types.is_bool_dtype(series.dtype):
        return series.map({True: "true", False: "false"}).astype("str")
    if pd.api.types.is_integer_dtype(series.dtype):
        return series.astype("Int64").astype("string").astype("str")
    if pd.api.types.is_float_dtype(series.dtype):
        whole = series.notna() & np.isfinite(series) & (series == np.floor(series)) & (series.abs() < LARGEST)
        out = series.astype("str").where(series.notna())
        out[whole] = series[whole].astype("int64").astype("str")
        return out.astype("str")
    if pd.api.types.is_datetime64_any_dtype(series.dtype):
        return series.dt.strftime("%Y-%m-%d").astype("str")
    out = series.astype("str").where(series.notna()).astype("str").str.strip()
    return out.where(out != "").astype("str")


def number(series: pd.Series) -> Parsed:
    """Numbers as registers write them.

    Parameters
    ----------
    series : Series of any dtype

    Returns
    -------
    values : Series of float64
    unparsed : Series of bool

    Notes
    -----
    A range ("0.1至0.2元") gives its middle; 万 and % and their like multiply; a unit behind is dropped. A
    unit that the tables do not use (亩, 公顷, 元/年) makes a number unreadable, and so does a size of LARGEST
    or more.
    """
    if pd.api.types.is_numeric_dtype(series.dtype) and not pd.api.types.is_bool_dtype(series.dtype):
        values = series.astype("Float64").astype("float64")
        return _within(values, values.notna())
    plain = text(series)
    values = pd.to_numeric(plain, errors="coerce").astype("float64")
    rest = values.isna() & plain.notna()
    if rest.any():
        values[rest] = (
            plain[rest].map({word: _number(word) for word in plain[rest].unique()}).astype("float64")
        )
    return _within(values, plain.notna() & ~_folded(plain).isin(NOTHING))


def header_unit(name: str) -> str:
    """The unit that the name of a column gives its numbers, if it is not the tables' own.

    Parameters
    ----------
    name : str

    Returns
    -------
    str
        建筑面积(万㎡) has 万㎡ (as 万m2), 私有化率（%） has %; "": none.
    """
    found = HEADER_UNIT.search(unicodedata.normalize("NFKC", name).strip())
    return "" if found is None else found["inside"] or found["end"]


def with_unit(series: pd.Series, unit: str) -> pd.Series:
    """The values as text, with the unit behind those that are a number and nothing else.

    Parameters
    ----------
    series : Series of any dtype
    unit : str
        As `header_unit` finds it.

    Returns
    -------
    Series of str, index of series
    """
    plain = text(series)
    bare = plain.str.fullmatch(r"[+-]?[\d,，]*\d(?:\.\d+)?").eq(True)
    return plain.where(~bare, plain + unit).astype("str")


def integer(series: pd.Series) -> Parsed:
    """Whole numbers, read as `number` does and rounded down: 2.5 storeys are 2.

    Parameters
    ----------
    series : Series of any dtype

    Returns
    -------
    values : Series of Int64
    unparsed : Series of bool
        True for a range too: 3-5 storeys are not 4.
    """
    values, unparsed = number(series)
    if not pd.api.types.is_numeric_dtype(series.dtype):
        plain = text(series)
        ranges = plain.map({word: _is_range(word) for word in plain.dropna().unique()}).eq(True)
        values, unparsed = values.mask(ranges), unparsed | ranges
    return np.floor(values).astype("Int64"), unparsed


def year(series: pd.Series) -> Parsed:
    """Years: the first of 1800 to 2099 in the text.

    Parameters
    ----------
    series : Series of any dtype

    Returns
    -------
    values : Series of Int64
        "1979年建成", "1979-05-01" and "1979-1981" are 1979.
    unparsed : Series of bool
    """
    if pd.api.types.is_integer_dtype(series.dtype):
        values = series.astype("Int64")
        return values.where(values.between(1800, 2099)), values.notna() & ~values.between(1800, 2099).fillna(
            False
        ).astype(bool)
    plain = text(series)
    arabic = plain.map({word: in_digits(word) for word in plain.dropna().unique()}).astype("str")
    found = arabic.str.extract(r"(?<!\d)(1[89]\d\d|20\d\d)(?!\d)", expand=False)
    values = pd.to_numeric(found, errors="coerce").astype("Int64")
    return values, values.isna() & plain.notna() & ~_folded(plain).isin(NOTHING)


def flag(series: pd.Series) -> Parsed:
    """Yes or no: 是/否, 有/无, true/false, yes/no, 1/0.

    Parameters
    ----------
    series : Series of any dtype

    Returns
    -------
    values : Series of boolean
        True for YES, False for NO.
    unparsed : Series of bool
    """
    if pd.api.types.is_bool_dtype(series.dtype):
        return series.astype("boolean"), pd.Series(False, index=series.index)
    folded = _folded(text(series))
    values = pd.Series(pd.NA, index=series.index, dtype="boolean")
    values[folded.isin(YES)] = True
    values[folded.isin(NO)] = False
    return values, values.isna() & folded.notna() & ~folded.isin(NOTHING)


def quarter(series: pd.Series) -> Parsed:
    """Quarters, written 2019Q3, 2019年第3季度, 2019年三季度 or 2019-Q3.

    Parameters
    ----------
    series : Series of any dtype

    Returns
    -------
    values : Series of str
        As 2019Q3.
    unparsed : Series of bool
    """
    plain = text(series)
    folded = _folded(plain.map({word: in_digits(word) for word in plain.dropna().unique()}).astype("str"))
    parts = folded.str.extract(r"^(\d{4})\s*年?度?\s*[-./]?\s*(?:q\s*([1-4])|第?\s*([1-4])\s*季度?)$")
    values = (parts[0] + "Q" + parts[1].fillna(parts[2])).astype("str")
    return values, values.isna() & plain.notna() & ~folded.isin(NOTHING)


def in_digits(word: str) -> str:
    """A text with its Chinese numerals in digits: 五十一栋 is 51栋, 一万二 12000, 二〇一九年 2019年.

    Parameters
    ----------
    word : str

    Returns
    -------
    str
        A run of more than NUMERAL_MAX numerals stays.
    """
    return NUMERAL.sub(lambda found: _numeral(found[0]), word)


def _numeral(word: str) -> str:
    if len(word) > NUMERAL_MAX:
        return word
    if all(c in DIGITS for c in word):
        return "".join(str(DIGITS[c]) for c in word)
    total = block = digit = 0
    last = 1
    for c in word:
        if c in DIGITS:
            digit, last = DIGITS[c], 1 if DIGITS[c] == 0 else last
        elif c in STEPS:
            block, digit, last = block + (digit or 1) * STEPS[c], 0, STEPS[c]
        elif BLOCKS[c] == BLOCKS["万"]:
            total, block, digit, last = total + (block + digit) * BLOCKS[c], 0, 0, BLOCKS[c]
        else:
            total, block, digit, last = (total + block + digit) * BLOCKS[c], 0, 0, BLOCKS[c]
    # A digit at the end counts the next smaller step: 一百二 is 120, 一万二 12000, but 一百零二 102 and 十二
    # 12.
    return str(total + block + digit * (last // 10 if last > 10 else 1))


def folded(word: str) -> str:
    """A text as it is compared: full width as half, small letters, no blanks around.

    Parameters
    ----------
    word : str

    Returns
    -------
    str
    """
    return unicodedata.normalize("NFKC", word).strip().lower()


def _folded(plain: pd.Series) -> pd.Series:
    return plain.map({word: folded(word) for word in plain.dropna().unique()}).astype("str")


def _number(word: str) -> float:
    match = _match(word)
    if not match or re.match(OTHER_UNITS, match["unit"]):
        return float("nan")
    last = match["last"]
    scale2 = match["scale2"] or ""
    scale1 = match["scale1"] or scale2
    first = float(match["first"]) * SCALES.get(scale1, 1.0)
    return first if last is None else (first + float(last) * SCALES.get(scale2, 1.0)) / 2.0


def _match(word: str) -> re.Match[str] | None:
    plain = unicodedata.normalize("NFKC", word).strip().replace("m2", "m").replace("m3", "m")
    plain = in_digits(
        re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", plain).removeprefix("百分之")
        + "%" * plain.startswith("百分之")
    )
    return re.match(NUMBER, plain)


def _is_range(word: str) -> bool:
    match = _match(word)
    return match is not None and match["last"] is not None


def _within(values: pd.Series, given: pd.Series) -> Parsed:
    values = values.where(np.isfinite(values) & (values.abs() < LARGEST))
    return values, given & values.isna()
