"""Chinese addresses as registers write them: roads, door numbers, and runs of door numbers with odd or even
side.

"胜利路12-38号(双号)、石道街5号" is two pieces: 胜利路 12 to 38, even; 石道街 5. Addresses are folded first:
full-width digits and brackets become ASCII (NFKC), traditional characters simplified ones, numerals before
号, 栋, 弄 … become digits (十二号 is 12号), digits before 街, 巷 … numerals (青春2巷 is 青春二巷); a bracket
such as "(西岗香炉礁)" and the province, city, district and subdistrict in front of the road are dropped. A
piece that names no door says why it could not be read: nothing is guessed here. docs/addresses.md has a table
of what is read as what.
"""

from __future__ import annotations

import pandas as pd

from pipeline.parsing.door_number_lists import DASH, HOUSE, LETTER, STEMS, written_out
from pipeline.parsing.numerals import NUMERAL, to_digits, to_numerals
from pipeline.parsing.simplified_chinese import simplified

ROAD = r"(?:大道|大街|马路|路|街|巷|弄|里|胡同|道|条|段|线)"
UNIT = r"(?:号楼|号院|号|栋|幢|座|楼|#)"
BUILDING_UNITS = ("号楼", "栋", "幢", "座", "#")
SIDE = r"(?:双号|偶数|双数|单号|奇数|单数)"
#: The side in brackets, "(双)" or "(单号侧)", or as one character behind the numbers, "12-38号双".
SHORT_SIDE = r"\(\s*([双偶单奇])[号数]?[侧边]?\s*\)|(?<=[号\d])([双偶单奇])(?=$|[、,;/。])"
#: What may stand before a number: few, for a road may end in others (庚, 辛).
LETTER_BEFORE = "(?:[甲乙丙丁戊]|(?<![A-Za-z])[A-Za-z])"
LETTER_END = rf"(?:[{STEMS}]|[A-Za-z](?![A-Za-z\d]))"
#: What may stand before the road; 市 and 区 need two characters before them, so that 市场街 and 小区 stay.
REGION = (
    r"^(?:[^\d省市区县]{2,8}?(?:省|自治区|自治州))?(?:[^\d省市区县]{2,8}?市)?"
    r"(?:[^\d省市区县街路]{1,6}?(?<![小社园校])[区县](?![路街巷]))?(?:[^\d路街]{2,6}?街道(?=\D))?"
)
#: Numerals that count doors, not part of a name: those before a unit, alone or in a run or list, and behind
#: 号之, 号附, 号-.
COUNTED = (
    rf"(?<!{NUMERAL}){NUMERAL}++"
    rf"(?={LETTER}?(?:(?:(?:{DASH}|[、,/和及与])[之附副]?|[之附副])(?:{NUMERAL}++|\d++){LETTER}?){{0,60}}(?:号|栋|幢|座|弄|单元|#))"
    rf"|(?<=[号院、][之附副]){NUMERAL}++|(?<=[号院]-){NUMERAL}++"
)
#: A street whose name is counted: "2巷"; a lane 弄 keeps its number.
NUMBERED_ROAD = r"(?<![\d号栋幢座楼#~-])(\d{1,2})(?=大街|街|巷|马路|路|段|条|胡同|道街)"
#: What stands between the pieces of a list.
BETWEEN = r"[、,;/。]|(?<=[\d号栋幢座楼#])\.(?=\d)|(?<=[号栋幢座楼])(?:和|及|与)"
CROSSING = "交叉|交汇|交界|交口|路口|街口|合围|围合|之间|与.*(?:路|街|巷)"
NEAR = "附近|周围|旁|对面|对过|后身|身后|后边|后面|前面|原址|隔壁|以[东南西北内]|[东西南北][侧行边面]|方向"
RUN = (
    rf"^(?P<road>\D*?(?:\d+弄(?:\D*?(?=\d))?)?)(?:第|No\.?)?(?P<letter>{LETTER_BEFORE})?(?P<first>\d+)(?P<letter_after>{LETTER}(?![A-Za-z]))?(?P<unit>{UNIT})?"
    rf"(?P<joint>{DASH}{{1,2}}附?|[之附])?(?(joint)(?P<second>\d+))(?P<second_unit>{UNIT})?"
    rf"(?:{DASH}{{1,2}}(?P<third>\d+)(?P<third_unit>{UNIT})?)?(?P<letter_end>{LETTER_END})?(?P<rest>.*)$"
)
#: A building within a number, a number in its yard, and a position, as they stand behind 号.
WITHIN = rf"(?:^|(?!{DASH})[^\dA-Za-z])([A-Za-z]?\d+){HOUSE}"
IN_YARD = r"^(?:大院|小院|里院|院)?里?内?(\d+)号?$"
YARD = "^(?:[大小里]?院|里?内)"
POSITION = "^院?([前后东西南北中])(?:$|[院楼栋座幢])"
#: What brackets behind a number may hold, and it belongs to the number: 12号(甲), 12号(附1号), 12号(后院).
IN_BRACKETS = rf"(?<=[\d号])\(({LETTER}座?|[附之副](?:{NUMERAL}+|\d+)号?|\d+{HOUSE}|[前后内]院?|院内)\)"
_TEXTS = ("piece", "road", "parity", "sub", "house", "unread")
PIECE_COLUMNS = {"row": "int64", "first": "Int64", "last": "Int64", "own": "bool"} | dict.fromkeys(
    _TEXTS, "str"
)
LARGEST_DOOR = 99_999
#: Most addresses have one number; where more than PATTERN_PAYS differ in nothing else, two of them tell what
#: all give.
ONE_NUMBER = "[^0-9]*[0-9]{1,5}[^0-9]*"
PATTERN_PAYS = 2


