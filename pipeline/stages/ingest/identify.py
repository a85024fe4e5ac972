"""The id of each row: its own, or one made of its shape or its texts."""

from __future__ import annotations

import pandas as pd

from pipeline.config import District
from pipeline.conflation import ids
from pipeline.georeferencing import datum_detection
from pipeline.stages.ingest.refusing import refuse
from pipeline.tables import Table


def identify(
    frame: pd.DataFrame, table: Table, placed: datum_detection.Placed | None, district: District
) -> pd.DataFrame:
    """The rows with ids: those of the file, and made ones where it gives none.

    Parameters
    ----------
    frame : DataFrame
        Rows of one entry, parsed.
    table : Table
        Of the input.
    placed : Placed or None
        Geometry of the rows, in their order; None: they have none.
    district : District
        Its code is the first part of a made area id.

    Returns
    -------
    DataFrame
        A copy with the key of the table, `given_id`, the file's own, and `made`, which tells which are not.

    Notes
    -----
    A made id is that of the shape (in WGS 84) or of the texts that tell one record from another
    (`pipeline.conflation.ids`). A row that has neither is refused as `missing_value`.
    """
    out = frame.copy(deep=False)
    key = table.key[0]
    given = out[key] if key in out else pd.Series(None, index=out.index, dtype="str")
    out["given_id"], out["made"] = given, given.isna()
    if table.name in ids.SHAPE_IDS:
        made = out["made"].to_numpy()
        out[key] = given.astype("str")
        if placed is not None and made.any():
            out.loc[made, key] = ids.from_shapes(placed.lonlat[made], ids.SHAPE_IDS[table.name])
    elif table.name in ids.TEXT_IDS:
        parts = [
            out[name].fillna("") if name in out else pd.Series("", index=out.index)
            for name in ids.TEXT_IDS[table.name]
        ]
        texts = parts[0].str.cat(parts[1:], sep="|")
        made = (
            ids.from_texts(texts, f"{district.code}-", 8)
            if table.name == "register"
            else ids.from_texts(texts, "e")
        )
        out[key] = given.fillna(pd.Series(made, index=out.index))
        nameless = out["made"] & (texts.str.strip("|") == "")
        refuse(
            out,
            nameless,
            "missing_value",
            f"no {key}, and no {' or '.join(ids.TEXT_IDS[table.name])} to make one from",
        )
    return out
