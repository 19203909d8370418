"""Anchor: give a checkpoint to somebody outside, so that what was signed until then can't be written anew unseen.

The checkpoint leaves first, and the entry that says so comes after it: nothing is claimed that did not happen.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from dsr_desk.audit.checkpoint import read
from dsr_desk.errors import DeskError, UnreachableError, UsageError
from dsr_desk.flow.access import permitted, recorded
from dsr_desk.flow.proving.kept import notes_in
from dsr_desk.flow.proving.timestamp import NotTimestampedError, stamped
from dsr_desk.flow.report import verify_command
from dsr_desk.flow.reporting.words import moment
from dsr_desk.flow.reports import Reports
from dsr_desk.model.anchor import Anchor, How, LetterData
from dsr_desk.render.files import Draft, write_new
from dsr_desk.render.report import Paper, letter_html, report_footer
from dsr_desk.store.tx import Tx

ACT = "checkpoint.anchor"


class Anchoring(Reports):
    """The anchors of a workspace."""

    @recorded(ACT)
    def anchor_file(self, file: Path) -> Anchor:
        """Write the checkpoint as a file for somebody else to keep. ``UsageError`` where there is one of that name."""
        note = self._note()
        _write(file, note)
        return self._anchored("file", note)

    @recorded(ACT)
    def anchor_letter(self, pdf: Path, paper: Paper = "A4") -> Anchor:
        """Write the checkpoint as a letter to print, sign and file."""
        if pdf.exists():
            raise UsageError(f"{pdf.name} is there already.", "Choose another name: nothing is overwritten.")
        note = self._note()
        settings = self.workspace.settings
        data = LetterData(
            settings.controller or settings.name,
            settings.address,
            moment(datetime.now().astimezone().isoformat()),
            settings.log,
            note,
            read(note).checkpoint.size,
            f"{verify_command(self.workspace.folder.name)} --against FILE",
        )
        self._to_pdf(letter_html(data, paper), pdf, data.title, report_footer(data), paper)
        return self._anchored("letter", note)

    @permitted(ACT)
    def anchor_timestamp(self, url: str, file: Path | None = None) -> Anchor:
        """Let a timestamp authority (RFC 3161) sign that the checkpoint existed; its raw reply is kept, here and beside ``file``.

        With ``file`` the checkpoint goes there, and the reply to a second one with ``.tsr`` at its end. A reply that doesn't hold
        is kept, too, and is no anchor: ``NotTimestampedError``. ``UnreachableError`` where nobody answers.
        """
        if file is not None:
            _free(file, _reply(file))
        note = self._note()
        try:
            proof, time = stamped(url, note.encode("utf-8"))
        except UsageError:
            raise
        except DeskError as error:
            self._refused(note, error)
            raise
        if file is not None:
            _write(file, note, proof)
        return replace(self._anchored("timestamp", note, proof), time=time)

    def anchors(self) -> list[Anchor]:
        """Every checkpoint that left the workspace, and each reply that was no timestamp, the oldest first."""
        with self.workspace.read() as tx:
            return tx.anchors()

    def unanchored(self) -> int:
        """How many entries came after the last checkpoint that left the workspace."""
        with self.workspace.read() as tx:
            size = tx.trail_head().size
            left = sorted((a for a in tx.anchors() if a.holds), key=lambda a: a.size, reverse=True)
            return size - next((a.size for a in left if a.size < size and _said(tx, a)), 0)

    def kept_checkpoints(self, file: Path) -> list[str]:
        """The signed checkpoints in a file that somebody kept; see ``notes_in``."""
        return notes_in(file)

    def _note(self) -> str:
        with self.workspace.read() as tx:
            return tx.checkpoint()

    def _anchored(self, how: How, note: str, proof: bytes = b"") -> Anchor:
        over = read(note).checkpoint
        with self.workspace.write() as tx:
            entry = tx.append(ACT, {"size": over.size, "root": over.root.hex(), "how": how})
            made = Anchor(entry.seq, over.size, how, entry.ts, note, proof)
            tx.put_anchor(made)
        return made

    def _refused(self, note: str, error: DeskError) -> None:
        with self.workspace.write() as tx:
            entry = tx.append("act.refused", {"act": ACT, "why": type(error).__name__})
            if isinstance(error, NotTimestampedError):
                tx.put_anchor(Anchor(entry.seq, read(note).checkpoint.size, "not-timestamped", entry.ts, note, error.reply))


def _said(tx: Tx, anchor: Anchor) -> bool:
    """Whether the trail says so, too: the table is not signed."""
    return any(e.type == ACT and e.body.get("size") == anchor.size for e in tx.entries(anchor.entry - 1, 1))


def _reply(file: Path) -> Path:
    return file.with_name(f"{file.name}.tsr")


def _free(*files: Path) -> None:
    for file in files:
        if file.exists() or file.is_symlink():
            raise UsageError(f"{file.name} is there already.", "Choose another name: nothing is overwritten.")


def _write(file: Path, note: str, proof: bytes = b"") -> None:
    drafts = [Draft(file.name, note.encode("utf-8"), "The checkpoint", lambda _: None)]
    if proof:
        drafts.append(Draft(_reply(file).name, proof, "The authority's reply", lambda _: None))
    if not file.name:
        raise UnreachableError("The checkpoint needs a file.", "Name one.")
    write_new(file.parent, drafts)
