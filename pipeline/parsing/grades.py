"""Where a barrier runs: on the ground, under it, above it, or under a building; from the tags that say so."""

from __future__ import annotations

import pandas as pd

from pipeline.parsing import quantities

#: Ways under something that stands on the ground all the same: not in the ground, whatever their layer.
ROOFED = ("building_passage", "avalanche_protector", "arcade", "colonnade", "canopy")


def completed(frame: pd.DataFrame) -> pd.DataFrame:
    """Barriers with grade, where the file does not give it, from tunnel, covered, bridge and layer.

    Parameters
    ----------
    frame : DataFrame
        BARRIERS with their class, and whichever of these tags of OpenStreetMap the file has.

    Returns
    -------
    DataFrame
        A copy with grade: underground, covered, elevated; null: on the surface.

    Notes
    -----
    A tunnel or culvert is underground, a building passage or what is covered is under a building, a bridge
    elevated. What lies in a layer below 0 and is no bridge is underground, but for water: rivers are often
    drawn in a layer below their bridges.
    """
    tags = {name: _tag(frame, name) for name in ("tunnel", "covered", "bridge")}
    roofed = tags["tunnel"].isin(ROOFED) | tags["covered"].notna()
    below = _column(frame, "layer", "Int64").lt(0).fillna(False).astype(bool) & frame["class"].ne(
        "water"
    ).fillna(True)
    grade = pd.Series(None, index=frame.index, dtype="str")
    grade = grade.mask(below, "underground").mask(tags["bridge"].notna(), "elevated")
    grade = grade.mask(roofed & ~(below & tags["covered"].eq("yes") & tags["tunnel"].isna()), "covered")
    grade = grade.mask(tags["tunnel"].notna() & ~tags["tunnel"].isin(ROOFED), "underground")
    return frame.assign(grade=_column(frame, "grade", "str").fillna(grade))


def _tag(frame: pd.DataFrame, name: str) -> pd.Series:
    """The value of a tag in small letters; null: it is not there, or says no."""
    words = _column(frame, name, "str").str.strip().str.casefold()
    return words.mask(words.isin(quantities.NO) | words.eq("")).astype("str")


def _column(frame: pd.DataFrame, name: str, dtype: str) -> pd.Series:
    return frame[name] if name in frame else pd.Series(None, index=frame.index, dtype=dtype)
