"""The text of HTML and XML, with what stands in attributes and comments: everything but names of elements and attributes.

A scanner of our own, since the standard parser takes time by the square of what is left open. No entity but a character's is
expanded, so there is no bomb; what is no sound markup is text.
"""

from __future__ import annotations

import html
import re

from dsr_desk.drivers._texts.gathered import Gathered
from dsr_desk.drivers._texts.plain import decoded, decodes, encoding_of

_INLINE = frozenset(
    ("a", "abbr", "b", "big", "cite", "code", "em", "font", "i", "kbd", "mark", "q", "s", "samp", "small", "span")
).union(("strike", "strong", "sub", "sup", "tt", "u", "var", "wbr"))
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""", re.IGNORECASE)
_NAME = re.compile(r"[/!?]?\s*([A-Za-z][\w:.-]*)?")
_VALUE = re.compile(r"""([\w:.-]*)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_UNTOLD = frozenset(("class", "style", "id", "charset", "http-equiv"))
_AREAS = (("<!--", "-->"), ("<![CDATA[", "]]>"))


def read_markup(data: bytes, out: Gathered) -> None:
    """All texts, comments and attribute values, each element that is no part of a line on a line of its own."""
    text = _text(data)
    at, in_title = 0, False
    absent: set[str] = set()
    while (begin := text.find("<", at)) >= 0:
        _say(text[at:begin], out, in_title)
        opened, closing = next(((o, c) for o, c in _AREAS if text.startswith(o, begin)), ("<", ">"))
        end = -1 if closing in absent else text.find(closing, begin + len(opened))
        if end < 0:  # never closed: looked for once, and then no more
            absent.add(closing)
            out.add(opened)
            at = begin + len(opened)
            continue
        inside, at = text[begin + len(opened) : end], end + len(closing)
        if opened == "<":
            in_title = _tag(inside, out)
        else:
            out.add(f"\n{inside}\n")
    _say(text[at:], out, in_title)
    out.add("\n")


def _say(text: str, out: Gathered, in_title: bool) -> None:
    plain = html.unescape(text)
    if in_title and not out.title:
        out.title = plain.strip()
    out.add(plain)


def _tag(inside: str, out: Gathered) -> bool:
    """What its attributes say; whether a title begins."""
    match = _NAME.match(inside)
    name = ((match[1] if match else None) or "").lower()
    if not name:
        out.add(f"<{inside}>")
        return False
    if name not in _INLINE:
        out.add("\n")
    values = {k.lower(): html.unescape(a or b or c) for k, a, b, c in _VALUE.findall(inside)}
    if told := [value for key, value in values.items() if value and key not in _UNTOLD]:
        out.add(f" {' '.join(told)} ")
    if name == "meta" and values.get("name", "").lower() == "author":
        out.author = values.get("content", "")
    return name == "title" and not inside.startswith("/")


def _text(data: bytes) -> str:
    match = _DECLARED.search(data[:2048])
    declared = match[1].decode("ascii") if match else ""
    found = encoding_of(data) or "cp1252"
    return decoded(data, declared if found in ("cp1252", "utf-8") and declared and decodes(data, declared) else found)
