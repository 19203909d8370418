"""What a person gets: their data, record by record, as it is handed over."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from dsr_desk.model.catalog import Source
from dsr_desk.model.values import Value

PackageFormat = Literal["json", "csv", "html"]
PACKAGE_FORMATS: tuple[PackageFormat, ...] = ("json", "csv", "html")


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
class PackageInfo:
    """What the package is about. Dates are written out for people (``Mon 2 Nov 2026``).

    ``reference`` becomes part of the file names; ``not_searched`` has the title of a system and why it is not in here.
    """

    reference: str
    controller: str
    address: str = ""
    right: str = "access"
    received: str = ""
    made: str = ""
    not_searched: tuple[tuple[str, str], ...] = ()


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
