"""Roads and door numbers in addresses."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.parsing.addresses import normalise_road, parse_address, read_pieces
from pipeline.parsing.door_columns import door_number


def parse_runs(series):
    """The pieces that name doors."""
    pieces = read_pieces(series)
    out = pieces.loc[pieces["unread"].isna(), ["row", "road", "first", "last", "parity", "sub"]].reset_index(
        drop=True
    )
    return out.astype({"road": "str", "first": "int64", "last": "int64", "parity": "str"})


def runs(address: str) -> list[tuple[str, int, int, str]]:
    found = parse_runs(pd.Series([address]))
    return list(found[["road", "first", "last", "parity"]].itertuples(index=False, name=None))


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("胜利路12-38号(双号)、石道街5号", [("胜利路", 12, 38, "even"), ("石道街", 5, 5, "all")]),
        ("胜利路１２－３８号（双号），石道街５号", [("胜利路", 12, 38, "even"), ("石道街", 5, 5, "all")]),
        ("胜利路1~99号(单号)", [("胜利路", 1, 99, "odd")]),
        ("胜利路单号1至99号", [("胜利路", 1, 99, "odd")]),
        ("胜利路12号—38号", [("胜利路", 12, 38, "all")]),
        (
            "黄河路12、14、16号",
            [("黄河路", 12, 12, "all"), ("黄河路", 14, 14, "all"), ("黄河路", 16, 16, "all")],
        ),
        ("工一巷7-1号", [("工一巷", 7, 7, "all")]),
        ("黄河路12号3栋2单元", [("黄河路", 12, 12, "all")]),
        ("大连市西岗区黄河路12号", [("黄河路", 12, 12, "all")]),
        ("辽宁省大连市西岗区香炉礁街道胜利路7号", [("胜利路", 7, 7, "all")]),
        ("(西岗石道街)石道街5号", [("石道街", 5, 5, "all")]),
        ("市场街8号", [("市场街", 8, 8, "all")]),
        ("西岗-石道街-胜利路8号", [("胜利路", 8, 8, "all")]),
        ("通归桥弄50号, 通归桥弄6号", [("通归桥弄", 50, 50, "all"), ("通归桥弄", 6, 6, "all")]),
        ("小河浜10号", [("小河浜", 10, 10, "all")]),
        ("胜利小区3号楼", [("胜利小区", 3, 3, "all")]),
        ("民权街 12 号", [("民权街", 12, 12, "all")]),
        ("青春2巷8号", [("青春二巷", 8, 8, "all")]),
        ("五五路一号", [("五五路", 1, 1, "all")]),
        ("胜利路十二至三十八号(双号)", [("胜利路", 12, 38, "even")]),
        ("新日街一百零五号", [("新日街", 105, 105, "all")]),
        ("八一路一段12号", [("八一路一段", 12, 12, "all")]),
        ("绕山路25号至103号", [("绕山路", 25, 103, "all")]),
        ("新石道街1--25", [("新石道街", 1, 25, "all")]),
        ("宏济街92-94-96号", [("宏济街", 92, 96, "even")]),
        ("宏济街1-3-7号", [("宏济街", 1, 7, "all")]),
        ("胜利路12-38号（双）", [("胜利路", 12, 38, "even")]),
        ("胜利路１１－３９号单", [("胜利路", 11, 39, "odd")]),
        (
            "胜利路5、7-11(单号侧)、20号",
            [("胜利路", 5, 5, "all"), ("胜利路", 7, 11, "odd"), ("胜利路", 20, 20, "all")],
        ),
        ("胜利路1 3 5号", [("胜利路", 1, 1, "all"), ("胜利路", 3, 3, "all"), ("胜利路", 5, 5, "all")]),
        ("长江路12号．14号", [("长江路", 12, 12, "all"), ("长江路", 14, 14, "all")]),
        ("拥政街2.4.6号", [("拥政街", 2, 2, "all"), ("拥政街", 4, 4, "all"), ("拥政街", 6, 6, "all")]),
        ("胜利路3号和5号", [("胜利路", 3, 3, "all"), ("胜利路", 5, 5, "all")]),
        ("香枫街2-6双号", [("香枫街", 2, 6, "even")]),
        ("胜利路23弄5号", [("胜利路23弄", 5, 5, "all")]),
        ("胜利路12巷5号", [("胜利路十二巷", 5, 5, "all")]),
        ("新开路9号金广大厦旁", [("新开路", 9, 9, "all")]),
        ("胜利桥北100米上海路28号", [("胜利桥北上海路", 28, 28, "all")]),
        ("胜利路与新市路旁", []),
        ("新开路与黄河路交汇处东行100", []),
        ("三元街34中对面", []),
        ("胜利路12号对面", []),
        ("大同街、纪念街60号以内", []),
        ("三环街", []),
        ("", []),
    ],
)
def test_runs_of_door_numbers(address: str, expected: list[tuple[str, int, int, str]]) -> None:
    assert runs(address) == expected


@pytest.mark.parametrize("address", ["胜利路12号院1号楼、3号楼", "胜利路12号院1、3号楼", "胜利路12号1栋,3栋"])
def test_a_building_listed_behind_one_within_a_number_is_within_it_too(address: str) -> None:
    pieces = read_pieces(pd.Series([address]))
    assert pieces[["first", "last"]].to_numpy().tolist() == [[12, 12], [12, 12]] and pieces[
        "house"
    ].tolist() == ["1", "3"]


@pytest.mark.parametrize(
    ("address", "sub"),
    [
        ("胜利路7-1号", "1"),
        ("五四路66号-2", "2"),
        ("胜利路7号附3号", "3"),
        ("胜利路7之2号", "2"),
        ("胜利路甲7号", "甲"),
        ("胜利路7号甲", "甲"),
        ("胜利路7a号", "A"),
        ("胜利路7号8层3号", None),
        ("胜利路7-9号", None),
    ],
)
def test_what_is_named_within_a_number(address: str, sub: str | None) -> None:
    assert read_pieces(pd.Series([address]))["sub"].astype(object).where(
        lambda found: found.notna(), None
    ).tolist() == [sub]


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("胜利路与石道街交叉口", "crossing"),
        ("地铁站旁", "near"),
        ("胜利路12号附近", "near"),
        ("新华医院附近拥政街", "near"),
        ("胜利路", "no_number"),
        ("暂无资料", "no_number"),
        ("12号", "no_road"),
    ],
)
def test_a_piece_that_names_no_door_says_why(address: str, why: str) -> None:
    assert read_pieces(pd.Series([address]))["unread"].tolist() == [why]


def test_the_row_is_the_label_of_the_address() -> None:
    found = parse_runs(pd.Series(["胜利路1号、3号", None, "石道街5号"], index=[7, 8, 9]))
    assert found["row"].tolist() == [7, 7, 9]


def test_an_address_gives_its_first_road_and_number() -> None:
    found = parse_address(
        pd.Series(["胜利路12-38号", "三环街", None, "无", "胜利路12-38号"], index=list("abcde"))
    )
    assert found["road"].fillna("").tolist() == ["胜利路", "三环街", "", "", "胜利路"]
    assert found["door_number"].tolist() == [12, pd.NA, pd.NA, pd.NA, 12]
    assert found.index.tolist() == list("abcde")


def test_roads_given_apart_compare_equal_after_folding() -> None:
    assert normalise_road(pd.Series([" Чкаловская  улица", "胜利路　", ""])).fillna("").tolist() == [
        "Чкаловская улица",
        "胜利路",
        "",
    ]


def test_door_numbers_given_apart_begin_with_a_number() -> None:
    assert door_number(pd.Series(["5", "5号", "12B", "5/7", "", "x", "１２"])).tolist() == [
        5,
        5,
        12,
        5,
        pd.NA,
        pd.NA,
        12,
    ]


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.one_of(st.none(), st.text(), st.text(alphabet="胜利路号栋12-至、(双单)市区甲A附之院座#後十")))
)
def test_any_text_is_parsed_without_complaint(addresses: list[str | None]) -> None:
    series = pd.Series(addresses, dtype="str")
    found = parse_runs(series)
    assert (found["first"] <= found["last"]).all()
    assert found["row"].isin(series.index).all()
    assert len(parse_address(series)) == len(series)


@pytest.mark.parametrize(
    "part",
    [
        "一",
        "一、",
        "1",
        "1-",
        "12号",
        "1号1、",
        "1号附1、",
        "1A、",
        "1号A、B座",
        "甲",
        "12(",
        "路1号",
        "附",
        "之一",
    ],
)
def test_ten_thousand_hostile_characters_are_read_as_soon_as_any(part: str) -> None:
    begun = time.process_time()
    read_pieces(pd.Series([part * (10_000 // len(part))]))
    assert time.process_time() - begun < 3


PARTS = st.sampled_from(
    [
        "胜利路",
        "八一路",
        "石道街",
        "巷",
        "弄",
        "号",
        "号楼",
        "栋",
        "#",
        "-",
        "至",
        "、",
        "，",
        "(双号)",
        "单号",
        "附",
        "之",
        "甲",
        "附近",
        "与",
        "交叉口",
        "大连市",
        "西岗区",
        "一",
        "十二",
        "第",
        "米",
        "小区",
        "①",
        "１",
        "a",
    ]
)
AROUND = st.tuples(st.lists(PARTS, max_size=4).map("".join), st.lists(PARTS, max_size=4).map("".join))
ONE_NUMBER = st.sampled_from(["0", "1", "2", "9", "007", "10", "38", "99", "100", "99999"])


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(AROUND, st.lists(ONE_NUMBER, min_size=3, unique=True)), min_size=1, max_size=12))
def test_addresses_that_differ_in_one_number_are_read_as_each_alone(
    given: list[tuple[tuple[str, str], list[str]]],
) -> None:
    words = pd.Series(
        [before + number + after for (before, after), numbers in given for number in numbers], dtype="str"
    ).drop_duplicates()
    words = words.reset_index(drop=True)
    pieces = read_pieces(words)  # every word by itself: nothing is inferred from words that are like it
    read = pieces[pieces["unread"].isna()].drop_duplicates("row").set_index("row")
    together = parse_address(words)
    assert together["door_number"].equals(read["first"].reindex(words.index).astype("Int64"))
    named = together["road"][read.index]
    assert named.equals(read["road"].astype("str").rename("road").rename_axis(None))


NUMERALS = "零一二三四五六七八九"
ROADS = st.sampled_from(["胜利路", "工一巷", "八一路", "香炉礁街", "五四路", "胜利路一巷", "石道街"])
RUNS = st.lists(
    st.tuples(ROADS, st.integers(1, 899), st.integers(0, 60), st.sampled_from(["all", "odd", "even"])),
    min_size=1,
    max_size=4,
)


def numerals(number: int) -> str:
    """105 → 一百零五."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = (NUMERALS[hundreds] + "百" if hundreds else "") + ("零" if hundreds and ones and not tens else "")
    return (
        text
        + (("" if tens == 1 and not hundreds else NUMERALS[tens]) + "十" if tens else "")
        + (NUMERALS[ones] if ones else "")
    )


