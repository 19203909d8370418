"""Making and opening workspaces, and the desk over them."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from dsr_desk.app.passphrase import PASSPHRASE, SAMPLE_FILE, SAMPLE_PASSPHRASE, SAMPLE_RECOVERY, passphrase_from_environment
from dsr_desk.audit import trail
from dsr_desk.bundled import bundled
from dsr_desk.errors import CredentialsError, UsageError
from dsr_desk.flow.desk import Desk
from dsr_desk.flow.sample import Sample, build_sample
from dsr_desk.model.due import long_date
from dsr_desk.render.recovery import Sheet
from dsr_desk.render.report import Paper
from dsr_desk.store.workspace import Settings, Workspace


def to_pdf(html: str, path: Path, title: str, footer: str, paper: Paper) -> int:
    """Draw HTML as a PDF; gives the number of pages. Qt is imported here, when it is needed."""
    from dsr_desk.gui.pdf import to_pdf as draw

    return draw(html, path, title=title, footer_left=footer, paper=paper)


def ask_in_terminal(folder: Path) -> Callable[[], str]:
    """What asks for the passphrase of a workspace: the environment, the sample's own, or a prompt."""

    def ask() -> str:
        known = passphrase_from_environment()
        if known is not None:
            return known
        if (folder / SAMPLE_FILE).exists():
            return SAMPLE_PASSPHRASE
        if not sys.stdin.isatty():
            raise CredentialsError(
                "The workspace is locked with a passphrase.", f"Give it in {PASSPHRASE}, or run this in a terminal."
            )
        return getpass.getpass("Your passphrase: ")

    return ask


def open_desk(
    folder: Path,
    operator: str | None = None,
    ask: Callable[[], str] | None = None,
    processes: bool = False,
    restored: bool = False,
) -> Desk:
    """The desk over the workspace in ``folder``, see ``Workspace.open``. ``UsageError`` where there is none."""
    passphrase = ask or ask_in_terminal(folder)
    workspace = Workspace.open(folder, passphrase=passphrase, trail=trail, operator=operator, restored=restored)
    return Desk(workspace, to_pdf, processes)


def make_workspace(
    folder: Path, operator: str, settings: Settings, passphrase: str | None, processes: bool = False, recovery: str | None = None
) -> Desk:
    """A new workspace and the desk over it; without a passphrase its keys go to the keyring.

    The recovery code of its root is ``desk.workspace.recovery``, a fresh one unless it is given. Nobody can show it later.
    """
    workspace = Workspace.create(
        folder, operator=operator, settings=settings, passphrase=passphrase, trail=trail, recovery=recovery
    )
    workspace.catalog_folder.mkdir(exist_ok=True)
    schema = bundled("resources") / "catalog.schema.json"  # so that an editor helps with the files
    (workspace.catalog_folder / schema.name).write_bytes(schema.read_bytes())
    return Desk(workspace, to_pdf, processes)


def sheet_of(desk: Desk) -> Sheet:
    """The recovery sheet of a workspace that was just made."""
    made = desk.workspace
    name = made.settings.controller or made.settings.name
    return Sheet(name, str(made.folder), made.settings.log, made.operator.name, long_date(date.today()), made.recovery)


def make_sample(folder: Path, processes: bool = False) -> tuple[Desk, Sample]:
    """The sample company in a workspace of its own, with requests ready to work on. ``UsageError`` where the folder isn't empty."""
    if folder.exists() and any(folder.iterdir()):
        raise UsageError(f"The folder {folder} is not empty.", "Choose another one for the sample company.")
    sample = build_sample(folder)
    settings = Settings("Sample company", sample.controller, sample.address, sample.country)
    desk = make_workspace(folder, "Ines Kowal", settings, SAMPLE_PASSPHRASE, processes, SAMPLE_RECOVERY)
    told = f"Everything in this folder is invented. Its passphrase is: sample\nIts recovery code is: {SAMPLE_RECOVERY}\n"
    (folder / SAMPLE_FILE).write_text(told, encoding="utf-8")
    desk.accept_catalog()
    today = date.today()
    ready = desk.open_request("erasure", sample.given, today - timedelta(days=6), ground="17(1)(b)")
    desk.identify(ready.ref, "Replied from the address on file; date of birth matched")
    desk.open_request("access", [sample.shared_phone], today - timedelta(days=24))
    desk.open_request("portability", [sample.identifiers[1]], today - timedelta(days=2))
    return desk, sample


def free_folder(name: str = "dsr-desk-sample") -> Path:
    """A folder below this one that is not there yet, for the sample company."""
    here = Path.cwd()
    return next(p for n in range(1, 1000) if not (p := here / (name if n == 1 else f"{name}-{n}")).exists())
