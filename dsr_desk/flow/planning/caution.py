"""What should be known before a plan is approved, though it can be carried out. It is in the digest, and on the report."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from dsr_desk import strategies
from dsr_desk.drivers.base import Driver
from dsr_desk.errors import UsageError
from dsr_desk.flow.systems import Systems
from dsr_desk.flow.workers import result
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import Catalog
from dsr_desk.model.finding import Finding, Lookup, RowRef
from dsr_desk.model.plan import Caution, Plan, Step
from dsr_desk.model.schema import Schema, Trigger
from dsr_desk.model.values import Value, as_text
from dsr_desk.plugins import plugins
from dsr_desk.strategies.base import Strategy

#: How many different records of a collection are held against all others, at most. Each may take a pass over the table.
MOST = 20
#: How many rows are read for that in one collection, at most.
MOST_READ = 20_000

#: What is left of one record: fields, and their values.
_Left = tuple[tuple[str, ...], tuple[Value, ...]]
_Rests = Mapping[_Left, Sequence[Step]]
#: Whose each record is: lines of the list.
_People = Mapping[RowRef, tuple[int, ...]]


def cautions(
    systems: Systems, schemas: Mapping[str, Schema], plan: Plan, findings: Mapping[RowRef, Finding], cancel: Cancel
) -> tuple[Caution, ...]:
    """Everything to know: environments mixed, triggers that write elsewhere, what cascades take, tokens of tokens, and who is
    still singled out.
    """
    found = [
        *_environments(systems.catalog, plan),
        *_triggers(schemas, plan),
        *_taken(plan),
        *_outlived(plan),
        *_tokens_again(plan),
        *_singled_out(systems, plan, {ref: f.people for ref, f in findings.items() if f.people}, cancel),
    ]
    return tuple(dict.fromkeys(found))


def _environments(catalog: Catalog, plan: Plan) -> Iterator[Caution]:
    changing = dict.fromkeys(s.ref.system for s in plan.steps if s.changes)
    of_test = [n for n in changing if catalog.systems[n].environment == "test"]
    if of_test and len(of_test) < len(changing):
        yield Caution("", "", "", f"It changes production systems and test systems alike. For tests: {', '.join(of_test)}")


def _triggers(schemas: Mapping[str, Schema], plan: Plan) -> Iterator[Caution]:
    for step in plan.steps:
        live = schemas[step.ref.system].collections.get(step.ref.collection) if step.changes else None
        for trigger in live.fires if live else ():
            if trigger.elsewhere != "no" and _fires(trigger, step):
                if trigger.tables:
                    what = f"its trigger {trigger.name} writes to {', '.join(trigger.tables)}: look there, too"
                else:
                    what = f"its trigger {trigger.name} may write elsewhere: ask the owner of the system what it keeps"
                yield Caution(step.ref.system, step.ref.collection, "", what)


def _fires(trigger: Trigger, step: Step) -> bool:
    if step.action in ("delete", "move"):
        return "DELETE" in trigger.events or (bool(step.unlink) and "UPDATE" in trigger.events)
    return "UPDATE" in trigger.events and (not trigger.columns or bool({*trigger.columns} & {*step.writes}))


def _taken(plan: Plan) -> Iterator[Caution]:
    counts: Counter[tuple[str, str, str, tuple[str, ...], bool]] = Counter()
    for step in plan.steps:
        for r in step.reach:
            counts[step.ref.system, step.ref.collection, r.table, r.columns, r.cleared] += r.count
    for (system, collection, table, columns, cleared), count in counts.items():
        rows = f"{count} row{'' if count == 1 else 's'} of table {table}"
        by = ", ".join(columns)
        if cleared:
            what = f"{rows}, which the catalog does not list, will lose what points to it ({by}: ON DELETE SET NULL)"
        else:
            what = f"{rows}, which the catalog does not list, will be deleted with it ({by}: ON DELETE CASCADE)"
        yield Caution(system, collection, "", what)


def _outlived(plan: Plan) -> Iterator[Caution]:
    """Records that would stay on a ground that has ended: nothing takes them away by itself, and nothing allows them any more."""
    today = plan.made[:10]
    over: Counter[tuple[str, str]] = Counter()
    for step in plan.steps:
        ends = [o.until for o in step.fields.values() if o.name in ("retained", "pseudonymised") and o.until]
        if ends and max(ends) < today:  # ISO dates, or "never", which sorts after all of them
            over[step.ref.system, step.ref.collection] += 1
    for (system, collection), count in over.items():
        stay = "1 record stays" if count == 1 else f"{count} records stay"
        cure = "say in the catalog what becomes of such records, or keep them on another ground"
        yield Caution(system, collection, "", f"{stay} on a ground whose end date has passed: {cure}")


def _tokens_again(plan: Plan) -> Iterator[Caution]:
    """Fields that hold tokens of another safe lock: a token of a token is told by two locks, and only by both."""
    kinds = plugins(strategies, Strategy)
    reversible = {name: kind() for name, kind in kinds.items() if kind.reversible}
    again: dict[tuple[str, str], tuple[dict[str, None], set[RowRef]]] = defaultdict(lambda: ({}, set()))
    for step in plan.steps:
        for name, token in step.writes.items():
            kind, before = reversible.get(step.fields[name].strategy), step.before.get(name)
            if kind is not None and kind.wrote(before) and token != before:  # a token of its own lock stays as it is
                fields, records = again[step.ref.system, step.ref.collection]
                fields[name] = None
                records.add(step.ref)
    for (system, collection), (fields, records) in again.items():
        hold = "1 record holds" if len(records) == 1 else f"{len(records)} records hold"
        what = "this request's safe lock will tell those tokens only, and what they stand for that of the earlier request"
        yield Caution(system, collection, ", ".join(fields), f"{hold} tokens of an earlier request: {what}, until it is shredded")


# -- k = 1 ---------------------------------------------------------------------------------------------------------------


def _singled_out(systems: Systems, plan: Plan, people: _People, cancel: Cancel) -> Iterator[Caution]:
    """Records that stay, and of which what is left is found in no other record (k = 1; Sweeney, k-anonymity, 2002).

    Of a list, the records of the other people on it are others, as they will be left.
    """
    if not any(s.takes for s in plan.steps):
        return
    left: dict[str, dict[str, dict[_Left, list[Step]]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
    for step in plan.steps:
        rest = _left(systems.catalog, step)
        if rest is not None:
            left[step.ref.system][step.ref.collection][rest].append(step)
    planned = {s.ref for s in plan.steps}
    for system, collection, rests in [(s, c, rests) for s, of in left.items() for c, rests in of.items()] if people else []:
        staying = [s for s in plan.steps if (s.ref.system, s.ref.collection) == (system, collection)]
        left[system][collection] = _without_company(rests, staying, people)

    def job(driver: Driver) -> dict[str, tuple[int, int]]:
        return {c: _alone(driver, c, rests, planned, cancel) for c, rests in left[driver.system.name].items() if rests}

    for system, future in systems.each(list(left), job):
        alone: dict[str, tuple[int, int]] = result(future)
        for collection, (count, unchecked) in alone.items():
            fields = ", ".join(dict.fromkeys(n for names, _ in left[system][collection] for n in names))
            if count:
                stays = "1 record that stays is" if count == 1 else f"{count} records that stay are"
                yield Caution(system, collection, fields, f"{stays} like no other in what is left: it still singles somebody out")
            if unchecked:
                records = "1 record" if unchecked == 1 else f"{unchecked} records"
                yield Caution(
                    system, collection, fields, f"whether what is left singles somebody out was not checked for {records}"
                )


def _without_company(rests: _Rests, staying: Sequence[Step], people: _People) -> dict[_Left, list[Step]]:
    """The records, by what is left of them, but for those that a record of somebody else in the same plan will be like."""
    holders: dict[tuple[str, ...], dict[tuple[str | None, ...], set[tuple[int, ...]]]] = {}
    for names in {names for names, _ in rests}:
        held = holders[names] = defaultdict(set)
        for step in staying:
            if step.action in ("change", "keep") and step.ref in people:
                held[tuple(as_text(step.writes.get(n, step.before.get(n))) for n in names)].add(people[step.ref])
    alone: dict[_Left, list[Step]] = {}
    for (names, values), steps in rests.items():
        others = holders[names][tuple(map(as_text, values))]
        lonely = [s for s in steps if all({*people.get(s.ref, ())} & {*other} for other in others)]
        if lonely:
            alone[names, values] = lonely
    return alone


def _left(catalog: Catalog, step: Step) -> _Left | None:
    """The personal values of a record that stays, as they are; ``None`` where nothing is left, or nothing was found out."""
    if step.action not in ("change", "keep") or step.heading in ("excluded", "changed"):
        return None
    collection = catalog.collection(step.ref.system, step.ref.collection)
    rest = {
        name: step.before[name]
        for name, field in collection.fields.items()
        if field.category_in(step.before) is not None and name not in collection.key
        if as_text(step.before.get(name)) and step.fields[name].name == "retained"
    }
    return (tuple(rest), tuple(rest.values())) if rest and all(_plain(v) for v in rest.values()) else None


def _plain(value: Value) -> bool:
    return not isinstance(value, bytes | bytearray | memoryview | list | dict)


def _alone(driver: Driver, collection: str, rests: _Rests, planned: set[RowRef], cancel: Cancel) -> tuple[int, int]:
    """How many records are like no other, and how many were not looked at."""
    asked = list(rests)[:MOST]
    lookups = [Lookup(collection, fields, (values,)) for fields, values in asked]
    waiting = set(range(len(lookups)))
    looked: set[int] = set()
    # A file is read from end to end whatever is asked; a database answers one question after the other, and stops where told.
    for numbers in [sorted(waiting)] if driver.heavy or driver.reads_all else [[n] for n in sorted(waiting)]:
        try:
            through = _read(driver, [lookups[n] for n in numbers], numbers, waiting, planned, cancel)
        except UsageError:  # it can be asked for a person's records alone, and never gone through
            through = False
        if through:
            looked |= {*numbers}
        else:
            waiting -= {*numbers}
    unchecked = sum(len(steps) for n, steps in enumerate(rests.values()) if n not in looked)
    return sum(len(rests[asked[n]]) for n in waiting), unchecked


def _read(
    driver: Driver, lookups: Sequence[Lookup], numbers: Sequence[int], waiting: set[int], planned: set[RowRef], cancel: Cancel
) -> bool:
    """Take from ``waiting`` what another record shares; whether it was read to the end, or until nothing waited."""
    read = 0
    for batch in driver.find(lookups, cancel):
        for hit in batch:
            if hit.row.ref not in planned:
                waiting.discard(numbers[hit.lookup])
        read += len(batch)
        if not waiting & {*numbers}:
            return True
        if read > MOST_READ:
            return False
    return True
