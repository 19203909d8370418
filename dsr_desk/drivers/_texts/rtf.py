"""The text of RTF 1.9: control words dropped, characters that it writes as codes put back."""

from __future__ import annotations

import re

from dsr_desk.drivers._texts.gathered import Gathered

_TOKEN = re.compile(rb"\\([a-zA-Z]+)(-?\d+)? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z'])|([{}])|([^\\{}\r\n]+)")
_BREAKS = {b"par": "\n", b"line": "\n", b"cell": "\t", b"row": "\n", b"tab": "\t", b"page": "\n", b"sect": "\n"}
_MARKS = {
    b"emdash": "\u2014",
    b"endash": "\u2013",
    b"lquote": "\u2018",
    b"rquote": "\u2019",
    b"ldblquote": "\u201c",
    b"rdblquote": "\u201d",
}
_SYMBOLS = {b"~": "\u00a0", b"_": "\u2011", b"\\": "\\", b"{": "{", b"}": "}", b"\n": "\n", b"\r": "\n"}
#: Groups that hold no text: pictures are hexadecimal, fonts and colours are tables.
_NO_TEXT = frozenset((b"pict", b"fonttbl", b"colortbl", b"stylesheet", b"themedata", b"datastore", b"objdata"))


def read_rtf(data: bytes, out: Gathered) -> None:
    """Body, headers, notes and properties, in the code page that it declares (Windows-1252 where it declares none)."""
    page = re.search(rb"\\ansicpg(\d{3,5})", data[:4096])
    codec = f"cp{page[1].decode('ascii')}" if page else "cp1252"
    silent: list[tuple[bool, int]] = [(False, 1)]
    skip, pending = 0, bytearray()

    def flush() -> None:
        if pending:
            try:
                out.add(pending.decode(codec, "replace"))
            except LookupError:
                out.add(pending.decode("cp1252", "replace"))
            pending.clear()

    for word, number, code, symbol, brace, plain in _TOKEN.findall(data):
        quiet, after_unicode = silent[-1]
        if brace == b"{":
            silent.append(silent[-1])
        elif brace == b"}":
            flush()
            silent = silent[:-1] or [(False, 1)]
        elif word in _NO_TEXT:
            silent[-1] = (True, after_unicode)
        elif word == b"uc" and number:
            silent[-1] = (quiet, max(0, int(number)))
        elif quiet:
            continue
        elif word == b"u" and number:
            flush()
            out.add(chr(int(number) % 0x10000))
            skip = after_unicode
        elif code:
            if skip:
                skip -= 1
            else:
                pending += bytes.fromhex(code.decode("ascii"))
        elif plain:
            pending += plain[skip:]
            skip = 0
        else:
            flush()
            out.add(_BREAKS.get(word) or _MARKS.get(word) or _SYMBOLS.get(symbol) or "")
    flush()
    out.add("\n")
