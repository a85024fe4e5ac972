"""Names of roads read against the roads there are."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.parsing.road_names import PREFIXED, REWORDED, read_roads, road_keys

NAMES = st.lists(st.text(alphabet="胜利石道一二东北路街巷", min_size=1, max_size=5), unique=True)


def read(name: str, *known: str) -> tuple[str | None, float | None]:
    found = read_roads(road_keys(pd.Series([name])), road_keys(pd.Series(list(known))), margin=0.1).iloc[0]
    return (None, None) if pd.isna(found["read_as"]) else (found["read_as"], found["likeness"])


def test_a_known_road_is_itself_however_alike_another_is() -> None:
    assert read("胜利街", "胜利路", "胜利街") == ("胜利街", 1.0)
    assert read("香1街", "香一街", "香二街") == ("香一街", 1.0)


def test_words_in_front_of_a_known_road_are_left_out() -> None:
    assert read("胜利桥北上海路", "上海路", "胜利路") == ("上海路", PREFIXED)


def test_words_in_front_of_several_known_roads_are_a_region_and_no_doubt() -> None:
    names = pd.Series(["西岗八一路", "西岗长江路", "西岗香周路", "大连八一路"])
    found = read_roads(names, pd.Series(["八一路", "长江路", "香周路"]), margin=0.1)
    assert found["read_as"].tolist() == ["八一路", "长江路", "香周路", "八一路"]
    assert found["likeness"].tolist() == [1.0, 1.0, 1.0, PREFIXED]


@pytest.mark.parametrize("name", ["胜利街", "胜利大街", "胜利大道", "胜利"])
def test_another_word_for_street_is_read_as_the_only_one_of_that_name(name: str) -> None:
    assert read(name, "胜利路", "石道街") == ("胜利路", REWORDED)
    if name != "胜利街":
        assert read(name, "胜利路", "胜利街", "石道街")[0] is None


def test_a_slip_of_one_letter_is_told_by_how_alike_the_name_is() -> None:
    assert read("兆磷街", "兆麟街", "胜利路") == ("兆麟街", 0.67)


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("香一街", ["香三街"]),
        ("石道街", ["北石道街"]),
        ("智勇巷", ["智勇西巷"]),
        ("胜利巷", ["胜利路"]),
        ("双盛街", ["双兴街", "双发街"]),
        ("黄海大街", ["胜利路"]),
    ],
)
def test_what_is_another_road_or_could_be_two_is_not_read(name: str, known: list[str]) -> None:
    assert read(name, *known) == (None, None)


@settings(deadline=None, max_examples=30)
@given(NAMES, NAMES)
def test_a_name_is_read_as_a_known_one_or_none_whatever_the_order(names: list[str], known: list[str]) -> None:
    keys, roads = (
        road_keys(pd.Series(names, dtype="str")).drop_duplicates(),
        road_keys(pd.Series(known, dtype="str")).drop_duplicates(),
    )
    found = read_roads(keys, roads, margin=0.1)
    assert found["read_as"].dropna().isin(roads).all() and found["likeness"].dropna().between(0, 1).all()
    assert (found["read_as"].eq(found["name"]) == found["name"].isin(roads)).all()
    assert read_roads(keys, roads[::-1], margin=0.1).equals(found)
