"""What a page is for (F1)."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from dsr_desk.gui import theme
from dsr_desk.gui.actions import ACTS
from dsr_desk.gui.dialogs.act import ActDialog
from dsr_desk.gui.widgets.label import Label

_HELP = {
    "start": "Choose where to work. The sample company is invented; it can be deleted at any time.",
    "requests": "Every open request, the one with least time left first. Find a person with the search box, or open a request.",
    "request": "One request. The nine stages above are the way from the mail to the proof; press one to read what it yielded.",
    "quick": "What there is of somebody, without opening a request. Nothing is changed; the trail records the search.",
    "force": "Legal holds and restrictions: what may not be erased or changed until somebody ends it, and who may end it.",
    "systems": "The map of your data: what each system holds, and whose. A column that nobody described is shown as uncovered. "
    "File and form are one text: Ctrl+Space offers what may stand at the cursor. Drag one box of the map onto another to say whose "
    "it is. What you save counts when somebody accepts it.",
    "audit": "Everything this program did, signed and chained. Verify it from the first entry; see who may sign; give a checkpoint "
    "to somebody outside, so that it can’t be written anew unseen. It can be checked elsewhere, too, with the commands shown.",
    "check": "Whether an evidence bundle or a receipt holds that somebody gave you. It asks no workspace and no network.",
}


class HelpDialog(ActDialog):
    """A sentence about the page, and every key. Its left button leads to all actions."""

    def __init__(self, page: str, parent: QWidget | None = None) -> None:
        super().__init__("What this page is", "Close this note", keep="All actions", wide=480, parent=parent)
        self.body.addWidget(Label(_HELP[page], wrap=True))
        keys = "\n".join(f"{a.keys}:  {a.words}" for a in ACTS if a.keys)
        self.body.addWidget(Label(keys, size=theme.SMALL, tint="text2", wrap=True))
