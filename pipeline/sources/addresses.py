"""Chinese addresses as registers write them: roads, door numbers, and runs of door numbers with odd or even side.

"胜利路12-38号(双号)、石道街5号" is two pieces: 胜利路 12 to 38, even; 石道街 5. Addresses are folded first: full-width
digits and brackets become ASCII (NFKC), numerals before 号, 栋, 弄 … become digits (十二号 is 12号), digits before 街, 巷 …
numerals (青春2巷 is 青春二巷); a bracket such as "(西岗香炉礁)" and the province, city, district and subdistrict in front of
the road are dropped. A piece that names no door says why it could not be read: nothing is guessed here.
"""

from __future__ import annotations

import re

import pandas as pd

DASH = "[-~至到\u2013\u2014\u2015\u2212]"
ROAD = r"(?:大道|大街|马路|路|街|巷|弄|里|胡同|道|条|段|线)"
UNIT = r"(?:号楼|号院|号|栋|幢|座|楼|#)"
BUILDING_UNITS = ("号楼", "栋", "幢", "座", "#")
SIDE = r"(?:双号|偶数|双数|单号|奇数|单数)"
#: The side in brackets, "(双)" or "(单号侧)", or as one character behind the numbers, "12-38号双".
SHORT_SIDE = r"\(\s*([双偶单奇])[号数]?[侧边]?\s*\)|(?<=[号\d])([双偶单奇])(?=$|[、,;/。])"
LETTER = "[甲乙丙丁戊A-Za-z]"
#: What may stand before the road; 市 and 区 need two characters before them, so that 市场街 and 小区 stay.
REGION = (
    r"^(?:[^\d省市区县]{2,8}?(?:省|自治区|自治州))?(?:[^\d省市区县]{2,8}?市)?"
    r"(?:[^\d省市区县街路]{1,6}?(?<![小社园校])[区县](?![路街巷]))?(?:[^\d路街]{2,6}?街道(?=\D))?"
)
DIGITS = {numeral: str(digit) for row in ("零一二三四五六七八九", "〇壹贰叁肆伍陆柒捌玖") for digit, numeral in enumerate(row)} | {
    "两": "2"
}
NUMERAL = "[零〇一二两三四五六七八九十百壹贰叁肆伍陆柒捌玖拾佰]"
#: Numerals that count doors, not part of a name: those before a unit, alone or in a run or list.
COUNTED = rf"{NUMERAL}+(?=(?:{DASH}|、)?(?:(?:{NUMERAL}+|\d+)(?:{DASH}|、))*(?:{NUMERAL}+|\d+)?(?:号|栋|幢|座|弄|单元|#))"
#: A street whose name is counted: "2巷"; a lane 弄 keeps its number.
NUMBERED_ROAD = r"(?<![\d号栋幢座楼#~-])(\d{1,2})(?=大街|街|巷|马路|路|段|条|胡同|道街)"
#: What stands between the pieces of a list.
BETWEEN = r"[、,;/。]|(?<=[\d号栋幢座楼#])\.(?=\d)|(?<=[号栋幢座楼])(?:和|及|与)"
CROSSING = "交叉|交汇|交界|交口|路口|街口|合围|围合|之间|与.*(?:路|街|巷)"
NEAR = "附近|周围|旁|对面|对过|后身|身后|后边|后面|前面|原址|隔壁|以[东南西北内]|[东西南北][侧行边面]|方向"
RUN = (
    rf"^(?P<road>\D*?(?:\d+弄(?:\D*?(?=\d))?)?)(?:第|No\.?)?(?P<letter>{LETTER})?(?P<first>\d+)(?P<letter_after>{LETTER}(?![A-Za-z]))?(?P<unit>{UNIT})?"
    rf"(?P<joint>{DASH}{{1,2}}附?|[之附])?(?(joint)(?P<second>\d+))(?P<second_unit>{UNIT})?"
    rf"(?:{DASH}{{1,2}}(?P<third>\d+)(?P<third_unit>{UNIT})?)?(?P<letter_end>{LETTER}(?![A-Za-z\d]))?(?P<rest>.*)$"
)
PIECE_COLUMNS = ("row", "piece", "road", "first", "last", "parity", "sub", "unread")
LARGEST_DOOR = 99_999
#: Most addresses have one number; where more than PATTERN_PAYS differ in nothing else, two of them tell what all give.
ONE_NUMBER = "[^0-9]*[0-9]{1,5}[^0-9]*"
PATTERN_PAYS = 2


