"""What the catalog says of a directory: where it is, whether the way there is safe, and as whom the program speaks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from dsr_desk.drivers.base import Wrong
from dsr_desk.errors import UsageError
from dsr_desk.model.catalog import System

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_EXAMPLE = "Write it like ldaps://directory.example.org/dc=example,dc=org."
#: What there is to set, and what each can be (nothing listed: any text).
_OPTIONS: Mapping[str, tuple[str, ...]] = {
    "tls": ("yes", "none"),
    "ca": (),
    "user": (),
    "referrals": ("ignore",),
    "references": ("server",),
}
_OF_A_COLLECTION: Mapping[str, tuple[str, ...]] = {"filter": (), "scope": ("one", "subtree")}


@dataclass(frozen=True, slots=True)
class Address:
    """A directory: ``base`` is the name under which everything stands, ``user`` the name to log in with (none: anonymously)."""

    host: str
    port: int
    tls: bool
    start_tls: bool
    base: str
    user: str
    authority: str

    @property
    def encrypted(self) -> bool:
        """Whether nobody on the way can read along."""
        return self.tls or self.start_tls


def wrongs(system: System) -> Iterator[Wrong]:
    """Everything that is wrong with the url and the options."""
    parts = _parts(system.url)
    if parts is None:
        yield Wrong(("url",), "The url names no directory.", _EXAMPLE)
    elif parts.password is not None:
        kept = f"Remove it from the catalog file, and give it in a terminal: dsr-desk secret set {system.name}"
        yield Wrong(("url",), "The url holds a password.", kept)
    for name, value in system.options.items():
        yield from _option(("options", name), value, _OPTIONS)
    for collection in system.collections.values():
        for name, value in collection.options.items():
            yield from _option(("collections", collection.name, "options", name), value, _OF_A_COLLECTION)


def _option(path: tuple[str, ...], value: object, known: Mapping[str, tuple[str, ...]]) -> Iterator[Wrong]:
    if path[-1] not in known:
        yield Wrong(path, f"There is no option {path[-1]}.", f"There are {', '.join(known)}.")
    elif not isinstance(value, str) or (known[path[-1]] and value not in known[path[-1]]):
        yield Wrong(path, f"That is nothing that {path[-1]} can be.", f"Write {' or '.join(known[path[-1]]) or 'a text'}.")


def address(system: System, folder: Path) -> Address:
    """The directory of a system; ``UsageError`` for the first thing that is wrong in the catalog."""
    for wrong in wrongs(system):
        place = ".".join(map(str, wrong.path))
        raise UsageError(f"The catalog file of {system.name} is wrong at {place}: {wrong.message}", wrong.hint)
    parts = _parts(system.url)
    assert parts is not None
    host = parts.hostname or ""
    tls = system.options.get("tls", "none" if host in _LOOPBACK else "yes")
    authority = system.options.get("ca", "")
    return Address(
        host,
        parts.port or (636 if parts.scheme == "ldaps" else 389),
        parts.scheme == "ldaps",
        parts.scheme == "ldap" and tls == "yes",
        unquote(parts.path.lstrip("/")),
        system.options.get("user") or unquote(parts.username or ""),
        str(folder / Path(authority).expanduser()) if authority else "",
    )


def _parts(url: str) -> SplitResult | None:
    """The parts of a url that can be one of a directory."""
    try:
        parts = urlsplit(url)
        named = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None
    return parts if named and parts.scheme in ("ldap", "ldaps") and not parts.query and not parts.fragment else None
