"""One district's configuration: a TOML file, read into frozen dataclasses; every key is checked.

`Config.load` is the only way in. Standard library only: Make reads the inputs of a district
(`python3 pipeline/config.py`) before anything is installed.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from datetime import date
from pathlib import Path
from types import UnionType
from typing import Any, Self, Union, get_args, get_origin, get_type_hints

from pipeline.tables import INPUTS, PROVENANCE, Table

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
DATUMS = ("wgs84", "cgcs2000", "gcj02", "bd09", "auto")
#: Servers of map tiles; pipeline/publish/webmap/tiles.py says where they are.
TILES = ("openstreetmap", "tianditu", "amap")
#: Inputs that the datum of others can be fitted to.
TRUSTED = ("subdistricts", "communities", "buildings", "barriers")


class ConfigError(ValueError):
    """The configuration is wrong; the message names the file, the key, and what was probably meant."""


@dataclass(frozen=True)
class District:
    """Which district this is."""

    code: str
    """GB/T 2260 code; area codes begin with it."""
    name_zh: str
    name_en: str
    crs: str
    """The district's own projected CRS, in metres, such as EPSG:4550."""
    as_of: date
    """The day the outputs speak of: contracts over by then are `expired`."""
    synthetic: bool = False
    """The data is invented; every page, table and picture says so."""
    source: str = ""
    """Where the data is from, as printed on the map."""


@dataclass(frozen=True)
class InputFile:
    """One raw file of one input table."""

    path: str
    """Relative to RAW: a file, a zip archive with one data set in it, or a folder (Shapefile, .gdb, parts of a GeoParquet)."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """Table column = column of the file. A column of the same name needs no entry."""
    constants: Mapping[str, Any] = field(default_factory=dict)
    """Table column = one value for every row of the file."""
    values: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Table column → value of the table = values of the file that mean it; `"*"`: all others."""
    where: Mapping[str, Any] = field(default_factory=dict)
    """Column of the file = the values of rows that are meant (`"*"`: any value); other rows are counted as not meant."""
    crs: str = ""
    """Overrides what the file says, or says what the file does not."""
    datum: str = "wgs84"
    """wgs84, cgcs2000 (the same within centimetres), gcj02 or bd09; auto: the one with which the file fits its reference."""
    reference: str = ""
    """Input that the datum is held against: subdistricts (if none is named), communities, buildings or barriers. The input that
    the file itself is of: the files listed above it."""
    x: str = ""
    """Longitude or easting column of a file without geometry."""
    y: str = ""
    layer: str = ""
    """Layer of a file that has several, or data set of an archive or folder that has several (`"a.gpkg/houses"`: both)."""
    encoding: str = ""
    sheet: str = ""
    optional: bool = False
    """The file may not be there (yet), such as decisions nobody has taken so far."""


@dataclass(frozen=True)
class Declared:
    """Totals somebody signed for: compared with, never tuned to."""

    source: str = ""
    subdistricts: int | None = None
    areas: int | None = None
    register_entries: int | None = None
    floor_area_m2: float | None = None
    contracts_signed_share: float | None = None
    management_units: int | None = None
    assessed_quarters: int | None = None
    service_rooms: int | None = None
    office_rooms: int | None = None
    first_batch_projects: int | None = None
    first_batch_buildings: int | None = None
    first_batch_floor_area_m2: float | None = None
    survey_households: int | None = None
    survey_agree: int | None = None
    survey_refuse: int | None = None
    survey_no_opinion: int | None = None
    survey_agree_share: float | None = None
    tolerance_share: float = 0.01
    """Relative difference still called equal."""


@dataclass(frozen=True)
class MatchRules:
    """Register entry → footprints."""

    point_reach_m: float = 300.0
    """An entry known by a point takes no building farther than this along the neighbour graph."""
    address_confidence: float = 0.9
    road_likeness_min: float = 0.6
    """A road's name is never read as one less like it (1 − edits ÷ length); one that is not the same has to be confirmed by
    the number of buildings (pipeline/sources/doors.py), and lowers the confidence to its share."""
    road_likeness_margin: float = 0.1
    """Nor as one, if another is like it to within this."""
    point_confidence: float = 0.6


