"""The way to a directory: encrypted before a word is said, and names in one spelling."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import ldap3
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from dsr_desk.drivers._ldap.address import address
from dsr_desk.drivers._ldap.dn import below, canonical, parse
from dsr_desk.drivers.ldap import LdapDriver
from dsr_desk.errors import UnreachableError, UsageError
from dsr_desk.model.catalog import System
from tests import servers

BASE = "dc=example,dc=org"


def certificate(folder: Path, name: str) -> Path:
    """A self-signed certificate for an address, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "directory of the tests")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(name))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / f"{name}.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM) + secret)
    return file


@pytest.fixture(scope="module")
def safe(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str, Path]]:
    """A directory that can encrypt: its plain url, its encrypted one, and its certificate."""
    file = certificate(tmp_path_factory.mktemp("tls"), "127.0.0.1")
    with servers.slapd(file) as (plain, tls):
        conn = ldap3.Connection(ldap3.Server(plain, get_info=ldap3.NONE), f"cn=admin,{BASE}", "secret", auto_bind=True)
        assert conn.add(BASE, ["dcObject", "organization"], {"o": "Example"}) and conn.unbind()
        yield plain, tls, file


def driver(url: str, folder: Path, **options: Any) -> LdapDriver:
    user = "cn=admin,dc=example,dc=org"
    return LdapDriver(System("place", "ldap", url=f"{url}/{BASE}", options={"user": user, **options}), folder, lambda: "secret")


@pytest.mark.parametrize("way", ["ldaps", "StartTLS"])
def test_a_known_certificate_is_taken(safe: tuple[str, str, Path], tmp_path: Path, way: str) -> None:
    plain, tls, file = safe
    speaking = driver(plain, tmp_path, tls="yes", ca=str(file)) if way == "StartTLS" else driver(tls, tmp_path, ca=str(file))
    seen = speaking.schema()
    speaking.close()
    assert seen.server == "OpenLDAP" and "The connection is not encrypted." not in seen.limits


@pytest.mark.parametrize("way", ["ldaps", "StartTLS"])
def test_an_unknown_certificate_is_not(safe: tuple[str, str, Path], tmp_path: Path, way: str) -> None:
    plain, tls, _ = safe
    with pytest.raises(UnreachableError) as caught:
        (driver(plain, tmp_path, tls="yes") if way == "StartTLS" else driver(tls, tmp_path)).schema()
    assert "certificate" in caught.value.hint


def test_a_certificate_of_another_name_is_not(tmp_path: Path) -> None:
    file = certificate(tmp_path, "127.0.0.9")
    with servers.slapd(file) as (plain, tls):
        for speaking in (driver(tls, tmp_path, ca=str(file)), driver(plain, tmp_path, tls="yes", ca=str(file))):
            with pytest.raises(UnreachableError):
                speaking.schema()


def test_a_certificate_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="certificates"):
        driver("ldaps://127.0.0.1", tmp_path, ca="ca.pem").schema()


def test_nothing_is_said_to_a_server_that_does_not_encrypt(tmp_path: Path) -> None:
    """Asked to encrypt, a server that only answers *no* hears no name and no password."""
    heard = bytearray()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def refuse() -> None:
            conn, _ = listening.accept()
            with conn:
                conn.settimeout(10)
                heard.extend(conn.recv(4096))
                # LDAPMessage 1: extendedResp, resultCode 2 (protocolError), nothing more.
                conn.sendall(bytes.fromhex("300c 0201" + f"{heard[4]:02x}" + "7807 0a0102 0400 0400"))
                while more := conn.recv(4096):
                    heard.extend(more)

        speaker = threading.Thread(target=refuse)
        speaker.start()
        with pytest.raises(UnreachableError):
            driver(f"ldap://127.0.0.1:{listening.getsockname()[1]}", tmp_path, tls="yes").schema()
        speaker.join(10)
    assert b"1.3.6.1.4.1.1466.20037" in heard and b"admin" not in heard and b"secret" not in heard


def test_only_a_way_that_stays_on_this_computer_is_plain_by_itself(tmp_path: Path) -> None:
    def encrypted(url: str, **options: Any) -> bool:
        return address(System("place", "ldap", url=url, options=options), tmp_path).encrypted

    assert encrypted(f"ldap://directory.example.org/{BASE}") and encrypted(f"ldaps://127.0.0.1/{BASE}")
    assert not encrypted(f"ldap://localhost/{BASE}") and not encrypted(f"ldap://[::1]/{BASE}")
    assert not encrypted(f"ldap://directory.example.org/{BASE}", tls="none")


def test_the_url_says_where_and_who(tmp_path: Path) -> None:
    read = address(System("place", "ldap", url="ldaps://cn=Anna%20%C3%9C,dc=x@dir.example.org/ou=a%20b,dc=x"), tmp_path)
    assert (read.host, read.port, read.user, read.base) == ("dir.example.org", 636, "cn=Anna Ü,dc=x", "ou=a b,dc=x")


SAME = [
    ("UID=Anna , OU=People;dc=Example", "uid=anna,ou=people,dc=example"),
    ("cn=Berg\\, Anna,dc=x", "CN=berg\\2C anna,dc=x"),
    ("cn=M\\C3\\9Cller,dc=x", "cn=müller,dc=x"),
    ("cn=a  b,dc=x", "cn=a b,dc=x"),
    ("uid=1+cn=b,dc=x", "cn=B+uid=1,dc=x"),
    ("cn=a\\ ,dc=x", "cn=A\\20,dc=x"),
    ("cn=a=b,dc=x", "cn=a\\3db,dc=x"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_names_of_one_entry_are_one_text(one: str, other: str) -> None:
    assert canonical(one) == canonical(other)
    assert canonical(canonical(one)) == canonical(one)


def test_names_of_two_entries_are_two() -> None:
    assert canonical("uid=A,dc=x", {"uid"}) != canonical("uid=a,dc=x", {"uid"})
    assert canonical("cn=a\\,b,dc=x") != canonical("cn=a,b=,dc=x")
    assert parse("no name") is None and canonical("no name") == "no name" and parse("=x") is None
    assert below("uid=1,dc=x", "dc=x") and not below("dc=x", "dc=x") and not below("uid=1,adc=x", "dc=x")
