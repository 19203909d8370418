"""Who sits at the desk. The trail knows key ids; only this table knows names, and a name can be deleted from it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from dsr_desk.store import schema
from dsr_desk.store.session import Session


@dataclass(frozen=True, slots=True)
class Operator:
    """Somebody who may work here: the id of their key, their name, their role (``approver``)."""

    key_id: str
    name: str
    role: str


class Operators(Session):
    """The operators of the workspace."""

    def operators(self) -> list[Operator]:
        """All of them, by name."""
        table = schema.operators
        rows = self.connection.execute(select(table).order_by(table.c.name, table.c.key_id))
        return [Operator(row.key_id, row.name, row.role) for row in rows]

    def put_operator(self, operator: Operator) -> None:
        """Keep a new operator."""
        values = {"key_id": operator.key_id, "name": operator.name, "role": operator.role}
        self.connection.execute(schema.operators.insert().values(**values))
