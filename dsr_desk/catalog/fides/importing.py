"""A fides dataset → the plain data of a catalog file, and what a person has to decide that fides doesn't know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from dsr_desk.catalog.document import ABSENT
from dsr_desk.catalog.fides import meaning
from dsr_desk.catalog.fides.names import Names, flat

#: What names a record where neither fides nor the live system says so.
_KEYS = ("_id", "id", "ID", "Id", "uuid")


@dataclass
class Imported:
    """A catalog file as plain data, and sentences about it, by collection or ``""``."""

    system: str
    document: dict[str, Any]
    notes: dict[str, list[str]] = field(default_factory=dict)

    def note(self, place: str, text: str) -> None:
        """Something that a person should look at."""
        self.notes.setdefault(place, []).append(text)


def imported(
    dataset: Mapping[str, Any], system: str, address: Mapping[str, str], names: Names, keys: Mapping[str, tuple[str, ...]]
) -> Imported:
    """The catalog file for a dataset.

    ``address`` has ``driver`` and ``url`` or ``path``; ``keys`` are the primary keys of the live collections, where they are known.
    """
    document: dict[str, Any] = {"system": system}
    if isinstance(dataset.get("name"), str) and dataset["name"]:
        document["title"] = dataset["name"]
    document |= address
    made = Imported(system, document)
    kept = {k: v for k, v in dataset.items() if k not in ("collections", "name", "fides_key")}
    if dataset["fides_key"] != system:
        kept["fides_key"] = dataset["fides_key"]
    if "name" in dataset and "title" not in document:
        kept["name"] = dataset["name"]
    if dataset.get("collections") is None and "collections" in dataset:
        kept["collections"] = dataset["collections"]
    if kept:
        document["fides"] = kept
    document["collections"] = {
        c["name"]: _collection(made, c, names, keys.get(c["name"], ())) for c in dataset.get("collections") or ()
    }
    _persons(made)
    return made


def _collection(made: Imported, collection: Mapping[str, Any], names: Names, key: tuple[str, ...]) -> dict[str, Any]:
    targets, origins = partial(names.target, made.system), partial(names.origin, made.system)
    paths = list(flat(collection.get("fields")))
    leaves = {path: f for path, f, outer in paths if not outer}
    said = tuple(path for path, f in leaves.items() if meaning.primary(f))
    key = said or tuple(k for k in key if k in leaves)
    if not key:
        key = next(((name,) for name in _KEYS if name in leaves), ())
        words = (
            f"Neither fides nor the system names its key; {key[0]} is a guess."
            if key
            else "Nothing names its records: say which key."
        )
        made.note(collection["name"], words)
    masking = meaning.meta(collection).get("masking_strategy_override")
    gone = isinstance(masking, dict) and masking.get("strategy") == "delete"
    fields: dict[str, Any] = {}
    kept: dict[str, Any] = {}
    for path, f, outer in paths:
        ours = _field(f, path in key, targets)
        if gone:
            ours.pop("erase", None)
        alone = {k: v for k, v in f.items() if k != "fields" or not outer}
        shown = new_outer(f["name"], path, paths) if outer else {"name": f["name"]}
        if meaning.written(shown, ours, path in said, targets, origins) != alone:
            kept[path] = {k: v for k, v in alone.items() if k != "name"}
        if not outer:
            fields[path] = ours
        _notes(made, collection["name"], path, f)
    document: dict[str, Any] = {"key": list(key)} if key else {}
    document["on_erase"] = "delete" if gone else "redact"
    extra = {k: v for k, v in collection.items() if k not in ("name", "fields")}
    if not fields and collection.get("fields", ABSENT) != []:
        extra["no_fields"] = collection.get("fields", ABSENT)
    if kept:
        extra["fields"] = kept
    if key and not said:
        extra["own_key"] = list(key)
    if extra:
        document["fides"] = extra
    after = meaning.meta(collection).get("erase_after")
    if after:
        made.note(
            collection["name"],
            f"fides erases it after {', '.join(map(str, after))}; here systems are written in the catalog's order.",
        )
    if meaning.meta(collection).get("skip_processing"):
        made.note(collection["name"], "fides leaves it out (skip_processing); here it is searched.")
    document["fields"] = fields
    return document


def new_outer(name: str, path: str, paths: Any) -> dict[str, Any]:
    """An object that others stand in, as it is written where nothing more is known of it."""
    entries = any(p.startswith(f"{path}[].") for p, *_ in paths)
    return {"name": name, "fides_meta": {"data_type": "object[]" if entries else "object"}}


def _field(f: Mapping[str, Any], key: bool, targets: meaning.Targets) -> dict[str, Any]:
    ours: dict[str, Any] = {}
    if (category := meaning.category(f)) is not None:
        ours["category"] = category
    if (identity := meaning.identity(f)) is not None:
        ours["identity"] = identity
    for kind, found in meaning.references(f, targets).items():
        ours[kind] = found[0] if len(found) == 1 else found
    said, strategy = meaning.erase(f)
    if said and not key:
        ours["erase"] = strategy
    elif not key and {"category", "identity"} & ours.keys():
        ours["erase"] = meaning.undecided(ours)
    return ours


def _notes(made: Imported, collection: str, path: str, f: Mapping[str, Any]) -> None:
    said = meaning.meta(f)
    if len({c for c in f.get("data_categories") or () if isinstance(c, str) and not c.startswith("system")}) > 1:
        made.note(collection, f"{path} has several categories; the first one counts here.")
    override = said.get("masking_strategy_override")
    if isinstance(override, dict) and not meaning.erase(f)[0]:
        made.note(collection, f"{path}: there is no strategy like the masking {override.get('strategy')}; look at its erase.")
    if said.get("read_only"):
        made.note(collection, f"{path} is read_only in fides: nothing may write to it.")


def _persons(made: Imported) -> None:
    """fides knows no person's row: where records carry an identifier and others belong to them, each is taken for a person."""
    collections = made.document["collections"]
    pointed = {
        target.partition(".")[0] if "/" not in target else ""
        for document in collections.values()
        for f in document["fields"].values()
        for target in (f.get("owned_by") if isinstance(f.get("owned_by"), list) else [f.get("owned_by") or ""])
    }
    for name, document in collections.items():
        carries = any("identity" in f for f in document["fields"].values())
        owned = any("owned_by" in f for f in document["fields"].values())
        if name in pointed and carries and not owned:
            collections[name] = {"subject": True, **document}
            made.note(name, "A record is taken for a person, since it carries an identifier and others belong to it.")
