"""Every stage and every document of the hand-off, declared once: what it reads, which settings it gets, what
it writes, the function that does it.

From these declarations follow the rules of Make, what a command reads and its help, the drawing in
ARCHITECTURE.md, and what `make` finds out of date. Functions are named, not imported: declarations are read
before anything is installed. The code that a function depends on is not declared; it is found
(`making.code`).
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from importlib import import_module
from pathlib import Path
from typing import Any

from pipeline.config import Config, trusted_inputs
from pipeline.tables import INPUTS

#: What every command goes through beside its own function: how tables are read, written and put into files.
PLUMBING = ("pipeline.commands.run", "pipeline.store")
#: Not tables, but what became of the rows of every input: the logs, and what was rejected and repaired.
OF_INTAKE = ("intakes", "rejects", "repairs")


@dataclass(frozen=True)
class Stage:
    """A pure function from tables to one table."""

    name: str
    """Of the command, too."""
    function: str
    """`module:function`. It takes the tables under their own names, and the settings as keywords; `summary`
    in the same module puts what it gives into a line.
    """
    reads: tuple[str, ...]
    writes: str
    settings: Mapping[str, str] = field(default_factory=dict)
    """Parameter of the function = where the configuration has it. Nothing else of the configuration is seen.
    """
    shares_work: bool = False
    """It takes `jobs`, the number of processes to share its work out to."""


STAGES = (
    Stage(
        "adjacency",
        "pipeline.stages.adjacency:link_homes",
        reads=("buildings", "barriers"),
        settings={"rules": "rules.group"},
        writes="links",
    ),
    Stage(
        "addresses",
        "pipeline.stages.addresses:read_addresses",
        reads=("buildings", "entries", "register", "barriers"),
        settings={"rules": "rules.match"},
        writes="addresses",
    ),
    Stage(
        "match",
        "pipeline.stages.match:match",
        reads=(
            *("buildings", "register", "entries", "boundaries", "decisions", "compounds"),
            *("links", "addresses"),
        ),
        settings={"rules": "rules.match", "reach_m": "rules.group.reach_m"},
        writes="matched",
    ),
    Stage(
        "group",
        "pipeline.stages.group:group_the_rest",
        reads=(
            *("buildings", "matched", "links", "barriers", "register"),
            *("released_membership", "released_areas"),
        ),
        settings={"district_code": "district.code", "rules": "rules.group"},
        writes="membership",
        shares_work=True,
    ),
    Stage(
        "blocks",
        "pipeline.stages.blocks:lay_blocks",
        reads=("subdistricts", "buildings", "barriers", "land", "compounds"),
        settings={"rules": "rules.delineate"},
        writes="blocks",
    ),
    Stage(
        "delineate",
        "pipeline.stages.delineate:delineate",
        reads=("buildings", "membership", "blocks", "barriers", "land", "boundaries", "register"),
        settings={"rules": "rules.delineate"},
        writes="areas",
        shares_work=True,
    ),
    Stage(
        "edges",
        "pipeline.stages.edges:trace_edges",
        reads=("areas", "barriers", "land", "boundaries", "compounds", "subdistricts"),
        settings={"rules": "rules.delineate"},
        writes="edges",
    ),
    Stage(
        "bounds",
        "pipeline.stages.bounds:word_bounds",
        reads=("areas", "edges"),
        writes="bounds",
    ),
    Stage(
        "reasons",
        "pipeline.stages.reasons:explain",
        reads=(
            *("buildings", "membership", "links", "areas", "barriers", "land", "compounds"),
            *("communities", "subdistricts"),
        ),
        settings={"rules": "rules.group"},
        writes="area_reasons",
    ),
    Stage(
        "service",
        "pipeline.stages.service:assess_service",
        reads=("areas", "register", "contracts", "assessments"),
        settings={"as_of": "district.as_of", "rules": "rules.service"},
        writes="service",
    ),
    Stage(
        "gaps",
        "pipeline.stages.gaps:find_gaps",
        reads=(
            *("buildings", "membership", "matched", "areas", "service", "register", "entries"),
            *("land", "blocks", "boundaries", "assessments"),
        ),
        settings={"as_of": "district.as_of", "rules": "rules.gaps"},
        writes="gaps",
    ),
    Stage(
        "check",
        "pipeline.stages.check:check_district",
        reads=(
            *("intakes", "rejects", "buildings", "membership", "matched", "blocks", "areas"),
            *("register", "entries", "boundaries", "decisions", "subdistricts", "communities"),
            *("barriers", "land", "compounds", "contracts", "assessments", "addresses"),
        ),
        settings={
            "target_count": "rules.group.target_count",
            "group_rules": "rules.group",
            "files": "inputs",
            "as_of": "district.as_of",
        },
        writes="checks",
    ),
    Stage(
        "reconcile",
        "pipeline.stages.reconcile:reconcile",
        reads=("areas", "register", "entries", "contracts", "assessments", "subdistricts"),
        settings={"declared": "declared"},
        writes="reconciliation",
    ),
    Stage(
        "changes",
        "pipeline.stages.changes:find_changes",
        reads=("membership", "areas", "released_membership", "released_areas"),
        writes="changes",
    ),
)


@dataclass(frozen=True)
class Document:
    """One file of the hand-off; how it is written follows from its suffix."""

    file: str
    reads: tuple[str, ...]
    view: str = "pipeline.publish.files.views:table"
    """`module:function` from the tables to what stands in the file: a table, or several by layer."""
    gated: bool = True
    """A failed check keeps it back. Reports that say why are not."""


VIEWS = "pipeline.publish.files.views"
DOCUMENTS = (
    Document("buildings.geojson", ("buildings", "membership"), f"{VIEWS}:buildings_view"),
    Document("areas.geojson", ("areas", "bounds", "service"), f"{VIEWS}:areas_view"),
    Document("edges.geojson", ("edges",)),
    Document("gaps.geojson", ("gaps",)),
    Document("membership.csv", ("membership",)),
    Document("area_reasons.csv", ("area_reasons",)),
    Document("rejects.csv", ("rejects",), gated=False),
    Document("repairs.csv", ("repairs",), gated=False),
    Document("checks.csv", ("checks",), gated=False),
    Document("reconciliation.csv", ("reconciliation",), gated=False),
    Document("changes.csv", ("changes",)),
    Document(
        "areas.gpkg",
        (
            *("subdistricts", "blocks", "barriers", "compounds", "gaps", "membership", "edges"),
            *("buildings", "areas", "bounds", "service"),
        ),
        f"{VIEWS}:every_layer",
    ),
)
#: Names by which they are published, in the order they are listed.
PUBLISHED = tuple(document.file for document in DOCUMENTS)
#: Written before the others, so that a failed check is reported once.
FIRST_DOCUMENT = "areas.geojson"
#: What of the configuration a document shows: its label, its source, and the day it speaks of.
DOCUMENT_SETTINGS = {
    "synthetic": "district.synthetic",
    "source": "district.source",
    "as_of": "district.as_of",
}
#: What the map draws and says.
MAPPED = (
    *("buildings", "membership", "areas", "bounds", "service", "gaps", "subdistricts", "communities"),
    *("barriers", "land", "boundaries", "decisions", "released_areas", "released_membership", "changes"),
    *("compounds", "register", "contracts", "reconciliation", "area_reasons"),
)
MAP_SETTINGS = {"district": "district", "declared": "declared", "options": "map"}
#: What the manifest counts the rows of.
COUNTED = ("buildings", "membership", "areas", "gaps")


def context_of(name: str, config: Config) -> tuple[str, ...]:
    """The tables that ingesting an input reads: those its place and datum are held against.

    Parameters
    ----------
    name : str
        Of the input.
    config : Config

    Returns
    -------
    tuple of str
        Names of tables, each once.
    """
    placed_in = ("subdistricts", "communities") if name == "buildings" else ()
    return tuple(dict.fromkeys([*placed_in, *trusted_inputs(name, config.inputs)]))


#: What ingesting sees of the configuration, beside the entries of its input.
INGEST_SETTINGS = {
    "code": "district.code",
    "crs": "district.crs",
    "limits": "limits",
    "rules": "rules.place",
}


def setting(config: Config, path: str) -> Any:
    """What the configuration has at a dotted path.

    Parameters
    ----------
    config : Config
    path : str
        Such as `rules.match`.

    Returns
    -------
    Any
        A value, a record of rules, or all entries of an input.

    Raises
    ------
    AttributeError, KeyError
        There is no such path.
    """
    return reduce(
        lambda value, key: value[key] if isinstance(value, Mapping) else getattr(value, key),
        path.split("."),
        config,
    )


def settings_of(config: Config, wanted: Mapping[str, str]) -> dict[str, Any]:
    """The settings by parameter.

    Parameters
    ----------
    config : Config
    wanted : mapping of str to str
        Parameter of a function = dotted path in the configuration.

    Returns
    -------
    dict of str to Any
        Keyword arguments.
    """
    return {parameter: setting(config, path) for parameter, path in wanted.items()}


def module_of(function: str) -> str:
    """The module of a `module:function`.

    Parameters
    ----------
    function : str

    Returns
    -------
    str
    """
    return function.split(":", maxsplit=1)[0]


def named(function: str) -> Any:
    """The function of that name, its module loaded.

    Parameters
    ----------
    function : str
        `module:function`.

    Returns
    -------
    callable

    Raises
    ------
    ImportError, AttributeError
        There is no such module, or function in it.
    """
    module, name = function.split(":")
    return getattr(import_module(module), name)


def docstring(function: str) -> str:
    """The docstring of a function, read without loading its module.

    Parameters
    ----------
    function : str
        `module:function`.

    Returns
    -------
    str
        Without its indentation; "" if the function has none.

    Raises
    ------
    LookupError
        The module has no function of that name.

    Notes
    -----
    Loading a stage takes a second, and help must not.
    """
    module, name = function.split(":")
    place = Path(__file__).parents[1].joinpath(*module.split("."))
    source = place / "__init__.py" if place.is_dir() else place.with_suffix(".py")
    tree = ast.parse(source.read_bytes())
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name == name:
            return ast.get_docstring(node) or ""
    raise LookupError(f"{module} has no function {name}")


BEGIN, END = "<!-- drawn from pipeline/registry.py by `make docs` -->\n```\n", "```\n<!-- end -->\n"
"""The lines before and after the drawing in a Markdown file."""
WIDTH = 110


def drawn_into(text: str) -> str:
    """A Markdown text with its drawing of the stages as it should be.

    Parameters
    ----------
    text : str
        The drawing goes between BEGIN and END.

    Returns
    -------
    str

    Raises
    ------
    ValueError
        The text has no place for it.
    """
    before, after = text.index(BEGIN) + len(BEGIN), text.index(END)
    return text[:before] + drawing() + text[after:]


def drawing() -> str:
    """The stages, what each reads and writes and the first line of what it says of itself, as text."""
    lines = [" RAW (data/raw), TOML (district.toml)", "   │"]
    lines += [" ingest      One raw input at a time into its table; every row not taken, and why."]
    lines += [*_wrapped("   │        → ", INPUTS), *_wrapped("   │        → ", OF_INTAKE), "   ▼"]
    for stage in STAGES:
        lines += [f" {stage.name:<11} {docstring(stage.function).splitlines()[0]}"]
        lines += [*_wrapped("   │        ← ", stage.reads), f"   │        → {stage.writes}", "   │"]
    for document in DOCUMENTS:
        lines += _wrapped(f"   ├──► {document.file:<18}← ", (*document.reads, *(["checks"] * document.gated)))
    lines += _wrapped(f"   ├──► {'index.html':<18}← ", MAPPED)
    lines += _wrapped(
        f"   └──► {'manifest.json':<18}← ", ("all", "of", "these", "and", "what", "was", "read")
    )
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _wrapped(before: str, words: Iterable[str]) -> list[str]:
    """Words after a label, in lines that are not too long."""
    lines, line = [], before.rstrip()
    for word in words:
        if len(line) + 1 + len(word) > WIDTH:
            lines.append(line)
            line = ("   │" + " " * len(before))[: len(before.rstrip())]
        line += f" {word}"
    return [*lines, line]
