"""The configuration of the sample district, which is the one to begin one's own with."""

from __future__ import annotations

from pathlib import Path

from pipeline.files import write

INSTALLED = Path(__file__).with_name("district.toml")
"""In a wheel it lies here; a checkout has it where everybody sees it."""
IN_CHECKOUT = Path(__file__).parents[2] / "district.toml"


def write_configuration(to: Path) -> None:
    """Write it to a file that is not there yet.

    Parameters
    ----------
    to : Path
        The TOML to write.

    Raises
    ------
    FileExistsError
        There is such a file already: it may be somebody's own.
    WriteError
        Where the disk does not take it.
    """
    if to.exists():
        raise FileExistsError(f"{to} is there already: remove it, or name another file")
    write(to, (INSTALLED if INSTALLED.exists() else IN_CHECKOUT).read_bytes())
