"""Distinguished names in one spelling (RFC 4514): a directory takes several spellings for the same name, a comparison can't."""

from __future__ import annotations

import re
from collections.abc import Collection

_ESCAPED = frozenset('",+;<>\\')


def canonical(name: str, exact: Collection[str] = ()) -> str:
    """The name with small letters and single blanks; values of attributes in ``exact``, which tell case apart, keep theirs.

    What is no distinguished name stays as it is.
    """
    parsed = parse(name)
    if parsed is None:
        return name
    return ",".join("+".join(sorted(f"{kind}={_written(value, kind in exact)}" for kind, value in rdn)) for rdn in parsed)


def parse(name: str) -> list[list[tuple[str, str]]] | None:
    """Each part (RDN) as its attributes, in small letters, with their values, unescaped; ``None`` where it is no name."""
    found: list[list[tuple[str, str]]] = []
    for part in _split(name, ",;"):
        pairs = []
        for pair in _split(part, "+"):
            kind, equals, value = pair.partition("=")
            if not equals or not re.fullmatch(r"\s*([A-Za-z][A-Za-z0-9-]*|(oid\.)?[0-9.]+)\s*", kind):
                return None
            text = _unescaped(_stripped(value))
            if text is None:
                return None
            pairs.append((kind.strip().lower(), text))
        found.append(pairs)
    return found


def below(name: str, base: str) -> bool:
    """Whether a name (canonical, both) stands somewhere below another."""
    return name.endswith(f",{base}") if base else bool(name)


def _split(text: str, at: str) -> list[str]:
    parts, start, place = [], 0, 0
    while place < len(text):
        if text[place] == "\\":
            place += 1
        elif text[place] in at:
            parts.append(text[start:place])
            start = place + 1
        place += 1
    return [*parts, text[start:]] if text else []


def _stripped(value: str) -> str:
    value = value.lstrip(" ")
    bare = value.rstrip(" ")
    return f"{bare} " if bare.endswith("\\") and not bare.endswith("\\\\") and bare != value else bare


def _unescaped(value: str) -> str | None:
    out = bytearray()
    place = 0
    while place < len(value):
        if value[place] == "\\":
            pair = value[place + 1 : place + 3]
            if re.fullmatch("[0-9A-Fa-f]{2}", pair):
                out += bytes.fromhex(pair)
                place += 3
                continue
            place += 1
        out += value[place : place + 1].encode("utf-8", "surrogatepass")
        place += 1
    try:
        return out.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _written(value: str, exact: bool) -> str:
    text = value if exact else " ".join(value.split(" ")).lower()
    text = text if exact else re.sub(" +", " ", text)
    out = "".join(f"\\{c}" if c in _ESCAPED else f"\\{ord(c):02x}" if ord(c) < 32 or ord(c) == 127 else c for c in text)
    if out[:1] in ("#", " "):
        out = f"\\{out}"
    return f"{out[:-1]}\\ " if out.endswith(" ") and len(text) > 1 else out
