"""What is wrong with a file that is no TOML, in words for whoever wrote it."""

from __future__ import annotations

import re

#: What Python's reader says (patterns; the first that is found counts), and what it means.
FAULTS = (
    (r"Expected '=' after a key", "a name without `= value` behind it"),
    (
        r"Invalid value",
        'a value that can\'t be read: text stands in "quotation marks", a decimal has a point',
    ),
    (
        r"Unterminated string|Illegal character '\\n'|Expected '(?:\"\"\"|\"|''')'",
        "a text without its closing quotation mark",
    ),
    (r"Expected newline or end of document", "something stands behind the end of the value"),
    (r"Unclosed array|Unclosed inline table|Expected '[\]}]'", "a bracket that is not closed"),
    (
        r"Cannot (?:declare|overwrite|mutate|redefine)|(?:Duplicate|already)",
        "a name or a [table] that was there already",
    ),
    (
        r"Invalid initial character for a key|Invalid key",
        "a name of other than letters, digits, - and _ stands in quotation marks",
    ),
    (r"Unescaped|escape|'\\\\'", "a backslash: write it twice, or / in a path"),
    (
        r"Invalid statement",
        (
            "no `name = value`, no [table] and no # comment; a name of other than letters, digits, - and _"
            " stands in quotation marks"
        ),
    ),
    (r"Invalid date|day is out of range|month must be", "a day that is none"),
    (r"codec can't decode|invalid start byte", "its text is not UTF-8: save it as UTF-8"),
    (r"recursion|nested", "brackets within brackets, too deep"),
)


def told(error: Exception) -> str:
    """The fault, and in which line: "line 3: a text without its closing quotation mark".

    Parameters
    ----------
    error : Exception
        What Python's reader of TOML, or of text, raised.

    Returns
    -------
    str
        One line.
    """
    text = str(error)
    means = next((means for pattern, means in FAULTS if re.search(pattern, text)), "this can't be read")
    line = re.search(r"at line (\d+)", text)
    return (
        f"line {line[1]}: {means}" if line else f"at its end: {means}" if "end of document" in text else means
    )
