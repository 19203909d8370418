"""The sample request, from the letter to the signed report, without a screen: every stage, and what it says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from dsr_desk.errors import DeskError
from dsr_desk.flow.desk import Desk
from dsr_desk.model.finding import RowRef, SearchResult


@dataclass
class Tour:
    """Runs the request of the sample company; ``lines`` says what happens as it happens.

    ``ok`` is true at the end only if the second search found nothing left over and the request could be closed.
    """

    desk: Desk
    ref: str
    out: Path
    ok: bool = False
    export: Path | None = None
    report: Path | None = None

    def lines(self) -> Iterator[str]:
        """Do it, line by line."""
        desk, ref = self.desk, self.ref
        found = desk.search(ref)
        searched = sum(1 for s in found.systems if s.status == "searched")
        yield f"Search    {len(found.findings)} records in {searched} systems; 1 system is searched by hand."
        for n in found.not_followed:
            yield f"          A {n.identifier.kind} also leads to somebody else: not followed."
        catalog = desk.usable().catalog
        alone = [f for f in found.findings if catalog and catalog.collection(f.ref.system, f.ref.collection).automated]
        yield f"          {len(alone)} of them is a decision that a machine takes alone: the export says how (Art. 22)."
        mine, others = _to_decide(found)
        desk.review(ref, mine, True, "Her own words, or her own payment: checked with support")
        desk.review(ref, others, False, "Others live there, too: it goes with the last of them")
        yield f"Review    {len(mine)} shared or mentioned records included, {len(others)} left out, each with a reason."
        self.export = self.out / "export"
        files = desk.export(ref, self.export, ("json", "csv", "html")).files
        yield f"Export    {len(files)} files, each read back and compared."
        plan = desk.make_plan(ref)
        for refusal in plan.refusals:
            yield f"Refused   {refusal.system}/{refusal.collection}/{refusal.field}: {refusal.why}. {refusal.cure}."
        yield f"Plan      {desk.phrase(plan)} (some of them stay for tax law, and lose fields), digest {plan.digest[:16]}…"
        desk.approve(ref, plan.digest)
        yield "Approve   signed, with the trail's checkpoint."
        done = desk.apply(ref)
        for s in done.systems:
            if s.status == "applied":
                yield f"Apply     {s.system}: {s.deleted} deleted, {s.changed} changed."
            elif s.status not in ("manual", "unchanged"):
                yield f"Apply     {s.system}: {s.status}. {s.error} {s.hint}"
        for task in desk.tasks(ref):
            if task.open:
                notice = task.kind == "notice"
                desk.answer_task(ref, task.id, _TOLD if notice else "Folder H-17 found and shredded by P. Lindner", 1)
                yield f"{'Notice' if notice else 'By hand':<9} {task.title}: answered."
        proof = desk.verify(ref)
        yield (
            f"Verify    {proof.total('before')} found before, {proof.total('erased')} erased, {proof.total('retained')} retained, "
            f"{proof.total('excluded')} left out, {proof.total('by_hand')} by hand, {proof.total('leftover')} left over."
        )
        for residue in proof.residue:
            yield f"          Residue in {residue.system}, {residue.where}: {residue.count}. {residue.why}"
        yield from self._end(proof.status == "verified")

    def _end(self, verified: bool) -> Iterator[str]:
        desk, ref = self.desk, self.ref
        if verified:
            desk.decide(ref, "partly", "Orders and payments stay until the tax law lets them go", date.today())
            desk.close_request(ref)
            yield "Close     granted in part, answered today; nothing is open."
            if (lock := desk.lock(ref)) is not None:
                yield f"Tokens    {len(lock.places)} bank accounts stay as tokens; the safe lock tells them until it is shredded."
        verdict = desk.verify_trail(lambda done, total: None)
        yield f"Trail     {verdict.entries} entries hold." if verdict.ok else "Trail     it does not hold."
        self.report = desk.save_report(ref, self.out / f"{ref}.pdf")
        self.ok = verified and verdict.ok


_TOLD = "Told by e-mail; they confirmed that they erased it, too"


def _to_decide(found: SearchResult) -> tuple[list[RowRef], list[RowRef]]:
    """What the sample's operator includes, and what they leave out."""
    open_ones = [f for f in found.findings if (f.shared or f.mention or f.review) and not f.access_only]
    others = [f.ref for f in open_ones if f.ref.collection == "addresses"]
    return [f.ref for f in open_ones if f.ref not in others], others


def run_tour(tour: Tour) -> Iterator[str]:
    """The tour's lines; an error becomes its last line, never a traceback."""
    try:
        yield from tour.lines()
    except DeskError as error:
        yield f"Stopped   {error.message} {error.hint}"
