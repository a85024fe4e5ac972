from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
import shapely

from pipeline.config import ServiceRules
from pipeline.stages.service import assess_service
from pipeline.tables import SERVICES

GROUND = shapely.box(0, 0, 10, 10)


def run(table, *, contracts=None, assessments=None, register=None, origin="register"):
    areas = table("areas", [{"area_id": "A", "origin": origin, "geometry": GROUND}])
    register = table("register", [{"area_id": "A", **(register or {})}])
    out = assess_service(
        areas,
        register,
        table("contracts", contracts),
        table("assessments", assessments),
        as_of=date(2026, 9, 30),
        rules=ServiceRules(),
    )
    assert len(out) == 1
    return out.iloc[0]


def contract(**more):
    return {
        "contract_id": "c",
        "area_id": "A",
        "starts_on": "2025-01-01",
        "ends_on": "2027-12-31",
        "manager": "甲公司",
        **more,
    }


def points(quarter="2026Q3", **more):
    return {
        "area_id": "A",
        "quarter": quarter,
        "repair": 25,
        "order": 20,
        "cleaning": 15,
        "greening": 8,
        "records": 12,
        **more,
    }


def test_signed_and_delivered_is_served_with_the_last_score(table):
    row = run(table, contracts=[contract()], assessments=[points(), points("2026Q2", repair=0)])
    assert (row["status"], row["quarter"], row["score"], row["manager"]) == ("served", "2026Q3", 80, "甲公司")


def test_a_form_that_nobody_filled_in_is_no_assessment_and_the_one_before_it_counts(table):
    blank = points("2026Q4", **dict.fromkeys(SERVICES))
    alone = run(table, contracts=[contract()], assessments=[blank])
    assert alone["status"] == "served" and pd.isna(alone["missing_services"]) and pd.isna(alone["quarter"])
    after = run(table, contracts=[contract()], assessments=[points(), blank])
    assert (after["quarter"], after["score"]) == ("2026Q3", 80)


@pytest.mark.parametrize(
    "missing",
    [
        {"cleaning": 0},
        {"cleaning": None},
        {"repair": 0, "order": 0, "cleaning": 0, "greening": 0, "records": 0},
    ],
)
def test_signed_without_cleaning_is_on_paper_only(table, missing):
    row = run(table, contracts=[contract()], assessments=[points(**missing)])
    assert row["status"] == "paper_only" and "cleaning" in row["missing_services"]


def test_a_contract_that_is_over_leaves_the_area_unsigned(table):
    row = run(table, contracts=[contract(ends_on="2026-09-29")])
    assert (row["status"], row["contract_id"]) == ("unsigned", "c")


def test_the_contract_in_force_counts_even_if_another_was_signed_later(table):
    row = run(
        table,
        contracts=[contract(), contract(contract_id="next", starts_on="2028-01-01", ends_on="2030-01-01")],
    )
    assert (row["status"], row["contract_id"]) == ("served", "c")


def test_without_any_contract_nothing_is_said_of_service(table):
    assert run(table)["status"] == "registered"
    others = contract(contract_id="d", area_id="B")
    assert run(table, contracts=[others])["status"] == "unsigned"


def test_a_proposal_is_a_proposal_whatever_is_signed(table):
    assert run(table, contracts=[contract()], origin="proposal")["status"] == "proposed"


@pytest.mark.parametrize(
    ("facts", "mode"),
    [
        ({"service_room": True, "maintenance_fund": "paid", "facilities_complete": True}, "market"),
        (
            {
                "service_room": True,
                "maintenance_fund": "short",
                "facilities_complete": True,
                "privatised_share": 0.8,
            },
            "self_management",
        ),
        ({"service_room": False, "privatised_share": 0.5}, "basic_guarantee"),
        ({}, "basic_guarantee"),
    ],
)
def test_the_eligible_mode_follows_what_is_there(table, facts, mode):
    row = run(table, register=facts)
    assert row["mode_eligible"] == mode
    assert row["mode_reason_zh"] and row["mode_reason_en"]
    if not facts.get("service_room"):
        assert "物业用房" in row["mode_reason_zh"] and "service room" in row["mode_reason_en"]
