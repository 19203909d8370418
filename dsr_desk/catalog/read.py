"""Reading a workspace's catalog: every file, every error, at once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

import dsr_desk.strategies
from dsr_desk.catalog.build import build_system
from dsr_desk.catalog.connectors import start_from_connector
from dsr_desk.catalog.document import LARGEST_FILE, Node, parse
from dsr_desk.catalog.explain import explain
from dsr_desk.catalog.problem import Problem, order, quote
from dsr_desk.catalog.rules import check_rules
from dsr_desk.catalog.shape import FORMAT, SystemFile
from dsr_desk.catalog.source import Source
from dsr_desk.catalog.targets import Targets
from dsr_desk.model.catalog import Catalog, System
from dsr_desk.plugins import plugins
from dsr_desk.strategies.base import Strategy

#: The folder of the catalog inside the workspace.
FOLDER = "catalog"
_SUFFIXES = (".yaml", ".yml")


@dataclass(frozen=True)
class CatalogRead:
    """What a workspace's catalog says.

    ``catalog`` holds every system whose file has the right form; a reference that leads nowhere is left out of it and is an error.
    So with ``errors`` the catalog is good for looking and searching, never for planning. ``broken`` are the systems (or files)
    that could not be taken in at all: they can't be searched. ``files`` are the texts by name, used connectors included.
    """

    catalog: Catalog | None
    problems: tuple[Problem, ...]
    files: Mapping[str, str]
    broken: tuple[str, ...] = ()
    sources: Mapping[str, Source] = field(default_factory=dict, repr=False)

    @property
    def errors(self) -> tuple[Problem, ...]:
        """What has to be mended before anything may be planned."""
        return tuple(p for p in self.problems if p.severity == "error")

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """What somebody should look at."""
        return tuple(p for p in self.problems if p.severity == "warning")

    @property
    def ok(self) -> bool:
        """Whether there is a catalog without errors."""
        return self.catalog is not None and not self.errors


def read_catalog(workspace: Path, instead: Mapping[str, str] | None = None) -> CatalogRead:
    """Read ``catalog/*.yaml`` of a workspace folder. Never raises for what stands in it: every error becomes a ``Problem``.

    ``instead`` are texts by file name (``catalog/shop.yaml``) that count for what stands in those files: what is typed, not saved.
    """
    data, problems = _load(workspace)
    if instead:
        data = dict(sorted({**data, **{name: text.encode("utf-8", "surrogatepass") for name, text in instead.items()}}.items()))
        problems = [p for p in problems if p.file != FOLDER] if data else problems
    sources: dict[str, Source] = {}
    broken: list[str] = []
    connectors: dict[str, bytes] = {}
    for file, content in data.items():
        written, wrong = parse(file, content)
        whole, more = start_from_connector(written, file, workspace, connectors) if written else (None, [])
        source, worse = _shape(file, whole)
        wrong += more + worse
        if source is not None and source.system in sources:
            first = sources[source.system].file
            wrong.append(
                source.error(("system",), f"The system {source.system} already stands in {first}.", "Give one another name.")
            )
            source = None
        problems += wrong
        if source is None or any(p.severity == "error" for p in wrong):
            broken.append(_name(written) or Path(file).stem)
        else:
            sources[source.system] = source
    strategies = plugins(dsr_desk.strategies, Strategy)
    targets = Targets(sources, frozenset(broken))
    systems: dict[str, System] = {}
    for name, source in sources.items():
        systems[name], wrong = build_system(source, targets, strategies)
        problems += wrong
    catalog = Catalog(systems, digest({**data, **connectors})) if systems else None
    if catalog:
        problems += check_rules(catalog, sources, strategies)
    texts = {name: content.decode("utf-8-sig", "replace") for name, content in {**data, **connectors}.items()}
    return CatalogRead(catalog, order(problems), texts, tuple(broken), sources)


def digest(files: Mapping[str, bytes]) -> str:
    """SHA-256 (hex) over the sorted file names and their bytes, each preceded by its length."""
    sha = hashlib.sha256()
    for name in sorted(files):
        for part in (name.encode("utf-8"), files[name]):
            sha.update(len(part).to_bytes(8, "big") + part)
    return sha.hexdigest()


def _load(workspace: Path) -> tuple[dict[str, bytes], list[Problem]]:
    folder = workspace / FOLDER
    data: dict[str, bytes] = {}
    problems: list[Problem] = []
    try:
        entries = sorted(folder.iterdir(), key=lambda p: p.name)
    except OSError:
        return {}, [
            Problem("error", FOLDER, 0, 0, "", "The folder catalog can't be read.", "Make it, and put one file per system into it.")
        ]
    for entry in entries:
        file = f"{FOLDER}/{entry.name}"
        if entry.name.startswith(".") or entry.suffix.lower() not in _SUFFIXES:
            continue
        if not entry.name.isprintable():
            shown = f"{FOLDER}/{quote(entry.name)}"
            problems.append(
                Problem("error", shown, 0, 0, "", "The file's name holds a character that can't be shown.", "Rename it.")
            )
            continue
        try:
            if not entry.is_file():
                raise OSError
            with entry.open("rb") as stream:
                data[file] = stream.read(LARGEST_FILE + 1)
        except OSError:
            problems.append(
                Problem("error", file, 0, 0, "", "The file can't be read.", "Check that it is a file, and its permissions.")
            )
    if not data and not problems:
        problems.append(
            Problem("error", FOLDER, 0, 0, "", "The catalog is empty.", "Add one .yaml file per system to the folder catalog.")
        )
    return data, problems


def _shape(file: str, node: Node | None) -> tuple[Source | None, list[Problem]]:
    if node is None:
        return None, []
    if newer := _newer(node):
        return None, [newer]
    try:
        return Source(file, node, SystemFile.model_validate(node.plain())), []
    except ValidationError as error:
        return None, explain(error, node, _name(node))


def _newer(node: Node) -> Problem | None:
    """One clear error for a file of a later form, in place of one for each of its keys that nobody knows yet."""
    said = node.child("format")
    if said is None or not isinstance(said.value, int) or isinstance(said.value, bool) or said.value <= FORMAT:
        return None
    mark = said.mark
    message = f"The file is written for a newer version of the program: format {said.value}, and this one reads format {FORMAT}."
    hint = "Install the newer version, or bring back a version of the catalog that was accepted with this one."
    return Problem("error", mark.file, mark.line, mark.column, "format", message, hint, _name(node), code="catalog.newer_format")


def _name(node: Node | None) -> str:
    named = node.child("system") if node else None
    return named.value if named and isinstance(named.value, str) else ""
