"""Exchange: datasets of fides become catalog files, and catalog files datasets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dsr_desk.catalog.fides.exporting import exported
from dsr_desk.catalog.fides.importing import Imported, imported
from dsr_desk.catalog.fides.names import Names, flat, system_name
from dsr_desk.catalog.fides.reading import LARGEST, datasets
from dsr_desk.catalog.fides.writing import catalog_text, fides_text
from dsr_desk.errors import DeskError, UsageError
from dsr_desk.flow.access import permitted
from dsr_desk.flow.discover import Discovering
from dsr_desk.flow.systems import driver_class
from dsr_desk.model.catalog import Collection, System
from dsr_desk.store.files import reading, write_atomically


@dataclass(frozen=True, slots=True)
class FromFides:
    """One catalog file that was written, and what a person has to decide: sentences, each with its collection (or none)."""

    system: str
    file: Path
    notes: tuple[tuple[str, str], ...]


class Exchanging(Discovering):
    """The verbs by which the catalog meets another tool's."""

    @permitted("catalog.set")
    def import_fides(self, file: Path, places: Mapping[str, str], name: str = "") -> list[FromFides]:
        """Write ``catalog/NAME.yaml`` for each dataset of a file, or for those that ``places`` names; none where one can't be.

        ``places``: dataset → its URL or path; the key ``""`` stands for the only dataset there is. ``name`` is that system's name.
        The live systems are asked for their keys where they answer. ``CatalogError`` where the file has errors, ``UsageError``
        where a place is missing or names no dataset, ``RefusedError`` where the catalog has such a system.
        """
        found = {d["fides_key"]: d for d in datasets(file.name, _bytes(file))}
        wanted = self._wanted(found, places, name)
        systems = {key: name or system_name(key) for key in wanted}
        names = self._names({key: found[key] for key in wanted}, systems)
        made: list[Imported] = []
        for key, place in wanted.items():
            system = self._at(place, systems[key], "")
            address = {"driver": system.driver, **({"url": system.url} if system.url else {"path": system.path})}
            keys, unasked = self._live_keys(system, [c["name"] for c in found[key].get("collections") or ()])
            one = imported(found[key], system.name, address, names, keys)
            if unasked:
                one.note("", f"The live system was not asked for its keys. {unasked}")
            made.append(one)
        written = []
        for one in made:
            path = self.keep_draft(one.system, catalog_text(one))
            written.append(
                FromFides(one.system, path, tuple((place, note) for place, notes in one.notes.items() for note in notes))
            )
        return written

    def export_fides(self, systems: Iterable[str], to: Path) -> list[str]:
        """Write these systems (none: all) as datasets into a new file; gives sentences on what fides has no word for.

        ``UsageError`` where one is not in the catalog, or the file is there already.
        """
        read = self.usable()
        documents = {s: source.node.plain() for s, source in read.sources.items()}
        chosen = list(systems) or list(documents)
        unknown = [s for s in chosen if s not in documents]
        if unknown:
            raise UsageError(f"The catalog has no system {unknown[0]}.", f"It has {', '.join(documents)}.")
        with reading(to):
            taken = to.exists()
        if taken:
            raise UsageError(f"{to.name} is there already.", "Give another name: nothing is written over.")
        names = self._names({}, {})
        made, notes = [], []
        for system in chosen:
            dataset, left_out = exported(documents[system], names)
            made.append(dataset)
            notes += left_out
        write_atomically(to, fides_text(made).encode("utf-8"), private=False)
        return notes

    def _wanted(self, found: Mapping[str, Any], places: Mapping[str, str], name: str) -> dict[str, str]:
        if "" in places:
            if len(found) > 1 or len(places) > 1:
                listed = ", ".join(found)
                raise UsageError(f"The file has {len(found)} datasets: {listed}.", "Say where each is: --url DATASET=URL.")
            return {next(iter(found)): places[""]}
        for key in places:
            if key not in found:
                raise UsageError(f"The file has no dataset {key}.", f"It has {', '.join(found)}.")
        if not places:
            raise UsageError(
                "Nothing says where the system is.", f"Say it: --url URL, or --url DATASET=URL for {', '.join(found)}."
            )
        if name and len(places) > 1:
            raise UsageError("One name can't stand for several systems.", "Import one dataset at a time, or leave the name out.")
        return dict(places)

    def _names(self, found: Mapping[str, Any], systems: Mapping[str, str]) -> Names:
        """The datasets of a file and the systems of the catalog, by the names that fides gives them."""
        of_catalog = {s: source.node.plain() for s, source in self.catalog_read().sources.items()}
        keys = {(d.get("fides") or {}).get("fides_key", s): s for s, d in of_catalog.items()}
        fields = {
            s: {n: list((c or {}).get("fields") or {}) for n, c in (d.get("collections") or {}).items()}
            for s, d in of_catalog.items()
        }
        for key, dataset in found.items():
            fields[systems[key]] = {c["name"]: [p for p, *_ in flat(c.get("fields"))] for c in dataset.get("collections") or ()}
        return Names({**keys, **systems}, fields)

    def _live_keys(self, system: System, names: Iterable[str]) -> tuple[dict[str, tuple[str, ...]], str]:
        """The primary keys of the live collections; and why they are not known, where the system does not answer."""
        bare = System(
            system.name,
            system.driver,
            url=system.url,
            path=system.path,
            collections={n: Collection(system.name, n, (), {}) for n in names},
        )
        try:
            driver = driver_class(bare)(bare, self.workspace.folder, self.workspace.secret(bare.name))
            try:
                schema = driver.schema()
            finally:
                driver.close()
        except DeskError as error:
            return {}, error.message
        return {n: tuple(c.name for c in live.columns.values() if c.primary_key) for n, live in schema.collections.items()}, ""


def _bytes(file: Path) -> bytes:
    with reading(file), file.open("rb") as stream:
        return stream.read(LARGEST + 1)
