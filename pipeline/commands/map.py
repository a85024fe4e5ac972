"""The interactive map: one file that opens without a network."""

from __future__ import annotations

from pipeline import registry
from pipeline.commands.run import Run


def map_(run: Run) -> str:
    """Write the interactive map: one file that opens without a network.

    Parameters
    ----------
    run : Run

    Returns
    -------
    str
        Its path and size, in one line.
    """
    from pipeline.files import write
    from pipeline.publish.webmap import build_map

    path, tables = run.maps / "index.html", run.read(*registry.MAPPED)
    html = build_map(tables, **registry.settings_of(run.config, registry.MAP_SETTINGS)).encode()
    write(path, html)
    return f"{path}: {len(html) / 1e6:.1f} MB"
