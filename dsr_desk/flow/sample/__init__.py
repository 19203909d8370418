"""An invented company to try everything with: five systems, about 2,000 people, and what real life has."""

from __future__ import annotations

import random
import sqlite3
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from dsr_desk.bundled import bundled
from dsr_desk.errors import UnreachableError, UsageError
from dsr_desk.flow.sample.crm import write_crm
from dsr_desk.flow.sample.files import write_newsletter, write_support
from dsr_desk.flow.sample.people import KLAUS, MARIA, invent
from dsr_desk.flow.sample.shop import write_shop

#: The day on which the sample is "now", so that it is the same wherever and whenever it is made.
TODAY = date(2026, 11, 2)
#: The fewest people that leave a place for everybody with a part in the sample request.
FEWEST = 100


@dataclass(frozen=True, slots=True)
class Expected:
    """How many rows of one collection are the person's (``own``), shared, visible only, or merely name them."""

    system: str
    collection: str
    own: int = 0
    shared: int = 0
    access_only: int = 0
    mention: int = 0

    @property
    def rows(self) -> int:
        """All findings of the collection."""
        return self.own + self.shared + self.access_only + self.mention


@dataclass(frozen=True, slots=True)
class Sample:
    """The sample company as it was written, the person who asks, and what a search must find of them.

    ``given`` is what the person's letter says; ``identifiers`` is everything that leads to them and to nobody else.
    ``shared_phone`` leads to two people. ``manual`` names the systems that only a person can search.
    """

    folder: Path
    today: date
    controller: str
    address: str
    country: str
    name: str
    given: tuple[tuple[str, str], ...]
    identifiers: tuple[tuple[str, str], ...]
    shared_phone: tuple[str, str]
    shared_with: str
    expected: tuple[Expected, ...]
    manual: tuple[str, ...] = ("archive",)

    @property
    def findings(self) -> int:
        """How many rows a search finds in all systems together."""
        return sum(e.rows for e in self.expected)


def build_sample(folder: Path, people: int = 2000, seed: int = 1721, today: date = TODAY) -> Sample:
    """Write the sample company into ``folder`` (made if need be): the same bytes for the same arguments.

    ``UsageError`` where one of its files is already there (nothing is overwritten) or ``people`` is under ``FEWEST``;
    ``UnreachableError`` where the folder can't be written.
    """
    if people < FEWEST:
        raise UsageError(f"The sample company has at least {FEWEST} people.", "Ask for more of them.")
    catalog = sorted((bundled("resources") / "sample" / "catalog").glob("*.yaml"))
    files = [folder / name for name in ("shop.db", "crm.db", "newsletter.csv", "support.xlsx")]
    targets = files + [folder / "catalog" / source.name for source in catalog]
    if there := [t.relative_to(folder).as_posix() for t in targets if t.exists()]:
        raise UsageError(f"The folder already holds {there[0]}.", "Choose an empty folder for the sample data.")
    rng = random.Random(seed)  # noqa: S311  # invented data, nothing secret
    invented = invent(people, rng, today)
    try:
        (folder / "catalog").mkdir(parents=True, exist_ok=True)
        for path, write in zip(files, (write_shop, write_crm, write_newsletter, write_support), strict=True):
            write(path, invented, rng, today)
        for source in catalog:
            (folder / "catalog" / source.name).write_bytes(source.read_bytes())
    except (OSError, sqlite3.Error):
        for path in targets:
            with suppress(OSError):
                path.unlink(missing_ok=True)
        raise UnreachableError(
            "The sample data could not be written.", "Check that the folder can be written and the disk has room."
        ) from None
    maria = invented[MARIA]
    given = ("email", maria.email)
    return Sample(
        folder=folder,
        today=today,
        controller="Halden & Co",
        address="Am Mühlbach 12, 80331 München, Germany",
        country="DE",
        name=maria.name,
        given=(given,),
        identifiers=(given, ("email", maria.second_email), ("customer_id", str(maria.customer)), ("iban", maria.iban)),
        shared_phone=("phone", f"+{maria.phone}"),
        shared_with=invented[KLAUS].name,
        expected=_EXPECTED,
    )


_EXPECTED = (
    Expected("shop", "customers", own=1),
    Expected("shop", "addresses", shared=1),
    Expected("shop", "orders", own=4),
    Expected("shop", "order_items", own=8),
    Expected("shop", "payments", own=3, shared=1),
    Expected("shop", "messages", own=2, access_only=1),
    Expected("shop", "reviews", own=2),
    Expected("shop", "wishes", own=2),
    Expected("shop", "sessions", own=3),
    Expected("shop", "invoice_limits", own=1),
    Expected("crm", "contacts", own=1),
    Expected("crm", "activities", own=3),
    Expected("newsletter", "newsletter", own=2),
    Expected("support", "tickets", own=2, mention=1),
    Expected("support", "replies", own=3),
)
