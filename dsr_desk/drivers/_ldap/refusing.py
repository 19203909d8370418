"""What a directory's schema and tree are known to say against a step, without trying it."""

from __future__ import annotations

from collections.abc import Iterator

from dsr_desk.drivers._ldap.attributes import Attributes, UnfitError
from dsr_desk.drivers._ldap.dn import parse
from dsr_desk.model.catalog import Collection
from dsr_desk.model.plan import Refusal, Step
from dsr_desk.model.values import Value, as_text

_LEAVE = "Leave the field as it is (erase: null), or delete the record"


def writing(collection: Collection, step: Step, dn: str, attributes: Attributes) -> Iterator[Refusal]:
    """One for each attribute that can't become what the step writes; ``dn`` is the entry's name."""
    classes = step.before.get("objectClass")
    texts = [as_text(c) or "" for c in (classes if isinstance(classes, list) else [classes]) if c]
    must, may = attributes.allowed(texts)
    naming = {attributes.first(kind) for kind, _ in (parse(dn) or [[]])[0]}
    for field, value in step.writes.items():
        said = _against(field, value, must, may, naming, attributes)
        if said:
            yield Refusal(collection.system, collection.name, field, *said)


def _against(
    field: str, value: Value, must: frozenset[str], may: frozenset[str] | None, naming: set[str], attributes: Attributes
) -> tuple[str, str] | None:
    first, rule = attributes.first(field), attributes.rule(field)
    if field == "dn" or first in naming:
        return "it is part of the entry's name, which is not changed", "Delete the record, or have a person rename it"
    if first == "objectclass":
        return "it says what the entry is, and is not changed", _LEAVE
    if rule.of_server:
        return "the server writes it by itself", _LEAVE
    if may is not None and first not in may:
        return "the schema does not allow it in such an entry", "Correct the field's name in the catalog"
    try:
        values = attributes.written(field, value)
    except UnfitError as error:
        return error.why, "Let the catalog write a value that the directory's schema allows"
    if not values and first in must:
        return (
            "the schema demands a value of it",
            'Write a constant in its place (erase: {constant: "erased"}), or delete the record',
        )
    if len({one.lower() for one in values}) < len(values):
        return "the same value stands there twice, which a directory refuses", "Write each value once"
    return None


def children(collection: Collection) -> Refusal:
    """The entry has others below it."""
    return Refusal(
        collection.system,
        collection.name,
        "",
        "other entries stand below this one, and a directory deletes none that has any",
        "Describe those as a collection that is deleted first (owned_by), or have a person move them",
    )


def named(collection: Collection, where: str) -> Refusal:
    """Another entry names the one that would be deleted; ``where`` is the attribute that does."""
    return Refusal(
        collection.system,
        collection.name,
        "",
        f"another entry would go on naming it ({where}), as one of a group's members, for instance",
        "Have a person take it out there first; where the server does that by itself, write references: server among the options",
    )
