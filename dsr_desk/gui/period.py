"""Opening the report over a period, and the list of who works here; what they need is loaded only then."""

from __future__ import annotations

from dsr_desk.gui.bridge import Bridge
from dsr_desk.gui.shell import Shell


def show_period(window: Shell, bridge: Bridge) -> None:
    """Ask for the days of a period, and show its report."""
    from dsr_desk.gui.dialogs.period_dialog import PeriodDialog

    dialog = PeriodDialog(window.desk.desk, bridge, parent=window.frame)
    dialog.changed.connect(window.read_trail)
    dialog.open()


def show_operators(window: Shell, bridge: Bridge) -> None:
    """Show who works here, and what can be done about it."""
    from dsr_desk.gui.dialogs.operators_dialog import OperatorsDialog

    dialog = OperatorsDialog(window.desk.desk, bridge, parent=window.frame)
    dialog.changed.connect(window.read_trail)
    dialog.open()
