"""Fakes: an invented value of the same kind (a name for a name), the same for the same value under one key.

Invented values can belong to somebody by chance: a telephone number above all. Where messages could be sent to what stands in a
field, use ``pseudonym`` with a suffix instead. E-mail addresses are made in ``example.org`` and its like (RFC 2606).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar

from dsr_desk.model.catalog import Field
from dsr_desk.model.schema import Column
from dsr_desk.model.values import Value, as_text
from dsr_desk.strategies.base import KEYED, Parameter, Strategy, UnfitError, digest, one_of

if TYPE_CHECKING:
    from faker import Faker

_BORN = {"date_start": date(1930, 1, 1), "date_end": date(2005, 12, 31)}
#: Each kind and how Faker makes it.
_KINDS: Mapping[str, Callable[[Faker], str]] = {
    "name": lambda f: f.name(),
    "given_name": lambda f: f.first_name(),
    "family_name": lambda f: f.last_name(),
    "email": lambda f: f.safe_email(),
    "phone": lambda f: f.phone_number(),
    "username": lambda f: f.user_name(),
    "company": lambda f: f.company(),
    "job": lambda f: f.job(),
    "address": lambda f: f.address().replace("\n", ", "),
    "street": lambda f: f.street_address(),
    "city": lambda f: f.city(),
    "postal_code": lambda f: f.postcode(),
    "country": lambda f: f.country(),
    "iban": lambda f: f.iban(),
    "ip_address": lambda f: f.ipv4_private(),
    "url": lambda f: f"https://{f.user_name()}.example.org/",
    "date": lambda f: f.date_between_dates(**_BORN).isoformat(),
    "text": lambda f: f.sentence(),
}
#: Data categories (the longest that a field's begins with counts) and the kind that stands for them.
_CATEGORIES = {
    "user.name": "name",
    "user.name.first": "given_name",
    "user.name.last": "family_name",
    "user.contact.email": "email",
    "user.contact.phone_number": "phone",
    "user.contact.fax_number": "phone",
    "user.contact.organization": "company",
    "user.contact.url": "url",
    "user.contact.address": "address",
    "user.contact.address.street": "street",
    "user.contact.address.city": "city",
    "user.contact.address.postal_code": "postal_code",
    "user.contact.address.country": "country",
    "user.account.username": "username",
    "user.job_title": "job",
    "user.workplace": "company",
    "user.demographic.date_of_birth": "date",
    "user.device.ip_address": "ip_address",
    "user.financial.bank_account": "iban",
    "user.content": "text",
}
_IDENTITIES = {
    "date_of_birth": "date",
    **{k: k for k in ("name", "given_name", "family_name", "email", "phone", "username", "iban")},
}
#: How often a value is drawn again that doesn't fit, or is the old one.
_TRIES = 50
_drawing = threading.Lock()


@cache
def _locales() -> frozenset[str]:
    from faker.config import AVAILABLE_LOCALES

    return frozenset(AVAILABLE_LOCALES)


class Fake(Strategy):
    """An invented value of the same kind: a name for a name, a city for a city."""

    name = "fake"
    takes = frozenset({"text", "date", "datetime"})
    parameters: ClassVar[Mapping[str, Parameter]] = {
        "kind": one_of(*_KINDS),
        "locale": Parameter("a language and country such as de_DE", lambda v: isinstance(v, str) and v in _locales()),
        **KEYED,
    }
    in_law = "changed"

    def settled(self, params: Mapping[str, Any], field: Field) -> Mapping[str, Any]:
        """The kind follows from the field's data category or identity."""
        kind = params.get("kind") or _kind(field)
        return {**params, "kind": kind} if kind else params

    def value(self, before: Value, column: Column, params: Mapping[str, Any], key: bytes) -> Value:
        """The invention that belongs to this value under this key; NULL stays NULL. ``UnfitError`` where none fits."""
        old = as_text(before)
        if old is None:
            return None
        dated = column.type in ("date", "datetime") or isinstance(before, date)
        make = _KINDS["date" if dated else params["kind"]]
        for turn in range(_TRIES):
            made = _made(make, params.get("locale", "en_US"), digest(key, "fake", old, turn))
            after = _typed(made, before, column) if dated else made
            if made not in (old, old[:10]) and (column.length is None or len(made) <= column.length):
                return after
        raise UnfitError("nothing invented fits into the column", "Widen the column, or choose another strategy")

    def refuses(self, column: Column, params: Mapping[str, Any]) -> tuple[str, str] | None:
        """What to invent must be known."""
        wrong = super().refuses(column, params)
        if wrong is None and "kind" not in params and column.type not in ("date", "datetime"):
            return ("the data category of the field doesn't tell what to invent", f"Write kind: with one of {', '.join(_KINDS)}")
        return wrong


def _kind(field: Field) -> str | None:
    parts = (field.category or "").split(".")
    for end in range(len(parts), 0, -1):
        if kind := _CATEGORIES.get(".".join(parts[:end])):
            return kind
    return _IDENTITIES.get(field.identity or "")


@cache
def _faker(locale: str) -> Faker:
    from faker import Faker  # slow to load, and few catalogs invent anything

    return Faker(locale, use_weighting=False)


def _made(make: Callable[[Faker], str], locale: str, seed: bytes) -> str:
    with _drawing:  # two plans at once would draw from one another's seed
        faker = _faker(locale)
        faker.seed_instance(int.from_bytes(seed, "big"))
        return make(faker)


def _typed(made: str, before: Value, column: Column) -> Value:
    """The invented day in the type that the value has, and with a time where its text has one."""
    day = date.fromisoformat(made)
    if isinstance(before, datetime):
        return datetime.combine(day, time(0), tzinfo=before.tzinfo)
    if column.type == "datetime" and isinstance(before, str) and len(before) > len(made):
        return f"{made}{'T' if 'T' in before else ' '}00:00:00"
    return day if isinstance(before, date) else made
