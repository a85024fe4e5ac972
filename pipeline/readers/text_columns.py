"""Text columns of an Arrow table, whatever bytes are in them: decoded here, so that a cut character costs one
character.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.raw.file import Doubt
from pipeline.readers import codepages, encodings

#: Between texts that are decoded in one go.
SEAM = b"\n"


def decoded(
    table: pa.Table, *, latin: bool, stated: str, label: encodings.Label
) -> tuple[pa.Table, str, tuple[str, ...]]:
    """A table with its text columns and column names in the one encoding that fits all of them.

    Parameters
    ----------
    table : pyarrow.Table
    latin : bool
        Whether the text was read as Latin-1, which stands for bytes; else it may or may not be UTF-8.
    stated : str
        The encoding by the configuration, which is taken as it is; "": none.
    label : Label
        The encoding by the file, which is taken if it fits.

    Returns
    -------
    table : pyarrow.Table
    encoding : str
        That encoding, and why.
    notes : tuple of str

    Raises
    ------
    SourceError
        For a stated encoding that nobody knows.

    Notes
    -----
    Only distinct values are decoded.
    """
    texts = [
        i
        for i, column in enumerate(table.schema)
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type)
    ]
    if not latin and _is_utf8(table, texts):
        return table, "utf-8", _misread(table, texts)
    if not stated:  # in what is tried, and in what labels may say, ASCII is ASCII
        texts = [i for i in texts if not pc.all(pc.string_is_ascii(table.column(i))).as_py()]
    distinct = {
        i: table.column(i).combine_chunks().cast(pa.large_binary()).dictionary_encode() for i in texts
    }
    values = {i: _bytes(encoded.dictionary, latin) for i, encoded in distinct.items()}
    names = [
        column.encode("latin-1", "replace") if latin else column.encode() for column in table.column_names
    ]
    notes: tuple[str, ...]
    if stated:
        encoding = encodings.canonical(stated)
        chosen, notes = f"{codepages.printed(encoding)} (stated)", ()
    else:
        decision = encodings.decide(
            [*(names if latin else []), *(v for column in values.values() for v in column if v)], label
        )
        encoding, chosen, notes = decision.encoding, decision.reason, decision.notes
    cut = 0
    for i, encoded in distinct.items():
        texts_of, lost = _texts(values[i], encoding)
        cut += (
            int(pd.Series(lost).reindex(encoded.indices.to_numpy(zero_copy_only=False)).sum())
            if any(lost)
            else 0
        )
        column = pc.take(pa.array(texts_of, pa.large_string()), encoded.indices)
        table = table.set_column(i, table.schema.field(i).with_type(pa.large_string()), column)
    if latin:
        table = table.rename_columns([encodings.decode_value(column, encoding)[0] for column in names])
    if cut:
        notes = (*notes, Doubt(f"{cut} texts end in a cut or foreign character, which was dropped"))
    return table, chosen, notes


def _is_utf8(table: pa.Table, texts: list[int]) -> bool:
    try:
        table.select(texts).validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _misread(table: pa.Table, texts: list[int]) -> tuple[str, ...]:
    """A doubt where letters of Western script are what bytes of another encoding were taken for."""
    listed = list[str]()
    for i in texts:
        column = table.column(i)
        western = pc.match_substring_regex(column, "[\u00a1-\u00ff]")
        if pc.any(western).as_py():
            listed += pc.unique(pc.filter(column, western)).to_pylist()
    return encodings.misread(listed) if listed else ()


def _bytes(dictionary: pa.Array, latin: bool) -> list[bytes]:
    """The bytes of distinct texts; latin: of which each character stands for one."""
    values: list[bytes] = dictionary.to_pylist()
    if not latin or all(value.isascii() for value in values):
        return values
    whole = SEAM.join(values).decode().encode("latin-1", "ignore").split(SEAM)
    return (
        whole
        if len(whole) == len(values)
        else [value.decode().encode("latin-1", "ignore") for value in values]
    )


def _texts(values: list[bytes], encoding: str) -> tuple[list[str], list[bool]]:
    """The texts, and which of them lost something."""
    try:
        whole = SEAM.join(values).decode(encoding).split(SEAM.decode())
    except UnicodeDecodeError:
        whole = []
    if len(whole) == len(values):
        return whole, [False] * len(values)
    pairs = [encodings.decode_value(value, encoding) for value in values]
    return [text for text, _ in pairs], list(np.array([lost for _, lost in pairs], dtype=bool))
