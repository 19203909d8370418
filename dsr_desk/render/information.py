"""The information sheet: what a person is told beside the copy of their data (GDPR Art. 15(1) and 15(2))."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from dsr_desk.model.mask import is_special
from dsr_desk.model.package import AutomatedDecision, InfoSystem, PackageInfo
from dsr_desk.render import words
from dsr_desk.render.files import Draft
from dsr_desk.render.names import Names
from dsr_desk.render.package_json import document_draft
from dsr_desk.render.page import page_draft
from dsr_desk.render.shown import visible

FORMAT = "dsr-desk/information/v1"
TITLE = "About your data: what you have a right to know"


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that is said of a system: what it is, where the law asks for it, and the sentences."""

    what: str
    article: str
    lines: tuple[str, ...]


def information_drafts(names: Names, about: PackageInfo) -> Iterator[Draft]:
    """The sheet as a page to read and print, and for programs."""
    systems = [(system, said_of(system)) for system in about.systems]
    rights = rights_of(about)
    values = [line for _, said in systems for one in said for line in one.lines]
    values += [text for pair in rights for text in pair]
    yield page_draft(
        names.told("information", "html"),
        "About your data: why we have it, how long, and your rights (Art. 15(1))",
        "information.html",
        [visible(v) for v in values],
        title=TITLE,
        about=about,
        systems=systems,
        rights=rights,
        automated=any(s.automated for s in about.systems),
    )
    yield document_draft(names.told("information", "json"), _document(about), "The same for other programs")


def said_of(system: InfoSystem) -> list[Said]:
    """Everything that the sheet says of a system, in the order of Art. 15(1); what is not known is said, too."""
    said = [
        Said("Why we have it", "15(1)(a)", (system.purpose or "The purpose is not written down. Ask us.",)),
        Said("On what it rests", "6(1)", tuple(map(words.legal_basis, system.legal_bases)) or ("Not written down. Ask us.",)),
        Said("Kinds of data", "15(1)(b)", (_listed(system.categories),)),
        Said("Who else receives it", "15(1)(c)", system.recipients or ("Nobody that our description of this system names.",)),
        Said("How long it is kept", "15(1)(d)", tuple(f"{s.collection}: {s.period}" for s in system.storage)),
        Said("Where it comes from", "15(1)(g)", tuple(f"{words.from_where(w)}: {_listed(of)}" for w, of in system.sources)),
        Said("What a machine decides alone", "15(1)(h)", tuple(_decision(d) for d in system.automated)),
        Said("Countries outside the EEA", "15(2)", system.transfers),
    ]
    return [one for one in said if one.lines]


def rights_of(about: PackageInfo) -> list[tuple[str, str]]:
    """The person's rights (Art. 15(1)(e), (f)): those that everybody has, and those that follow from what the data rests on."""
    bases = {basis for system in about.systems for basis in system.legal_bases}
    rights = [
        ("To have it corrected", "You can ask us to correct what is wrong and to complete what is missing (Art. 16 GDPR)."),
        ("To have it erased", "You can ask us to erase your data, unless a law obliges us to keep it (Art. 17 GDPR)."),
        ("To have it restricted", "You can ask us to keep it and do nothing else with it, while we check (Art. 18 GDPR)."),
    ]
    if bases & {"consent", "contract"}:
        rights.append(("To take it with you", "What you gave us, you get in a form that programs can read (Art. 20 GDPR)."))
    if not bases or bases & {"legitimate_interests", "public_task"}:
        objection = "You can object to what rests on our legitimate interests or on a public task (Art. 21(1) GDPR)."
        rights.append(("To object", objection))
    rights.append(("To stop advertising", "You can object to advertising at any time; we then stop it (Art. 21(2) GDPR)."))
    if "consent" in bases:
        rights.append(("To take back a consent", "At any time, as easily as you gave it (Art. 7(3) GDPR)."))
    if any(system.automated for system in about.systems):
        person = "You can ask that a person looks at it, say what you think of it, and contest it (Art. 22(3) GDPR)."
        rights.append(("Where a machine decided", person))
    complaint = "To a data protection authority: where you live, where you work, or where you think it went wrong (Art. 77 GDPR)."
    return [*rights, ("To complain", complaint)]


def _listed(categories: tuple[str, ...]) -> str:
    """The categories in plain words; special ones (Art. 9) say that they are."""
    told = dict.fromkeys(
        f"{words.category(c)} (special category, Art. 9 GDPR)" if is_special(c) else words.category(c) for c in categories
    )
    return ", ".join(told) or "none that our description of this system calls personal"


def _decision(decision: AutomatedDecision) -> str:
    effect = f" What follows: {decision.effect.rstrip('.')}." if decision.effect else ""
    return f"{decision.collection}: {decision.logic.rstrip('.')}.{effect}"


def _document(about: PackageInfo) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "reference": about.reference,
        "controller": about.controller,
        "address": about.address,
        "made": about.made,
        "systems": [
            {
                "system": s.system,
                "system_title": s.title,
                "records": s.records,
                "purpose": s.purpose,
                "legal_bases": list(s.legal_bases),
                "categories": list(s.categories),
                "special_categories": [c for c in s.categories if is_special(c)],
                "recipients": list(s.recipients),
                "storage": [{"collection": one.collection, "period": one.period} for one in s.storage],
                "sources": [{"source": word or None, "categories": list(of)} for word, of in s.sources],
                "automated": [{"collection": d.collection, "logic": d.logic, "effect": d.effect} for d in s.automated],
                "transfers": list(s.transfers),
            }
            for s in about.systems
        ],
        "rights": [{"right": name, "text": text} for name, text in rights_of(about)],
        "not_searched": [{"system": title, "why": why} for title, why in about.not_searched],
        "waiting": [{"what": what, "why": why} for what, why in about.waiting],
    }
