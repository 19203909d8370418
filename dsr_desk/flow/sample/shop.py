"""The sample company's web shop: an SQLite database of ten tables."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from dsr_desk.flow.sample.database import write_database
from dsr_desk.flow.sample.people import KLAUS, MARIA, NEIGHBOUR, Person, days_ago, moment, spelled, words

_BUYER_TEXTS = 'Please leave it with "Weiß", 2nd floor; the bell is broken.', "- ring twice, please", None, None


def write_shop(path: Path, people: Sequence[Person], rng: random.Random, today: date) -> None:
    """Write the shop's database; the file must not exist."""
    customers = [p for p in people if p.customer is not None]
    maria, klaus = people[MARIA], people[KLAUS]
    tables: dict[str, list[tuple[Any, ...]]] = {}
    tables["addresses"], tables["customers"] = _accounts(customers, maria, klaus, rng, today)
    tables["orders"] = _orders(customers, maria, rng, today)
    tables["order_items"] = _items(tables["orders"], maria, rng)
    tables["payments"] = _payments(tables["orders"], {p.customer: p for p in customers}, maria, klaus)
    tables["messages"] = _messages(customers, maria, klaus, people[NEIGHBOUR], rng, today)
    tables["reviews"], tables["wishes"], tables["sessions"] = _behaviour(customers, maria, rng, today)
    tables["invoice_limits"] = _limits(tables["orders"])
    write_database(path, "shop.sql", tables)


def _accounts(
    customers: Sequence[Person], maria: Person, klaus: Person, rng: random.Random, today: date
) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    addresses: list[tuple[Any, ...]] = []
    accounts: list[tuple[Any, ...]] = []
    marias_address = 0
    for person in customers:
        if person is klaus:
            address = marias_address
        else:
            address = 301 + len(addresses)
            addresses.append((address, person.street, person.postcode, person.city, "DE"))
        if person is maria:
            marias_address = address
        alone = person is maria or person is klaus
        phone = None if alone or rng.random() < 0.3 else spelled(person.phone, rng)
        diet = words()["diets"][0] if person is maria else rng.choice(words()["diets"]) if rng.random() < 0.03 else None
        since = moment(days_ago(today, rng, 1900, 2600), rng)
        accounts.append((person.customer, person.email, person.name, person.born.isoformat(), phone, diet, address, since, 0))
    return addresses, accounts


def _orders(customers: Sequence[Person], maria: Person, rng: random.Random, today: date) -> list[tuple[Any, ...]]:
    orders: list[tuple[Any, ...]] = []
    for person in customers:
        for nth in range(4 if person is maria else rng.choice((0, 1, 1, 2, 3, 5))):
            note = rng.choice(words()["notes"]) if rng.random() < 0.2 else None
            if person is maria:
                note = _BUYER_TEXTS[nth]
            when = moment(days_ago(today, rng, 20, 1800), rng)
            orders.append((1001 + len(orders), person.customer, when, rng.randint(9, 900) * 100, person.address, note))
    return orders


def _items(orders: Sequence[tuple[Any, ...]], maria: Person, rng: random.Random) -> list[tuple[Any, ...]]:
    articles = words()["articles"]
    return [
        (order[0], line, article, rng.randint(1, 3), rng.randint(9, 300) * 100)
        for order in orders
        for line, article in enumerate(rng.sample(articles, 2 if order[1] == maria.customer else rng.randint(1, 3)), start=1)
    ]


def _payments(
    orders: Sequence[tuple[Any, ...]], by_number: dict[int | None, Person], maria: Person, klaus: Person
) -> list[tuple[Any, ...]]:
    payments: list[tuple[Any, ...]] = []
    first_of_maria = True
    for number, customer, ordered_at, cents, *_ in orders:
        payer = by_number[customer]
        if payer is maria and first_of_maria:  # Klaus paid it: order and payment belong to different people
            payer, first_of_maria = klaus, False
        paid_at = (date.fromisoformat(ordered_at[:10]) + timedelta(days=2)).isoformat() + ordered_at[10:]
        payments.append((5001 + len(payments), number, payer.customer, payer.iban, paid_at, cents))
    return payments


def _limits(orders: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """What a machine lets everybody who ordered buy on invoice: a score of how often they did, made anew with each order."""
    ordered: dict[int, list[str]] = {}
    for _, customer, ordered_at, *_ in orders:
        ordered.setdefault(customer, []).append(ordered_at)
    limits: list[tuple[Any, ...]] = []
    for customer, days in ordered.items():
        score = min(95, 20 + 15 * len(days))
        limits.append((len(limits) + 1, customer, max(days)[:10], score, 0 if score < 40 else score * 1000))
    return limits


def _messages(
    customers: Sequence[Person], maria: Person, klaus: Person, neighbour: Person, rng: random.Random, today: date
) -> list[tuple[Any, ...]]:
    day = today - timedelta(days=90)

    def message(thread: int, position: int, sender: Person, reader: Person, text: str) -> tuple[Any, ...]:
        return thread, position, sender.customer, reader.customer, moment(day + timedelta(days=position), rng), text

    messages = [
        message(88, 1, maria, neighbour, "Is the oak lamp still for sale? I'd fetch it on Friday."),
        message(88, 2, neighbour, maria, "It is! Friday after six is fine. Greetings to both of you."),
        message(88, 3, maria, neighbour, "Grüße zurück, bis Freitag 🙂"),
        message(91, 1, klaus, neighbour, "Do you also have the matching table?"),
    ]
    others = [p for p in customers if p is not maria]
    for thread in range(101, 101 + len(customers) // 5):
        asks, sells = rng.sample(others, 2)
        for position in range(1, rng.randint(2, 5)):
            sender, reader = (asks, sells) if position % 2 else (sells, asks)
            messages.append(message(thread, position, sender, reader, rng.choice(words()["messages"])))
    return messages


def _behaviour(
    customers: Sequence[Person], maria: Person, rng: random.Random, today: date
) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    reviews: list[tuple[Any, ...]] = []
    wishes: list[tuple[Any, ...]] = []
    sessions: list[tuple[Any, ...]] = []
    pool = words()
    for person in customers:
        many = 2 if person is maria else None
        shown = f"{person.given} {person.family[:1]}."
        for article in rng.sample(pool["articles"], many or rng.choice((0, 0, 0, 1))):
            reviews.append((len(reviews) + 1, person.customer, article, rng.randint(1, 5), shown, rng.choice(pool["reviews"])))
        for article in rng.sample(pool["articles"], many or rng.choice((0, 0, 1, 2))):
            wishes.append((person.customer, article, days_ago(today, rng, 1, 300).isoformat()))
        for _ in range(3 if many else rng.randint(0, 2)):
            address = f"203.0.113.{rng.randint(1, 254)}"
            started = moment(days_ago(today, rng, 1, 60), rng)
            sessions.append((f"{rng.getrandbits(64):016x}", person.customer, started, address, rng.choice(pool["browsers"])))
    return reviews, wishes, sessions
