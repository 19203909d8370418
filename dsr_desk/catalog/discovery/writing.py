"""A draft as the text of a catalog file: its guesses, those a person rejected left out, with the evidence as comments."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from dsr_desk.catalog.document import LARGEST_FILE, resolve
from dsr_desk.model.guess import Draft, Guess

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_.@/-]*")
#: What other YAML readers (1.1) take for a truth value; here it is a text, and quotes keep it one everywhere.
_TRUTHS = frozenset({"yes", "no", "on", "off", "y", "n"})
#: The order of keys, as people read them.
_ORDER = (
    "title", "table", "subject", "key", "on_erase", "keep", "identities", "references", "category", "identity", "source",
    "mentions", "owned_by", "owns", "accessed_by", "accesses", "points_at", "erase",
)  # fmt: skip
_HEADER = """\
# A draft, made by looking at the live system. Nothing in it counts before somebody looked at it and accepted it.
# Above each line stands why it was written, and how sure that is; "declared" is what the system itself states.
"""
#: How many bytes a file may have, with some room for who edits it.
_ROOM = LARGEST_FILE * 9 // 10


@dataclass(frozen=True, slots=True)
class _Style:
    """How much is written: with the evidence; plain collections on one line; without them."""

    comments: bool = False
    brief: bool = False
    without_plain: bool = False


#: A larger system is written in the next style: the evidence still stands beside each guess.
_STYLES = (_Style(comments=True), _Style(), _Style(brief=True), _Style(brief=True, without_plain=True))


def scalar(text: str) -> str:
    """A text as one YAML scalar that is read as exactly this text."""
    if _PLAIN.fullmatch(text) and text.lower() not in _TRUTHS and isinstance(resolve(text), str):
        return text
    escaped = json.dumps(text, ensure_ascii=False)
    return "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in escaped)


def listed(texts: Iterable[str]) -> str:
    """Texts as a YAML list on one line."""
    return f"[{', '.join(scalar(t) for t in texts)}]"


def render(draft: Draft, choices: Mapping[int, str | None] | None = None) -> str:
    """The text of the file. ``choices``: the index of a guess → the YAML that stands instead; ``None``: it was rejected."""
    chosen = choices or {}
    wanted = {i: chosen.get(i, guess.says) for i, guess in enumerate(draft.guesses)}
    said = {i: says for i, says in wanted.items() if says is not None and says.strip() not in ("", "{}")}
    text = ""
    for style in _STYLES:
        text = "".join(_lines(draft, said, chosen, style))
        if len(text.encode()) <= _ROOM:
            break
    return text


def _lines(draft: Draft, said: Mapping[int, str], chosen: Mapping[int, str | None], style: _Style) -> Iterator[str]:
    by_place: dict[tuple[str, str], list[int]] = defaultdict(list)
    for i in said:
        by_place[draft.guesses[i].collection, draft.guesses[i].field].append(i)
    telling = {draft.guesses[i].collection for i in said if draft.guesses[i].topic != "key"}
    yield _HEADER
    for key, value in draft.head:
        yield f"{key}: {value if key == 'options' else scalar(value)}\n"  # JSON is YAML (YAML 1.2, section 1.2)
    for name, reason in draft.unread:
        yield f"# Not looked into: {_shown(name)}. {_shown(reason)}\n"
    if style.without_plain and (left := len(draft.columns) - len(telling)):
        yield f"# Left out, since one file can't hold all: {left} collections in which nothing personal was seen.\n"
    yield "\ncollections:\n" if draft.columns else ""
    for collection, columns in draft.columns.items():
        plain = collection not in telling
        if plain and style.without_plain:
            continue
        here = by_place.get((collection, ""), [])
        yield f"  {scalar(collection)}:{'' if here or columns else ' {}'}\n"
        if style.comments:
            yield from _comments("    ", draft.guesses, [i for i in here if i not in chosen])
        for key, value in _merged(said[i] for i in here):
            yield f"    {key}: {value}\n"
        if plain and style.brief:
            yield f"    fields: {{{', '.join(f'{scalar(c)}: {{}}' for c in columns)}}}\n"
            continue
        yield "    fields:\n" if columns else ""
        for column in columns:
            there = by_place.get((collection, column), [])
            if style.comments:
                yield from _comments("      ", draft.guesses, [i for i in there if i not in chosen])
            body = ", ".join(f"{key}: {value}" for key, value in _merged(said[i] for i in there))
            yield f"      {scalar(column)}: {{{body}}}\n"


def _merged(says: Iterable[str]) -> list[tuple[str, str]]:
    """Statements by their key; lists of one key are joined, and of two other values the last one counts."""
    found: dict[str, str] = {}
    for text in says:
        key, _, value = text.partition(":")
        key, value = key.strip(), value.strip()
        before = found.get(key, "")
        if key == "references" and before.endswith("]") and value.startswith("["):
            value = f"{before[:-1]}, {value[1:]}"
        found[key] = value
    return sorted(found.items(), key=lambda item: _ORDER.index(item[0]) if item[0] in _ORDER else len(_ORDER))


def _comments(indent: str, guesses: Sequence[Guess], which: Iterable[int]) -> Iterator[str]:
    for i in which:
        guess = guesses[i]
        if not guess.evidence:
            continue
        sure = "declared" if guess.declared else f"{guess.confidence:.0%}"
        mark = ", special category (Art. 9 or 10 GDPR)" if guess.special else ""
        yield f"{indent}# {guess.topic}, {sure}{mark}: {_shown('; '.join(guess.evidence))}\n"


def _shown(text: str) -> str:
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
