"""The LDAP driver against OpenLDAP's own server."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import ldap3
import pytest

from dsr_desk.drivers._ldap import session
from dsr_desk.drivers._rows.driver import MovedError
from dsr_desk.drivers.ldap import LdapDriver
from dsr_desk.errors import CancelledError, CredentialsError, DeskError, DriftError, UnreachableError, UsageError
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import Collection, Field, System
from dsr_desk.model.finding import Lookup, Row
from dsr_desk.model.plan import Work
from tests import servers
from tests.drivers.contract import COLUMNS, KEY, PEOPLE, OneByOneContract, Place, apply, every, hits, ids, lookup, people, step

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


# -- helpers -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def shop(directory: str, tmp_path: Path) -> Iterator[LdapPlace]:
    """The same entries, told apart by their names."""
    made = LdapPlace(directory, tmp_path)
    yield made
    made.conn.unbind()


def as_system(place: LdapPlace, **more: Any) -> LdapDriver:
    """A driver for the same directory, described otherwise."""
    return LdapDriver(replace(place.system, **more), place.folder, lambda: "secret")


def described(place: LdapPlace, **more: Any) -> LdapDriver:
    """A driver for the same directory, whose collection is described otherwise."""
    return as_system(place, collections={"people": replace(place.system.collections["people"], **more)})


def groups(place: LdapPlace) -> LdapDriver:
    """A driver for ``ou=groups``, in which one group of three stands."""
    place.add(f"ou=groups,{BASE}", ["organizationalUnit"])
    members = [f"UID={n}, ou=People,{BASE}" for n in (1, 2, 3)]
    place.add(f"cn=staff,ou=groups,{BASE}", ["groupOfNames"], {"member": members})
    fields = {name: Field(name) for name in ("dn", "cn", "member")}
    return as_system(place, collections={"groups": Collection("place", "groups", ("dn",), fields, table="ou=groups")})


def rows(driver: LdapDriver, collection: str = "groups") -> list[Row]:
    found = driver.sample(collection, 100, Cancel())
    return [driver.row(driver.collection(collection), values) for values in found]


def planned(row: Row, writes: Mapping[str, Any] | None = None) -> Work:
    return Work("place", (step(row, writes),), (), KEY)


def why(driver: LdapDriver, row: Row, writes: Mapping[str, Any] | None = None) -> list[tuple[str, str]]:
    """What stands against a step, which then is what the server says, too."""
    return [(r.field, r.why) for r in driver.rehearse(planned(row, writes), Cancel())]


# -- values ------------------------------------------------------------------------------------------------------------


def test_values_have_their_kinds(shop: LdapPlace) -> None:
    photo = b"\xff\xd8\xff\x00jpeg"
    shop.modify("1", {"jpegPhoto": [photo], "bornAt": ["19800102030405Z"], "mail": ["b@x.org", "A@x.org"]})
    row = every(shop.driver())["1"]
    assert row.values["jpegPhoto"] == photo
    assert row.values["bornAt"].isoformat() == "1980-01-02T03:04:05+00:00"
    assert row.values["mail"] == ["A@x.org", "b@x.org"]
    assert row.values["dn"] == f"uid=1,ou=people,{BASE}"
    assert "entryCSN" not in row.values and len(row.values["entryUUID"]) == 36
    columns = shop.driver().schema().collections["people"].columns
    assert {n: columns[n].type for n in ("jpegPhoto", "bornAt", "mail", "dn")} == {
        "jpegPhoto": "binary",
        "bornAt": "datetime",
        "mail": "text",
        "dn": "text",
    }
    assert columns["entryUUID"].generated and not columns["sn"].nullable and columns["mail"].nullable


def test_every_kind_of_value_is_written_and_read_the_same(shop: LdapPlace) -> None:
    row = every(shop.driver())["1"]
    writes = {
        "jpegPhoto": b"\x00\x01",
        "mail": ["z@x.org", "a@x.org"],
        "displayName": "Ünbekannt",
        "description": None,
        "contactMail": [],
        "sn": ["only"],
        "employeeNumber": 7,
        "userPassword": "gone",
    }
    assert why(shop.driver(), row, writes) == []
    assert apply(shop.driver(), planned(row, writes)).changed == 1
    now = every(shop.driver())["1"].values
    assert (now["jpegPhoto"], now["mail"], now["displayName"]) == (b"\x00\x01", ["a@x.org", "z@x.org"], "Ünbekannt")
    assert (now["sn"], now["employeeNumber"], now["userPassword"]) == ("only", "7", b"gone")
    assert "description" not in now and "contactMail" not in now


def test_one_member_is_taken_out_of_a_group(shop: LdapPlace) -> None:
    driver = groups(shop)
    (row,) = rows(driver)
    assert row.values["member"] == [f"uid={n},ou=people,{BASE}" for n in (1, 2, 3)]  # in one spelling, however they were given
    left = [m for m in row.values["member"] if not m.startswith("uid=1,")]
    assert driver.rehearse(planned(row, {"member": left}), Cancel()) == []
    apply(driver, planned(row, {"member": left}))
    assert rows(driver)[0].values["member"] == left
    assert why(driver, row, {"member": None}) == [("member", "the schema demands a value of it")]


def test_groups_are_found_by_the_name_of_a_member(shop: LdapPlace) -> None:
    driver = groups(shop)
    shop.add(f"cn=boss,ou=groups,{BASE}", ["groupOfNames"], {"member": f"UID=2 , OU=people,{BASE}"})
    asked = Lookup("groups", ("member",), ((f"uid=2,ou=people,{BASE}",),))
    found = [str(hit.row.values["cn"]) for batch in driver.find([asked], Cancel()) for hit in batch]
    assert sorted(found) == ["boss", "staff"]


# -- refusals ----------------------------------------------------------------------------------------------------------

REFUSED = {
    "the name": ({"dn": "uid=9"}, "part of the entry's name"),
    "the naming attribute": ({"uid": "9"}, "part of the entry's name"),
    "a demanded attribute": ({"sn": None}, "demands a value"),
    "an attribute of the server": ({"entryUUID": "x"}, "the server writes it"),
    "the classes": ({"objectClass": ["person"]}, "says what the entry is"),
    "an attribute of other classes": ({"uidNumber": 7}, "does not allow it in such an entry"),
    "two values for one": ({"contactPhone": ["1", "2"]}, "one value only"),
    "letters for ASCII": ({"mail": "jürgen@example.org"}, "IA5"),
    "an empty text": ({"displayName": ""}, "no empty text"),
    "no name of an entry": ({"manager": "Anna"}, "the name of an entry only"),
    "no time": ({"bornAt": "yesterday"}, "a time only"),
    "the same twice": ({"cn": ["A", "a"]}, "stands there twice"),
    "half a character": ({"displayName": "\ud800"}, "half of a character"),
    "another kind": ({"displayName": {"a": 1}}, "no such kind of value"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_the_schema_forbids_is_refused_before(shop: LdapPlace, case: str) -> None:
    writes, reason = REFUSED[case]
    before, row = shop.dump(), every(shop.driver())["1"]
    ((field, said),) = why(shop.driver(), row, writes)
    assert field == next(iter(writes)) and reason in said
    with pytest.raises((DeskError, MovedError, AttributeError)):  # and the server, or the driver, would have none of it
        apply(shop.driver(), planned(row, writes))
    assert shop.dump() == before


def test_an_entry_with_others_below_it_is_refused_by_name(shop: LdapPlace) -> None:
    shop.add(f"cn=phone,uid=1,ou=people,{BASE}", ["device"])
    row = every(described(shop, options={"scope": "one"}))["1"]
    ((_, said),) = why(shop.driver(), row)
    assert "other entries stand below" in said
    with pytest.raises(DeskError, match="others below it"):
        apply(shop.driver(), planned(row))


def test_a_change_in_the_very_moment_is_not_overwritten(shop: LdapPlace, monkeypatch: pytest.MonkeyPatch) -> None:
    """The condition (RFC 4528) holds even between the driver's last look and its write, whatever attribute was changed."""
    rows = every(shop.driver())
    write, delete = session.Session.modify, session.Session.delete
    monkeypatch.setattr(session.Session, "modify", lambda s, *a: (shop.change("1", "note", "late"), write(s, *a)))
    monkeypatch.setattr(session.Session, "delete", lambda s, *a: (shop.change("2", "note", "late"), delete(s, *a)))
    with pytest.raises(DriftError):
        apply(shop.driver(), planned(rows["1"], {"displayName": "Erased"}))
    with pytest.raises(DriftError):
        apply(shop.driver(), planned(rows["2"]))
    now = every(shop.driver())
    assert [now[n].values["description"] for n in "12"] == ["late", "late"]
    assert now["1"].values["displayName"] == "Anna Berg"


