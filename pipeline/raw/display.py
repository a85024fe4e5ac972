"""Text of raw files as a terminal and a TOML file may have it: without control characters, and with those
that are two columns wide counted as such.
"""

from __future__ import annotations

import unicodedata

#: Characters of a text that are shown at most.
LOOKED_AT = 400


def escaped(text: str) -> str:
    """The text with control, formatting and unassigned characters as \\x1b or \\u202e.

    Parameters
    ----------
    text : str
        Only its first LOOKED_AT characters are used.

    Returns
    -------
    str
    """
    return "".join(_code(c) if _is_control(c) else c for c in text[:LOOKED_AT])


def escaped_whole(text: str) -> str:
    """The text escaped as `escaped` does, however long it is.

    Parameters
    ----------
    text : str

    Returns
    -------
    str
    """
    return "".join(escaped(text[i : i + LOOKED_AT]) for i in range(0, len(text), LOOKED_AT))


def quoted(text: str) -> str:
    """The text as a basic string of TOML.

    Parameters
    ----------
    text : str

    Returns
    -------
    str
        In quotation marks, with control, formatting and unassigned characters as \\U and eight hex digits.
    """
    inside = "".join("\\" + c if c in '"\\' else f"\\U{ord(c):08x}" if _is_control(c) else c for c in text)
    return f'"{inside}"'


def cut(text: str, most: int) -> str:
    """The escaped text in at most so many columns of a terminal.

    Parameters
    ----------
    text : str
    most : int
        Columns of the terminal.

    Returns
    -------
    str
        Ends in "…" where the text was longer.
    """
    shown = escaped(text)
    if width(shown) <= most and len(text) <= LOOKED_AT:
        return shown
    while width(shown) > most - 1:
        shown = shown[:-1]
    return shown + "…"


def width(text: str) -> int:
    """How many columns of a terminal the text takes.

    Parameters
    ----------
    text : str

    Returns
    -------
    int
        A combining character takes none, a wide one (Chinese) two.
    """
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text
    )


def _is_control(character: str) -> bool:
    return unicodedata.category(character)[0] == "C" or character in "\u2028\u2029"


def _code(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}" if code < 65536 else f"\\U{code:08x}"
