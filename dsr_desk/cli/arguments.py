"""What can be typed: commands, options, and one line of help for each."""

from __future__ import annotations

import argparse
import os
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

from dsr_desk import __version__
from dsr_desk.errors import UsageError


class _Parser(argparse.ArgumentParser):
    """Says what is wrong and what to do as every other error does: two lines, or a document, and exit status 2."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message[:1].upper()}{message[1:]}.", f"See: {self.prog} --help")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("a day is written YYYY-MM-DD") from None


def _pair(text: str) -> tuple[str, str]:
    kind, sign, value = text.partition("=")
    if not sign:
        raise argparse.ArgumentTypeError("an identifier is written KIND=VALUE, like email=ANN@EXAMPLE.ORG")
    return kind, value


def _correction(text: str) -> tuple[str, str]:
    where, sign, value = text.partition("=")
    if not sign:
        raise argparse.ArgumentTypeError("a correction is written WHERE=VALUE, like user.contact.email=ANN@EXAMPLE.ORG")
    return where, value


def _option(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not (sign and name):
        raise argparse.ArgumentTypeError("an option is written NAME=VALUE, like encoding=latin-1")
    return name, value


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    top = _Parser(
        prog="dsr-desk", description="Find, show, export and erase one person's data in every connected system, and prove it."
    )
    top.add_argument("--version", action="version", version=f"dsr-desk {__version__}")
    default = os.environ.get("DSR_DESK_WORKSPACE")
    top.add_argument(
        "--workspace", type=Path, metavar="DIR", default=Path(default) if default else None, help="the workspace folder"
    )
    top.add_argument("--as", dest="operator", metavar="OPERATOR", help="who sits at the desk")
    top.set_defaults(json=False, verb="window")
    verbs = top.add_subparsers(title="commands", metavar="COMMAND", parser_class=_Parser)

    demo = _verb(verbs, "demo", "a sample company; opens the window, or runs one request through")
    demo.add_argument("dir", nargs="?", type=Path, metavar="DIR")
    demo.add_argument("--headless", action="store_true", help="run the request in the terminal")

    init = _verb(verbs, "init", "an empty workspace")
    init.add_argument("dir", type=Path, metavar="DIR")
    init.add_argument("--operator", dest="name", metavar="NAME", help="the name of the first operator (yours)")
    init.add_argument("--controller", default="", help="the controller's name, as reports show it")
    init.add_argument("--address", default="", help="the controller's address")
    init.add_argument("--country", default="DE", help="whose holidays move a deadline (ISO 3166)")

    catalog = _group(verbs, "catalog", "the description of the connected systems")
    check = _verb(catalog, "check", "every error and warning, and what is another way in the live systems", "catalog check")
    check.add_argument("--strict", action="store_true", help="end with 1 for warnings, too")
    accept = _verb(catalog, "accept", "show what changed, and record it as the version to work with", "catalog accept")
    accept.add_argument("--yes", action="store_true", help="without asking")
    accept.add_argument("--reason", default="", metavar="TEXT", help="why: kept with the version, sealed")
    discover = _verb(catalog, "discover", "look into a system and write a draft of its catalog file", "catalog discover")
    discover.add_argument("place", metavar="URL", help="its address, or a file or folder; never with a password")
    discover.add_argument("--as-system", default="", dest="name", metavar="NAME", help="what it is called in the catalog")
    discover.add_argument("--driver", default="", metavar="D", help="what speaks to it, where that can't be told from the address")
    discover.add_argument(
        "--option", action="append", type=_option, default=[], dest="options", metavar="NAME=VALUE", help="a setting of its driver"
    )
    discover.add_argument("--password", action="store_true", help="ask for its password (or read it from standard input)")
    discover.add_argument("--show", action="store_true", help="print the draft, and write nothing")
    fides = _verb(catalog, "import-fides", "write catalog files from a file of fides datasets", "catalog import-fides")
    fides.add_argument("file", type=Path, metavar="FILE")
    where = "where the system is: its address, or a file or folder; for several datasets DATASET=URL, once each"
    fides.add_argument("--url", action="append", default=[], metavar="[DATASET=]URL", help=where)
    fides.add_argument("--as-system", default="", dest="name", metavar="NAME", help="what it is called in the catalog")
    fides = _verb(catalog, "export-fides", "write systems of the catalog as fides datasets", "catalog export-fides")
    fides.add_argument("systems", nargs="*", metavar="SYSTEM", help="which (all)")
    fides.add_argument("--to", type=Path, required=True, metavar="FILE", help="a new file")
    _verb(catalog, "versions", "who accepted what, when and why", "catalog versions")
    compare = _verb(catalog, "diff", "what changed between two versions, or since one", "catalog diff")
    compare.add_argument("older", nargs="?", type=int, default=None, metavar="A", help="a version (the last one)")
    compare.add_argument("newer", nargs="?", type=int, default=None, metavar="B", help="a later one (the files as they are)")
    back = _verb(catalog, "rollback", "write the files of a version back, to be accepted anew", "catalog rollback")
    back.add_argument("version", type=int, metavar="N", help="the number that catalog versions shows")
    back.add_argument("--yes", action="store_true", help="changes that no version holds may be lost")

    secret = _group(verbs, "secret", "passwords of systems")
    put = _verb(secret, "set", "keep a system's password (from a prompt or standard input)", "secret set")
    put.add_argument("system", metavar="SYSTEM")

    search = _verb(verbs, "search", "find a person, without opening a request (recorded all the same)")
    search.add_argument("identity", nargs="+", type=_pair, metavar="KIND=VALUE")
    _subject(search)

    _requests(_group(verbs, "request", "requests"))

    task = _group(verbs, "task", "what only a person can do")
    listing = _verb(task, "list", "open and answered tasks", "task list")
    listing.add_argument("ref", nargs="?", metavar="REF")
    answer = _verb(task, "answer", "say what was found and done by hand", "task answer")
    answer.add_argument("ref", metavar="REF")
    answer.add_argument("task", metavar="TASK")
    answer.add_argument("--note", required=True)
    answer.add_argument("--records", type=int, default=1, help="how many records were dealt with (1)")
    answer.add_argument("--file", action="append", type=Path, default=[], dest="files", metavar="FILE")

    plan = _of_request(verbs, "plan", "search anew, and say what would happen to every field")
    plan.add_argument(
        "--include", action="extend", nargs="+", default=[], metavar="ROW", help="SYSTEM/COLLECTION/KEY is this person's"
    )
    plan.add_argument("--exclude", action="extend", nargs="+", default=[], metavar="ROW", help="SYSTEM/COLLECTION/KEY is left out")
    plan.add_argument(
        "--exclude-person", action="extend", nargs="+", type=int, default=[], dest="out", metavar="LINE", help="leave off the list"
    )
    plan.add_argument("--reason", default="", help="why, for what is included or left out")
    _corrections(plan)
    plan.add_argument(
        "--unset", action="extend", nargs="+", default=[], dest="withdrawn", metavar="WHERE", help="withdraw a correction"
    )
    _subject(plan)
    approve = _of_request(verbs, "approve", "stand by exactly this plan")
    approve.add_argument("--digest", required=True, help="the digest that the plan showed")
    _of_request(verbs, "apply", "carry the approved plan out, or finish a run that was interrupted")
    settle = _of_request(verbs, "settle", "say that you looked at a system that is in doubt; then plan anew")
    settle.add_argument("system", metavar="SYSTEM")
    settle.add_argument("--reason", required=True)
    _of_request(verbs, "verify", "search again, and hold what is there against the plan")
    export = _of_request(verbs, "export", "the person's data as files")
    export.add_argument("--to", required=True, type=Path, metavar="DIR")
    export.add_argument(
        "--format", default="", metavar="LIST", help="json, csv, html, xlsx, xml (the first three; no html to take along)"
    )
    export.add_argument("--encrypt", action="store_true", help="one AES zip; its password is shown once")
    _report(verbs)
    evidence = _of_request(verbs, "evidence", "one zip that proves what was done, with the script that checks it")
    evidence.add_argument("--to", required=True, type=Path, metavar="FILE.zip")
    evidence.add_argument("--opened", action="store_true", help="say whose case it is; encrypted, its password is shown once")
    receipt = _of_request(verbs, "receipt", "what the person can open the entry of their own request with")
    receipt.add_argument("--to", required=True, type=Path, metavar="FILE.zip")

    hold = _group(verbs, "hold", "legal holds: what must not be erased")
    put_hold = _verb(hold, "set", "hold a request, or a person in every request", "hold set")
    put_hold.add_argument("ref", nargs="?", metavar="REF")
    put_hold.add_argument("--person", nargs="+", type=_pair, default=[], metavar="KIND=VALUE")
    put_hold.add_argument("--reason", required=True)
    put_hold.add_argument("--until", type=_day, default=None, metavar="YYYY-MM-DD", help="when to look at it again")
    release = _verb(hold, "release", "end a hold, and propose what waited for it", "hold release")
    release.add_argument("hold", metavar="HOLD")
    release.add_argument("--reason", required=True)
    holds = _verb(hold, "list", "the holds that stand", "hold list")
    holds.add_argument("--released", action="store_true", help="the released ones, too")

    lock = _group(verbs, "lock", "the safe lock: what tokens stand for")
    opened = _of_request(lock, "open", "what the tokens of a request stand for", "lock open")
    opened.add_argument("--reason", required=True)
    _of_request(lock, "shred", "destroy the key: nothing opens the tokens any more", "lock shred")

    _operators(verbs)

    audit = _group(verbs, "audit", "the trail")
    whole = _verb(audit, "verify", "recompute every signature and link from the first entry", "audit verify")
    whole.add_argument(
        "--against",
        action="extend",
        nargs="+",
        type=Path,
        default=[],
        metavar="FILE",
        help="checkpoints that somebody kept: a file or report (JSON), evidence",
    )
    anchor = _verb(audit, "anchor", "give a checkpoint to somebody outside; without an option: what was given", "audit anchor")
    anchor.add_argument("--to", type=Path, default=None, metavar="FILE", help="write it as a file")
    anchor.add_argument("--letter", type=Path, default=None, metavar="FILE.pdf", help="write it as a letter to print")
    anchor.add_argument("--timestamp", default="", metavar="URL", help="let an authority sign the time (RFC 3161)")
    anchor.add_argument("--paper", type=str.capitalize, choices=("A4", "Letter"), default="A4", help="of the letter")
    _verb(audit, "list", "all entries", "audit list")
    _verb(audit, "restored", "record that an older copy of the workspace was brought back on purpose", "audit restored")
    bundle = _verb(audit, "check", "does this evidence hold? Needs no workspace", "audit check")
    bundle.add_argument("file", type=Path, metavar="FILE.zip")
    return top


def _operators(verbs: Any) -> None:
    operator = _group(verbs, "operator", "who works here")
    _verb(operator, "list", "everybody, and how many have to approve", "operator list")
    add = _verb(operator, "add", "admit somebody, with a passphrase of their own", "operator add")
    add.add_argument("name", metavar="NAME")
    add.add_argument("--role", required=True, choices=("agent", "approver", "auditor"), help="who prepares, decides, looks")
    leave = _verb(operator, "leave", "somebody leaves: their key ends, and the workspace gets a new one", "operator leave")
    leave.add_argument("name", metavar="NAME")
    forget = _verb(operator, "forget", "delete the name of somebody who left", "operator forget")
    forget.add_argument("name", metavar="NAME")

    key = _group(verbs, "key", "keys: the workspace's, and everybody's own")
    _verb(key, "list", "the root and every key that it admitted", "key list")
    _verb(key, "rotate", "wrap everything under a new key", "key rotate")
    _verb(key, "renew", "new keys for you", "key renew")
    bad = _verb(key, "compromise", "somebody else may have had a key: end it", "key compromise")
    bad.add_argument("key", metavar="KEY", help="the id of the key")
    bad.add_argument("--since", required=True, type=int, metavar="N", help="the first entry of the trail that is in doubt")
    _verb(key, "recovery", "make a recovery code, in a workspace that has none", "key recovery")

    policy = _group(verbs, "policy", "what is asked of everybody")
    approvals = _verb(policy, "approvals", "how many different people approve a plan", "policy approvals")
    approvals.add_argument("approvals", type=int, choices=(1, 2), metavar="1|2")


def _report(verbs: Any) -> None:
    report = _verb(verbs, "report", "the printable report of a request, or over a period")
    report.add_argument("ref", nargs="?", metavar="REF")
    report.add_argument("--from", dest="first", type=_day, default=None, metavar="YYYY-MM-DD", help="over a period: its first day")
    report.add_argument("--until", dest="last", type=_day, default=None, metavar="YYYY-MM-DD", help="and its last one")
    report.add_argument("--pdf", type=Path, default=None, metavar="FILE", help="without it, the report's facts are printed")
    report.add_argument(
        "--paper", type=str.capitalize, choices=("A4", "Letter"), default="A4", help="of the PDF: A4 (as it is) or Letter"
    )
    report.add_argument("--format", default="", metavar="LIST", help="json, csv: for other programs; they go to --to")
    report.add_argument("--to", type=Path, default=None, metavar="DIR")


def _requests(request: Any) -> None:
    new = _verb(request, "new", "open a request", "request new")
    new.add_argument("--right", required=True, help="access, rectification, erasure, restriction, portability, objection …")
    new.add_argument("identity", nargs="*", type=_pair, metavar="KIND=VALUE")
    new.add_argument(
        "--subjects", type=Path, default=None, dest="people", metavar="FILE", help="a list of people, one a line: KIND=VALUE …"
    )
    new.add_argument("--by-controller", action="store_true", help="nobody asked: the controller began it itself")
    _corrections(new)
    new.add_argument("--received", type=_day, default=None, metavar="YYYY-MM-DD", help="the day it arrived (today)")
    new.add_argument("--ground", default="", help="of an erasure: 17(1)(a) … 17(1)(f); of a restriction: 18(1)(a) …")
    _subject(new)
    listing = _verb(request, "list", "open requests, the least time left first", "request list")
    listing.add_argument("--closed", action="store_true", help="the closed ones instead")
    listing.add_argument("--due-shredding", action="store_true", dest="due", help="the closed ones whose retention has ended")
    shred = _verb(request, "shred", "destroy what a closed request holds; the trail stays", "request shred")
    shred.add_argument("ref", nargs="?", metavar="REF")
    shred.add_argument("--due", action="store_true", help="all whose retention has ended")
    shred.add_argument("--yes", action="store_true", help="without asking")
    _of_request(request, "show", "one request", "request show")
    _of_request(request, "close", "close it, if nothing is open", "request close")
    identify = _of_request(request, "identify", "record how the person's identity was checked", "request identify")
    identify.add_argument("--how", required=True, metavar="TEXT")
    identify.add_argument("--asked", action="store_true", help="the person was asked for more to confirm who they are")
    extend = _of_request(request, "extend", "two further months to answer (Art. 12(3))", "request extend")
    extend.add_argument("--reason", required=True)
    extend.add_argument(
        "--told", type=_day, default=None, metavar="YYYY-MM-DD", help="the day on which the person was told (today)"
    )
    waive = _of_request(request, "waive", "go on without a system that can't be searched", "request waive")
    waive.add_argument("system", metavar="SYSTEM")
    waive.add_argument("--reason", required=True)
    _of_request(request, "lift", "open the request that ends a restriction", "request lift")
    undo = _of_request(request, "undo", "open the request that takes a rectification back", "request undo")
    undo.add_argument("--reason", required=True)
    find = _of_request(request, "search", "search for a request and keep what was found", "request search")
    _subject(find)
    decide = _of_request(request, "decide", "record the decision and the day of the answer", "request decide")
    decide.add_argument("--decision", required=True, choices=("granted", "partly", "refused"))
    decide.add_argument("--reason", default="")
    decide.add_argument("--answered", type=_day, default=None, metavar="YYYY-MM-DD")


def _corrections(into: argparse.ArgumentParser) -> None:
    into.add_argument(
        "--set",
        action="extend",
        nargs="+",
        type=_correction,
        default=[],
        dest="corrections",
        metavar="WHERE=VALUE",
        help="a correction: user.contact.email=NEW, or SYSTEM/COLLECTION/FIELD=NEW",
    )


def _verb(into: Any, name: str, text: str, verb: str = "") -> argparse.ArgumentParser:
    made: argparse.ArgumentParser = into.add_parser(name, help=text, description=text[:1].upper() + text[1:] + ".")
    made.add_argument("--json", action="store_true", help="one JSON document on standard output")
    made.set_defaults(verb=verb or name)
    return made


def _of_request(into: Any, name: str, text: str, verb: str = "") -> argparse.ArgumentParser:
    made = _verb(into, name, text, verb)
    made.add_argument("ref", metavar="REF")
    return made


def _group(into: Any, name: str, text: str) -> Any:
    made = into.add_parser(name, help=text)
    return made.add_subparsers(title="commands", metavar="COMMAND", required=True, parser_class=_Parser)


def _subject(into: argparse.ArgumentParser) -> None:
    into.add_argument(
        "--subject", action="append", default=[], dest="subjects", metavar="ROW", help="the person is SYSTEM/COLLECTION/KEY"
    )
