from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.config import Config, ConfigError
from pipeline.making.steps import Places, steps_of

ROOT = Path(__file__).resolve().parents[1]

MINIMAL = """
[district]
code = "210203"
name_zh = "西岗区"
name_en = "Xigang"
crs = "EPSG:4550"
as_of = 2026-09-30
[[inputs.buildings]]
path = "b.geojson"
"""


def load(tmp_path, text):
    path = tmp_path / "d.toml"
    path.write_text(text, encoding="utf-8")
    return Config.load(path)


def refusal(tmp_path, text):
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, text)
    assert "d.toml" in str(caught.value)
    return str(caught.value)


def test_buildings_alone_are_enough(tmp_path):
    config = load(tmp_path, MINIMAL)
    assert [name for name, files in config.inputs.items() if files] == ["buildings"]
    assert config.rules.group.target_count is None


@pytest.mark.parametrize(
    "path", [ROOT / "district.toml", *sorted((ROOT / "examples").glob("*.toml"))], ids=lambda p: p.name
)
def test_the_configurations_that_come_with_the_project_load(path):
    assert Config.load(path).inputs["buildings"]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (("code =", "cod ="), "did you mean 'code'"),
        (("[[inputs.buildings]]", "[[inputs.bildings]]"), "did you mean 'buildings'"),
        (('path = "b.geojson"', 'pat = "b.geojson"'), "did you mean 'path'"),
        (('path = "b.geojson"', 'path = "b"\ncolumns = { flors = "F" }'), "did you mean 'floors'"),
        (('path = "b.geojson"', 'path = "b"\nvalues.use.residental = ["a"]'), "did you mean 'residential'"),
        (('path = "b.geojson"', 'path = "b"\nconstants = { use = "housing" }'), "not one of residential"),
        (('path = "b.geojson"', 'path = "b"\nconstants = { floors = 0 }'), "0 is not 1 to 200"),
        (('path = "b.geojson"', 'path = "b"\ndatum = "gcj"'), "not one of wgs84"),
        (
            ('path = "b.geojson"', 'path = "b"\ndatum = "auto"'),
            'inputs.buildings.reference is missing: datum = "auto" needs',
        ),
        (
            ('path = "b.geojson"', 'path = "b"\nreference = "roads"'),
            "'roads' is not one of subdistricts, communities",
        ),
        (('path = "b.geojson"', 'path = "b"\nreference = "barriers"'), "no file of barriers is listed"),
        (
            ('path = "b.geojson"', 'path = "b"\nreference = "buildings"'),
            "no file of buildings is listed above it",
        ),
        (('path = "b.geojson"', 'path = "b"\nx = "lon"'), "x and y go together"),
        (('path = "b.geojson"', 'path = "../b.geojson"'), "leads out of RAW"),
        (('path = "b.geojson"', 'path = "/etc/passwd"'), "leads out of RAW"),
        (('crs = "EPSG:4550"', "crs = 4550"), 'district.crs: expected text in "quotation marks", got 4550'),
        (("as_of = 2026-09-30", 'as_of = "autumn"'), "expected a day"),
        (('name_en = "Xigang"\n', ""), "district.name_en is missing"),
        (("[district]", "[distric]"), "did you mean 'district'"),
        (("[district]", "district ["), "not a TOML file"),
        (
            ('path = "b.geojson"', 'path = "b.geojson"\nfloors = "层数"'),
            "floors is a column of the table: write columns = { floors =",
        ),
    ],
)
def test_a_mistake_is_named_with_what_was_probably_meant(tmp_path, change, named):
    assert named in refusal(tmp_path, MINIMAL.replace(*change))


@pytest.mark.parametrize(
    ("rules", "named"),
    [
        ("[rules.grop]", "did you mean 'group'"),
        ("[rules.group]\ntarget = 3", "did you mean 'target_count'"),
        ('[rules.group]\ntarget_count = "many"', "expected a whole number, got 'many'"),
        ("[rules.group]\ntarget_count = true", "expected a whole number"),
        ("[rules.group.crossing_cost_m]\nraillway = 1", "did you mean 'railway'"),
        ('[rules.group.crossing_cost_m]\nrailway = "far"', "expected a number"),
        ("[declared]\nareaz = 3", "did you mean 'areas'"),
    ],
)
def test_a_mistake_in_the_rules_is_named(tmp_path, rules, named):
    assert named in refusal(tmp_path, MINIMAL + rules)


