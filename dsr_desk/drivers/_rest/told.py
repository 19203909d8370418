"""What a catalog file says of a service and its collections, checked as a whole, with the defaults filled in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from dsr_desk.drivers._rest.address import address_of
from dsr_desk.drivers._rest.options import Endpoint, Service
from dsr_desk.drivers._rest.template import names_in_body
from dsr_desk.drivers.base import Wrong
from dsr_desk.errors import DeskError, UsageError
from dsr_desk.model.catalog import Collection, System

Shape = TypeVar("Shape", bound=BaseModel)
_PAGE = "See docs/rest.md for what can stand there."


@dataclass(frozen=True, slots=True)
class Told:
    """A service, and its collections by name."""

    service: Service
    endpoints: Mapping[str, Endpoint]


def told(system: System) -> Told:
    """What can be worked with. ``UsageError`` naming the first key that is wrong."""
    for wrong in wrongs(system):
        key = ".".join(map(str, wrong.path))
        raise UsageError(f"The catalog file of {system.label} is wrong at {key}: {wrong.message}", wrong.hint)
    endpoints = {name: Endpoint.model_validate(c.options) for name, c in system.collections.items()}
    return Told(
        Service.model_validate(system.options),
        {name: _whole(endpoint, system.collections[name]) for name, endpoint in endpoints.items()},
    )


def wrongs(system: System) -> Iterator[Wrong]:
    """Everything that is wrong, in the order of the file."""
    yield from _form(Service, system.options, ("options",))
    try:
        address_of(system.url)
    except DeskError as error:
        yield Wrong(("url",), error.message, error.hint)
    for name, collection in system.collections.items():
        at = ("collections", name, "options")
        found = list(_form(Endpoint, collection.options, at))
        yield from found
        if not found:
            endpoint = _whole(Endpoint.model_validate(collection.options), collection)
            yield from _names(collection, endpoint, at)
            yield from _sense(system, collection, endpoint, at)


def _form(shape: type[Shape], options: Mapping[str, object], at: tuple[str, ...]) -> Iterator[Wrong]:
    try:
        shape.model_validate(options)
    except ValidationError as error:
        for one in error.errors(include_url=False, include_context=False, include_input=False):
            path = (*at, *(str(part) for part in one["loc"]))
            yield Wrong(path, f"{one['msg'].removeprefix('Value error, ').rstrip('.')}.", _PAGE)


def _whole(endpoint: Endpoint, collection: Collection) -> Endpoint:
    """The endpoint with every path written out."""
    path = endpoint.path or f"/{collection.table or collection.name}"
    own = endpoint.read.path if endpoint.read else ""
    own = own or "/".join([path, *(f"{{{name}}}" for name in collection.key)])
    reading = endpoint.read.model_copy(update={"path": own}) if endpoint.read else None
    return endpoint.model_copy(
        update={
            "path": path,
            "listing": endpoint.listing and endpoint.listing.model_copy(update={"path": endpoint.listing.path or path}),
            "find": {n: f.model_copy(update={"path": f.path or path}) for n, f in endpoint.find.items()},
            "read": reading,
            "update": endpoint.update and endpoint.update.model_copy(update={"path": endpoint.update.path or own}),
            "delete": endpoint.delete
            and endpoint.delete.model_copy(
                update={
                    "path": endpoint.delete.path or own,
                    "then": [t.model_copy(update={"path": t.path or own}) for t in endpoint.delete.then],
                }
            ),
        }
    )


def _names(collection: Collection, endpoint: Endpoint, at: tuple[str, ...]) -> Iterator[Wrong]:
    """Names in braces that stand for nothing there."""
    key = collection.key
    used: list[tuple[tuple[str, ...], list[str], Sequence[str]]] = []
    if endpoint.listing:
        names = _within(endpoint.listing)
        used.append((("list",), [n for n in names if not (endpoint.each and n.startswith("each."))], ()))
    for name, finding in endpoint.find.items():
        found = _within(finding)
        used.append((("find", name), found, ("value",)))
        if "value" not in found:
            yield Wrong((*at, "find", name), "{value} stands nowhere, so it would not be asked for anything.", _PAGE)
    for what, call in (("read", endpoint.read), ("update", endpoint.update), ("delete", endpoint.delete)):
        if call is not None:
            found = _within(call)
            used.append(((what,), found, key))
            if missing := [n for n in key if n not in found]:
                yield Wrong((*at, what), f"{{{missing[0]}}} of the key stands nowhere, so no record would be meant.", _PAGE)
    for order in endpoint.delete.then if endpoint.delete else ():
        used.append((("delete", "then"), _within(order), key))
    for where, names, known in used:
        for name in dict.fromkeys(names):
            if name not in known:
                hint = f"Known here: {', '.join(f'{{{k}}}' for k in known)}." if known else _PAGE
                yield Wrong((*at, *where), f"{{{name}}} stands for nothing here.", hint)


def _within(call: BaseModel) -> list[str]:
    """The names in braces that stand in a call."""
    return list(names_in_body([getattr(call, part, None) for part in ("path", "params", "body", "adds")]))


def _sense(system: System, collection: Collection, endpoint: Endpoint, at: tuple[str, ...]) -> Iterator[Wrong]:
    """What can be asked for in no way, or done in none."""
    if not collection.key:
        yield Wrong(at[:2], "It has no key, so its records can't be told apart.", "Write key: with the field that names a record.")
    if endpoint.each and (endpoint.each not in system.collections or endpoint.each == collection.name):
        yield Wrong((*at, "each"), "There is no other collection of that name.", "Name the collection that the lists stand below.")
    kinds = {kind for kind, *_ in collection.identity_fields()}
    for name in endpoint.find:
        if name not in collection.fields and name not in kinds:
            yield Wrong((*at, "find", name), "There is no field and no identity of that name.", "Name the field that is asked for.")
    if endpoint.listing is None:
        for names, kind in asked(collection):
            if kind not in endpoint.find and not (len(names) == 1 and names[0] in endpoint.find):
                what = " and ".join(names)
                yield Wrong(at, f"Nothing says how a record is found by its {what}.", "Write it under find:, or allow list:.")
        for field in collection.fields.values():
            if field.mentions:
                yield Wrong(
                    at, f"{field.name} may mention people, and no list is read in which they would be found.", "Allow list:."
                )
    if endpoint.read is None and endpoint.summary:
        yield Wrong((*at, "summary"), "It says that reading a record gives more, and read: false that none can be.", _PAGE)
    if endpoint.delete and endpoint.delete.then and not (endpoint.read and endpoint.read.gone):
        hint = "Say under read: {gone: …} what a record holds when the last call is done."
        yield Wrong((*at, "delete", "then"), "After the first call nobody could tell whether the others were made.", hint)
    needed = {"delete": endpoint.delete, "redact": endpoint.update}
    if collection.on_erase in needed and needed[collection.on_erase] is None:
        word = {"delete": "delete", "redact": "update"}[collection.on_erase]
        yield Wrong(at, f"on_erase: {collection.on_erase} stands there, and {word}: does not say how.", _PAGE)


def asked(collection: Collection) -> Iterator[tuple[tuple[str, ...], str]]:
    """The fields by which a search asks for records of a collection, each with its kind of identifier, or an empty text."""
    for kind, names, _, _ in collection.identity_fields():
        yield names, kind
    for reference in collection.references:
        yield reference.fields, ""
