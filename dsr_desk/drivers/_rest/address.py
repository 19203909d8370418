"""Where a service is, and which addresses are still it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

from dsr_desk.errors import UsageError

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Address:
    """``origin`` is ``https://host:port``, ``path`` the one that all others start with, ``user`` the name before the ``@``."""

    origin: str
    host: str
    path: str
    user: str = ""


def secure(url: SplitResult) -> bool:
    """Whether nobody on the way can read along: https, or http to this computer."""
    try:
        return bool(url.hostname) and (url.scheme == "https" or (url.scheme == "http" and url.hostname in _LOOPBACK))
    except ValueError:
        return False


def address_of(url: str) -> Address:
    """The address that ``url:`` of a catalog file says. ``UsageError`` where it can't be one, or isn't safe."""
    try:
        split = urlsplit(url)
        port = split.port
    except ValueError:
        split, port = urlsplit(""), None
    if not secure(split) or split.hostname is None:
        raise UsageError(
            "url: must start with https:// and a host (http:// goes to this computer only).",
            "Write it like https://api.example.org/v1.",
        )
    if split.password:
        raise UsageError("A password stands in url:.", "Delete it there, and keep it with dsr-desk secret set SYSTEM.")
    if split.query or split.fragment:
        raise UsageError("url: holds a ? or a #.", "What follows a ? stands under params: of a collection's options.")
    host = f"[{split.hostname}]" if ":" in split.hostname else split.hostname
    origin = f"{split.scheme}://{host}:{port or _PORTS[split.scheme]}"
    return Address(origin, split.hostname, split.path.rstrip("/"), unquote(split.username or ""))


def within(address: Address, current: str, link: str) -> str | None:
    """The path and query of a link that an answer gave, where it leads to the same service; ``None`` where it leads elsewhere."""
    try:
        split = urlsplit(urljoin(current, link))
        origin = address_of(split._replace(query="", fragment="").geturl()).origin
    except (ValueError, UsageError):
        return None
    if origin != address.origin:
        return None
    return split.path + (f"?{split.query}" if split.query else "")
