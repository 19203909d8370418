"""What ``--json`` prints: the keys of each document are a promise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from dsr_desk.flow.receiving.many import PersonOutcome
from dsr_desk.model.catalog import Catalog
from dsr_desk.model.finding import Finding, Row, RowRef, SearchResult
from dsr_desk.model.former import Restriction
from dsr_desk.model.mask import is_special
from dsr_desk.model.plan import Plan, Residue, Step
from dsr_desk.model.request import Request, Task
from dsr_desk.model.result import ApplyResult, Leftover, Retained, Verification
from dsr_desk.model.values import Value, to_json


def search(found: SearchResult, catalog: Catalog, restricted: Mapping[RowRef, str]) -> dict[str, Any]:
    """The document of a search. ``restricted`` is row → the request that restricted it, or ``in the system``."""
    identity: dict[str, list[str]] = {}
    for identifier in found.identity:
        identity.setdefault(identifier.kind, []).append(identifier.value)
    return {
        "identity": identity,
        "complete": found.complete,
        "systems": [
            {
                "system": s.system,
                "status": s.status,
                "rows": s.rows,
                "seconds": s.seconds,
                "error": s.error or None,
                "hint": s.hint or None,
                "uncovered": list(s.uncovered),
                "notes": list(s.notes),
            }
            for s in found.systems
        ],
        "ambiguous": [_row(c.row, catalog) for c in found.ambiguous],
        "not_followed": [
            {
                "kind": n.identifier.kind,
                "value": n.identifier.value,
                "from": n.identifier.origin.path if n.identifier.origin else None,
                "leads_to": [r.path for r in n.leads_to],
            }
            for n in found.not_followed
        ],
        "subjects": [r.path for r in found.subjects],
        "findings": [{**_finding(f, catalog), "restricted": restricted.get(f.ref)} for f in found.findings],
    }


def _row(row: Row, catalog: Catalog) -> dict[str, Any]:
    known = catalog.collection(row.ref.system, row.ref.collection).fields
    return {
        "system": row.ref.system,
        "collection": row.ref.collection,
        "key": {name: to_json(value) for name, value in row.key.items()},
        "fields": {name: to_json(value) for name, value in row.values.items() if name in known},
        "row": row.ref.path,
    }


def _finding(finding: Finding, catalog: Catalog) -> dict[str, Any]:
    return {
        **_row(finding.row, catalog),
        "via": [{"rule": h.rule, "detail": h.detail, "from": h.origin.path if h.origin else None} for h in finding.via],
        "access_only": finding.access_only,
        "shared": finding.shared,
        "mention": finding.mention,
        "review": list(finding.review),
        "subject": finding.subject,
        "people": list(finding.people),
        "other_owners": [r.path for r in finding.other_owners],
        "mentions": [{"field": m.field, "kind": m.kind} for m in finding.mentions],
        "uncovered": list(finding.uncovered),
        "special": special_fields(catalog, finding.ref, finding.row.values),
    }


def request(of: Request) -> dict[str, Any]:
    """The document of a request."""
    facts = of.facts
    return {
        "request": of.ref,
        "right": of.right,
        "stage": of.stage,
        "received": of.received.isoformat(),
        "due": of.due.on.isoformat(),
        "due_rule": of.due.rule,
        "due_moved_by": of.due.holiday or None,
        "identity": [{"kind": k, "value": v} for k, v in facts.identity],
        "people": len(facts.people),
        "left_out": [{"line": line, "reason": reason} for line, reason in facts.left_out.items()],
        "repeated": [{"line": line, "of": first} for line, first in facts.repeated.items()],
        "by_controller": facts.by_controller,
        "identity_check": facts.identity_check or None,
        "identity_asked": facts.identity_asked,
        "extended": facts.extended or None,
        "ground": facts.ground or None,
        "subjects": list(facts.subjects),
        "corrections": [
            {"where": c.where, "value": to_json(c.value), "row": c.row.path if c.row else None} for c in facts.corrections
        ],
        "ends": facts.ends or None,
        "undoes": facts.undoes or None,
        "waived": dict(facts.waived),
        "decisions": [{"row": d.ref.path, "include": d.include, "reason": d.reason, "by": d.by} for d in facts.decisions],
        "decision": facts.decision,
        "decision_reason": facts.decision_reason or None,
        "answered": facts.answered.isoformat() if facts.answered else None,
        "closed": of.closed or None,
    }


def people(of: Iterable[PersonOutcome]) -> list[dict[str, Any]]:
    """What becomes of each person of a list."""
    return [{"line": p.line, **{str(name): count for name, count in p.records.items()}, "why": p.why or None} for p in of]


def restriction(of: Restriction) -> dict[str, Any]:
    """The document of a restriction that stands."""
    return {
        "request": of.request,
        "since": of.since,
        "ground": of.ground or None,
        "rows": [r.path for r in of.rows],
        "lifting": of.lifting or None,
    }


def task(of: Task) -> dict[str, Any]:
    """The document of a task."""
    return {
        "request": of.request,
        "task": of.id,
        "kind": of.kind,
        "system": of.system,
        "title": of.title,
        "instructions": of.instructions,
        "open": of.open,
        "answered": of.answered or None,
        "by": of.answered_by or None,
        "note": of.note or None,
        "records": of.records,
        "files": list(of.files),
    }


def plan(of: Plan, phrase: str, catalog: Catalog) -> dict[str, Any]:
    """The document of a plan."""
    return {
        "request": of.request,
        "right": of.right,
        "digest": of.digest,
        "phrase": phrase,
        "made": of.made,
        "expires": of.expires,
        "catalog": of.catalog,
        "refusals": [
            {
                "system": r.system,
                "collection": r.collection,
                "field": r.field,
                "why": r.why,
                "cure": r.cure,
                "request": r.request or None,
                "command": r.command or None,
            }
            for r in of.refusals
        ],
        "cautions": [{"system": c.system, "collection": c.collection, "field": c.field, "what": c.what} for c in of.cautions],
        "manual_systems": list(of.manual_systems),
        "waived": list(of.waived),
        "compact": list(of.compact),
        "steps": [_step(s, catalog) for s in of.steps],
    }


def _step(of: Step, catalog: Catalog) -> dict[str, Any]:
    special = special_fields(catalog, of.ref, of.before)
    return {
        "system": of.ref.system,
        "collection": of.ref.collection,
        "key": {name: to_json(value) for name, value in of.key.items()},
        "row": of.ref.path,
        "action": of.action,
        "reason": of.reason or None,
        "to": of.to or None,
        "unlink": list(of.unlink),
        "reach": [{"table": r.table, "columns": list(r.columns), "rows": r.count, "cleared": r.cleared} for r in of.reach],
        "fields": {
            name: {
                **({"after": to_json(of.writes[name])} if name in of.writes else {}),
                "outcome": o.name,
                "strategy": o.strategy or None,
                "ground": o.ground or None,
                "until": o.until or None,
                "reason": o.reason or None,
                "special": name in special,
            }
            for name, o in of.fields.items()
        },
    }


def special_fields(catalog: Catalog, ref: RowRef, values: Mapping[str, Value]) -> list[str]:
    """The fields of a row that hold data of a special category (Art. 9, Art. 10)."""
    system = catalog.systems.get(ref.system)
    collection = system.collections.get(ref.collection) if system else None
    fields = collection.fields if collection else {}
    return [n for n, v in values.items() if v not in (None, "") and n in fields and is_special(fields[n].category_in(values))]


def applied(of: ApplyResult) -> dict[str, Any]:
    """The document of a run."""
    return {
        "request": of.request,
        "status": of.status,
        "open": of.open,
        "systems": [
            {
                "system": s.system,
                "status": s.status,
                "deleted": s.deleted,
                "changed": s.changed,
                "guarantee": s.guarantee,
                "error": s.error or None,
                "hint": s.hint or None,
                "rows": list(s.rows),
                "notes": list(s.notes),
            }
            for s in of.systems
        ],
    }


def verification(of: Verification) -> dict[str, Any]:
    """The document of a second search."""
    return {
        "request": of.request,
        "status": of.status,
        "before": of.total("before"),
        "after": of.total("leftover"),
        "erased": of.total("erased"),
        "changed": of.total("changed"),
        "by_hand": of.total("by_hand"),
        "in_part": of.in_part,
        "retained": [_retained(r) for r in of.retained],
        "excluded": [_retained(r) for r in of.excluded],
        "keys": [_retained(r) for r in of.keys],
        "leftovers": [_leftover(x) for x in of.leftovers],
        "residue": [_residue(r) for r in of.residue],
        "limits": list(of.limits),
        "systems": [
            {
                "system": s.system,
                "before": s.before,
                "erased": s.erased,
                "changed": s.changed,
                "retained": s.retained,
                "excluded": s.excluded,
                "by_hand": s.by_hand,
                "leftover": s.leftover,
                "searched": s.searched,
                "error": s.error or None,
            }
            for s in of.systems
        ],
        "entry": of.entry,
    }


def _retained(of: Retained) -> dict[str, Any]:
    return {
        "system": of.ref.system,
        "collection": of.ref.collection,
        "row": of.ref.path,
        "ground": of.ground or None,
        "reason": of.reason or None,
        "until": of.until or None,
        "fields": list(of.fields),
    }


def _leftover(of: Leftover) -> dict[str, Any]:
    return {
        "system": of.ref.system,
        "collection": of.ref.collection,
        "row": of.ref.path,
        "fields": list(of.fields),
        "why": of.why,
    }


def _residue(of: Residue) -> dict[str, Any]:
    return {"system": of.system, "where": of.where, "count": of.count, "why": of.why, "cure": of.cure or None}
