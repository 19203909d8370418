"""The conversation with a directory server (RFC 4511): safe before it says who it is, complete or an error, on a condition.

The library's own messages can hold names and values, so none of them leaves this file.
"""

from __future__ import annotations

import logging
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import ldap3
from ldap3.core.exceptions import LDAPException
from ldap3.operation.search import compile_filter, parse_filter
from ldap3.protocol.controls import build_control
from ldap3.protocol.rfc4512 import AttributeTypeInfo, ObjectClassInfo
from ldap3.utils.conv import escape_filter_chars

from dsr_desk.drivers._ldap.address import Address
from dsr_desk.drivers._ldap.attributes import Attributes
from dsr_desk.drivers._rows.driver import MovedError
from dsr_desk.errors import CredentialsError, DeskError, RefusedError, UnreachableError, UsageError
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import System

logging.getLogger("ldap3").addHandler(logging.NullHandler())
logging.getLogger("ldap3").propagate = False

_CONNECT = 10
_ANSWER = 30
_PAGE = 500
_PAGED = "1.2.840.113556.1.4.319"
_ASSERTION = "1.3.6.1.1.12"
#: Attributes that a server writes anew with every change of an entry: whoever names one in a condition names that very state.
VERSIONS = ("entryCSN", "entryUSN", "uSNChanged")
EVERY = "(objectClass=*)"


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as the server sent it."""

    dn: str
    raw: Mapping[str, list[bytes]]


class Session:
    """One logged-in connection, what the server says of itself, and its schema."""

    def __init__(self, system: System, address: Address, secret: Callable[[], str | None]) -> None:
        self.system, self.address, self._secret = system, address, secret
        self._server = ldap3.Server(
            address.host,
            address.port,
            use_ssl=address.tls,
            tls=ldap3.Tls(
                validate=ssl.CERT_REQUIRED,
                ca_certs_file=self._authority(),
                sni=address.host,
            )
            if address.encrypted
            else None,
            get_info=ldap3.NONE,
            connect_timeout=_CONNECT,
        )
        self._conn = self._open()
        self.about = self._about()
        self.attributes = self._schema()

    def _authority(self) -> str | None:
        from pathlib import Path

        if self.address.authority and not Path(self.address.authority).is_file():
            raise UsageError(
                f"The file of certificates (ca) of system {self.system.name} is not there.", "Correct its path in the catalog."
            )
        return self.address.authority or None

    def _open(self) -> ldap3.Connection:
        user, password = self.address.user, None
        if user:
            password = self._secret()
            if not password:  # an empty one would log in as nobody, and succeed (RFC 4513 section 5.1.2)
                raise CredentialsError(
                    f"There is no password for {self.system.label}.",
                    f"Give it in a terminal: dsr-desk secret set {self.system.name}",
                )
        with self._understood():
            conn = ldap3.Connection(
                self._server,
                user=user or None,
                password=password,
                authentication=ldap3.SIMPLE if user else ldap3.ANONYMOUS,
                auto_referrals=False,
                check_names=False,
                receive_timeout=_ANSWER,
                return_empty_attributes=False,
            )
            try:
                self._log_in(conn)
            except BaseException:
                self._leave(conn)
                raise
        return conn

    def _log_in(self, conn: ldap3.Connection) -> None:
        conn.open(read_server_info=False)
        if self.address.start_tls and not conn.start_tls(read_server_info=False):
            raise UnreachableError(
                f"{self.system.label} refused to encrypt the connection, so nothing was said to it.",
                "Use ldaps:// in the url, or write tls: none among its options where the way there is safe.",
            )
        conn.bind(read_server_info=False)
        self._insist(conn)

    def _leave(self, conn: ldap3.Connection) -> None:
        with suppress(LDAPException, OSError):
            conn.unbind()

    def close(self) -> None:
        """Say good-bye."""
        self._leave(self._conn)

    # -- what the server says of itself -----------------------------------------------------------------------------

    def _about(self) -> Mapping[str, list[str]]:
        with self._understood():
            self._conn.search("", EVERY, ldap3.BASE, ldap3.DEREF_NEVER, attributes=["*", "+"])
            found: Mapping[str, list[bytes]] = next(
                (e["raw_attributes"] for e in self._conn.response or () if e["type"] == "searchResEntry"), {}
            )
        return {name: [v.decode("utf-8", "replace") for v in values] for name, values in found.items()}

    def _schema(self) -> Attributes:
        where = next(iter(self.about.get("subschemaSubentry", [])), "")
        if not where:
            return Attributes((), ())
        with self._understood():
            wanted = ["attributeTypes", "objectClasses"]
            self._conn.search(where, "(objectClass=subschema)", ldap3.BASE, ldap3.DEREF_NEVER, attributes=wanted)
            raw: Mapping[str, list[bytes]] = next(
                (e["raw_attributes"] for e in self._conn.response or () if e["type"] == "searchResEntry"), {}
            )
            types = AttributeTypeInfo.from_definition(list(raw.get("attributeTypes", ())))
            classes = ObjectClassInfo.from_definition(list(raw.get("objectClasses", ())))
        return Attributes(set(types.values()), set(classes.values()))

    @property
    def product(self) -> str:
        """Product and version, as far as the server says."""
        named = [*self.about.get("vendorName", []), *self.about.get("vendorVersion", [])]
        if not named and "OpenLDAProotDSE" in self.about.get("objectClass", []):
            named = ["OpenLDAP"]
        return " ".join(named) or ("Active Directory" if "forestFunctionality" in self.about else "an LDAP directory")

    @property
    def conditions(self) -> bool:
        """Whether it takes a write with a condition (RFC 4528)."""
        return _ASSERTION in self.about.get("supportedControl", [])

    # -- reading -----------------------------------------------------------------------------------------------------

    def entry(self, dn: str, names: list[str]) -> Entry | None:
        """One entry as it is now; ``None`` where there is none."""
        with self._understood():
            self._conn.search(dn, EVERY, ldap3.BASE, ldap3.DEREF_NEVER, attributes=[*names, *VERSIONS])
            if self._conn.result["result"] in (32, 34):
                return None
            self._insist(self._conn)
            return next(iter(self._answered(self._conn)), None)

    def entries(self, base: str, condition: str, scope: str, names: list[str], cancel: Cancel) -> Iterator[Entry]:
        """The entries that meet a filter, page by page (RFC 2696) over a connection of their own.

        ``UsageError`` where the base does not exist; ``UnreachableError`` where the server left something out.
        """
        paged = _PAGED in self.about.get("supportedControl", [])
        conn, cookie = self._open(), None
        try:
            while True:
                cancel.check()
                with self._understood():
                    conn.search(
                        base,
                        condition,
                        ldap3.LEVEL if scope == "one" else ldap3.SUBTREE,
                        ldap3.DEREF_NEVER,
                        attributes=names,
                        paged_size=_PAGE if paged else None,
                        paged_criticality=True,
                        paged_cookie=cookie,
                    )
                    if conn.result["result"] == 32:
                        raise UsageError(
                            f"System {self.system.name} has no entry under the name that the catalog gives.",
                            'Correct it there: the name in the url, or table: "ou=people", which stands below that.',
                        )
                    self._insist(conn)
                    found = self._answered(conn)
                yield from found
                cookie = conn.result.get("controls", {}).get(_PAGED, {}).get("value", {}).get("cookie") if paged else None
                if not cookie:
                    return
        finally:
            self._leave(conn)

    def _answered(self, conn: ldap3.Connection) -> list[Entry]:
        found = conn.response or []
        if any(e["type"] == "searchResRef" for e in found) and self.system.options.get("referrals") != "ignore":
            raise UnreachableError(
                f"A part of {self.system.label} stands on another server (a referral), and was not searched.",
                "Describe that server as a system of its own, and write referrals: ignore among the options of this one.",
            )
        return [Entry(e["dn"], e["raw_attributes"]) for e in found if e["type"] == "searchResEntry"]

    # -- writing -----------------------------------------------------------------------------------------------------

    def delete(self, entry: Entry) -> None:
        """Delete an entry, if it is still in the state in which it was read, where the server knows conditions."""
        with self._understood():
            self._conn.delete(entry.dn, controls=self._only_if(entry))
            self._insist(self._conn, 32)

    def modify(self, entry: Entry, values: Mapping[str, list[bytes]], exchange: Callable[[str], bool]) -> None:
        """Give attributes these values, all or none, if the entry is still in the state in which it was read.

        Without conditions, the old values are taken away by name where ``exchange`` says that an attribute allows it: that fails
        where they are no longer there.
        """
        controls = self._only_if(entry)
        changes: dict[str, list[tuple[str, list[bytes]]]] = {}
        for name, new in values.items():
            old = list(entry.raw.get(name, ()))
            if controls or not exchange(name):
                changes[name] = [(ldap3.MODIFY_REPLACE, new)]
            else:
                steps = [(ldap3.MODIFY_DELETE, old)] if old else []
                changes[name] = [*steps, *([(ldap3.MODIFY_ADD, new)] if new else [])]
        changes = {name: steps for name, steps in changes.items() if steps}
        with self._understood():
            if changes:
                self._conn.modify(entry.dn, changes, controls=controls)
                self._insist(self._conn, 16, 20, 32)

    def _only_if(self, entry: Entry) -> list[Any] | None:
        version = next((name for name in VERSIONS if entry.raw.get(name)), None)
        if version is None or not self.conditions:
            return None
        value = escape_filter_chars(entry.raw[version][0].decode("ascii"))
        parsed = parse_filter(f"({version}={value})", None, False, False, None, False)
        return [build_control(_ASSERTION, True, compile_filter(parsed.elements[0]))]

    # -- errors ------------------------------------------------------------------------------------------------------

    @contextmanager
    def _understood(self) -> Iterator[None]:
        try:
            yield
        except (LDAPException, OSError) as error:
            where = "did not answer in time" if "timed out" in str(error).lower() else "can't be reached"
            hint = "Check that it runs, that the url in the catalog is right"
            hint += ", and that its certificate is known here (option ca)." if self.address.encrypted else "."
            meant = UnreachableError(f"{self.system.label} {where}.", hint)
        else:
            return
        raise meant from None

    def _insist(self, conn: ldap3.Connection, *moved: int) -> None:
        code = conn.result["result"]
        if code == 122 or code in moved:
            raise MovedError
        if code != 0:
            raise _meant(self.system, code)


def sound(condition: str) -> bool:
    """Whether a text is one filter (RFC 4515)."""
    try:
        return len(parse_filter(condition, None, False, False, None, False).elements) == 1
    except LDAPException:
        return False


def _meant(system: System, code: int) -> DeskError:
    name = system.label
    if code in (8, 13, 48, 49):
        return CredentialsError(
            f"{name} refused the user or the password.", f"Set the password again: dsr-desk secret set {system.name}"
        )
    if code == 50:
        return CredentialsError(f"The user of {name} is not allowed to do this.", "Let its administrator give the user that right.")
    if code in (3, 4, 11):
        return UnreachableError(
            f"{name} gave only a part of its entries: a limit of the server was reached.",
            "Let its administrator raise the limits of size and time for this user.",
        )
    if code == 10:
        return UnreachableError(
            f"{name} says that these entries stand on another server.", "Describe that server in the catalog instead."
        )
    if code == 66:
        return RefusedError(f"An entry of {name} has others below it, and was not deleted.", "Delete those first.")
    if code in (17, 18, 19, 21, 53, 64, 65, 67, 69, 71):
        return RefusedError(
            f"{name} refused a change: its own rules forbid it (code {code}).",
            "Look at its schema, and let the catalog write another value.",
        )
    return UnreachableError(f"{name} refused a request (code {code}).", "Look into the server's log for that code, and try again.")
