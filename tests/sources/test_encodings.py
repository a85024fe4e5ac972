"""Which encoding a text is in."""

from __future__ import annotations

import pytest

from pipeline.sources import encodings
from pipeline.sources.errors import SourceError


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_file_is_decoded_whole(encoding: str) -> None:
    text, chosen = encodings.decode_file("name,address\n学苑路,石道街\n".encode(encoding), "a.csv")
    assert text == "name,address\n学苑路,石道街\n"
    assert chosen.startswith(encoding.removesuffix("-sig"))


def test_what_is_stated_wins_and_must_fit() -> None:
    assert encodings.decode_file("学苑路".encode("big5", "ignore"), "a.csv", "big5")[1] == "big5 (stated)"
    with pytest.raises(SourceError, match=r"a\.csv.*utf-8"):
        encodings.decode_file("胜利路".encode("gbk"), "a.csv", "utf-8")
    with pytest.raises(SourceError, match="unknown encoding"):
        encodings.decode_file(b"x", "a.csv", "gkb")


def test_gbk_text_whose_first_name_is_also_utf_8_is_found_from_the_rest() -> None:
    values = ["学苑路".encode("gbk"), *("胜利路 石道街 土城 河西".encode("gbk").split())]
    assert encodings.decide(values)[0] == "gb18030"
    assert encodings.decide([v.decode("gbk").encode() for v in values])[0] == "utf-8"


def test_a_cut_character_costs_only_itself() -> None:
    assert encodings.decode_value("湖北省".encode()[:-1], "utf-8") == ("湖北", True)
    assert encodings.decode_value("湖北省".encode(), "utf-8") == ("湖北省", False)
    assert encodings.decide(["地梗植物带".encode()[:-1], "坡度".encode()], "utf-8")[0] == "utf-8"
