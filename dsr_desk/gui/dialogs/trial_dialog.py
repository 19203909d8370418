"""What the catalog, as it is typed, would find of one person: counts by collection. Nothing is opened; it is recorded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QWidget

from dsr_desk.catalog.complete import KINDS
from dsr_desk.errors import DeskError
from dsr_desk.gui import theme
from dsr_desk.gui.bridge import Bridge, Job
from dsr_desk.gui.dialogs.act import ActDialog
from dsr_desk.gui.models.rows import RowsModel
from dsr_desk.gui.models.wording import counted
from dsr_desk.gui.widgets.fields import Choice, Edit, Field
from dsr_desk.gui.widgets.label import Label
from dsr_desk.gui.widgets.parts import Part, Sign, Text
from dsr_desk.gui.widgets.parts_table import PartsTable
from dsr_desk.gui.widgets.words import kind_word, kinds_of
from dsr_desk.model.catalog import System
from dsr_desk.model.finding import SearchResult
from dsr_desk.model.identity import LONGEST_IDENTIFIER, guess_kind

if TYPE_CHECKING:
    from dsr_desk.flow.desk import Desk

_SAYS = {"searched": "searched", "manual": "by hand", "waived": "left out"}


@dataclass(frozen=True, slots=True)
class Count:
    """A collection (or, without one, its system), and what was found in it."""

    system: str
    collection: str
    records: int
    note: str = ""
    failed: bool = False
    asked: bool = True


def counts(found: SearchResult, systems: Mapping[str, System]) -> list[Count]:
    """Every system that was asked, and under it every collection, in catalog order; what was found in none stands as 0."""
    total = Counter[tuple[str, str]]()
    notes: dict[tuple[str, str], Counter[str]] = {}
    for finding in found.findings:
        place = (finding.ref.system, finding.ref.collection)
        total[place] += 1
        if not finding.clear:
            words = "mention" if finding.mention else "shared" if finding.shared else "seen" if finding.access_only else "to check"
            notes.setdefault(place, Counter[str]())[words] += 1
    rows = []
    for one in found.systems:
        failed = one.status not in _SAYS
        says = one.error if failed else _SAYS[one.status]
        there = sum(n for (s, _), n in total.items() if s == one.system)
        rows.append(Count(one.system, "", there, says, failed, one.status == "searched"))
        known = systems[one.system].collections if one.system in systems else {}
        names = dict.fromkeys([*known, *(c for s, c in total if s == one.system)])
        for name in names if not failed and one.status == "searched" else ():
            more = notes.get((one.system, name), Counter())
            rows.append(Count(one.system, name, total[one.system, name], ", ".join(f"{n} {w}" for w, n in more.items())))
    return rows


class _Model(RowsModel[Count]):
    HEADS = ("System and collection", "Records", "")

    def __init__(self, systems: Mapping[str, System]) -> None:
        super().__init__()
        self._systems = systems

    def parts(self, row: Count, column: int) -> Sequence[Part]:
        if column == 0:
            if not row.collection:
                known = self._systems.get(row.system)
                return (Text(known.label if known else row.system, weight=theme.BOLD),)
            return (Sign("from", "text3", 13), Text(row.collection, mono=True, size=theme.SMALL))
        if column == 1:
            shown = str(row.records) if row.asked else "–"
            return (Text(shown, "text" if row.records else "text2", theme.BOLD if row.records else theme.REGULAR),)
        return (Text(row.note, "failed" if row.failed else "text2", size=theme.SMALL),)

    def ground(self, row: Count) -> str | None:
        return None if row.collection else "sunken"


class TrialDialog(ActDialog):
    """Search by what is typed."""

    def __init__(
        self,
        desk: Desk,
        bridge: Bridge,
        systems: Mapping[str, System],
        texts: Mapping[str, str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("What would this find?", "Search the systems", keep="Close this trial", wide=620, parent=parent)
        self._desk, self._bridge, self._texts = desk, bridge, texts
        self._systems = systems
        self._job: Job | None = None
        typed = f"{counted(len(texts), 'file')} with what is typed and not saved" if texts else "the files as they are"
        self.body.addWidget(Label(f"It searches by {typed}.", size=theme.SMALL, tint="text2", wrap=True))
        row = QHBoxLayout()
        row.setSpacing(theme.INSIDE)
        kinds = dict.fromkeys([*kinds_of(systems.values()), *KINDS])
        self.kind = Choice([(k, kind_word(k)) for k in kinds])
        self.kind.setMinimumWidth(min(170, self.kind.sizeHint().width()))
        self.value = Edit(name="An identifier")
        self.value.setMaxLength(LONGEST_IDENTIFIER)
        row.addWidget(Field("Kind", self.kind))
        row.addWidget(Field("Somebody whose records you know", self.value), 1)
        self.body.addLayout(row)
        self.sum = Label(weight=theme.BOLD, wrap=True)
        self.sum.hide()
        self.body.addWidget(self.sum)
        self.model = _Model(systems)
        self.table = PartsTable(self.model, name="What was found", widths={1: 80, 2: 190}, stretch=0, least=240)
        self.table.setMinimumHeight(250)
        self.table.hide()
        self.body.addWidget(self.table)
        self.say_follows("No request is opened and nothing is kept. The trail records that somebody searched, as always.")
        self.value.textChanged.connect(self._on_text)
        self.value.setFocus()
        self._on_text("")

    def on_act(self) -> None:
        """Search."""
        if self.act.reason:
            return
        given, texts = [(self.kind.value, self.value.text().strip())], self._texts
        self.act.set_off("The systems are being searched.")
        self.banner.hide()
        self._job = self._bridge.run(
            lambda tell, cancel: self._desk.try_catalog(given, texts, tell, cancel),
            on_done=self._on_found,
            on_failed=self._on_failed,
            owner=self,
        )

    def reject(self) -> None:
        """Close; a search that runs is stopped."""
        if self._job is not None:
            self._job.drop()
        super().reject()

    def _on_text(self, text: str) -> None:
        guessed = guess_kind(text.strip())
        if guessed and self.kind.findData(guessed) >= 0:
            self.kind.choose(guessed)
        self.act.set_off("" if text.strip() else "Type an identifier first.")

    def _on_found(self, found: SearchResult) -> None:
        self.act.set_on()
        rows = counts(found, self._systems)
        where = sum(1 for r in rows if r.collection and r.records)
        missed = sum(r.failed for r in rows)
        text = f"{counted(len(found.findings), 'record')} in {counted(where, 'collection')}"
        if found.ambiguous:
            text = f"It leads to {len(found.ambiguous)} people: a request would stop and ask which."
        self.sum.setText(text + (f". {counted(missed, 'system')} did not answer" if missed else ""))
        self.sum.set_tint("failed" if missed else "text")
        self.sum.show()
        self.model.set_rows(rows)
        self.table.show()
        self.adjustSize()

    def _on_failed(self, error: DeskError) -> None:
        self.show_error(error)
        self.adjustSize()
