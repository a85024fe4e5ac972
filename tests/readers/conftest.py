"""Raw files of any kind in a temporary folder."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.config import InputFile, Limits
from pipeline.raw.file import RawFile
from pipeline.readers.read import read_file

Reader = Callable[..., RawFile]


def ring(x: float, y: float, size: float = 0.0002) -> list[list[float]]:
    """A closed square ring in degrees."""
    return [[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]]


def feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    """A GeoJSON feature."""
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def polygon(x: float, y: float, **properties: Any) -> dict[str, Any]:
    """A square as a GeoJSON feature."""
    return feature({"type": "Polygon", "coordinates": [ring(x, y)]}, **properties)


def collection(*members: Any, **more: Any) -> str:
    """A FeatureCollection as text."""
    return json.dumps({"type": "FeatureCollection", **more, "features": list(members)}, ensure_ascii=False)


@pytest.fixture
def read(tmp_path: Path) -> Reader:
    """Writes content under a name, unless it is None, and reads it with the given entry of the
    configuration.
    """

    def reader(
        name: str, content: str | bytes | None = None, *, limits: Limits | None = None, **entry: Any
    ) -> RawFile:
        path = tmp_path / name
        if content is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_file(path, InputFile(name, **entry), name=name, limits=limits)

    return reader
