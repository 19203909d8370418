"""The commands that exchange the catalog with fides."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Mapping

from dsr_desk.cli.answer import Answer
from dsr_desk.errors import UsageError
from dsr_desk.flow.desk import Desk


def _import(desk: Desk, a: Namespace) -> Answer:
    places: dict[str, str] = {}
    for text in a.url:
        key, sign, place = text.partition("=")
        named = sign and "/" not in key and ":" not in key
        if (key if named else "") in places:
            raise UsageError("Two places are given for one dataset.", "Write --url once for each: --url DATASET=URL.")
        places[key if named else ""] = place if named else text
    written = desk.import_fides(a.file, places, a.name)
    document = {
        "systems": [
            {
                "system": w.system,
                "file": str(w.file),
                "notes": [{"collection": place or None, "note": note} for place, note in w.notes],
            }
            for w in written
        ]
    }
    lines = []
    for w in written:
        lines.append(f"{w.system}: {w.file}")
        lines += [f"  {place}: {note}" if place else f"  {note}" for place, note in w.notes]
    return 0, document, [*lines, "Read each file, mend it, then: dsr-desk catalog check"]


def _export(desk: Desk, a: Namespace) -> Answer:
    notes = desk.export_fides(a.systems, a.to)
    return 0, {"file": str(a.to), "left_out": notes}, [str(a.to), *(f"  {note}" for note in notes)]


VERBS: Mapping[str, Callable[[Desk, Namespace], Answer]] = {"catalog import-fides": _import, "catalog export-fides": _export}
