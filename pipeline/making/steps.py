"""The steps of one district: its inputs, the stages, the documents, the map and the manifest, each with the
files that it reads and writes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipeline import registry
from pipeline.config import Config, InputFile
from pipeline.paths import intake_path, table_path
from pipeline.raw.formats import UNWRITTEN, WITH_PARTS
from pipeline.tables import INPUTS

CARD = "SAMPLE.json"


@dataclass(frozen=True)
class Places:
    """Where a district's configuration, raw files, tables and maps are."""

    config: Path
    raw: Path
    out: Path
    maps: Path
    generates: bool = False
    """RAW is the sample's: it is made where it is missing."""

    def table(self, name: str) -> Path:
        """Where the table of that name is kept.

        Parameters
        ----------
        name : str

        Returns
        -------
        Path
        """
        return table_path(self.out, name)

    def intake(self, name: str) -> Path:
        """Where is kept what became of an input's rows.

        Parameters
        ----------
        name : str

        Returns
        -------
        Path
        """
        return intake_path(self.out, name)

    @property
    def records(self) -> Path:
        """The folder of what is known of every step that was done."""
        return self.out / "tables" / ".made"

    @property
    def seen(self) -> Path:
        """Where is kept how files looked when they were read."""
        return self.out / ".seen" / "files.json"


@dataclass(frozen=True)
class Step:
    """One command with its subject, as it is for this district."""

    name: str
    """`match`, `ingest buildings`, `publish areas.geojson`."""
    writes: tuple[Path, ...]
    reads: Mapping[str, Path] = field(default_factory=dict)
    """What it is called in messages → the file of another step."""
    absent: tuple[str, ...] = ()
    """Inputs that it would read and the configuration does not list."""
    raw: tuple[InputFile, ...] = ()
    settings: tuple[str, ...] = ()
    """Dotted paths of what it sees of the configuration; `""`: all of it."""
    code: tuple[str, ...] = ()
    """Modules whose code it depends on, with all that these load."""
    after: tuple[str, ...] = ()
    """Steps to be done before, of which it reads nothing (or what it reads is not theirs alone)."""
    kept: bool = False
    """A person may change what it wrote: that it is there is enough."""

    @property
    def command(self) -> tuple[str, ...]:
        """Its words on the command line."""
        return tuple(self.name.split())


def own_sample(config: Path, raw: Path) -> bool:
    """Whether RAW is the sample's, to be made where it is missing.

    Parameters
    ----------
    config : Path
        The configuration.
    raw : Path
        RAW.

    Returns
    -------
    bool
        True only for the project's own configuration, into data/raw, or a folder that has the sample already
        or nothing at all.

    Notes
    -----
    `synthetic` in the configuration of another district says what its data is, and its files are its own.
    """
    if config.resolve() != Path("district.toml").resolve():
        return False
    if raw.resolve() == Path("data/raw").resolve() or (raw / CARD).exists():
        return True
    return not raw.is_dir() or not [
        one for one in raw.iterdir() if one.name != "release" and one.name[0] != "."
    ]


def steps_of(config: Config, places: Places) -> dict[str, Step]:
    """Every step of a district by name, each after those whose files it reads.

    Parameters
    ----------
    config : Config
    places : Places

    Returns
    -------
    dict of str to Step
    """
    return {step.name: step for step in _steps(config, places)}


