"""A plan as a table of system ▸ row ▸ field, before → after; only what is unfolded and asked for has a line."""

from __future__ import annotations

from collections.abc import Sequence

from dsr_desk.gui.models.plan_cells import Cells, Node
from dsr_desk.gui.models.plan_sums import by_system
from dsr_desk.gui.models.rows import RowsModel
from dsr_desk.gui.models.wording import GetSystems, Systems, row_name
from dsr_desk.gui.widgets.parts import Part
from dsr_desk.model.plan import Plan, Refusal, Step
from dsr_desk.model.values import Value

#: Plans with fewer rows than this open unfolded to their rows.
OPEN_BELOW = 200


class PlanModel(RowsModel[Node]):
    """``show_plan`` once, then ``fold`` and ``filter``."""

    HEADS = ("Field", "Before", "After", "Outcome")

    def __init__(self, systems: GetSystems) -> None:
        super().__init__()
        self._systems = systems
        self._plan: Plan | None = None
        self._known: Systems = {}
        self._cells: Cells | None = None
        self._steps: dict[str, list[Step]] = {}
        self._open: set[object] = set()
        self._outcome = ""
        self._words = ""

    def show_plan(self, plan: Plan | None) -> None:
        """Show this plan, its first changed row unfolded."""
        self._plan = plan
        self._known = self._systems()
        sums = by_system(plan) if plan else {}
        refused = {(r.system, r.collection, r.field): r for r in plan.refusals} if plan else {}
        self._cells = Cells(plan, self._known, sums, refused) if plan else None
        self._steps = {name: [] for name in sums}
        for step in plan.steps if plan else ():
            self._steps[step.ref.system].append(step)
        self._open = set(sums) if plan and len(plan.steps) < OPEN_BELOW else set()
        first = next((s for s in plan.steps if s.writes), None) if plan else None
        if first is not None:
            self._open |= {first.ref.system, id(first)}
        self._outcome = self._words = ""
        self._build()

    def filter(self, outcome: str = "", words: str = "") -> None:
        """Only fields with this outcome, and whose name or row has these words; both empty shows all."""
        self._outcome, self._words = outcome, words.strip().lower()
        self._build()

    def fold(self, row: int, unfold: bool) -> int:
        """Fold or unfold a line; folding a field or an already folded line goes to its parent. Gives the line to stand on."""
        node = self.rows[row]
        key = id(node.step) if node.step else node.system
        if unfold == node.open or node.field:
            return row if unfold or node.step is None else self._parent(row)
        (self._open.add if unfold else self._open.discard)(key)
        self._build()
        return row

    def next_refused(self, row: int) -> int:
        """The next refused field after this line, round to the top; unfolds it. -1 for none."""
        for step in self._plan.steps if self._plan and self._plan.refusals else ():
            if any(self._refusal(step, name) for name in step.fields):
                self._open |= {step.ref.system, id(step)}
        self._build()
        hits = [i for i, n in enumerate(self.rows) if n.field and n.step and self._refusal(n.step, n.field)]
        return next((i for i in hits if i > row), hits[0] if hits else -1)

    def can_show(self, row: int) -> bool:
        """Whether a line holds a masked value that can be shown in clear."""
        node = self.rows[row]
        return self._cells is not None and node.step is not None and self._cells.can_show(node.step, node.field)

    def show_value(self, step: Step, field: str, before: Value) -> None:
        """Show one field in clear, before and after."""
        if self._cells is not None:
            self._cells.shown[id(step), field] = before
            self._repaint()

    def hide_value(self, step: Step, field: str) -> None:
        """Mask it again."""
        if self._cells is not None:
            self._cells.shown.pop((id(step), field), None)
            self._repaint()

    @property
    def shown(self) -> int:
        """How many fields stand in clear."""
        return len(self._cells.shown) if self._cells is not None else 0

    def parts(self, row: Node, column: int) -> Sequence[Part]:
        return self._cells.parts(row, column) if self._cells is not None else ()

    def ground(self, row: Node) -> str | None:
        if row.step is None:
            return "sunken"
        return "failed_ground" if self._refusal(row.step, row.field) else None

    def _repaint(self) -> None:
        if self.rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, len(self.HEADS) - 1))

    # -- lines

    def _build(self) -> None:
        lines: list[Node] = []
        asked = bool(self._outcome or self._words)
        for system, steps in self._steps.items():
            shown = [(s, self._fields(s)) for s in steps] if asked else [(s, list(s.fields)) for s in steps]
            shown = [(s, f) for s, f in shown if f or not asked]
            if asked and not shown:
                continue
            unfolded = asked or system in self._open
            lines.append(Node(system, open=unfolded))
            for step, fields in shown if unfolded else ():
                open_ = asked or id(step) in self._open
                lines.append(Node(system, step, open=open_))
                lines += [Node(system, step, name) for name in fields] if open_ else []
        self.set_rows(lines)

    def _fields(self, step: Step) -> list[str]:
        where = row_name(step.ref, self._known).lower()
        names = []
        for name, result in step.fields.items():
            found = "refused" if self._refusal(step, name) else result.name
            if (not self._outcome or found == self._outcome) and (
                not self._words or self._words in name.lower() or self._words in where
            ):
                names.append(name)
        return names

    def _parent(self, row: int) -> int:
        node = self.rows[row]
        for i in range(row - 1, -1, -1):
            above = self.rows[i]
            if above.step is None or (node.field and not above.field):
                return i
        return row

    def _refusal(self, step: Step, field: str) -> Refusal | None:
        return self._cells.refusal(step, field) if self._cells is not None else None
