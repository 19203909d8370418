"""How datasets and their nested fields are called here: ``a.b`` inside an object, ``a[].b`` in every entry of a list of objects."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from dsr_desk.catalog.fides.meaning import meta

_OUTSIDE = re.compile(r"[^a-z0-9_-]+")


def system_name(fides_key: str) -> str:
    """The name of the system for a dataset: small letters, digits, ``_`` and ``-``."""
    made = _OUTSIDE.sub("_", fides_key.lower()).strip("_-")[:63]
    return made if made and not made.isdigit() else f"dataset_{made}"[:63]


def flat(fields: Sequence[Mapping[str, Any]] | None, above: str = "") -> Iterator[tuple[str, Mapping[str, Any], bool]]:
    """Every field with its path, outer ones first; the last part says whether others stand below it."""
    for field in fields or ():
        path = f"{above}{field['name']}"
        inner = field.get("fields")
        yield path, field, bool(inner)
        if inner:
            entries = str(meta(field).get("data_type", "")).endswith("[]")
            yield from flat(inner, f"{path}[]." if entries else f"{path}.")


class Names:
    """The systems and their fields by the names that fides gives them; a target that nobody knows keeps its name."""

    def __init__(self, systems: Mapping[str, str], fields: Mapping[str, Mapping[str, Sequence[str]]]) -> None:
        """``systems``: dataset → system. ``fields``: system → collection → paths."""
        self._systems = systems
        self._datasets = {system: dataset for dataset, system in systems.items()}
        self._paths = {
            system: {f"{name}.{bare(path)}": f"{name}.{path}" for name, paths in collections.items() for path in paths}
            for system, collections in fields.items()
        }

    def target(self, own: str, dataset: str, path: str) -> str:
        """What a catalog file of the system ``own`` writes for a field of a dataset."""
        system = self._systems.get(dataset) or system_name(dataset)
        found = self._paths.get(system, {}).get(path, path)
        return found if system == own else f"{system}/{found}"

    def origin(self, own: str, target: str) -> tuple[str, str]:
        """Dataset and field of a target."""
        system, slash, rest = target.partition("/")
        if not slash:
            system, rest = own, target
        return self._datasets.get(system, system), bare(rest)


def bare(path: str) -> str:
    """A path as fides writes it: it marks no lists."""
    return path.replace("[]", "")
