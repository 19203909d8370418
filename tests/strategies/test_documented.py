"""The table of strategies in docs/catalog.md says what the strategies say of themselves, and its examples are good."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from dsr_desk import strategies
from dsr_desk.model.schema import Column
from dsr_desk.plugins import plugins
from dsr_desk.strategies.base import Strategy

KNOWN = plugins(strategies, Strategy)
PAGE = (Path(__file__).parents[2] / "docs" / "catalog.md").read_text("utf-8")
ROWS = {
    m[1]: [c.strip() for c in m[0].strip("|").split("|")] for m in re.finditer(r"^\| `(\w+)` \|.*\| (yes|no) \|.*$", PAGE, re.M)
}
#: What a word of the table means in types.
WORDS = {
    "numbers": {"integer", "decimal", "float"},
    "dates": {"date", "datetime"},
    "text": {"text"},
    "times": {"time"},
    "UUIDs": {"uuid"},
    "bytes": {"binary"},
    "JSON": {"json"},
}


def test_every_strategy_has_its_row() -> None:
    assert ROWS.keys() == KNOWN.keys()


@pytest.mark.parametrize("name", KNOWN)
def test_the_row_says_what_the_strategy_says(name: str) -> None:
    about = KNOWN[name].about()
    _, does, columns, settings, deterministic, reversible, in_law = ROWS[name]
    assert does and about.does.endswith(".")
    assert (deterministic, reversible, in_law) == (_yes(about.deterministic), _yes(about.reversible), about.in_law)
    listed = re.sub(r"\(.*?\)", "", settings)
    assert set(re.findall(r"`(\w+)`", listed)) == set(about.parameters)
    if about.takes:
        said = set().union(*(WORDS[w.strip()] for w in columns.split(",")))
        assert said == set(about.takes)
    else:
        assert columns.startswith("all")


def test_what_it_says_of_all_columns() -> None:
    """``constant`` lists what it can't write; ``null`` what may not be NULL."""
    refused = {
        k for k in ("time", "binary", "date", "text", "json") if _refuses("constant", Column("c", k), {"value": "1999-12-31"})
    }  # type: ignore[arg-type]
    assert refused == {"time", "binary", "json"}
    assert _refuses("null", Column("c", "text", nullable=False), {})
    assert not _refuses("default", Column("c", "text", nullable=False), {})


EXAMPLES = [e for e in re.findall(r"`(\{[a-z]+: [^`]+\})`", PAGE) if YAML(typ="safe").load(e).keys() & KNOWN.keys()]


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_is_good(example: str) -> None:
    ((name, settings),) = YAML(typ="safe").load(example).items()
    strategy = KNOWN[name]
    params = settings if isinstance(settings, dict) else {next(iter(strategy.parameters)): settings}
    assert not list(strategy.misuses(params))


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 8


def _yes(flag: bool) -> str:
    return "yes" if flag else "no"


def _refuses(name: str, column: Column, params: dict[str, object]) -> bool:
    return KNOWN[name]().refuses(column, params) is not None
