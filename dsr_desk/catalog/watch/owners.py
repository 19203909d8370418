"""Where the ways to the owners lead, as a sample of the rows says: to nobody, to no row, or to two different people."""

from __future__ import annotations

from collections.abc import Iterator

from dsr_desk.catalog.live import place_of
from dsr_desk.catalog.problem import Problem, Severity, quote
from dsr_desk.catalog.source import Source
from dsr_desk.catalog.watch.facts import CollectionFacts, PathFacts, SystemFacts
from dsr_desk.catalog.watch.look import Look

#: By how much a share of the sampled rows has to grow before somebody is told, and the fewest rows that say anything.
_GREW = 0.1
_FEWEST = 3


def owners(seen: Look, then: SystemFacts | None, source: Source) -> Iterator[Problem]:
    """What a sample says of the ways up from each collection. What stood there when the catalog was accepted is a note only."""
    for name in seen.collections:
        now, before = seen.facts(name), then.named.get(name) if then else None
        was = {(p.fields, p.to): p for p in before.paths} if before else {}
        for path in now.paths:
            old = was.get((path.fields, path.to))
            yield from _dangling(name, path, old, source)
            yield from _empty(name, path, old, then, source)
        if now.sampled:
            yield from _lost(now, before, source)
        yield from _different(now, before, source)


def _dangling(name: str, path: PathFacts, old: PathFacts | None, source: Source) -> Iterator[Problem]:
    if not path.dangling:
        return
    known = old is not None and _share(path.dangling, path.rows) < _share(old.dangling, old.rows) + _GREW and old.dangling > 0
    severity: Severity = "note" if known else "warning"
    many = f"{path.dangling} of {_rows(path.rows)}"
    message = f"{quote(name)}: {many} looked at point by {_fields(path)} to no row of {quote(path.to.partition('/')[2])}."
    hint = "Whose they are can't be told: no search reaches them. Mend the rows, or the reference."
    if known:
        hint = "That was so when the catalog was accepted, too. Whose they are can't be told: no search reaches them."
    yield source.problem(severity, _place(source, name, path), message, hint, key=True, code="orphans")


def _empty(name: str, path: PathFacts, old: PathFacts | None, then: SystemFacts | None, source: Source) -> Iterator[Problem]:
    """A reference that nobody fills is the catalog's business; one that was filled and no longer is, is a change of the system."""
    if old is None or then is None or path.empty < _FEWEST or not old.rows:
        return
    if _share(path.empty, path.rows) < _share(old.empty, old.rows) + _GREW:
        return
    message = (
        f"{quote(name)}: {_fields(path)} is empty in {path.empty} of {_rows(path.rows)} looked at; "
        f"{old.empty} of {old.rows} when version {then.version} was accepted."
    )
    hint = "A row without an owner is found for nobody. Find out what writes such rows."
    yield source.warning(_place(source, name, path), message, hint, key=True, code="owner_missing")


def _lost(now: CollectionFacts, before: CollectionFacts | None, source: Source) -> Iterator[Problem]:
    if now.lost < now.sampled:
        return
    message = f"{quote(now.name)}: none of the {_rows(now.sampled)} looked at leads to a person."
    hint = "Check owned_by and owns: a search finds nothing here, whoever it is for."
    known = before is not None and before.sampled > 0 and before.lost == before.sampled
    severity: Severity = "warning" if now.sampled >= _FEWEST and not known else "note"
    yield source.problem(severity, ("collections", now.name), message, hint, key=True, code="leads_to_nobody")


def _different(now: CollectionFacts, before: CollectionFacts | None, source: Source) -> Iterator[Problem]:
    was = {(d.one, d.other): d for d in before.disagreements} if before else {}
    for said in now.disagreements:
        old = was.get((said.one, said.other))
        known = old is not None and _share(said.different, said.rows) < _share(old.different, old.rows) + _GREW
        message = (
            f"{quote(now.name)}: in {said.different} of {_rows(said.rows)} looked at {quote(said.one)} and {quote(said.other)} "
            "lead to different people."
        )
        hint = "Such a row is shared, and waits for a person in every request. Should one of them be accessed_by or points_at?"
        severity: Severity = "note" if said.direct or known else "warning"
        yield source.problem(severity, ("collections", now.name), message, hint, key=True, code="owners_disagree")


def _rows(count: int) -> str:
    return f"{count} row{'' if count == 1 else 's'}"


def _fields(path: PathFacts) -> str:
    return quote("+".join(path.fields))


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _place(source: Source, name: str, path: PathFacts) -> tuple[object, ...]:
    return place_of(source, name, path.fields[0])