def test_without_conditions_a_changed_value_is_not_overwritten(shop: LdapPlace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session.Session, "conditions", False)
    rows, write = every(shop.driver()), session.Session.modify
    assert apply(shop.driver(), planned(rows["2"], {"displayName": "Erased", "jpegPhoto": b"x"})).changed == 1
    assert apply(shop.driver(), planned(rows["3"])).deleted == 1
    monkeypatch.setattr(session.Session, "modify", lambda s, *a: (shop.change("1", "name", "late"), write(s, *a)))
    with pytest.raises(DriftError):
        apply(shop.driver(), planned(rows["1"], {"displayName": "Erased"}))
    assert every(shop.driver())["1"].values["displayName"] == "late"
    assert any("RFC 4528" in limit for limit in shop.driver().schema().limits)


def test_an_entry_that_others_would_go_on_naming_is_refused(shop: LdapPlace) -> None:
    """A group that lists a deleted entry still holds its name: that would not be erased."""
    driver = groups(shop)
    people_too = {**driver.system.collections, **shop.system.collections}
    both = as_system(shop, collections=people_too)
    rows_of = every(shop.driver())
    ((_, said),) = why(shop.driver(), rows_of["1"])
    assert "member" in said and "go on naming it" in said
    assert why(shop.driver(), rows_of["4"]) == []
    assert why(as_system(shop, options={"references": "server"}), rows_of["1"]) == []

    (group,) = rows(driver)
    left = [m for m in group.values["member"] if not m.startswith("uid=1,")]
    todo = Work("place", (step(group, {"member": left}), step(rows_of["1"])), (), KEY)
    assert both.rehearse(todo, Cancel()) == []  # the same plan takes it out there
    todo = Work("place", (step(group), step(rows_of["1"])), (), KEY)
    assert both.rehearse(todo, Cancel()) == []  # or the group goes, too
    assert apply(both, todo).deleted == 2

    shop.add(f"cn=unix,ou=groups,{BASE}", ["posixGroup"], {"gidNumber": 7, "memberUid": ["2", "x"]})
    shop.modify("5", {"manager": [f"UID=6,OU=people,{BASE}"]})
    assert [("memberUid" in said, "manager" in said) for n in "26" for _, said in why(shop.driver(), rows_of[n])] == [
        (True, False),
        (False, True),
    ]


