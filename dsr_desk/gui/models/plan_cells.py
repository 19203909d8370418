"""What the cells of a plan say: before → after of a field, and what happens to a row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dsr_desk.gui import theme
from dsr_desk.gui.models import rights
from dsr_desk.gui.models.plan_sums import ORDER, Sums, more_of
from dsr_desk.gui.models.wording import Systems, counted, row_name, system_parts
from dsr_desk.gui.widgets.parts import Chip, Fold, Gap, Part, Sign, Text, environment, outcome
from dsr_desk.model.catalog import Field
from dsr_desk.model.mask import is_special, mask
from dsr_desk.model.plan import Outcome, Plan, Refusal, Step
from dsr_desk.model.values import Value, as_text

#: Strategies whose new value is made up or stands in the catalog, so that it may be shown; all others keep something of a person.
_MADE_UP = frozenset({"constant", "blank", "default", "pseudonym", "random", "hash", "hmac", "token", "fake", "flag"})
#: What is written instead of a strategy's name behind *changed*.
_SAID = {"given": "as the person says", "flag": "flag of the catalog", "former": "as it was before", "moved": ""}
_KEPT = {"disclosed": "shown as it is", "withheld": "not shown", "manual": "a person decides"}


@dataclass(frozen=True, slots=True)
class Node:
    """A line: a system (no step), a row (a step, no field) or a field."""

    system: str
    step: Step | None = None
    field: str = ""
    open: bool = False


@dataclass
class Cells:
    """The words of one plan. ``shown`` are the fields whose values stand in clear: (row, field) → the value before."""

    plan: Plan
    systems: Systems
    sums: Mapping[str, Sums]
    refused: Mapping[tuple[str, str, str], Refusal]
    shown: dict[tuple[int, str], Value] = field(default_factory=dict)

    def parts(self, node: Node, column: int) -> Sequence[Part]:
        """What a cell is made of."""
        if node.step is None:
            return self._system(node, column)
        return self._field(node.step, node.field, column) if node.field else self._row(node, node.step, column)

    def refusal(self, step: Step, name: str) -> Refusal | None:
        """Why this field (or, without a name, this row) can't become what was planned."""
        return self.refused.get((step.ref.system, step.ref.collection, name))

    def can_show(self, step: Step, name: str) -> bool:
        """Whether a field holds something masked that can be shown in clear."""
        personal = self._personal(step, name)
        return bool(name) and personal and bool(as_text(step.before.get(name)) or as_text(step.writes.get(name)))

    # -- systems and rows

    def _system(self, node: Node, column: int) -> Sequence[Part]:
        if column == 0:
            return (Fold(node.open), *system_parts(node.system, self.systems, with_environment=False))
        if column == 1:
            return (environment(self.systems[node.system].environment),) if node.system in self.systems else ()
        act = rights.look(self.plan.right).head
        return (Text(self.sums[node.system].sentence(act), "text2", theme.MEDIUM),) if column == 3 else ()

    def _row(self, node: Node, step: Step, column: int) -> Sequence[Part]:
        if column == 0:
            return Gap(20), Fold(node.open), Text(row_name(step.ref, self.systems), mono=True, size=theme.SMALL)
        if column == 1:
            return (Text(self._happens(step), "text2", size=theme.SMALL),)
        if column == 2:
            return self._beside(step)
        return self._row_outcomes(step)

    def _happens(self, step: Step) -> str:
        fields = counted(len(step.fields), "field")
        match step.action:
            case "delete":
                return f"deleted, {fields}"
            case "move":
                return f"set aside in {step.to}"
            case "change":
                return f"stays, {len(step.writes)} of {len(step.fields)} change"
            case "manual":
                return "left to a person"
        return f"{'shown to the person' if rights.discloses(self.plan.right) else 'stays'}, {fields}"

    def _beside(self, step: Step) -> Sequence[Part]:
        """What goes with a row, and what is cleared before it goes."""
        parts: list[Part] = []
        for reach in step.reach:
            parts.append(Chip(f"takes {counted(reach.count, 'row')} of {reach.table} along", "retained", "warning"))
        if step.unlink:
            parts += [Sign("unlink", "text2", 13), Text(f"{', '.join(step.unlink)} cleared first", "text2", size=theme.SMALL)]
        return parts

    def _why(self, step: Step) -> Sequence[Part]:
        """Why a whole row becomes what it does."""
        refused = any(self.refusal(step, name) for name in step.fields)
        why = "" if refused else step.reason or _one_reason(step)
        return (Text(why, "text2", size=theme.SMALL),) if why else ()

    def _row_outcomes(self, step: Step) -> Sequence[Part]:
        if (whole := self.refusal(step, "")) is not None:
            return outcome("refused"), Text(whole.why, "failed", size=theme.SMALL)
        counts: Counter[str] = Counter()
        one: dict[str, Outcome] = {}
        for name, result in step.fields.items():
            word = "refused" if self.refusal(step, name) else result.name
            counts[word] += 1
            one[word] = result
        told = [w for w in ORDER if counts[w] and w != "not personal"] or [w for w in ORDER if counts[w]]
        chips: list[Part] = [outcome(w, str(counts[w])) for w in told]
        if len(told) == 1:
            chips = [outcome(told[0], more_of(one[told[0]]))]
        if any(self._special(step, name) for name in step.fields):
            chips.append(Chip("special", "failed", "special"))
        return (*chips, *self._why(step))

    # -- fields

    def _field(self, step: Step, name: str, column: int) -> Sequence[Part]:
        result, refusal = step.fields[name], self.refusal(step, name)
        match column:
            case 0:
                special = (Chip("special", "failed", "special"),) if self._special(step, name) else ()
                return Gap(56), Text(name, "failed" if special else "text2"), *special
            case 1:
                return self._before(step, name)
            case 2:
                if refusal:
                    return Sign("next", "failed", 13), Text(refusal.why, "failed", theme.MEDIUM, theme.SMALL)
                return Sign("next", "text3", 13), self._after(step, name, result)
        if refusal:
            return outcome("refused"), Text(refusal.cure, "text2", size=theme.SMALL)
        strategy = _SAID.get(result.strategy, result.strategy) if result.name in ("changed", "pseudonymised") else ""
        more = result.reason or strategy
        chip = outcome(result.name, more_of(result))
        return (chip, Text(more, "text2", size=theme.SMALL)) if more else (chip,)

    def _before(self, step: Step, name: str) -> Sequence[Part]:
        if (id(step), name) in self.shown:
            clear = as_text(self.shown[id(step), name]) or "empty"
            return Sign("reveal", "retained", 13), Text(clear, mono=True, size=theme.SMALL)
        shown = self._masked(step, name, step.before.get(name))
        text = Text(shown or "empty", "text2" if shown else "text3", mono=bool(shown), size=theme.SMALL)
        return (text, Gap(), Sign("reveal", "accent", 14)) if self.can_show(step, name) else (text,)

    def _after(self, step: Step, name: str, result: Outcome) -> Text:
        if step.action in ("delete", "move"):
            words = "gone with its row" if step.action == "delete" else "moves with its row"
            return Text(words, "text2", size=theme.SMALL)
        if name not in step.writes:
            return Text(_KEPT.get(result.name, "same"), "text2", size=theme.SMALL)
        text = as_text(step.writes[name])
        if text in (None, ""):
            return Text("empty", "text2", size=theme.SMALL)
        clear = result.strategy in _MADE_UP or (id(step), name) in self.shown
        return Text(text or "" if clear else self._masked(step, name, step.writes[name]), mono=True, size=theme.SMALL)

    # -- what the catalog says of a field

    def _known(self, step: Step, name: str) -> Field | None:
        system = self.systems.get(step.ref.system)
        collection = system.collections.get(step.ref.collection) if system else None
        return collection.fields.get(name) if collection else None

    def _special(self, step: Step, name: str) -> bool:
        known = self._known(step, name)
        return known is not None and is_special(known.category_in(step.before)) and bool(as_text(step.before.get(name)))

    def _personal(self, step: Step, name: str) -> bool:
        known = self._known(step, name)
        return known is None or known.personal_in(step.before)

    def _masked(self, step: Step, name: str, value: Value) -> str:
        if not self._personal(step, name):
            return as_text(value) or ""
        known = self._known(step, name)
        if known is None:
            return mask(value)
        return mask(value, known.identity_in(step.before), known.category_in(step.before))


def _one_reason(step: Step) -> str:
    """The reason that a row's outcomes share; ``""`` where they differ or the fields tell it themselves."""
    if (step.tells and step.changes) or step.action == "delete":
        return ""
    reasons = {o.reason for o in step.fields.values() if o.name in ("excluded", "retained", "manual")} - {""}
    return next(iter(reasons)) if len(reasons) == 1 else ""
