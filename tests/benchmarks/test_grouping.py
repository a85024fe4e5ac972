"""The public benchmark: scores, places from folders, labels from a CSV (docs/benchmark.md)."""

from __future__ import annotations

import itertools
import json
import sys
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))

import grouping
import places
import scores
from methods import Method

CRS = "EPSG:32648"


# --- scores ---------------------------------------------------------------------------------------------------


def test_the_index_is_what_hubert_and_arabie_say():
    assert scores.ari([0, 0, 1, 1], [5, 5, 9, 9]) == 1.0
    assert scores.ari([0, 0, 1, 1], [0, 0, 1, 2]) == pytest.approx(4 / 7)
    assert scores.ari([0, 0, 1, 1], [0, 1, 0, 1]) == pytest.approx(-0.5)
    assert scores.ari([0, 0, 1, 1], [3, 3, 3, 3]) == 0.0


@given(st.lists(st.tuples(st.integers(-1, 3), st.integers(0, 3)), min_size=1, max_size=25))
def test_a_building_of_unknown_group_counts_nowhere(pairs):
    truth, label = np.array([(0, 0), *pairs]).T
    known = truth >= 0
    for of in (scores.ari, scores.pair_f1, scores.exact):
        assert of(truth, label) == of(truth[known], label[known])
    with_all, without = (
        scores.score(t, x, name="p") for t, x in ((truth, label), (truth[known], label[known]))
    )
    assert (with_all.found, with_all.true) == (without.found, without.true)
    assert with_all.aris.tolist() == without.aris.tolist()


def test_no_known_building_is_an_error():
    with pytest.raises(ValueError, match="no building has a known group"):
        scores.ari([-1, -1], [0, 1])


def test_a_group_is_exact_if_it_is_whole_and_alone():
    assert scores.exact([0, 0, 1, 1, 2], [0, 0, 1, 2, 2]) == pytest.approx(1 / 3)


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=2, max_size=14),
    st.lists(st.integers(0, 3), min_size=4, max_size=4),
)
def test_a_resample_counts_a_group_as_often_as_it_is_drawn(pairs, drawn):
    truth, label = np.array(pairs).T
    counts = scores.contingency(truth, label)
    draws = np.array([drawn[: len(counts)]], dtype=float)
    code = np.unique(truth, return_inverse=True)[1]
    both = true = found = every = 0.0
    for i, j in itertools.combinations(range(len(truth)), 2):
        same = code[i] == code[j]
        weight = draws[0][code[i]] * (1 if same else draws[0][code[j]])
        every += weight
        true += weight * same
        found += weight * (label[i] == label[j])
        both += weight * (same and label[i] == label[j])
    if true == found == both:
        expected = 1.0
    else:
        chance = true * found / every
        expected = (both - chance) / ((true + found) / 2 - chance)
    assert scores._ari(counts, draws)[0] == pytest.approx(expected)


def test_resamples_are_those_of_the_place_whatever_is_scored_before():
    truth = np.repeat(np.arange(6), 4)
    label = np.where(np.arange(24) % 5 == 0, 9, truth)
    first = scores.score(truth, label, name="kista")
    scores.score(truth, truth, name="berlin")
    again = scores.score(truth, label, name="kista")
    assert first.aris.tolist() == again.aris.tolist()
    assert scores.interval(first.aris) == scores.interval(again.aris)
    assert first.aris.tolist() != scores.score(truth, label, name="berlin").aris.tolist()
    low, high = scores.interval(first.aris)
    assert low < first.ari < high


def test_the_number_is_near_within_15_percent():
    truth = np.repeat(np.arange(20), 2)
    assert scores.score(truth, np.minimum(truth, 16), name="p").near  # 17 of 20
    assert not scores.score(truth, np.minimum(truth, 15), name="p").near


# --- places ---------------------------------------------------------------------------------------------------


def folder(at, **changes):
    """A place of two groups of two buildings, one home of unknown group and a shed."""
    at.mkdir(parents=True)
    corners = [(350_000 + 30 * i, 150_000) for i in range(6)]
    buildings = gpd.GeoDataFrame(
        {
            "building_id": ["f", "a", "b", "c", "d", "e"],
            "use": ["residential"] * 4 + ["auxiliary"] * 2,
            "use_all": ["residential"] * 5 + ["auxiliary"],
            "floors": [5, 0, None, 7, 7, 1],
            "group": [0, 0, 1, 1, -1, -1],
        },
        geometry=[shapely.box(x, y, x + 10, y + 10) for x, y in corners],
        crs=CRS,
    )
    roads = gpd.GeoDataFrame(
        {"class": ["lane"]}, geometry=[shapely.LineString([(350_050, 149_900), (350_050, 150_100)])], crs=CRS
    )
    about = {"name": at.name, "crs": 32648, "grade": "strong"}
    buildings, roads, about = (
        changes.get(name, lambda given: given)(given)
        for name, given in (("buildings", buildings), ("roads", roads), ("about", about))
    )
    for name, layer in (("buildings", buildings), ("roads", roads)):
        if layer is not None:
            layer.to_crs("EPSG:4326").to_file(at / f"{name}.geojson", driver="GeoJSON")
    (at / "place.json").write_text(about if isinstance(about, str) else json.dumps(about), encoding="utf-8")
    return at