@dataclass(frozen=True)
class GroupRules:
    """Which buildings form one area."""

    target_count: int | None = None
    """Exactly this many areas in the whole district; none: as many as the register has."""
    reach_m: float = 120.0
    """Buildings whose facades are farther apart are not neighbours."""
    crossing_cost_m: Mapping[str, float] = field(
        default_factory=lambda: {
            "railway": float("inf"),
            "water": float("inf"),
            "arterial": float("inf"),
            "collector": 120.0,
            "local": 60.0,
            "wall": 40.0,
            "lane": 15.0,
            "path": 5.0,
        }
    )
    """Metres of facade distance that crossing one counts for, by class; inf: never crossed."""
    courtyard_share: float = 0.25
    """Share of that which a lane or path counts for between buildings that face the same courtyard: there it is the area's own way."""
    unlike_cost_m: Mapping[str, float] = field(
        default_factory=lambda: {"community": 60.0, "owner_unit": 30.0, "year": 5.0, "floors": 0.0, "road": 0.0}
    )
    """Metres that unlikeness counts for, where it is known of both buildings: another community (one community an area unless
    waived), another original owner unit, years of building 10 apart, floors 3 apart (less in proportion), another road in the
    address. 0: not weighed, because measured places spoke against it (docs/accuracy.md)."""
    floor_area_min_m2: float = 10_000.0
    """A remnant smaller than this is merged with a neighbour inside the same roads (as provinces rule)."""
    floor_area_max_m2: float = 100_000.0
    """No area should be larger than this, the largest that provinces set for a whole quarter."""
    size_cost_m: Mapping[str, float] = field(default_factory=lambda: {"remnant": 10.0, "oversize": 60.0})
    """What these two rules weigh, in metres of facade distance: up to so much for the smallest remnant, so much for twice the largest
    floor area. 0: the rule is off. They apply where the floor area of most buildings is known."""


@dataclass(frozen=True)
class DelineateRules:
    """The ground an area owns."""

    reach_m: float = 30.0
    """Ground farther from every building of the area is not the area's, but for bays narrower than this and courtyards."""
    courtyard_max_m2: float = 10_000.0
    """Ground that an area's buildings surround is the area's even beyond reach, unless it is larger than this."""
    road_half_width_m: Mapping[str, float] = field(
        default_factory=lambda: {
            "railway": 12.0,
            "arterial": 16.0,
            "collector": 10.0,
            "local": 6.0,
            "lane": 0.0,
            "path": 0.0,
            "wall": 0.0,
            "water": 5.0,
        }
    )
    """Public ground to each side of a centre line that has no width of its own, by class; 0: not public."""
    part_min_m2: float = 20.0
    """Ground between streets, water and public land that is smaller than this is no block."""
    pocket_max_m2: float = 800.0
    """Enclosed empty ground beyond everybody's reach goes to the area beside it if smaller than this, else is a gap."""


@dataclass(frozen=True)
class GapRules:
    """When something counts as a gap."""

    uncovered_ground_min_m2: float = 800.0
    """Uncovered residential ground smaller than this is not reported."""
    contested_ground_min_m2: float = 5.0
    """Overlap of two hand-drawn boundaries smaller than this is a drawing error, not a dispute."""
    emergency_months: int = 6
    """An emergency arrangement ends after this (the limit several cities set)."""
    pass_mark: float = 60.0


@dataclass(frozen=True)
class ServiceRules:
    """Assessment and eligibility."""

    points: Mapping[str, float] = field(
        default_factory=lambda: {"repair": 30.0, "order": 25.0, "cleaning": 20.0, "greening": 10.0, "records": 15.0}
    )
    """Points to be had, of 100: repair 30 and order 25 as other districts set them; how the rest is split is assumed."""
    privatised_share_min: float = 0.5
    """Above this an owners' assembly is possible (物业管理条例)."""


@dataclass(frozen=True)
class Rules:
    """Every rule of the domain that has a number, by the stage that applies it."""

    match: MatchRules = MatchRules()
    group: GroupRules = GroupRules()
    delineate: DelineateRules = DelineateRules()
    gaps: GapRules = GapRules()
    service: ServiceRules = ServiceRules()


@dataclass(frozen=True)
class Limits:
    """What a raw file may cost: beyond these it is taken for damaged or hostile. Far above what a district needs."""

    file_max_bytes: int = 4_000_000_000
    """A larger file, or a folder whose files come to more, is refused."""
    unpacked_max_bytes: int = 4_000_000_000
    """A zip archive that unpacks to more is refused."""
    unpacked_max_files: int = 2_000
    """A zip archive or a folder with more files is refused."""
    unpack_ratio_max: float = 200.0
    """A member of a zip archive that unpacks to more than this many times its packed size is refused; text packs 5 to 50 times."""
    columns_max: int = 1_000
    """A table with more columns is refused."""
    text_max_characters: int = 10_000
    """Longer text in one cell is cut there."""
    vertices_max: int = 100_000
    """A row whose shape has more is rejected."""


