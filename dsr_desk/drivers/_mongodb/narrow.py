"""Which documents have to be read for some lookups, as a filter; whether one of them answers is decided by the desk itself."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bson import ObjectId

from dsr_desk.drivers._mongodb.values import candidates
from dsr_desk.model.match import Question
from dsr_desk.model.values import Value, as_text

#: Kinds that are compared by a rule; all others compare as text, exactly.
_RULED = frozenset({"email", "phone", "name", "given_name", "family_name", "date_of_birth", "iban", "national_id"})
#: Beyond these a filter costs more than it saves.
_MOST_VALUES = 20_000
_MOST_PATTERNS = 60
_LONGEST_PATTERN = 4_000
_NOT_ASCII = r"[^\x00-\x7f]"

Filter = Mapping[str, Any]


def narrowed(questions: Sequence[Question]) -> Filter:
    """At least the documents that answer one of the questions; all (``{}``) where nothing safe can be said, or nothing is asked."""
    parts = [_one(question) for question in questions]
    if not parts or any(part is None for part in parts):
        return {}
    return {"$or": parts}


def exactly(field: str, values: Sequence[Value]) -> Filter | None:
    """The documents whose field has one of these values, as text; ``None`` where they can't be told by a filter."""
    if not _plain_path(field):
        return None
    wanted: list[Any] = []
    for text in dict.fromkeys(as_text(value) for value in values):
        if text is None:
            continue
        scalars = candidates(text)
        if scalars is None:
            return None
        wanted += scalars
    return {field: {"$in": wanted}} if len(wanted) <= _MOST_VALUES else None


def _plain_path(path: str) -> bool:
    """Whether MongoDB's own dotted path means the same field: no lists in between, no escapes, no names that it can't say."""
    return not re.search(r"\[\]|\\|\0|^\.|\.$|\.\.|^\$", path)


def _one(question: Question) -> Filter | None:
    lookup = question.lookup
    parts = [exactly(name, texts) for name, texts in lookup.when.items()]
    if lookup.kind is None and not lookup.mention:
        whole = [value for value in lookup.values if None not in value]
        parts += [exactly(name, [value[i] for value in whole]) for i, name in enumerate(lookup.fields)]
    elif lookup.kind not in _RULED and not lookup.mention and len(lookup.fields) == 1:
        parts.append(exactly(lookup.fields[0], [value[0] for value in lookup.values]))
    elif lookup.mention or len(lookup.fields) == 1:
        parts.append(_by_pattern(question))
    known = [part for part in parts if part is not None]
    return {"$and": known} if known else None


def _by_pattern(question: Question) -> Filter | None:
    patterns = question.patterns()
    if patterns is None or len(patterns) > _MOST_PATTERNS or not all(map(_plain_path, question.lookup.fields)):
        return None
    written = dict.fromkeys(".*".join(map(re.escape, pieces)) for pieces in patterns)
    if any(len(pattern) > _LONGEST_PATTERN for pattern in written):
        return None
    tried: list[Filter] = []
    for field in question.lookup.fields:
        tried += [{field: {"$regex": pattern, "$options": "is"}} for pattern in written]
        # Letters beyond ASCII can stand for ASCII ones; what is no text, or is a list, is decided by the desk.
        tried += [{field: {"$regex": _NOT_ASCII}}, {"$nor": [{field: {"$type": "string"}}, {field: None}]}]
        tried.append({f"{field}.0": {"$exists": True}})
    return {"$or": tried}


def by_key(key: Mapping[str, Value]) -> Filter:
    """At least the documents with this key; the texts in an ``_id`` that is an object are asked for as ObjectIds, too."""
    parts: list[Filter] = []
    for name, value in key.items():
        part = {name: {"$in": _spellings(value)}} if isinstance(value, dict | list) else exactly(name, [value])
        if part is not None:
            parts.append(part)
    return {"$and": parts} if parts else {}


def _spellings(value: Any) -> list[Any]:
    """An object as it is, and with every text of it that may be an ObjectId as one."""
    with_ids = _with_ids(value)
    return [value] if with_ids == value else [value, with_ids]


def _with_ids(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {k: _with_ids(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_with_ids(v) for v in value]
    return ObjectId(value) if isinstance(value, str) and re.fullmatch("[0-9a-f]{24}", value) else value