def read_pieces(series: pd.Series) -> pd.DataFrame:
    """Every piece of the addresses, in the order of the text.

    row: index label of the series; piece: the text; road: road, lane or estate; first, last: Int64, the numbers; parity:
    all, odd, even; sub: text, what is named within one number ("7-1号" and "7号1栋": "1"; "甲7号": "甲"); unread: none, or
    why it names no door: crossing (of two roads), near (something), no_number, no_road. A number without a road has the
    road before it ("黄河路12、14号").
    """
    place, distinct = pd.factorize(series)
    pieces = _distinct_pieces(pd.Series(distinct, dtype="str"))
    rows = pd.DataFrame({"row": series.index, "text": place})[place >= 0]
    return rows.merge(pieces, on="text", how="inner")[list(PIECE_COLUMNS)]


def parse_address(series: pd.Series) -> pd.DataFrame:
    """Road (normalised text) and door_number (Int64) of addresses, null where there is none; the first of several counts."""
    place, distinct = pd.factorize(series)
    words = pd.Series(distinct, dtype="str")
    return _by_pattern(words).reindex(place).set_axis(series.index)


def _by_pattern(words: pd.Series) -> pd.DataFrame:
    """What `_first_doors` gives, found once for all addresses that differ only in the digits of their one number.

    The rules look at digits as such, compare numbers, and write those of some streets in words. So where the same comes out
    with noughts and with nines in their place, but for that number itself, the same comes out with any digits.
    """
    single = words[words.str.fullmatch(ONE_NUMBER).to_numpy(dtype=bool)]
    with_noughts = single.str.replace("[0-9]", "0", regex=True)
    with_noughts = with_noughts[with_noughts.groupby(with_noughts).transform("size") > PATTERN_PAYS]
    single = single[with_noughts.index]
    pattern, names = pd.factorize(with_noughts)
    noughts = pd.Series(names, dtype="str")
    nines = noughts.str.replace("0", "9")
    both = _first_doors(pd.concat([noughts, nines], ignore_index=True))
    low, high = both[: len(noughts)], both[len(noughts) :].reset_index(drop=True)
    doors = low["door_number"].eq(0) & high["door_number"].eq(_number_in(nines))
    no_doors = low["door_number"].isna() & high["door_number"].isna()
    same = (low["road"].eq(high["road"]) | (low["road"].isna() & high["road"].isna())) & (doors | no_doors).fillna(value=False)
    sure = same.to_numpy(dtype=bool)[pattern]
    alike = low.iloc[pattern[sure]].set_axis(single.index[sure])
    alike["door_number"] = _number_in(single[sure]).where(alike["door_number"].notna())
    rest = words.drop(index=alike.index)
    return pd.concat([alike, _first_doors(rest)]).sort_index() if len(rest) else alike


def _number_in(words: pd.Series) -> pd.Series:
    return words.str.replace("[^0-9]", "", regex=True).astype("Int64")


def _first_doors(words: pd.Series) -> pd.DataFrame:
    pieces = read_pieces(words)
    read = pieces["unread"].isna()
    door = pieces[read].drop_duplicates("row").set_index("row").reindex(words.index)
    bare = pieces[~pieces["row"].duplicated() & pieces["unread"].eq("no_number") & pieces["road"].str.contains(ROAD + "$", regex=True)]
    road = door["road"].fillna(bare.set_index("row")["road"].reindex(words.index))
    return pd.DataFrame({"road": road.astype("str"), "door_number": door["first"].astype("Int64")})


