"""The mailbox driver over mbox files: every byte of the others' messages stays as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.drivers.contract import DriverContract
from tests.drivers.mail_places import MboxPlace


@pytest.fixture(params=[b"\n", b"\r\n"], ids=["lf", "crlf"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> MboxPlace:
    """A file with either end of lines."""
    return MboxPlace(tmp_path, request.param)


class TestMbox(DriverContract):
    """Every rule of a driver that writes all or nothing."""
