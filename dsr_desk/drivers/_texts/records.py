"""What records of documents have in common, wherever the documents lie: fields of their content, and what can't be searched."""

from __future__ import annotations

import io
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from dsr_desk.drivers._texts.mail import FIELDS
from dsr_desk.drivers._texts.paths import Paths, some
from dsr_desk.drivers._texts.reading import LARGEST_FILE, Text, text_of
from dsr_desk.errors import UnreachableError, UsageError
from dsr_desk.model.catalog import Collection, System
from dsr_desk.model.finding import Lookup
from dsr_desk.model.schema import Column, ColumnType
from dsr_desk.model.values import Value

#: Fields of every document's content; a mail and a JSON object have more, which begin with one of ``OWN``.
CONTENT = ("text", "unread", "title", "author")
OWN = ("data.", "mail.")
#: The most characters of one document that are searched.
LONGEST_TEXT = 4_000_000
_KEPT = 32_000_000
#: Documents whose own fields are learnt from a sample: by their ending, and up to this size.
SHAPED = (".json", ".eml")
LARGEST_SHAPE = 1 << 20


class Texts:
    """Texts by the SHA-256 of their documents, as long as a driver lives: a search proves itself by asking again and again."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, str], Text] = OrderedDict()
        self._size = 0

    def of(self, name: str, sha256: str, content: bytes | None) -> Text:
        """The text of the document; ``content`` is ``None`` where it is too large to be read."""
        if content is None:
            return Text(None, unread=f"it is larger than {LARGEST_FILE >> 20} MB")
        key = (sha256, name.lower().rpartition(".")[2])
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        made = text_of(name, io.BytesIO(content), LONGEST_TEXT)
        made = replace(made, fields={n: v for n, v in made.fields.items() if n.startswith(OWN)})
        self._kept[key] = made
        self._size += len(made.text or "")
        while self._size > _KEPT:
            self._size -= len(self._kept.popitem(last=False)[1].text or "")
        return made


def content_fields(text: Text) -> dict[str, Value]:
    """The fields of a record that its content gives; what a document does not have is ``None``."""
    return {
        "text": text.text,
        "unread": text.unread or None,
        "title": text.title or None,
        "author": text.author or None,
        **text.fields,
    }


def known(collection: Collection) -> set[str]:
    """The names of content's fields that may be asked for: a mail's own, and of JSON those that the catalog lists."""
    mails = {f"mail.{name.replace('-', '_')}" for name in FIELDS}
    return {*CONTENT, *mails, *(name for name in collection.fields if name.startswith("data."))}


def asks_content(lookups: Iterable[Lookup]) -> bool:
    """Whether the documents themselves must be read to answer."""
    return any(name in CONTENT or name.startswith(OWN) for lookup in lookups for name in (*lookup.fields, *lookup.when))


def columns_of(samples: Iterable[Mapping[str, Value]]) -> dict[str, Column]:
    """The fields of content that every document has, and those that these showed. Where they hold several types, any may stand."""
    types: dict[str, set[ColumnType]] = {name: {"text"} for name in CONTENT}
    for values in samples:
        for name, value in values.items():
            if name.startswith(OWN):
                types.setdefault(name, set()).update(() if value is None else (_kind(value),))
    return {name: Column(name, next(iter(kinds)) if len(kinds) == 1 else "any") for name, kinds in types.items()}


def _kind(value: Value) -> ColumnType:
    """The type that a value has."""
    kinds: tuple[tuple[type | tuple[type, ...], ColumnType], ...] = (
        (bool, "boolean"),
        (int, "integer"),
        (Decimal, "decimal"),
        (str, "text"),
        (datetime, "datetime"),
        (date, "date"),
        ((list, dict), "json"),
    )
    return next((name for kind, name in kinds if isinstance(value, kind)), "any")


class ByHand:
    """The documents that a person looks at, by agreement: ``by_hand:`` in the options of a system, a list of patterns."""

    def __init__(self, system: System) -> None:
        listed = system.options.get("by_hand", [])
        if not isinstance(listed, list | tuple) or not all(isinstance(p, str) for p in listed):
            raise UsageError(
                f"{system.name}: by_hand: under options: is no list of patterns.",
                'Write, for example, by_hand: ["scans/**/*.pdf"].',
            )
        self.patterns = tuple(Paths(p, system.name) for p in listed)

    def has(self, path: str) -> bool:
        """Whether this one is agreed to be looked at by a person."""
        return any(p.told(path) is not None for p in self.patterns)


def incomplete(system: System, unread: Sequence[tuple[str, str]]) -> UnreachableError:
    """The error after a search that could not look into these documents (path, why): it must not be taken for complete."""
    count = (
        f"{len(unread)} files of {system.label} hold text that" if len(unread) > 1 else f"A file of {system.label} holds text that"
    )
    whys = "; ".join(dict.fromkeys(why for _, why in unread[:3]))
    return UnreachableError(
        f"{count} can't be searched: {some([path for path, _ in unread])} ({whys}).",
        "Let a person look at them, then name them in the catalog under options: as by_hand: (a list of patterns).",
    )
