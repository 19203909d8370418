"""What a person reads in the terminal: counts first, values masked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from dsr_desk.catalog.check import CatalogCheck
from dsr_desk.cli.shape import special_fields
from dsr_desk.errors import with_command
from dsr_desk.model.catalog import Catalog
from dsr_desk.model.due import left_in_words, long_date
from dsr_desk.model.finding import Finding, Row, RowRef, SearchResult
from dsr_desk.model.former import IN_SYSTEM, Restriction
from dsr_desk.model.mask import mask
from dsr_desk.model.plan import Plan
from dsr_desk.model.request import Request, Task
from dsr_desk.model.result import ApplyResult, RequestSummary, Verification


def plural(count: int, word: str) -> str:
    """``1 record``, ``2 records``."""
    return f"{count} {word}{'' if count == 1 else 's'}"


def search(found: SearchResult, catalog: Catalog, restricted: Mapping[RowRef, str]) -> Iterator[str]:
    """What was found, by system and collection, and which of it is restricted (row → the request that did it)."""
    for s in found.systems:
        detail = f"{s.status}, {plural(s.rows, 'record')}" if s.status == "searched" else s.status
        yield f"{s.system:<16} {detail}" + (f": {s.error} {s.hint}" if s.error else "")
        yield from (f"  {note}" for note in s.notes)
    for i in found.identity:
        origin = f"found in {i.origin.system}/{i.origin.collection}" if i.origin else "given"
        yield f"  {i.kind:<14} {mask(i.value, i.kind):<28} {origin}{'' if i.followed else ', not followed'}"
    for n in found.not_followed:
        yield f"  {n.identifier.kind} also leads to somebody else ({', '.join(r.path for r in n.leads_to)}): not followed"
    if found.ambiguous:
        yield f"This leads to {plural(len(found.ambiguous), 'row')} that may be different people. Say who it is with --subject:"
        for c in found.ambiguous:
            yield f"  {c.row.ref.path:<40} {_hint(c.row, catalog)}"
        return
    if not found.findings:
        yield "Nobody found." if found.complete else "Nobody found in the systems that answered. The search is not complete."
        return
    yield f"{plural(len(found.findings), 'record')} found{'' if found.complete else '. The search is NOT complete'}."
    for f in found.findings:
        yield f"  {f.ref.path:<44} {_hint(f.row, catalog):<40} {_marks(f, catalog, restricted.get(f.ref))}".rstrip()


def _hint(row: Row, catalog: Catalog) -> str:
    fields = catalog.collection(row.ref.system, row.ref.collection).fields
    shown = [
        mask(v, fields[n].identity_in(row.values), fields[n].category_in(row.values))
        for n, v in row.values.items()
        if n in fields and fields[n].personal_in(row.values) and n not in row.key and v not in (None, "")
    ]
    return "  ".join(shown[:2])


def _marks(finding: Finding, catalog: Catalog, since: str | None) -> str:
    marks = [*([f"restricted {since}" if since == IN_SYSTEM else f"restricted since {since}"] if since else []), *finding.review]
    special = special_fields(catalog, finding.ref, finding.row.values)
    if special:
        marks.append(f"special category: {', '.join(special)}")
    if finding.shared:
        marks.append(f"shared with {len(finding.other_owners)}" if finding.other_owners else "shared")
    if finding.access_only:
        marks.append("access-only")
    if finding.mention:
        marks.append("mention")
    return f"[{', '.join(marks)}]" if marks else ""


def request(of: Request) -> Iterator[str]:
    """One request."""
    facts = of.facts
    yield f"{of.ref}  {of.right}  stage: {of.stage}"
    yield f"  received {long_date(of.received)}, due {long_date(of.due.on)} ({left_in_words(of.due, date.today())})"
    yield f"  {of.due.rule}"
    for kind, value in facts.identity:
        yield f"  {kind}: {mask(value, kind)}"
    if facts.people:
        yield f"  a list of {plural(len(facts.people), 'person').replace('persons', 'people')}"
        yield from (f"  line {line}: left out: {reason}" for line, reason in facts.left_out.items())
    if facts.by_controller:
        yield "  begun by the controller: nobody asked for it"
    if facts.ends:
        yield f"  ends the restriction {facts.ends}"
    if facts.undoes:
        yield f"  takes {facts.undoes} back"
    for c in facts.corrections:
        yield f"  corrects {c.where}: {mask(c.value, category=c.where) or 'emptied'}" + (f" in {c.row.path}" if c.row else "")
    yield f"  identity check: {facts.identity_check or 'none recorded'}"
    if facts.decision:
        yield f"  decision: {facts.decision}" + (f", answered {long_date(facts.answered)}" if facts.answered else "")


def inbox(requests: Iterable[RequestSummary], restrictions: Iterable[Restriction]) -> Iterator[str]:
    """The list of requests, and the restrictions that stand, whether their requests are closed or not."""
    lines = list(requests)
    if not lines:
        yield "No open requests."
    for r in lines:
        left = "closed" if r.closed else left_in_words(r.due, date.today())
        yield f"{r.ref}  {r.right:<12} {r.subject:<28} {r.stage:<9} {r.detail:<26} {left}"
    for s in restrictions:
        lifted = f"{s.lifting} will lift it" if s.lifting else f"to end it: dsr-desk request lift {s.request}"
        yield f"In force: {s.request} restricts {plural(len(s.rows), 'record')} since {s.since[:10]}; {lifted}"


def tasks(of: Iterable[Task]) -> Iterator[str]:
    """The list of tasks."""
    lines = list(of)
    if not lines:
        yield "No tasks."
    for t in lines:
        yield f"{t.request}  {t.id:<28} {'open' if t.open else 'answered'}  {t.title}"
        if t.open:
            yield f"    {t.instructions}"


def plan(of: Plan, phrase: str) -> Iterator[str]:
    """A plan: what happens where, what is refused, and the digest to approve."""
    for r in of.refusals:
        where = "/".join(p for p in (r.system, r.collection, r.field) if p)
        yield f"REFUSED {where}: {r.why.rstrip('.')}. {with_command(r.cure, r.command).rstrip('.')}."
    for c in of.cautions:
        where = "/".join(p for p in (c.system, c.collection, c.field) if p)
        yield f"TO KNOW {where}: {c.what}." if where else f"TO KNOW: {c.what}."
    counts: dict[tuple[str, str], Counter[str]] = {}
    for s in of.steps:
        counts.setdefault((s.ref.system, s.ref.collection), Counter())[s.action] += 1
    for (system, collection), actions in counts.items():
        place = f"{system}/{collection}"
        yield f"{place:<36} " + ", ".join(f"{n} {a}" for a, n in actions.items())
    for s in of.steps:
        for name, o in s.fields.items():
            if o.strategy in ("given", "former") and name in s.writes:
                yield f"  {s.ref.path} {name}: {mask(s.before.get(name)) or 'empty'} → {mask(s.writes[name]) or 'empty'}"
    for s in of.steps:
        if s.action == "manual":
            yield f"  by hand: {s.ref.path}: {s.reason}"
    for name in of.manual_systems:
        yield f"{name}: by hand"
    for name in of.compact:
        yield f"{name}: then the file is compacted (VACUUM)"
    cleared = sum(1 for s in of.steps if s.in_part)
    if cleared:
        yield f"{plural(cleared, 'record')} that stay{'s' if cleared == 1 else ''} on a ground will lose some fields."
    if of.digest:
        yield f"Digest {of.digest}"
        yield f"To approve: {phrase}. It expires {of.expires}."


def applied(of: ApplyResult) -> Iterator[str]:
    """How a run went."""
    for s in of.systems:
        yield f"{s.system:<16} {s.status}, {s.deleted} deleted, {s.changed} changed" + (f". {s.error} {s.hint}" if s.error else "")
        yield from (f"    {note}" for note in s.notes)
        yield from (f"    {row}" for row in s.rows)
    yield f"{of.request}: {of.status}" + (f", {plural(of.open, 'task')} open" if of.open else "")


def verification(of: Verification) -> Iterator[str]:
    """The balance of a second search."""
    yield (
        f"{of.total('before')} found before = {of.total('erased')} erased + "
        + (f"{of.total('changed')} changed + " if of.total("changed") else "")
        + f"{of.total('retained')} retained + "
        f"{of.total('excluded')} left out + {of.total('by_hand')} by hand + {of.total('leftover')} left over"
    )
    if of.in_part:
        yield f"{of.in_part} of the retained records lost some of their fields."
    for x in of.leftovers:
        yield f"  LEFT OVER {x.ref.path}: {x.why}" + (f" ({', '.join(x.fields)})" if x.fields else "")
    for s in of.systems:
        if s.error:
            yield f"  {s.system}: {s.error}"
    for r in of.residue:
        yield f"  residue in {r.system}, {r.where}: {r.count or 'not known'}. {r.told}"
    yield from (f"  {limit}" for limit in of.limits)
    yield f"{of.request}: {of.status}"


def check(of: CatalogCheck) -> Iterator[str]:
    """Problems and coverage."""
    for problem in of.problems:
        yield str(problem)
    for s in of.systems:
        state = "by hand" if s.by_hand else "answers" if s.reachable else f"does not answer: {s.error} {s.hint}"
        yield f"{s.system:<16} {s.coverage or '–':<20} {state}"
    yield f"{plural(len(of.errors), 'error')}, {plural(len(of.warnings), 'warning')}"
