"""Where a store is, as the catalog writes it: ``s3://ACCESS_KEY@bucket/prefix``, with ``endpoint`` and ``region`` as options."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from dsr_desk.errors import UsageError
from dsr_desk.model.catalog import System

_LOCAL = ("localhost", "127.0.0.1", "::1")
_BUCKET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,62}")


@dataclass(frozen=True, slots=True)
class Address:
    """A bucket, and the prefix (empty, or ending in ``/``) below which its objects are looked at."""

    bucket: str
    prefix: str
    user: str
    endpoint: str
    region: str

    @classmethod
    def of(cls, system: System) -> Address:
        """The system's; ``UsageError`` where it says none, or one to which a password must not be sent."""
        try:
            url = urlsplit(system.url)
            user, bucket = unquote(url.username or ""), url.netloc.rpartition("@")[2]
        except ValueError:
            url, user, bucket = urlsplit(""), "", ""
        if url.scheme != "s3" or not _BUCKET.fullmatch(bucket) or url.query or url.fragment:
            raise UsageError(
                f"{system.label}: url: names no bucket.", "Write it like s3://bucket/prefix, or s3://ACCESS_KEY@bucket/prefix."
            )
        prefix = unquote(url.path).lstrip("/")
        options = {name: str(system.options.get(name) or "") for name in ("endpoint", "region")}
        if options["endpoint"]:
            _insist_safe(system, options["endpoint"])
        return cls(bucket, prefix if not prefix or prefix.endswith("/") else f"{prefix}/", user, **options)


def _insist_safe(system: System, endpoint: str) -> None:
    try:
        url = urlsplit(endpoint)
        host, secret = url.hostname, url.username or url.password or url.query
    except ValueError:
        host, secret, url = None, None, urlsplit("")
    if not host or url.scheme not in ("http", "https") or secret:
        raise UsageError(f"{system.label}: endpoint: is no address of a web server.", "Write it like https://s3.example.org.")
    if url.scheme == "http" and host not in _LOCAL:
        raise UsageError(
            f"{system.label}: endpoint: is not encrypted, so the password could be read on its way.", "Write https://."
        )
