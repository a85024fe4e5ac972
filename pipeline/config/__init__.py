"""One district's configuration: a TOML file, read into frozen dataclasses; every key is checked.

`Config.load` is the only way in; what the file may say is in `keys`. Standard library only: Make reads the
inputs of a district (`makefile`) before anything is installed.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from pipeline.config.checked import (
    ConfigError,
    build,
    build_district,
    build_inputs,
    build_map_options,
    check_keys,
    entries,
    trusted_inputs,
)
from pipeline.config.faults import told
from pipeline.config.keys import (
    TILES,
    Declared,
    DelineateRules,
    District,
    GapRules,
    GroupRules,
    InputFile,
    Limits,
    MapOptions,
    MatchRules,
    PlaceRules,
    Rules,
    ServiceRules,
)

__all__ = [
    "TILES",
    "Config",
    "ConfigError",
    "Declared",
    "DelineateRules",
    "District",
    "GapRules",
    "GroupRules",
    "InputFile",
    "Limits",
    "MapOptions",
    "MatchRules",
    "PlaceRules",
    "Rules",
    "ServiceRules",
    "entries",
    "trusted_inputs",
]


@dataclass(frozen=True)
class Config:
    """A district: what it is, its raw files, what was declared, and the rules."""

    district: District
    inputs: Mapping[str, tuple[InputFile, ...]]
    declared: Declared = field(default_factory=Declared)
    rules: Rules = field(default_factory=Rules)
    limits: Limits = field(default_factory=Limits)
    map: MapOptions = field(default_factory=MapOptions)

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Read and check a TOML file.

        Parameters
        ----------
        path : str or Path

        Returns
        -------
        Config

        Raises
        ------
        ConfigError
            For a file that is missing or not TOML, a key or column that is unknown (naming the near match), a
            value of the wrong type, or a required key that is missing.
        """
        path = Path(path)
        try:
            raw = tomllib.loads(_text(path.read_bytes(), path))
        except FileNotFoundError as error:
            raise ConfigError(f"{path}: no such configuration; pass one with CONFIG=… or --config") from error
        except IsADirectoryError as error:
            raise ConfigError(
                f"{path}: a folder; pass the TOML file in it with CONFIG=… or --config"
            ) from error
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            raise ConfigError(f"{path}: not a TOML file that can be read: {told(error)}") from error
        try:
            check_keys(raw, ("district", "inputs", "declared", "rules", "limits", "map"), "")
            inputs = raw.pop("inputs", {})
            if "district" not in raw:
                raise ConfigError("[district] is missing: give it code, name_zh, name_en, crs and as_of")
            return cls(
                district=build_district(raw["district"]),
                inputs=build_inputs(inputs),
                declared=build(Declared, raw.get("declared", {}), "declared"),
                rules=build(Rules, raw.get("rules", {}), "rules"),
                limits=build(Limits, raw.get("limits", {}), "limits"),
                map=build_map_options(raw.get("map", {})),
            )
        except ConfigError as error:
            raise ConfigError(f"{path}: {error}") from error


#: Byte-order mark → encoding; without one it is UTF-8, or UTF-16 whose first character is of ASCII.
MARKS = {
    b"\xef\xbb\xbf": "utf-8-sig",
    b"\xff\xfe\x00\x00": "utf-32",
    b"\x00\x00\xfe\xff": "utf-32",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}


def _text(content: bytes, path: Path) -> str:
    """The text of a TOML file, as any editor saves it. Raises ConfigError for one in a code page, such as
    GBK.
    """
    codec = next((codec for mark, codec in MARKS.items() if content.startswith(mark)), "utf-8")
    if codec == "utf-8" and b"\0" in content[:2]:
        codec = "utf-16-be" if content.startswith(b"\0") else "utf-16-le"
    try:
        return content.decode(codec).replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise ConfigError(
            f"{path}: not a TOML file: line {line} is not in UTF-8; save it again with the encoding UTF-8"
        ) from error
