"""Tables to the one HTML file of the map."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipeline.config import Declared, District
from pipeline.publish.webmap.page import FOLDER
from pipeline.publish.webmap.payload import payload
from pipeline.publish.webmap.plugins import Controls, Labels, OfflineMap, Panel, Popups, Ready, Store, Surface


def build_map(tables: Mapping[str, pd.DataFrame], *, district: District, declared: Declared) -> str:
    """The interactive map as one HTML page that needs no network and no other file.

    tables: frames as pipeline.tables has them, by name, geometry in district.crs (metres). buildings, membership,
    areas and gaps must be there; service, subdistricts, communities, barriers, land, compounds, register, contracts
    and reconciliation may be missing or empty, and areas may have no geometry. Without a service table every area
    counts as proposed. The same tables give the same text, whatever the order of their rows.
    Raises KeyError where one of the four is missing.
    """
    strings: dict[str, Any] = json.loads((FOLDER / "strings.json").read_text(encoding="utf-8"))
    title = strings["zh"]["title"].replace("{district}", district.name_zh)
    page = OfflineMap(title=title, language="zh-CN")
    Store(payload(tables, district=district, declared=declared), strings).add_to(page)
    for plugin in (Surface, Labels, Popups, Panel, Controls, Ready):
        plugin().add_to(page)
    html: str = page.get_root().render()
    return html
