"""One case: what it is called, how its faults are made, and what came of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.faults.place import Place


@dataclass(frozen=True)
class Fault:
    """How many faults were tried, how many came about (a run may end before), and what was then not as it must be."""

    tried: int
    happened: int
    wrong: Sequence[str] = ()


@dataclass(frozen=True)
class Case:
    """``run`` makes its faults in a copy of the place."""

    kind: str
    name: str
    run: Callable[[Place], Fault]

    def result(self, place: Place) -> Fault:
        """What came of it; where nothing can be said at all, that is wrong, too."""
        try:
            return self.run(place)
        except Exception as error:  # noqa: BLE001  # whatever it is, the other cases go on and this one counts as gone wrong
            return Fault(1, 1, [f"{type(error).__name__}: {error}"])
