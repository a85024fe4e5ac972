"""The parts of the page, as Folium elements: the map, its data, and one plugin for each thing one sees.

A plugin is a class with the files it needs and the line of JavaScript that starts it, once the data are
unpacked. Data never pass through a template: they are blocks of text, which the scripts read.
"""

from __future__ import annotations

from typing import Any, ClassVar

import folium
from branca.element import MacroElement
from folium.template import Template

from pipeline.publish.webmap.encode import to_json
from pipeline.publish.webmap.page import EmbeddedAssets, Page, Verbatim
from pipeline.publish.webmap.payload import Payload


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

    _template = Template("""
        {% macro html(this, kwargs) %}
        <main class="folium-map" id={{ this.get_name()|tojson }}></main>
        {% endmacro %}
        {% macro script(this, kwargs) %}
        const {{ this.get_name() }} = L.map({{ this.get_name()|tojson }}, {
            crs: L.CRS.{{ this.crs }}, ...{{ this.options|tojavascript }}
        });
        {% endmacro %}
        """)

    def __init__(self, *, title: str, language: str, images: str = "") -> None:
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
        Page(title=title, language=language, images=images).add_child(self)


class Plugin(EmbeddedAssets):
    """A part of the page that starts with `new PM.<its name>(store).addTo(map)`, as soon as the store is
    open.
    """

    _template = Template("""
        {% macro script(this, kwargs) %}
        opened.then((store) => new PM.{{ this._name }}(store).addTo({{ this._parent.get_name() }}));
        {% endmacro %}
        """)

    def __init__(self) -> None:
        super().__init__()
        self._name = type(self).__name__
        self._id = "1"


class Store(EmbeddedAssets):
    """The data, packed, and the words, as JSON; and the state of the page: filters, language, what is
    selected.
    """

    scripts: ClassVar[list[tuple[str, str]]] = [
        ("core", "js/core.js"),
        ("decode", "js/decode.js"),
        ("shapes", "js/shapes.js"),
        ("table", "js/table.js"),
        ("groups", "js/groups.js"),
        ("store", "js/store.js"),
        ("choices", "js/choices.js"),
    ]

    _template = Template("{% macro script(this, kwargs) %}const opened = PM.Store.open();{% endmacro %}")

    def __init__(self, packed: Payload, strings: Any) -> None:
        super().__init__()
        self._name = "Store"
        self._id = "1"
        self.packed = packed
        self.strings = strings

    def render(self, **kwargs: Any) -> None:
        """Put the blocks into the body of the page: all but the first behind the scripts, which need not wait
        for them.
        """
        page = self.get_root()
        page.html.add_child(
            Verbatim(f'<script type="application/json" id="strings">{to_json(self.strings)}</script>'),
            name="strings",
        )
        for name, block in self.packed._asdict().items():
            where = page.html if name == "picture" else page.tail
            where.add_child(
                Verbatim(f'<script type="application/gzip" id="{name}">{block.text()}</script>'), name=name
            )
        super().render(**kwargs)


class Surface(Plugin):
    """Everything that is drawn: ground, roads, areas, buildings, gaps, subdistricts; on canvas tiles."""

    scripts: ClassVar[list[tuple[str, str]]] = [
        ("styles", "js/styles.js"),
        ("specks", "js/specks.js"),
        ("paint", "js/paint.js"),
        ("surface", "js/surface.js"),
    ]


class Labels(Plugin):
    """Names of subdistricts, areas, roads and parks, as many as fit."""

    scripts: ClassVar[list[tuple[str, str]]] = [("placing", "js/placing.js"), ("labels", "js/labels.js")]


class Deciding(Plugin):
    """Decisions taken on the map: pending ones are kept, drawn, listed, and downloaded as the files that
    `make` obeys.
    """

    scripts: ClassVar[list[tuple[str, str]]] = [
        ("decisions", "js/decisions.js"),
        ("handing_in", "js/handing_in.js"),
        ("pending", "js/pending.js"),
        ("drawing", "js/drawing.js"),
        ("deciding", "js/deciding.js"),
    ]
    styles: ClassVar[list[tuple[str, str]]] = [("deciding_css", "css/deciding.css")]


