"""The person's data as files: for them to read, for a spreadsheet, for another program."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from dsr_desk.errors import UsageError
from dsr_desk.model.package import PACKAGE_FORMATS, Disclosed, PackageInfo, Written
from dsr_desk.render.files import Draft, write_new
from dsr_desk.render.package_csv import csv_drafts
from dsr_desk.render.package_html import html_draft
from dsr_desk.render.package_json import dumps, json_draft
from dsr_desk.render.shown import has_unseen, text_of


def write_package(findings: Sequence[Disclosed], about: PackageInfo, folder: Path, formats: Sequence[str]) -> list[Written]:
    """Write the data into ``folder`` in each of ``formats`` (``json``, ``csv``, ``html``), with a read-me and a manifest of hashes.

    File names are made of the request's reference and a number, so none says whose data it is. Every file is read back and
    compared, value by value, with what it should say before it gets its name; all appear, or none (see ``write_new`` for the
    errors). ``UsageError`` for a format that doesn't exist, or none.
    """
    unknown = [f for f in formats if f not in PACKAGE_FORMATS]
    if unknown or not formats:
        raise UsageError(
            f"“{unknown[0][:20]}” is no format for a package." if unknown else "No format was chosen.",
            f"Choose among {', '.join(PACKAGE_FORMATS)}.",
        )
    stem = re.sub(r"[^A-Za-z0-9-]", "", about.reference)[:40] or "data"
    drafts = list(_drafts(stem, findings, about, formats))
    drafts.append(_read_me(stem, findings, about, drafts, exact="json" in formats))
    drafts.append(_manifest(stem, drafts))
    return write_new(folder, drafts)


def _drafts(stem: str, findings: Sequence[Disclosed], about: PackageInfo, formats: Sequence[str]) -> Iterator[Draft]:
    if "html" in formats:
        yield html_draft(f"{stem}.html", findings, about)
    if "csv" in formats:
        yield from csv_drafts(stem, findings)
    if "json" in formats:
        yield json_draft(f"{stem}.json", findings, about)


def _read_me(stem: str, findings: Sequence[Disclosed], about: PackageInfo, drafts: Sequence[Draft], exact: bool) -> Draft:
    shown = [f for d in findings for f in d.fields if not f.withheld]
    unseen = sum(has_unseen(text_of(f.value)) for f in shown)
    withheld = sum(bool(f.withheld) for d in findings for f in d.fields)
    lines = [f"Data of request {stem}, given by {about.controller}", f"Made on {about.made}. {len(findings)} records.", ""]
    lines += [f"{draft.name}: {draft.what}" for draft in drafts]
    lines += ["", "In the tables (.csv), an empty cell means that there is no value, or an empty text."]
    lines += ["A text that a spreadsheet could take for a formula begins with an apostrophe (') that is not part of it;"]
    lines += ["a text that itself begins with an apostrophe has one more."]
    if unseen:
        lines += [f"{unseen} values hold characters that can't be seen. They are written as their numbers, like ⟨U+0000⟩."]
        lines += ["The .json file has them as they are." if exact else "Ask for the .json format to get them as they are."]
    if withheld:
        lines += [f"{withheld} values are withheld; the reason stands in their place."]
    lines += [f"Not in here: {title}. {why.rstrip('.')}." for title, why in about.not_searched]
    text = "\r\n".join(line.replace("\r", " ").replace("\n", " ") for line in lines) + "\r\n"
    data = text.encode("utf-8-sig", "backslashreplace")
    return Draft(f"{stem}-read-me.txt", data, "What each file is", lambda _: None)


def _manifest(stem: str, drafts: Sequence[Draft]) -> Draft:
    files = [{"name": d.name, "what": d.what, "bytes": len(d.data), "sha256": hashlib.sha256(d.data).hexdigest()} for d in drafts]
    data = dumps({"format": "dsr-desk/package-manifest/v1", "files": files})
    return Draft(f"{stem}-manifest.json", data, "The SHA-256 of each file", lambda _: None)
