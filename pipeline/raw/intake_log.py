"""Entries of the configuration in the log of an intake: what each is called, and which rows of its file it
has.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from pipeline.raw.display import escaped


def titles(intakes: pd.DataFrame) -> list[str]:
    """A name for each entry of the configuration, which no other entry of its input has.

    Parameters
    ----------
    intakes : DataFrame
        One row an entry: input, file, layer, entry (its place in the configuration).

    Returns
    -------
    list of str
        The file; with the layer, where the file has several; with the entry's place in the configuration,
        where that does not tell two entries apart. Escaped.
    """
    names = [
        escaped(f"{file}/{layer}" if layer else str(file))
        for file, layer in zip(intakes["file"], layers(intakes["layer"]), strict=True)
    ]
    while (
        doubled := pd.DataFrame({"input": intakes["input"].to_numpy(), "name": names}).duplicated(keep=False)
    ).any():
        names = [
            f"{name} (entry {n})" if more else name
            for name, n, more in zip(names, intakes["entry"], doubled, strict=True)
        ]
    return names


def layers(column: pd.Series) -> pd.Series:
    """Layers as text.

    Parameters
    ----------
    column : Series

    Returns
    -------
    Series of str, index of column
        "" for none.
    """
    return column.astype("str").fillna("")


def spans(rows: Iterable[int]) -> str:
    """Row numbers as text: "1-40,55".

    Parameters
    ----------
    rows : iterable of int
        In any order; repeats count once.

    Returns
    -------
    str
    """
    numbers = np.unique(np.fromiter(rows, dtype=int))
    runs = np.split(numbers, np.flatnonzero(np.diff(numbers) > 1) + 1) if len(numbers) else []
    return ",".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)


def of_entry(frame: pd.DataFrame, log: Any) -> pd.Series:
    """Which rows an entry of the configuration has.

    Parameters
    ----------
    frame : DataFrame
        With source_file, source_layer and source_row.
    log : row of the log of an intake
        With file, layer, and rows: text as `spans` writes it where the layer is another entry's too, else
        null.

    Returns
    -------
    Series of bool, index of frame
    """
    layer = "" if pd.isna(log.layer) else log.layer
    mask = frame["source_file"].eq(log.file) & layers(frame["source_layer"]).eq(layer)
    if isinstance(log.rows, str):  # the layer is another entry's too
        ends = [[int(end) for end in run.split("-")] for run in log.rows.split(",") if run]
        first, last = (
            np.array([run[0] for run in ends], dtype=int),
            np.array([run[-1] for run in ends], dtype=int),
        )
        row = frame["source_row"].to_numpy(dtype=int)
        run = np.searchsorted(first, row, side="right") - 1
        mask &= (run >= 0) & (row <= np.append(last, -1)[run])
    return mask