# -- what is searched --------------------------------------------------------------------------------------------------


def test_a_filter_and_a_scope_narrow_the_collection(shop: LdapPlace) -> None:
    shop.add(f"ou=old,ou=people,{BASE}", ["organizationalUnit"])
    shop.add(f"uid=50,ou=old,ou=people,{BASE}", ["inetOrgPerson"], {"cn": "x", "sn": "x", "employeeNumber": "1007"})
    asked = lookup("customer", "1007")
    assert ids(described(shop, options={"filter": "(objectClass=inetOrgPerson)"}), asked) == ["1", "50"]
    assert ids(described(shop, options={"scope": "one"}), asked) == ["1"]
    assert ids(described(shop, options={"filter": "(objectClass=deskPerson)"}), asked) == ["1"]
    assert ids(described(shop, table=f"OU=old,ou=people, {BASE}"), asked) == ["50"]  # a whole name, in a spelling of its own
    with pytest.raises(UsageError, match="no filter"):
        ids(described(shop, options={"filter": "(objectClass=inetOrgPerson"}), asked)


@pytest.mark.parametrize("name", ["contactMail", "mail"])
def test_a_narrowed_search_finds_what_a_whole_one_finds(shop: LdapPlace, name: str) -> None:
    """``mail`` is ASCII and asked of the server; another attribute is read whole."""
    for number, address in (("1", "Anna.Berg@Example.org"), ("3", "x@y.org")):
        shop.modify(number, {name: [address, "second@example.org"]})
    fields = {**shop.system.collections["people"].fields, "mail": Field("mail", identity="email")}
    asked = Lookup("people", (name,), (("anna.berg@example.org",), ("(*)\\",)), "email")
    found = hits(described(shop, fields=fields), asked)
    assert {"1"} <= {h.row.values["uid"] for h in found} <= {"1", "2"}


