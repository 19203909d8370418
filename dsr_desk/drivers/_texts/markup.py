"""The text of HTML and XML, with what stands in attributes. No entity but a character's is ever expanded, so there is no bomb."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from dsr_desk.drivers._texts.gathered import Gathered
from dsr_desk.drivers._texts.plain import decoded, decodes, encoding_of

_INLINE = frozenset(
    ("a", "abbr", "b", "big", "cite", "code", "em", "font", "i", "kbd", "mark", "q", "s", "samp", "small", "span")
).union(("strike", "strong", "sub", "sup", "tt", "u", "var", "wbr"))
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""", re.IGNORECASE)


def read_markup(data: bytes, out: Gathered) -> None:
    """All texts, comments and attribute values, each element that is no part of a line on a line of its own."""
    parser = _Texts(out)
    parser.feed(_text(data))
    parser.close()
    out.add("\n")


def _text(data: bytes) -> str:
    match = _DECLARED.search(data[:2048])
    declared = match[1].decode("ascii") if match else ""
    found = encoding_of(data) or "cp1252"
    return decoded(data, declared if found in ("cp1252", "utf-8") and declared and decodes(data, declared) else found)


class _Texts(HTMLParser):
    def __init__(self, out: Gathered) -> None:
        super().__init__(convert_charrefs=True)
        self._out = out
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_title = tag == "title" and not self._out.title
        if tag not in _INLINE:
            self._out.add("\n")
        values = [value for name, value in attrs if value and name not in ("class", "style", "id")]
        if values:
            self._out.add(" " + " ".join(values) + " ")
        known = dict(attrs)
        if tag == "meta" and (known.get("name") or "").lower() == "author":
            self._out.author = known.get("content") or ""

    def handle_endtag(self, tag: str) -> None:
        self._in_title = False
        if tag not in _INLINE:
            self._out.add("\n")

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self._out.title += data.strip()
        self._out.add(data)

    def handle_comment(self, data: str) -> None:
        self._out.add(f"\n{data}\n")

    def unknown_decl(self, data: str) -> None:
        self._out.add(f"\n{data.removeprefix('CDATA[')}\n")
