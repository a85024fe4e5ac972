"""The page as Folium elements: the map with its scripts and styles, and the data that they read.

Data never pass through a template: they are blocks of text, which the scripts read.
"""

from __future__ import annotations

from typing import ClassVar

import folium
from branca.element import MacroElement
from folium.template import Template

from pipeline.publish.webmap.encode import to_json
from pipeline.publish.webmap.page import EmbeddedAssets, Page, Verbatim
from pipeline.publish.webmap.payload import Payload

#: In the order in which they add to each other.
STYLES = ("page", "map", "deciding", "panel", "rows", "measure", "print", "compare", "tiles", "access")


class OfflineMap(EmbeddedAssets, folium.Map):
    """Folium's Map with Leaflet and the page's own scripts inside, and no tiles.

    Parameters
    ----------
    title, language, images : str
        As Page has them.

    Notes
    -----
    Once the map is there, the bundle's `PM.start` puts everything else on it (js/main.js).
    """

    default_js: ClassVar[list[tuple[str, str]]] = []
    default_css: ClassVar[list[tuple[str, str]]] = []
    scripts: ClassVar[list[tuple[str, str]]] = [("leaflet", "vendor/leaflet.js"), ("map", "bundle/map.js")]
    styles: ClassVar[list[tuple[str, str]]] = [
        ("leaflet_css", "vendor/leaflet.css"),
        *((f"{name}_css", f"css/{name}.css") for name in STYLES),
    ]

    _template = Template(
        """
        {% macro html(this, kwargs) %}
        <main class="folium-map" id={{ this.get_name()|tojson }}></main>
        {% endmacro %}
        {% macro script(this, kwargs) %}
        const {{ this.get_name() }} = L.map({{ this.get_name()|tojson }}, {
            crs: L.CRS.{{ this.crs }}, ...{{ this.options|tojavascript }}
        });
        PM.start({{ this.get_name() }});
        {% endmacro %}
        """
    )

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


class Data(MacroElement):
    """What the scripts read: what is declared and the words, as JSON; the tables, packed.

    Parameters
    ----------
    packed : Payload
    declared : object
        What declared.declared gives.
    strings : object
        Language → key → text.
    """

    _template = Template("")

    def __init__(self, packed: Payload, *, declared: object, strings: object) -> None:
        super().__init__()
        self._name = "Data"
        self._id = "1"
        self.packed = packed
        self.json = {"declared": declared, "strings": strings}

    def render(self, **kwargs: object) -> None:
        """Put the blocks into the page.

        Parameters
        ----------
        **kwargs : object
            Passed on to branca.

        Notes
        -----
        What is declared comes before the scripts, which ask for it as they load. Of the rest all but the
        words and the first picture come behind the scripts, which need not wait for them.
        """
        page = self.get_root()
        for name, value in self.json.items():
            block = Verbatim(f'<script type="application/json" id="{name}">{to_json(value)}</script>')
            if name == "declared":
                page.header.add_child(block, name=name, index=0)
            else:
                page.html.add_child(block, name=name)
        for name, block in self.packed._asdict().items():
            where = page.html if name == "picture" else page.tail
            where.add_child(
                Verbatim(f'<script type="application/gzip" id="{name}">{block.text()}</script>'), name=name
            )
        super().render(**kwargs)
