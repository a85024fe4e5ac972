"""Why each area is one, as the page is given it: every sentence once, and who says it by its number."""

from __future__ import annotations

from typing import Any

import pandas as pd

HELD = 6
"""So many reasons are told for what holds an area together."""
NEIGHBOURS = 4
"""An area is told apart from so many neighbours: those that face it most and nearest."""
REASONS = 3
"""… by so many reasons each."""


def reasons(table: pd.DataFrame, ids: pd.Series) -> dict[str, Any]:
    """AREA_REASONS for areas in the order of ids.

    zh, en: the sentences, in step. areas: for each area [how sure, [sentence, …], [[neighbour, how sure, [sentence, …]], …]],
    where a neighbour is a position in ids; null for an area without reasons.
    """
    place = {area_id: i for i, area_id in enumerate(ids)}
    rows = table[table["area_id"].isin(place) & table["subject_id"].isin(place)].sort_values(["area_id", "part", "rank"])
    cuts = rows["part"].eq("cuts")
    borders = rows[cuts].groupby(["area_id", "subject_id"], sort=False)
    nth = borders.ngroup()
    first = nth.groupby(rows["area_id"]).transform("min")
    told = rows["rank"] <= HELD
    told[cuts] = (nth - first < NEIGHBOURS) & (borders.cumcount() < REASONS)
    rows = rows[told]

    said = list(zip(rows["text_zh"], rows["text_en"], strict=True))
    sentences = {sentence: i for i, sentence in enumerate(sorted(set(said)))}
    areas: list[Any] = [None] * len(place)
    columns = zip(rows["area_id"], rows["part"], rows["subject_id"], rows["confidence"].round(2), said, strict=True)
    for area_id, part, subject_id, confidence, sentence in columns:
        at, neighbour = place[area_id], place[subject_id]
        areas[at] = why = areas[at] or [0, [], []]
        if part == "holds":  # the reasons that speak of all buildings come last, and are as sure as these are on average
            why[0] = confidence
            why[1].append(sentences[sentence])
            continue
        if not why[2] or why[2][-1][0] != neighbour:
            why[2].append([neighbour, 0, []])
        border = why[2][-1]
        border[1] = max(border[1], confidence)
        border[2].append(sentences[sentence])
    return {"zh": [zh for zh, _ in sentences], "en": [en for _, en in sentences], "areas": areas}
