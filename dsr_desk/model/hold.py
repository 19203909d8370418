"""A legal hold: data that must not be erased, because a claim or an authority wants it (Art. 17(3)(e), Art. 18(1)(c))."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hold:
    """One hold, on a request or on a person. ``id`` is a random word; times are ISO 8601, UTC.

    ``request`` is the held request's reference, or ``""``; ``identity`` the held person's identifiers, or empty. ``until`` is the
    ISO date on which somebody should look at it again, or ``""``: a hold never ends by itself.
    """

    id: str
    reason: str
    by: str
    at: str
    request: str = ""
    identity: tuple[tuple[str, str], ...] = ()
    until: str = ""
    released: str = ""
    released_by: str = ""
    released_reason: str = ""

    @property
    def stands(self) -> bool:
        """Whether nobody has released it."""
        return not self.released
