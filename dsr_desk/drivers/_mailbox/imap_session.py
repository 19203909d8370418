"""One login on an IMAP server (RFC 3501): TLS first, then the password; every fault in words that hold no data."""

from __future__ import annotations

import imaplib
import ipaddress
import re
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from dsr_desk.errors import CredentialsError, UnreachableError, UsageError
from dsr_desk.model.catalog import System

# A command that it doesn't know is allowed by imaplib in that state alone in which it was first given, in the whole process.
imaplib.Commands.setdefault("ID", ("NONAUTH", "AUTH", "SELECTED"))

_CONNECT, _ANSWER = 10, 30
_HINT = "Check url: in the catalog, and whether the server runs."
_URL = "Write it like imaps://user@mail.example.org in its catalog file."


class Imap:
    """A server that was logged in on. The ``tls`` option: ``none`` gives up encryption on a network that is trusted."""

    def __init__(self, system: System, folder: Path, secret: Callable[[], str | None]) -> None:
        self.label, self._system = system.label, system
        self._read_url(system)
        context = None if self.plain else self._context(folder)  # reading all authorities takes longer than a login
        with self._faults():
            self.conn = self._connect(context)
        try:
            with self._faults():
                self._protect(context)
                self._login(secret)
                self.capabilities = self._asked_capabilities()
        except BaseException:
            self.close()
            raise

    def _read_url(self, system: System) -> None:
        try:
            url = urlsplit(system.url)
            self.host, self._port = url.hostname or "", url.port
        except ValueError:
            raise UsageError(f"The url of system {system.name} can't be read.", _URL) from None
        self.scheme, self._user = url.scheme.lower(), unquote(url.username or "")
        if self.scheme not in ("imap", "imaps") or not self.host or not self._user:
            raise UsageError(f"The url of system {system.name} names no mail server and user.", _URL)
        if url.password is not None:
            raise UsageError(
                f"The url of system {system.name} holds a password.",
                f"Remove it from the catalog file, and give it in a terminal: dsr-desk secret set {system.name}",
            )
        self.tls = str(system.options.get("tls", "")).lower()
        if self.tls not in ("", "none", "starttls"):
            raise UsageError(f"{system.name}: tls: under options: is neither none nor starttls.", "Correct it, or leave it out.")

    @property
    def plain(self) -> bool:
        """Whether nothing is encrypted."""
        return self.scheme == "imap" and self.tls != "starttls" and (self.tls == "none" or _is_loopback(self.host))

    def _context(self, folder: Path) -> ssl.SSLContext:
        authority = self._system.options.get("ca")
        try:
            return ssl.create_default_context(cafile=str(folder / str(authority)) if authority else None)
        except (OSError, ssl.SSLError):
            raise UsageError(
                f"The certificates of {self._system.name} can't be read.", "Check ca: under options: it names a PEM file."
            ) from None

    def _connect(self, context: ssl.SSLContext | None) -> imaplib.IMAP4:
        if self.scheme == "imaps":
            conn: imaplib.IMAP4 = imaplib.IMAP4_SSL(self.host, self._port or 993, ssl_context=context, timeout=_CONNECT)
        else:
            conn = imaplib.IMAP4(self.host, self._port or 143, timeout=_CONNECT)
        conn.sock.settimeout(_ANSWER)
        conn.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # imaplib sends a command in pieces
        return conn

    def _protect(self, context: ssl.SSLContext | None) -> None:
        if self.scheme == "imaps" or self.plain:
            return
        if self.conn.state != "NONAUTH" or "STARTTLS" not in self.conn.capabilities:
            raise UnreachableError(
                f"{self.label} offers no encryption, so no password is sent to it.",
                "Use imaps:// in the catalog; on a network that is trusted, write tls: none under options:.",
            )
        self.conn.starttls(context)

    def _login(self, secret: Callable[[], str | None]) -> None:
        if self.conn.state == "AUTH":
            return
        password = secret()
        hint = f"Give it in a terminal: dsr-desk secret set {self._system.name}"
        if password is None:
            raise CredentialsError(f"There is no password for {self.label}.", hint)
        offered = self._asked_capabilities()
        try:
            if "AUTH=PLAIN" in offered:
                self.conn.authenticate("PLAIN", lambda _: b"\0" + self._user.encode() + b"\0" + password.encode())
            elif "LOGINDISABLED" in offered:
                raise UnreachableError(f"{self.label} takes no password on this connection.", "Use imaps:// in the catalog.")
            elif (self._user + password).isascii() and (self._user + password).isprintable():
                self.conn.login(quoted(self._user), password)
            else:
                raise CredentialsError(f"{self.label} takes no user name or password with such letters.", hint)
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error:
            raise CredentialsError(f"{self.label} refused the user name or the password.", hint) from None

    def _asked_capabilities(self) -> frozenset[str]:
        _, data = self.conn.capability()
        return frozenset(b" ".join(d for d in data if isinstance(d, bytes)).decode("ascii", "replace").upper().split())

    # -- speaking ------------------------------------------------------------------------------------------------------

    def ask(self, command: str, *arguments: str) -> list[Any]:
        """What the server says to a command of imaplib; ``RefusalError`` where it refuses."""
        with self._faults():
            try:
                kind, data = getattr(self.conn, command)(*arguments)
            except imaplib.IMAP4.readonly:
                kind, data = "NO", []
        if kind != "OK":
            raise RefusalError(f"{self.label} refused what was asked.", "Check the rights of its user.")
        return list(data)

    def untagged(self, name: str) -> str:
        """A number or flag that the server told beside its last answer."""
        _, data = self.conn.response(name)
        return data[-1].decode("ascii", "replace") if data and data[-1] else ""

    def stop(self) -> None:
        """End whatever is being read, from another thread."""
        with suppress(OSError):
            self.conn.sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Log out, without ``CLOSE``: that would remove what others marked."""
        with suppress(OSError, imaplib.IMAP4.error):
            self.conn.logout()
        with suppress(OSError, imaplib.IMAP4.error):
            self.conn.shutdown()

    @contextmanager
    def _faults(self) -> Iterator[None]:
        try:
            yield
        except ssl.SSLCertVerificationError as error:
            why = {10: "has expired", 18: "is signed by itself", 19: "is of an unknown authority", 20: "is of an unknown authority"}
            said = why.get(error.verify_code, "does not belong to it" if error.verify_code in (62, 64) else "is not valid")
            raise UnreachableError(
                f"The certificate of {self.label} {said}; nothing was sent.",
                "Let its administrator renew it; an authority of your own goes under options: as ca:.",
            ) from None
        except ssl.SSLError:
            raise UnreachableError(f"{self.label} does not speak TLS as expected.", _HINT) from None
        except TimeoutError:
            raise UnreachableError(f"{self.label} does not answer.", _HINT) from None
        except (OSError, imaplib.IMAP4.abort):
            raise UnreachableError(f"{self.label} can't be reached, or the connection broke.", _HINT) from None
        except imaplib.IMAP4.error:
            raise UnreachableError(f"{self.label} refused what was asked, or answered what no mail server does.", _HINT) from None


class RefusalError(UnreachableError):
    """The server said NO."""


def quoted(name: str) -> str:
    """A folder's name for a command; ``UsageError`` where none can be called so."""
    if not name.isascii() or re.search(r"[\0\r\n]", name):
        raise UsageError("A folder's name holds a character that no folder can have.", "Correct table: in the catalog.")
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"
