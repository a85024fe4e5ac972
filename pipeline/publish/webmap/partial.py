"""The page of a run in which a step failed: which tables are missing, and the banner that says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import ClassVar

import numpy as np
import pandas as pd
from folium.template import Template

from pipeline.publish.webmap.page import EmbeddedAssets, Verbatim
from pipeline.tables import SERVICE, TABLES, conform, empty

#: A step's message is cut after so many characters.
LONGEST = 700


@dataclass(frozen=True)
class Missing:
    """What a page lacks."""

    tables: tuple[str, ...]
    """Names of the tables that are not there, or not of today's data."""
    said: tuple[tuple[str, str], ...]
    """The steps that failed, and what each said: text of anybody's files."""


def completed(tables: Mapping[str, pd.DataFrame], crs: object) -> dict[str, pd.DataFrame]:
    """The tables with empty ones where the page needs one.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        By name; any may be missing.
    crs : CRS or str
        Of the empty ones' geometry.

    Returns
    -------
    dict of str to DataFrame
        Without service an area is as its origin says, and nothing is promised.
    """
    out = {name: empty(TABLES[name], crs) for name in ("buildings", "membership", "areas", "gaps")} | dict(
        tables
    )
    if "service" not in tables:
        areas = out["areas"]
        status = np.where(areas["origin"].eq("proposal"), "proposed", "registered")
        out["service"] = conform(pd.DataFrame({"area_id": areas["area_id"], "status": status}), SERVICE)
    return out


class Partial(EmbeddedAssets):
    """A banner over the page, in both languages, that says what is missing and why. It needs no script.

    Parameters
    ----------
    missing : Missing
    strings : mapping
        Language → key → text.
    """

    styles: ClassVar[list[tuple[str, str]]] = [("partial_css", "css/partial.css")]
    _template = Template("")

    def __init__(self, missing: Missing, strings: Mapping[str, Mapping[str, str]]) -> None:
        super().__init__()
        self._name = "Partial"
        self._id = "1"
        self.text = "".join(
            f'<p lang="{lang}"><strong>{escape(words["partial.title"])}</strong>'
            f" {escape(_list(words, missing.tables))}</p>"
            for lang, words in (("zh-CN", strings["zh"]), ("en", strings["en"]))
        )
        said = missing.said or (("make", strings["en"]["partial.silent"]),)
        self.text += "".join(
            f'<p lang="en"><code>{escape(step)}</code> {escape(_cut(text))}</p>' for step, text in said
        )

    def render(self, **kwargs: object) -> None:
        """Put the banner at the top of the body, as text that no template is run on.

        Parameters
        ----------
        **kwargs : object
            Passed on to branca.
        """
        header = f'<section id="partial" tabindex="0" aria-label="incomplete / 不完整">{self.text}</section>'
        self.get_root().html.add_child(Verbatim(header), name="partial", index=0)
        super().render(**kwargs)


def _list(words: Mapping[str, str], tables: tuple[str, ...]) -> str:
    names = [words.get(f"partial.{name}", name) for name in tables]
    return words["partial.missing"].replace("{what}", words["partial.comma"].join(names)) if names else ""


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[:LONGEST] + " …"
