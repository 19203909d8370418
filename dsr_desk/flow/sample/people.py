"""The invented people of the sample company."""

from __future__ import annotations

import json
import random
import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from anyascii import anyascii

from dsr_desk.bundled import bundled

#: The person of the sample request: a customer with two e-mails, who is in every system.
MARIA = 41
#: Shares Maria's address and phone, and once paid an order of hers.
KLAUS = 76
#: Wrote a ticket that names Maria.
NEIGHBOUR = 58
#: Has nearly Maria's name, and nothing else of hers.
NAMESAKE = 90

FIRST_CUSTOMER = 1001

#: Numbers that the German network agency keeps for films, so that nobody is ever called.
_INVENTED_PHONES = ("493023125", "494066969", "496990009", "498999998")


@dataclass(frozen=True, slots=True)
class Person:
    """One invented person. ``customer``, ``contact`` and ``subscriber`` are ``None`` where they are not in that system."""

    given: str
    family: str
    born: date
    email: str
    second_email: str
    phone: str
    street: str
    postcode: str
    city: str
    iban: str
    customer: int | None
    contact: str | None
    subscribed: bool
    tickets: int

    @property
    def name(self) -> str:
        """First name and family name."""
        return f"{self.given} {self.family}"

    @property
    def address(self) -> str:
        """Street, postcode and city in one line."""
        return f"{self.street}, {self.postcode} {self.city}"


@cache
def words() -> dict[str, Any]:
    """The lists of names and sentences everything is made of."""
    read: dict[str, Any] = json.loads((bundled("resources") / "sample" / "words.json").read_text("utf-8"))
    return read


def invent(count: int, rng: random.Random, today: date) -> list[Person]:
    """This many people, the same for the same seed; the four with a part in the sample request stand at their places."""
    people = [_anybody(index, rng, today) for index in range(count)]
    maria = {"given": "Maria", "family": "Hofer", "email": "maria.hofer@example.org", "second_email": "Maria@Hofer-Design.example"}
    klaus = {"given": "Klaus", "family": "Hofer", "email": "klaus.hofer@example.net", "second_email": ""}
    home = {"street": "Gärtnerweg 7", "postcode": "80331", "city": "München", "phone": people[MARIA].phone, "subscribed": False}
    people[MARIA] = _like(people[MARIA], MARIA, maria | home | {"contact": "c-55102", "born": date(1986, 4, 17), "tickets": 0})
    people[KLAUS] = _like(people[KLAUS], KLAUS, klaus | home | {"contact": "c-60418", "born": date(1984, 9, 2), "tickets": 0})
    people[NEIGHBOUR] = _like(
        people[NEIGHBOUR], NEIGHBOUR, {"given": "Jürgen", "family": "Weiß", "email": "j.weiss@example.com", "tickets": 0}
    )
    people[NAMESAKE] = _like(people[NAMESAKE], NAMESAKE, {"given": "Maria", "family": "Höfer", "email": "maria.hoefer@example.org"})
    return people


def spelled(phone: str, rng: random.Random) -> str:
    """A phone number (digits with country code) the way one of several people would type it."""
    area, rest = phone[2:4], phone[4:]
    return rng.choice((f"+{phone}", f"+49 {area} {rest}", f"0{area}/{rest[:3]} {rest[3:]}", f"0049 ({area}) {rest}"))


def days_ago(today: date, rng: random.Random, least: int, most: int) -> date:
    """A day between ``least`` and ``most`` days before ``today``."""
    return today - timedelta(days=rng.randint(least, most))


def moment(day: date, rng: random.Random) -> str:
    """A time on that day as databases write it."""
    return f"{day.isoformat()} {rng.randint(7, 22):02}:{rng.randint(0, 59):02}:{rng.randint(0, 59):02}"


def _like(person: Person, index: int, changed: dict[str, Any]) -> Person:
    kept = {name: getattr(person, name) for name in Person.__slots__}
    return Person(**(kept | {"customer": FIRST_CUSTOMER + index} | changed))


def _anybody(index: int, rng: random.Random, today: date) -> Person:
    pool = words()
    given, family = rng.choice(pool["given"]), rng.choice(pool["family"])
    postcode, city = rng.choice(pool["cities"])
    login = ".".join(filter(None, (re.sub(r"[^a-z]", "", anyascii(part).lower()) for part in (given, family))))
    customer = rng.random() < 0.75
    contact = rng.random() < 0.45
    return Person(
        given=given,
        family=family,
        born=days_ago(today, rng, 18 * 365, 85 * 365),
        email=f"{login}{index}@example.{rng.choice(('org', 'net', 'com'))}",
        second_email=f"{login[:1]}{index}@mail.example" if rng.random() < 0.1 else "",
        phone=f"{_INVENTED_PHONES[index % 4]}{index // 4:03}",
        street=f"{rng.choice(pool['streets'])} {rng.randint(1, 180)}",
        postcode=postcode,
        city=city,
        iban=_iban(rng),
        customer=FIRST_CUSTOMER + index if customer else None,
        contact=f"c-{50000 + 7 * index}" if contact else None,
        subscribed=rng.random() < 0.4 or not (customer or contact),
        tickets=rng.choice((1, 1, 2)) if rng.random() < 0.12 else 0,
    )


def _iban(rng: random.Random) -> str:
    """A German account number with right check digits (ISO 13616) at a bank that doesn't exist."""
    account = f"99999999{rng.randrange(10**10):010}"
    return f"DE{98 - int(f'{account}131400') % 97:02}{account}"