def read_pieces(series: pd.Series) -> pd.DataFrame:
    """Every piece of the addresses, in the order of the text.

    Parameters
    ----------
    series : Series of str
        Addresses.

    Returns
    -------
    DataFrame
        One row a piece, with PIECE_COLUMNS. row: index label of the series; piece: the text; road: road, lane
        or estate; first, last: Int64, the numbers; parity: all, odd, even; sub: text, which door of one
        number ("7-1号": "1"; "甲7号": "甲"; "7号后院": "后"); house: text, which building within it
        ("7号1栋": "1", "7号A座": "A"); own: flag, the number without its other doors ("7号院", "7号2单元",
        "7号1栋"); unread: none, or why it names no door: crossing (of two roads), near (something),
        no_number, no_road, two_ways (7-1、2号). A number without a road has the road before it
        ("黄河路12、14号").
    """
    place, distinct = pd.factorize(series)
    if not len(distinct):
        return no_pieces()
    pieces = _distinct_pieces(pd.Series(distinct, dtype="str"))
    rows = pd.DataFrame({"row": series.index, "text": place})[place >= 0]
    return rows.merge(pieces, on="text", how="inner")[list(PIECE_COLUMNS)]


def no_pieces() -> pd.DataFrame:
    """What `read_pieces` gives where there is nothing to read."""
    return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in PIECE_COLUMNS.items()})


def parse_address(series: pd.Series) -> pd.DataFrame:
    """Road and door number of addresses; the first of several counts.

    Parameters
    ----------
    series : Series of str
        Addresses.

    Returns
    -------
    DataFrame, index of series
        road (normalised text) and door_number (Int64), null where there is none.
    """
    place, distinct = pd.factorize(series)
    words = pd.Series(distinct, dtype="str")
    return _by_pattern(words).reindex(place).set_axis(series.index)


