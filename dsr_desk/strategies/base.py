"""The strategy port: how one value is erased. A family of strategies is one new file in this folder."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from dsr_desk.model.schema import Column, ColumnType
from dsr_desk.model.values import Value

InLaw = Literal["erased", "changed", "pseudonymised", "retained"]


class Strategy(ABC):
    """One way to replace a value. It has no state; what it needs stands in its parameters."""

    #: The word in the catalog's ``erase:``.
    name: ClassVar[str]
    #: The kinds of columns it can write; empty means all.
    takes: ClassVar[frozenset[ColumnType]] = frozenset()
    #: Its parameters: name → whether it must be given. The first is the one of the short form ``{constant: "x"}``.
    parameters: ClassVar[Mapping[str, bool]] = {}
    #: What the result is in law.
    in_law: ClassVar[InLaw] = "erased"

    @abstractmethod
    def value(self, before: Value, column: Column, params: Mapping[str, Any], key: bytes) -> Value:
        """What the field will hold. NULL stays NULL unless the strategy says otherwise.

        ``key`` is 32 random bytes that belong to the request and are destroyed with it.
        """

    def refuses(self, column: Column, params: Mapping[str, Any]) -> tuple[str, str] | None:
        """Why it can't be used on this column, and the cure; ``None`` where it can."""
        if self.takes and column.type not in self.takes and column.type != "any":
            kinds = ", ".join(sorted(self.takes))
            return (
                f"{self.name} writes {kinds}, and the column holds {column.type}",
                "Choose another strategy under erase:",
            )
        return None
