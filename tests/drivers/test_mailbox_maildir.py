"""The mailbox driver over maildirs: files that mail programs rename while we look."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.drivers.contract import OneByOneContract
from tests.drivers.mail_places import MaildirPlace


@pytest.fixture
def place(tmp_path: Path) -> MaildirPlace:
    return MaildirPlace(tmp_path)


class TestMaildir(OneByOneContract):
    """Every rule of a driver without transactions."""
