"""Which encoding a text is in."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.raw.errors import SourceError
from pipeline.readers import alphabets, encodings

TABLE = "name,address\n学苑路,石道街\n"
OTHER = "name,address\n大海路,白石街\n"
#: What names of places are made of, in characters that every one of the encodings has.
SHARED = "路街巷里大小新老南北中上下前後左右花公山水河江湖海林森木石沙土田地明月日星光金玉福安平和民人政工商文英市村楼樓"
NAMES = st.text(
    st.sampled_from([c for c in alphabets.PLACES if c not in "楼" and c.encode("gb2312", "ignore")]),
    min_size=20,
    max_size=200,
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "big5", "utf-16"])
def test_a_file_is_decoded_whole(encoding: str) -> None:
    found = encodings.decode_file(OTHER.encode(encoding))
    assert found.text == OTHER
    assert found.encoding.startswith(encoding.removesuffix("-sig"))
    assert not found.notes


def test_what_is_stated_wins_and_must_fit() -> None:
    assert encodings.decode_file("学苑路".encode("big5", "ignore"), "big5").encoding == "big5 (stated)"
    assert encodings.decode_file("学苑路".encode("gbk"), "utf-8").text == "ѧԷ·"
    with pytest.raises(SourceError, match="its text is not utf-8"):
        encodings.decode_file("胜利路".encode("gbk"), "utf-8")
    with pytest.raises(SourceError, match="unknown encoding"):
        encodings.decode_file(b"x", "gkb")


def test_a_byte_order_mark_is_no_text_even_where_the_encoding_is_stated() -> None:
    assert encodings.decode_file(TABLE.encode("utf-8-sig"), "utf-8").text == TABLE


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("label", ["", "utf-8", "gb18030", "latin-1", "no such thing"])
def test_a_name_that_is_valid_in_both_is_told_by_its_characters_whatever_the_label(
    encoding: str, label: str
) -> None:
    decision = encodings.decide(["学苑路".encode(encoding)], label)
    assert decision.encoding == encoding
    assert not decision.notes


def test_gbk_text_whose_first_name_is_also_utf_8_is_found_from_the_rest() -> None:
    values = ["学苑路".encode("gbk"), *("胜利路 石道街 土城 河西".encode("gbk").split())]
    assert encodings.decide(values).encoding == "gb18030"
    assert encodings.decide([v.decode("gbk").encode() for v in values]).encoding == "utf-8"


def test_the_label_decides_where_the_text_does_not() -> None:
    either = ["啊".encode("gbk")]  # in Big5 陛, which is as frequent
    assert encodings.decide([b"plain"], "gb18030").encoding == "gb18030"
    assert encodings.decide([b"plain"]).encoding == "utf-8"
    assert encodings.decide(either, "gb18030").encoding == "gb18030"
    assert encodings.decide(either, "big5").encoding == "cp950"


def test_russian_is_not_taken_for_chinese() -> None:
    assert encodings.decide(["улица Ленина, дом 12".encode()]).encoding == "utf-8"
    assert encodings.decide(["улица Ленина, дом 12".encode("cp1251")], "cp1251").encoding == "cp1251"


def test_the_evidence_is_recorded() -> None:
    decision = encodings.decide([name.encode("gbk") for name in ("胜利路", "石道街", "白云街道")])
    assert decision.reason.startswith(
        "gb18030 (0.99: all 3 texts decode, 100% common characters in Chinese; "
    )


def test_too_little_to_tell_is_said() -> None:
    assert "its encoding is uncertain" in encodings.decide(["镕".encode("gbk")]).notes[0]


def test_text_that_was_spoilt_before_it_was_saved_is_noticed() -> None:
    spoilt = "大连市西岗区胜利路".encode().decode("gbk", "replace").encode()
    assert "spoilt before it was saved" in encodings.decide([spoilt]).notes[0]


@pytest.mark.parametrize("taken_for", ["latin-1", "cp1252"])
@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("胜利小区一号", "gb18030"),
        ("大海路一号", "utf-8"),
        ("улица Ленина", "cp1251"),
        ("수원시 장안구", "cp949"),
        ("Müllerstraße", "utf-8"),
    ],
)
def test_text_that_was_taken_for_western_before_it_was_saved_is_doubted(
    text: str, encoding: str, taken_for: str
) -> None:
    spoilt = text.encode(encoding).decode(taken_for, "ignore")
    doubts = encodings.misread([spoilt])
    assert doubts or taken_for == "cp1252"
    assert all(text[:3] in doubt for doubt in doubts if taken_for == "latin-1")
    assert encodings.decode_file(f"name,n\n{spoilt},1\n".encode()).notes or taken_for == "cp1252"


@pytest.mark.parametrize(
    "text",
    [
        "Müllerstraße",
        "Île de la Cité",
        "São José",
        "Ålesund Ærø",
        "Łódź Wąska",
        "120m²",
        "3×5",
        "«Мир»",
        "a·b",
    ],
)
def test_western_text_is_not_doubted(text: str) -> None:
    assert encodings.misread([text]) == ()


@given(NAMES, st.sampled_from(["utf-8", "gb18030"]), st.sampled_from(["", "utf-8", "gb18030", "cp950"]))
def test_names_of_places_are_found_in_what_they_were_written_in(
    names: str, encoding: str, label: str
) -> None:
    assert encodings.decide([names.encode(encoding)], label).encoding == encoding


@given(st.text(st.sampled_from(SHARED.replace("楼", "")), min_size=20, max_size=200))
def test_traditional_names_are_found_in_big5(names: str) -> None:
    assert encodings.decide([names.encode("cp950")]).encoding == "cp950"
    assert encodings.decide([names.encode("gb18030")]).encoding == "gb18030"


@given(st.lists(st.text(max_size=8), max_size=20), st.randoms())
def test_the_order_of_the_values_makes_no_difference(values: list[str], rng: random.Random) -> None:
    content = [value.encode("utf-8", "replace") for value in values]
    shuffled = rng.sample(content, len(content))
    assert encodings.decide(content) == encodings.decide(shuffled)


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "big5"])
def test_a_cut_character_in_a_file_costs_that_character_and_a_note(encoding: str) -> None:
    lines = [f"{i},大海路,白石街" for i in range(20)]
    content = "\n".join(lines).encode(encoding).split(b"\n")
    content[6] = content[6].replace("路".encode(encoding), "路".encode(encoding)[:-1])
    found = encodings.decode_file(b"\n".join(content))
    assert found.encoding.startswith(encoding)
    assert found.text.split("\n")[6] == "6,大海\ufffd,白石街"
    assert [line for i, line in enumerate(found.text.split("\n")) if i != 6] == lines[:6] + lines[7:]
    assert "1 line (7)" in found.notes[0]


def test_a_cut_character_costs_only_itself() -> None:
    assert encodings.decode_value("湖北省".encode()[:-1], "utf-8") == ("湖北", True)
    assert encodings.decode_value("湖北省".encode(), "utf-8") == ("湖北省", False)
    assert encodings.decide(["地梗植物带".encode()[:-1], "坡度".encode()], "utf-8").encoding == "utf-8"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize(
    "path", ["suzhou/estates_2020.csv", "xigang/estates_2020.csv", "xigang/subdistricts_210203_2020.csv"]
)
def test_real_tables_in_every_encoding(shared_data: Path, path: str, encoding: str) -> None:
    text = (shared_data / path).read_text("utf-8")
    found = encodings.decode_file(text.encode(encoding))
    assert found.text == text
    assert not found.notes


@pytest.mark.parametrize(
    "path", ["suzhou/estates_2020.csv", "xigang/estates_2020.csv", "xigang/subdistricts_210203_2020.csv"]
)
def test_real_tables_in_big5_as_far_as_it_has_their_characters(shared_data: Path, path: str) -> None:
    content = (shared_data / path).read_text("utf-8").encode("cp950", "ignore")
    assert encodings.decode_file(content).text == content.decode("cp950")


@pytest.mark.parametrize(("text", "encoding"), [("東京都新宿区", "iso2022_jp"), ("胜利小区", "hz")])
def test_text_of_seven_bits_is_not_taken_for_ascii(text: str, encoding: str) -> None:
    assert encodings.decode_file(f"name,n\n{text},1\n".encode(encoding)).text == f"name,n\n{text},1\n"
