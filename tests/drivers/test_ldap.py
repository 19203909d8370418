"""The LDAP driver against OpenLDAP's own server."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import ldap3
import pytest

from dsr_desk.drivers.ldap import LdapDriver
from dsr_desk.model.catalog import System
from tests import servers
from tests.drivers.contract import COLUMNS, PEOPLE, OneByOneContract, Place, people

BASE = "dc=example,dc=org"
ADMIN = f"cn=admin,{BASE}"
NAMES = {
    "id": "uid",
    "customer": "employeeNumber",
    "email": "contactMail",
    "phone": "contactPhone",
    "name": "displayName",
    "note": "description",
}


@pytest.fixture(scope="module")
def directory() -> Iterator[str]:
    """The URL of a server that lives as long as these tests."""
    with servers.slapd() as (url, _):
        yield url


class LdapPlace(Place):
    """``ou=people`` of a directory, which the test's own connection fills. ``key`` is what tells entries apart in the catalog."""

    def __init__(self, url: str, folder: Path, key: str = "dn") -> None:
        self.folder, self.url = folder, url
        self.conn = ldap3.Connection(ldap3.Server(url, get_info=ldap3.NONE), ADMIN, "secret", auto_bind=True, check_names=False)
        self.clear()
        self.conn.add(BASE, ["dcObject", "organization"], {"o": "Example"})
        self.add(f"ou=people,{BASE}", ["organizationalUnit"])
        where = url.replace("://", "://cn=admin%2Cdc=example%2Cdc=org@") + f"/{BASE}"
        collection = people(names=NAMES, key=key, table="ou=people")
        self.system = System("place", "ldap", url=where, region="DE", collections={"people": collection})
        for row in PEOPLE:
            self.insert(dict(zip(COLUMNS, row, strict=True)))

    def driver(self) -> LdapDriver:
        return LdapDriver(self.system, self.folder, lambda: "secret")

    def clear(self) -> None:
        self.conn.search(BASE, "(objectClass=*)", attributes=["1.1"])
        for entry in sorted(self.conn.response or (), key=lambda e: -len(e["dn"].split(","))):
            assert self.conn.delete(entry["dn"])

    def add(self, dn: str, classes: list[str], values: Mapping[str, Any] | None = None) -> None:
        assert self.conn.add(dn, classes, dict(values or {})), self.conn.result

    def insert(self, row: Mapping[str, str | None]) -> None:
        values = {NAMES[name]: value for name, value in row.items() if value}
        self.add(f"uid={row['id']},ou=People,{BASE}", ["deskPerson"], {**values, "cn": "of the tests", "sn": ["a", "b"]})

    def change(self, row: str, column: str, value: str | None) -> None:
        if column == "id":
            assert self.conn.modify_dn(f"uid={row},ou=people,{BASE}", f"uid={value}")
        else:
            self.modify(row, {NAMES[column]: [value] if value else []})

    def modify(self, row: str, values: Mapping[str, list[Any]]) -> None:
        changes = {name: [(ldap3.MODIFY_REPLACE, new)] for name, new in values.items()}
        assert self.conn.modify(f"uid={row},ou=people,{BASE}", changes), self.conn.result

    def remove(self, row: str) -> None:
        assert self.conn.delete(f"uid={row},ou=people,{BASE}")

    def dump(self) -> Any:
        self.conn.search(BASE, "(objectClass=*)", attributes=["*", "+"])
        return sorted((e["dn"], sorted((n, sorted(v)) for n, v in e["raw_attributes"].items())) for e in self.conn.response)


@pytest.fixture(params=["dn", "entryUUID"])
def place(directory: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[LdapPlace]:
    made = LdapPlace(directory, tmp_path, request.param)
    yield made
    made.conn.unbind()


class TestLdap(OneByOneContract):
    pass
