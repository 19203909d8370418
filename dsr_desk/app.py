"""Wires the program together: workspaces, the desk over them, the window, and what draws a PDF."""

from __future__ import annotations

import getpass
import hmac
import os
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from dsr_desk.audit import trail
from dsr_desk.bundled import bundled
from dsr_desk.errors import CredentialsError, UsageError
from dsr_desk.flow.desk import Desk
from dsr_desk.flow.sample import Sample, build_sample
from dsr_desk.store.keys import has_keyring
from dsr_desk.store.workspace import Settings, Workspace

#: Unlocks or makes a workspace without a prompt; it leaves the environment once read.
PASSPHRASE = "DSR_DESK_PASSPHRASE"  # noqa: S105  # the name of a variable
#: What the sample company is locked with: everything in it is invented, and the program says so.
SAMPLE_PASSPHRASE = "sample"  # noqa: S105
SAMPLE_FILE = "SAMPLE"


def to_pdf(html: str, path: Path, title: str, footer: str) -> int:
    """Draw HTML as a PDF; gives the number of pages. Qt is imported here, when it is needed."""
    from dsr_desk.gui.pdf import to_pdf as draw

    return draw(html, path, title=title, footer_left=footer)


def passphrase_from_environment() -> str | None:
    """The passphrase in the environment, which forgets it."""
    return os.environ.pop(PASSPHRASE, None)


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
        return getpass.getpass("Passphrase of the workspace: ")

    return ask


def open_desk(folder: Path, operator: str | None = None, ask: Callable[[], str] | None = None, processes: bool = False) -> Desk:
    """The desk over the workspace in ``folder``. ``UsageError`` where there is none."""
    workspace = Workspace.open(folder, passphrase=ask or ask_in_terminal(folder), trail=trail, operator=operator)
    return Desk(workspace, to_pdf, processes)


def make_workspace(folder: Path, operator: str, settings: Settings, passphrase: str | None, processes: bool = False) -> Desk:
    """A new workspace and the desk over it; without a passphrase its keys go to the keyring."""
    workspace = Workspace.create(folder, operator=operator, settings=settings, passphrase=passphrase, trail=trail)
    workspace.catalog_folder.mkdir(exist_ok=True)
    schema = bundled("resources") / "catalog.schema.json"  # so that an editor helps with the files
    (workspace.catalog_folder / schema.name).write_bytes(schema.read_bytes())
    return Desk(workspace, to_pdf, processes)


def make_sample(folder: Path, processes: bool = False) -> tuple[Desk, Sample]:
    """The sample company in a workspace of its own, with requests ready to work on. ``UsageError`` where the folder isn't empty."""
    if folder.exists() and any(folder.iterdir()):
        raise UsageError(f"The folder {folder} is not empty.", "Choose another one for the sample company.")
    sample = build_sample(folder)
    settings = Settings("Sample company", sample.controller, sample.address, sample.country)
    desk = make_workspace(folder, "Ines Kowal", settings, SAMPLE_PASSPHRASE, processes)
    (folder / SAMPLE_FILE).write_text("Everything in this folder is invented. Its passphrase is: sample\n", encoding="utf-8")
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


def run_window(folder: Path | None, operator: str | None, sample: bool = False) -> int:
    """Open the window: on a workspace, on the sample company (made in ``folder`` if it isn't there yet), or at the first start."""
    from dsr_desk.gui.application import recent, remember, run  # the only import of Qt on this path
    from dsr_desk.gui.opening import Doors, NewWorkspace, Opened

    environment = passphrase_from_environment()

    def opened(desk: Desk, passphrase: str | None, start_with: str = "") -> Opened:
        workspace = desk.workspace
        remember(workspace.folder)
        return Opened(
            desk,
            desk.systems,
            workspace.settings.name,
            workspace.operator.name,
            lambda typed: passphrase is None or hmac.compare_digest(typed.encode(), passphrase.encode()),
            workspace.settings.country,
            workspace.settings.subdivision,
            passphrase is not None,
            start_with,
            workspace.close,
        )

    def make(wanted: NewWorkspace) -> Opened:
        settings = Settings(wanted.folder.name, wanted.controller, "", wanted.country)
        return opened(make_workspace(wanted.folder, wanted.operator, settings, wanted.passphrase, True), wanted.passphrase)

    def open_(chosen: Path, typed: str | None) -> Opened:
        known = typed if typed is not None else environment
        if known is None and (chosen / SAMPLE_FILE).exists():
            known = SAMPLE_PASSPHRASE
        asked: list[str] = []

        def ask() -> str:
            if known is None:
                raise CredentialsError("The workspace is locked with a passphrase.", "Type it to open the workspace.")
            asked.append(known)
            return known

        desk = open_desk(chosen, operator, ask, True)
        return opened(desk, asked[0] if asked else None)

    def the_sample() -> Opened:
        where = folder if sample and folder is not None else Path.home() / "DSR Desk sample"
        if (where / SAMPLE_FILE).exists():
            desk = open_desk(where, None, lambda: SAMPLE_PASSPHRASE, True)
        else:
            desk, _ = make_sample(where, True)
        ready = next((r.ref for r in desk.requests() if r.right == "erasure"), "")
        return opened(desk, SAMPLE_PASSPHRASE, ready)

    doors = Doors(make, open_, the_sample, recent, has_keyring)
    return run(doors, the_sample if sample else None, None if sample else folder)
