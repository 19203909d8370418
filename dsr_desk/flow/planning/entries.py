"""Fields that hold a list of references (the watchers of a ticket): who leaves is taken out of it, the others stay in."""

from __future__ import annotations

from collections.abc import Collection

from dsr_desk.model.values import Value, as_text

#: What stands as the strategy of a list from which an entry is taken.
ENTRY = "entry"


def without(value: list[Value], texts: Collection[str | None]) -> list[Value]:
    """The list without these references."""
    return [v for v in value if as_text(v) not in texts]
