"""Tables to the one HTML file of the map."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pandas as pd

from pipeline.config import Declared, District, MapOptions
from pipeline.publish.webmap.declared import declared as declared_for_page
from pipeline.publish.webmap.page import FOLDER
from pipeline.publish.webmap.partial import Missing, Partial, completed
from pipeline.publish.webmap.payload import has_release, payload
from pipeline.publish.webmap.plugins import Data, OfflineMap
from pipeline.publish.webmap.tiles import image_host, tile_options

OFFLINE = MapOptions()


def build_map(
    tables: Mapping[str, pd.DataFrame],
    *,
    district: District,
    declared: Declared,
    options: MapOptions = OFFLINE,
    missing: Missing | None = None,
) -> str:
    """The interactive map as one HTML page that needs no network and no other file.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Frames as pipeline.tables has them, by name, geometry in district.crs (metres). buildings, membership,
        areas and gaps must be there; service, subdistricts, communities, barriers, land, compounds, register,
        contracts, reconciliation and area_reasons may be missing or empty, and areas may have no geometry.
        boundaries, decisions, released_areas and released_membership, where given, are what has been decided
        and which codes are taken.
    district : District
    declared : Declared
        The totals that were declared.
    options : MapOptions, default OFFLINE
        What the page may fetch, by default nothing.
    missing : Missing, default None
        What could not be made; the page then says so, claims nothing of it, and nothing can be decided on it.

    Returns
    -------
    str
        The same tables give the same text, whatever the order of their rows.

    Raises
    ------
    KeyError
        Where one of the four is missing and `missing` is not given.

    Notes
    -----
    Without a service table every area counts as proposed.
    """
    if missing:
        tables = completed(tables, district.crs)
    strings: dict[str, dict[str, str]] = json.loads((FOLDER / "strings.json").read_text(encoding="utf-8"))
    title = strings["zh"]["title"].replace("{district}", district.name_zh)
    page = OfflineMap(title=title, language="zh-CN", images=image_host(options))
    without = missing.tables if missing else ()
    given = declared_for_page(
        deciding=not missing,  # what is handed in replaces what was decided, which may not be all there
        release=has_release(tables),
        tiles=tile_options(options, tables["buildings"].geometry) if options.tiles else None,
    )
    packed = payload(tables, district=district, declared=declared, missing=without)
    Data(packed, declared=given, strings=strings).add_to(page)
    if missing:
        Partial(missing, strings).add_to(page)
    html: str = page.get_root().render()
    return html
