"""The interactive map: one HTML file that opens from disk, on a computer without a network.

It is a Folium map. `build.py` puts it together from the plugins in `plugins.py`, each a class with its
scripts (`js/`), its styles (`css/`) and the line that starts it; `page.py` embeds the files and forbids
everything else; `payload.py`, `pack.py` and `encode.py` make the data; every word in both languages is in
`strings.json`.
"""

from pipeline.publish.webmap.build import build_map

__all__ = ["build_map"]