def test_one_rule_changed_leaves_the_others_as_they_were(tmp_path):
    costs = load(tmp_path, MINIMAL + "[rules.group.crossing_cost_m]\nlane = 1").rules.group.crossing_cost_m
    assert costs["lane"] == 1.0 and costs["railway"] == float("inf")


def test_a_missing_configuration_says_how_to_give_one(tmp_path):
    with pytest.raises(ConfigError, match="CONFIG="):
        Config.load(tmp_path / "none.toml")


ROADS = '[[inputs.barriers]]\npath = "r.geojson"\n'
OFFICES = '[[inputs.subdistricts]]\npath = "s.geojson"\n'


def trusted(tmp_path, text):
    """Input → the tables that its step reads."""
    steps = steps_of(load(tmp_path, text), Places(tmp_path, tmp_path, tmp_path, tmp_path))
    return {name.split()[1]: sorted(step.reads) for name, step in steps.items() if name.startswith("ingest")}


def test_each_input_is_read_after_those_it_is_held_against(tmp_path):
    assert trusted(tmp_path, MINIMAL) == {"buildings": []}
    found = trusted(tmp_path, MINIMAL + ROADS + OFFICES + '[[inputs.contracts]]\npath = "c.csv"\n')
    assert found == {
        "subdistricts": [],
        "buildings": ["subdistricts"],
        "barriers": ["subdistricts"],
        "contracts": [],
    }
    register = '[[inputs.register]]\npath = "l.csv"\ndatum = "auto"\nreference = "buildings"\n'
    assert trusted(tmp_path, MINIMAL + register)["register"] == ["buildings"]
    assert trusted(tmp_path, MINIMAL + OFFICES + register)["register"] == ["buildings", "subdistricts"]


def test_subdistricts_are_fitted_to_roads_that_are_then_not_held_against_them(tmp_path):
    found = trusted(tmp_path, MINIMAL + ROADS + OFFICES + 'datum = "auto"\nreference = "barriers"')
    assert (found["subdistricts"], found["barriers"]) == (["barriers"], [])


def test_the_second_file_of_an_input_may_be_fitted_to_the_first(tmp_path):
    second = '[[inputs.buildings]]\npath = "c.geojson"\ndatum = "auto"\nreference = "buildings"\n'
    assert trusted(tmp_path, MINIMAL + second)["buildings"] == []


@pytest.mark.parametrize(
    "text",
    [
        MINIMAL + 'reference = "barriers"\n' + ROADS + 'reference = "buildings"\n',
        MINIMAL + OFFICES + 'reference = "buildings"\n',
        MINIMAL + OFFICES + 'reference = "barriers"\n' + ROADS + 'reference = "buildings"\n',
    ],
)
def test_what_is_fitted_in_a_circle_is_refused(tmp_path, text):
    assert "by way of others, to itself" in refusal(tmp_path, text)


def test_limits_come_from_the_configuration(tmp_path):
    limits = load(tmp_path, MINIMAL + "[limits]\nvertices_max = 5").limits
    assert (limits.vertices_max, limits.text_max_characters) == (5, 10_000)
    with pytest.raises(ConfigError, match="did you mean 'vertices_max'"):
        load(tmp_path, MINIMAL + "[limits]\nvertices = 5")


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_a_toml_is_read_however_an_editor_saves_it(tmp_path, encoding, line_end):
    (tmp_path / "d.toml").write_bytes(MINIMAL.strip().replace("\n", line_end).encode(encoding))
    assert Config.load(tmp_path / "d.toml").district.name_zh == "西岗区"


def test_a_toml_in_a_code_page_is_refused_with_its_line_and_what_to_do(tmp_path):
    (tmp_path / "d.toml").write_bytes(MINIMAL.encode("gbk"))
    with pytest.raises(
        ConfigError,
        match=r"d\.toml: not a TOML file: line 4 is not in UTF-8; save it again with the encoding UTF-8",
    ):
        Config.load(tmp_path / "d.toml")
