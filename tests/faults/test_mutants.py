"""The list of mutants is true of the code as it stands; ``make faults`` plants them."""

from __future__ import annotations

import pytest

from tests.faults.mutants import MUTANTS, Mutant, untrue


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda m: m.why)
def test_it_can_be_planted(mutant: Mutant) -> None:
    assert not untrue(mutant)
    assert all(old != new for old, new in mutant.edits)


def test_there_are_enough_of_them() -> None:
    assert len(MUTANTS) >= 30
