"""``workspace.toml``: what a person may change by hand. It never holds a secret."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from dsr_desk.errors import UnreachableError, UsageError
from dsr_desk.store.files import reading, write_atomically

FILE = "workspace.toml"


@dataclass(frozen=True)
class Settings:
    """The settings of a workspace.

    ``name`` is what people call it; ``controller`` and ``address`` stand on reports and letters; ``country`` (and
    ``subdivision``) is the ISO 3166 code whose holidays move a deadline; a request's data is kept ``retention_years`` after
    it was closed; ``log`` is the name of the trail, which never changes.
    """

    name: str
    controller: str = ""
    address: str = ""
    country: str = "DE"
    subdivision: str | None = None
    retention_years: int = 3
    log: str = ""


_COMMENTS = {
    "name": "What you call this workspace.",
    "controller": "The controller (GDPR Art. 4(7)) as reports name it, and its address.",
    "country": "ISO 3166 code of the country, and of its part, whose public holidays move a deadline.",
    "retention_years": "How many years after its closing the data of a request is kept.",
    "log": "The name of the audit trail. Do not change it: every entry carries it.",
}


def read_settings(folder: Path) -> Settings:
    """The settings of the workspace in ``folder``.

    ``UnreachableError`` when the file can't be read, ``UsageError`` naming the setting when it says something wrong.
    """
    path = folder / FILE
    with reading(path):
        data = path.read_bytes()
    try:
        values = tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise UsageError(f"{path} is not UTF-8 text.", "Save it again as UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"at line \d+, column \d+", str(error))
        raise UsageError(f"{path} is not valid TOML{' ' + place[0] if place else ''}.", "Mend it in a text editor.") from None
    return _checked(path, values)


def _checked(path: Path, values: dict[str, Any]) -> Settings:
    known = {f.name for f in fields(Settings)}
    for key in values:
        if key not in known:
            near = get_close_matches(key, known, 1)
            hint = f"Did you mean {near[0]}?" if near else f"It may have: {', '.join(sorted(known))}."
            raise UsageError(f"{path} has an unknown setting {key!r}.", hint)
    for key in ("name", "log"):
        if key not in values:
            raise UsageError(f"{path} lacks the setting {key!r}.", "Put it back, or restore the file from a backup.")
    for key, value in values.items():
        wanted = int if key == "retention_years" else str
        if type(value) is not wanted:
            raise UsageError(
                f"{path}: {key} must be {'a whole number' if wanted is int else 'a text in quotes'}.",
                f"Mend the line that begins with {key}.",
            )
    settings = Settings(**values)
    check_settings(settings)
    return settings


def check_settings(settings: Settings) -> None:
    """``UsageError`` naming the first setting that can't be."""
    if not settings.name.strip():
        raise UsageError("A workspace needs a name.", f"Set name in {FILE}.")
    if not re.fullmatch("[A-Z]{2}", settings.country):
        raise UsageError("The country must be a two-letter code, such as DE or FR.", f"Set country in {FILE}.")
    if not 0 <= settings.retention_years <= 100:
        raise UsageError("The retention must be 0 to 100 years.", f"Set retention_years in {FILE}.")


def write_settings(folder: Path, settings: Settings) -> None:
    """Write the settings, keeping whatever comments and order a person gave the file."""
    path = folder / FILE
    check_settings(settings)
    try:
        text = _edited(path.read_text("utf-8-sig"), settings)
    except (FileNotFoundError, UnicodeDecodeError):
        text = _fresh(settings)
    write_atomically(path, text.encode("utf-8"), private=False)


def _lines(settings: Settings) -> dict[str, str]:
    values = {f.name: getattr(settings, f.name) for f in fields(settings)}
    return {key: f"{key} = {_toml(value)}" for key, value in values.items() if value is not None}


def _fresh(settings: Settings) -> str:
    out = []
    for key, line in _lines(settings).items():
        if key in _COMMENTS:
            out.append(f"\n# {_COMMENTS[key]}")
        out.append(line)
    return "\n".join(out).lstrip("\n") + "\n"


def _edited(text: str, settings: Settings) -> str:
    """The text with only the changed lines changed; a fresh one where a line can't be changed on its own."""
    try:
        old = tomllib.loads(text)
        kept = [line for line in text.splitlines() if settings.subdivision or not line.startswith("subdivision")]
        for key, line in _lines(settings).items():
            places = [i for i, there in enumerate(kept) if re.match(rf"{key}\s*=", there)]
            if not places:
                kept.append(line)
            elif old[key] != getattr(settings, key):
                kept[places[0]] = line
        edited = "\n".join(kept) + "\n"
        return edited if Settings(**tomllib.loads(edited)) == settings else _fresh(settings)
    except (tomllib.TOMLDecodeError, TypeError, KeyError):
        return _fresh(settings)


def _toml(value: str | int) -> str:
    """A TOML basic string is a JSON string, but for DEL, which TOML wants escaped."""
    if isinstance(value, int):
        return str(value)
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        raise UsageError("A setting holds a character that is no text.", "Type it again.") from None
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def require_workspace(folder: Path) -> None:
    """``UsageError`` where there is no workspace in ``folder``, ``UnreachableError`` where one can't tell."""
    try:
        there = (folder / FILE).is_file()
    except OSError:
        raise UnreachableError(
            f"The folder {folder} cannot be read.", "Check that it is connected and that you may open it."
        ) from None
    if not there:
        raise UsageError(f"There is no workspace in {folder}.", "Choose the folder that holds workspace.toml, or make a new one.")
