"""What legal holds stand against.

Data that a claim or an authority wants is not erased (Art. 17(3)(e)): a hold on a request, or on a person in whatever request,
stands against every plan that would take something away. It is asked when a plan is made, when it is approved, and before each
system is begun. It stands against no correction and no restriction: they erase nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from dsr_desk.errors import HeldError
from dsr_desk.flow.applying import record
from dsr_desk.model.catalog import Catalog
from dsr_desk.model.due import long_date
from dsr_desk.model.finding import Identifier, SearchResult
from dsr_desk.model.hold import Hold
from dsr_desk.model.identity import CONFIRMING, normals
from dsr_desk.model.plan import Plan, Refusal, Step
from dsr_desk.model.request import Request
from dsr_desk.store.tx import Tx

#: The parts of a request that say in the inbox that it is held, and that what held it was released.
HELD, RELEASED = "held", "hold-released"
#: How the inbox says it.
HOLD, AGAIN = "legal hold", "hold released: plan again"

_WHY = "A legal hold stands"
_CURE = "Release the hold when the claim is over, or decide to refuse the request on 17(3)(e)"

Forms = frozenset[tuple[str, str]]


def standing(tx: Tx) -> list[Hold]:
    """The holds that nobody has released."""
    return tx.holds()


def refusals(
    holds: Iterable[Hold], catalog: Catalog, request: Request, found: SearchResult, steps: Iterable[Step]
) -> Iterator[Refusal]:
    """The holds that cover this request or this person, where the plan would take something away."""
    if not any(step.takes for step in steps):
        return
    for hold, who in _covering(holds, catalog, request, found):
        yield Refusal("", "", "", f"{_WHY} on {who} since {_day(hold.at)}: {hold.reason}", _CURE)


def is_hold(refusal: Refusal) -> bool:
    """Whether it is a hold that refuses."""
    return not refusal.system and refusal.why.startswith(_WHY)


def not_held(tx: Tx, catalog: Catalog, request: Request, plan: Plan) -> None:
    """``HeldError`` where a hold stands against the plan now, whenever it was set."""
    if not any(step.takes for step in plan.steps):
        return
    holds = standing(tx)
    found = record.get(tx, request.ref, "plan-search", SearchResult) if holds else None
    for hold, who in _covering(holds, catalog, request, found):
        raise HeldError(f"{_WHY} on {who} since {_day(hold.at)}: nothing is erased.", f"{_CURE}.")


def detail(tx: Tx, request: Request, plan: Plan | None) -> str:
    """What holds mean for a request, in a few words for the inbox; ``""`` where nothing: they stop no plan that erases nothing."""
    parts = {*tx.parts(request.ref, HELD), *tx.parts(request.ref, RELEASED)}
    if RELEASED in parts:
        return AGAIN
    if request.stage not in ("plan", "approve", "apply"):
        return ""
    if HELD in parts:
        plan = plan or record.get(tx, request.ref, "plan", Plan)
        return HOLD if plan is None or any(step.takes for step in plan.steps) else ""
    return HOLD if plan is not None and any(is_hold(r) for r in plan.refusals) else ""


def _covering(holds: Iterable[Hold], catalog: Catalog, request: Request, found: SearchResult | None) -> Iterator[tuple[Hold, str]]:
    """The holds that stand against a request, each with whom or what it is on."""
    for hold in holds:
        if hold.request and hold.request == request.ref:
            yield hold, "this request"
        elif hold.identity:
            lines = _lines(hold, catalog, request, found)
            if lines:
                yield hold, f"the person of line {', '.join(map(str, lines))}" if lines[0] else "this person"


def covers(hold: Hold, catalog: Catalog, request: Request, found: SearchResult | None) -> bool:
    """Whether a hold is on this request, or on a person that it names or that its search followed."""
    return any(True for _ in _covering([hold], catalog, request, found))


def _lines(hold: Hold, catalog: Catalog, request: Request, found: SearchResult | None) -> list[int]:
    """The lines of a request's list on which the held person stands; ``[0]`` for the one person of a request without a list."""
    wanted = _forms(hold.identity, _regions(catalog))
    facts = request.facts
    numbers = facts.lines or tuple(range(1, len(facts.people) + 1))
    given: dict[int, Forms] = {n: _forms(pairs, _regions(catalog)) for n, pairs in zip(numbers, facts.people, strict=False)}
    given = given or {0: _forms(facts.identity, _regions(catalog))}
    for line in facts.left_out:
        given.pop(line, None)
    if found is not None and not facts.people:
        given[0] |= _followed(catalog, found.identity)
    elif found is not None:
        for person in found.people:
            if person.line in given:
                given[person.line] |= _followed(catalog, person.identity)
    return sorted(line for line, forms in given.items() if forms & wanted)


def _followed(catalog: Catalog, identity: Iterable[Identifier]) -> Forms:
    forms: set[tuple[str, str]] = set()
    for i in identity:
        if i.followed:
            system = catalog.systems.get(i.origin.system) if i.origin else None
            forms |= _forms([(i.kind, i.value)], [None, system.region] if system else _regions(catalog))
    return frozenset(forms)


def _forms(pairs: Iterable[tuple[str, str]], regions: Sequence[str | None]) -> Forms:
    """The normal forms of what tells a person apart. A national number is read as every system of the catalog would read it."""
    leading = [(kind, value) for kind, value in pairs if kind not in CONFIRMING]
    return frozenset((kind, form) for kind, value in leading for region in regions for form in normals(kind, value, region))


def _regions(catalog: Catalog) -> list[str | None]:
    return list(dict.fromkeys([None, *(s.region for s in catalog.systems.values())]))


def _day(at: str) -> str:
    return long_date(datetime.fromisoformat(at).date())
