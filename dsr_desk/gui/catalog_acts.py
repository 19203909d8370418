"""What can be done on the page of systems: each act opens a dialog, or changes the text, or both."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from dsr_desk.catalog.connectors import connectors
from dsr_desk.catalog.edit import Change
from dsr_desk.errors import DeskError, RefusedError
from dsr_desk.gui.bridge import Bridge
from dsr_desk.gui.dialogs.catalog_dialogs import AcceptDialog, ConflictDialog, SecretDialog, UnsavedDialog
from dsr_desk.gui.dialogs.field_dialog import FieldDialog
from dsr_desk.gui.dialogs.owner_dialog import OwnerDialog
from dsr_desk.gui.dialogs.uncovered_dialog import Uncovered, UncoveredDialog
from dsr_desk.gui.models.catalog_known import known, targets
from dsr_desk.gui.models.form_model import FieldRow

if TYPE_CHECKING:
    from dsr_desk.flow.desk import Desk
    from dsr_desk.gui.pages.catalog_page import CatalogPage


class CatalogActs:
    """The acts of one page."""

    def __init__(self, page: CatalogPage, desk: Desk, bridge: Bridge) -> None:
        self._page, self._desk, self._bridge = page, desk, bridge
        self._saving: list[str] = []
        self._leaving = False

    @property
    def connectors(self) -> Sequence[str]:
        """The ready descriptions there are."""
        return sorted(connectors(self._desk.workspace.folder))

    # -- the text

    def change(self, changes: Sequence[Change]) -> None:
        """Make changes of the shown file, as one step of undo."""
        yaml = self._page.body.yaml
        if changes and not yaml.isReadOnly():
            self._page.typing.change(lambda: yaml.text, changes, yaml.replace_text)

    def show_field(self, row: FieldRow) -> None:
        """Look at a field closely."""
        page, form = self._page, self._page.body.shown
        if form is None or page.body.yaml.isReadOnly():
            return
        catalog = page.state.check.catalog if page.state else None
        system = page.shown.name if page.shown else ""
        strategies = known(None, None, None, ()).strategies
        dialog = FieldDialog(form.name, row, strategies, targets(catalog, system), page)
        dialog.wanted.connect(self.change)
        dialog.open()

    def say_owner(self, collection: str = "", target: str = "") -> None:
        """Say to whom the rows of a collection belong; without one, of the collection in the form."""
        page, form = self._page, self._page.body.shown
        name = collection or (form.name if form else "")
        catalog = page.state.check.catalog if page.state else None
        if not name or page.shown is None or page.body.yaml.isReadOnly():
            return
        schema = page.state.check.schemas.get(page.shown.name) if page.state else None
        live = schema.collections.get(name) if schema else None
        system = catalog.systems.get(page.shown.name) if catalog else None
        described = system.collections.get(name) if system else None
        columns = list(dict.fromkeys([*(described.fields if described else ()), *(live.columns if live else ())]))
        dialog = OwnerDialog(name, columns, targets(catalog, page.shown.name), target, page)
        dialog.wanted.connect(self.change)
        dialog.open()

    def show_uncovered(self) -> None:
        """The columns that the catalog doesn't list."""
        page = self._page
        if page.shown is None or page.shown.health is None or page.state is None:
            return
        schema = page.state.check.schemas.get(page.shown.name)
        found = []
        for part in page.shown.health.collections:
            live = schema.collections.get(part.collection) if schema else None
            for column in part.uncovered:
                found.append(Uncovered(part.collection, column, live.columns[column].type if live else ""))
        if found:
            dialog = UncoveredDialog(found, page)
            dialog.wanted.connect(self.change)
            dialog.open()

    # -- files

    def save(self) -> None:
        """Write what was typed, one file after the other."""
        if not self._saving:
            self._saving = sorted(self._page.texts.changed())
            self._save_next()

    def keeps_open(self) -> bool:
        """Whether the window has to stay: something typed is not saved. Then it is asked what is to become of it."""
        names = sorted(self._page.texts.changed())
        if names:
            dialog = UnsavedDialog(names, self._page)
            dialog.dropped.connect(lambda: self._leave(names))
            dialog.saved.connect(self._save_and_leave)
            dialog.open()
        return bool(names)

    def _leave(self, names: Sequence[str]) -> None:
        for name in names:
            self._page.texts.forget(name)
        self._page.window().close()

    def _save_and_leave(self) -> None:
        self._leaving = True
        self.save()

    def _save_next(self) -> None:
        if not self._saving:
            leaving, self._leaving = self._leaving, False
            if leaving:
                self._page.window().close()
            else:
                self._page.show_catalog()
            return
        name = self._saving[0]
        file = self._page.texts.get(name)
        if file is None:
            self._saving.pop(0)
            self._save_next()
            return
        text, was = file.text, file.was

        def done(data: bytes) -> None:
            self._page.texts.saved(name, data, text)
            self._saving = self._saving[1:]
            self._save_next()

        def failed(error: DeskError) -> None:
            self._saving, self._leaving = [], False
            if isinstance(error, RefusedError):
                self._conflict(name, text, error)
            else:
                self._page.show_error(error)

        self._bridge.run(
            lambda _tell, _cancel: self._desk.save_catalog_file(name, text, was), on_done=done, on_failed=failed, owner=self._page
        )

    def _conflict(self, name: str, mine: str, error: RefusedError) -> None:
        """Somebody else changed the file: show both, and let one be kept."""

        def show(theirs: bytes) -> None:
            dialog = ConflictDialog(name, mine, theirs.decode("utf-8-sig", "replace"), error, self._page)
            dialog.mine_kept.connect(lambda: self._keep_mine(name, theirs))
            dialog.theirs_kept.connect(lambda: self._drop(name))
            dialog.open()

        self._bridge.run(
            lambda _tell, _cancel: self._desk.catalog_bytes(name),
            on_done=show,
            on_failed=lambda _missing: self._page.show_error(error),
            owner=self._page,
        )

    def _keep_mine(self, name: str, theirs: bytes) -> None:
        file = self._page.texts.get(name)
        if file is not None:
            file.was = theirs
            self.save()

    def drop(self) -> None:
        """Forget what was typed in the shown file."""
        if self._page.shown is not None:
            self._drop(self._page.shown.file)

    def _drop(self, name: str) -> None:
        self._page.texts.forget(name)
        self._page.show_catalog()

    # -- acts that are recorded

    def accept(self) -> None:
        """Look at the difference, and accept it."""
        if self._page.state is not None:
            dialog = AcceptDialog(self._desk, self._bridge, self._page.state, self._page)
            dialog.recorded.connect(self._on_recorded)
            dialog.open()

    def set_secret(self) -> None:
        """Set the password of the shown system."""
        shown = self._page.shown
        if shown is not None and shown.health is not None:
            dialog = SecretDialog(self._desk, self._bridge, shown.name, shown.health.title, self._page)
            dialog.recorded.connect(self._on_recorded)
            dialog.open()

    def add(self) -> None:
        """Connect a system, or start from a ready connector."""
        from dsr_desk.gui.dialogs.add_dialog import AddDialog

        dialog = AddDialog(self._desk, self._bridge, self._page)
        dialog.added.connect(self._on_added)
        dialog.open()

    def trial(self) -> None:
        """Try the catalog as it is typed on one person."""
        from dsr_desk.gui.dialogs.trial_dialog import TrialDialog

        state = self._page.state
        systems = state.check.catalog.systems if state is not None and state.check.catalog else {}
        TrialDialog(self._desk, self._bridge, systems, self._page.texts.changed(), self._page).open()

    def versions(self) -> None:
        """The versions of the catalog: who, when, why."""
        from dsr_desk.gui.dialogs.versions_dialog import VersionsDialog

        dialog = VersionsDialog(self._desk, self._bridge, self._page)
        dialog.recorded.connect(self._on_recorded)
        dialog.open()

    def _on_added(self, name: str) -> None:
        self._page.go_to(name)
        self._on_recorded()

    def _on_recorded(self) -> None:
        self._page.changed.emit()
        self._page.show_catalog()