def test_filters_take_values_as_they_are(shop: LdapPlace) -> None:
    for value in ("*", "a*b", "(uid=*)", ")(uid=*", "a\\2ab", "\\", "x y", "Straße", "a  b", " a"):
        shop.change("4", "customer", value)
        assert ids(shop.driver(), lookup("customer", value, kind="customer_id")) == ["4"]
        shop.change("4", "customer", "other")
        assert ids(shop.driver(), lookup("customer", value, kind="customer_id")) == []


def test_pages_are_put_together(shop: LdapPlace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "_PAGE", 3)
    assert len(every(shop.driver())) == len(PEOPLE)
    driver = shop.driver()
    cancel = Cancel()
    with pytest.raises(CancelledError):
        for _ in driver.scan(driver.collection("people"), (), cancel):
            cancel.cancel()


def test_a_short_answer_is_no_answer(directory: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the server's limit of size cuts a search off, the system counts as not searched."""
    shop = LdapPlace(directory, tmp_path)
    shop.conn.bind()
    shop.add(f"ou=many,{BASE}", ["organizationalUnit"])
    for number in range(1010):
        shop.conn.add(f"cn={number},ou=many,{BASE}", ["device"])
    anonymous = replace(shop.system, url=f"{shop.url}/{BASE}")
    many = Collection("place", "many", ("dn",), {"dn": Field("dn"), "cn": Field("cn")}, table="ou=many")
    driver = LdapDriver(replace(anonymous, collections={"many": many}), tmp_path)
    asked = Lookup("many", ("cn",), (("5",),), "name")
    with pytest.raises(UnreachableError, match="only a part"):
        list(driver.find([asked], Cancel()))
    monkeypatch.setattr(session, "_PAGED", "9.9.9")  # a server without pages cuts off, too
    with pytest.raises(UnreachableError, match="only a part"):
        list(driver.find([asked], Cancel()))
    driver.close()


def test_a_part_on_another_server_is_no_silence(shop: LdapPlace) -> None:
    control = ("2.16.840.1.113730.3.4.2", True, None)
    where = f"ou=elsewhere,ou=people,{BASE}"
    values = {"ref": f"ldap://127.0.0.1:1/ou=elsewhere,{BASE}"}
    assert shop.conn.add(where, ["referral", "extensibleObject"], values, controls=[control])
    try:
        with pytest.raises(UnreachableError, match="another server"):
            ids(shop.driver(), lookup("customer", "1007"))
        driver = as_system(shop, options={"referrals": "ignore"})
        assert ids(driver, lookup("customer", "1007")) == ["1"]
        assert any("referrals" in limit for limit in driver.schema().limits)
    finally:
        assert shop.conn.delete(where, controls=[control])


def test_a_branch_that_is_gone_is_named(shop: LdapPlace) -> None:
    driver = described(shop, table="ou=nobody")
    with pytest.raises(UsageError, match="no entry under the name"):
        ids(driver, lookup("customer", "1007"))
    assert driver.schema().collections == {}


def test_a_catalog_without_collections_sees_the_branches(shop: LdapPlace) -> None:
    seen = as_system(shop, collections={}).schema()
    assert seen.others == ("ou=people",) and seen.server == "OpenLDAP" and seen.collections == {}
    assert "The connection is not encrypted." in seen.limits
    bare = as_system(shop, collections={"p": Collection("place", "p", (), {}, table="ou=people")}).schema()
    assert {"dn", "cn", "contactMail", "entryUUID"} <= bare.collections["p"].columns.keys() and bare.others == ()


# -- the connection ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("secret", ["wrong", "", None])
def test_a_wrong_password_is_told(shop: LdapPlace, secret: str | None) -> None:
    with pytest.raises(CredentialsError) as caught:
        LdapDriver(shop.system, shop.folder, lambda: secret).schema()
    assert "secret set place" in caught.value.hint


def test_a_user_without_rights_is_told(shop: LdapPlace) -> None:
    row = every(shop.driver())["1"]
    anonymous = LdapDriver(replace(shop.system, url=f"{shop.url}/{BASE}"), shop.folder)
    with pytest.raises(CredentialsError):
        apply(anonymous, planned(row))


def test_a_server_that_is_not_there_is_told(tmp_path: Path) -> None:
    system = System("place", "ldap", url=f"ldap://127.0.0.1:{servers.free_port()}/{BASE}")
    with pytest.raises(UnreachableError, match="can't be reached"):
        LdapDriver(system, tmp_path).schema()


def test_a_connection_that_breaks_is_told(tmp_path: Path) -> None:
    with servers.slapd() as (url, _):
        place = LdapPlace(url, tmp_path)
        driver, row = place.driver(), every(place.driver())["1"]
        driver.schema()
        place.conn.unbind()
    with pytest.raises(UnreachableError):
        driver.apply(planned(row), session_run())
    with pytest.raises(UnreachableError):
        list(driver.find([lookup("customer", "1")], Cancel()))
    driver.close()


def session_run() -> Any:
    from dsr_desk.drivers.base import Run

    return Run(None, lambda _: None)


def test_nothing_personal_reaches_a_log(shop: LdapPlace) -> None:
    """However talkative the library is made: what a program's own log would get, and the error, name nobody."""
    kept = io.StringIO()
    handler, root = logging.StreamHandler(kept), logging.getLogger()
    root.addHandler(handler)
    level = root.level
    root.setLevel(logging.DEBUG)
    ldap3.utils.log.set_library_log_detail_level(ldap3.utils.log.EXTENDED)
    try:
        row = every(shop.driver())["1"]
        apply(shop.driver(), planned(row, {"displayName": "Erased"}))
        with pytest.raises(DeskError) as caught:
            LdapDriver(shop.system, shop.folder, lambda: "top-secret").schema()
    finally:
        ldap3.utils.log.set_library_log_detail_level(ldap3.utils.log.OFF)
        root.removeHandler(handler)
        root.setLevel(level)
    assert kept.getvalue() == ""
    said = caught.value.diagnostics()
    assert "Anna" not in said and "top-secret" not in said and "cn=admin" not in said


WRONG = {
    "a password": ({"url": f"ldap://cn=admin:secret@127.0.0.1/{BASE}"}, ("url",)),
    "no directory": ({"url": "http://x/"}, ("url",)),
    "an unknown option": ({"options": {"tsl": "none"}}, ("options", "tsl")),
    "an unknown choice": ({"options": {"tls": "maybe"}}, ("options", "tls")),
    "a misspelt option": (
        {"collections": {"p": Collection("place", "p", ("dn",), {}, options={"skope": "one"})}},
        ("collections", "p", "options", "skope"),
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_catalog_file_is_looked_at_without_the_server(shop: LdapPlace, case: str) -> None:
    more, path = WRONG[case]
    driver = as_system(shop, **more)
    (wrong,) = LdapDriver.wrong(driver.system)
    assert wrong.path == path and "secret" not in wrong.message
    with pytest.raises(UsageError):
        driver.schema()
