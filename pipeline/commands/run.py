"""One run of a command: the tables it reads and writes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.config import Config
from pipeline.making.steps import Places
from pipeline.tables import INPUTS

if TYPE_CHECKING:
    import pandas as pd


class RefusedError(Exception):
    """The data was read and refused: exit code 1."""


@dataclass(frozen=True)
class Run:
    """One run: the configuration, where its raw files, tables and maps are, and the input or file it is
    about.
    """

    config: Config
    raw: Path
    out: Path
    maps: Path
    subject: str = ""
    jobs: int = 1
    without: tuple[str, ...] = ()
    """Tables, and `index.html` for the map, that Make could not bring up to date."""
    config_path: Path = Path("the configuration")
    """Where the configuration was read from, for messages."""

    def read(self, *names: str) -> dict[str, pd.DataFrame]:
        """The tables of these names.

        Parameters
        ----------
        *names : str
            Tables, or `intakes`, `rejects`, `repairs`: what became of the rows of all inputs.

        Returns
        -------
        dict of str to DataFrame
            An input that the configuration does not list is empty, whatever lies in OUT. A register without
            entries, or with a file of them that has no rows, stands for its own: one entry a row.

        Raises
        ------
        TableError
            A table is not there, or was written by another version.
        """
        return {name: self._read(name) for name in names}

    def _read(self, name: str) -> pd.DataFrame:
        from pipeline import store
        from pipeline.domain.register_entries import stand_ins
        from pipeline.tables import empty

        if name == "repairs":
            return store.read_repairs(self.out, self.ingested)
        if name in ("intakes", "rejects"):
            intakes, rejects = store.read_intakes(self.out, self.ingested)
            return intakes if name == "intakes" else rejects
        listed = name not in INPUTS or self.config.inputs[name]
        table = store.read_table(self.out, name) if listed else empty(INPUTS[name], self.config.district.crs)
        if name == "entries" and table.empty and self.config.inputs["register"]:
            return stand_ins(store.read_table(self.out, "register"))
        return table

    def write(self, frame: pd.DataFrame, name: str) -> None:
        """Validate a table and write it.

        Parameters
        ----------
        frame : DataFrame
        name : str
            Of its schema.

        Raises
        ------
        TableError
            It is not what its schema says, or a reference from or to it leads nowhere.
        WriteError
            The disk does not take it.
        """
        from pipeline import store

        lacking = [name for name, files in self.config.inputs.items() if not files]
        store.write_table(frame, self.out, name, without=lacking)

    @property
    def places(self) -> Places:
        """Where all of it is."""
        return Places(self.config_path, self.raw, self.out, self.maps)

    @property
    def ingested(self) -> list[str]:
        """The inputs that this district has."""
        return [name for name, files in self.config.inputs.items() if files]
