"""Folder names as mail servers write them: modified UTF-7 (RFC 3501 section 5.1.3)."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode

_CODED = re.compile(r"&([A-Za-z0-9+,]*)-")
_WIDE = re.compile(r"[^\x20-\x7e]+")


def from_utf7(name: str) -> str:
    """The name as people read it; what is no modified UTF-7 stays as it stands."""
    try:
        return _CODED.sub(lambda m: _read(m[1]) if m[1] else "&", name)
    except ValueError:
        return name


def _read(coded: str) -> str:
    return b64decode(coded.replace(",", "/") + "=" * (-len(coded) % 4), validate=True).decode("utf-16-be")


def to_utf7(name: str) -> str:
    """The name as a server takes it."""
    return _WIDE.sub(lambda m: f"&{_written(m[0])}-", name.replace("&", "&-"))


def _written(text: str) -> str:
    return b64encode(text.encode("utf-16-be")).decode("ascii").rstrip("=").replace("/", ",")
