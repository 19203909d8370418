"""Bytes as text: the encoding is found, so that no letter is lost."""

from __future__ import annotations

import codecs

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LOOKED_AT = 1 << 16
#: Control characters that stand in texts: tab, line ends, form feed, escape.
_TEXTUAL = frozenset(b"\t\n\v\f\r\x1b")


def encoding_of(data: bytes) -> str | None:
    """The encoding of a text without a declared one; ``None`` where the bytes are no text at all.

    A byte order mark decides (Unicode 16, section 23.8); then UTF-8, which other encodings hardly ever are by accident; then UTF-16
    by the zeros that Latin letters have in it. What is left is Windows-1252 where it has next to no control characters.
    """
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return codec if decodes(data, codec) else None
    start = data[:_LOOKED_AT]
    if b"\0" not in start and decodes(data, "utf-8"):
        return "utf-8"
    pairs = max(1, len(start) // 2)
    for codec, zeros, others in (("utf-16-le", start[1::2], start[::2]), ("utf-16-be", start[::2], start[1::2])):
        if zeros.count(0) > pairs * 0.4 and others.count(0) < pairs * 0.05 and decodes(data, codec):
            return codec
    controls = sum(start.count(byte) for byte in range(32) if byte not in _TEXTUAL)
    return None if controls > len(start) // 500 else "cp1252"


def decodes(data: bytes, codec: str) -> bool:
    """Whether all of the bytes are text in that encoding."""
    try:
        data.decode(codec)
    except (UnicodeError, LookupError):
        return False
    return True


def decoded(data: bytes, codec: str) -> str:
    """The text; bytes that Windows-1252 leaves undefined are read as Latin-1, so that they stay apart."""
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        return data.decode("latin-1")
