"""What a TOML file says, as frozen dataclasses: an unknown key, a wrong type or a value that cannot be is an
error that says what to do.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, Field, fields
from datetime import date
from pathlib import Path
from types import UnionType
from typing import TYPE_CHECKING, Any, TypeVar, Union, get_args, get_origin, get_type_hints

from pipeline.config.keys import DATUMS, TILES, TRUSTED, District, InputFile, MapOptions
from pipeline.config.references import fault
from pipeline.tables import INPUTS, PROVENANCE, Column, Table

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Keys = TypeVar("Keys", bound="DataclassInstance")

#: Type → its name in messages.
TYPES = {
    str: 'text in "quotation marks"',
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    date: "a day such as 2026-11-30 (without quotation marks)",
}


class ConfigError(ValueError):
    """The configuration is wrong; the message names the file, the key, and what was probably meant."""


def build_map_options(raw: object) -> MapOptions:
    """The options of the map: [map].

    Parameters
    ----------
    raw : object
        As TOML has it.

    Returns
    -------
    MapOptions

    Raises
    ------
    ConfigError
        For tiles nobody serves, and for a key that is missing or no key.
    """
    options = build(MapOptions, raw, "map")
    if options.tiles and options.tiles not in TILES:
        raise ConfigError(f"map.tiles: {options.tiles!r} is not one of {', '.join(TILES)}")
    if options.tiles == "tianditu" and not options.tiles_key:
        raise ConfigError(
            "map.tiles_key is missing: Tianditu gives tiles to those who have a key of their own"
        )
    if not re.fullmatch(r"[A-Za-z0-9_-]*", options.tiles_key):
        raise ConfigError(f"map.tiles_key: {options.tiles_key!r} has more than letters, digits, - and _")
    return options


def build_district(raw: object) -> District:
    """The district: [district].

    Parameters
    ----------
    raw : object
        As TOML has it.

    Returns
    -------
    District

    Raises
    ------
    ConfigError
        For a crs that is no code and no plain definition.
    """
    district = build(District, raw, "district")
    if why := fault(district.crs):
        raise ConfigError(f"district.crs: {district.crs[:80]!r}: {why}; write it as EPSG:4550")
    return district


def build_inputs(raw: Any) -> dict[str, tuple[InputFile, ...]]:
    """The files of every input: [[inputs.…]], none for one that is not there.

    Parameters
    ----------
    raw : table of TOML
        Input → its files, as TOML has them.

    Returns
    -------
    dict of str to tuple of InputFile
        Every input, in the order they are ingested.

    Raises
    ------
    ConfigError
        For what does not fit its table, for a reference that is missing or leads back to the input itself,
        and where there are no buildings.
    """
    if "buildings" not in raw:
        check_keys(raw, INPUTS, "inputs")
        raise ConfigError(
            "[[inputs.buildings]] is missing: building footprints are the one input that is required"
        )
    inputs = entries(raw)
    for name in inputs:
        _check_references(name, inputs)
    return inputs


def entries(raw: Any) -> dict[str, tuple[InputFile, ...]]:
    """The files of every input, each held against its table alone.

    Parameters
    ----------
    raw : table of TOML
        Input → its files, as TOML has them.

    Returns
    -------
    dict of str to tuple of InputFile
        Every input, in the order they are ingested; () for one that is not there.

    Raises
    ------
    ConfigError
        For what does not fit its table.
    """
    check_keys(raw, INPUTS, "inputs")
    inputs = {}
    for name, table in INPUTS.items():
        files = raw.get(name, [])
        where = f"inputs.{name}"
        if not isinstance(files, list):
            files = [files]
        for file in files:
            _check_no_column(file, table, where)
        inputs[name] = tuple(build(InputFile, file, where) for file in files)
        for file in inputs[name]:
            _check_columns(file, table, where)
    return inputs


def _check_references(name: str, inputs: Mapping[str, tuple[InputFile, ...]]) -> None:
    for i, file in enumerate(inputs[name]):
        where = f"inputs.{name}.reference"
        if file.datum == "auto" and not file.reference and "subdistricts" not in trusted_inputs(name, inputs):
            raise ConfigError(
                f'{where} is missing: datum = "auto" needs an input to fit to, one of {", ".join(TRUSTED)}'
            )
        if file.reference and not (inputs[file.reference] if file.reference != name else inputs[name][:i]):
            raise ConfigError(
                f"{where}: no file of {file.reference} is"
                f" listed{' above it' if file.reference == name else ''}"
            )
    reached, ahead = set[str](), set(trusted_inputs(name, inputs))
    while ahead:
        reached |= ahead
        ahead = {further for one in ahead for further in trusted_inputs(one, inputs)} - reached
    if name in reached:
        raise ConfigError(f"inputs.{name}.reference: {name} would be fitted, by way of others, to itself")


def trusted_inputs(name: str, inputs: Mapping[str, tuple[InputFile, ...]]) -> tuple[str, ...]:
    """The inputs that have to be ingested before this one, because its place and datum are held against them.

    Parameters
    ----------
    name : str
        The input.
    inputs : mapping of str to tuple of InputFile
        The files of every input.

    Returns
    -------
    tuple of str
        Sorted: what its files name as reference, what buildings are placed in, and the subdistricts for all
        that has a place, unless they are fitted to it themselves. None without files.
    """
    named = {file.reference for file in inputs[name] if file.reference} - {name}
    if name == "buildings":
        named |= {"subdistricts", "communities"}
    elif INPUTS[name].geometry_types and name not in {
        "subdistricts",
        *(file.reference for file in inputs["subdistricts"]),
    }:
        named.add("subdistricts")
    return tuple(sorted(one for one in named if inputs[one]))


def _check_no_column(file: object, table: Table, where: str) -> None:
    """Raise ConfigError for a column of the table that stands among the keys of its file."""
    keys = {item.name for item in fields(InputFile)}
    for key in file if isinstance(file, Mapping) else ():
        if key not in keys and key in table.column_names:
            raise ConfigError(
                f'{where}.{key}: {key} is a column of the table: write columns = {{ {key} = "its name in the'
                ' file" }'
            )


def _check_columns(file: InputFile, table: Table, where: str) -> None:
    known = [c.name for c in table.columns if c not in PROVENANCE and c.kind != "geometry"]
    for key in ("columns", "constants", "values"):
        check_keys(getattr(file, key), known, f"{where}.{key}")
    _check_place(file, where)
    for column, mapping in file.values.items():
        if not isinstance(mapping, Mapping):
            raise ConfigError(f"{where}.values.{column}: expected a table of value = [values of the file]")
        if allowed := table.column(column).values:
            check_keys(mapping, allowed, f"{where}.values.{column}")
    for column, constant in file.constants.items():
        _check_constant(constant, table.column(column), f"{where}.constants.{column}")


def _check_place(file: InputFile, where: str) -> None:
    """Raise ConfigError for what does not say where the file, or what is in it, lies."""
    if file.datum not in DATUMS:
        raise ConfigError(f"{where}.datum: {file.datum!r} is not one of {', '.join(DATUMS)}")
    if file.reference and file.reference not in TRUSTED:
        raise ConfigError(f"{where}.reference: {file.reference!r} is not one of {', '.join(TRUSTED)}")
    if file.crs and (why := fault(file.crs)):
        raise ConfigError(f"{where}.crs: {file.crs[:80]!r}: {why}; write it as EPSG:4326")
    if bool(file.x) != bool(file.y):
        raise ConfigError(f"{where}: x and y go together")
    if Path(file.path).is_absolute() or ".." in Path(file.path).parts:
        raise ConfigError(f"{where}.path: {file.path!r} leads out of RAW; give a path inside it")


def _check_constant(constant: object, column: Column, where: str) -> None:
    """Raise ConfigError for a constant that the column may not have."""
    if column.values and constant not in column.values:
        raise ConfigError(f"{where}: {constant!r} is not one of {', '.join(column.values)}")
    if isinstance(constant, int | float) and not column.allows(constant):
        raise ConfigError(f"{where}: {constant!r} is not {column.range}")


def build(cls: type[Keys], raw: object, where: str) -> Keys:
    """A dataclass from a TOML table.

    Parameters
    ----------
    cls : type
        The dataclass; its fields are the keys.
    raw : object
        As TOML has it.
    where : str
        The name of the table, for messages.

    Returns
    -------
    object
        Of `cls`. A whole number is taken for a decimal one; a table of numbers keeps the defaults of the keys
        that it does not have.

    Raises
    ------
    ConfigError
        For unknown keys, missing keys and wrong types.
    """
    if not isinstance(raw, Mapping):
        raise ConfigError(f"[{where}]: expected a table, the lines below [{where}], got {raw!r}")
    hints = get_type_hints(cls)
    check_keys(raw, hints, where)
    values = {}
    for item in fields(cls):
        if item.name in raw:
            values[item.name] = _typed(raw[item.name], hints[item.name], item, f"{where}.{item.name}")
        elif item.default is MISSING and item.default_factory is MISSING:
            raise ConfigError(f"{where}.{item.name} is missing: add the line {item.name} = …")
    return cls(**values)


def _typed(value: Any, hint: Any, item: Field[Any], where: str) -> Any:
    if hasattr(hint, "__dataclass_fields__"):
        return build(hint, value, where)
    if get_origin(hint) is Mapping:
        if not isinstance(value, Mapping):
            raise ConfigError(f"{where}: expected a table such as {{ name = … }}, got {value!r}")
        defaults = item.default_factory() if item.default_factory is not MISSING else {}
        if defaults:
            check_keys(value, defaults, where)
            for key, number in value.items():
                _typed(number, float, item, f"{where}.{key}")
        return {**defaults, **value}
    allowed = tuple(get_args(hint)) if get_origin(hint) in (Union, UnionType) else (hint,)
    if float in allowed and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, allowed) or (isinstance(value, bool) and bool not in allowed):
        names = " or ".join(TYPES.get(a, a.__name__) for a in allowed if a is not type(None))
        raise ConfigError(f"{where}: expected {names}, got {value!r}")
    return value


def check_keys(given: Iterable[str], known: Iterable[str], where: str) -> None:
    """Refuse a key that is not known.

    Parameters
    ----------
    given, known : iterable of str
    where : str
        The name of their table, for the message; "": the whole file.

    Raises
    ------
    ConfigError
        For the first one, naming the one that was probably meant.
    """
    known = list(known)
    for key in given:
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
            hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(known)}"
            raise ConfigError(f"unknown key {f'{where}.{key}' if where else key!r}: {hint}")
