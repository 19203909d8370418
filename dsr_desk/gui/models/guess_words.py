"""What a guess says, in words, for people who don't read the file that it is written into."""

from __future__ import annotations

from typing import Any

from dsr_desk.catalog.document import parse
from dsr_desk.gui.models.form_model import KIND_WORDS
from dsr_desk.gui.models.wording import in_words
from dsr_desk.gui.widgets.words import TITLES, category_word, kind_word

_ENDS = {"delete": "the row goes", "redact": "the row stays, its fields are erased", "keep": "the row is kept"}
_ERASED = {
    "null": "it is emptied",
    "blank": "it is made blank",
    "random": "a random value",
    "pseudonym": "a pseudonym",
    "generalise": "it is made coarser",
}
#: Targets and names that are told one by one.
_TOLD = 3


def guess_words(says: str) -> str:
    """``key: [id]`` → ``A row is named by id``; the line itself where there are no words for it."""
    node, problems = parse("guess", says.encode())
    whole = node.plain() if node is not None and not problems else None
    if not isinstance(whole, dict) or len(whole) != 1:
        return says
    ((key, value),) = whole.items()
    return _words(str(key), value) or says


def _words(key: str, value: Any) -> str:
    if key in KIND_WORDS:
        whom = _targets(value)
        return f"The row {KIND_WORDS[key]} {whom}" if whom else ""
    match key, value:
        case "key", list():
            return f"A row is named by {in_words([str(v) for v in value])}"
        case "subject", True:
            return "A row is a person"
        case "subject", _:
            return "A row is a person where a condition holds"
        case "category", _:
            return f"Personal: {_category(_plain(value))}{_where(value)}"
        case "identity", _:
            return f"A person is found by it, as {kind_word(_plain(value))}{_where(value)}"
        case "identities", dict():
            return f"Together a person is found by them, as {in_words([kind_word(str(v)) for v in value])}"
        case "mentions", True:
            return "Free text in which a person may be named"
        case "on_erase", str():
            return f"On erasure {_ENDS[value]}" if value in _ENDS else ""
        case "keep", dict():
            reason = f": {value['reason']}" if value.get("reason") else ""
            return f"Kept under Art. {value.get('ground', '')}{reason}"
        case "erase", _:
            return f"On erasure {_erased(value)}"
        case "references", list():
            return "; ".join(dict.fromkeys(f"The row {KIND_WORDS[k]} {name}" for k, name in _names(value)))
    return ""


def _category(category: str) -> str:
    """``e-mail address``; the way to it where nobody worded it: ``name, first``."""
    return (TITLES.get(category) or ", ".join(category_word(category).replace("_", " ").split("."))).lower()


def _plain(value: Any) -> str:
    return str(value.get("is", "")) if isinstance(value, dict) else str(value)


def _where(value: Any) -> str:
    return ", where a condition holds" if isinstance(value, dict) else ""


def _targets(value: Any) -> str:
    if not isinstance(value, list):
        value = [value]
    names = [str(one.get("to", "") if isinstance(one, dict) else one).rpartition(".")[0] for one in value]
    return _few(list(dict.fromkeys(names)), " or ")


def _names(value: list[Any]) -> list[tuple[str, str]]:
    found = [(kind, one.get(kind)) for one in value if isinstance(one, dict) for kind in KIND_WORDS]
    return [(kind, str(name)) for kind, name in found if name]


def _few(names: list[str], last: str) -> str:
    told = names[:_TOLD]
    if len(names) > _TOLD:
        return f"{', '.join(told)}{last}{len(names) - _TOLD} more"
    return last.join([", ".join(told[:-1]), told[-1]]) if len(told) > 1 else "".join(told)


def _erased(value: Any) -> str:
    name = "null" if value is None else str(next(iter(value), "")) if isinstance(value, dict) else str(value)
    if name == "constant" and isinstance(value, dict):
        return f"it becomes “{value[name]}”"
    return _ERASED.get(name, f"it is replaced ({name})")
