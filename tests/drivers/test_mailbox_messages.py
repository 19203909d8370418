"""Messages as records, however broken they are."""

from __future__ import annotations

from datetime import datetime

import pytest

from dsr_desk.drivers._mailbox.headers import decoded
from dsr_desk.drivers._mailbox.html import as_text
from dsr_desk.drivers._mailbox.message import FIELDS, record
from dsr_desk.drivers._mailbox.naming import from_utf7, to_utf7
from dsr_desk.model.identity import normals

MIXED = b"""From: =?utf-8?q?Berg=2C_J=C3?= =?utf-8?q?=BCrgen?= <anna@example.org>, c@example.org
To: caf\xe9 <to@example.org>
Date: Sun, 22 Nov 2026 10:00:00 +0100
Message-ID:
 <one@example.org>
X-Customer-Id: 1007
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/plain; charset=iso-8859-1

caf\xe9
--b
Content-Type: text/html

<style>p {}</style><p>Write <a href="mailto:link@example.org">us</a>&nbsp;&amp; more
--b
Content-Type: message/rfc822

From: inner@example.org
Subject: =?utf-8?b?w6k=?=

forwarded
--b
Content-Type: text/plain; name="=?utf-8?q?r=C3=A9?=.txt"
Content-Disposition: attachment

attached words
--b--
"""


def test_everything_that_a_message_says_is_a_field() -> None:
    values = record("k", MIXED, ("x-customer-id", "X-Absent"))
    assert values["from"] == "Berg, Jürgen <anna@example.org>, c@example.org"
    assert normals("email", values["from"]) == {"anna@example.org", "c@example.org"}
    assert values["to"] == "café <to@example.org>" and values["message_id"] == "<one@example.org>"
    assert isinstance(values["date"], datetime) and values["date"].isoformat() == "2026-11-22T10:00:00+01:00"
    assert (values["x-customer-id"], values["X-Absent"]) == ("1007", None)
    assert values["text"] == "café\nWrite mailto:link@example.org us & more\nFrom: inner@example.org\nSubject: é\nforwarded"
    assert (values["attachments"], values["attachment_text"], values["unread"]) == ("ré.txt", "attached words", None)


@pytest.mark.parametrize(
    ("header", "text"),
    [
        ("=?utf-8?b?w6k?=", "é"),  # padding that is missing
        ("=?x-unknown?q?caf=E9?=", "café"),
        ("=?utf-8*de?q?=C3=A9?= =?utf-8?q?=C3=A9?=", "éé"),
        ("a =?utf-8?q?b?= c", "a b c"),
        ("=?utf-8?q?b?=c =?broken", "bc =?broken"),
        ("=?zlib?b?AAAA?=", "\0\0\0"),
    ],
)
def test_encoded_words(header: str, text: str) -> None:
    assert decoded(header) == text


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\0",
        b"\n\n",
        b"no header at all",
        b"From anna@example.org\nno header",
        b"Subject: a\0b\nDate: yesterday\n\nx\0y",
        b"Date: Mon, 99 Nov 9999999 10:00:00 +9999\n\n",
        b"Content-Type: multipart/mixed\n\nno boundary",
        b'Content-Type: text/plain; charset="unknown\0"\nContent-Transfer-Encoding: base64\n\n!!!!',
        b"Content-Type: multipart/mixed; boundary=b\n\n--b\n" * 200,
        b"Content-Type: message/rfc822\n\n" * 200,
        b"From: " + b"=?utf-8?q?a?= " * 20_000 + b"\n\n",
        b"x" * 3_000_000,
        b"Content-Disposition: attachment; " + b"filename*0*=a; " * 2_000 + b"\n\nx",
    ],
)
def test_no_message_is_too_broken(raw: bytes) -> None:
    assert set(record("k", raw)) == set(FIELDS)


def test_a_date_that_is_none_stays_as_text() -> None:
    assert record("k", b"Date: yesterday\n\n")["date"] == "yesterday"
    assert record("k", b"Subject: x\n\n")["date"] is None


def test_ten_thousand_recipients() -> None:
    to = ", ".join(f"Someone {n} <a{n}@example.org>" for n in range(10_000))
    assert len(normals("email", record("k", f"To: {to}\n\n".encode())["to"])) == 10_000


def test_what_can_not_be_looked_into_is_named() -> None:
    raw = b"Content-Type: application/pdf; name=scan.pdf\nContent-Disposition: attachment\n\n%PDF-1.4 broken"
    assert "scan.pdf" in record("k", raw)["unread"]
    packed = b"Content-Type: application/ms-tnef; name=winmail.dat\n\nx"
    assert "winmail.dat" in record("k", packed)["unread"]


@pytest.mark.parametrize("evil", ["<", "<a ", "<!--", "&", "<script", '<a href="', "<a title='"])
def test_html_that_was_made_to_be_slow(evil: str) -> None:
    assert len(as_text(evil * 300_000)) <= len(evil) * 300_000


@pytest.mark.parametrize(
    ("name", "coded"), [("Entwürfe", "Entw&APw-rfe"), ("A&B", "A&-B"), ("日本語", "&ZeVnLIqe-"), ("INBOX", "INBOX")]
)
def test_folder_names(name: str, coded: str) -> None:
    assert to_utf7(name) == coded and from_utf7(coded) == name
    assert from_utf7("&bro ken-") == "&bro ken-"
