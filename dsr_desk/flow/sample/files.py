"""The sample company's files: the newsletter's list (CSV) and the support desk's workbook (XLSX)."""

from __future__ import annotations

import csv
import io
import random
import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dsr_desk.flow.sample.people import MARIA, NEIGHBOUR, Person, days_ago, words

if TYPE_CHECKING:  # loaded when a workbook is written: a terminal that searches needs none of its memory
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

_TICKETS = ("ticket_no", "opened_on", "customer_no", "email", "name", "subject", "text", "status")
_REPLIES = ("reply_no", "ticket_no", "agent", "sent_on", "text")


def write_newsletter(path: Path, people: Sequence[Person], rng: random.Random, today: date) -> None:
    """Write the list as its provider exports it: UTF-8 with a byte-order mark, CRLF. Maria stands in it twice."""
    maria = people[MARIA]
    lines: list[tuple[str, str, date, str, str]] = [
        (p.email, p.name, days_ago(today, rng, 10, 1500), rng.choice(words()["topics"]), "active") for p in people if p.subscribed
    ]
    lines.insert(len(lines) // 3, (maria.email.upper(), maria.name, today - timedelta(days=700), "lighting, garden", "active"))
    lines.insert(len(lines) // 2, (maria.second_email.lower(), "M. Hofer", today - timedelta(days=40), 'sales; "outlet"', "paused"))
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(("no", "email", "name", "subscribed_on", "topics", "status"))
    for number, (email, name, when, topics, status) in enumerate(lines, start=1):
        writer.writerow((number, email, name, when.isoformat(), topics, status))
    path.write_bytes(text.getvalue().encode("utf-8-sig"))


def write_support(path: Path, people: Sequence[Person], rng: random.Random, today: date) -> None:
    """Write the workbook. Maria has two tickets, one under each e-mail, and is named in one of her neighbour's."""
    from openpyxl import Workbook

    book = Workbook()
    tickets, replies = book.worksheets[0], book.create_sheet("replies")
    tickets.title = "tickets"
    _append(tickets, _TICKETS)
    _append(replies, _REPLIES)
    written = 0
    for number, (answers, *row) in enumerate(_tickets(people, rng), start=4001):
        opened = days_ago(today, rng, 5, 900)
        _append(tickets, (number, opened, *row, rng.choice(("open", "closed", "closed"))))
        for _ in range(answers):
            written += 1
            agent, day = rng.randint(1, len(words()["staff"])), opened + timedelta(days=written % 4)
            _append(replies, (written, number, agent, day, rng.choice(words()["replies"])))
    for sheet in (tickets, replies):
        sheet.freeze_panes = "A2"
    stamp = datetime(today.year, today.month, today.day)  # noqa: DTZ001  # what a workbook stores has no time zone
    book.properties.creator, book.properties.created = "Halden & Co", stamp
    path.write_bytes(_without_the_clock(book, stamp))


def _tickets(people: Sequence[Person], rng: random.Random) -> Iterator[tuple[Any, ...]]:
    """How many replies, then customer number, e-mail, name, subject and text of each ticket, in the order in which they came in."""
    for index, person in enumerate(people):
        for _ in range(person.tickets):
            subject, text = rng.choice(words()["tickets"])
            number = str(person.customer) if person.customer and rng.random() < 0.3 else person.customer
            yield rng.randint(1, 2), number, person.email, person.name, subject, text
        if index == MARIA:
            yield 1, str(person.customer), person.email, person.name, "Parcel late", "Where is my lamp?\nBest wishes, Maria Hofer"
            yield (
                2,
                None,
                person.second_email,
                "M. Hofer",
                "Invoice",
                "- please send the invoice to this address\n- and not by post",
            )
        if index == NEIGHBOUR:
            told = f"The parcel for Maria Hofer ({people[MARIA].email}) was left at my door. I have given it to her."
            yield 1, person.customer, person.email, person.name, "Parcel of a neighbour", told


def _append(sheet: Worksheet, row: tuple[Any, ...]) -> None:
    sheet.append(row)
    for cell in sheet[sheet.max_row]:
        if isinstance(cell.value, str):
            cell.data_type = "s"  # a text that starts with "=" is no formula


def _without_the_clock(book: Workbook, stamp: datetime) -> bytes:
    """The workbook's bytes with one time everywhere, so that the same seed gives the same file."""
    saved, fixed = io.BytesIO(), io.BytesIO()
    book.save(saved)
    with zipfile.ZipFile(saved) as before, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            data = before.read(name)
            if name == "docProps/core.xml":
                now = f">{stamp.isoformat()}Z</dcterms:modified>".encode()
                data = re.sub(rb">[^<]*</dcterms:modified>", now, data)
            info = zipfile.ZipInfo(name, stamp.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            after.writestr(info, data)
    return fixed.getvalue()
