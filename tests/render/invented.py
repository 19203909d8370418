"""An invented report, as full as a real one."""

from __future__ import annotations

from dsr_desk.model.report import ReportData, ReportField, ReportKept, ReportPerson, ReportSystem

DIGEST = "7c4e91aa0d3f5b28c6e190f2b7714d0ea2355c1f8be96d40f3a7719c2e5d8801"
CHECKPOINT = "9d41e7b055c2a19f00cd3177be0a6642d1f5588e9b07ac43e2216d90f7345b1c"


def report(**changes: object) -> ReportData:
    """The report of an erasure; ``changes`` replace single fields."""
    facts: dict[str, object] = {
        "reference": "DSR-2026-0112",
        "controller": "Halden & Co",
        "address": "Data protection office, Hafenstrasse 4, 20457 Hamburg",
        "subject": "m•••@example.org",
        "right": "erasure",
        "article": "Art. 17 GDPR",
        "title": "Report on a request for erasure",
        "received": "Mon 2 Nov 2026",
        "due": "Wed 2 Dec 2026",
        "due_rule": "One calendar month after 2 Nov 2026 (Art. 12(3) GDPR); a working day, so nothing moved it.",
        "answered": "Mon 23 Nov 2026",
        "in_time": "in time",
        "identity_check": "Passport seen in person, 3 Nov 2026, by I. Kowal",
        "ground": "Art. 17(1)(b): consent was withdrawn",
        "decision": "partly granted",
        "decision_reason": "Invoices stay until the tax law lets them go.",
        "headline": "Nothing is left over in the 4 systems that can be searched.",
        "summary": "On 23 Nov 2026 at 11:31 the same queries ran again with all three identifiers of this person. "
        "One system, the paper archive, was dealt with by hand and can’t be searched.",
        "figures": (("found before", 59), ("erased", 47), ("retained", 7), ("left out", 4), ("by hand", 1), ("left over", 0)),
        "columns": ("found", "erased", "retained", "left out", "by hand", "left over"),
        "systems": (
            ReportSystem("Web shop", "production", (42, 33, 6, 3, None, 0), "One transaction, all or nothing", ""),
            ReportSystem("CRM", "production", (8, 8, None, None, None, 0), "One transaction, all or nothing", ""),
            ReportSystem(
                "Newsletter", "production", (2, 2, None, None, None, 0), "File rewritten beside, swapped if unchanged", ""
            ),
            ReportSystem("Support desk", "test", (6, 4, 1, 1, None, 0), "File rewritten beside, swapped if unchanged", ""),
            ReportSystem(
                "Paper archive", "production", (1, None, None, None, 1, None), "A person confirms", "Shredded by P. Lindner"
            ),
        ),
        "not_searched": (("Loyalty points", "Waived by I. Kowal: the vendor closed on 31 Oct 2026 and destroyed its copy."),),
        "kept_title": "What was kept, and why",
        "kept": (
            ReportKept("6 Orders, Web shop", "Art. 17(3)(b)", "tax records, 10 years", "14 Mar to 9 Nov 2033"),
            ReportKept("1 Ticket, Support desk", "Art. 17(3)(e)", "open dispute", "30 Jun 2027"),
            ReportKept("3 Messages, 1 mention", "", "Left out: other people’s data", ""),
        ),
        "fields": (
            ReportField("Customer accounts · email", "changed", 1, "pseudonym, new in every request"),
            ReportField("Customer accounts · full_name", "erased", 1, "constant"),
            ReportField("Orders · total", "retained", 6, "Art. 17(3)(b), until 2033"),
            ReportField("Messages · body", "erased", 19, "row deleted"),
        ),
        "people": (
            ReportPerson("Opened the request", "I. Kowal", "7f3a02c1", "2 Nov 2026, 09:14", 4641),
            ReportPerson("Approved the plan", "I. Kowal", "7f3a02c1", "23 Nov 2026, 11:27", 4806),
            ReportPerson("Applied it", "I. Kowal", "7f3a02c1", "23 Nov 2026, 11:28", 4808),
            ReportPerson("Searched again", "I. Kowal", "7f3a02c1", "23 Nov 2026, 11:31", 4811),
        ),
        "limits": (
            "Backups made before 23 Nov 2026 hold the data until they are overwritten.",
            "The vendor of the CRM keeps deleted records for 30 days.",
        ),
        "residue": ("Web shop: 2 occurrences in the write-ahead log until the program that owns the file closes it.",),
        "identifiers": (
            ("email", "m•••@example.org", "given by the person"),
            ("customer_id", "10•••", "found: Web shop, Customer accounts"),
            ("email", "m•••@example.net", "found: CRM, Contacts"),
        ),
        "plan_digest": DIGEST,
        "checkpoint": CHECKPOINT,
        "checkpoint_entry": 4811,
        "log": "halden-1",
        "verify_command": "dsr-desk audit verify",
        "operators": "Single operator: whoever planned this also approved it.",
        "made": "Mon 23 Nov 2026, 11:36",
        "status": "",
        "tasks": (("Paper archive: folder H-17", "Shredded. P. Lindner, 23 Nov 2026, 1 record"),),
    }
    return ReportData(**{**facts, **changes})  # type: ignore[arg-type]
