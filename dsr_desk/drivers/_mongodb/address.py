"""What a catalog file says of a MongoDB, looked at without asking it anything."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import unquote

from dsr_desk.drivers.base import Wrong
from dsr_desk.errors import UsageError
from dsr_desk.model.catalog import System

#: How long one answer may take, in seconds, unless the catalog's options say otherwise.
_ANSWER = 30
_LONGEST = 3600
_SECRETS = ("password", "pwd", "aws_session_token")
_HELD = "The url holds a password."
_EXAMPLE = "Write it like mongodb://user@host:27017/database."
_SECONDS = "Write a whole number of seconds, from 1 to 3600."


def wrongs(system: System) -> Iterator[Wrong]:
    """Everything that is wrong with the url and the options."""
    scheme, _, rest = system.url.partition("://")
    where, _, database = rest.partition("/")
    if scheme not in ("mongodb", "mongodb+srv") or not where or not database.partition("?")[0]:
        yield Wrong(("url",), "The url names no database of a MongoDB.", _EXAMPLE)
    elif _holds_password(system.url):
        yield Wrong(("url",), _HELD, _kept(system))
    for name, value in system.options.items():
        if name != "timeout":
            yield Wrong(("options", name), f"There is no option {name}.", "There is timeout, in seconds.")
        elif isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= _LONGEST:
            yield Wrong(("options", name), "That is no time to wait.", _SECONDS)
    for collection in system.collections.values():
        for name in collection.options:
            yield Wrong(("collections", collection.name, "options", name), f"There is no option {name}.", "Remove it.")


def answer_within(system: System) -> int:
    """How long one answer may take, in seconds."""
    seconds: int = system.options.get("timeout", _ANSWER)
    return seconds


def address(system: System) -> tuple[str, str]:
    """The url without its user, and the user; ``UsageError`` for the first thing that is wrong in the catalog."""
    for wrong in wrongs(system):
        raise UsageError(
            f"The catalog file of {system.name} is wrong at {'.'.join(map(str, wrong.path))}: {wrong.message}", wrong.hint
        )
    scheme, mark, rest = system.url.partition("://")
    where, slash, query = rest.partition("/")
    who, _, hosts = where.rpartition("@")
    return f"{scheme}{mark}{hosts}{slash}{query}", unquote(who)


def encrypted(system: System) -> bool:
    """Whether the connection is encrypted, and the server's certificate checked."""
    url = system.url.lower()
    on = "tls=true" in url or "ssl=true" in url or (url.startswith("mongodb+srv:") and "tls=false" not in url)
    return on and not any(weaker in url for weaker in ("insecure=true", "invalidcertificates=true", "invalidhostnames=true"))


def _holds_password(url: str) -> bool:
    where, _, query = url.partition("://")[2].partition("/")
    settings = [part.partition("=")[0].lower() for part in query.partition("?")[2].split("&")]
    named = where.rpartition("@")[0]
    return ":" in named or any(secret in name for name in settings for secret in _SECRETS) or "aws_session_token" in url.lower()


def _kept(system: System) -> str:
    return f"Remove it from the catalog file, and give it in a terminal: dsr-desk secret set {system.name}"
