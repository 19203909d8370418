"""The versions of the catalog: who accepted what, when and why; what is different between two; and one of them brought back."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from dsr_desk.bundled import bundled
from dsr_desk.catalog.connectors import FOLDER as CONNECTORS
from dsr_desk.catalog.diff import Change, diff, unified
from dsr_desk.catalog.read import FOLDER as CATALOG
from dsr_desk.errors import RefusedError, TamperedError
from dsr_desk.flow.access import permitted
from dsr_desk.flow.catalogs import Catalogs
from dsr_desk.store.files import reading, write_atomically
from dsr_desk.store.versions import CatalogVersion

_SUFFIXES = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed from version ``older`` (0: from nothing) to ``newer`` (``None``: to the files as they are)."""

    older: int
    newer: int | None
    changes: tuple[Change, ...]
    text: str


@dataclass(frozen=True, slots=True)
class BroughtBack:
    """The files are those of a version again, and wait to be accepted. Names as problems write them: ``catalog/shop.yaml``.

    ``other`` are connectors of the program itself that are not what they were then: the program's own files are not written.
    """

    number: int
    written: tuple[str, ...]
    removed: tuple[str, ...]
    other: tuple[str, ...]


class Versioning(Catalogs):
    """The accepted versions of a workspace's catalog."""

    def catalog_versions(self) -> list[CatalogVersion]:
        """Every version, oldest first. ``TamperedError`` where what is kept of one isn't what was accepted."""
        with self.workspace.read() as tx:
            return tx.catalog_versions()

    def catalog_difference(self, older: int | None = None, newer: int | None = None) -> Difference:
        """From one version to another; without ``newer`` to the files as they are, without both from the version accepted last."""
        with self.workspace.read() as tx:
            every = tx.catalog_versions()
            first = every[-1] if older is None and every else tx.catalog_version(older) if older is not None else None
            second = None if newer is None else tx.catalog_version(newer)
        old = first.files if first else {}
        new = second.files if second else self.catalog_read().files
        return Difference(first.number if first else 0, newer, tuple(diff(old, new)), unified(old, new))

    @permitted("catalog.set")
    def bring_back_catalog(self, number: int, overwrite: bool = False) -> BroughtBack:
        """Write the files of a version back as the files to work with: to be looked at, and accepted as a new version.

        Nothing of any version is deleted. ``RefusedError`` where the files have changes that no version holds, unless they may be
        overwritten; ``UsageError`` where there is no such version, ``TamperedError`` where it isn't what was accepted.
        """
        with self.workspace.read() as tx:
            version = tx.catalog_version(number)
            kept = {v.digest for v in tx.catalog_versions()}
        read = self.catalog_read()
        if not overwrite and self._working() and (read.catalog is None or read.catalog.digest not in kept):
            raise RefusedError(
                "The catalog has changes that no version holds: they would be lost.",
                "Accept them first, or say that they may go.",
                f"dsr-desk catalog rollback {number} --yes",
            )
        written, other = [], []
        for name, text in sorted(version.files.items()):
            path, data = self._place(name), text.encode("utf-8")
            if path.is_file() and _plain(path) == data:
                continue
            own = bundled(CONNECTORS) / path.name
            if name.startswith(f"{CONNECTORS}/") and not path.exists() and own.is_file():
                if _plain(own) != data:
                    other.append(name)
                continue
            with reading(path.parent):
                path.parent.mkdir(exist_ok=True)
            write_atomically(path, data, private=False)
            written.append(name)
        removed = sorted(self._working() - version.files.keys())
        for name in removed:
            with reading(self._place(name)):
                self._place(name).unlink()
        return BroughtBack(number, tuple(written), tuple(removed), tuple(other))

    def _working(self) -> set[str]:
        """The catalog's own files as they are now, by name."""
        with reading(self.workspace.catalog_folder):
            found = [p for p in self.workspace.catalog_folder.iterdir() if p.is_file()]
        return {f"{CATALOG}/{p.name}" for p in found if p.suffix.lower() in _SUFFIXES and not p.name.startswith(".")}

    def _place(self, name: str) -> Path:
        """Where a file of a version stands; never outside the two folders, whatever a version says."""
        folder, _, file = name.partition("/")
        if folder not in (CATALOG, CONNECTORS) or Path(file).name != file or file.startswith(".") or "\\" in file:
            raise TamperedError("A version of the catalog names a file that no catalog has.", "Restore it from a backup.")
        return self.workspace.folder / folder / file


def _plain(path: Path) -> bytes:
    """The bytes of a file without the mark that some editors put before them: a version is kept without it."""
    with reading(path):
        return path.read_bytes().removeprefix(b"\xef\xbb\xbf")
