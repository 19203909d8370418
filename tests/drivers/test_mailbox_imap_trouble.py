"""Mail servers that are wrong, gone or unusual, and what of a message they keep."""

from __future__ import annotations

import imaplib
import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from dsr_desk.drivers.base import Run
from dsr_desk.drivers.mailbox import MailboxDriver
from dsr_desk.errors import CredentialsError, DeskError, DriftError, UnreachableError, UsageError
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import System
from tests import servers
from tests.drivers.contract import apply, every, ids, lookup, work
from tests.drivers.mail_places import OTHER, ImapPlace, table

_NUMBERS = count()
_SPECIAL = """
namespace inbox {
  mailbox Trash {
    special_use = \\Trash
    auto = create
  }
  mailbox Everything {
    special_use = \\All
    auto = create
  }
}
"""


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """The port of a server with a trash."""
    with servers.dovecot(_SPECIAL) as (port, _, _):
        yield port


@pytest.fixture
def place(port: int, tmp_path: Path) -> Iterator[ImapPlace]:
    """A user of one's own."""
    made = ImapPlace(port, f"user{next(_NUMBERS)}", tmp_path)
    yield made
    made.seen.logout()


def test_a_message_that_somebody_else_marked_stays(place: ImapPlace) -> None:
    place.seen.append("INBOX", "(\\Deleted)", "", OTHER)  # type: ignore[arg-type]
    assert apply(place.driver(), work(place, delete=["1"])).deleted == 1
    assert any(OTHER.split(b"\n")[0] in raw and b"\\Deleted" in flags for flags, raw in place.dump()["INBOX"])
    assert "1" not in every(place.driver())


def test_a_folder_that_was_made_anew_is_drift_even_for_a_resumed_run(place: ImapPlace) -> None:
    place.seen.create("Work")
    place.seen.append("Work", "", "", b"From: anna.berg@example.org\r\nX-Number: 1\r\n\r\nx\r\n")  # type: ignore[arg-type]
    place.system = replace(place.system, collections={"people": table(table="Work")})
    todo = work(place, delete=["1"])
    place.seen.delete("Work")
    place.seen.create("Work")
    before = place.dump()
    for evidence in (None, {"records": 1}):
        with pytest.raises(DriftError) as caught:
            apply(place.driver(), todo, evidence)
        assert caught.value.rows
    assert place.dump() == before


def test_what_only_moved_to_the_trash_is_named(place: ImapPlace) -> None:
    place.seen.select("INBOX")
    place.seen.uid("COPY", place.uids["1"], "Trash")
    place.seen.uid("COPY", f"{place.uids['1']},{place.uids['6']}", "Everything")
    place.seen.unselect()
    apply(place.driver(), work(place, delete=["1"]))
    before = place.dump()
    driver = place.driver()
    found = {(r.where, r.count) for r in driver.residue([b"likes tea"], Cancel()) if r.count}
    driver.close()
    assert found == {("Trash", 1), ("Everything", 1)}
    driver = place.driver()
    again = {(r.where, r.count) for r in driver.residue([b"100%_sure"], Cancel()) if r.count}
    driver.close()
    assert again == set(), "it still stands in a listed folder, so it rightly shows among all"
    assert place.dump() == before


def test_folders_with_unusual_names(place: ImapPlace) -> None:
    for name in ('"Entw&APw-rfe"', '"a \\"b\\" c"', '"Work/2024"'):
        place.seen.create(name)
    driver = place.driver()
    assert {"Entwürfe", 'a "b" c', "Work/2024"} <= set(driver.schema().others)
    for name in ("Entwürfe", 'a "b" c', "Work/2024", "inbox"):
        place.system = replace(place.system, collections={"people": table(table=name)})
        assert ids(place.driver(), lookup("email", "nobody@example.com", kind="email")) == []
    place.system = replace(place.system, collections={"people": table(table="Absent\r\nX")})
    with pytest.raises(UsageError):
        ids(place.driver(), lookup("email", "nobody@example.com", kind="email"))
    driver.close()


