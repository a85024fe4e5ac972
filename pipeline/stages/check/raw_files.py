"""What a raw file was read with: doubts, overlaps, no rows."""

from __future__ import annotations

import pandas as pd

from pipeline.stages.check.rows import Row, row, said_of_entries


def footprints_overlap(intakes: pd.DataFrame) -> list[Row]:
    """Files with footprints that overlap without being one building.

    Parameters
    ----------
    intakes : DataFrame
        One row an entry of the configuration, with its title.

    Returns
    -------
    list of Row
        A warning for each such file: both footprints are taken, and one may be drawn wrong.
    """
    note = (
        "look at the pair: an old outline, or a roof drawn over its neighbour, is taken out of the file; see"
        " docs/rejects.md"
    )
    return said_of_entries(intakes, "overlaps", "footprints_overlap", note)


def read_with_doubt(intakes: pd.DataFrame) -> list[Row]:
    """Files with text or values that could be read in several ways, or not at all.

    Parameters
    ----------
    intakes : DataFrame
        One row an entry of the configuration, with its title.

    Returns
    -------
    list of Row
        A warning for each such file.
    """
    note = (
        "compare with whoever made the file: state what is right (encoding, values), or mend the rows; see"
        " docs/formats.md"
    )
    return said_of_entries(intakes, "doubts", "read_with_doubt", note)


def without_rows(intakes: pd.DataFrame) -> list[Row]:
    """Files with a header and no rows, of inputs that are not empty as a rule.

    Parameters
    ----------
    intakes : DataFrame
        One row an entry of the configuration, with its title.

    Returns
    -------
    list of Row
        A warning for each such file; none for decisions and boundaries: people may have decided and drawn
        nothing.
    """
    none = intakes["rows_read"].eq(0) & ~intakes["input"].isin(["decisions", "boundaries"])
    note = "taken as none: if there are some, export the file again"
    return [
        row(f"file_has_rows:{file.input}:{file.title}", False, "no rows", "rows", note, "warn")
        for file in intakes[none].itertuples()
    ]


def none_meant(intakes: pd.DataFrame) -> list[Row]:
    """Entries whose `where` no row of the file answers to.

    Parameters
    ----------
    intakes : DataFrame
        One row an entry of the configuration, with its title.

    Returns
    -------
    list of Row
        A warning for each such entry: a value written otherwise looks the same as none there.
    """
    none = intakes[
        intakes["rows_read"].gt(0)
        & intakes["rows_not_meant"].eq(intakes["rows_read"])
        & intakes["rows_before"].eq(0)
    ]
    note = (
        "no row has a value that where asks for: compare them letter by letter (inspect shows them), unless"
        " the file has none of these"
    )
    return [
        row(
            f"rows_meant:{file.input}:{file.title}",
            False,
            f"none of {file.rows_read} rows",
            "rows",
            note,
            "warn",
        )
        for file in none.itertuples()
    ]
