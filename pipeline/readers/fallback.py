"""Row by row, by Fiona, what the bulk reader refuses as a whole: its older GDAL takes some files that the
newer one does not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sized
from pathlib import Path

import numpy as np
import pandas as pd

from pipeline.raw import wording
from pipeline.raw.errors import SourceError
from pipeline.raw.file import Layer
from pipeline.raw.formats import BY_DRIVER
from pipeline.readers import geojson

#: A file in which the reader fails on more rows than this is broken as a whole.
ROW_FAILURES = 1000
#: The MapInfo tables that the bulk reader can't decode are in GBK.
ENCODINGS = {"MapInfo File": "gb18030"}


def read(
    path: Path,
    driver: str,
    layer: str,
    *,
    encoding: str,
    options: Mapping[str, object],
    bulk_error: Exception,
) -> Layer:
    """The layer, read row by row by Fiona.

    Parameters
    ----------
    path : Path
    driver : str
        One of `pipeline.raw.formats`.
    layer : str
        "": the first.
    encoding : str
        "": as the driver has it (ENCODINGS).
    options : mapping of str to value
        How GDAL is to open the file.
    bulk_error : Exception
        Why the bulk reader refused it.

    Returns
    -------
    Layer
        Rows on which Fiona fails are in `failed`.

    Raises
    ------
    SourceError
        With the bulk reader's reason, when Fiona fails altogether, fails on more than ROW_FAILURES rows, or
        gives fewer rows than the file says it has.
    """
    import fiona

    reason, remedy = wording.said(bulk_error, path)
    attributes: list[dict[str, object]] = []
    shapes: list[bytes | None] = []
    failed: dict[int, str] = {}
    try:
        encoding = encoding or ENCODINGS.get(driver, "")
        with fiona.open(
            path, layer=layer or None, enabled_drivers=[driver], encoding=encoding or None, **options
        ) as source:
            crs, expected, features = source.crs_wkt or None, _count(source), iter(source)
            while True:
                try:
                    feature = next(features)
                except StopIteration:
                    break
                except (fiona.errors.FionaError, ValueError) as error:
                    failed[len(attributes) + 1] = wording.said(error, path)[0]
                    attributes.append({})
                    shapes.append(None)
                    if len(failed) > ROW_FAILURES:
                        raise
                    continue
                attributes.append(dict(feature.properties))
                shapes.append(
                    None if feature.geometry is None else geojson.to_wkb(feature.geometry.__geo_interface__)
                )
    except Exception as error:  # whatever it is, both readers have failed now
        raise SourceError(f"can't be read as {BY_DRIVER[driver].title}: {reason}; {remedy}") from error
    if len(attributes) < expected:
        raise SourceError(f"only {len(attributes):,} of {expected:,} rows can be read: {reason}; {remedy}")
    wkb = np.full(len(shapes), None, dtype=object)
    wkb[:] = shapes
    note = f"read row by row, because it can't be read as a whole: {reason}"
    return Layer(pd.DataFrame(attributes, index=range(len(attributes))), wkb, crs, (note,), failed=failed)


def _count(source: Sized) -> int:
    """How many rows the file says it has; 0 where it does not say."""
    try:
        return len(source)
    except TypeError:
        return 0
