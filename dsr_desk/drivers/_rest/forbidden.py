"""What stands against a step before it is tried: a way that nobody described, a key or a value that can't be sent."""

from __future__ import annotations

from collections.abc import Iterator

from dsr_desk.drivers._rest.answer import written
from dsr_desk.drivers._rest.records import Records
from dsr_desk.drivers._rest.writing import addressable
from dsr_desk.model.plan import Step


def reasons(records: Records, step: Step) -> Iterator[tuple[str, str, str]]:
    """Field (or none), why, and what mends it."""
    endpoint = records.endpoint
    order = endpoint.delete if step.action == "delete" else endpoint.update
    if order is None:
        word = "delete" if step.action == "delete" else "update"
        yield "", f"its catalog file does not say how a record is {word}d", f"Write {word}: in the options of the collection"
        return
    read = endpoint.read.path if endpoint.read else order.path
    if not (addressable(order.path, step.key) and addressable(read, step.key)):
        yield "", "its key can't stand in the address of a record", "Deal with this record in the service itself"
        return
    if endpoint.update is None or step.action == "delete":
        return
    for name, value in step.writes.items():
        if name in records.collection.key:
            yield name, "it is the key by which the record is found", "Let the key stay"
        elif name not in step.before:
            yield name, "the record has no such field", "Leave the field out of this record"
        else:
            try:
                written(value)
            except (TypeError, ValueError):
                yield name, "JSON has no form for the new value", "Choose another strategy under erase:"
