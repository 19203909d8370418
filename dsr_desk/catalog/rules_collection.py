"""The rules over one collection: what happens to its rows and fields on erasure, and whether that can be said at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from dsr_desk.bundled import bundled
from dsr_desk.catalog.build import Strategies
from dsr_desk.catalog.problem import Problem, did_you_mean, quote
from dsr_desk.catalog.rules_erase import check_erase
from dsr_desk.catalog.rules_marks import check_marks
from dsr_desk.catalog.source import Source
from dsr_desk.model.catalog import Collection, Field

_GROUND = re.compile(r"17\(3\)\([a-e]\)")
_GROUNDS = (
    "17(3)(a) freedom of expression, 17(3)(b) a legal obligation or public task, 17(3)(c) public health, "
    "17(3)(d) archives and research, 17(3)(e) legal claims"
)


def check_collection(collection: Collection, source: Source, strategies: Strategies) -> Iterator[Problem]:
    """Every rule over one collection and its fields."""
    path = ("collections", collection.name)
    yield from _key(collection, source, path)
    yield from _on_erase(collection, source, path)
    yield from _keep(collection, source, path)
    yield from check_marks(collection, source, path)
    for field in collection.fields.values():
        yield from _field(collection, field, source, (*path, "fields", field.name), strategies)


def _key(collection: Collection, source: Source, path: tuple[object, ...]) -> Iterator[Problem]:
    for at, name in enumerate(collection.key):
        if name in collection.key[:at]:
            yield source.error((*path, "key", at), f"{quote(name)} stands twice in the key.", "Keep it once.")
    for kind, names in collection.identities.items():
        for at, name in enumerate(names):
            if name in names[:at]:
                yield source.error((*path, "identities", kind, at), f"{quote(name)} stands twice.", "Keep it once.")


def _on_erase(collection: Collection, source: Source, path: tuple[object, ...]) -> Iterator[Problem]:
    concerned = collection.subject or collection.of_kind("owned_by") or any(f.personal for f in collection.fields.values())
    if collection.on_erase is None and concerned:
        message = "on_erase: is missing, so nothing is known of what happens to its rows."
        yield source.warning(path, message, "Write on_erase: delete, redact or keep.", key=True)
    objected = collection.on_object is not None and collection.on_object.delete
    if collection.cascade and collection.on_erase != "delete" and not objected:
        message, cure = "cascade: has no effect here: no row is deleted.", "It counts with on_erase: delete."
        yield source.warning((*path, "cascade"), message, cure, key=True)
    if collection.on_erase != "redact":
        return
    composed = {name: kind for kind, names in collection.identities.items() for name in names}
    for field in collection.fields.values():
        kind = composed.get(field.name)
        if field.erase is not None or field.name in collection.key or not (field.personal or kind):
            continue
        written = field.name in source.shape.collections[collection.name].fields
        yield source.error(
            (*path, "fields", field.name) if written else (*path, "identities", kind),
            f"{quote(field.name)} is personal ({_what(field) or f'part of the identity {quote(str(kind))}'}), "
            "the rows are redacted, and erase: is missing.",
            "Write erase: with a strategy, or erase: keep and say why under keep:.",
            key=True,
        )


def _what(field: Field) -> str:
    if field.category:
        return quote(field.category)
    if field.identity:
        return f"identity {quote(field.identity)}"
    return "searched for mentions" if field.mentions else ""


def _keep(collection: Collection, source: Source, path: tuple[object, ...]) -> Iterator[Problem]:
    keep = collection.keep
    fields = [f.name for f in collection.fields.values() if f.erase and f.erase.strategy == "keep"]
    if keep is None:
        cure = 'Write keep: {ground: "17(3)(b)", reason: …, until: …}.'
        if collection.on_erase == "keep":
            yield source.error((*path, "on_erase"), "The rows are kept, and keep: is missing.", cure)
        for name in fields:
            yield source.error(
                (*path, "fields", name, "erase"), f"{quote(name)} is kept, and the collection's keep: is missing.", cure
            )
        return
    if collection.on_erase != "keep" and not fields:
        yield source.warning(
            (*path, "keep"), "keep: has no effect here.", "It counts with on_erase: keep, or for fields with erase: keep.", key=True
        )
    if not _GROUND.fullmatch(keep.ground):
        message = f"{quote(keep.ground)} is no ground for keeping."
        yield source.error((*path, "keep", "ground"), message, f"Write one of {_GROUNDS}. A national law is named in reason:.")


def _field(
    collection: Collection, field: Field, source: Source, path: tuple[object, ...], strategies: Strategies
) -> Iterator[Problem]:
    if field.category and field.category not in categories():
        hint = did_you_mean(field.category, categories()) or "A category of your own is shown as it stands."
        yield source.warning((*path, "category"), f"{quote(field.category)} is not a known data category.", hint)
    if field.stored_plain and not field.identity:
        yield source.warning((*path, "stored"), "stored: plain has no effect on a field without identity:.", "Delete it.", key=True)
    if field.erase is None:
        return
    if field.name in collection.key and field.erase.strategy != "keep":
        yield source.error(
            (*path, "erase"), f"{quote(field.name)} is part of the key and can't be erased.", "Delete erase: here.", key=True
        )
    yield from check_erase(collection, field, field.erase, source, (*path, "erase"), strategies)


@cache
def categories() -> frozenset[str]:
    """The data categories of the fideslang taxonomy."""
    lines = (bundled("resources") / "categories.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))
