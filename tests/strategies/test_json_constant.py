"""A constant for a JSON column is the document that its text writes, not a text that looks like one."""

from __future__ import annotations

from dsr_desk.model.schema import Column
from dsr_desk.strategies.plain import Constant


def test_the_document_is_written() -> None:
    column = Column("profile", "json")
    assert Constant().refuses(column, {"value": "{}"}) is None
    assert Constant().value({"name": "Ann"}, column, {"value": "{}"}, b"") == {}


def test_a_text_that_is_no_document_is_refused() -> None:
    assert Constant().refuses(Column("profile", "json"), {"value": "erased"}) is not None
    assert Constant().refuses(Column("note", "text"), {"value": "erased"}) is None
