"""Lifting: a restriction ends, and the person is told first (GDPR Art. 18(3))."""

from __future__ import annotations

from collections.abc import Iterator

from dsr_desk.model.finding import Finding
from dsr_desk.model.former import Former
from dsr_desk.model.plan import Intent, Outcome
from dsr_desk.rights.base import BY_HAND, Case, Right, marked, whole


class Lifting(Right):
    """The rows of one restriction get back what stood there, or what the catalog sets when it ends (``on_restrict: lift``)."""

    name = "lifting"
    article = "Art. 18(3)"
    verb = "LIFT"
    called = "a request that lifts a restriction"
    title = "End the restriction for"
    writes = True
    notice = "end of the restriction"
    asked = False
    takes_all = False

    def intents(self, case: Case) -> Iterator[Intent]:
        """Rows that the restriction did not reach are left alone."""
        for finding in case.findings:
            decision = case.decisions.get(finding.ref)
            former = case.former.get(finding.ref)
            if decision is not None and not decision.include:
                yield whole(finding, "keep", Outcome("excluded", reason=decision.reason))
            elif former is None:
                yield whole(finding, "keep", Outcome("excluded", reason="This restriction does not reach it"))
            else:
                yield _lift(case, finding, former)


def _lift(case: Case, finding: Finding, former: Former) -> Intent:
    other = case.also.get(finding.ref)
    if other is not None:
        return whole(finding, "keep", Outcome("retained", "kept", ground="18(1)", reason=f"Still restricted by {other}"))
    if former.how == "by hand":
        reason = "These records were restricted by hand"
        return whole(finding, "manual", Outcome("manual", BY_HAND, reason=reason))
    if former.how == "moved" and not former.origin:
        reason = "It was set aside before the restriction: move it back in the system itself"
        return whole(finding, "keep", Outcome("retained", "kept", ground="18(1)", reason=reason))
    if former.how == "moved":
        moved = Outcome("changed", "moved")
        return Intent(finding.ref, "move", dict.fromkeys(finding.row.values, moved), to=former.origin)
    mark = case.collection(finding).on_restrict
    lift = mark.lift if mark else {}
    told = {name: lift.get(name, former.before[name]) for name in former.before}
    return marked(finding, told, "former", Outcome("excluded", reason="Not changed by the restriction"), "Free already")
