"""Catalog files as somebody types them: checked without asking a system, tried by a search, written only over what was opened."""

from __future__ import annotations

import codecs
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import dsr_desk.drivers
import dsr_desk.strategies
from dsr_desk.catalog.connectors import start_from_connector
from dsr_desk.catalog.document import LARGEST_FILE, Node, parse
from dsr_desk.catalog.live import compare
from dsr_desk.catalog.problem import Problem, order
from dsr_desk.catalog.read import FOLDER, CatalogRead, read_catalog
from dsr_desk.drivers.base import Driver
from dsr_desk.errors import RefusedError, UsageError
from dsr_desk.flow import search as searching
from dsr_desk.flow.access import permitted, recorded
from dsr_desk.flow.catalogs import Catalogs
from dsr_desk.flow.searching.reach import Ask
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.event import Tell, silent
from dsr_desk.model.finding import SearchResult
from dsr_desk.model.schema import Schema
from dsr_desk.plugins import plugins
from dsr_desk.store.files import reading, write_atomically
from dsr_desk.strategies.base import Strategy


@dataclass(frozen=True)
class Typed:
    """What is typed, as it was checked: the whole catalog with it, and every problem, also against the systems' last answers."""

    read: CatalogRead
    problems: tuple[Problem, ...]
    #: Of each text that can be read, right or wrong, what it says: laid over its connector, with places.
    trees: Mapping[str, Node] = field(default_factory=dict, repr=False)


class Editing(Catalogs):
    """The catalog files of a workspace, on their way."""

    def catalog_bytes(self, file: str) -> bytes:
        """A catalog file (``catalog/shop.yaml``) as it is now. ``UsageError`` for any other file."""
        path = self._catalog_path(file)
        with reading(path), path.open("rb") as stream:
            return stream.read(LARGEST_FILE + 1)

    def check_typed(self, texts: Mapping[str, str], schemas: Mapping[str, Schema]) -> Typed:
        """The catalog with these texts in place of its files. No system is asked: ``schemas`` are what they answered last.

        A collection that its system has, and was not asked for, is held against the catalog alone.
        """
        read = read_catalog(self.workspace.folder, texts)
        known, strategies = plugins(dsr_desk.drivers, Driver), plugins(dsr_desk.strategies, Strategy)
        problems = list(read.problems)
        for name, system in read.catalog.systems.items() if read.catalog else ():
            driver, schema = known.get(system.driver), schemas.get(name)
            if driver is None or schema is None or driver.by_hand:
                continue
            there = self._there(name, schema)
            seen = {
                n: c
                for n, c in system.collections.items()
                if n in schema.collections
                or (c.table or n).casefold() not in there  # what it has, but was not asked for, is left out
            }
            problems += compare(replace(system, collections=seen), schema, read.sources[name], strategies, not driver.heavy)
        return Typed(read, order(problems), self.catalog_trees(texts))

    def _there(self, system: str, schema: Schema) -> set[str]:
        """What a system has, by its own names: those that were asked for as the saved catalog has them, and all others."""
        saved = self.systems().get(system)
        asked = [saved.collections[n].table or n for n in schema.collections if saved and n in saved.collections]
        return {n.casefold() for n in (*schema.others, *asked)}

    def catalog_trees(self, texts: Mapping[str, str]) -> dict[str, Node]:
        """What these texts say, each laid over its connector; without those that can't be read."""
        found = {}
        for file, text in texts.items():
            written, _ = parse(file, text.encode("utf-8", "surrogatepass"))
            whole, _ = start_from_connector(written, file, self.workspace.folder, {}) if written else (None, [])
            if (tree := whole or written) is not None:
                found[file] = tree
        return found

    @permitted("catalog.set")
    def save_catalog_file(self, file: str, text: str, was: bytes | None) -> bytes:
        """Write a catalog file whole, with the line ends it had; gives its bytes.

        ``was`` is what was opened (``None``: there was no such file). ``RefusedError``, and nothing is written, where it is
        something else by now.
        """
        path = self._catalog_path(file)
        now = self.catalog_bytes(file) if os.path.lexists(path) else None
        if now != was:
            raise RefusedError(
                f"{file} was changed outside this window since it was opened.",
                "Look at the difference, then keep one of the two.",
            )
        try:
            data = text.replace("\n", "\r\n" if was and b"\r\n" in was else "\n").encode("utf-8")
        except UnicodeEncodeError:
            raise UsageError(f"{file} holds half a character, which no file can hold.", "Delete it.") from None
        data = codecs.BOM_UTF8 * bool(was and was.startswith(codecs.BOM_UTF8)) + data
        if max(len(data), len(was or b"")) > LARGEST_FILE:
            raise UsageError(f"{file} would be longer than a catalog file may be.", "One file describes one system.")
        write_atomically(path, data, private=False)
        return data

    @recorded("search.run")
    def try_catalog(
        self,
        identity: Sequence[tuple[str, str]],
        texts: Mapping[str, str],
        tell: Tell = silent,
        cancel: Cancel | None = None,
    ) -> SearchResult:
        """What a search by the catalog with these texts finds. Nothing is opened or kept; it is recorded as every search is."""
        ask = Ask(searching.checked_identity(identity))
        read = read_catalog(self.workspace.folder, texts)
        if read.catalog is None:
            raise UsageError("There is no system to search.", "Mend the catalog first.")
        with self.opened(read) as systems:
            found = searching.whole(systems, read.broken, ask, tell, cancel or Cancel(), {}, True).result
        with self.workspace.write() as tx:
            tx.append("search.run", searching.counts(found))
        return found

    def _catalog_path(self, file: str) -> Path:
        folder, _, name = file.rpartition("/")
        path = self.workspace.catalog_folder / name
        plain = name and not name.startswith(".") and name.isprintable() and Path(name).name == name
        if folder != FOLDER or not plain or path.suffix.lower() not in (".yaml", ".yml"):
            raise UsageError("That is no file of the catalog.", "Its files lie in the folder catalog, and end in .yaml.")
        return path
