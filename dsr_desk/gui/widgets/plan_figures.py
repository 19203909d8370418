"""The figures of a plan, system by system, and what has to be known beside them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from dsr_desk.gui import theme
from dsr_desk.gui.models import rights
from dsr_desk.gui.models.plan_sums import Sums, by_system
from dsr_desk.gui.models.wording import Systems, counted, in_words, title_of
from dsr_desk.gui.widgets.label import Label
from dsr_desk.gui.widgets.pane import Line
from dsr_desk.model.plan import Plan


class PlanFigures(QWidget):
    """Every record counts once, under the one heading it belongs to."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)

    def show_plan(self, plan: Plan, systems: Systems) -> None:
        """Show the figures of this plan."""
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        sums = by_system(plan)
        total = sum(sums.values(), Sums())
        self._column.addWidget(_table(plan, systems, sums, total))
        for tint, text in _notes(plan, systems, total):
            self._column.addWidget(Label(text, size=theme.SMALL, tint=tint, wrap=True))


def _heads(plan: Plan, total: Sums) -> list[tuple[str, str]]:
    """The columns: the field of ``Sums`` and its word. What a right is about always has one, the rest where there is any."""
    act = rights.look(plan.right).head
    if rights.discloses(plan.right):
        heads = [("disclose", "disclose"), ("withhold", "withhold")]
    elif rights.reads_only(plan.right):
        heads = [("hand", "review")]
    elif plan.right == "erasure":
        heads = [("erase", "erase"), ("keep", "retain"), ("hand", "by hand")]
    else:
        heads = [("change", act)] if total.change or not total.erase else []
    shown = {name for name, _ in heads}
    more = (("erase", "erase"), ("change", act), ("keep", "retain"), ("hand", "by hand"), ("left_out", "left out"))
    return heads + [(name, word) for name, word in more if name not in shown and getattr(total, name)]


def _table(plan: Plan, systems: Systems, sums: dict[str, Sums], total: Sums) -> QWidget:
    heads = _heads(plan, total)
    box = QWidget()
    grid = QGridLayout(box)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(10)
    grid.setVerticalSpacing(5)
    grid.setColumnStretch(0, 1)
    right = Qt.AlignmentFlag.AlignRight
    for column, (_, head) in enumerate(heads, 1):
        grid.addWidget(Label(head, size=theme.LABEL, tint="text2"), 0, column, right)
    lines: list[tuple[str, Sums]] = [(title_of(name, systems), s) for name, s in sums.items()]
    for row, (title, own) in enumerate([*lines, ("Together", total)], 1):
        last = row == len(lines) + 1
        if last:
            grid.addWidget(Line(), row, 0, 1, len(heads) + 1)
        at = row + last
        grid.addWidget(Label(title, weight=theme.BOLD if last else theme.REGULAR, elide=True), at, 0)
        for column, (name, _) in enumerate(heads, 1):
            number = getattr(own, name)
            weight = theme.BOLD if number else theme.REGULAR
            grid.addWidget(Label(str(number) if number or last else "–", weight=weight), at, column, right)
    return box


def _notes(plan: Plan, systems: Systems, total: Sums) -> list[tuple[str, str]]:
    lines: list[tuple[str, str]] = []
    if total.part:
        loses = "loses" if total.part == 1 else "lose"
        records = counted(total.erase + total.change + total.part, "record")
        lines.append(("text", f"{counted(total.part, 'retained record')} {loses} fields, so {records} change."))
    along = sum(r.count for s in plan.steps for r in s.reach)
    if along:
        lines.append(("retained", f"{counted(along, 'more row')} of tables that the catalog doesn’t list go along."))
    files = [title_of(s, systems) for s in plan.compact]
    if files:
        many = "files of" if len(files) > 1 else "file of"
        verb = "are" if len(files) > 1 else "is"
        lines.append(("text2", f"Then the {many} {in_words(files)} {verb} compacted (VACUUM)."))
    if plan.right == "restriction":
        lines.append(("text2", "Other programs can still change these records: DSR Desk can’t stop them."))
    lines += [("manual", f"{title_of(s, systems)}: a person does it and confirms.") for s in plan.manual_systems]
    lines += [("retained", f"{title_of(s, systems)} was waived: nothing is changed there.") for s in plan.waived]
    return lines