@dataclass(frozen=True)
class MapOptions:
    """What the map may ask the network for. By default nothing, and the page forbids itself everything."""

    tiles: str = ""
    """A ground map from the network under the areas: openstreetmap, tianditu or amap."""
    tiles_key: str = ""
    """The key of your account there, which Tianditu asks for. Whoever has the map can read it."""


@dataclass(frozen=True)
class Config:
    """A district: what it is, its raw files, what was declared, and the rules."""

    district: District
    inputs: Mapping[str, tuple[InputFile, ...]]
    declared: Declared = Declared()
    rules: Rules = Rules()
    limits: Limits = Limits()
    map: MapOptions = MapOptions()

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Read and check a TOML file.

        Raises ConfigError for a file that is missing or not TOML, a key or column that is unknown (naming
        the near match), a value of the wrong type, or a required key that is missing.
        """
        path = Path(path)
        try:
            with path.open("rb") as file:
                raw = tomllib.load(file)
        except FileNotFoundError as error:
            raise ConfigError(f"{path}: no such configuration; pass one with CONFIG=… or --config") from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise ConfigError(f"{path}: not a TOML file: {error}") from error
        try:
            _known(raw, ("district", "inputs", "declared", "rules", "limits", "map"), "")
            inputs = raw.pop("inputs", {})
            if "district" not in raw:
                raise ConfigError("[district] is missing: give it code, name_zh, name_en, crs and as_of")
            return cls(
                district=_build(District, raw["district"], "district"),
                inputs=_build_inputs(inputs),
                declared=_build(Declared, raw.get("declared", {}), "declared"),
                rules=_build(Rules, raw.get("rules", {}), "rules"),
                limits=_build(Limits, raw.get("limits", {}), "limits"),
                map=_build_map_options(raw.get("map", {})),
            )
        except ConfigError as error:
            raise ConfigError(f"{path}: {error}") from error


def _build_map_options(raw: Any) -> MapOptions:
    options: MapOptions = _build(MapOptions, raw, "map")
    if options.tiles and options.tiles not in TILES:
        raise ConfigError(f"map.tiles: {options.tiles!r} is not one of {', '.join(TILES)}")
    if options.tiles == "tianditu" and not options.tiles_key:
        raise ConfigError("map.tiles_key is missing: Tianditu gives tiles to those who have a key of their own")
    if not re.fullmatch(r"[A-Za-z0-9_-]*", options.tiles_key):
        raise ConfigError(f"map.tiles_key: {options.tiles_key!r} has more than letters, digits, - and _")
    return options


def _build_inputs(raw: Any) -> dict[str, tuple[InputFile, ...]]:
    _known(raw, INPUTS, "inputs")
    if "buildings" not in raw:
        raise ConfigError("[[inputs.buildings]] is missing: building footprints are the one input that is required")
    inputs = {}
    for name, table in INPUTS.items():
        files = raw.get(name, [])
        where = f"inputs.{name}"
        if not isinstance(files, list):
            files = [files]
        inputs[name] = tuple(_build(InputFile, file, where) for file in files)
        for file in inputs[name]:
            _check_columns(file, table, where)
    for name in inputs:
        _check_references(name, inputs)
    return inputs


def _check_references(name: str, inputs: Mapping[str, tuple[InputFile, ...]]) -> None:
    for i, file in enumerate(inputs[name]):
        where = f"inputs.{name}.reference"
        if file.datum == "auto" and not file.reference and "subdistricts" not in trusted_inputs(name, inputs):
            raise ConfigError(f'{where} is missing: datum = "auto" needs an input to fit to, one of {", ".join(TRUSTED)}')
        if file.reference and not (inputs[file.reference] if file.reference != name else inputs[name][:i]):
            raise ConfigError(f"{where}: no file of {file.reference} is listed{' above it' if file.reference == name else ''}")
    reached, ahead = set[str](), set(trusted_inputs(name, inputs))
    while ahead:
        reached |= ahead
        ahead = {further for one in ahead for further in trusted_inputs(one, inputs)} - reached
    if name in reached:
        raise ConfigError(f"inputs.{name}.reference: {name} would be fitted, by way of others, to itself")


def trusted_inputs(name: str, inputs: Mapping[str, tuple[InputFile, ...]]) -> tuple[str, ...]:
    """The inputs that have to be ingested before this one, because its place and datum are held against them.

    That is what its files name as reference, what buildings are placed in, and the subdistricts for all that has a place,
    unless they are fitted to it themselves.
    """
    named = {file.reference for file in inputs[name] if file.reference} - {name}
    if name == "buildings":
        named |= {"subdistricts", "communities"}
    elif INPUTS[name].geometry_types and name not in {"subdistricts", *(file.reference for file in inputs["subdistricts"])}:
        named.add("subdistricts")
    return tuple(sorted(one for one in named if inputs[one]))


def _check_columns(file: InputFile, table: Table, where: str) -> None:
    known = [c.name for c in table.columns if c not in PROVENANCE and c.kind != "geometry"]
    for key in ("columns", "constants", "values"):
        _known(getattr(file, key), known, f"{where}.{key}")
    if file.datum not in DATUMS:
        raise ConfigError(f"{where}.datum: {file.datum!r} is not one of {', '.join(DATUMS)}")
    if file.reference and file.reference not in TRUSTED:
        raise ConfigError(f"{where}.reference: {file.reference!r} is not one of {', '.join(TRUSTED)}")
    if bool(file.x) != bool(file.y):
        raise ConfigError(f"{where}: x and y go together")
    if Path(file.path).is_absolute() or ".." in Path(file.path).parts:
        raise ConfigError(f"{where}.path: {file.path!r} leads out of RAW; give a path inside it")
    for column, mapping in file.values.items():
        if not isinstance(mapping, Mapping):
            raise ConfigError(f"{where}.values.{column}: expected a table of value = [values of the file]")
        if allowed := table.column(column).values:
            _known(mapping, allowed, f"{where}.values.{column}")
    for column, constant in file.constants.items():
        allowed = table.column(column).values
        if allowed and constant not in allowed:
            raise ConfigError(f"{where}.constants.{column}: {constant!r} is not one of {', '.join(allowed)}")


def _build(cls: Any, raw: Any, where: str) -> Any:
    """A dataclass from a TOML table: unknown keys, missing keys and wrong types are errors."""
    if not isinstance(raw, Mapping):
        raise ConfigError(f"[{where}]: expected a table")
    hints = get_type_hints(cls)
    _known(raw, hints, where)
    values = {}
    for item in fields(cls):
        if item.name in raw:
            values[item.name] = _typed(raw[item.name], hints[item.name], item, f"{where}.{item.name}")
        elif item.default is MISSING and item.default_factory is MISSING:
            raise ConfigError(f"{where}.{item.name} is missing")
    return cls(**values)


def _typed(value: Any, hint: Any, item: Any, where: str) -> Any:
    if hasattr(hint, "__dataclass_fields__"):
        return _build(hint, value, where)
    if get_origin(hint) is Mapping:
        if not isinstance(value, Mapping):
            raise ConfigError(f"{where}: expected a table, got {value!r}")
        defaults = item.default_factory() if item.default_factory is not MISSING else {}
        if defaults:
            _known(value, defaults, where)
            for key, number in value.items():
                _typed(number, float, item, f"{where}.{key}")
        return {**defaults, **value}
    allowed = tuple(get_args(hint)) if get_origin(hint) in (Union, UnionType) else (hint,)
    if float in allowed and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, allowed) or (isinstance(value, bool) and bool not in allowed):
        names = " or ".join(a.__name__ for a in allowed if a is not type(None))
        raise ConfigError(f"{where}: expected {names}, got {value!r}")
    return value


def _known(given: Iterable[str], known: Iterable[str], where: str) -> None:
    known = list(known)
    for key in given:
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
            hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(known)}"
            raise ConfigError(f"unknown key {f'{where}.{key}' if where else key!r}: {hint}")


def make_variables(config: Config) -> str:
    """What Make has to know of a district, as Make variables: the files of each input, and whether it is the sample."""
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

    The patterns are left to Make's rules to expand, which, unlike its functions, take a file name with spaces as one.
    """
    path = "$(RAW)/" + _escaped(file.path)
    whole = f"$(wildcard {path})" if file.optional else path
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


if __name__ == "__main__":
    import sys

    try:
        print(make_variables(Config.load(sys.argv[1])), end="")
    except ConfigError as error:
        sys.exit(str(error))
