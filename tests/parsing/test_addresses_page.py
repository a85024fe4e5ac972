"""docs/addresses.md says what is read as what: its tables are tried as they stand there."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
import shapely

from pipeline.config import MatchRules
from pipeline.parsing.address_matching import find_doors
from pipeline.parsing.addresses import read_pieces
from pipeline.parsing.door_columns import door_number, door_suffix

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "addresses.md").read_text(encoding="utf-8")


def rows(heading):
    """The cells of the table under a heading of the page."""
    section = PAGE.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]
    assert len(cells) > 4
    return cells


WRITTEN = [row[0] for heading in ("One number", "Several numbers") for row in rows(heading)]
PIECES = read_pieces(pd.Series(WRITTEN, index=WRITTEN))


def found(table, entry, homes):
    """Whether the entry finds each of the homes."""
    built = [
        {"building_id": str(i), "geometry": shapely.box(0, 0, 1, 1), **home} for i, home in enumerate(homes)
    ]
    tables = {
        "entries": [{"entry_id": "e", "area_id": "A", **entry}],
        "register": [{"area_id": "A"}],
        "buildings": built,
        "barriers": [],
    }
    ids = find_doors(
        **{name: table(name, given) for name, given in tables.items()}, rules=MatchRules()
    ).found["building_id"]
    return [str(i) in set(ids) for i in range(len(homes))]


@pytest.mark.parametrize("row", rows("One number"), ids=lambda row: row[0])
def test_one_number_is_read_as_the_page_says(row):
    written, road, number, door, house = row
    piece = PIECES[PIECES["row"].eq(written)].iloc[0]
    read = ["own" if piece["own"] else piece["sub"], piece["house"]]
    assert [piece["road"], str(piece["first"]), *("" if pd.isna(value) else value for value in read)] == [
        road,
        number,
        door,
        house,
    ]
    assert piece["first"] == piece["last"] and pd.isna(piece["unread"])


def said(piece):
    if not pd.isna(piece.unread):
        return f"unread: {piece.unread}"
    numbers = str(piece.first) if piece.first == piece.last else f"{piece.first} to {piece.last}"
    within = "" if pd.isna(piece.sub) else f" door {piece.sub}"
    return (
        numbers
        + within
        + ("" if pd.isna(piece.house) else f" building {piece.house}")
        + ("" if piece.parity == "all" else f", {piece.parity}")
    )


@pytest.mark.parametrize(("written", "expected"), rows("Several numbers"))
def test_several_numbers_are_read_as_the_page_says(written, expected):
    pieces = list(PIECES[PIECES["row"].eq(written)].itertuples())
    assert "; ".join(said(piece) for piece in pieces) == expected
    assert {piece.road for piece in pieces if pd.isna(piece.unread)} <= {"长春路"}


@pytest.mark.parametrize(("entry", "same", "others"), rows("Which are the same door"))
def test_the_same_doors_are_those_of_the_page(table, entry, same, others):
    homes = [{"address": address} for address in f"{same}, {others}".split(", ")]
    expected = [home["address"] in same.split(", ") for home in homes]
    assert found(table, {"address": entry}, homes) == expected


@pytest.mark.parametrize(("road", "number", "same", "others"), rows("A road and a door number of their own"))
def test_roads_and_numbers_in_columns_match_in_any_script_as_the_page_says(table, road, number, same, others):
    pairs = [
        re.fullmatch(r"(.*\D) +(\S*?\d.*|[０-９].*)", text).groups()
        for text in f"{same}, {others}".split(", ")
    ]
    numbers = pd.Series([pair[1] for pair in pairs])
    columns = pd.DataFrame(
        {
            "road": [pair[0] for pair in pairs],
            "door_number": door_number(numbers),
            "door_suffix": door_suffix(numbers),
        }
    )
    homes = [
        {name: value for name, value in row.items() if not pd.isna(value)}
        for row in columns.to_dict("records")
    ]
    expected = [i < len(same.split(", ")) for i in range(len(homes))]
    assert found(table, {"road": road, "door_number": number, "address": "长春路99号"}, homes) == expected


def test_a_building_known_by_its_very_door_is_not_only_found_by_the_number(table):
    homes = [{"address": "长春路12号"}, {"address": "长春路13号"}]
    assert found(table, {"address": "长春路12-1号"}, homes) == [True, False], "none is known as 12-1"
    homes = [{"road": "长春路", "door_number": 12}, {"address": "长春路12-1号"}]
    assert found(table, {"address": "长春路12-1号"}, homes) == [True, True], (
        "a bare number may be any door of it"
    )
