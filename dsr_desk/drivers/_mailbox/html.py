"""The text of an HTML message, as one reads it, with the addresses behind its links.

Its own few lines, because the standard parser takes hours for texts that were made to make it slow.
"""

from __future__ import annotations

import re
from html import unescape

_TAG = re.compile(r"<(/?)([a-zA-Z][^\s<>/]*)([^<>]*)>|<[!?][^<>]*>")
_TOLD = re.compile(r"""\b(?:href|alt|title)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+))""", re.IGNORECASE)
_UNREAD = ("script", "style")
_INLINE = set("a abbr b big cite code em font i kbd mark q s samp small span strike strong sub sup tt u var wbr".split())  # noqa: SIM905 - legible


def as_text(html: str) -> str:
    """The text without tags, scripts and styles, one block a line."""
    pieces: list[str] = []
    at, silent = 0, ""
    for tag in _TAG.finditer(html):
        if not silent:
            pieces.append(html[at : tag.start()])
        at, name = tag.end(), (tag[2] or "").lower()
        if name == silent and tag[1]:
            silent = ""
        if silent:
            continue
        if name in _UNREAD and not tag[1] and not (tag[3] or "").endswith("/"):
            silent = name
        pieces += [f" {told[told.lastindex or 0]} " for told in _TOLD.finditer(tag[3] or "")]
        if name not in _INLINE:
            pieces.append("\n")
    pieces.append(html[at:])  # also what follows a script that never ends
    lines = (" ".join(line.split()) for line in unescape("".join(pieces)).split("\n"))
    return "\n".join(line for line in lines if line)
