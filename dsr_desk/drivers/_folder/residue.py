"""Erased texts that still stand below a folder: in names, and in files that no search looks into."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence

from dsr_desk.drivers._folder.file import BLOCK
from dsr_desk.drivers._folder.tree import GoneError, Seen, Tree, faults
from dsr_desk.drivers._texts.needles import Needles
from dsr_desk.drivers._texts.paths import spoken
from dsr_desk.drivers._texts.reading import LARGEST_FILE, text_of
from dsr_desk.drivers._texts.records import LONGEST_TEXT
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.plan import Residue

_MOST = 100
_IN_NAME = "The name of a file or folder holds what was erased"
_LINKED = "Links are not followed, so what they lead to was not searched"
_IN_FILE = "A file that the catalog's search does not look into holds what was erased"


def residue(
    tree: Tree, system: str, needles: Sequence[bytes], searched: Callable[[str], bool], cancel: Cancel
) -> Iterator[Residue]:
    """Where they are. ``searched`` says of a path whether the search itself speaks about that file's text."""
    wanted, seen, found = Needles(needles), Seen(), 0
    for path in tree.files(cancel, seen):
        named = wanted.within(path.rpartition("/")[2])
        held = 0 if searched(path) else _held(tree, path, wanted, cancel)
        for count, why in ((named, _IN_NAME), (held, _IN_FILE)):
            if count and found < _MOST:
                yield Residue(system, _where(path, wanted), count, why, "Delete the file, or take the person out of it")
            found += bool(count)
    for folder in seen.folders:
        if count := wanted.within(folder.rpartition("/")[2]):
            if found < _MOST:
                yield Residue(system, _where(folder, wanted), count, _IN_NAME, "Rename the folder, or delete it if it is empty")
            found += 1
    if seen.links:
        yield Residue(system, f"{seen.links} link{'s' * (seen.links > 1)}", 0, _LINKED, "Look at what they lead to")
    if found > _MOST:
        yield Residue(system, f"{found - _MOST} more files or folders", found - _MOST, _IN_FILE, "Deal with the others first")


def _where(path: str, wanted: Needles) -> str:
    """The path as far as it does not say what was erased."""
    parts = path.split("/")
    clear = next((i for i, part in enumerate(parts) if wanted.within(part)), len(parts))
    return spoken(path) if clear == len(parts) else spoken("/".join((*parts[:clear], "…")))


def _held(tree: Tree, path: str, wanted: Needles, cancel: Cancel) -> int:
    """How often they stand in the file's bytes, or in its text where that is packed."""
    try:
        with tree.open(path) as (_, name, file), faults(tree.label):
            size = file.seek(0, io.SEEK_END)
            file.seek(0)

            def blocks() -> Iterator[bytes]:
                while block := file.read(BLOCK):
                    cancel.check()
                    yield block

            raw = wanted.count(blocks())
            if raw or size > LARGEST_FILE:
                return raw
            file.seek(0)
            return wanted.within(text_of(name, io.BytesIO(file.read()), LONGEST_TEXT).text or "")
    except GoneError:
        return 0
