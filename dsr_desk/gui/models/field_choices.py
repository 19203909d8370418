"""What a form may choose for a field: strategies that its column takes, and the change of the file that a choice is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dsr_desk.catalog.document import resolve
from dsr_desk.catalog.edit import REMOVED, Change
from dsr_desk.catalog.shape import REFERENCE_KINDS
from dsr_desk.gui.models.form_model import FieldRow
from dsr_desk.model.schema import Column
from dsr_desk.strategies.base import About, Strategy

_WORDS = {
    "null": "emptied",
    "blank": "blank",
    "default": "default",
    "keep": "kept",
    "random": "random",
    "pseudonym": "pseudonym",
    "token": "in the safe lock",
}
#: What a strategy makes of a value, for whoever chooses one; a strategy of somebody's own goes by its name.
_CHOICES = {
    "null": "emptied",
    "blank": "made blank",
    "default": "emptied, or what is empty for its type",
    "constant": "the same words for everybody",
    "random": "a random value",
    "pseudonym": "a made-up word",
    "hash": "a salted hash",
    "hmac": "a keyed digest",
    "mask": "stars",
    "generalise": "made coarser",
    "noise": "moved a little",
    "shift": "moved by days",
    "fake": "an invention of the same kind",
    "token": "in the safe lock",
    "keep": "kept",
}


@dataclass(frozen=True, slots=True)
class FieldChoice:
    """What somebody chose for a field; ``""`` is nothing. ``settings`` are the strategy's, as typed."""

    title: str = ""
    category: str = ""
    identity: str = ""
    kind: str = ""
    target: str = ""
    strategy: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)
    mentions: bool = False


def fitting(strategies: Mapping[str, type[Strategy]], column: Column | None) -> list[About]:
    """The strategies that a column takes, by name; all of them where the live column isn't known."""
    found = []
    for _, strategy in sorted(strategies.items()):
        needs = any(p.needed for p in strategy.parameters.values()) or any(True for _ in strategy.misuses({}))
        fits = column is None or not strategy.takes or column.type in strategy.takes or column.type in ("any", "other")
        if fits and (column is None or needs or strategy().refuses(column, {}) is None):
            found.append(strategy.about())
    return found


def chosen(row: FieldRow, strategies: Mapping[str, type[Strategy]]) -> FieldChoice:
    """What the file says of a field, as a choice."""
    erase = row.erase
    name, given = erase if erase else ("", None)
    settings: Mapping[str, Any] = {}
    if isinstance(given, dict):
        settings = given
    elif given is not None and name in strategies and strategies[name].parameters:
        settings = {next(iter(strategies[name].parameters)): given}
    kind, target = row.owners[0] if row.owners else ("", "")
    return FieldChoice(
        str(row.says.get("title") or ""),
        row.category,
        row.identity,
        kind,
        target,
        name,
        {k: _typed(v) for k, v in settings.items()},
        row.says.get("mentions") is True,
    )


def changes(collection: str, row: FieldRow, before: FieldChoice, after: FieldChoice, short: Mapping[str, str]) -> list[Change]:
    """What has to change in the file for a field to say ``after``. ``short``: strategy → the setting of its short form."""
    path = ("collections", collection, "fields", row.name)
    found: list[Change] = []
    for key in ("title", "category", "identity"):
        new = getattr(after, key)
        if new != getattr(before, key):
            found.append(Change((*path, key), new or REMOVED))
    if (before.kind, before.target) != (after.kind, after.target):
        found += [Change((*path, kind), REMOVED) for kind in REFERENCE_KINDS if kind in row.says and kind != after.kind]
        if after.kind and after.target:
            found.append(Change((*path, after.kind), after.target))
    if (before.strategy, dict(before.settings)) != (after.strategy, dict(after.settings)):
        found.append(Change((*path, "erase"), _erase(after, short) if after.strategy else REMOVED))
    if before.mentions != after.mentions:
        found.append(Change((*path, "mentions"), True if after.mentions else REMOVED))
    return found


def strategy_words(name: str) -> str:
    """A strategy to choose: ``emptied (null)``."""
    words = _CHOICES.get(name, "")
    return f"{words} ({name})" if words else name


def erase_words(row: FieldRow, on_erase: str) -> tuple[str, str]:
    """What becomes of a field when a person is erased, in a word or two, and its colour."""
    if row.problem is not None and row.problem.key.endswith("erase"):
        return ("not allowed", "failed")
    erase = row.erase
    if on_erase == "delete":
        return ("with the row", "text2")
    if erase is None:
        return ("kept", "text2")
    name, settings = erase
    if name == "constant" and settings is not None:
        value = settings.get("value") if isinstance(settings, dict) else settings
        return (f"“{value}”", "text")
    if name == "generalise":
        kept = settings if isinstance(settings, str) else settings.get("to") if isinstance(settings, dict) else None
        return (f"{kept} kept" if kept else "made coarser", "text")
    return (_WORDS.get(name, name), "text")


def _erase(after: FieldChoice, short: Mapping[str, str]) -> Any:
    settings = {k: resolve(v) for k, v in after.settings.items() if v != ""}
    if not settings:
        return None if after.strategy == "null" else after.strategy
    if list(settings) == [short.get(after.strategy)]:
        return {after.strategy: next(iter(settings.values()))}
    return {after.strategy: settings}


def _typed(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
