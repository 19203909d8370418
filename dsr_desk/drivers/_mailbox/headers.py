"""The header of a message as text: unfolded, decoded, and never refused, however broken it is (RFC 5322, RFC 2047, RFC 6532)."""

from __future__ import annotations

import base64
import binascii
import quopri
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime

from dsr_desk.model.values import Value

#: A header ends at the first empty line; so much of a message is read to find it (bytes).
LONGEST_HEAD = 4 << 20
_END = re.compile(rb"\r?\n\r?\n|\A\r?\n")
_LINE = re.compile(r"([!-9;-~]+)[ \t]*:(.*)", re.DOTALL)
_WORD = re.compile(r"=\?([^?\s]+)\?([bBqQ])\?([^?]*)\?=")
_BETWEEN = re.compile(r"(?<=\?=)\s+(?==\?[^?\s]+\?[bBqQ]\?)")


def head_of(raw: bytes) -> bytes:
    """The header of a message, without the empty line below it."""
    end = _END.search(raw)
    return raw[: end.start()] if end else raw


def fields(head: bytes) -> dict[str, list[str]]:
    """Every field of a header by its name in small letters, in order, unfolded; lines that are none are passed over."""
    found: dict[str, list[str]] = {}
    for line in _unfolded(as_letters(head)):
        if match := _LINE.fullmatch(line):
            found.setdefault(match[1].lower(), []).append(match[2].strip(" \t"))
    return found


def _unfolded(text: str) -> Iterator[str]:
    pieces: list[str] = []
    for line in re.split(r"\r\n|\n|\r", text):
        if line[:1] in (" ", "\t") and pieces:
            pieces.append(line)
            continue
        if pieces:
            yield "".join(pieces)
        pieces = [line]
    yield "".join(pieces)


def decoded(text: str) -> str:
    """A field's value with its encoded words as text. Words of one character set are joined first: one may end within a letter."""
    out: list[str] = []
    bytes_: list[bytes] = []
    charset, at = "", 0
    text = _BETWEEN.sub("", text)
    for match in _WORD.finditer(text):
        named = match[1].partition("*")[0].lower()  # a language may stand behind it (RFC 2231 section 5)
        if bytes_ and (match.start() != at or named != charset):
            out.append(as_letters(b"".join(bytes_), charset))
            bytes_ = []
        out.append(text[at : match.start()])
        charset, at = named, match.end()
        bytes_.append(_word(match[2].lower(), match[3]))
    if bytes_:
        out.append(as_letters(b"".join(bytes_), charset))
    return "".join([*out, text[at:]])


def _word(how: str, text: str) -> bytes:
    plain = text.encode("utf-8", "surrogatepass")
    if how == "q":
        return quopri.decodestring(plain, header=True)
    try:
        return base64.b64decode(plain + b"=" * (-len(plain) % 4))
    except binascii.Error:
        return plain


def as_letters(data: bytes, charset: str = "") -> str:
    """Bytes as text: in the named character set, else as UTF-8, else as Windows text; no byte is lost."""
    for codec in (charset, "utf-8", "cp1252"):
        try:
            return data.decode(codec) if codec else data.decode("utf-8")
        except (LookupError, UnicodeError, ValueError):
            continue
    return data.decode("latin-1")


def moment(texts: Iterable[str]) -> Value:
    """When a message says that it was written: a point in time, or the text that stands there where it is none."""
    for text in texts:
        try:
            found = parsedate_to_datetime(text)
            _ = found.timestamp(), found.isoformat()
        except (ValueError, TypeError, IndexError, OverflowError):
            return text or None
        return found if isinstance(found, datetime) else text
    return None


def joined(found: Mapping[str, list[str]], name: str, by: str = ", ") -> str | None:
    """The decoded value of a field; of one that stands several times, all of them."""
    return by.join(map(decoded, found[name])) if name in found else None
