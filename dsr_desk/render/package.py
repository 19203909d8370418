"""The person's data as files: for them to read, for a spreadsheet, for another program."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from dsr_desk.errors import UsageError
from dsr_desk.model.package import PACKAGE_FORMATS, Disclosed, PackageInfo, Written, formats_of
from dsr_desk.render.files import Draft, write_new
from dsr_desk.render.information import information_drafts
from dsr_desk.render.names import Names
from dsr_desk.render.package_csv import csv_drafts
from dsr_desk.render.package_html import html_draft
from dsr_desk.render.package_json import dumps, json_draft
from dsr_desk.render.package_xml import xml_draft
from dsr_desk.render.package_zip import zip_draft
from dsr_desk.render.shown import has_unseen, text_of


def write_package(
    findings: Sequence[Disclosed], about: PackageInfo, folder: Path, formats: Sequence[str], password: str = ""
) -> list[Written]:
    """Write the data into ``folder`` in each of ``formats``, with a read-me and a manifest of hashes.

    File names are made of the request's reference and a number, so none says whose data it is. Every file is read back and
    compared, value by value, with what it should say before it gets its name; all appear, or none (see ``write_new`` for the
    errors). With a ``password`` all of it is in one encrypted zip, and no plain file is ever on the disk. ``UsageError`` for a
    format that doesn't exist, or none.
    """
    possible = formats_of(about.right)
    unknown = [f for f in formats if f not in possible]
    if unknown or not formats:
        what = (
            "a package"
            if unknown and unknown[0] not in PACKAGE_FORMATS
            else "data to take along (Art. 20): programs have to read it"
        )
        raise UsageError(
            f"“{unknown[0][:20]}” is no format for {what}." if unknown else "No format was chosen.",
            f"Choose among {', '.join(possible)}.",
        )
    names = Names(about.reference, neutral=bool(password))
    drafts = list(_drafts(names, findings, about, formats))
    drafts.append(_read_me(names, findings, about, drafts, exact=next((f".{f}" for f in ("json", "xml") if f in formats), "")))
    drafts.append(_manifest(names, about, drafts))
    return write_new(folder, _encrypted(about, drafts, password) if password else drafts)


def _drafts(names: Names, findings: Sequence[Disclosed], about: PackageInfo, formats: Sequence[str]) -> Iterator[Draft]:
    if "html" in formats:
        yield html_draft(names.of("", "html"), findings, about)
    if "csv" in formats:
        yield from csv_drafts(names, findings)
    if "json" in formats:
        yield json_draft(names.of("", "json"), findings, about)
    if "xlsx" in formats:
        from dsr_desk.render.package_xlsx import xlsx_drafts  # with it come 11 MB that few packages need

        yield from xlsx_drafts(names, findings, about)
    if "xml" in formats:
        yield xml_draft(names.of("", "xml"), findings, about)
    if about.informs:
        yield from information_drafts(names, about)


def _encrypted(about: PackageInfo, drafts: Sequence[Draft], password: str) -> list[Draft]:
    """The zip, and beside it how to open it: the names in it can be seen without the password, its contents can't."""
    names = Names(about.reference)
    archive = zip_draft(names.of("", "zip"), drafts, password)
    lines = [
        f"{archive.name} is encrypted with AES-256. It is opened with its password by 7-Zip (www.7-zip.org), or another program",
        "that knows AES zip files. The programs that come with Windows and macOS don't open it.",
        "Get the password another way than this file: by phone, by letter, in person. Nobody can open the file without it.",
        "Begin with read-me.txt in it: it says what each file is.",
    ]
    return [archive, Draft(names.told("read-me", "txt"), _text(lines), "How to open the zip", lambda _: None)]


def _read_me(names: Names, findings: Sequence[Disclosed], about: PackageInfo, drafts: Sequence[Draft], exact: str) -> Draft:
    shown = [f for d in findings for f in d.fields if not f.withheld]
    unseen = sum(has_unseen(text_of(f.value)) for f in shown)
    withheld = sum(bool(f.withheld) for d in findings for f in d.fields)
    lines = [f"Data of request {names.stem}, given by {about.controller}", f"Made on {about.made}. {len(findings)} records.", ""]
    lines += [f"{draft.name}: {draft.what}" for draft in drafts]
    lines += ["", "In tables (.csv, .xlsx), an empty cell means that there is no value, or an empty text."]
    lines += ["In a .csv, a text that a spreadsheet could take for a formula begins with an apostrophe (') that is not part of it;"]
    lines += ["a text that itself begins with an apostrophe has one more."]
    if unseen:
        lines += [f"{unseen} values hold characters that can't be seen. They are written as their numbers, like ⟨U+0000⟩."]
        lines += [f"The {exact} file has them as they are." if exact else "Ask for the .json format to get them as they are."]
    if withheld:
        lines += [f"{withheld} values are withheld; the reason stands in their place."]
    lines += [f"Not in here: {title}. {why.rstrip('.')}." for title, why in (*about.not_searched, *about.waiting)]
    return Draft(names.told("read-me", "txt"), _text(lines), "What each file is", lambda _: None)


def _text(lines: Sequence[str]) -> bytes:
    """Lines as every system's own editor opens them."""
    text = "\r\n".join(line.replace("\r", " ").replace("\n", " ") for line in lines) + "\r\n"
    return text.encode("utf-8-sig", "backslashreplace")


def _manifest(names: Names, about: PackageInfo, drafts: Sequence[Draft]) -> Draft:
    files = [{"name": d.name, "what": d.what, "bytes": len(d.data), "sha256": hashlib.sha256(d.data).hexdigest()} for d in drafts]
    data = dumps({"format": "dsr-desk/package-manifest/v1", "reference": about.reference, "right": about.right, "files": files})
    return Draft(names.told("manifest", "json"), data, "What each file is, and its SHA-256", lambda _: None)
