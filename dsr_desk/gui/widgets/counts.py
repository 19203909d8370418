"""How numbers are written."""

from __future__ import annotations

#: Between thousands: a narrow space that breaks no line.
THIN = "\u202f"


def number(value: int) -> str:
    """A whole number with thin spaces: ``4 803``."""
    return f"{value:,}".replace(",", THIN)


def count(value: int, thing: str, things: str = "") -> str:
    """``1 record``, ``4 803 records``; ``things`` where the plural isn't made by an s."""
    return f"{number(value)} {thing if value == 1 else things or thing + 's'}"
