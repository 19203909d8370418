"""Rows copied from table to table, also where a column is GENERATED ALWAYS AS IDENTITY (PostgreSQL manual, INSERT)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Insert, Select
from sqlalchemy.ext.compiler import compiles

from dsr_desk.drivers._sql.live import Table


class _Overriding(Insert):
    """``INSERT INTO … (…) OVERRIDING SYSTEM VALUE SELECT …``"""

    inherit_cache = True


@compiles(_Overriding, "postgresql")
def _overriding(element: _Overriding, compiler: Any, **options: Any) -> str:
    text: str = compiler.visit_insert(element, **options)
    names = ", ".join(compiler.preparer.quote(c.name) for c in element.select.selected_columns)  # type: ignore[union-attr]  # from_select
    head = f"INSERT INTO {compiler.preparer.format_table(element.table)} ({names})"
    assert text.startswith(head)
    return f"{head} OVERRIDING SYSTEM VALUE{text[len(head) :]}"


def overriding(aside: Table, names: Sequence[str], rows: Select[Any]) -> Insert:
    """Copies rows into a table, numbers that it would give itself among them."""
    return _Overriding(aside.clause).from_select(list(names), rows)
