"""The catalog of a workspace: read, checked, accepted as a version, and its systems opened."""

from __future__ import annotations

from collections.abc import Mapping

from dsr_desk.catalog.check import CatalogCheck, check_catalog, look_at
from dsr_desk.catalog.diff import Change, diff, unified
from dsr_desk.catalog.read import CatalogRead, read_catalog
from dsr_desk.catalog.watch.facts import Facts, read_facts, same_shape
from dsr_desk.catalog.watch.keep import facts_now
from dsr_desk.drivers.base import Driver
from dsr_desk.errors import CatalogError, DeskError, RefusedError, UsageError
from dsr_desk.flow.access import permitted
from dsr_desk.flow.systems import Systems, driver_class
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import System
from dsr_desk.store.files import reading
from dsr_desk.store.workspace import Workspace

#: How long the reason for accepting a catalog may be, in characters.
LONGEST_REASON = 2_000


class Catalogs:
    """What a desk knows of its systems. With ``processes``, files are read in processes of their own."""

    def __init__(self, workspace: Workspace, processes: bool = False) -> None:
        self.workspace = workspace
        self._processes = processes
        self._read: tuple[object, CatalogRead] | None = None
        self._facts: tuple[int, Facts] | None = None

    def catalog_read(self) -> CatalogRead:
        """The catalog files as they are now."""
        folders = (self.workspace.catalog_folder, self.workspace.folder / "connectors")
        with reading(self.workspace.catalog_folder):
            files = [p for folder in folders for p in sorted(folder.glob("*")) if p.is_file()]
            stamp = tuple((str(p), p.stat().st_mtime_ns, p.stat().st_size) for p in files)
        if self._read is None or self._read[0] != stamp:
            self._read = (stamp, read_catalog(self.workspace.folder))
        return self._read[1]

    def check_catalog(self, live: bool = True, cancel: Cancel | None = None) -> CatalogCheck:
        """Every problem, how each system is, and what is another way there than when the catalog was accepted."""
        return check_catalog(self.catalog_read(), self._driver, live, cancel, self.accepted_facts() if live else None)

    def accepted_facts(self) -> Facts:
        """What the systems looked like when the catalog was accepted last; none where it never was, or by an older program.

        ``TamperedError`` where what is kept isn't what was accepted.
        """
        with self.workspace.read() as tx:
            last = tx.catalog()
            if last is None:
                return Facts()
            if self._facts is None or self._facts[0] != last.entry:
                version = tx.last_catalog_version()
                self._facts = last.entry, read_facts(version.facts if version else "")
        return self._facts[1]

    def _driver(self, system: System) -> Driver:
        return driver_class(system)(system, self.workspace.folder, self.workspace.secret(system.name))

    def systems(self) -> Mapping[str, System]:
        """The systems of the catalog as it stands."""
        catalog = self.catalog_read().catalog
        return catalog.systems if catalog else {}

    def catalog_changes(self) -> tuple[list[Change], str]:
        """What changed since the accepted version: in words, and as a text difference."""
        with self.workspace.read() as tx:
            version = tx.catalog()
        old = version.files if version else {}
        new = self.catalog_read().files
        return diff(old, new), unified(old, new)

    def catalog_accepted(self) -> bool:
        """Whether the files are the version that was accepted last."""
        read = self.catalog_read()
        with self.workspace.read() as tx:
            version = tx.catalog()
        return read.catalog is not None and version is not None and version.digest == read.catalog.digest

    @permitted("catalog.set")
    def accept_catalog(self, reason: str = "", cancel: Cancel | None = None) -> str:
        """Record the files as a new version, with what the live systems look like now; gives its digest.

        Where files and systems are what they were at the last version, and no ``reason`` is given, nothing is recorded anew.
        ``CatalogError`` while the files have errors. A system that doesn't answer keeps what was last seen of it.
        """
        read = self.usable()
        _no_errors(read)
        assert read.catalog is not None  # ``usable`` says so
        text, digest = _reason(reason), read.catalog.digest
        looks = look_at(read.catalog, self._driver, cancel)
        with self.workspace.write() as tx:
            version = tx.last_catalog_version()
            before = read_facts(version.facts) if version else Facts()
            facts = facts_now(looks, before, version.number + 1 if version else 1)
            if version is None or version.digest != digest or text or not same_shape(before, facts):
                tx.put_catalog(digest, read.files, facts.written(), text)
        return digest

    @permitted("secret.set")
    def set_secret(self, system: str, password: str) -> None:
        """Keep a system's password where passwords are kept; the trail says that it was set."""
        self.workspace.set_secret(system, password)
        with self.workspace.write() as tx:
            tx.append("secret.set", {"system": system})

    def opened(self, read: CatalogRead) -> Systems:
        """Every system of a catalog, to be used in a ``with``."""
        assert read.catalog is not None
        return Systems(read.catalog, self.workspace.folder, self.workspace.secret, self._processes)

    def usable(self) -> CatalogRead:
        """The catalog, good for searching; ``DeskError`` where there is none."""
        read = self.catalog_read()
        if read.catalog is None:
            raise _wrong(read)
        return read

    def accepted(self) -> CatalogRead:
        """The catalog, good for planning: without an error, and accepted. ``CatalogError`` or ``RefusedError`` where it isn't."""
        read = self.usable()
        _no_errors(read)
        if not self.catalog_accepted():
            raise RefusedError(
                "The catalog was changed and nobody accepted it yet.",
                "Look at the changes and accept them.",
                "dsr-desk catalog accept",
            )
        return read


def _reason(reason: str) -> str:
    text = reason.strip()
    if len(text) > LONGEST_REASON:
        raise UsageError("The reason is too long.", f"Write at most {LONGEST_REASON:,} characters.")
    return text


def _no_errors(read: CatalogRead) -> None:
    if read.errors:
        raise _wrong(read)


def _wrong(read: CatalogRead) -> DeskError:
    errors = read.errors
    if not errors:
        return UsageError("The catalog has no system yet.", "Put a file for each system into the folder catalog/.")
    first = errors[0]
    more = f" And {len(errors) - 1} more." if len(errors) > 1 else ""
    return CatalogError(f"The catalog has errors. {first}{more}", "See them all.", "dsr-desk catalog check")
