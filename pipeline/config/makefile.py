"""What Make has to know of a district, as Make variables: `python3 -m pipeline.config.makefile
district.toml`.
"""

from __future__ import annotations

import glob
import sys
from collections.abc import Iterable
from pathlib import Path

from pipeline.config import Config, ConfigError, InputFile, trusted_inputs
from pipeline.locales import settle

#: Paths that are one file and no folder, and those of files that have others of the same name beside them.
SINGLE_FILES = (
    ".geojson",
    ".json",
    ".gpkg",
    ".csv",
    ".tsv",
    ".txt",
    ".xlsx",
    ".xls",
    ".zip",
    ".kml",
    ".kmz",
    ".fgb",
    ".dxf",
    ".osm",
    ".pbf",
)
FILES_WITH_PARTS = (".shp", ".tab", ".mif")


def make_variables(config: Config) -> str:
    """What Make has to know of a district, as Make variables: the files of each input, and whether it is the
    sample.
    """
    lines = [f"SYNTHETIC := {'yes' if config.district.synthetic else ''}".rstrip()]
    lines.append("INPUTS := " + " ".join(name for name, files in config.inputs.items() if files))
    for name, files in config.inputs.items():
        found = [_prerequisites(file) for file in files]
        lines.append(f"RAW_{name} := {' '.join(found)}".rstrip())
        if files:
            lines.append(f"TRUSTED_{name} := {' '.join(trusted_inputs(name, config.inputs))}".rstrip())
    return "\n".join(lines) + "\n"


def _prerequisites(file: InputFile) -> str:
    """The files behind one path, so that a change inside a folder, or of one part of a Shapefile, is seen.

    The patterns are left to Make's rules to expand, which, unlike its functions, take a file name with spaces
    as one.
    """
    path = "$(RAW)/" + _escaped(file.path)
    whole = f"$(if $(wildcard {path}),{path})" if file.optional else path
    if Path(file.path).suffix.lower() in SINGLE_FILES:
        return whole
    if Path(file.path).suffix.lower() in FILES_WITH_PARTS:
        return f"{whole} $(if $(wildcard {path}),{path.removesuffix(Path(file.path).suffix)}.*)"
    return " ".join([whole, *(f"$(if $(wildcard {path}{level}),{path}{level})" for level in ("/*", "/*/*"))])


def _escaped(path: str) -> str:
    """A path as Make reads it. A character that Make or the shell would act on is refused."""
    if unsafe := sorted(set(path) & set("$#;:&|<>()'\"`\\*?[]%\n\t")):
        raise ConfigError(f"path {path!r} has {' '.join(unsafe)}: rename the file")
    return path.replace(" ", "\\ ")


def read_from(files: Iterable[InputFile], raw: Path) -> list[str]:
    """The names, under RAW, of all files behind these entries as they are now: another list is a change,
    however old the files.
    """
    found = []
    for file in files:
        path = raw / file.path
        parts = (
            path.parent.glob(f"{glob.escape(path.stem)}.*") if path.suffix.lower() in FILES_WITH_PARTS else []
        )
        inside = [*path.glob("*"), *path.glob("*/*")] if path.is_dir() else []
        # The sample's are not there yet when it is asked first.
        own = [path] if path.exists() or not file.optional else []
        found += sorted({part.relative_to(raw).as_posix() for part in [*own, *parts, *inside]})
    return found


if __name__ == "__main__":
    settle()
    try:
        # Make takes bytes: those of the names as they lie on the disk, whatever the locale is.
        sys.stdout.buffer.write(make_variables(Config.load(sys.argv[1])).encode("utf-8", "surrogateescape"))
    except ConfigError as error:
        sys.exit(str(error))