def test_a_wrong_password_is_told_and_never_repeated(place: ImapPlace, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for secret in ("wr0ng-and-se-long", None):
        driver = MailboxDriver(place.system, place.folder, lambda said=secret: said)
        with pytest.raises(CredentialsError) as caught:
            driver.schema()
        assert "wr0ng" not in caught.value.diagnostics() + caplog.text


def test_a_server_that_is_gone(place: ImapPlace) -> None:
    gone = replace(place.system, url=f"imap://anna@127.0.0.1:{servers.free_port()}")
    with pytest.raises(UnreachableError):
        MailboxDriver(gone, place.folder, lambda: "x").schema()


def test_a_connection_that_breaks_while_reading(place: ImapPlace) -> None:
    driver = place.driver()
    collection = place.system.collections["people"]
    rows = driver.scan(collection, (), Cancel())
    for _ in range(2):
        place.add("x", b"From: a@example.org\r\n\r\n" + b"y" * 100)
    driver._store._imap.stop()  # type: ignore[attr-defined]
    with pytest.raises(UnreachableError):
        list(rows)


def test_a_cancel_ends_what_is_being_read(place: ImapPlace) -> None:
    cancel, driver = Cancel(), place.driver()
    rows = driver.scan(place.system.collections["people"], (), cancel)
    next(rows)
    cancel.cancel()
    with pytest.raises(DeskError) as caught:
        list(rows)
    assert type(caught.value).__name__ == "CancelledError"


@pytest.mark.parametrize(
    ("url", "options"),
    [
        ("imap://anna:secret@example.org", {}),
        ("imap://example.org", {}),
        ("imaps://anna@", {}),
        ("pop3://anna@example.org", {}),
        ("imap://anna@example.org:99999999", {}),
        ("imap://anna@127.0.0.1", {"tls": "maybe"}),
        ("imaps://anna@127.0.0.1", {"ca": "absent.pem"}),
    ],
)
def test_urls_and_options_that_can_not_be(url: str, options: dict[str, Any], tmp_path: Path) -> None:
    system = System("mail", "mailbox", url=url, options=options, collections={"people": table()})
    with pytest.raises(UsageError) as caught:
        MailboxDriver(system, tmp_path, lambda: "x").schema()
    assert "secret@" not in caught.value.diagnostics()


def test_a_server_without_uidplus_is_refused_before(tmp_path: Path) -> None:
    with servers.dovecot("imap_capability = IMAP4rev1 LITERAL+ SASL-IR") as (port, _, _):
        conn = imaplib.IMAP4("127.0.0.1", port)
        conn.login("anna", "se-cret")
        conn.append("INBOX", "", "", b"From: anna.berg@example.org\r\nX-Number: 1\r\n\r\nx\r\n")  # type: ignore[arg-type]
        conn.logout()
        url = f"imap://anna@127.0.0.1:{port}"
        system = System("place", "mailbox", url=url, collections={"people": table(table="INBOX")})
        driver = MailboxDriver(system, tmp_path, lambda: "se-cret")
        place = _Only(system, driver)
        todo = work(place, delete=["1"])  # type: ignore[arg-type]
        (refusal,) = driver.rehearse(todo, Cancel())
        assert "UIDPLUS" in refusal.why
        with pytest.raises(DeskError):
            driver.apply(todo, Run(None, lambda _: None))
        driver.close()
        assert set(every(driver)) == {"1"}


class _Only:
    """As much of a place as ``work`` needs."""

    writes = False

    def __init__(self, system: System, driver: MailboxDriver) -> None:
        self.system, self._driver = system, driver

    def driver(self) -> MailboxDriver:
        return self._driver


def _certificate(folder: Path, days: int, name: str = "127.0.0.1") -> tuple[Path, Path]:
    """A certificate that signs itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=30))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(name))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    (folder / "key.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
    return folder / "cert.pem", folder / "key.pem"


def _asked(folder: Path, url: str, **options: Any) -> tuple[str, bool]:
    """What the server is, and whether a password was asked for."""
    asked = []

    def secret() -> str:
        asked.append(True)
        return "se-cret"

    driver = MailboxDriver(System("mail", "mailbox", url=url, options=options), folder, secret)
    try:
        return driver.schema().server, bool(asked)
    except DeskError as error:
        return error.message, bool(asked)
    finally:
        driver.close()


def test_tls_comes_before_the_password(tmp_path: Path) -> None:
    with servers.dovecot(certificate=_certificate(tmp_path, 30), tls_only=True) as (port, secure, _):
        plain, tls = f"imap://anna@127.0.0.1:{port}", f"imaps://anna@127.0.0.1:{secure}"
        assert _asked(tmp_path, tls, ca="cert.pem") == ("Dovecot (IMAP)", True)
        assert _asked(tmp_path, plain, tls="starttls", ca="cert.pem") == ("Dovecot (IMAP)", True)
        for url, options in ((tls, {}), (plain, {"tls": "starttls"})):
            said, asked = _asked(tmp_path, url, **options)
            assert "signed by itself" in said and not asked
        said, asked = _asked(tmp_path, tls.replace("127.0.0.1", "localhost"), ca="cert.pem")
        assert "does not belong" in said and not asked


def test_an_expired_certificate_ends_it(tmp_path: Path) -> None:
    with servers.dovecot(certificate=_certificate(tmp_path, -1)) as (_, secure, _):
        said, asked = _asked(tmp_path, f"imaps://anna@127.0.0.1:{secure}", ca="cert.pem")
        assert "has expired" in said and not asked


def test_no_password_goes_to_a_server_that_offers_no_encryption(port: int, tmp_path: Path) -> None:
    said, asked = _asked(tmp_path, f"imap://anna@127.0.0.1:{port}", tls="starttls")
    assert "no encryption" in said and not asked