def _by_pattern(words: pd.Series) -> pd.DataFrame:
    """What `_first_doors` gives, found once for all addresses that differ only in the digits of their one
    number.

    The rules look at digits as such, compare numbers, and write those of some streets in words. So where the
    same comes out with noughts and with nines in their place, but for that number itself, the same comes out
    with any digits.
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
    same = (low["road"].eq(high["road"]) | (low["road"].isna() & high["road"].isna())) & (
        doors | no_doors
    ).fillna(value=False)
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
    bare = pieces[
        ~pieces["row"].duplicated()
        & pieces["unread"].eq("no_number")
        & pieces["road"].str.contains(ROAD + "$", regex=True)
    ]
    road = door["road"].fillna(bare.set_index("row")["road"].reindex(words.index))
    return pd.DataFrame({"road": road.astype("str"), "door_number": door["first"].astype("Int64")})


def normalise_road(series: pd.Series) -> pd.Series:
    """Names of roads as `read_pieces` writes them, so that both compare equal.

    Parameters
    ----------
    series : Series of str

    Returns
    -------
    Series of str, index of series
        Folded, without spaces at the ends or doubled; null where nothing is left.
    """
    place, distinct = pd.factorize(series)
    folded = (
        pd.Series(distinct, dtype="str")
        .str.normalize("NFKC")
        .str.replace(r"\s+", " ", regex=True)
        .str.strip()
    )
    return _numbered(folded.where(folded != "").astype("str")).reindex(place).set_axis(series.index)


def _distinct_pieces(words: pd.Series) -> pd.DataFrame:
    pieces = _folded(words).str.split(BETWEEN, regex=True).explode().str.strip()
    pieces = pieces[pieces.notna() & (pieces != "")].str.replace(r"(?<!\d)\d++(?:余|多)?米", "", regex=True)
    found = pieces.reset_index(drop=True).str.extract(RUN)
    found[["text", "piece"]] = pd.DataFrame({"text": pieces.index, "piece": pieces.to_numpy()})
    numbers = pd.DataFrame(
        {
            name: pd.to_numeric(found[name].str.slice(0, 9), errors="coerce").astype("Int64")
            for name in ("first", "second", "third")
        }
    )
    found["first"] = numbers["first"]
    # "12-38" is a run, "12-1" a number within 12, "92-94-96" three of a run
    within = (
        found["joint"].isin(["之", "附"])
        | found["joint"].str.contains("附", regex=False)
        | (numbers["second"] <= numbers["first"])
    )
    within = within.fillna(value=False) & numbers["second"].notna()
    last = numbers["third"].fillna(numbers["second"]).mask(within)
    found["last"] = last.where(last >= numbers["first"], numbers["first"])
    one = found["last"].eq(numbers["first"]).fillna(value=False)
    _within(found, within, one)
    even, odd = (
        found["piece"].str.contains(words_, regex=True) for words_ in ("双号|偶数|双数", "单号|奇数|单数")
    )
    found["parity"] = (
        pd.Series("all", index=found.index, dtype="str").mask(even & ~odd, "even").mask(odd & ~even, "odd")
    )
    side = (
        found["parity"].eq("all")
        & (numbers["second"] - found["first"]).eq(2)
        & (numbers["third"] - numbers["second"]).eq(2)
    )
    for remainder, name in enumerate(("even", "odd")):
        found["parity"] = found["parity"].mask(
            (side & found["first"].mod(2).eq(remainder)).fillna(value=False), name
        )
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
    door = (
        found["first"]
        .where(found["house"].notna(), 0)
        .where(named)
        .groupby(found["text"], sort=False)
        .ffill()
    )
    inside = (
        numbered
        & ~named
        & found["unit"].fillna(found["second_unit"]).isin(BUILDING_UNITS)
        & door.gt(0).fillna(value=False)
    )
    found["house"] = found["house"].mask(
        inside, found["first"].astype("str").where(found["first"].eq(found["last"]))
    )
    found["own"] |= inside
    found[["first", "last"]] = found[["first", "last"]].mask(inside, door, axis=0)
    # a bare number without 号 at its end is a door only on a road, or in a list that began with one
    sure = unit | found["road"].str.contains(ROAD + "$", regex=True, na=False) | ~named
    why = pd.Series(None, index=found.index, dtype="str")
    why = why.mask(~(numbered & sure), "no_number").mask(found["road"].isna(), "no_road")
    # in "7-1、2号" the 2 may be a door of the road or one of number 7
    open_ = found["first"].where(within & found["second_unit"].isna(), 0).where(named)
    why = why.mask(
        (numbered & ~named & (found["first"] < open_.groupby(found["text"], sort=False).ffill())).fillna(
            value=False
        ),
        "two_ways",
    )
    near |= after | (~numbered & found["piece"].str.contains(NEAR, regex=True))
    found["unread"] = why.mask(near, "near").mask(crossing, "crossing")
    return found


def _within(found: pd.DataFrame, branch: pd.Series, one: pd.Series) -> None:
    """Set sub, house and own, the first two where the piece has one number; branch: the second number is one
    within the first.
    """
    counted, yard, rest = found["unit"].notna(), found["unit"].eq("号院"), found["rest"]
    tower = counted & rest.str.match(HOUSE, na=False)
    position = rest.str.extract(POSITION, expand=False).where(counted)
    in_yard = rest.str.extract(IN_YARD, expand=False).where(
        yard | rest.str.contains(YARD, regex=True, na=False)
    )
    letter_end = found["letter_end"].where(counted)
    house = (
        letter_end.where(tower)
        .str.upper()
        .fillna(rest.str.extract(WITHIN, expand=False).str.upper())
        .fillna(in_yard)
    )
    sub = found["letter"].fillna(found["letter_after"]).fillna(letter_end.mask(tower)).str.upper()
    found["sub"] = (
        sub.fillna(found["second"].where(branch)).fillna(position).where(one & found["third"].isna())
    )
    found["house"] = house.where(one)
    yards = found[["unit", "second_unit", "third_unit"]].eq("号院").any(axis=1)
    more = (
        one & (counted & ~rest.str.fullmatch(f"{SIDE}?", na=True) | found["third"].notna())
        | found["house"].notna()
    )
    found["own"] = ((yards | more) & found["sub"].isna()).fillna(value=False).astype("bool")


def _folded(series: pd.Series) -> pd.Series:
    """NFKC, simplified, spaces out between Chinese characters, brackets gone but for the side of the road,
    numbers in digits, doors within one number one by one.
    """
    plain = simplified(series.astype("str").str.normalize("NFKC"))
    plain = plain.str.replace(r"(?<=\d)\s+(?=\d)", "、", regex=True)  # two numbers, and not one
    plain = plain.str.replace(r"(?<=[\u4e00-\u9fff\d,、])\s+|\s+(?=[\u4e00-\u9fff\d])", "", regex=True)
    plain = plain.str.replace(
        SHORT_SIDE, lambda found: "双号" if (found[1] or found[2]) in "双偶" else "单号", regex=True
    )
    plain = plain.str.replace(IN_BRACKETS, r"\1", regex=True)
    plain = plain.str.replace(r"\([^()]*\)?|【[^】]*】|\[[^\]]*\]", "", regex=True)
    plain = plain.str.replace(COUNTED, lambda found: to_digits(found[0]), regex=True)
    plain = plain.str.replace(r"(?<=[\d号])副(?=\d)", "附", regex=True)
    # 12-甲号 is 12甲号
    plain = plain.str.replace(rf"(?<=[\d号])(?:[之附]|{DASH})(?={LETTER}(?:$|[^A-Za-z\d]))", "", regex=True)
    plain = plain.str.replace(rf"(?<=号){DASH}(?=\d+[栋幢座#])", "", regex=True)
    plain = plain.str.replace(r"(?<=[路街巷弄道里])([前后内])(\d+号?)", r"\2\1", regex=True)
    plain = plain.str.replace(r"(?<!\d)(\d++)([前后内])号", r"\1号\2", regex=True)
    return _numbered(written_out(plain))


def _numbered(names: pd.Series) -> pd.Series:
    return names.str.replace(NUMBERED_ROAD, lambda found: to_numerals(int(found[1])), regex=True)


def _road(pieces: pd.Series) -> pd.Series:
    plain = normalise_road(
        pieces.astype("str")
        .str.replace(rf"^.*(?:{NEAR})(?=.*{ROAD}$)", "", regex=True)
        .str.replace(REGION, "", regex=True)
        .str.replace(rf"(?:{SIDE}|第|门牌)+$", "", regex=True)
    )
    return plain.str.replace(r"^.*-", "", regex=True).str.strip(" ~:")