def normalise_road(series: pd.Series) -> pd.Series:
    """Names of roads as `read_pieces` writes them, so that both compare equal: folded, without spaces at the ends or doubled."""
    place, distinct = pd.factorize(series)
    folded = pd.Series(distinct, dtype="str").str.normalize("NFKC").str.replace(r"\s+", " ", regex=True).str.strip()
    return _numbered(folded.where(folded != "").astype("str")).reindex(place).set_axis(series.index)


def door_number(series: pd.Series) -> pd.Series:
    """The number (Int64) that door numbers such as "5", "5号", "12a" or "5/7" begin with."""
    place, distinct = pd.factorize(series)
    digits = pd.Series(distinct).astype("str").str.normalize("NFKC").str.extract(r"^\s*(?:№|No\.?)?\s*(\d{1,5})(?!\d)", expand=False)
    return pd.to_numeric(digits, errors="coerce").astype("Int64").reindex(place).set_axis(series.index)


def _distinct_pieces(words: pd.Series) -> pd.DataFrame:
    pieces = _folded(words).str.split(BETWEEN, regex=True).explode().str.strip()
    pieces = pieces[pieces.notna() & (pieces != "")].str.replace(r"\d+(?:余|多)?米", "", regex=True)
    found = pieces.reset_index(drop=True).str.extract(RUN)
    found[["text", "piece"]] = pd.DataFrame({"text": pieces.index, "piece": pieces.to_numpy()})
    numbers = pd.DataFrame(
        {name: pd.to_numeric(found[name].str.slice(0, 9), errors="coerce").astype("Int64") for name in ("first", "second", "third")}
    )
    found["first"] = numbers["first"]
    # "12-38" is a run, "12-1" a number within 12, "92-94-96" three of a run
    within = found["joint"].isin(["之", "附"]) | found["joint"].str.contains("附", regex=False) | (numbers["second"] < numbers["first"])
    within = within.fillna(value=False) & numbers["second"].notna()
    last = numbers["third"].fillna(numbers["second"].mask(within))
    found["last"] = last.where(last >= numbers["first"], numbers["first"])
    one = found["last"].eq(numbers["first"]).fillna(value=False)
    inner = found["rest"].str.extract(rf"(?:^|(?!{DASH})\D)(\d+)(?:号楼|栋|幢|座|#)", expand=False)
    inner = inner.fillna(found["rest"].where(found["unit"].eq("号院") & found["rest"].str.fullmatch(r"\d+", na=False)))
    sub = (
        found["letter"]
        .fillna(found["letter_after"])
        .fillna(found["letter_end"].where(found["unit"].notna()))
        .str.upper()
        .fillna(found["second"].where(within))
        .fillna(inner)
    )
    found["sub"] = sub.where(one & found["third"].isna())
    even, odd = (found["piece"].str.contains(words_, regex=True) for words_ in ("双号|偶数|双数", "单号|奇数|单数"))
    found["parity"] = pd.Series("all", index=found.index, dtype="str").mask(even & ~odd, "even").mask(odd & ~even, "odd")
    side = found["parity"].eq("all") & (numbers["second"] - found["first"]).eq(2) & (numbers["third"] - numbers["second"]).eq(2)
    for remainder, name in enumerate(("even", "odd")):
        found["parity"] = found["parity"].mask((side & found["first"].mod(2).eq(remainder)).fillna(value=False), name)
    unit = found[["unit", "second_unit", "third_unit"]].notna().any(axis=1)
    ended = found["rest"].str.fullmatch(rf"{SIDE}?", na=False)
    after = found["rest"].str.match(rf"的?(?:正|斜)?(?:{NEAR})", na=False)
    before = found["road"].fillna(found["piece"])
    numbered = found["first"].notna() & (found["last"] <= LARGEST_DOOR).fillna(value=False) & (unit | ended)
    whole = found["road"].where(numbered, found["piece"])
    crossing, near = (
        before.str.contains(CROSSING, regex=True),
        (whole if not len(whole) else before).str.contains(rf"(?:{NEAR})$", regex=True),
    )
    found["road"] = _road(whole)
    named = found["road"].notna() & found["road"].ne("")
    carried = found["road"].where(named & ~crossing).groupby(found["text"], sort=False).ffill()
    found["road"] = found["road"].where(named, carried.where(numbered))
    # in "12号院1号楼、3号楼" the second is within number 12 too
    door = found["first"].where(inner.notna() & one, 0).where(named).groupby(found["text"], sort=False).ffill()
    inside = numbered & ~named & found["unit"].fillna(found["second_unit"]).isin(BUILDING_UNITS) & door.gt(0).fillna(value=False)
    found["sub"] = found["sub"].mask(inside, found["first"].astype("string").where(found["first"].eq(found["last"])))
    found[["first", "last"]] = found[["first", "last"]].mask(inside, door, axis=0)
    # a bare number without 号 at its end is a door only on a road, or in a list that began with one
    sure = unit | found["road"].str.contains(ROAD + "$", regex=True, na=False) | ~named
    why = pd.Series(None, index=found.index, dtype="str")
    why = why.mask(~(numbered & sure), "no_number").mask(found["road"].isna(), "no_road")
    near |= after | (~numbered & found["piece"].str.contains(NEAR, regex=True))
    found["unread"] = why.mask(near, "near").mask(crossing, "crossing")
    return found


