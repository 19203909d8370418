"""What one field of a fides dataset says, in the words of the catalog, and the other way round: part by part."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

#: Where a field keeps what is not a category: today's name, and that of older files.
METAS = ("fides_meta", "fidesops_meta")
#: How fides and the catalog call one kind of identifier.
_IDENTITIES = {"phone_number": "phone"}
#: Kinds that confirm who somebody is: fides asks nobody for them.
_NOT_ASKED = frozenset({"name", "given_name", "family_name", "date_of_birth"})
#: Categories of what is not personal data.
_SYSTEM = "system"

#: ``(dataset, "collection.path")`` → the target of a reference, as a catalog writes it; and back.
Targets = Callable[[str, str], str]
Origins = Callable[[str], tuple[str, str]]


def meta(of: Mapping[str, Any]) -> Mapping[str, Any]:
    """The ``fides_meta`` of a dataset, collection or field, under either name; empty where there is none."""
    return next((of[name] for name in METAS if isinstance(of.get(name), dict)), {})


# -- a field of fides, in the words of the catalog -----------------------------------------------------------------------


def category(field: Mapping[str, Any]) -> str | None:
    """The first category that is about a person. ``system.operations`` and its like are known, and not personal."""
    found = field.get("data_categories")
    texts = [c for c in found if isinstance(c, str)] if isinstance(found, list) else []
    return next((c for c in texts if c.partition(".")[0] != _SYSTEM), None)


def identity(field: Mapping[str, Any]) -> str | None:
    """The kind of identifier that the field carries."""
    kind = meta(field).get("identity")
    return _IDENTITIES.get(kind, kind) if isinstance(kind, str) and kind else None


def erase(field: Mapping[str, Any]) -> tuple[bool, Any]:
    """Whether the field says how it is masked, in a way that the catalog has a strategy for, and that strategy."""
    override = meta(field).get("masking_strategy_override")
    if not isinstance(override, dict):
        return False, None
    settings = override.get("configuration")
    return _erased(str(override.get("strategy")), settings if isinstance(settings, dict) else {})


def _erased(strategy: str, settings: Mapping[str, Any]) -> tuple[bool, Any]:
    kept = settings.get("format_preservation")
    suffix = {"suffix": kept["suffix"]} if isinstance(kept, dict) and isinstance(kept.get("suffix"), str) else {}
    match strategy:
        case "null_rewrite":
            return True, None
        case "string_rewrite" if isinstance(settings.get("rewrite_value"), str):
            return True, {"constant": settings["rewrite_value"] + suffix.get("suffix", "")}
        case "random_string_rewrite":
            return True, {"random": {"length": settings.get("length", 30), **suffix}}
        case "hash" | "hmac":
            algorithm = str(settings.get("algorithm", "SHA-256")).replace("-", "").lower()
            return True, {strategy: {"algorithm": algorithm, **suffix}}
        case "aes_encrypt":
            return True, "token"
        case "preserve":
            return True, "keep"
        case _:
            return False, None


def undecided(ours: Mapping[str, Any]) -> str | None:
    """The strategy of a field of which fides leaves it to the policy of the day: it ends the value whatever its type.

    A reference is emptied: nothing else would be a reference.
    """
    return None if {"owned_by", "owns"} & ours.keys() else "default"


def references(field: Mapping[str, Any], targets: Targets) -> dict[str, list[str]]:
    """``owned_by`` and ``owns`` with their targets. ``from``: found from there, so it belongs to that; ``to``: leads there."""
    found: dict[str, list[str]] = {}
    for reference in meta(field).get("references") or ():
        if not isinstance(reference, dict):
            continue
        dataset, path = reference.get("dataset"), reference.get("field")
        if isinstance(dataset, str) and isinstance(path, str):
            kind = "owns" if reference.get("direction") == "to" else "owned_by"
            found.setdefault(kind, []).append(targets(dataset, path))
    return found


def primary(field: Mapping[str, Any]) -> bool:
    """Whether the field is part of the primary key."""
    return bool(meta(field).get("primary_key"))


# -- and back ------------------------------------------------------------------------------------------------------------


def written(before: Mapping[str, Any], ours: Mapping[str, Any], key: bool, targets: Targets, origins: Origins) -> dict[str, Any]:
    """A field of fides as it was (``{"name": …}`` for a new one), with each part that the catalog says otherwise put right."""
    made = deepcopy(dict(before))
    if category(made) != (wanted := _word(ours.get("category"))):
        others = [c for c in made.get("data_categories") or () if c != category(made)]
        made["data_categories"] = [wanted, *others] if wanted else others
        if not made["data_categories"]:
            del made["data_categories"]
    if identity(made) != (kind := _word(ours.get("identity"))) and not (kind in _NOT_ASKED and identity(made) is None):
        back = {ours: theirs for theirs, ours in _IDENTITIES.items()}
        say(made, "identity", back.get(kind, kind) if kind and kind not in _NOT_ASKED else None)
    if primary(made) != key:
        say(made, "primary_key", True if key else None)
    if _lead(references(made, targets)) != (leads := _lead(ours)):
        say(made, "references", [_reference(kind, target, origins) for kind, target in leads] or None)
    if "erase" in ours and ours["erase"] != undecided(ours) and erase(made) != (True, ours["erase"]):
        say(made, "masking_strategy_override", override(ours["erase"]))
    return made


def _word(value: Any) -> str | None:
    found = value.get("is") if isinstance(value, dict) else value
    return found if isinstance(found, str) else None


def say(field: dict[str, Any], name: str, value: Any) -> None:
    """Put a word into the ``fides_meta`` of a collection or field, or take it away (``None``)."""
    where = next((m for m in METAS if isinstance(field.get(m), dict)), METAS[0])
    said = field.setdefault(where, {})
    if value is not None:
        said[name] = value
    else:
        said.pop(name, None)
        if not said:
            del field[where]


def _lead(ours: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The targets of a field that fides has a word for. What a row may only see, it sees in fides, too."""
    found = []
    for kind, others in (("owned_by", ("owned_by", "accessed_by")), ("owns", ("owns", "accesses"))):
        for name in others:
            value = ours.get(name)
            for one in value if isinstance(value, list) else [value] if value else []:
                found.append((kind, one["to"] if isinstance(one, dict) else one))
    return found


