"""The ownership map: collections as boxes, references as arrows, with a sentence for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dsr_desk.catalog.reach import unreached
from dsr_desk.catalog.source import Source
from dsr_desk.model.catalog import Catalog, Collection, Reference, ReferenceKind

_VERBS: dict[ReferenceKind, str] = {
    "owned_by": "owned by",
    "owns": "owns",
    "accessed_by": "seen by",
    "accesses": "may see",
    "points_at": "points at",
}


@dataclass(frozen=True, slots=True)
class Box:
    """A collection. ``outside``: it belongs to another system than the drawn one. ``warning`` says why it is never found."""

    system: str
    collection: str
    title: str
    key: tuple[str, ...]
    subject: bool
    on_erase: str
    kept: str
    fields: int
    line: int
    outside: bool
    warning: str = ""

    @property
    def id(self) -> str:
        """``system/collection``."""
        return f"{self.system}/{self.collection}"


@dataclass(frozen=True, slots=True)
class Arrow:
    """A reference from box to box (both as ``system/collection``), with its fields and a sentence for screen readers."""

    kind: ReferenceKind
    source: str
    target: str
    fields: tuple[str, ...]
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Graph:
    """Boxes in catalog order, those of other systems last; arrows in catalog order."""

    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]

    def sentences(self) -> tuple[str, ...]:
        """The map as a list, for those who can't see it: one line an arrow, then the boxes that nothing leads to."""
        lonely = (f"{b.collection}: {b.warning}" for b in self.boxes if b.warning)
        return (*(a.text for a in self.arrows), *lonely)


def ownership(catalog: Catalog, system: str | None = None, sources: Mapping[str, Source] | None = None) -> Graph:
    """The map of one system with what it touches in others, or of all. ``sources`` (of ``CatalogRead``) give the arrows' lines."""
    inside = [c for c in catalog.collections() if system in (None, c.system)]
    never = {(c.system, c.name): why for c, why in unreached(catalog)}
    arrows = [
        _arrow(collection, reference, sources or {})
        for collection in catalog.collections()
        for reference in collection.references
        if system in (None, collection.system, reference.system)
    ]
    touched = {end for arrow in arrows for end in (arrow.source, arrow.target)}
    outside = [c for c in catalog.collections() if c not in inside and f"{c.system}/{c.name}" in touched]
    boxes = [_box(c, False, never) for c in inside] + [_box(c, True, never) for c in outside]
    return Graph(tuple(boxes), tuple(arrows))


def _box(collection: Collection, outside: bool, never: Mapping[tuple[str, str], str]) -> Box:
    keep = collection.keep
    kept = ""
    if collection.on_erase == "keep" and keep:
        kept = f"until {keep.until}" if keep.until else str(keep.plus or "")
    return Box(
        system=collection.system,
        collection=collection.name,
        title=collection.label,
        key=collection.key,
        subject=collection.subject,
        on_erase=collection.on_erase or "",
        kept=kept,
        fields=len(collection.fields),
        line=collection.line,
        outside=outside,
        warning=never.get((collection.system, collection.name), ""),
    )


def _arrow(collection: Collection, reference: Reference, sources: Mapping[str, Source]) -> Arrow:
    there = reference.collection if reference.system == collection.system else f"{reference.system}/{reference.collection}"
    by = " and ".join(reference.fields)
    text = f"{collection.name}, {_VERBS[reference.kind]} {there} through {by}"
    if reference.when:
        text += " where " + " and ".join(f"{name} is {' or '.join(values)}" for name, values in reference.when.items())
    source = sources.get(collection.system)
    path: tuple[object, ...] = ("collections", collection.name, "fields", reference.fields[0], reference.kind)
    line = source.line(path) if source else collection.line
    return Arrow(
        reference.kind,
        f"{collection.system}/{collection.name}",
        f"{reference.system}/{reference.collection}",
        reference.fields,
        line,
        text,
    )
