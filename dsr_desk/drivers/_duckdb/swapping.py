"""Replacing several files together: all are written beside and compared before the first is put in its place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from dsr_desk.drivers._file.source import Look, Source
from dsr_desk.drivers._file.swap import MovedError, Rewritten, leftover, swap
from dsr_desk.errors import DeskError, InDoubtError


@dataclass(frozen=True)
class Change:
    """One file to be replaced: what it was, and what writes the new one, to an open file that also has a path."""

    source: Source
    before: Look
    write: Callable[[BinaryIO, Path], None]


@dataclass
class _Progress:
    evidence: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    replaced: int = 0


def swap_all(changes: Sequence[Change], about_to_commit: Callable[[Mapping[str, Any]], None]) -> None:
    """Replace them, the last one first, after the hashes of all were announced at once.

    ``MovedError`` where one of them changed meanwhile and none was replaced; ``InDoubtError`` where some were.
    """
    progress = _Progress()
    try:
        _swap(changes, about_to_commit, progress)
    except (MovedError, DeskError):
        if not progress.replaced:
            raise
        label = changes[len(changes) - progress.replaced - 1].source.label
        raise InDoubtError(
            f"{progress.replaced} of {len(changes)} files were replaced, and then {label} could not be: it was changed meanwhile, "
            "or its disk failed.",
            "Apply again: it goes on from there, or says what else changed.",
        ) from None


def _swap(changes: Sequence[Change], about_to_commit: Callable[[Mapping[str, Any]], None], progress: _Progress) -> None:
    first, rest = changes[0], changes[1:]

    def write(out: BinaryIO) -> Rewritten:
        first.write(out, leftover(first.source.path))
        return Rewritten(first.before.sha256)  # whether it was still that when it was read, the swap looks at the end

    def announce(evidence: Mapping[str, Any]) -> None:
        progress.evidence[first.source.label] = evidence
        if rest:
            _swap(rest, about_to_commit, progress)
        else:
            about_to_commit({"files": progress.evidence})

    swap(first.source, first.before, write, announce)
    progress.replaced += 1
