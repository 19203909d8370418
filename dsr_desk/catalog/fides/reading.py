"""A file of fides datasets, as plain data; what is wrong with its form is said with its line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dsr_desk.catalog.document import Node, parse
from dsr_desk.catalog.problem import Problem, quote
from dsr_desk.errors import CatalogError

#: The largest file of datasets that is read, in bytes.
LARGEST = 10_000_000
_DEEPEST = 20


def datasets(file: str, data: bytes) -> list[dict[str, Any]]:
    """Every dataset of the file. ``CatalogError`` with the first thing that is wrong, and how many more there are."""
    node, problems = parse(file, data, LARGEST)
    problems = [*problems, *(_wrong(file, node) if node else ())]
    if node is None or problems:
        first = problems[0]
        more = f" And {len(problems) - 1} more." if len(problems) > 1 else ""
        raise CatalogError(f"{first.where}: {first.message}{more}", first.hint)
    found: list[dict[str, Any]] = node.plain()["dataset"]
    return found


def _wrong(file: str, node: Node) -> Iterator[Problem]:
    listed = node.child("dataset")
    if listed is None or not isinstance(listed.value, list) or not listed.value:
        yield _problem(file, node, "This is no file of fides datasets.", "It begins with dataset: and a list below it.")
        return
    for dataset in listed.value:
        yield from _named(file, dataset, "fides_key", "dataset")
        if isinstance(dataset.value, dict):
            yield from _several(file, dataset, "collections", "collection", 1)


def _several(file: str, node: Node, key: str, what: str, depth: int) -> Iterator[Problem]:
    below = node.child(key)
    if below is None or below.value is None:
        return
    if not isinstance(below.value, list):
        yield _problem(file, below, f"{key}: is no list.", f"Write each {what} as an entry of its own, beginning with a dash.")
        return
    if depth > _DEEPEST:
        yield _problem(file, below, f"This is nested more than {_DEEPEST} levels deep.", "Name the outer object alone.")
        return
    seen: set[str] = set()
    for entry in below.value:
        wrong = list(_named(file, entry, "name", what))
        yield from wrong
        if wrong:
            continue
        name = entry.child("name").value
        if name in seen:
            yield _problem(file, entry, f"The {what} {quote(name)} stands here twice.", "Keep one of them.")
        elif what == "field" and ("." in name or name.endswith("[]")):
            hint = "Nested fields stand under fields: of the outer one."
            yield _problem(file, entry, f"The field {quote(name)} has a dot or brackets in its name.", hint)
        seen.add(name)
        yield from _several(file, entry, "fields", "field", depth + 1)


def _named(file: str, node: Node, key: str, what: str) -> Iterator[Problem]:
    if not isinstance(node.value, dict):
        yield _problem(file, node, f"This {what} is no mapping.", f"Begin it with {key}: and its name.")
        return
    name = node.child(key)
    if name is None or not isinstance(name.value, str) or not name.value:
        yield _problem(file, name or node, f"This {what} has no {key}.", f"Write {key}: and its name, in quotes if it is a number.")


def _problem(file: str, node: Node, message: str, hint: str) -> Problem:
    return Problem("error", file, node.mark.line, node.mark.column, "", message, hint)
