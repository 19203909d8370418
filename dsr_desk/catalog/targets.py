"""Where references lead: ``collection.field`` and ``system/collection.field``, looked up in the whole catalog."""

from __future__ import annotations

from collections.abc import Collection as Names
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from dsr_desk.catalog.problem import Problem, did_you_mean, join, quote
from dsr_desk.catalog.shape import REFERENCE_KINDS, CollectionShape, ReferenceShape, TargetShape, known_fields
from dsr_desk.catalog.source import Source
from dsr_desk.model.catalog import Reference, ReferenceKind


class Targets:
    """Resolves the references of one catalog. ``broken`` are systems whose file can't be read: nothing is said about them."""

    def __init__(self, sources: Mapping[str, Source], broken: Names[str]) -> None:
        self._broken = broken
        self._known = {
            system: {name: known_fields(shape) for name, shape in source.shape.collections.items()}
            for system, source in sources.items()
        }

    def of(self, source: Source, name: str, shape: CollectionShape) -> tuple[list[Reference], list[Problem]]:
        """The references of one collection that lead somewhere, and what is wrong with the others."""
        references: list[Reference] = []
        problems: list[Problem] = []
        for found in self._all(source, name, shape):
            if isinstance(found, Reference):
                references.append(found)
            elif found is not None:
                problems.append(found)
        return references, problems

    def _all(self, source: Source, name: str, shape: CollectionShape) -> Iterator[Reference | Problem | None]:
        here = ("collections", name)
        for field, field_shape in shape.fields.items():
            for kind in REFERENCE_KINDS:
                if (value := getattr(field_shape, kind)) is not None:
                    yield from self._of_field(source, (*here, "fields", field, kind), kind, field, value)
        for at, reference in enumerate(shape.references):
            yield self._composite(source, (*here, "references", at), reference)

    def _of_field(
        self, source: Source, path: tuple[object, ...], kind: ReferenceKind, field: str, value: Any
    ) -> Iterator[Reference | Problem | None]:
        for at, target in enumerate(value if isinstance(value, list) else [value]):
            place = (*path, at) if isinstance(value, list) else path
            text, when = (target.to, target.when or {}) if isinstance(target, TargetShape) else (target, {})
            found = self._find(source, (*place, "to") if isinstance(target, TargetShape) else place, text)
            if isinstance(found, tuple):
                system, collection, to = found
                yield Reference(kind, (field,), system, collection, (to,), when)
            else:
                yield found

    def _find(self, source: Source, place: tuple[object, ...], text: str) -> tuple[str, str, str] | Problem | None:
        """System, collection and field; ``None`` where a broken file keeps us from knowing."""
        system, rest = self._system(source, text)
        if system in self._broken:
            return None
        if system not in self._known:
            return self._no_system(source, place, system)
        collections = self._known[system]
        fits = [(rest[:at], rest[at + 1 :]) for at, char in enumerate(rest) if char == "." and rest[:at] in collections]
        for collection, field in fits:
            if field in collections[collection]:
                return system, collection, field
        if fits:
            return _no_field(source, place, *fits[0], collections[fits[0][0]])
        if rest in collections:
            return source.error(place, f"{quote(text)} names no field.", f"Write the field, too: {quote(text)}.FIELD.")
        return _no_collection(source, place, system, rest.rpartition(".")[0] or rest, collections)

    def _composite(self, source: Source, path: tuple[object, ...], shape: ReferenceShape) -> Reference | Problem | None:
        kinds = [k for k in REFERENCE_KINDS if getattr(shape, k) is not None]
        if len(kinds) != 1:
            message = "A reference over several fields needs exactly one of owned_by, owns, accessed_by, accesses and points_at."
            return source.error(path, message, f"It has {join(kinds) if kinds else 'none of them'}.")
        if len(shape.fields) != len(shape.to):
            message = f"fields names {len(shape.fields)} and to names {len(shape.to)}."
            return source.error((*path, "to"), message, "Both name the same number of fields, in the same order.")
        place = (*path, kinds[0])
        system, name = self._system(source, getattr(shape, kinds[0]))
        if system in self._broken:
            return None
        if system not in self._known:
            return self._no_system(source, place, system)
        collections = self._known[system]
        if name not in collections:
            return _no_collection(source, place, system, name, collections)
        for at, field in enumerate(shape.to):
            if field not in collections[name]:
                return _no_field(source, (*path, "to", at), name, field, collections[name])
        return Reference(kinds[0], tuple(shape.fields), system, name, tuple(shape.to), shape.when or {})

    def _system(self, source: Source, text: str) -> tuple[str, str]:
        """The system a target names, and the rest; a collection of its own may have a slash in its name, too."""
        system, slash, rest = text.partition("/")
        if not slash or any(text == name or text.startswith(name + ".") for name in source.shape.collections):
            return source.system, text
        return system, rest

    def _no_system(self, source: Source, place: tuple[object, ...], system: str) -> Problem:
        hint = did_you_mean(system, self._known) or "Add its file to the catalog, or mend the name."
        return source.error(place, f"There is no system {quote(system)}.", hint)


def _no_collection(source: Source, place: tuple[object, ...], system: str, name: str, known: Iterable[str]) -> Problem:
    hint = did_you_mean(name, known) or "A target is written collection.field, or system/collection.field."
    return source.error(place, f"{quote(system)} has no collection {quote(name)}.", hint)


def _no_field(source: Source, place: tuple[object, ...], collection: str, field: str, known: Iterable[str]) -> Problem:
    hint = did_you_mean(field, known) or f"Add {quote(field)}: {{}} to the fields of {quote(collection)}, or mend the name."
    return source.error(place, f"{quote(collection)} lists no field {quote(field)}.", hint)
