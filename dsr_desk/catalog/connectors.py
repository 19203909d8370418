"""Ready descriptions of well-known systems: a catalog file starts from one and overrides below."""

from __future__ import annotations

import re
from pathlib import Path

from dsr_desk.bundled import bundled
from dsr_desk.catalog.document import LARGEST_FILE, Mark, Node, merge, parse
from dsr_desk.catalog.problem import Problem, did_you_mean, join, quote

FOLDER = "connectors"
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
#: A system's own file can take away a collection (depth 2) or a field (depth 4) of its connector.
_DROPPABLE = frozenset({2, 4})


def connectors(workspace: Path) -> dict[str, Path]:
    """The connectors there are, by name: those of this installation, and those in the workspace, which win."""
    found: dict[str, Path] = {}
    for folder in (bundled(FOLDER), workspace / FOLDER):
        if folder.is_dir():
            found |= {p.stem: p for p in sorted(folder.glob("*.yaml")) if _NAME.fullmatch(p.stem) and p.is_file()}
    return found


def start_from_connector(node: Node, file: str, workspace: Path, used: dict[str, bytes]) -> tuple[Node | None, list[Problem]]:
    """The tree of a file laid over the connector it names; ``None`` where there is none to be read.

    ``used`` gets the connector's bytes, by name.
    """
    named = node.child("connector")
    if named is None or not isinstance(named.value, str) or not named.value:
        return node, []
    known = connectors(workspace)
    mark = named.mark
    path = known.get(named.value)
    if path is None:
        message = f"There is no connector {quote(named.value)}."
        hint = did_you_mean(named.value, known) or (f"There are {join(sorted(known))}." if known else "Write the description out.")
        return None, [Problem("error", mark.file, mark.line, mark.column, "connector", message, hint, _system(node))]
    name = f"{FOLDER}/{path.name}"
    try:
        with path.open("rb") as stream:
            data = stream.read(LARGEST_FILE + 1)
    except OSError:
        message = f"The connector {quote(named.value)} can't be read."
        return None, [Problem("error", mark.file, mark.line, mark.column, "connector", message, "Check its permissions.")]
    base, problems = parse(name, data)
    used[name] = data
    if base is None:
        return None, problems
    for key in ("system", "connector"):
        if key in base.keys:
            at: Mark = base.keys[key]
            problems.append(
                Problem(
                    "error",
                    at.file,
                    at.line,
                    at.column,
                    key,
                    f"A connector has no {key}: of its own.",
                    "Delete the line.",
                    _system(node),
                )
            )
    return merge(base, node, _DROPPABLE), problems


def _system(node: Node) -> str:
    named = node.child("system")
    return named.value if named and isinstance(named.value, str) else ""