def test_a_place_runs_in_three_ways(tmp_path):
    place = places.read_folder(folder(tmp_path / "toy"))
    assert (place.name, place.grade, place.ways, len(place)) == ("toy", "strong", "abc", 2)
    assert dict(zip(place.homes["building_id"], place.truth, strict=True)) == {"a": 0, "b": 1, "c": 1, "f": 0}
    every = place.at("c")
    assert dict(zip(every.homes["building_id"], every.truth, strict=True)) == {
        "a": 0, "b": 1, "c": 1, "d": -1, "f": 0,
    }  # fmt: skip
    assert len(every) == 2 and "OpenStreetMap" in place.licence
    assert place.at("a") is place and place.at("b") is place
    assert place.homes["floors"].isna().tolist() == [True, True, False, False]  # 0 floors are not known


def test_a_place_without_use_all_has_two_ways(tmp_path):
    place = places.read_folder(folder(tmp_path / "toy", buildings=lambda b: b.drop(columns="use_all")))
    assert place.ways == "ab"
    with pytest.raises(ValueError, match="toy has no way c"):
        place.at("c")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"about": lambda a: "{"}, r"place\.json: no JSON"),
        ({"about": lambda a: a | {"crs": "WGS 84"}}, r"place\.json: crs has to be the EPSG code"),
        ({"about": lambda a: a | {"crs": 99999}}, r"place\.json: EPSG:99999 is no CRS"),
        ({"about": lambda a: a | {"crs": 4326}}, r"place\.json: EPSG:4326 is not in metres"),
        ({"about": lambda a: a | {"grade": "good"}}, r"grade has to be one of strong, weak, and is 'good'"),
        ({"roads": lambda r: None}, r"roads\.geojson: not there"),
        ({"roads": lambda r: r.assign(**{"class": "alley"})}, r"roads\.geojson: row 1, class: no class of"),
        ({"buildings": lambda b: b.drop(columns=["use", "group"])}, r"column use, group is missing"),
        ({"buildings": lambda b: b.assign(building_id="x")}, r"row 2, building_id: twice \(5 such rows\)"),
        ({"buildings": lambda b: b.assign(group=0.5)}, r"row 1, group: no whole number"),
        ({"buildings": lambda b: b.assign(group=-1)}, r"no residential building has a group"),
        ({"buildings": lambda b: b.assign(use_all="other")}, r"known group is no home in use_all"),
        ({"buildings": lambda b: b.set_geometry(b.centroid)}, r"buildings: .*Point"),
    ],
)
def test_a_broken_folder_is_named_with_what_is_wrong(tmp_path, change, message):
    with pytest.raises(places.PlaceError, match=message) as stopped:
        places.read_folder(folder(tmp_path / "toy", **change))
    assert "toy" in str(stopped.value)


def test_an_empty_folder_is_named(tmp_path):
    with pytest.raises(places.PlaceError, match=r"place\.json: cannot be read \(No such file"):
        places.read_folder(tmp_path)


def test_folders_that_are_missing_are_said(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(places, "FOLDERS", tmp_path / "places")
    assert places.places(["kista"]) == []
    assert f"{tmp_path / 'places'}: not there, left out" in capsys.readouterr().err


# --- labels from a CSV ----------------------------------------------------------------------------------------


@pytest.fixture
def toys(tmp_path):
    return [places.read_folder(folder(tmp_path / "places" / name)) for name in ("east", "west")]


def table(at, text):
    at.write_text(text, encoding="utf-8")
    return at


def test_labels_count_for_the_way_that_is_said(tmp_path, toys):
    text = "way,place,building_id,label\na,east,a,1\nc,east,a,x\nc,east,d,x\n"
    read = grouping.read_labels(table(tmp_path / "x.csv", text), toys, "b")
    assert {way: {name: dict(of) for name, of in part.items()} for way, part in read.items()} == {
        "a": {"east": {"a": "1"}},
        "c": {"east": {"a": "x", "d": "x"}},
    }
    text = "place,building_id,label\nwest,f,NA\n"
    assert grouping.read_labels(table(tmp_path / "x.csv", text), toys, "b")["b"]["west"].to_dict() == {
        "f": "NA"
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("place,label\neast,1\n", r"x\.csv: column building_id is missing"),
        ("", r"x\.csv: cannot be read"),
        ("place,building_id,label\neast,a,1\neats,a,1\n", r"'eats' is no place at hand \(meant 'east'\?\)"),
        (
            "place,building_id,label\neast,a,1\neast,z,1\n",
            r"line 3: building 'z' of 'east' is no building of",
        ),
        ("place,building_id,label\neast,a,1\neast,a,2\n", r"line 3: building 'a' of 'east' is there twice"),
        ("place,building_id,label\neast,a,\n", r"line 2: building 'a' of 'east' has no label"),
        ("place,building_id,label,way\neast,a,1,d\n", r"has a way that is none of a, b, c"),
    ],
)
def test_a_csv_that_cannot_be_scored_says_why(tmp_path, toys, text, message):
    with pytest.raises(grouping.ResultError, match=message):
        grouping.read_labels(table(tmp_path / "x.csv", text), toys, "b")


