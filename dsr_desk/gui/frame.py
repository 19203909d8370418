"""What stands around every page: the sidebar at the left, a banner above, the status line below."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from dsr_desk.gui.widgets.banner import Banner
from dsr_desk.gui.widgets.sidebar import Sidebar
from dsr_desk.gui.widgets.status_line import StatusLine

PAGES = (
    ("requests", "Requests", "requests"),
    ("force", "In force", "hold"),
    ("systems", "Systems", "systems"),
    ("audit", "Audit", "audit"),
)
FILTERS = (("soon", "Due within 7 days", "retained"), ("overdue", "Overdue", "failed"), ("closed", "Closed", "text2"))


class Frame(QWidget):
    """``stack`` has the pages."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sidebar = Sidebar(PAGES, FILTERS)
        self.stack = QStackedWidget()
        self.status = StatusLine()
        self.banner = Banner()
        self.banner.hide()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self.sidebar)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(self.banner)
        column.addWidget(self.stack, 1)
        row.addLayout(column, 1)
        outer.addLayout(row, 1)
        outer.addWidget(self.status)
