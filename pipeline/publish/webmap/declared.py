"""Declarations of the pipeline that the page needs too: lists of values, columns, optional parts."""

from __future__ import annotations

from pipeline.publish.webmap.decided import BOUNDARIES, DECISIONS
from pipeline.tables import ENUMERATIONS


def declared(*, deciding: bool, release: bool, tiles: dict[str, object] | None) -> dict[str, object]:
    """What js/data/declared.js reads, as JSON values.

    Parameters
    ----------
    deciding : bool
        Whether decisions can be taken on the page.
    release : bool
        Whether there is a release to compare with.
    tiles : dict or None
        What tiles.tile_options gives; None: nothing is asked of the network.

    Returns
    -------
    dict
        values: the enumerations of all tables, in their order, by table and column ("gaps.kind"). columns: of
        the files that decisions are handed in as. parts: the optional parts of the page.
    """
    return {
        "values": ENUMERATIONS,
        "columns": {"decisions": DECISIONS, "boundaries": BOUNDARIES},
        "parts": {"deciding": deciding, "release": release, "tiles": tiles},
    }
