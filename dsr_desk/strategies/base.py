"""The strategy port: how one value is erased. A family of strategies is one new file in this folder.

The rules every strategy keeps:

* NULL stays NULL, unless the strategy says otherwise.
* What it writes is never what stood there. Where its rule would give the old value back, it writes another one of the same kind, or
  raises ``UnfitError``. Those that write one and the same value for everybody (``fixed``) are free of this.
* A ``deterministic`` one gives the same for the same value, as text (``7`` and ``"7"``), in every system, under one key.
* It writes what fits into the column, or refuses.
"""

from __future__ import annotations

import hmac
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from dsr_desk.errors import RefusedError
from dsr_desk.model.catalog import Field
from dsr_desk.model.schema import Column, ColumnType
from dsr_desk.model.values import Value

#: What the result is in law: nothing of the value is left; something else stands there; it is personal data still (Art. 4(5) GDPR),
#: since it can be undone or linked; it stays as it is.
InLaw = Literal["erased", "changed", "pseudonymised", "retained"]

_GROUND = re.compile(r"17\(3\)\([a-e]\)")


class UnfitError(RefusedError):
    """A strategy that can't replace a value of this row: what is wrong with it (never the value), and the cure."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One setting of a strategy: what it may be, in words and as a test, and whether it must be given."""

    says: str
    allows: Callable[[Any], bool]
    needed: bool = False


def whole(low: int, high: int, needed: bool = False) -> Parameter:
    """A whole number from ``low`` to ``high``."""
    return Parameter(f"a whole number from {low} to {high}", lambda v: type(v) is int and low <= v <= high, needed)


def one_of(*words: str, needed: bool = False) -> Parameter:
    """One of these words."""
    *most, last = words
    return Parameter(f"{', '.join(most)} or {last}", lambda v: isinstance(v, str) and v in words, needed)


def text(needed: bool = False) -> Parameter:
    """Any text."""
    return Parameter("a text", lambda v: isinstance(v, str), needed)


#: The ground on which a value that can be undone or linked may stay.
GROUND = Parameter("an article, 17(3)(a) to 17(3)(e)", lambda v: isinstance(v, str) and bool(_GROUND.fullmatch(v)))
#: The settings of a keyed strategy. Under ``key: workspace`` its values link across requests, and need a ground.
KEYED: Mapping[str, Parameter] = {"key": one_of("request", "workspace"), "ground": GROUND}


@dataclass(frozen=True, slots=True)
class Misuse:
    """A setting that is wrong: its name (``""`` where one is missing), why, and the cure."""

    name: str
    why: str
    cure: str


@dataclass(frozen=True, slots=True)
class About:
    """What a strategy says of itself, for pages and screens. ``takes`` is empty where it takes every type."""

    name: str
    does: str
    takes: tuple[str, ...]
    parameters: Mapping[str, str]
    in_law: InLaw
    deterministic: bool
    reversible: bool


class Strategy(ABC):
    """One way to replace a value. It has no state; what it needs stands in its parameters."""

    #: The word in the catalog's ``erase:``.
    name: ClassVar[str]
    #: The kinds of columns it can write; empty means all.
    takes: ClassVar[frozenset[ColumnType]] = frozenset()
    #: Its parameters by name. The first is the one of the short form ``{constant: "x"}``.
    parameters: ClassVar[Mapping[str, Parameter]] = {}
    #: What the result is in law, unless it links across requests.
    in_law: ClassVar[InLaw] = "erased"
    #: Whether the same value gives the same result, under one key.
    deterministic: ClassVar[bool] = True
    #: Whether ``back`` gives the value again, with the key of the request's safe lock.
    reversible: ClassVar[bool] = False
    #: Whether it writes one and the same value whatever stood there.
    fixed: ClassVar[bool] = False

    @abstractmethod
    def value(self, before: Value, column: Column, params: Mapping[str, Any], key: bytes) -> Value:
        """What the field will hold. NULL stays NULL unless the strategy says otherwise.

        ``key`` is 32 random bytes: of the request, of its safe lock (``reversible``), or of the workspace (``key: workspace``).
        ``UnfitError`` where this value can't be replaced, or only by itself.
        """

    def wrote(self, value: Value) -> bool:
        """Whether a value looks like one that it makes, under whatever key; only one that is reversible says so."""
        return False

    def back(self, value: Value, column: Column, params: Mapping[str, Any], key: bytes) -> Value:
        """The value that was replaced by ``value`` under this key. ``RefusedError`` where it can't be told."""
        raise RefusedError(f"{self.name} can't be undone.", "Only token can, through the safe lock.")

    def refuses(self, column: Column, params: Mapping[str, Any]) -> tuple[str, str] | None:
        """Why it can't be used on this column, and the cure; ``None`` where it can."""
        for misuse in self.misuses(params):
            return misuse.why, misuse.cure
        if self.takes and column.type not in self.takes and column.type != "any":
            kinds = ", ".join(sorted(self.takes))
            return (
                f"{self.name} writes {kinds}, and the column holds {column.type}",
                "Choose another strategy under erase:",
            )
        return None

    def settled(self, params: Mapping[str, Any], field: Field) -> Mapping[str, Any]:
        """The parameters with what the catalog's field says filled in where they say nothing."""
        return params

    @classmethod
    def misuses(cls, params: Mapping[str, Any]) -> Iterator[Misuse]:
        """Every parameter that is unknown, missing, or has a value that it can't have."""
        for name, value in params.items():
            known = cls.parameters.get(name)
            if known is None:
                takes = f"It takes {', '.join(cls.parameters)}" if cls.parameters else "It takes no settings"
                yield Misuse(name, f"{cls.name} has no setting {name}", takes)
            elif not known.allows(value):
                yield Misuse(name, f"{cls.name}: {name} must be {known.says}", f"Write erase: {{{cls.name}: {{{name}: …}}}}")
        for name, parameter in cls.parameters.items():
            if parameter.needed and name not in params:
                yield Misuse("", f"{cls.name} needs {name}: {parameter.says}", f"Write erase: {{{cls.name}: {{{name}: …}}}}")

    @classmethod
    def links(cls, params: Mapping[str, Any]) -> bool:
        """Whether what it writes under these parameters can be linked across requests."""
        return "key" in cls.parameters and params.get("key") == "workspace"

    @classmethod
    def law(cls, params: Mapping[str, Any]) -> InLaw:
        """What the result is in law under these parameters: a pseudonym where it can be undone or linked (Art. 4(5))."""
        return "pseudonymised" if cls.reversible or cls.links(params) else cls.in_law

    @classmethod
    def about(cls) -> About:
        """What it says of itself."""
        does = (cls.__doc__ or "").strip().splitlines()[0]
        says = {name: p.says for name, p in cls.parameters.items()}
        return About(cls.name, does, tuple(sorted(cls.takes)), says, cls.law({}), cls.deterministic, cls.reversible)


def digest(key: bytes, use: str, value: str, turn: int = 0) -> bytes:
    """32 bytes that follow from key, use and value, and from nothing else (HMAC-SHA-256); another ``turn`` gives others."""
    return hmac.digest(key, f"dsr-desk/{use}/{turn}\n{value}".encode("utf-8", "surrogatepass"), "sha256")


def empty(column: Column) -> Value:
    """What stands where a value is not of the kind that the strategy works on: it never stays."""
    return None if column.nullable else ""
