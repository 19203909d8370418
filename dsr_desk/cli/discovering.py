"""The command that looks into a system that nobody described yet, and writes a draft of its catalog file."""

from __future__ import annotations

import getpass
import sys
from argparse import Namespace
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from dsr_desk.catalog.document import resolve
from dsr_desk.cli.answer import Answer
from dsr_desk.errors import CredentialsError
from dsr_desk.flow.desk import Desk
from dsr_desk.model.guess import Draft, Guess

#: From here on a guess is called likely.
_LIKELY = 0.8


def _discover(desk: Desk, a: Namespace) -> Answer:
    draft, password = _looked(desk, a)
    file = None
    if not a.show:
        file = desk.keep_draft(draft.system, draft.text)
        if password is not None:
            desk.set_secret(draft.system, password)
    document = {
        "system": draft.system,
        "file": str(file) if file else None,
        "collections": len(draft.columns),
        "columns": sum(len(names) for names in draft.columns.values()),
        "guesses": [_guess(g) for g in draft.guesses],
        "unread": [{"collection": name, "reason": reason} for name, reason in draft.unread],
        "text": draft.text,
    }
    return 0, document, [draft.text.rstrip("\n")] if a.show else list(_lines(draft, str(file)))


def _looked(desk: Desk, a: Namespace) -> tuple[Draft, str | None]:
    """The draft, and the password that was given for it; it is asked for where one is needed and somebody sits here."""
    password = _ask() if a.password else None
    options = {name: resolve(value) for name, value in a.options}
    try:
        return desk.discover(a.place, a.name, a.driver, password=password, options=options), password
    except CredentialsError:
        if a.password or not sys.stdin.isatty():
            raise
    password = _ask()
    return desk.discover(a.place, a.name, a.driver, password=password, options=options), password


def _ask() -> str:
    return getpass.getpass("Password of the system: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")


def _guess(guess: Guess) -> dict[str, Any]:
    return {
        "collection": guess.collection,
        "field": guess.field or None,
        "about": guess.topic,
        "says": guess.says,
        "confidence": guess.confidence,
        "declared": guess.declared,
        "special": guess.special,
        "evidence": list(guess.evidence),
        "otherwise": list(guess.otherwise),
    }


def _lines(draft: Draft, file: str) -> Iterator[str]:
    columns = sum(len(names) for names in draft.columns.values())
    yield f"{len(draft.columns)} collections with {columns} columns, {len(draft.guesses)} guesses: {file}"
    persons = [g.collection for g in draft.guesses if g.topic == "person"]
    yield f"  persons: {', '.join(persons) or 'none found; say which collection they are (subject: true)'}"
    topics = Counter(g.topic for g in draft.guesses)
    yield f"  {topics['owner']} say whose rows are, {topics['identity']} are identifiers, {topics['category']} are categories"
    unsure = sum(1 for g in draft.guesses if not g.declared and g.confidence < _LIKELY and g.topic != "erasure")
    if unsure:
        yield f"  {unsure} are unsure (below {_LIKELY:.0%}): look at these first"
    special = sorted({f"{g.collection}.{g.field}" for g in draft.guesses if g.special})
    if special:
        yield f"  special categories (Art. 9, Art. 10 GDPR): {', '.join(special)}"
    for name, reason in draft.unread:
        yield f"  not described: {name}. {reason}"
    yield "Read the file, mend it, then: dsr-desk catalog check"


VERBS: Mapping[str, Callable[[Desk, Namespace], Answer]] = {"catalog discover": _discover}
