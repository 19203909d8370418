"""The mailbox driver over a real IMAP server: read without a trace, and nobody else's message goes along."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from dsr_desk.drivers.base import Run
from dsr_desk.errors import InDoubtError
from tests import servers
from tests.drivers.contract import OneByOneContract, Place, _Stop, apply, every, stopping, work
from tests.drivers.mail_places import ImapPlace

_NUMBERS = count()


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """The port of a server for this module."""
    with servers.dovecot() as (port, _, _):
        yield port


@pytest.fixture
def place(port: int, tmp_path: Path) -> Iterator[ImapPlace]:
    """A user of one's own."""
    made = ImapPlace(port, f"user{next(_NUMBERS)}", tmp_path)
    yield made
    made.seen.logout()


class TestImap(OneByOneContract):
    """Every rule of a driver without transactions."""

    def test_a_record_changed_behind_a_stopped_run_is_in_doubt_and_named(self, place: Place) -> None:
        """A message never changes: somebody removed it and put another one there, which is the one that is named."""
        todo = work(place, delete=["1", "3", "2"])
        evidence: list[Mapping[str, Any]] = []
        with pytest.raises(_Stop):
            stopping(place.driver(), 1).apply(todo, Run(None, evidence.append))
        place.change("2", "note", "something else")
        before = place.dump()
        with pytest.raises(InDoubtError) as caught:
            apply(place.driver(), todo, evidence[-1])
        assert every(place.driver())["2"].ref.path in caught.value.message and "2 of 3" in caught.value.message
        assert place.dump() == before
