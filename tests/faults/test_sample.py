"""A few faults of each kind, drawn anew each day; ``make faults`` makes them all."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.faults import kinds
from tests.faults.place import Place

SEED = date.today().toordinal()
#: So many faults of each kind.
SAMPLE = {"lines": 6, "again": 2, "calls": 12, "durable": 1, "random": 6, "drift": 4, "down": 5, "wire": 6, "pairs": 4}
#: Those that carry out an erasure whatever the right; of the others, each day has one right's.
_OF_AN_ERASURE = ("drift", "down", "pairs")


@pytest.mark.parametrize("kind", SAMPLE)
def test_nothing_goes_wrong(place: Place, kind: str) -> None:
    happened = 0
    right = sorted(place.refs)[(SEED + len(kind)) % len(place.refs)]
    here = place if kind in _OF_AN_ERASURE else replace(place, refs={right: place.refs[right]})
    for case in kinds.cases(here, [kind], SEED, SAMPLE[kind]):
        fault = case.result(here)
        assert not fault.wrong, (f"seed {SEED}", case.kind, case.name, fault.wrong)
        happened += fault.happened
    assert happened, "no fault came about"


def test_every_kind_has_a_sample_but_the_mutants() -> None:
    """Those run tests themselves."""
    assert {*SAMPLE, "mutants"} == {*kinds.ALL}
