from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from dsr_desk.store import keys
from tests.faults import kinds
from tests.faults.place import Place, prepared
from tests.servers import postgresql


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A place of this module's own."""
    with postgresql() as server, pytest.MonkeyPatch.context() as patch:
        patch.setattr(keys, "_MEMORY_KIB", 8 * 1024)
        patch.setattr(keys, "_ITERATIONS", 1)
        with psycopg.connect(f"{server}/postgres", autocommit=True) as db:
            db.execute("CREATE DATABASE faults")
        yield prepared(tmp_path_factory.mktemp("place"), f"{server}/faults", kinds.rights())
