"""What a hand-off consists of: every input and output with its SHA-256, the versions and the
configuration.
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from importlib.metadata import version
from pathlib import Path

from pipeline.config import Config

LIBRARIES = ("fiona", "folium", "geopandas", "numpy", "pandas", "pyogrio", "pyproj", "scipy", "shapely")


def build_manifest(
    config: Config,
    *,
    inputs: Mapping[str, Mapping[str, object]],
    outputs: Mapping[str, Path],
    counts: Mapping[str, int],
) -> str:
    """The manifest as JSON.

    Parameters
    ----------
    config : Config
        The district's configuration, which is printed whole.
    inputs : mapping
        Path in RAW → `bytes` and `sha256` of the file when it was read.
    outputs : mapping of str to Path
        The name to print → the file.
    counts : mapping of str to int
        Published table → its number of rows.

    Returns
    -------
    str
        Inputs and outputs sorted by name; a date is ISO text, an infinite cost "inf".
    """
    record = {
        "district": {
            "code": config.district.code,
            "name_zh": config.district.name_zh,
            "name_en": config.district.name_en,
        },
        "as_of": config.district.as_of.isoformat(),
        "synthetic": config.district.synthetic,
        "source": config.district.source,
        "crs": {"geojson": "WGS 84 (RFC 7946)", "areas.gpkg": config.district.crs},
        "inputs": {name: dict(file) for name, file in sorted(inputs.items())},
        "outputs": _files(outputs),
        "rows": dict(counts),
        "versions": {"python": platform.python_version(), **{name: version(name) for name in LIBRARIES}},
        "config": _plain(asdict(config)),
    }
    return json.dumps(record, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def sha256(path: Path) -> str:
    """SHA-256 of a file.

    Parameters
    ----------
    path : Path

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _files(files: Mapping[str, Path]) -> dict[str, dict[str, object]]:
    return {
        name: {"bytes": path.stat().st_size, "sha256": sha256(path)} for name, path in sorted(files.items())
    }


def _plain(value: object) -> object:
    """What JSON can hold: dates as ISO text, and a barrier that is never crossed costs "inf"."""
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, date) or value == float("inf"):
        return str(value)
    return value
