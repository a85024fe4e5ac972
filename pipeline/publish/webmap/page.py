"""One HTML file with its scripts and styles inside, and a policy that forbids it to load anything else."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from pathlib import Path
from typing import ClassVar

from branca.element import Element, Figure, MacroElement
from folium.template import Template

FOLDER = Path(__file__).parent

_POLICY_MARK = "@policy@"
_FOREIGN_URL = re.compile(r"url\((?!['\"]?data:)[^)]*\)")
_SOURCE_MAP = re.compile(r"^//# sourceMappingURL=.*$", re.MULTILINE)


@cache
def asset(path: str) -> str:
    """A script or style sheet of this folder, without references to other files: no icon, no source map.

    Parameters
    ----------
    path : str
        Relative to FOLDER.

    Returns
    -------
    str
    """
    text = (FOLDER / path).read_text(encoding="utf-8").replace("\r\n", "\n")
    return _FOREIGN_URL.sub("none", _SOURCE_MAP.sub("", text)).strip()


class Verbatim(Element):
    """Text that goes into the page as it is. branca's Element would run it as a template, `{{7*7}}` in a name
    included.

    Parameters
    ----------
    text : str
        HTML, with whatever had to be escaped in it escaped.
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self._name = "Verbatim"
        self.text = text

    def render(self, **_: object) -> str:
        """The text.

        Parameters
        ----------
        **_ : object
            What branca passes on; not used.

        Returns
        -------
        str
        """
        return self.text


class EmbeddedAssets(MacroElement):
    """What Folium's JSCSSMixin is, for a page without a network: the files named are read from this folder
    and put into the page.
    """

    scripts: ClassVar[list[tuple[str, str]]] = []
    styles: ClassVar[list[tuple[str, str]]] = []

    def render(self, **kwargs: object) -> None:
        """Put the files into the head of the page, once each, and what the template says where it says.

        Parameters
        ----------
        **kwargs : object
            Passed on to branca.
        """
        header = self.get_root().header
        for name, path in self.styles:
            header.add_child(Verbatim(f"<style>{asset(path)}</style>"), name=name)
        for name, path in self.scripts:
            header.add_child(Verbatim(f"<script>{asset(path)}</script>"), name=name)
        super().render(**kwargs)


class Page(Figure):
    """A Figure with a language, an escaped title, a tail, and a Content-Security-Policy that admits only the
    page's own code.

    Parameters
    ----------
    title : str
    language : str
        Of the page, as HTML names it: zh-CN.
    images : str, default ""
        The host that images may be fetched from; empty: none.
    """

    _template = Template(
        "<!DOCTYPE html>\n"
        '<html lang="{{ this.language }}">\n'
        "<head>\n"
        '<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY_MARK}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        '<link rel="icon" href="data:,">\n'
        "<title>{{ this.title | e }}</title>\n"
        "{{ this.header.render(**kwargs) }}\n"
        "</head>\n"
        "<body>\n"
        "{{ this.html.render(**kwargs) }}\n"
        "<script>{{ this.script.render(**kwargs) }}</script>\n"
        "{{ this.tail.render(**kwargs) }}\n"
        "</body>\n"
        "</html>\n"
    )

    def __init__(self, *, title: str, language: str, images: str = "") -> None:
        super().__init__(title=title)
        self.language = language
        self.images = images
        del self.header._children["meta_http"]
        self.tail = Element()
        self.tail._parent = self

    def render(self, **kwargs: object) -> str:
        """The whole page.

        Parameters
        ----------
        **kwargs : object
            Passed on to branca.

        Returns
        -------
        str
            HTML with its policy.
        """
        html: str = super().render(**kwargs)
        return html.replace(_POLICY_MARK, policy(html, self.images), 1)


def policy(html: str, images: str = "") -> str:
    """A Content-Security-Policy by which exactly the inline scripts and styles of the page may act.

    Parameters
    ----------
    html : str
        The whole page.
    images : str, default ""
        The one host that images may be fetched from; empty: none.

    Returns
    -------
    str
        The policy; nothing is fetched but such images.
    """
    allowed = {tag: " ".join(_hashes(html, tag)) or "'none'" for tag in ("script", "style")}
    return (
        f"default-src 'none'; script-src {allowed['script']}; style-src {allowed['style']}; img-src"
        f" {' '.join(filter(None, ('data: blob:', images)))}; connect-src 'none'; base-uri 'none';"
        " form-action 'none'"
    )


def _hashes(html: str, tag: str) -> list[str]:
    bodies = re.findall(rf"<{tag}>(.*?)</{tag}>", html, re.DOTALL)
    digests = {
        base64.b64encode(hashlib.sha256(body.encode("utf-8")).digest()).decode("ascii") for body in bodies
    }
    return [f"'sha256-{digest}'" for digest in sorted(digests)]