def _steps(config: Config, at: Places) -> Iterator[Step]:
    inputs = {name: files for name, files in config.inputs.items() if files}
    before_raw = ("sample",) if at.generates else ()
    if at.generates:
        yield Step("sample", (at.raw / CARD, *_sample_files(at.raw)), code=("pipeline.sample",), kept=True)
    for name in _in_order(config, tuple(inputs)):
        yield Step(
            f"ingest {name}",
            (at.table(name), at.intake(name)),
            *_reading(registry.context_of(name, config), config, at),
            raw=inputs[name],
            settings=(*registry.INGEST_SETTINGS.values(), f"inputs.{name}"),
            code=("pipeline.commands.ingest", *registry.PLUMBING),
            after=before_raw,
        )
    for stage in registry.STAGES:
        yield Step(
            stage.name,
            (at.table(stage.writes),),
            *_reading(stage.reads, config, at),
            settings=tuple(stage.settings.values()),
            code=("pipeline.commands.stage", registry.module_of(stage.function), *registry.PLUMBING),
        )
    for document in sorted(registry.DOCUMENTS, key=lambda one: one.file != registry.FIRST_DOCUMENT):
        gate = ("checks",) if document.gated else ()
        first = (f"publish {registry.FIRST_DOCUMENT}",)
        yield Step(
            f"publish {document.file}",
            (at.out / document.file,),
            *_reading((*document.reads, *gate), config, at),
            settings=tuple(registry.DOCUMENT_SETTINGS.values()),
            code=("pipeline.commands.publish", registry.module_of(document.view), *registry.PLUMBING),
            after=first if gate and document.file != registry.FIRST_DOCUMENT else (),
        )
    page = at.maps / "index.html"
    yield Step(
        "map",
        (page,),
        *_reading(registry.MAPPED, config, at),
        settings=tuple(registry.MAP_SETTINGS.values()),
        code=("pipeline.commands.map", *registry.PLUMBING),
    )
    tables, _ = _reading((*registry.COUNTED, "checks"), config, at)
    handed = {file: at.out / file for file in registry.PUBLISHED} | {"index.html": page}
    taken = {f"what was read for {name}": at.records / f"ingest {name}.json" for name in inputs}
    yield Step(
        "manifest",
        (at.out / "manifest.json",),
        reads={**tables, **handed, **taken},
        settings=("",),
        code=("pipeline.commands.manifest", *registry.PLUMBING),
    )


def _sample_files(raw: Path) -> list[Path]:
    """The files that the sample's card lists; none where there is no card yet."""
    try:
        return [raw / name for name in json.loads((raw / CARD).read_bytes())["files"]]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def _in_order(config: Config, names: tuple[str, ...]) -> list[str]:
    """Inputs, each after those that its place and datum are checked against."""
    done: dict[str, None] = {}

    def take(name: str) -> None:
        for one in registry.context_of(name, config):
            if one in names and one not in done:
                take(one)
        done[name] = None

    for name in names:
        take(name)
    return list(done)


def _reading(names: tuple[str, ...], config: Config, at: Places) -> tuple[dict[str, Path], tuple[str, ...]]:
    """The files of the tables of these names, and the names of inputs that the district does not have."""
    listed = [name for name, files in config.inputs.items() if files]
    if (
        "entries" in names and "register" not in names
    ):  # a register stands for its entries where there are none
        names = (*names, "register")
    reads: dict[str, Path] = {}
    for name in names:
        if name in registry.OF_INTAKE:
            reads |= {f"intake of {one}": at.intake(one) for one in listed}
        elif name in listed or name not in INPUTS:
            reads[name] = at.table(name)
    absent = tuple(name for name in names if name in INPUTS and name not in listed)
    return reads, absent


def raw_files(entries: tuple[InputFile, ...], raw: Path) -> dict[str, Path]:
    """All files behind these entries as they are now.

    Parameters
    ----------
    entries : tuple of InputFile
    raw : Path
        RAW, which the entries' paths are relative to.

    Returns
    -------
    dict of str to Path
        By path in RAW: those in a folder, the parts of a Shapefile or another format in several files, and
        the file itself whether it is there or not.
    """
    found: dict[str, Path] = {}
    for entry in entries:
        path = raw / entry.path
        if path.is_dir():
            inside = [part for part in path.rglob("*") if part.is_file()]
        elif path.suffix.lower() in WITH_PARTS and path.parent.is_dir():
            inside = [path, *(part for part in path.parent.iterdir() if part.stem == path.stem)]
        else:
            beside = (path.with_name(path.name + end) for end in UNWRITTEN)
            inside = [path, *(part for part in beside if part.exists())]
        found |= {part.relative_to(raw).as_posix(): part for part in sorted(inside)}
    return found


def would_belong(entries: tuple[InputFile, ...], raw: Path) -> set[Path]:
    """Where something new would be one of these entries': folders, and files that are not there.

    Parameters
    ----------
    entries : tuple of InputFile
    raw : Path
        RAW, which the entries' paths are relative to.

    Returns
    -------
    set of Path
    """
    found = set()
    for entry in entries:
        path = raw / entry.path
        if path.is_dir():
            found |= {path, *(folder for folder in path.rglob("*") if folder.is_dir())}
        elif path.suffix.lower() in WITH_PARTS:
            found.add(path.parent)
        else:
            found |= {path.with_name(path.name + end) for end in UNWRITTEN}
    return found
