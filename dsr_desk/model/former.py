"""What a request wrote over in a row: what it takes to lift a restriction, and to take a correction back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from dsr_desk.model.finding import RowRef
from dsr_desk.model.values import Value

#: ``given``: corrected. ``flag``: marked. ``former``: put back. ``moved``: set aside, or moved back. ``by hand``: a person did it.
#: ``kept``: nothing was written, because another request still restricts the row.
How = Literal["given", "flag", "former", "moved", "by hand", "kept"]
#: What a search says of a row that bears the mark of a restriction, and that no request of this workspace restricted.
IN_SYSTEM = "in the system"


@dataclass(frozen=True, slots=True)
class Former:
    """One row: ``was`` is where the request found it, ``row`` where it is since, under the typed ``key``.

    ``before`` and ``told`` hold the concerned columns only, as they stood there and as they were written. ``origin`` is the
    collection from which a row was set aside; ``at`` is when (ISO 8601).
    """

    was: RowRef
    row: RowRef
    how: How
    key: Mapping[str, Value] = field(default_factory=dict)
    before: Mapping[str, Value] = field(default_factory=dict)
    told: Mapping[str, Value] = field(default_factory=dict)
    origin: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class Formers:
    """What earlier plans of a request wrote over, sealed with it when a later plan takes their place."""

    rows: tuple[Former, ...] = ()


@dataclass(frozen=True, slots=True)
class Restriction:
    """A restriction that stands: the request it came from, since when (ISO 8601), on which ground, and its rows as they lie now.

    ``lifting`` is the open request that will end it, or ``""``.
    """

    request: str
    since: str
    ground: str
    rows: tuple[RowRef, ...]
    lifting: str = ""
