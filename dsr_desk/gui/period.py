"""Opening the report over a period; what it needs is loaded only then."""

from __future__ import annotations

from dsr_desk.gui.bridge import Bridge
from dsr_desk.gui.shell import Shell


def show_period(window: Shell, bridge: Bridge) -> None:
    """Ask for the days of a period, and show its report."""
    from dsr_desk.gui.dialogs.period_dialog import PeriodDialog

    dialog = PeriodDialog(window.desk.desk, bridge, parent=window.frame)
    dialog.changed.connect(window.read_trail)
    dialog.open()
