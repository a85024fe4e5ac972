"""The interactive map: one HTML file that opens from disk, on a computer without a network.

It is a Folium map. `build.py` puts it together: `plugins.py` has the map with its scripts and styles, and
the data that they read; `page.py` embeds the files and forbids everything else; `payload.py`, `pack.py` and
`encode.py` make the data, `declared.py` what the scripts need of pipeline/tables; every word in both
languages is in `strings.json`. The scripts are ES modules in `js/`, and `make bundle` makes one of them,
`bundle/map.js`, which is what a page has in it:

data      what the page knows: blocks read, tables, filters, search, geodesy
draw      the canvas: styles, tiles, layers, names
ui        the panel, popups, the table, the legend, what is needed without a mouse
tools     measuring, printing, links, comparing, layers, online tiles
deciding  decisions taken on the map, and the files they are handed in as

Imports go down this list; tools and deciding stand beside each other, and `main.js` starts them all.
"""

from pipeline.publish.webmap.build import build_map

__all__ = ["build_map"]
