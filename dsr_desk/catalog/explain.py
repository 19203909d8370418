"""What pydantic found wrong, said with place, key, what was expected and what was found."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from dsr_desk.catalog.document import Node, resolve
from dsr_desk.catalog.problem import Problem, did_you_mean, join, quote
from dsr_desk.catalog.shape import FORMS, keys_of, shape_at

_EXPECTED = {
    "string_type": "a text",
    "string_too_short": "a text that is not empty",
    "bool_type": "true or false",
    "dict_type": "a mapping (keys with values)",
    "model_type": "a mapping (keys with values)",
    "model_attributes_type": "a mapping (keys with values)",
    "list_type": "a list such as [a, b]",
    "too_short": "a list or mapping with at least one entry",
}
_CODES = {"extra_forbidden": "catalog.unknown_key", "missing": "catalog.missing_key", "empty": "catalog.empty_key"}
_PATTERNS = {
    "system": "small letters, digits, _ and -, starting with a letter or digit",
    "region": "a country code of two capital letters such as DE",
}


def explain(error: ValidationError, node: Node, system: str) -> list[Problem]:
    """One problem for each thing that is wrong in a file."""
    data = node.plain()
    return [_problem(details, node, data, system) for details in error.errors(include_url=False, include_context=True)]


def _problem(details: ErrorDetails, node: Node, data: Any, system: str) -> Problem:
    path = _path(details["loc"], data)
    kind = details["type"]
    hint = ""
    on_key = kind in ("extra_forbidden", "missing") or details["input"] is None or details["loc"][-1:] == ("[key]",)
    if kind == "extra_forbidden":
        key = str(path[-1])
        shape = shape_at(path[:-1])
        known = keys_of(shape) if shape else []
        message = f"{quote(key)} is not a key that can stand here."
        hint = did_you_mean(key, known) or (f"Known here: {join(known)}. A newer program may know more." if known else "")
        if any(word in key.lower() for word in ("password", "passwd", "secret", "token", "api_key")):
            hint = "A password never stands in the catalog. Give it in a terminal: dsr-desk secret set SYSTEM."
    elif kind == "missing":
        message = f"{path[-1]}: is missing."
        hint = f"Expected here: {_describe(path)}." if _describe(path) else ""
    elif kind == "empty":
        message = f"{_name(path)}: is empty."
        hint = "Write a value after it, or delete the line."
    elif kind == "literal_error":
        words = _words(details)
        message = f"{path[-1]} is {found(details['input'])}, and must be {join(words, 'or')}."
        hint = did_you_mean(str(details["input"]), words)
    else:
        expected = _expected(details, path)
        message = f"{_name(path)} must be {expected}; found {found(details['input'])}."
        if kind == "string_type" and isinstance(details["input"], bool | int | float):
            hint = f'Put quotes around it: "{_yaml(details["input"])}".'
        elif kind in ("model_type", "dict_type") and details["input"] is None:
            hint = (
                "Write {} for a field that is known and not personal." if _is_field(path) else "Write its keys below it, indented."
            )
        elif kind == "list_type" and isinstance(details["input"], str):
            hint = f"Write [{quote(details['input'])}]."
    mark = node.place(path, key=on_key)
    code = _CODES.get(kind, "catalog.wrong_value")
    return Problem("error", mark.file, mark.line, mark.column, _dotted(path), message, hint, system, *_where(path), code)


def _path(loc: tuple[int | str, ...], data: Any) -> tuple[int | str, ...]:
    """The path in the file: ``loc`` without the names of the forms that pydantic tried."""
    path: list[int | str] = []
    for at, step in enumerate(loc):
        inside = step in data if isinstance(data, dict) else isinstance(data, list) and isinstance(step, int)
        if inside:
            data = data[step]
        elif not (at == len(loc) - 1 and isinstance(data, dict) and step not in ("[key]", *FORMS)):
            continue
        path.append(step)
    return tuple(path)


def _expected(details: ErrorDetails, path: tuple[int | str, ...]) -> str:
    kind = details["type"]
    if kind == "expected":
        return details["msg"]
    if kind == "string_pattern_mismatch":
        return _PATTERNS.get(str(path[-1]), "a text of another form")
    return _EXPECTED.get(kind, "something else")


def _words(details: ErrorDetails) -> list[str]:
    return [w.strip("'") for w in str(details["ctx"]["expected"]).replace(" or ", ", ").split(", ")]


def _describe(path: tuple[int | str, ...]) -> str:
    shape = shape_at(path[:-1])
    info = shape.model_fields.get(str(path[-1])) if shape else None
    text = (info.description or "") if info else ""
    return text[:1].lower() + text[1:]


def _is_field(path: tuple[int | str, ...]) -> bool:
    return len(path) == 4 and path[2] == "fields"


def _name(path: tuple[int | str, ...]) -> str:
    names = [quote(p) for p in path if isinstance(p, str)]
    if path and isinstance(path[-1], int):
        return f"Entry {path[-1] + 1} of {names[-1] if names else 'the list'}"
    return names[-1] if names else "The file"


def _where(path: tuple[int | str, ...]) -> tuple[str, str]:
    collection = str(path[1]) if len(path) > 1 and path[0] == "collections" else ""
    field = str(path[3]) if len(path) > 3 and path[2] == "fields" else ""
    return collection, field


def _dotted(path: tuple[int | str, ...]) -> str:
    return ".".join(quote(str(p)) for p in path)


def _yaml(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def found(value: Any) -> str:
    """A value of a catalog file in words: what kind it is and, where short, what it says."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return f"the truth value {_yaml(value)}"
    if isinstance(value, int | float):
        return f"the number {quote(str(value))}"
    if isinstance(value, str):
        looks_like_more = not isinstance(resolve(value), str)
        return f'the text "{quote(value)}"' if looks_like_more else quote(value)
    if isinstance(value, dict):
        return f"a mapping of {join(quote(str(k)) for k in list(value)[:3])}" if value else "an empty mapping"
    return "a list" if value else "an empty list"
