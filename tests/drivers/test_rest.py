"""The REST driver against services in three styles."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from tests.drivers.contract import OneByOneContract
from tests.drivers.rest_service import RestPlace


@pytest.fixture(scope="module")
def server() -> Iterator[HTTPServer]:
    with HTTPServer(threaded=True) as running:
        yield running


@pytest.fixture(params=["page", "cursor", "link"])
def place(request: pytest.FixtureRequest, server: HTTPServer, tmp_path: Path) -> RestPlace:
    return RestPlace(server, request.param, tmp_path)


class TestRest(OneByOneContract):
    """All that every driver must do."""
