"""The sample company's customer relations: an SQLite database of contacts, activities and colleagues."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from dsr_desk.flow.sample.database import write_database
from dsr_desk.flow.sample.people import KLAUS, MARIA, Person, days_ago, spelled, words


def write_crm(path: Path, people: Sequence[Person], rng: random.Random, today: date) -> None:
    """Write the database; the file must not exist. Maria's contact has her second e-mail, and the phone she shares with Klaus."""
    staff = [(n, name, f"{login}@halden.example") for n, (name, login) in enumerate(words()["staff"], start=1)]
    contacts: list[tuple[Any, ...]] = []
    activities: list[tuple[Any, ...]] = []
    for person in people:
        if person.contact is None:
            continue
        main = person is people[MARIA] or person is people[KLAUS]
        email = person.second_email or person.email
        phone = spelled(person.phone, rng) if main or rng.random() < 0.7 else None
        birthday = person.born.isoformat() if main or rng.random() < 0.5 else None
        since = days_ago(today, rng, 30, 2500).isoformat()
        contacts.append((person.contact, person.given, person.family, email, phone, birthday, person.customer, since))
        for _ in range(3 if main else rng.randint(0, 2)):
            kind, summary = rng.choice(words()["activities"])
            when = days_ago(today, rng, 1, 700).isoformat()
            activities.append((len(activities) + 1, person.contact, rng.randint(1, len(staff)), when, kind, summary))
    write_database(path, "crm.sql", {"staff": staff, "contacts": contacts, "activities": activities})
