"""Columns that nobody described and that look personal: by their names, and by what a few of their values are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dsr_desk.model.schema import Column
from dsr_desk.model.values import Value


@dataclass(frozen=True, slots=True)
class Suspect:
    """A column that looks like ``category`` (or like the identity ``identity``), and why. No value stands in ``evidence``."""

    column: str
    category: str
    identity: str = ""
    evidence: str = ""
    special: bool = False


def suspects(columns: Sequence[Column], records: Sequence[Mapping[str, Value]], region: str | None) -> tuple[Suspect, ...]:
    """Those of the columns that look personal."""
    return ()
