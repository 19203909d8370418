"""Writing new files: all of them, each read back and found right, or none; and what a new PDF may replace."""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from dsr_desk.errors import UnreachableError, UsageError
from dsr_desk.model.package import Written


@dataclass(frozen=True, slots=True)
class Draft:
    """A file to be: its name, its bytes, what it is in a few words.

    ``check`` gets the bytes that were read back and raises ``ValueError`` where they don't say what they should.
    """

    name: str
    data: bytes
    what: str
    check: Callable[[bytes], None]


def write_new(folder: Path, drafts: Sequence[Draft]) -> list[Written]:
    """Write all drafts into ``folder`` (made if need be) under names that are still free there.

    Only the owner may read them. Each is written beside, synced, read back and checked before it gets its name. ``UsageError``
    where a name is taken; ``UnreachableError`` where something can't be written or doesn't read back. Then nothing of ours stays.
    """
    made: list[Path] = []
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for draft in drafts:
            if os.path.lexists(folder / draft.name):
                raise UsageError(f"The folder already holds {draft.name}.", "Choose another folder: nothing is overwritten.")
        beside = [_beside(folder, draft, made) for draft in drafts]
        written = [_name(folder, draft, path, made) for draft, path in zip(drafts, beside, strict=True)]
        _sync_folder(folder)
    except BaseException as error:
        for path in made:
            with suppress(OSError):
                path.unlink(missing_ok=True)
        if isinstance(error, FileExistsError | NotADirectoryError):
            raise UsageError(
                "The files can't be written there: something of that name is in the way.", "Choose another folder."
            ) from None
        if isinstance(error, OSError):
            raise UnreachableError(
                "The files could not be written. Nothing half-written was left.",
                "Check that the folder can be written and the disk has room.",
            ) from None
        raise
    return written


def try_folder(folder: Path) -> None:
    """``UnreachableError`` unless new files can be written into ``folder`` (made if need be), before anything is said of them.

    What an entry of the trail says was made can't be taken back.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError:
        raise UnreachableError(
            "Nothing can be written there, so nothing was made.", "Check that the folder can be written and the disk has room."
        ) from None


def refuse_other_than_pdf(path: Path) -> None:
    """``UsageError`` where something stands at ``path`` that no PDF may replace: only a plain file that is a PDF may be.

    A name typed wrong would else cost a connected system, or the workspace. A link is refused, whatever it leads to.
    """
    try:
        known = stat.S_ISREG(path.lstat().st_mode) and _begins(path) == b"%PDF-"
    except (FileNotFoundError, NotADirectoryError):
        return  # whoever writes says what is wrong with the folder
    except OSError:
        known = False
    if not known:
        raise UsageError(
            f"{path.name} is there already, and it is no PDF.", "Choose another name: only a PDF is replaced by a newer one."
        )


def _begins(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(5)


def _private(path: str, flags: int) -> int:
    """Opens a file that only its owner may read: it is about one person."""
    return os.open(path, flags, 0o600)


def _beside(folder: Path, draft: Draft, made: list[Path]) -> Path:
    path = folder / f".{draft.name}.part"
    with open(path, "xb", opener=_private) as file:
        made.append(path)
        file.write(draft.data)
        file.flush()
        os.fsync(file.fileno())
    back = path.read_bytes()
    try:
        if back != draft.data:
            raise ValueError("other bytes")
        draft.check(back)
    except ValueError:
        raise UnreachableError(
            f"{draft.name} did not read back as it was written, so no file was kept.",
            "Try another folder, or leave this format out.",
        ) from None
    return path


def _name(folder: Path, draft: Draft, path: Path, made: list[Path]) -> Written:
    final = folder / draft.name
    final.open("xb").close()  # takes the name, so that the replacing below can only hit our own file
    made.append(final)
    path.replace(final)
    return Written(final, hashlib.sha256(final.read_bytes()).hexdigest(), len(draft.data), draft.what)


def _sync_folder(folder: Path) -> None:
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