@settings(max_examples=20, deadline=None)
@given(RUNS, st.sampled_from("、,;，；"), st.sampled_from("-~至—～－"))
def test_an_address_is_read_back_however_its_numbers_are_written(
    given: list[tuple[str, int, int, str]], comma: str, dash: str
) -> None:
    def written(number: Callable[[int], str]) -> str:
        texts = []
        for road, first, more, side in given:
            doors = number(first) + (dash + number(first + more) if more else "")
            texts.append(f"{road}{doors}号" + {"all": "", "odd": "(单号)", "even": "（双号）"}[side])
        return comma.join(texts)

    expected = [(road, first, first + more, side) for road, first, more, side in given]
    plain = written(str)
    full_width = plain.translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"})
    found = parse_runs(pd.Series([plain, written(numerals), "大连市西岗区" + plain, full_width]))
    for row in range(4):
        of_row = found.loc[found["row"].eq(row), ["road", "first", "last", "parity"]]
        assert list(of_row.itertuples(index=False, name=None)) == expected


def test_most_of_a_real_listing_is_understood(shared_data: Path) -> None:
    addresses = pd.read_csv(shared_data / "suzhou/estates_2020.csv", dtype=str)["address"]
    assert parse_address(addresses)["door_number"].notna().mean() > 0.85
