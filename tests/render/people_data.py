"""Invented records for the tests of the package."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from uuid import UUID

from dsr_desk.model.package import Disclosed, DisclosedField, PackageInfo

ABOUT = PackageInfo(
    reference="DSR-2026-0112",
    controller="Halden & Co",
    address="Am Mühlbach 12, München",
    received="Mon 2 Nov 2026",
    made="Mon 23 Nov 2026",
    not_searched=(("Paper archive", "a person looks there"),),
)


def record(*fields: DisclosedField, collection: str = "customers", system: str = "shop", **more: object) -> Disclosed:
    """A record with these fields."""
    return Disclosed(system, collection, fields, system.title(), collection.title(), **more)  # type: ignore[arg-type]


def texts(*values: object) -> list[Disclosed]:
    """One record of one field per value."""
    return [record(DisclosedField("text", v, "Text", "user.content"), collection="notes") for v in values]


CUSTOMER = record(
    DisclosedField("id", 2**60, "Customer number", "user.unique_id", "derived"),
    DisclosedField("name", "Siobhán O'Brien", "Name", "user.name", "provided"),
    DisclosedField("born", date(1986, 4, 17), "Date of birth", "user.demographic.date_of_birth"),
    DisclosedField("balance", Decimal("-12.50"), "Balance", "user.financial"),
    DisclosedField("active", True),
    DisclosedField("nothing", None),
    DisclosedField("photo", b"\x00\xff\x10", "Photo"),
    DisclosedField("tags", ["a", {"b": 1.5}], "Tags"),
    DisclosedField("seen", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), "Seen"),
    DisclosedField("at", time(8, 30), "At"),
    DisclosedField("uid", UUID(int=7), "Uid"),
    DisclosedField("partner", "CANARY-secret@example.org", "Partner", "user.contact.email", withheld="about somebody else"),
    purpose="Fulfil orders",
    legal_basis="contract",
    recipients=("DHL",),
    until="until 14 Mar 2034",
    note="This record is about several people.",
)

HOSTILE = [
    "=1+1",
    "+49 89 123",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠x",
    "  =cmd|' /C calc'!A0",
    "\u200b=1",
    "'already quoted",
    "''=1",
    "'",
    "",
    " ",
    'say "hello", she said; then\r\nleft',
    "line\rline\nline\r\nline",
    "<script>alert(1)</script>",
    "<img src='file:///etc/passwd' onerror=alert(1)>",
    "</span></td><td class='v'>extra",
    "&lt;b&gt; &amp; &#0; &nbsp;",
    "{{ 7 * 7 }} {% raw %}",
    "nul\x00nul",
    "bell\x07 escape\x1b[31m delete\x7f",
    "half \ud83d character \udc00",
    "\ud83d\ude00 two halves",
    "right\u202eto left\u202c and \u200f marks",
    "\ufeffbom \ufffe \uffff",
    "family 👨‍👩‍👧 and ünï©ødé é e\u0301",
    "مرحبا שלום 你好",
    "x" * 32_766,
    "y" * 32_767,
    "z" * 300_000,
]
