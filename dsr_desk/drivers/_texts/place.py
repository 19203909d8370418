"""What a document's place says: which collection it is in, its name and folder, and the fields that its path holds."""

from __future__ import annotations

from collections.abc import Collection as Names

from dsr_desk.drivers._texts.paths import Paths
from dsr_desk.drivers._texts.records import known
from dsr_desk.errors import UsageError
from dsr_desk.model.catalog import Collection
from dsr_desk.model.values import Value

#: Every document's, beside its key.
PLACE = ("name", "folder", "extension")


class Places:
    """The places of one collection. ``glob`` says which paths it has, ``key`` what the field with the path is called.

    ``pattern`` of the collection's options names parts of the path; those that are called like one of the ``taken`` fields are
    no fields of their own.
    """

    def __init__(self, collection: Collection, glob: str, key: str, taken: Names[str]) -> None:
        where = f"{collection.system}/{collection.name}"
        if collection.key not in ((), (key,)):
            raise UsageError(f"{where}: key: is not {key}, which alone names a document.", f"Write key: [{key}] in the catalog.")
        self._key = key
        self._paths = Paths(glob, where)
        written = collection.options.get("pattern")
        self._pattern = Paths(str(written), where) if written else None
        named = self._pattern.fields if self._pattern else ()
        reserved = {key, *PLACE, *taken, *known(collection)}
        self.parts = tuple(field for field in named if field not in reserved)
        self.fields = (key, *PLACE, *self.parts)

    def has(self, path: str) -> bool:
        """Whether the collection has the document with this path."""
        return self._paths.told(path) is not None

    def misfit(self, path: str) -> bool:
        """Whether the path does not fit the pattern that its fields are taken from."""
        return self._pattern is not None and self._pattern.told(path) is None

    def of(self, path: str) -> dict[str, Value]:
        """The fields that the path gives."""
        folder, _, name = path.rpartition("/")
        stem, dot, extension = name.rpartition(".")
        told = (self._pattern.told(path) if self._pattern else None) or {}
        fixed = {self._key: path, "name": name, "folder": folder, "extension": extension.lower() if stem and dot else ""}
        return {**fixed, **{field: told.get(field) for field in self.parts}}
