"""The parts of the page, as Folium elements: the map, its data, and one plugin for each thing one sees.

A plugin is a class with the files it needs and the line of JavaScript that starts it. Data never pass through a
template: they are one block of JSON, which the scripts read.
"""

from __future__ import annotations

from typing import Any, ClassVar

import folium
from branca.element import MacroElement
from folium.template import Template

from pipeline.publish.webmap.encode import to_json
from pipeline.publish.webmap.page import EmbeddedAssets, Page, Verbatim


class OfflineMap(EmbeddedAssets, folium.Map):
    """Folium's Map with Leaflet inside and no tiles."""

    default_js: ClassVar[list[tuple[str, str]]] = []
    default_css: ClassVar[list[tuple[str, str]]] = []
    scripts: ClassVar[list[tuple[str, str]]] = [("leaflet", "vendor/leaflet.js")]
    styles: ClassVar[list[tuple[str, str]]] = [
        ("leaflet_css", "vendor/leaflet.css"),
        ("page_css", "css/page.css"),
        ("map_css", "css/map.css"),
    ]

    _template = Template(
        """
        {% macro html(this, kwargs) %}<main class="folium-map" id={{ this.get_name()|tojson }}></main>{% endmacro %}
        {% macro script(this, kwargs) %}
        const {{ this.get_name() }} = L.map({{ this.get_name()|tojson }}, {
            crs: L.CRS.{{ this.crs }}, ...{{ this.options|tojavascript }}
        });
        {% endmacro %}
        """
    )

    def __init__(self, *, title: str, language: str) -> None:
        super().__init__(
            tiles=None,
            prefer_canvas=True,
            attribution_control=False,
            zoom_control=False,
            zoom_snap=0.25,
            fade_animation=False,
            wheel_px_per_zoom_level=90,
        )
        self._id = "1"
        # Folium's Map makes a Figure of its own; ours has the language and the policy.
        Page(title=title, language=language).add_child(self)


class Plugin(EmbeddedAssets):
    """A part of the page that starts with `new PM.<its name>(store).addTo(map)`."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        new PM.{{ this._name }}(store).addTo({{ this._parent.get_name() }});
        {% endmacro %}
        """
    )

    def __init__(self) -> None:
        super().__init__()
        self._name = type(self).__name__
        self._id = "1"


class Store(EmbeddedAssets):
    """The data and the words, as JSON blocks, and the state of the page: filters, language, what is selected."""

    scripts: ClassVar[list[tuple[str, str]]] = [("core", "js/core.js"), ("decode", "js/decode.js"), ("store", "js/store.js")]

    _template = Template("{% macro script(this, kwargs) %}const store = PM.Store.read('data', 'strings');{% endmacro %}")

    def __init__(self, data: Any, strings: Any) -> None:
        super().__init__()
        self._name = "Store"
        self._id = "1"
        self.blocks = {"data": data, "strings": strings}

    def render(self, **kwargs: Any) -> None:
        """Put the JSON blocks into the body of the page."""
        for name, value in self.blocks.items():
            block = Verbatim(f'<script type="application/json" id="{name}">{to_json(value)}</script>')
            self.get_root().html.add_child(block, name=name)
        super().render(**kwargs)


class Surface(Plugin):
    """Everything that is drawn: ground, roads, areas, buildings, gaps, subdistricts; on canvas tiles."""

    scripts: ClassVar[list[tuple[str, str]]] = [("styles", "js/styles.js"), ("paint", "js/paint.js"), ("surface", "js/surface.js")]


class Labels(Plugin):
    """Names of subdistricts, areas, roads and parks, as many as fit."""

    scripts: ClassVar[list[tuple[str, str]]] = [("placing", "js/placing.js"), ("labels", "js/labels.js")]


class Popups(Plugin):
    """The facts of an area, a building or a gap, on a click."""

    scripts: ClassVar[list[tuple[str, str]]] = [("facts", "js/facts.js"), ("popups", "js/popups.js")]


class Panel(Plugin):
    """The side panel: title, language, search, coverage, filters, subdistricts, lists."""

    scripts: ClassVar[list[tuple[str, str]]] = [("search", "js/search.js"), ("lists", "js/lists.js"), ("panel", "js/panel.js")]
    styles: ClassVar[list[tuple[str, str]]] = [("panel_css", "css/panel.css")]


class Controls(Plugin):
    """Zoom, home, scale, legend, and the label of a synthetic sample."""

    scripts: ClassVar[list[tuple[str, str]]] = [("controls", "js/controls.js")]


class Ready(MacroElement):
    """Last: shows the whole district and says, once everything is drawn, `data-ready` on the page."""

    _template = Template("{% macro script(this, kwargs) %}PM.ready(store, {{ this._parent.get_name() }});{% endmacro %}")

    def __init__(self) -> None:
        super().__init__()
        self._name = "Ready"
        self._id = "1"