def test_a_known_building_without_a_label_counts_alone(toys, capsys):
    result = grouping.given_labels(toys[0], {"east": pd.Series({"a": "1", "b": "2", "c": "2"})}, "x")
    assert len(set(result.label.tolist())) == 3  # a | b, c | f
    assert "x: 1 known buildings of east have no label" in capsys.readouterr().err
    assert grouping.given_labels(toys[1], {}, "x").reason == "no labels"


def test_somebody_elses_labels_stand_beside_ours(tmp_path, toys, monkeypatch, capsys):
    monkeypatch.setattr(grouping, "places", lambda wanted: toys)
    rows = [f"{place},{b},{g}" for place in ("east", "west") for b, g in zip("fabc", "0011", strict=True)]
    file = table(tmp_path / "theirs.csv", "\n".join(["place,building_id,label", *rows]))
    grouping.main(["--methods", "ours,skater", "--ways", "b", "--score", str(file)])
    lines = capsys.readouterr().out.splitlines()
    assert lines.count("| | theirs | 1.000 | 1.000 | 1.000 | 2 / 2 |  |") == 2
    assert any(
        line.startswith("| theirs | 2 of 2 | 1.000 (1.00–1.00) | 1.000 (1.00–1.00) | ") for line in lines
    )
    assert sum(line.startswith("| | ours | ") for line in lines) == 2
    assert "| Skater (spopt) | 0 of 2 | | | | | | | |" in lines


# --- splits, and files for other tools ------------------------------------------------------------------------


def test_a_cut_is_chosen_on_the_other_places(toys):
    right, wrong = np.array([0, 1, 1, 0]), np.array([0, 1, 2, 3])
    # the first cut is right in the east and the second in the west: each is told what is right in the other
    labels = {"east": [right, wrong], "west": [wrong, right]}
    method = Method("x", at_cuts=lambda place, cuts: labels[place.name], cuts=(1.0, 2.0))
    east, west = grouping.run(method, toys, "b")
    assert east.label is wrong and west.label is wrong
    alone = grouping.run(method, toys[:1], "b")[0]
    assert alone.label is None and alone.reason == "no other place to choose its cut on"


def test_a_method_that_takes_no_number_runs_once_for_both_ways(toys, monkeypatch, capsys):
    ran = []
    method = grouping.METHODS["blocks"]
    count = lambda place, *k: ran.append(place.name) or np.zeros(len(place.homes), int)  # noqa: E731
    monkeypatch.setitem(grouping.METHODS, "blocks", Method("x", given=count, unknown=count, free=method.free))
    monkeypatch.setattr(grouping, "places", lambda wanted: toys)
    grouping.main(["--methods", "blocks"])
    assert ran == ["east", "west"] * 2  # a and b together, and c with more buildings
    out = capsys.readouterr().out
    assert all(f"## Way {way}: " in out for way in "abc")


def test_a_part_never_chooses_for_its_whole(toys):
    part = toys[0].part("east, half", np.array([True, True, True, False]))
    assert grouping.fold(part) == "east"
    method = Method("x", at_cuts=lambda place, cuts: [np.zeros(len(place.homes))], cuts=(1.0,))
    assert [r.label is None for r in grouping.run(method, [toys[0], part], "b")] == [True, True]


def test_means_leave_parts_out(toys):
    part = toys[0].part("east, half", np.array([True, True, True, False]))
    scored = {
        ("x", place.name): scores.score(place.truth, place.truth if place is toys[0] else [0] * n, name="p")
        for place, n in ((toys[0], 4), (toys[1], 4), (part, 3))
    }
    row = grouping.means([*toys, part], scored, {"x": "X"})[-1].split(" | ")
    assert row[1] == "2 of 2" and row[2].startswith("0.500 (") and "0.000 west" in row


@pytest.mark.parametrize("kind", ["gpkg", "geojson"])
def test_what_is_written_can_be_read_without_us(tmp_path, toys, kind):
    grouping.write(tmp_path / "out", toys, kind)
    split = pd.read_csv(tmp_path / "out" / "split.csv")
    assert split["place"].tolist() == split["fold"].tolist() == ["east", "west"]
    assert split["ways"].tolist() == ["abc", "abc"] and split["groups"].tolist() == [2, 2]
    homes = gpd.read_file(tmp_path / "out" / "east" / f"buildings.{kind}")
    assert dict(zip(homes["building_id"], homes["ways"], strict=True))["d"] == "c"
    assert "group" not in homes.columns  # the truth is a file of its own
    assert homes.crs.to_epsg() == (32648 if kind == "gpkg" else 4326)
    truth = pd.read_csv(tmp_path / "out" / "east" / "truth.csv").set_index("building_id")["group"]
    assert truth.to_dict() == {"a": 0, "b": 1, "c": 1, "d": -1, "f": 0}
    assert len(gpd.read_file(tmp_path / "out" / "east" / f"roads.{kind}")) == 1
