"""Who sits at the desk. The trail knows key ids; only this table knows names, and a name can be deleted from it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from sqlalchemy import select

from dsr_desk.errors import UsageError
from dsr_desk.model.looks import looks
from dsr_desk.model.names import normal_names
from dsr_desk.store import schema
from dsr_desk.store.session import Session

#: The most characters in an operator's name.
LONGEST = 80
_KEY_ID = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class Operator:
    """Somebody who may work here: the id of their key, their name (``""`` once it was deleted), their role.

    ``left`` is when they (or this key of theirs) went, ``""`` while they are here. ``file`` is the name of the sealed file with
    their keys, ``""`` for whoever made the workspace: theirs are where the workspace's were put then.
    """

    key_id: str
    name: str
    role: str
    left: str = ""
    file: str = ""


def checked_name(name: str, others: list[Operator]) -> str:
    """The name of a new operator, trimmed and in one form.

    ``UsageError`` for an empty or a long one, for characters that nobody sees, and for one that people could take for another
    operator's: what is approved under a name must be that person's.
    """
    plain = unicodedata.normalize("NFC", name).strip()
    if not plain:
        raise UsageError("An operator needs a name.", "Give the name of the person who sits at the desk.")
    if len(plain) > LONGEST:
        raise UsageError(f"The name of an operator has at most {LONGEST} characters.", "Give a shorter one.")
    if any(unicodedata.category(c)[0] == "C" or unicodedata.category(c) in ("Zl", "Zp") for c in plain):
        raise UsageError("The name of an operator holds characters that nobody sees.", "Type it by hand.")
    if not any(c.isalpha() for c in plain) or _KEY_ID.fullmatch(plain.lower()):
        raise UsageError("That is not the name of a person.", "Give the name by which colleagues know them.")
    if any(_alike(plain, other.name) for other in others if other.name):
        raise UsageError(
            "Somebody of that name, or of one that looks the same, is or was an operator here.",
            "Add what tells the two apart, like a middle name or a department.",
        )
    return plain


def _alike(one: str, other: str) -> bool:
    return bool(_forms(one) & _forms(other))


def _forms(name: str) -> frozenset[str]:
    """What it is compared by: how it is read, in whatever script, and what it looks like."""
    forms: frozenset[str] = frozenset()
    for one in (name, looks(name)):  # before the case is folded: a capital can look like a letter that its small one does not
        whole = unicodedata.normalize("NFKC", one).casefold()
        forms |= normal_names(whole) | {"".join(whole.split())}
    return forms


class Operators(Session):
    """The operators of the workspace."""

    def operators(self, left: bool = False) -> list[Operator]:
        """Those who are here, by name; with ``left`` all who ever were."""
        table = schema.operators
        query = select(table).order_by(table.c.name, table.c.key_id)
        rows = self.connection.execute(query if left else query.where(table.c.left == ""))
        return [Operator(row.key_id, row.name, row.role, row.left, row.file) for row in rows]

    def put_operator(self, operator: Operator, box: bytes) -> None:
        """Keep a new operator."""
        values = {"key_id": operator.key_id, "name": operator.name, "role": operator.role, "file": operator.file, "box": box.hex()}
        self.connection.execute(schema.operators.insert().values(**values))

    def operator_left(self, key_id: str, at: str) -> None:
        """This operator, or this key of theirs, is not here any more."""
        table = schema.operators
        self.connection.execute(table.update().where(table.c.key_id == key_id).values(left=at))

    def forget_operator(self, key_id: str) -> None:
        """Delete the name; the key's id stays, because the trail has it."""
        table = schema.operators
        self.connection.execute(table.update().where(table.c.key_id == key_id).values(name=""))
