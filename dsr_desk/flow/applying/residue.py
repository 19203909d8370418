"""Old bytes: what erased and corrected values still stand in the raw files of the systems that held them."""

from __future__ import annotations

from collections.abc import Mapping

from dsr_desk.drivers.base import Driver
from dsr_desk.errors import CancelledError, DeskError
from dsr_desk.flow.systems import Systems
from dsr_desk.flow.workers import result
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import Catalog
from dsr_desk.model.event import Step as StepEvent
from dsr_desk.model.event import Tell
from dsr_desk.model.plan import TOLD, Plan, Residue
from dsr_desk.model.values import as_text

#: Texts shorter than this are found everywhere by chance, so raw bytes are not searched for them (characters).
_NEEDLE = 8
#: Identifiers are told from chance when they are at least this long.
_SHORT_NEEDLE = 5
#: How many erased texts of one system are looked for in its raw bytes, at most.
_MOST_NEEDLES = 20_000
_ERASED = ("erased", "changed", "pseudonymised")


def old_bytes(systems: Systems, plan: Plan, failed: Mapping[str, str], tell: Tell, cancel: Cancel) -> list[Residue]:
    """What erased values still stand in the raw bytes of the systems that held them."""
    wanted = {n: _needles(systems.catalog, plan, n) for n in plan.systems() if n not in failed}
    wanted = {n: needles for n, needles in wanted.items() if needles}
    found = [
        Residue(n, "raw bytes", 0, f"{len(texts)} texts were erased, and {_MOST_NEEDLES} of them were looked for")
        for n, texts in wanted.items()
        if len(texts) > _MOST_NEEDLES
    ]
    for name in wanted:
        tell(StepEvent(name, "verifying", text="raw bytes"))

    def job(driver: Driver) -> list[Residue]:
        return driver.residue(wanted[driver.system.name][:_MOST_NEEDLES], cancel)

    for name, future in systems.each(wanted, job):
        try:
            entries: list[Residue] = result(future)
            found += entries
        except CancelledError:
            raise
        except DeskError as error:
            found.append(Residue(name, "raw bytes", 0, error.message, error.hint))
    order = list(systems.catalog.systems)
    return sorted(found, key=lambda r: (order.index(r.system), r.where))


def _needles(catalog: Catalog, plan: Plan, system: str) -> list[bytes]:
    """The erased texts of one system that are long enough to be told from chance."""
    needles: dict[str, None] = {}
    for step in plan.steps:
        if step.ref.system != system or not step.changes:
            continue
        collection = catalog.collection(system, step.ref.collection)
        for name, outcome in step.fields.items():
            field = collection.fields.get(name)
            text = as_text(step.before.get(name))
            if outcome.strategy in TOLD - {"given"}:
                continue  # what was only marked or set aside rightly stands there still
            if outcome.name not in _ERASED or field is None or not text or outcome.strategy == "mention":
                continue
            if not field.personal_in(step.before):
                continue
            long_enough = len(text) >= (_SHORT_NEEDLE if field.identity else _NEEDLE)
            if long_enough and text != as_text(step.writes.get(name)):
                needles[text] = None
    return [n.encode("utf-8", "surrogatepass") for n in needles]