class Popups(Plugin):
    """The facts of an area, a building or a gap, and why an area is one, on a click."""

    scripts: ClassVar[list[tuple[str, str]]] = [
        ("facts", "js/facts.js"),
        ("reasons", "js/reasons.js"),
        ("popups", "js/popups.js"),
    ]


class Panel(Plugin):
    """The side panel: title, language, search, coverage, filters, subdistricts, lists."""

    scripts: ClassVar[list[tuple[str, str]]] = [
        ("match", "js/match.js"),
        ("search", "js/search.js"),
        ("filters", "js/filters.js"),
        ("lists", "js/lists.js"),
        ("panel", "js/panel.js"),
    ]
    styles: ClassVar[list[tuple[str, str]]] = [("panel_css", "css/panel.css")]


class Measure(Plugin):
    """Lengths and areas of what is clicked on the map."""

    scripts: ClassVar[list[tuple[str, str]]] = [("geodesic", "js/geodesic.js"), ("measure", "js/measure.js")]
    styles: ClassVar[list[tuple[str, str]]] = [("measure_css", "css/measure.css")]


class Print(Plugin):
    """The print view: what the map shows as an A4 or A3 sheet, with legend, scale, dates and source."""

    scripts: ClassVar[list[tuple[str, str]]] = [("sheet", "js/sheet.js"), ("print", "js/print.js")]
    styles: ClassVar[list[tuple[str, str]]] = [("print_css", "css/print.css")]


class Links(Plugin):
    """What is seen as the part of the address after #, that can be mailed."""

    scripts: ClassVar[list[tuple[str, str]]] = [("links", "js/links.js")]


class Controls(Plugin):
    """Zoom, home, scale, legend, and the label of a synthetic sample."""

    scripts: ClassVar[list[tuple[str, str]]] = [("controls", "js/controls.js")]


class Rows(Plugin):
    """The table beside the map: areas, gaps or buildings of the filters, sorted by any column, and as a CSV
    file.
    """

    scripts: ClassVar[list[tuple[str, str]]] = [("rows", "js/rows.js")]
    styles: ClassVar[list[tuple[str, str]]] = [("rows_css", "css/rows.css")]


class Access(Plugin):
    """What those need who use no mouse or do not see the picture."""

    scripts: ClassVar[list[tuple[str, str]]] = [("access", "js/access.js")]
    styles: ClassVar[list[tuple[str, str]]] = [("access_css", "css/access.css")]


class Compare(Plugin):
    """What changed since the last release: a list, a layer, and a bar between before and after. Only where
    there is a release.
    """

    scripts: ClassVar[list[tuple[str, str]]] = [
        ("release", "js/release.js"),
        ("swipe", "js/swipe.js"),
        ("compare", "js/compare.js"),
    ]
    styles: ClassVar[list[tuple[str, str]]] = [("compare_css", "css/compare.css")]


class Tiles(Plugin):
    """Tiles from the network under the areas. Only in a page whose configuration asks for them."""

    scripts: ClassVar[list[tuple[str, str]]] = [("tiles_js", "js/tiles.js")]
    styles: ClassVar[list[tuple[str, str]]] = [("tiles_css", "css/tiles.css")]

    def __init__(self, options: Any) -> None:
        """options: what tiles.tile_options gives."""
        super().__init__()
        self.options = options

    def render(self, **kwargs: Any) -> None:
        """Put the options into the body of the page."""
        block = Verbatim(f'<script type="application/json" id="tiles">{to_json(self.options)}</script>')
        self.get_root().html.add_child(block, name="tiles")
        super().render(**kwargs)


class Ready(MacroElement):
    """Last: shows the whole district and says, once everything is drawn, `data-ready` on the page."""

    _template = Template(
        "{% macro script(this, kwargs) %}opened.then((store) => PM.ready(store, {{ this._parent.get_name()"
        " }}));{% endmacro %}"
    )

    def __init__(self) -> None:
        super().__init__()
        self._name = "Ready"
        self._id = "1"
