from __future__ import annotations

import pandas as pd
import pytest

from pipeline.parsing.grades import completed


def grade(**tags):
    row = {"class": "railway", **tags}
    frame = pd.DataFrame(
        {name: pd.Series([value], dtype="Int64" if name == "layer" else "str") for name, value in row.items()}
    )
    found = completed(frame)["grade"].iloc[0]
    return None if pd.isna(found) else found


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({}, None),
        ({"tunnel": "yes"}, "underground"),
        ({"tunnel": "Yes "}, "underground"),
        ({"tunnel": "T"}, "underground"),
        ({"tunnel": "1"}, "underground"),
        ({"tunnel": "是"}, "underground"),
        ({"tunnel": "flooded"}, "underground"),
        ({"class": "water", "tunnel": "culvert"}, "underground"),
        ({"tunnel": "no"}, None),
        ({"tunnel": "F"}, None),
        ({"tunnel": "0"}, None),
        ({"tunnel": ""}, None),
        ({"tunnel": "no", "layer": -2}, "underground"),
        ({"tunnel": "building_passage"}, "covered"),
        ({"tunnel": "building_passage", "layer": -1}, "covered"),
        ({"tunnel": "avalanche_protector"}, "covered"),
        ({"covered": "yes"}, "covered"),
        ({"covered": "arcade", "layer": -1}, "covered"),
        ({"covered": "yes", "layer": -1}, "underground"),
        ({"covered": "no"}, None),
        ({"covered": "yes", "tunnel": "yes"}, "underground"),
        ({"bridge": "viaduct"}, "elevated"),
        ({"bridge": "no"}, None),
        ({"bridge": "yes", "layer": 1}, "elevated"),
        ({"bridge": "yes", "layer": -1}, "elevated"),
        ({"layer": -1}, "underground"),
        ({"layer": 0}, None),
        ({"layer": 1}, None),
        ({"class": "water", "layer": -1}, None),
        ({"class": "water", "layer": -1, "tunnel": "yes"}, "underground"),
        ({"grade": "surface", "tunnel": "yes"}, "surface"),
        ({"grade": None, "tunnel": "yes"}, "underground"),
    ],
)
def test_where_a_barrier_runs_follows_from_its_tags(tags, expected):
    assert grade(**tags) == expected
