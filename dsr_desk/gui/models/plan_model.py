"""A plan as a table of system ▸ row ▸ field, before → after; only what is unfolded and asked for has a line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from dsr_desk.gui import theme
from dsr_desk.gui.models.plan_sums import ORDER, Sums, by_system, more_of, reads_only
from dsr_desk.gui.models.rows import RowsModel
from dsr_desk.gui.models.wording import GetSystems, Systems, counted, row_name, system_parts
from dsr_desk.gui.widgets.parts import Fold, Gap, Part, Sign, Text, environment, outcome
from dsr_desk.model.mask import mask
from dsr_desk.model.plan import Outcome, Plan, Refusal, Step
from dsr_desk.model.values import as_text

#: Strategies whose new value is made up, so that it may be shown; all others keep something of the old one.
_MADE_UP = frozenset({"constant", "blank", "pseudonym", "random", "hash", "hmac", "token", "fake"})
#: Plans with fewer rows than this open unfolded to their rows.
OPEN_BELOW = 200


@dataclass(frozen=True, slots=True)
class Node:
    """A line: a system (no step), a row (a step, no field) or a field."""

    system: str
    step: Step | None = None
    field: str = ""
    open: bool = False


class PlanModel(RowsModel[Node]):
    """``show_plan`` once, then ``fold`` and ``filter``."""

    HEADS = ("Field", "Before", "After", "Outcome")

    def __init__(self, systems: GetSystems) -> None:
        super().__init__()
        self._systems = systems
        self._plan: Plan | None = None
        self._known: Systems = {}
        self._sums: dict[str, Sums] = {}
        self._refused: dict[tuple[str, str, str], Refusal] = {}
        self._steps: dict[str, list[Step]] = {}
        self._open: set[object] = set()
        self._outcome = ""
        self._words = ""

    def show_plan(self, plan: Plan | None) -> None:
        """Show this plan, its first changed row unfolded."""
        self._plan = plan
        self._known = self._systems()
        self._sums = by_system(plan) if plan else {}
        self._refused = {(r.system, r.collection, r.field): r for r in plan.refusals} if plan else {}
        self._steps = {name: [] for name in self._sums}
        for step in plan.steps if plan else ():
            self._steps[step.ref.system].append(step)
        self._open = set(self._sums) if plan and len(plan.steps) < OPEN_BELOW else set()
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
        if not self._refused:
            return -1
        for step in self._plan.steps if self._plan else ():
            if any(self._refusal(step, name) for name in step.fields):
                self._open |= {step.ref.system, id(step)}
        self._build()
        hits = [i for i, n in enumerate(self.rows) if n.field and n.step and self._refusal(n.step, n.field)]
        return next((i for i in hits if i > row), hits[0] if hits else -1)

    def parts(self, row: Node, column: int) -> Sequence[Part]:
        if row.step is None:
            return self._system(row, column)
        return self._field(row.step, row.field, column) if row.field else self._row(row, row.step, column)

    def ground(self, row: Node) -> str | None:
        if row.step is None:
            return "sunken"
        return "failed_ground" if row.field and self._refusal(row.step, row.field) else None

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
        return self._refused.get((step.ref.system, step.ref.collection, field))

    # -- cells

    def _system(self, node: Node, column: int) -> Sequence[Part]:
        if column == 0:
            return (Fold(node.open), *system_parts(node.system, self._known, with_environment=False))
        if column == 1:
            return (environment(self._known[node.system].environment),) if node.system in self._known else ()
        return (Text(self._sums[node.system].sentence(), "text2", theme.MEDIUM),) if column == 3 else ()

    def _row(self, node: Node, step: Step, column: int) -> Sequence[Part]:
        if column == 0:
            return Gap(20), Fold(node.open), Text(row_name(step.ref, self._known), mono=True, size=theme.SMALL)
        if column == 1:
            return (Text(self._happens(step), "text2", size=theme.SMALL),)
        if column == 2:
            return (Text(step.reason, "text2", size=theme.SMALL),) if step.reason else ()
        return self._row_outcomes(step)

    def _happens(self, step: Step) -> str:
        fields = counted(len(step.fields), "field")
        match step.action:
            case "delete":
                return f"deleted, {fields}"
            case "change":
                return f"stays, {len(step.writes)} of {len(step.fields)} change"
            case "manual":
                return "left to a person"
        return f"{'shown to the person' if self._plan and reads_only(self._plan) else 'stays'}, {fields}"

    def _row_outcomes(self, step: Step) -> Sequence[Part]:
        counts: Counter[str] = Counter()
        one: dict[str, Outcome] = {}
        for name, result in step.fields.items():
            word = "refused" if self._refusal(step, name) else result.name
            counts[word] += 1
            one[word] = result
        told = [w for w in ORDER if counts[w] and w != "not personal"] or [w for w in ORDER if counts[w]]
        if len(told) == 1:
            return (outcome(told[0], more_of(one[told[0]])),)
        return [outcome(w, str(counts[w])) for w in told]

    def _field(self, step: Step, name: str, column: int) -> Sequence[Part]:
        result, refusal = step.fields[name], self._refusal(step, name)
        match column:
            case 0:
                return Gap(56), Text(name, "text2")
            case 1:
                return (Text(self._masked(step, name, step.before.get(name)), "text2", mono=True, size=theme.SMALL),)
            case 2:
                if refusal:
                    return Sign("next", "failed", 13), Text(refusal.why, "failed", theme.MEDIUM, theme.SMALL)
                return Sign("next", "text3", 13), self._after(step, name, result)
        if refusal:
            return outcome("refused"), Text(refusal.cure, "text2", size=theme.SMALL)
        more = result.reason or (result.strategy if result.name in ("changed", "pseudonymised") else "")
        return (
            (outcome(result.name, more_of(result)), Text(more, "text2", size=theme.SMALL))
            if more
            else (outcome(result.name, more_of(result)),)
        )

    def _after(self, step: Step, name: str, result: Outcome) -> Text:
        if step.action == "delete":
            return Text("gone with its row", "text2", size=theme.SMALL)
        if name not in step.writes:
            word = {"disclosed": "shown as it is", "withheld": "not shown", "manual": "a person decides"}.get(result.name, "same")
            return Text(word, "text2", size=theme.SMALL)
        value = step.writes[name]
        if as_text(value) in (None, ""):
            return Text("empty", "text2", size=theme.SMALL)
        shown = (as_text(value) or "") if result.strategy in _MADE_UP else self._masked(step, name, value)
        return Text(shown, mono=True, size=theme.SMALL)

    def _masked(self, step: Step, name: str, value: object) -> str:
        collection = self._known[step.ref.system].collections.get(step.ref.collection) if step.ref.system in self._known else None
        known = collection.fields.get(name) if collection else None
        if known is not None and not known.personal:
            return as_text(value) or ""
        return mask(value, known.identity if known else None, known.category if known else None)
