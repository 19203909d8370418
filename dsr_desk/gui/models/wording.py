"""How the later pages name things: systems, rows, counts, moments and digests."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from dsr_desk.gui import theme
from dsr_desk.gui.widgets.parts import Part, Sign, Text, environment
from dsr_desk.model.catalog import System
from dsr_desk.model.finding import RowRef
from dsr_desk.model.mask import mask

Systems = Mapping[str, System]
#: Gives the systems of the catalog as it stands; pages ask it each time, because a catalog can change.
GetSystems = Callable[[], Systems]

#: Driver → its icon, and what people call such a system.
_DRIVERS = {
    "sql": ("sql", "database"),
    "sheet": ("sheet", "CSV file or workbook"),
    "duckdb": ("sheet", "Parquet, CSV or JSON files"),
    "folder": ("folder", "folder of files"),
    "s3": ("store", "S3 store"),
    "mailbox": ("mailbox", "mailbox"),
    "ldap": ("directory", "directory (LDAP)"),
    "mongodb": ("documents", "MongoDB"),
    "rest": ("rest", "web service"),
    "manual": ("retained", "by hand"),
}
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def thin(number: int) -> str:
    """A number with thin spaces."""
    return f"{number:,}".replace(",", "\u2009")


def counted(number: int, thing: str, things: str = "") -> str:
    """``1 record``, ``47 records``."""
    return f"{thin(number)} {thing if number == 1 else things or thing + 's'}"


def title_of(system: str, systems: Systems) -> str:
    """What people call a system; its name where the catalog no longer has it."""
    return systems[system].label if system in systems else system


def sign_of(driver: str) -> str:
    """The icon of a kind of system."""
    return _DRIVERS.get(driver, ("computer", ""))[0]


def driver_word(driver: str) -> str:
    """What people call a system of this kind: ``web service``; the driver's name where it is somebody's own."""
    return _DRIVERS.get(driver, ("", driver))[1]


def system_parts(system: str, systems: Systems, *, with_environment: bool = True) -> tuple[Part, ...]:
    """Icon, title and environment of a system."""
    known = systems.get(system)
    parts: tuple[Part, ...] = (
        Sign(sign_of(known.driver) if known else "sql"),
        Text(title_of(system, systems), weight=theme.BOLD),
    )
    return (*parts, environment(known.environment)) if known and with_environment else parts


def row_name(ref: RowRef, systems: Systems) -> str:
    """``customers ▸ 1042``: a key that is itself personal (an e-mail address) is masked, a plain number is not."""
    collection = systems[ref.system].collections.get(ref.collection) if ref.system in systems else None
    names = collection.key if collection else ()
    shown = []
    for i, value in enumerate(ref.key):
        known = collection.fields.get(names[i]) if collection and i < len(names) else None
        personal = "@" in value or (known is not None and known.personal and not value.isdigit())
        kind = known.identity if known and known.identity else "email" if "@" in value else None
        shown.append(mask(value, kind, known.category if known else None) if personal else value)
    return f"{ref.collection} ▸ {', '.join(shown)}"


def moment(iso: str) -> datetime | None:
    """A moment as it was recorded, in local time; ``None`` for what isn't one."""
    try:
        made = datetime.fromisoformat(iso.replace("Z", "+00:00"))
    except ValueError:
        return None
    return made.astimezone() if made.tzinfo else made


def clock(iso: str, seconds: bool = False) -> str:
    """``11:28`` or ``11:28:04``, local time; ``""`` for no moment."""
    at = moment(iso)
    return "" if at is None else at.strftime("%H:%M:%S" if seconds else "%H:%M")


def day(iso: str) -> str:
    """``Mon 23 Nov 2026``; ``""`` for no moment."""
    at = moment(iso)
    return "" if at is None else f"{_DAYS[at.weekday()]} {at.day} {_MONTHS[at.month - 1]} {at.year}"


def grouped(digest: str, most: int = 0) -> str:
    """A digest in groups of four, its first ``most`` characters or all."""
    shown = digest[:most] if most else digest
    text = " ".join(shown[i : i + 4] for i in range(0, len(shown), 4))
    return f"{text} …" if len(shown) < len(digest) else text


def in_words(names: Sequence[str]) -> str:
    """``Web shop, CRM and Newsletter``; ``""`` for none."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""
