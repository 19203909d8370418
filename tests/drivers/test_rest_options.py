"""Options that are wrong are named, each with its place; none of them can carry a secret or leave the host."""

from __future__ import annotations

from typing import Any

import pytest

from dsr_desk.drivers.rest import RestDriver
from dsr_desk.model.catalog import System
from tests.drivers.contract import people

HERE = "collections.people.options"


@pytest.mark.parametrize(
    ("url", "service", "endpoint", "at"),
    [
        ("http://example.org", {}, {}, "url"),
        ("ftp://example.org", {}, {}, "url"),
        ("https://me:pw@example.org", {}, {}, "url"),
        ("", {"headers": {"X-Api-Key": "k"}}, {}, "options.headers"),
        ("", {"headers": {"X-A": "a\r\nX-B: b"}}, {}, "options.headers"),
        ("", {"auth": {"kind": "oauth2", "token_url": "http://example.org/t"}}, {}, "options.auth.token_url"),
        ("", {"retrys": 3}, {}, "options.retrys"),
        ("", {}, {"params": {"api_key": "k"}}, f"{HERE}.params"),
        ("", {}, {"path": "/a/../b"}, f"{HERE}.path"),
        ("", {}, {"path": "https://elsewhere.example"}, f"{HERE}.path"),
        ("", {}, {"read": {"path": "/people/{nobody}"}}, f"{HERE}.read"),
        ("", {}, {"delete": {"path": "/people"}}, f"{HERE}.delete"),
        ("", {}, {"delete": {"then": [{"path": "/x/{id}"}]}}, f"{HERE}.delete.then"),
        ("", {}, {"list": False}, HERE),
        ("", {}, {"each": "nobody"}, f"{HERE}.each"),
        ("", {}, {"paging": "cursor"}, f"{HERE}.paging"),
    ],
)
def test_what_is_wrong_is_named(url: str, service: dict[str, Any], endpoint: dict[str, Any], at: str) -> None:
    system = System(
        "p", "rest", url=url or "https://example.org", options=service, collections={"people": people(options=endpoint)}
    )
    assert at in [".".join(map(str, w.path)) for w in RestDriver.wrong(system)]
