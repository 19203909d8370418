"""Acts of the whole desk that the window offers by name: reports, operators, the trail, evidence, what is due to be destroyed.

What they need is loaded only when they are called.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QFileDialog

from dsr_desk.gui.bridge import Bridge
from dsr_desk.gui.period import show_operators, show_period
from dsr_desk.gui.shell import Shell


def calls(window: Shell, bridge: Bridge) -> dict[str, Callable[[], object]]:
    """Name of an act → what does it."""
    return {
        "period": partial(show_period, window, bridge),
        "operators": partial(show_operators, window, bridge),
        "trail": partial(verify_trail, window),
        "keys": partial(show_keys, window),
        "anchor": partial(show_anchor, window, bridge),
        "check": partial(check_bundle, window, bridge),
        "shred": partial(show_due, window, bridge),
        "add_system": partial(on_systems, window, "add"),
        "trial": partial(on_systems, window, "trial"),
        "versions": partial(on_systems, window, "versions"),
    }


def on_systems(window: Shell, act: str) -> None:
    """One of the acts of the page of systems."""
    if window.here != "systems":
        window.go("systems")
    getattr(window.page.acts, act)()


def verify_trail(window: Shell) -> None:
    """Verify the whole trail, and show it."""
    window.go("audit")
    window.page.verify()


def show_keys(window: Shell) -> None:
    """Who may sign."""
    from dsr_desk.gui.pages.audit_page import KEYS

    window.go("audit")
    window.page.show_view(KEYS)


def show_anchor(window: Shell, bridge: Bridge) -> None:
    """Ask how a checkpoint is given away, and give it."""
    from dsr_desk.gui.dialogs.anchor_dialog import AnchorDialog

    dialog = AnchorDialog(window.desk.desk, bridge, parent=window.frame)
    dialog.anchored.connect(lambda: window.go("audit") if window.here == "audit" else window.read_trail())
    dialog.open()


def check_bundle(window: Shell, bridge: Bridge) -> None:
    """Ask for a bundle, and show whether it holds. No workspace is needed."""
    dialog = QFileDialog(window.frame, "Check an evidence bundle or a receipt", "", "Bundles (*.zip);;All files (*)")
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.fileSelected.connect(partial(show_check, window, bridge))
    dialog.open()


def show_check(window: Shell, bridge: Bridge, file: str) -> None:
    """Show whether this bundle holds."""
    from pathlib import Path

    from dsr_desk.gui.pages.check_page import CheckPage

    page = CheckPage(bridge)
    page.left.connect(window.back)
    page.another_wanted.connect(partial(check_bundle, window, bridge))
    window.show_extra("check", page)
    page.check(Path(file))


def show_due(window: Shell, bridge: Bridge) -> None:
    """The requests whose time is over, and the act that destroys their files."""
    from dsr_desk.gui.dialogs.shred_dialog import ShredDueDialog

    dialog = ShredDueDialog(window.desk.desk, bridge, parent=window.frame)
    dialog.changed.connect(lambda: window.go("requests") if window.here == "requests" else None)
    dialog.changed.connect(window.read_trail)
    dialog.open()
