"""What may stand for a coordinate reference system: a code, or a definition in numbers. Never one that opens
a file or runs steps.

PROJ opens every grid that a text names as soon as it makes sense of the text, so the text is looked at
before. Standard library only.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

#: Characters of a definition; a longer text is refused.
LONGEST = 100_000
CODE = re.compile(
    r"(?i)(?:epsg|esri|ogc|ignf|nkg|iau_\d{4}):[a-z0-9_.-]{1,40}|urn:ogc:def:crs:[a-z0-9_]{1,20}:[a-z0-9_.]{0,20}:[a-z0-9_.-]{1,40}"
)
WKT = re.compile(
    r"(?i)\s*(?:geogcs|projcs|geoccs|compd_cs|local_cs|vert_cs|geogcrs|geographiccrs|geodcrs|geodeticcrs|projcrs|projectedcrs|compoundcrs"
    r"|boundcrs|derivedprojcrs|engcrs|engineeringcrs|vertcrs|verticalcrs|parametriccrs|timecrs)\s*[\[(]"
)
EXTENSION = re.compile(r'(?i)\bextension\s*[\[(]\s*"([^"]*)"\s*,\s*"((?:[^"]|"")*)"')
PARAMETER_FILE = re.compile(r"(?i)\bparameterfile\s*[\[(]")
STEPS = re.compile(r"(?i)\bproj[- ](?:based|\w*shift)|\b(?:proj|init)\s*=|grids\s*=")
#: The projections and keys of a definition in PROJ's own words that are a CRS in numbers.
PROJECTIONS = (
    "aea aeqd bonne cass cea eqc eqdc eqearth etmerc gall geocent geos gnom krovak laea latlon latlong lcc"
    " longlat lonlat merc mill moll mod_krovak natearth nsper nzmg omerc ortho poly robin sinu somerc stere"
    " sterea tcea tmerc tobmerc tpeqd ups utm vandg webmerc wintri"
)
KEYS = (
    "a alpha approx axis b datum ellps es f gamma h k k_0 lat_0 lat_1 lat_2 lat_ts lon_0 lon_1 lon_2 lonc"
    " nadgrids no_defs no_off no_rot no_uoff over pm proj r r_a rf south sweep title to_meter towgs84 type"
    " units vto_meter vunits wktext x_0 y_0 zone"
)
UNREADABLE = "JSON that can't be read"
TOKEN = re.compile(r"\+?([A-Za-z_0-9]+)(?:=([\w.,+'\"°@-]*))?")


def fault(text: str) -> str:
    """Why a text is not taken for a CRS.

    Parameters
    ----------
    text : str
        A code or a definition (WKT, PROJJSON, +proj=…).

    Returns
    -------
    str
        "": it is one by its looks (whether it exists, only PROJ knows).
    """
    text = text.strip()
    if len(text) > LONGEST:
        return f"a definition of {len(text):,} characters"
    if CODE.fullmatch(text):
        return ""
    if text.startswith("{"):
        return _json_fault(text)
    if WKT.match(text):
        return _wkt_fault(text)
    if re.match(r"\+?proj\s*=", text) or text.startswith("+"):
        return _proj_fault(text)
    return "neither a code such as EPSG:4550 nor a definition (WKT, PROJJSON, +proj=…)"


def opens(text: str) -> str:
    """What a text names that would be opened or run if it were taken for a CRS.

    Parameters
    ----------
    text : str
        Whatever it is.

    Returns
    -------
    str
        "": nothing.
    """
    text = text.strip()
    if text.startswith("{") and (why := _json_fault(text)) != UNREADABLE:
        return why
    return _proj_fault(text) if text.startswith(("+", "proj=")) else _wkt_fault(text)


def _wkt_fault(text: str) -> str:
    if PARAMETER_FILE.search(text):
        return "it names a grid file"
    for key, value in EXTENSION.findall(text):
        if key.upper() == "PROJ4_GRIDS":
            return "it names a grid file"
        if key.upper() == "PROJ4" and (why := _proj_fault(value)):
            return why
    return "it names steps or a grid file" if STEPS.search(EXTENSION.sub("", text)) else ""


def _json_fault(text: str) -> str:
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        return UNREADABLE
    for key, value in _members(content):
        if key == "value" and not isinstance(value, (int, float)):
            return "it names a grid file"
        if isinstance(value, str) and STEPS.search(value):
            return "it names steps or a grid file"
    return ""


def _members(content: Any) -> Iterator[tuple[str, Any]]:
    ahead = [("", content)]
    while ahead:
        key, value = ahead.pop()
        yield key, value
        if isinstance(value, dict):
            ahead += value.items()
        elif isinstance(value, list):
            ahead += [(key, one) for one in value]


def _proj_fault(text: str) -> str:
    given: dict[str, str] = {}
    for word in text.split():
        token = TOKEN.fullmatch(word)
        if token is None or token[1].lower() not in KEYS.split():
            return f"{word[:40]!r} in it is more than a plain definition may say"
        given[token[1].lower()] = token[2] or ""
    if given.get("proj") not in PROJECTIONS.split():
        return f"{given.get('proj', '')!r} is no projection in numbers"
    return "it names a grid file" if given.get("nadgrids", "@null") != "@null" else ""
