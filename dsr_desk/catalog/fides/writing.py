"""Plain data as the text of a catalog file, or of a file of fides datasets, as people write them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from io import StringIO
from typing import Any

from ruamel.yaml import YAML

from dsr_desk.catalog.discovery.writing import scalar
from dsr_desk.catalog.fides.importing import Imported

_HEADER = """\
# Made from a fides dataset. Nothing in it counts before somebody looked at it and accepted it.
# What stands under fides: is what fides says beyond it; it is kept for the way back, and nothing here follows it.
"""


def catalog_text(made: Imported) -> str:
    """The catalog file: a line a field, and what a person has to decide above its collection."""
    return _HEADER + "".join(f"{line}\n" for line in _lines(made))


def fides_text(datasets: Sequence[Mapping[str, Any]]) -> str:
    """A file of datasets."""
    yaml = YAML()
    yaml.width = 10_000  # a value a line, however long
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.representer.ignore_aliases = lambda _: True
    out = StringIO()
    yaml.dump({"dataset": list(datasets)}, out)
    return out.getvalue()


def _lines(made: Imported) -> Iterator[str]:
    yield from (f"# {_shown(note)}" for note in made.notes.get("", ()))
    for key, value in made.document.items():
        if key != "collections":
            yield f"{key}: {_flow(value)}"
    collections = made.document["collections"]
    yield "collections:" if collections else "collections: {}"
    for name, collection in collections.items():
        yield from (f"  # {_shown(note)}" for note in made.notes.get(name, ()))
        yield f"  {scalar(name)}:"
        for key, value in collection.items():
            below = value if key == "fields" else value.get("fields") if key == "fides" else None
            if not below:
                yield f"    {key}: {_flow(value)}"
                continue
            yield f"    {key}:"
            if key == "fides":
                yield from (f"      {scalar(k)}: {_flow(v)}" for k, v in value.items() if k != "fields")
                yield "      fields:"
            yield from (f"{'      ' if key == 'fields' else '        '}{scalar(path)}: {_flow(f)}" for path, f in below.items())


def _flow(value: Any) -> str:
    """Any plain data on one line."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{scalar(k)}: {_flow(v)}' for k, v in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_flow, value))}]"
    return scalar(value) if isinstance(value, str) else json.dumps(value)


def _shown(text: str) -> str:
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
