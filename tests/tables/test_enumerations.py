"""What is said of each value of an enumeration elsewhere is said of all of them, and of no other."""

from __future__ import annotations

import ast
from dataclasses import fields
from pathlib import Path

import pytest

from pipeline.config.keys import Declared, DelineateRules, GroupRules, ServiceRules
from pipeline.geometry.boundary import four_sides
from pipeline.stages import bounds, edges, gaps
from pipeline.stages.reasons import facts
from pipeline.stages.reconcile import UNITS
from pipeline.tables import (
    BARRIER_CLASSES,
    ENUMERATIONS,
    FACES,
    FOLLOWS,
    GAP_KINDS,
    LAND_KINDS,
    SERVICES,
    SIDES,
    TABLES,
)

PIPELINE = Path(gaps.__file__).parents[1]


def test_they_are_listed_by_table_and_column_in_their_order():
    assert ENUMERATIONS["gaps.kind"] == tuple(GAP_KINDS)
    assert ENUMERATIONS["register.mode"] == ENUMERATIONS["service.mode_eligible"]
    assert len(ENUMERATIONS) == sum(bool(c.values) for table in TABLES.values() for c in table.columns)


def test_every_value_says_what_it_means():
    meanings = [m for table in TABLES.values() for c in table.columns for m in c.values.values()]
    assert all(isinstance(meaning, str) and meaning for meaning in meanings)


@pytest.mark.parametrize(
    ("said", "declared"),
    [
        (set(GroupRules().crossing_cost_m), set(BARRIER_CLASSES)),
        (set(DelineateRules().road_half_width_m), set(BARRIER_CLASSES)),
        (set(ServiceRules().points), set(SERVICES)),
        (set(edges.KINDS), set(BARRIER_CLASSES)),
        (set(edges.KINDS.values()) | {"subdistrict_line", "parcel"}, set(edges.LINES)),
        (set(facts.THINGS), set(BARRIER_CLASSES) | set(LAND_KINDS) - {"residential"} | {"compound"}),
        (set(bounds.WORDS), set(FACES) - {"area", "area_beyond"}),
        (set(four_sides.SIDES), set(SIDES)),
        (set(UNITS), {each.name for each in fields(Declared)} - {"source", "tolerance_share"}),
    ],
    ids=["crossing", "half width", "points", "kinds", "lines", "things", "words", "sides", "declared"],
)
def test_what_is_said_of_one_value_is_said_of_all(said, declared):
    assert said == declared


def test_what_a_boundary_follows_is_declared():
    assert set(edges.LINES) | set(bounds.UNSEEN) | set(bounds.SHARED) <= set(FOLLOWS)


def literals(path):
    """Every list of text in a module, with its line."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Tuple | ast.List | ast.Set):
            yield node.lineno, [e.value for e in node.elts if isinstance(e, ast.Constant)]
        if isinstance(node, ast.Dict):
            yield node.lineno, [e.value for e in node.keys if isinstance(e, ast.Constant)]


@pytest.mark.parametrize("name", sorted(ENUMERATIONS))
def test_no_module_has_a_list_of_the_values_of_its_own(name):
    if len(ENUMERATIONS[name]) < 4 or name in ("edges.side",):
        return
    copies = [
        f"{path.relative_to(PIPELINE)}:{line}"
        for path in PIPELINE.rglob("*.py")
        if path.parent.name not in ("tables", "config", "inspect", "sample")
        for line, found in literals(path)
        if set(found) == set(ENUMERATIONS[name])
    ]
    assert not copies
