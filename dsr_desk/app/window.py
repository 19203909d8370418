"""Wiring the window: how it makes, opens and unlocks workspaces.

Everything but the window is imported when a workspace is opened, so that the first picture is there at once.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from dsr_desk.app.passphrase import SAMPLE_FILE, SAMPLE_PASSPHRASE, passphrase_from_environment
from dsr_desk.errors import CredentialsError
from dsr_desk.gui.application import recent, remember, run
from dsr_desk.gui.opening import Doors, NewWorkspace, Opened

if TYPE_CHECKING:
    from dsr_desk.flow.desk import Desk


def run_window(folder: Path | None, operator: str | None, sample: bool = False) -> int:
    """Open the window: on a workspace, on the sample company (made in ``folder`` if it isn't there yet), or at the first start."""
    environment = passphrase_from_environment()

    def opened(desk: Desk, passphrase: str | None, start_with: str = "") -> Opened:
        from dsr_desk.flow.access import entered

        workspace = desk.workspace
        unlock = entered(workspace, passphrase)
        remember(workspace.folder)
        return Opened(
            desk,
            desk.systems,
            workspace.settings.name,
            workspace.operator.name,
            unlock,
            workspace.settings.country,
            workspace.settings.subdivision,
            passphrase is not None,
            start_with,
            workspace.close,
        )

    def make(wanted: NewWorkspace) -> Opened:
        from dsr_desk.app.workspaces import make_workspace, sheet_of
        from dsr_desk.store.workspace import Settings

        settings = Settings(wanted.folder.name, wanted.controller, "", wanted.country)
        desk = make_workspace(wanted.folder, wanted.operator, settings, wanted.passphrase, True)
        return replace(opened(desk, wanted.passphrase), sheet=sheet_of(desk))

    def open_(chosen: Path, typed: str | None, restored: bool = False) -> Opened:
        from dsr_desk.app.workspaces import open_desk

        known = typed if typed is not None else environment
        if known is None and (chosen / SAMPLE_FILE).exists():
            known = SAMPLE_PASSPHRASE
        asked: list[str] = []

        def ask() -> str:
            if known is None:
                raise CredentialsError("The workspace is locked with a passphrase.", "Type it to open the workspace.")
            asked.append(known)
            return known

        desk = open_desk(chosen, operator, ask, True, restored)
        return opened(desk, asked[0] if asked else None)

    def the_sample() -> Opened:
        from dsr_desk.app.workspaces import make_sample, open_desk

        where = folder if sample and folder is not None else Path.home() / "DSR Desk sample"
        if (where / SAMPLE_FILE).exists():
            desk = open_desk(where, None, lambda: SAMPLE_PASSPHRASE, True)
        else:
            desk, _ = make_sample(where, True)
        ready = next((r.ref for r in desk.requests() if r.right == "erasure"), "")
        return opened(desk, SAMPLE_PASSPHRASE, ready)

    def keyring() -> bool:
        from dsr_desk.store.keys import has_keyring

        return has_keyring()

    doors = Doors(make, open_, the_sample, recent, keyring, lambda chosen, typed: open_(chosen, typed, True))
    return run(doors, the_sample if sample else None, None if sample else folder)
