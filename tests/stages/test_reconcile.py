from __future__ import annotations

from pipeline.config import Declared
from pipeline.stages.reconcile import reconcile


def run(table, declared, **given):
    names = ("areas", "register", "entries", "contracts", "assessments", "subdistricts")
    return reconcile(**{name: table(name, given.get(name)) for name in names}, declared=declared).set_index(
        "figure"
    )


def test_a_figure_within_the_tolerance_passes_and_one_outside_fails(table):
    areas = [{"area_id": "A", "floor_area_m2": 995.0}]
    out = run(table, Declared(floor_area_m2=1000, areas=2), areas=areas)
    assert out["verdict"].to_dict() == {"areas": "fail", "floor_area_m2": "pass"}
    assert out.loc["areas", "difference"] == -1 and out.loc["areas", "difference_share"] == -0.5


def test_a_count_is_right_or_wrong_whatever_the_tolerance(table):
    areas = [{"area_id": f"A{i}"} for i in range(198)]
    assert run(table, Declared(areas=199), areas=areas).loc["areas", "verdict"] == "fail"
    assert run(table, Declared(areas=198), areas=areas).loc["areas", "verdict"] == "pass"


def test_a_figure_that_no_input_confirms_is_said_to_be_so(table):
    out = run(table, Declared(service_rooms=8, management_units=29))
    assert set(out["verdict"]) == {"warn"} and out["computed"].isna().all()


def test_declared_figures_that_contradict_each_other_are_named(table):
    letter = Declared(
        floor_area_m2=6_360_000, register_entries=279, first_batch_floor_area_m2=377_000, first_batch_buildings=104,
        survey_households=20_953, survey_agree=3_455, survey_refuse=13_260, survey_no_opinion=4_238, survey_agree_share=0.1648,
    )  # fmt: skip
    out = run(table, letter)
    assert "22,796" in out.loc["register_entries", "note"] and "3,625" in out.loc["register_entries", "note"]
    assert "16.489%" in out.loc["survey_agree_share", "note"]
    assert out.loc["survey_households", "verdict"] == "pass"


def test_nothing_declared_gives_an_empty_table(table):
    assert run(table, Declared()).empty