def _folded(series: pd.Series) -> pd.Series:
    """NFKC, spaces out between Chinese characters, brackets gone but for the side of the road, numbers in digits."""
    plain = series.astype("str").str.normalize("NFKC")
    plain = plain.str.replace(r"(?<=\d)\s+(?=\d)", "、", regex=True)  # two numbers, and not one
    plain = plain.str.replace(r"(?<=[\u4e00-\u9fff\d,、])\s+|\s+(?=[\u4e00-\u9fff\d])", "", regex=True)
    plain = plain.str.replace(SHORT_SIDE, lambda found: "双号" if (found[1] or found[2]) in "双偶" else "单号", regex=True)
    plain = plain.str.replace(r"\([^()]*\)?|【[^】]*】|\[[^\]]*\]", "", regex=True)
    return _numbered(plain.str.replace(COUNTED, _digits, regex=True))


def _numbered(names: pd.Series) -> pd.Series:
    return names.str.replace(NUMBERED_ROAD, lambda found: _numerals(int(found[1])), regex=True)


def _digits(found: re.Match[str]) -> str:
    """二十三 → 23, 一〇五 → 105."""
    text = found[0].replace("拾", "十").replace("佰", "百")
    plain = "".join(DIGITS.get(character, character) for character in text)
    if "十" not in plain and "百" not in plain:
        return plain
    counted = re.fullmatch(r"(?:(\d)百)?0?(?:(\d?)十)?(\d?)", plain)
    if counted is None:
        return text
    hundreds, tens, ones = counted.groups()
    return str(100 * int(hundreds or 0) + 10 * int((tens or 1) if tens is not None else 0) + int(ones or 0))


def _numerals(number: int) -> str:
    """23 → 二十三, for numbers under 100."""
    tens, ones = divmod(number, 10)
    names = "零一二三四五六七八九"
    return names[number] if not tens else ("" if tens == 1 else names[tens]) + "十" + (names[ones] if ones else "")


def _road(pieces: pd.Series) -> pd.Series:
    plain = normalise_road(
        pieces.astype("str")
        .str.replace(rf"^.*(?:{NEAR})(?=.*{ROAD}$)", "", regex=True)
        .str.replace(REGION, "", regex=True)
        .str.replace(rf"(?:{SIDE}|第|门牌)+$", "", regex=True)
    )
    return plain.str.replace(r"^.*-", "", regex=True).str.strip(" ~:")
