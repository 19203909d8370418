"""A few faults of each kind, drawn anew each day; ``make faults`` makes them all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import psycopg
import pytest

from dsr_desk.store import keys
from tests.faults import kinds
from tests.faults.place import Place, prepared
from tests.servers import postgresql

SEED = date.today().toordinal()
#: So many faults of each kind.
SAMPLE = {"lines": 6, "again": 1, "calls": 12, "durable": 1, "random": 8, "drift": 4, "down": 6, "wire": 8, "pairs": 4}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with postgresql() as server, pytest.MonkeyPatch.context() as patch:
        patch.setattr(keys, "_MEMORY_KIB", 8 * 1024)
        patch.setattr(keys, "_ITERATIONS", 1)
        with psycopg.connect(f"{server}/postgres", autocommit=True) as db:
            db.execute("CREATE DATABASE faults")
        yield prepared(Path(tmp_path_factory.mktemp("place")), f"{server}/faults", kinds.rights())


@pytest.mark.parametrize("kind", SAMPLE)
def test_nothing_goes_wrong(place: Place, kind: str) -> None:
    happened = 0
    for case in kinds.cases(place, [kind], SEED, SAMPLE[kind]):
        fault = case.result(place)
        assert not fault.wrong, (f"seed {SEED}", case.kind, case.name, fault.wrong)
        happened += fault.happened
    assert happened, "no fault came about"


def test_every_kind_has_a_sample_but_the_mutants() -> None:
    """Those run tests themselves."""
    assert {*SAMPLE, "mutants"} == {*kinds.ALL}
