"""Draws the page of systems and its dialogs on the sample company: ``python -m tests.gui.catalog_screens FOLDER``."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication, QDialog

from dsr_desk.gui import looks, theme
from dsr_desk.gui.bridge import Bridge
from dsr_desk.gui.dialogs.add_dialog import AddDialog
from dsr_desk.gui.dialogs.trial_dialog import TrialDialog
from dsr_desk.gui.main_window import MainWindow
from dsr_desk.gui.opening import Doors, Opened
from dsr_desk.gui.widgets.style import dress


def closed(window: MainWindow) -> None:
    """Close every dialog."""
    for dialog in window.findChildren(QDialog):
        dialog.reject()


def walk(app: QApplication, bridge: Bridge, window: MainWindow, company: Opened, settle: Any) -> Iterator[str]:
    """From state to state; the name of each when it is there to be drawn."""
    window.go("systems")
    settle(app, bridge)
    page = window._pages["systems"]
    yield "systems"
    yaml = page.body.yaml
    page.go_to("shop", "customers")
    settle(app, bridge)
    yaml.replace_text(yaml.text.replace("on_erase: redact", "on_erase: anonimise", 1))
    page.typing.check()
    settle(app, bridge)
    page._on_next_problem()
    yield "systems-error"
    yaml.replace_text(yaml.text.replace("on_erase: anonimise", "on_erase: [", 1))
    page.typing.check()
    yield "systems-unreadable"
    yaml.document().undo()
    yaml.document().undo()
    page.typing.check()
    settle(app, bridge)
    page.body.go_to(next(i for i, line in enumerate(yaml.text.splitlines(), 1) if "email:" in line))
    page.acts.show_field(page.body.shown.fields[1])
    yield "field"
    closed(window)
    page.acts.say_owner("orders", "customers")
    yield "owner"
    closed(window)
    position = yaml.text.index("category: user.contact.email") + len("category: user.contact.")
    cursor = yaml.textCursor()
    cursor.setPosition(position)
    yaml.setTextCursor(cursor)
    for _ in range(8):
        cursor.deletePreviousChar()
    yaml.complete()
    yield "completion"
    yaml._offers.close()
    yaml.document().undo()
    yaml.replace_text(yaml.text.replace("      postcode: {title: Postcode, category: user.contact.address.postal_code}\n", ""))
    page.typing.check()
    settle(app, bridge)
    yield "typed"
    page.acts.show_uncovered()
    yield "uncovered"
    closed(window)
    page.acts.trial()
    trial = window.findChildren(TrialDialog)[-1]
    trial.value.setText("maria.hofer@example.org")
    trial.on_act()
    yield "trial"
    closed(window)
    page.acts.drop()
    settle(app, bridge)
    page.acts.accept()
    yield "accept"
    closed(window)
    page.acts.versions()
    yield "versions"
    closed(window)
    page.acts.add()
    add = window.findChildren(AddDialog)[-1]
    yield "add"
    add.tabs.choose(1)
    yield "add-ready"
    add.tabs.choose(0)
    add.place.setText("shop.db")
    add.name.setText("shop2")
    add.on_act()
    yield "add-draft"
    closed(window)
    page._list.go_to(1)
    yield "crm"


def main(into: Path, only: str = "") -> None:
    """Draw them all, or those whose name holds a word."""
    from tests.gui.screens import SIZES, opened, settle

    into.mkdir(parents=True, exist_ok=True)
    app = QApplication([])
    bridge = Bridge(app)
    with tempfile.TemporaryDirectory(prefix="dsr-desk-screens-") as folder:
        company = opened(Path(folder) / "sample")
        doors = Doors(lambda _: company, lambda _folder, _typed: company, lambda: company, lambda: [], lambda: False)
        dress(app, theme.Theme("light"))
        window = MainWindow(company, bridge, doors)
        window.resize(*SIZES[0])
        window.show()
        sys.excepthook = sys.__excepthook__
        for name in walk(app, bridge, window, company, settle):
            settle(app, bridge)
            if only not in name:
                continue
            for look in ("light", "dark"):
                looks.colours(look)
                for width, height in SIZES if look == "light" else SIZES[:1]:
                    window.resize(width, height)
                    settle(app, bridge)
                    dialog = app.activeModalWidget()
                    (dialog or window).grab().save(str(into / f"{name}-{look}-{width}x{height}.png"))
            looks.colours("light")
            window.resize(*SIZES[0])
        company.close()
        window.close()


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "screens"), sys.argv[2] if len(sys.argv) > 2 else "")
