"""The recovery code of a new workspace, shown this once, and the sheet to print."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from dsr_desk.errors import DeskError
from dsr_desk.gui import theme
from dsr_desk.gui.dialogs.act import ActDialog
from dsr_desk.gui.dialogs.password import COPIED_MS
from dsr_desk.gui.pdf import Pages, page_layout, paint_all, to_pdf
from dsr_desk.gui.widgets.button import Button
from dsr_desk.gui.widgets.label import Label
from dsr_desk.render.recovery import Sheet, recovery_html

_TITLE = "Recovery sheet"


class RecoveryDialog(ActDialog):
    """No key closes it by mistake, and it asks whether the code was kept: nobody can show it again."""

    def __init__(self, sheet: Sheet, parent: QWidget | None = None) -> None:
        super().__init__("The recovery code of this workspace", "I have kept it", wide=520, parent=parent)
        self._sheet = sheet
        self.keep.hide()
        why = "It opens the root key: it is needed when somebody joins or leaves, and when a key is renewed. It opens no data."
        self.body.addWidget(Label(why, wrap=True))
        self.body.addWidget(Label(sheet.code, mono=True, size=theme.PANE, wrap=True, selectable=True))
        row = QHBoxLayout()
        row.setSpacing(theme.INSIDE)
        self.print = Button("Print the sheet…", small=True, sign="print", on=self._on_print)
        self.save = Button("Save the sheet…", small=True, sign="save", on=self._on_save)
        self.copy = Button("Copy it", small=True, sign="copy", on=self._on_copy)
        for button in (self.print, self.save, self.copy):
            row.addWidget(button)
        row.addStretch(1)
        self.body.addLayout(row)
        self.say_follows(
            "It is shown now and never again. Keep it on paper, away from this computer. Without it work goes on, but nobody can "
            "be admitted and no key ended any more."
        )
        self.act.setFocus()

    def save_to(self, file: Path) -> None:
        """Write the sheet as a PDF."""
        try:
            to_pdf(recovery_html(self._sheet), file, title=_TITLE)
        except DeskError as error:
            self.show_error(error)
        else:
            self.save.setText("Saved")

    def print_on(self, printer: QPrinter) -> None:
        """Draw the sheet on a printer."""
        try:
            printer.setPageLayout(page_layout("A4"))
            printer.setFullPage(True)
            paint_all(Pages(recovery_html(self._sheet)), printer, printer.resolution())
        except DeskError as error:
            self.show_error(error)
        else:
            self.print.setText("Printed")

    def _on_save(self) -> None:
        dialog = QFileDialog(self, "Save the recovery sheet", "recovery-sheet.pdf", "PDF (*.pdf)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("pdf")
        dialog.fileSelected.connect(lambda file: self.save_to(Path(file)))
        dialog.open()

    def _on_print(self) -> None:
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setDocName(_TITLE)
        dialog = QPrintDialog(printer, self)
        if dialog.exec():
            self.print_on(printer)

    def _on_copy(self) -> None:
        board, code = QGuiApplication.clipboard(), self._sheet.code
        board.setText(code)
        self.copy.setText("Copied for 30 s")

        def forget() -> None:
            if board.text() == code:
                board.clear()

        QTimer.singleShot(COPIED_MS, board, forget)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
