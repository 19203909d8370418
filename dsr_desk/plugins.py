"""Finding drivers, rights and strategies: by scanning their folder, and by an entry-point group for outsiders."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from functools import cache
from types import ModuleType
from typing import TypeVar

T = TypeVar("T")


@cache
def plugins(package: ModuleType, base: type[T]) -> dict[str, type[T]]:
    """The concrete subclasses of ``base`` by their ``name``, from every module of ``package`` and from its entry-point group.

    The group is the package's name (``dsr_desk.drivers``). ``ValueError`` where two claim one name.
    """
    from importlib.metadata import entry_points  # slow to load, and the first window needs no plugin

    found: dict[str, type[T]] = {}
    modules = [importlib.import_module(m.name) for m in pkgutil.iter_modules(package.__path__, package.__name__ + ".")]
    classes = [c for m in modules for _, c in inspect.getmembers(m, inspect.isclass) if c.__module__ == m.__name__]
    classes += [e.load() for e in entry_points(group=package.__name__)]
    for cls in classes:
        if issubclass(cls, base) and not inspect.isabstract(cls):
            name = str(cls.name)  # type: ignore[attr-defined]  # every port declares it
            if found.setdefault(name, cls) is not cls:
                raise ValueError(f"two classes claim the name {name!r}: {found[name].__qualname__}, {cls.__qualname__}")
    return found
