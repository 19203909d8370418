"""The plain data of a catalog file → a fides dataset, and what fides has no word for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from dsr_desk.catalog.document import ABSENT
from dsr_desk.catalog.fides import meaning
from dsr_desk.catalog.fides.importing import new_outer
from dsr_desk.catalog.fides.names import Names

#: What only the catalog knows of a field or a collection, by key.
_OURS = {
    "mentions": "free text that is searched for mentions", "points_at": "names a person whose row it is not",
    "source": "where values come from", "legal_basis": "legal bases",
}  # fmt: skip
_OURS_OF_COLLECTIONS = {
    "keep": "grounds to keep records", "on_restrict": "how processing is restricted", "on_object": "what an objection does",
    "references": "references over several fields", "identities": "identifiers over several fields",
    "automated": "automated decisions",
}  # fmt: skip


def exported(document: Mapping[str, Any], names: Names) -> tuple[dict[str, Any], list[str]]:
    """The dataset, and a sentence for each kind of statement that is left out, since fides has no word for it."""
    kept = dict(document.get("fides") or {})
    dataset: dict[str, Any] = {"fides_key": kept.pop("fides_key", document["system"])}
    if "title" in document:
        dataset["name"] = document["title"]
    dataset |= kept
    if document.get("collections") or "collections" not in kept:
        dataset["collections"] = [
            _collection(document["system"], name, dict(collection or {}), names)
            for name, collection in (document.get("collections") or {}).items()
        ]
    return dataset, list(dict.fromkeys(_left_out(document)))


def _collection(system: str, name: str, collection: Mapping[str, Any], names: Names) -> dict[str, Any]:
    targets, origins = partial(names.target, system), partial(names.origin, system)
    extra = dict(collection.get("fides") or {})
    kept = extra.pop("fields", {})
    not_theirs = extra.pop("own_key", None)
    made: dict[str, Any] = {"name": name, **{k: v for k, v in extra.items() if k != "no_fields"}}
    said = meaning.meta(made).get("masking_strategy_override")
    if (isinstance(said, dict) and said.get("strategy") == "delete") != (collection.get("on_erase") == "delete"):
        meaning.say(made, "masking_strategy_override", {"strategy": "delete"} if collection.get("on_erase") == "delete" else None)
    key = collection.get("key") or []
    named = [] if key == not_theirs else key
    fields: list[dict[str, Any]] = []
    outer: dict[str, dict[str, Any]] = {}
    listed = collection.get("fields") or {}
    ours = {**listed, **{n: {} for n in key if n not in listed}}
    for path, field in ours.items():
        into = fields
        for above, last in _above(path):
            if above not in outer:
                start = kept.get(above)
                outer[above] = {"name": last, **start} if start is not None else new_outer(last, above, [(p,) for p in ours])
                outer[above]["fields"] = []
                into.append(outer[above])
            into = outer[above]["fields"]
        last = path.rpartition(".")[2]
        before = {"name": last, **kept.get(path, {})}
        into.append(meaning.written(before, field or {}, path in named, targets, origins))
    if fields or extra.get("no_fields") != ABSENT:
        made["fields"] = fields or extra.get("no_fields", [])
    return made


def _above(path: str) -> Iterator[tuple[str, str]]:
    """The objects around a field, outermost first: path and name."""
    parts = path.split(".")
    for at in range(1, len(parts)):
        yield ".".join(parts[:at]).removesuffix("[]"), parts[at - 1].removesuffix("[]")


def _left_out(document: Mapping[str, Any]) -> Iterator[str]:
    system = document["system"]
    for name, collection in (document.get("collections") or {}).items():
        for key, what in _OURS_OF_COLLECTIONS.items():
            if (collection or {}).get(key):
                yield f"{system}/{name}: fides has no word for {what} ({key})."
        for path, field in ((collection or {}).get("fields") or {}).items():
            for key, what in _OURS.items():
                if (field or {}).get(key):
                    yield f"{system}/{name}: fides has no word for {what} ({key} of {path})."
            undecided = meaning.undecided(field or {})
            erase = (field or {}).get("erase", undecided)
            if erase != undecided and meaning.override(erase) is None:
                yield f"{system}/{name}: fides masks {path} as the policy of the request says; it has no such strategy."
            if any(isinstance((field or {}).get(k), dict) for k in ("category", "identity")):
                yield f"{system}/{name}: fides knows no condition on {path}; its category or identity holds for every record there."
