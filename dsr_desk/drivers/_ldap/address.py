"""What the catalog says of a directory: where it is, whether the way there is safe, and as whom the program speaks."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from dsr_desk.errors import UsageError
from dsr_desk.model.catalog import System

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_EXAMPLE = "Write it like ldaps://directory.example.org/dc=example,dc=org in its catalog file."


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


def address(system: System, folder: Path) -> Address:
    """The directory of a system; ``UsageError`` where its url or its options can't be understood, or hold a password."""
    try:
        parts = urlsplit(system.url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise _unreadable(system) from None
    if parts.scheme not in ("ldap", "ldaps") or not host or parts.query or parts.fragment:
        raise _unreadable(system)
    if parts.password is not None:
        raise UsageError(
            f"The url of system {system.name} holds a password.",
            f"Remove it from the catalog file, and give it in a terminal: dsr-desk secret set {system.name}",
        )
    tls = system.options.get("tls", "yes" if host not in _LOOPBACK else "loopback")
    if tls not in ("yes", "none", "loopback"):
        raise UsageError(
            f"The option tls of system {system.name} is unknown.", "Write tls: yes, or tls: none for a plain connection."
        )
    authority = str(system.options.get("ca", ""))
    return Address(
        host,
        port or (636 if parts.scheme == "ldaps" else 389),
        parts.scheme == "ldaps",
        parts.scheme == "ldap" and tls == "yes",
        unquote(parts.path.lstrip("/")),
        str(system.options.get("user") or unquote(parts.username or "")),
        str(folder / Path(authority).expanduser()) if authority else "",
    )


def _unreadable(system: System) -> UsageError:
    return UsageError(f"The url of system {system.name} can't be read.", _EXAMPLE)
