"""What is declared of the stages, against the code and what follows from it."""

from __future__ import annotations

import inspect
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline import registry
from pipeline.config import Config
from pipeline.making.code import imported
from pipeline.making.steps import Places, steps_of
from pipeline.registry import DOCUMENTS, OF_INTAKE, STAGES, Stage
from pipeline.tables import INPUTS, TABLES

ROOT = Path(__file__).resolve().parents[1]


def told_apart(stage: Stage) -> tuple[set[str], set[str]]:
    """What a stage's function takes, and what its declaration gives it."""
    parameters = inspect.signature(registry.named(stage.function)).parameters
    rest = next((p.name for p in parameters.values() if p.kind is p.VAR_KEYWORD), "")
    takes = {name for name in parameters if name != rest}
    if rest:  # handed on to the function that the rest is for
        inner = inspect.signature(
            registry.named(stage.function.replace("check_district", "check"))
        ).parameters
        takes |= {name for name in inner if name not in ("placed", "of_areas")}
    gives = {*stage.reads, *stage.settings, *(["jobs"] if stage.shares_work else [])}
    return takes, gives


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.name)
def test_a_stage_is_given_what_its_function_takes_and_nothing_else(stage):
    takes, gives = told_apart(stage)
    assert takes == gives


def test_a_declaration_that_lacks_a_table_is_noticed():
    gaps = next(stage for stage in STAGES if stage.name == "gaps")
    without = replace(gaps, reads=tuple(name for name in gaps.reads if name != "land"))
    takes, gives = told_apart(without)
    assert takes - gives == {"land"}


def test_stages_stand_in_the_order_they_run_and_every_table_is_written_once():
    there = {*INPUTS, *OF_INTAKE}
    for stage in STAGES:
        assert set(stage.reads) <= there, stage.name
        assert stage.writes not in there
        there.add(stage.writes)
    assert there - {*OF_INTAKE} == {*TABLES} - {"rejects", "repairs"}
    assert all(set(document.reads) <= there for document in DOCUMENTS)
    assert set(registry.MAPPED) <= there


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.name)
def test_every_stage_says_what_it_does_in_a_line_and_sums_up_what_it_made(stage):
    assert registry.docstring(stage.function).splitlines()[0].endswith(".")
    assert callable(registry.named(f"{registry.module_of(stage.function)}:summary"))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.file)
def test_a_document_is_given_what_its_view_takes(document):
    parameters = inspect.signature(registry.named(document.view)).parameters.values()
    if not any(p.kind is p.VAR_KEYWORD for p in parameters):
        assert {p.name for p in parameters} == set(document.reads)


def test_every_setting_is_one_that_the_configuration_has():
    config = Config.load(ROOT / "district.toml")
    wanted = [registry.INGEST_SETTINGS, registry.DOCUMENT_SETTINGS, registry.MAP_SETTINGS]
    for settings in (*wanted, *(stage.settings for stage in STAGES)):
        registry.settings_of(config, settings)


def test_a_step_stands_after_those_whose_files_it_reads():
    at = Places(Path("d.toml"), Path("raw"), Path("out"), Path("maps"), generates=True)
    there: set[Path] = set()
    for step in steps_of(Config.load(ROOT / "district.toml"), at).values():
        assert {
            path for path in step.reads.values() if path.suffix != ".json" or "intake" in path.name
        } <= there
        there |= set(step.writes)


def test_nothing_but_a_script_that_starts_fast_is_loaded_for_a_make_with_nothing_to_do():
    source = (ROOT / "pipeline" / "making" / "fresh.py").read_bytes()
    top = source.split(b"def ")[0]
    assert imported(top, "pipeline.making.fresh") == ()
