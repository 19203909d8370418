"""What a person gets: their data, record by record, as it is handed over, and what Art. 15(1) wants said beside it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from dsr_desk.model.catalog import Source
from dsr_desk.model.values import Value

PackageFormat = Literal["json", "csv", "html", "xlsx", "xml"]
PACKAGE_FORMATS: tuple[PackageFormat, ...] = ("json", "csv", "html", "xlsx", "xml")
#: Structured, commonly used and machine-readable (GDPR Art. 20(1)): a page to read is not.
PORTABLE_FORMATS: tuple[PackageFormat, ...] = ("json", "csv", "xlsx", "xml")


def formats_of(right: str) -> tuple[PackageFormat, ...]:
    """The formats in which what a right gives can be handed over."""
    return PORTABLE_FORMATS if right == "portability" else PACKAGE_FORMATS


@dataclass(frozen=True, slots=True)
class DisclosedField:
    """One field of a record. Where ``withheld`` gives a reason, the reason is written and ``value`` never is (GDPR Art. 15(4))."""

    name: str
    value: Value
    title: str = ""
    category: str | None = None
    source: Source | None = None
    withheld: str = ""

    @property
    def label(self) -> str:
        """What people call it."""
        return self.title or self.name


@dataclass(frozen=True, slots=True)
class Disclosed:
    """One record of the person's, with what Art. 15(1) wants said of it.

    ``legal_basis`` is the catalog's word; ``until`` says in words how long it is kept (``until 14 Mar 2034``); ``note`` is a
    sentence for the person (``This record is about several people.``).
    """

    system: str
    collection: str
    fields: tuple[DisclosedField, ...]
    system_title: str = ""
    collection_title: str = ""
    purpose: str = ""
    legal_basis: str | None = None
    recipients: tuple[str, ...] = ()
    until: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Storage:
    """How long the records of one collection are kept, or by what that is decided (Art. 15(1)(d)), as a sentence."""

    collection: str
    period: str


@dataclass(frozen=True, slots=True)
class AutomatedDecision:
    """A decision that a machine takes alone: about what, by what logic, and what follows from it (Art. 15(1)(h))."""

    collection: str
    logic: str
    effect: str


@dataclass(frozen=True, slots=True)
class InfoSystem:
    """What Art. 15(1) and (2) want said of one system in which the person has records.

    ``legal_bases``, ``categories`` and the words of ``sources`` are the catalog's. ``sources`` has, for each of them, the
    categories that came that way; an empty word where the catalog doesn't know.
    """

    system: str
    title: str
    records: int
    purpose: str = ""
    legal_bases: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    transfers: tuple[str, ...] = ()
    storage: tuple[Storage, ...] = ()
    sources: tuple[tuple[str, tuple[str, ...]], ...] = ()
    automated: tuple[AutomatedDecision, ...] = ()


@dataclass(frozen=True, slots=True)
class PackageInfo:
    """What the package is about. Dates are written out for people (``Mon 2 Nov 2026``).

    ``reference`` becomes part of the file names; ``not_searched`` has the title of a system and why it is not in here;
    ``waiting`` has how many records or values somebody has to decide on first, and why;
    ``systems`` is what the information sheet of an access package says (``right`` is ``access``).
    """

    reference: str
    controller: str
    address: str = ""
    right: str = "access"
    received: str = ""
    made: str = ""
    not_searched: tuple[tuple[str, str], ...] = ()
    waiting: tuple[tuple[str, str], ...] = ()
    systems: tuple[InfoSystem, ...] = ()

    @property
    def informs(self) -> bool:
        """Whether the information of Art. 15(1) goes with it."""
        return self.right == "access"


@dataclass(frozen=True, slots=True)
class Written:
    """A file that was written, opened again and found to hold what it should."""

    path: Path
    sha256: str
    size: int
    what: str


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export gave: its files, and the password of an encrypted one, which is shown once and kept nowhere."""

    files: tuple[Path, ...]
    password: str = field(default="", repr=False)
    #: What somebody has to decide on before the copy is whole, and why; a copy without all of it is not complete.
    waiting: tuple[tuple[str, str], ...] = ()