def _reference(kind: str, target: str, origins: Origins) -> dict[str, str]:
    dataset, path = origins(target)
    return {"dataset": dataset, "field": path, "direction": "to" if kind == "owns" else "from"}


def override(strategy: Any) -> dict[str, Any] | None:
    """The masking that does the same. ``None`` where fides has none: there the policy of the request decides."""
    name, settings = next(iter(strategy.items())) if isinstance(strategy, dict) else (strategy, {})
    settings = settings if isinstance(settings, dict) else {"": settings}
    suffix = {"format_preservation": {"suffix": settings["suffix"]}} if "suffix" in settings else {}
    match name:
        case None | "null":
            return {"strategy": "null_rewrite"}
        case "constant":
            return {
                "strategy": "string_rewrite",
                "configuration": {"rewrite_value": str(settings.get("value", settings.get("", "")))},
            }
        case "random":
            return {"strategy": "random_string_rewrite", "configuration": {"length": settings.get("length", 30), **suffix}}
        case "hash" | "hmac":
            algorithm = str(settings.get("algorithm", settings.get("", "sha256"))).upper().replace("SHA", "SHA-")
            return {"strategy": name, "configuration": {"algorithm": algorithm, **suffix}}
        case "token":
            return {"strategy": "aes_encrypt", "configuration": {"mode": "GCM"}}
        case "keep":
            return {"strategy": "preserve"}
        case _:
            return None
