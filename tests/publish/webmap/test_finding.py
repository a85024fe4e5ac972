"""What the page is given to find things by: pinyin of the characters it holds, and the community of what has
no area.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.publish.webmap.payload import payload
from pipeline.publish.webmap.pinyin import readings
from tests.publish.webmap.little_district import DECLARED, DISTRICT, poisoned, tables
from tests.publish.webmap.unpacked import Unpacked, columns, read


def texts(*values: str | None) -> pd.Series:
    return pd.Series(list(values), dtype="str")


def blocks(data: dict[str, Any]) -> tuple[Unpacked, Unpacked]:
    packed = payload(data, district=DISTRICT, declared=DECLARED)
    return read(packed.picture), read(packed.facts)


# ---- pinyin


def test_characters_stand_at_each_of_their_readings_without_tones() -> None:
    found = readings([texts("长江路", None, "长兴街"), texts(None, None), texts()])
    assert "长" in found["chang"]
    assert "长" in found["zhang"]
    assert found["jie"] == "街"
    assert set("".join(found.values())) == set("长江路兴街")


@pytest.mark.parametrize(("character", "typed"), [("绿", "lv"), ("女", "nv"), ("略", "lve"), ("路", "lu")])
def test_the_vowel_with_dots_is_written_as_people_type_it(character: str, typed: str) -> None:
    assert character in readings([texts(character)])[typed]


def test_what_is_no_chinese_character_has_no_reading() -> None:
    assert readings([texts("Block 7-A", "１２号", "§ é ー ア 😀 \u2028", "`${x}`")]).keys() == {"hao", "xiao"}
    assert readings([]) == {}


def test_compatibility_forms_are_read_as_the_usual_ones() -> None:
    assert readings([texts("\uf93d")])["lv"] == "綠"


@given(
    st.lists(st.text(alphabet="胜利街长江路重庆行号12A ", max_size=8), max_size=8),
    st.randoms(use_true_random=False),
)
def test_same_texts_in_any_order_give_the_same_readings_in_order(values: list[str], random: Any) -> None:
    found = readings([texts(*values)])
    random.shuffle(values)
    again = readings([texts(*values[:3]), texts(*values[3:], None)])
    assert list(found.items()) == list(again.items())
    assert list(found) == sorted(found)
    for reading, characters in found.items():
        assert reading.isascii()
        assert reading.isalpha()
        assert characters == "".join(sorted(set(characters)))


def test_page_knows_how_every_name_address_and_manager_is_read() -> None:
    data = tables()
    _, facts = blocks(data)
    known = set("".join(facts.values(facts.head["pinyin"]).values()))
    for table, names in {
        "areas": ["name"],
        "register": ["address", "manager"],
        "buildings": ["address"],
        "compounds": ["name"],
    }.items():
        for name in names:
            assert {c for c in "".join(data[table][name].dropna()) if "\u4e00" <= c <= "\u9fff"} <= known


def test_hostile_text_adds_nothing_but_characters() -> None:
    _, facts = blocks(poisoned("</script>`${alert(1)}`{{7*7}}\u2028"))
    found = facts.values(facts.head["pinyin"])
    assert all(reading.isascii() and reading.isalpha() for reading in found)
    assert not set("".join(found.values())) & set("<>`${}\u2028")


# ---- communities


def test_only_what_has_no_area_brings_a_community_of_its_own() -> None:
    data = tables()
    loose = data["membership"].set_index("building_id")["area_id"].isna()
    own = data["buildings"].set_index("building_id")["community_code"]
    found = columns(*blocks(data), "buildings")
    for building, community in zip(found["building_id"], found["community_code"], strict=True):
        assert community == (own[building] if loose.get(building, True) else None), building


def test_gap_without_area_or_building_has_the_community_it_lies_in() -> None:
    found = columns(*blocks(tables()), "gaps")
    by_kind = dict(zip(found["kind"], found["community_code"], strict=True))
    assert by_kind["uncovered_ground"] == "210203010001"
    assert all(code is None for kind, code in by_kind.items() if kind != "uncovered_ground")


def test_gaps_where_communities_are_not_known_have_none() -> None:
    data = {name: frame for name, frame in tables().items() if name != "communities"}
    assert "community_code" not in columns(*blocks(data), "gaps")
