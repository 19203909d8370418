"""A timestamp authority's word that a checkpoint existed (RFC 3161). It is told a hash, and nothing else.

The extra ``timestamp`` brings what reads its replies. What is checked here: the reply is granted, is about our hash and our nonce,
and its signature holds with a certificate that it brought. Whether that is one to trust is for whoever relies on it
(``openssl ts -verify``): the raw reply is kept for that.
"""

from __future__ import annotations

import http.client
import ipaddress
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, HTTPSHandler, OpenerDirector, ProxyHandler, Request, build_opener

from dsr_desk.errors import UnreachableError, UsageError

#: The longest reply, in bytes, and how long one is waited for, in seconds.
LONGEST = 256 * 1024
PATIENCE = 20.0


class NotTimestampedError(UnreachableError):
    """An authority answered, but not with a timestamp of ours. ``reply`` is what it said."""

    def __init__(self, reply: bytes) -> None:
        super().__init__(
            "The authority's reply is no timestamp of this checkpoint.",
            "Its reply is kept. Try again, or another authority; or give the checkpoint away as a file or letter.",
        )
        self.reply = reply


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def stamped(url: str, note: bytes) -> tuple[bytes, str]:
    """The authority's raw reply on ``note``, and the time it says (ISO 8601, UTC).

    ``UsageError`` for an address that is neither https nor this computer's, and without the extra; ``UnreachableError`` where
    nobody answers; ``NotTimestampedError``, with the reply, where it doesn't hold.
    """
    address = checked_address(url)
    try:
        from rfc3161_client import HashAlgorithm, TimestampRequestBuilder
    except ImportError:
        raise UsageError(
            "This installation can't ask for timestamps.", "Install the extra: pip install 'dsr-desk[timestamp]'."
        ) from None
    asked = TimestampRequestBuilder().data(note).hash_algorithm(HashAlgorithm.SHA256).build()
    reply = _post(address, asked.as_bytes())
    return reply, _time_in(reply, note, asked.nonce)


def checked_address(url: str) -> str:
    """The address, if a reply from there can be asked for: https, or http to this computer; no name or password in it."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        host, parts = "", urlsplit("")
    if not host or not (parts.scheme == "https" or (parts.scheme == "http" and _here(host))):
        raise UsageError("That is no address of a timestamp authority.", "It begins with https://.")
    if parts.username or parts.password or not url.isascii() or any(c <= " " for c in url):
        raise UsageError("The address may hold no name, password or blank.", "Give it as the authority publishes it.")
    return url


def _here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _opener() -> OpenerDirector:
    """Straight there: no proxy of the environment, no redirect."""
    return build_opener(ProxyHandler({}), _NoRedirect, HTTPSHandler)


def _post(url: str, body: bytes) -> bytes:
    request = Request(  # noqa: S310  # its scheme was checked, and no redirect is followed
        url, body, {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
    )
    try:
        with _opener().open(request, timeout=PATIENCE) as answer:
            reply: bytes = answer.read(LONGEST + 1)
    except (OSError, http.client.HTTPException, ValueError):
        raise UnreachableError(
            "The timestamp authority did not answer.", "Check its address and the network; or give the checkpoint away as a file."
        ) from None
    if len(reply) > LONGEST:
        raise NotTimestampedError(reply[:LONGEST])
    return reply


def _time_in(reply: bytes, note: bytes, nonce: int | None) -> str:
    from cryptography.x509 import load_der_x509_certificate
    from rfc3161_client import VerifierBuilder, decode_timestamp_response

    try:
        answer = decode_timestamp_response(reply)
        info = answer.tst_info
        brought = [load_der_x509_certificate(data) for data in answer.signed_data.certificates]
        VerifierBuilder(roots=brought, nonce=nonce).build().verify(answer, sha256(note).digest())
        time: datetime = info.gen_time
    except Exception:  # noqa: BLE001  # whatever is wrong with foreign bytes, and in a library that reads them: no timestamp
        raise NotTimestampedError(reply) from None
    return time.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
