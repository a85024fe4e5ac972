"""Whether things lie where they should: datums, the outlines of subdistricts, buildings beside them."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import pandas as pd

from pipeline.conflation import coverage_faults
from pipeline.georeferencing import datum_detection
from pipeline.raw import intake_log
from pipeline.stages.check.rows import Row, row, said_of_entries


def datums_doubted(
    intakes: pd.DataFrame, placed: Mapping[str, gpd.GeoDataFrame], buildings: gpd.GeoDataFrame
) -> list[Row]:
    """Files that would fit what they were held against clearly better in another datum than the stated one.

    Parameters
    ----------
    intakes : DataFrame
        One row an entry of the configuration, with its title.
    placed : mapping of str to GeoDataFrame
        Inputs by name, in the CRS of the buildings; one whose log says no doubt is held against the
        buildings.
    buildings : GeoDataFrame
        BUILDINGS, in the district's CRS.

    Returns
    -------
    list of Row
        A warning for each such file.
    """
    rows = []
    for file in intakes.dropna(subset=["datum"]).itertuples():
        said = str(file.datum_doubt)
        if not said and file.input in placed and len(buildings):
            table = placed[file.input]
            geometry = table.geometry[intake_log.of_entry(table, file)].to_numpy()
            said = datum_detection.doubt(
                datum_detection.fit(geometry, file.input, buildings, "buildings", placed_as=file.datum),
                file.datum,
            )
        if said:
            note = (
                "set datum in the configuration, unless it is the other file that is wrong: see"
                " docs/coordinates.md"
            )
            rows.append(
                row(
                    f"datum_doubtful:{file.input}:{file.title}",
                    False,
                    said,
                    f"datum {file.datum}",
                    note,
                    otherwise="warn",
                )
            )
    return rows


def stands_beside(intakes: pd.DataFrame) -> list[Row]:
    """Files with buildings that stand in no subdistrict or community, and count to one beside them.

    Parameters
    ----------
    intakes : DataFrame
        One row an entry of the configuration, with its title.

    Returns
    -------
    list of Row
        A warning for each such file.
    """
    note = (
        "mend the outlines, or take buildings of other districts out of the file; rules.place.beside_m says"
        " how far off one may be"
    )
    return said_of_entries(intakes, "beside", "stands_beside", note)


def outlines_fit(name: str, polygons: gpd.GeoDataFrame | None, code: str) -> list[Row]:
    """Neighbouring territories leave no ground between them and do not overlap.

    Parameters
    ----------
    name : str
        Of the input.
    polygons : GeoDataFrame or None
        SUBDISTRICTS or COMMUNITIES, in the district's CRS, metres; None or empty: nothing is checked.
    code : str
        Its key: subdistrict_code or community_code.

    Returns
    -------
    list of Row
    """
    if polygons is None or polygons.empty:
        return []
    note = "draw neighbours along one line: until then a building there counts to the {}"
    gaps, overlaps = coverage_faults.left_open(polygons), coverage_faults.covered_twice(polygons, code)
    return [
        row(f"{name}_leave_no_gaps", not gaps, gaps or "none", "none", note.format("nearest"), "warn"),
        row(
            f"{name}_do_not_overlap",
            not overlaps,
            overlaps or "none",
            "none",
            note.format("lower code"),
            "warn",
        ),
    ]
