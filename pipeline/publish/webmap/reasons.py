"""Why the buildings of each area form one area, as the page is given it: every sentence once, and referred to
by its number.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from pipeline.publish.webmap.pack import Block, column, zigzag

HELD = 6
"""So many reasons are told for what holds an area together."""
NEIGHBOURS = 4
"""An area is told apart from so many neighbours: those that face it most and nearest."""
REASONS = 3
"""… by so many reasons each."""


def reasons(block: Block, table: pd.DataFrame, ids: pd.Series) -> dict[str, Any]:
    """AREA_REASONS for areas in the order of ids, into the block.

    Parameters
    ----------
    block : Block
    table : DataFrame
        AREA_REASONS; rows about areas that ids does not have are left out.
    ids : Series of text
        The areas of the page, in their order.

    Returns
    -------
    dict
        Places in the block. zh, en: the sentences, in step, as columns. What is said of an area stands in
        paragraphs: one of what holds it together, if anything does, then one for each neighbour. paragraphs:
        how many each area has. of: whom each is about, 0 for the area itself, for a neighbour 1 + zigzag of
        how far it stands from the area in ids. sure: in percent. said: how many sentences it has. sentences:
        theirs, one after the other.
    """
    known = pd.Index(ids)
    rows = table[table["area_id"].isin(ids) & table["subject_id"].isin(ids)].sort_values(
        ["area_id", "part", "rank"]
    )
    cuts = rows["part"].eq("cuts")
    borders = rows[cuts].groupby(["area_id", "subject_id"], sort=False)
    border = borders.ngroup().reindex(rows.index, fill_value=-1)
    first = border[cuts].groupby(rows["area_id"]).transform("min")
    told = rows["rank"] <= HELD
    told[cuts] = (border[cuts] - first < NEIGHBOURS) & (borders.cumcount() < REASONS)

    sentences = rows.loc[told, ["text_zh", "text_en"]].drop_duplicates().sort_values(["text_zh", "text_en"])
    rows = rows.assign(
        border=border,
        area=known.get_indexer(pd.Index(rows["area_id"])),
        away=known.get_indexer(pd.Index(rows["subject_id"])) - known.get_indexer(pd.Index(rows["area_id"])),
        percent=(100 * rows["confidence"]).round().astype(np.int64),
    )[told].sort_values(["area", "border"], kind="stable")
    said = rows.groupby(["area", "border"], sort=False)
    holds = said["border"].first() < 0
    # The last reason is about all buildings; its confidence is the mean of what holds the area together.
    sure = said["percent"].last().where(holds, said["percent"].max())
    return {
        "zh": column(block, sentences["text_zh"]),
        "en": column(block, sentences["text_en"]),
        "paragraphs": block.numbers(
            np.bincount(holds.index.get_level_values("area"), minlength=len(ids)).astype(np.int64)
        ),
        "of": block.numbers(np.where(holds, 0, 1 + zigzag(said["away"].first().to_numpy()))),
        "sure": block.numbers(sure.to_numpy(np.int64)),
        "said": block.numbers(said.size().to_numpy(np.int64)),
        "sentences": block.numbers(
            pd.MultiIndex.from_frame(sentences).get_indexer(
                pd.MultiIndex.from_frame(rows[["text_zh", "text_en"]])
            )
        ),
    }
