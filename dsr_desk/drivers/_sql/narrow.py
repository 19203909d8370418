"""A lookup as a condition: the database narrows, ``Question`` decides.

Every condition here is true at least for the rows that answer; some more may come through.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, or_

from dsr_desk.drivers._sql.dialect import Dialect
from dsr_desk.drivers._sql.live import Table
from dsr_desk.model.finding import Lookup
from dsr_desk.model.identity import CONFIRMING, normals
from dsr_desk.model.match import Question
from dsr_desk.model.values import as_text

#: Kinds whose values are normalised before comparing; all others compare exactly, as text.
RULED = frozenset({"email", "phone", "iban", "national_id"}) | CONFIRMING
#: Kinds whose normal form maps characters beyond ASCII (full-width digits …) to ASCII ones.
_FOLDED = frozenset({"email", "phone", "iban", "national_id"})
#: Beyond this many patterns it is cheaper to read every row and decide in Python.
_MANY_PATTERNS = 60
_FEW_VALUES = 50
_ODD = re.compile("[\x00\ud800-\udfff]")
_FOLDING = re.compile("[k;`\\0]", re.IGNORECASE)
_FOLDING_IN_TEXT = re.compile("[isk\\0]", re.IGNORECASE)


def condition(
    dialect: Dialect, table: Table, question: Question, indexed: frozenset[str], region: str | None
) -> ColumnElement[bool] | None:
    """The rows to read for one question; ``None`` where no row can answer."""
    lookup = question.lookup
    if _exact(lookup):
        narrowed = _exactly(dialect, table, lookup)
    elif lookup.plain and not lookup.mention and len(lookup.fields) == 1:
        narrowed = _by_index(dialect, table, lookup, indexed, region)
        narrowed = _by_pattern(dialect, table, question) if narrowed is None else narrowed
    else:
        narrowed = _by_pattern(dialect, table, question)
    if narrowed is None:
        return None
    also = [_among(dialect, table, name, list(texts)) for name, texts in lookup.when.items()]
    return and_(narrowed, *(c for c in also if c is not None))


def few(questions: Sequence[Question]) -> bool:
    """Whether so few rows are to be expected that streaming them would cost more than it saves (no parallel scan in a cursor)."""
    narrowed = all(_exact(q.lookup) or q.lookup.plain or q.patterns() is not None for q in questions)
    return narrowed and sum(len(q.lookup.values) for q in questions) <= _FEW_VALUES


def narrow(question: Question) -> bool:
    """Whether nearly every row that is read for the question will answer it."""
    return _exact(question.lookup) or question.lookup.plain


def _exact(lookup: Lookup) -> bool:
    return lookup.kind is None or (lookup.kind not in RULED and len(lookup.fields) == 1 and not lookup.mention)


def _exactly(dialect: Dialect, table: Table, lookup: Lookup) -> ColumnElement[bool] | None:
    wanted = [tuple([as_text(part) for part in value]) for value in lookup.values if None not in value]
    if lookup.kind is not None:
        wanted = [w for w in wanted if w[0]]
    if not wanted:
        return None
    parts = []
    for name, texts in zip(lookup.fields, zip(*wanted, strict=True), strict=False):
        among = _among(dialect, table, name, list(dict.fromkeys(map(str, texts))))
        parts.append(_filled(table, name) if among is None else among)
    return and_(*parts)


def _by_index(
    dialect: Dialect, table: Table, lookup: Lookup, indexed: frozenset[str], region: str | None
) -> ColumnElement[bool] | None:
    (name,) = lookup.fields
    kind = lookup.kind or ""
    given = [text for v in lookup.values if (text := as_text(v[0]))]
    forms = {form for text in given for form in normals(kind, text, region)}
    if kind == "phone":
        forms |= {f"+{form}" for form in forms} | {f"00{form}" for form in forms}
    texts = sorted(forms.union(given))
    if name in table.paths:
        return None
    if kind == "email" and f"lower({name})" in indexed:
        return dialect.lower_among(table, name, texts)
    return dialect.among(table, name, texts) if name in indexed and kind in _FOLDED else None


def _by_pattern(dialect: Dialect, table: Table, question: Question) -> ColumnElement[bool] | None:
    lookup = question.lookup
    if not any(as_text(v[0]) for v in lookup.values):
        return None
    filled = or_(*(_filled(table, name) for name in lookup.fields))
    patterns = question.patterns()
    texts = [text for name in lookup.fields if (text := _text_of(dialect, table, name)) is not None]
    if patterns is None or len(patterns) > _MANY_PATTERNS or len(texts) < len(lookup.fields):
        return filled
    # Letters beyond ASCII that fold to an ASCII one (the Kelvin sign is a k; in a mention, ſ an s, and ı and İ an i) stay open.
    folding = _FOLDING_IN_TEXT if lookup.mention else _FOLDING
    likes = dict.fromkeys(_like(folding.split("\0".join(pieces))) for pieces in patterns)
    tried = texts if lookup.mention else [_joined(texts)]
    found = [dialect.like(text, like) for text in tried for like in likes]
    if _may_be_folded(lookup):
        found += [dialect.not_ascii(text) for text in tried]
    found += [_nested(text) for name in lookup.fields if name in table.paths for text in texts]
    return and_(filled, or_(*found)) if found else false()


def _filled(table: Table, name: str) -> ColumnElement[bool]:
    path = table.paths.get(name)
    return table.at(path.column if path else name).is_not(None)


def _text_of(dialect: Dialect, table: Table, name: str) -> ColumnElement[str] | None:
    return dialect.inside(table, table.paths[name]) if name in table.paths else dialect.text_of(table, name)


def _among(dialect: Dialect, table: Table, name: str, texts: Sequence[str]) -> ColumnElement[bool] | None:
    """Inside a document, numbers have many spellings, and any entry of a list may answer: both are read, and decided then."""
    if name not in table.paths:
        return dialect.among(table, name, texts)
    inside = dialect.inside(table, table.paths[name])
    if inside is None or any(t[:1] in "-0123456789" or _ODD.search(t) for t in texts):
        return None
    return or_(inside.in_(texts), _nested(inside))


def _nested(text: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether it is a list or an object."""
    return or_(text.like("[%"), text.like("{%"))


def _may_be_folded(lookup: Lookup) -> bool:
    """Whether characters beyond ASCII may stand for ASCII ones of the patterns, as full-width digits do."""
    if lookup.mention or lookup.kind not in _FOLDED:
        return False
    return lookup.kind != "email" or not all(str(v[0]).isascii() for v in lookup.values)


def _like(pieces: Sequence[str]) -> str:
    escaped = (p.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") for p in pieces if p)
    return f"%{'%'.join(escaped)}%"


def _joined(texts: Sequence[ColumnElement[Any]]) -> ColumnElement[Any]:
    joined = texts[0]
    for text in texts[1:]:
        joined = func.coalesce(joined, "").concat(" ").concat(func.coalesce(text, ""))
    return joined


def indexes_matter(lookups: Sequence[Lookup]) -> bool:
    """Whether any of the lookups lets an index answer by its normal form, so that indexes must be known."""
    return any(lookup.plain and not lookup.mention for lookup in lookups)
