"""The keys of the trail as rows: whose, as what, since when, and whether what they sign counts."""

from __future__ import annotations

from collections.abc import Sequence

from dsr_desk.flow.operators import Key
from dsr_desk.gui import theme
from dsr_desk.gui.models.rows import RowsModel
from dsr_desk.gui.models.wording import grouped, thin
from dsr_desk.gui.widgets.parts import Chip, Gap, Part, Text

_STATES = {
    "root": Chip("root: says who may sign", "plain", "key"),
    "stands": Chip("stands", "verified", "check"),
    "retired": Chip("retired", "plain", "excluded"),
    "compromised": Chip("stolen", "failed", "warning"),
}
_ROLES = {
    "root": "signs who works here",
    "agent": "agent: prepares",
    "approver": "approver: decides",
    "auditor": "auditor: looks",
}


class KeyModel(RowsModel[Key]):
    """``set_rows`` with what the desk lists."""

    HEADS = ("Whose", "Key", "Role", "State", "First entry", "Last entry")
    RIGHT = frozenset({4, 5})

    def parts(self, row: Key, column: int) -> Sequence[Part]:
        match column:
            case 0:
                mine = (Text("you", "text2", size=theme.SMALL),) if row.mine else ()
                return (Text(row.name or "name deleted", "text" if row.name else "text2", theme.MEDIUM), *mine)
            case 1:
                return (Text(grouped(row.key_id), "text2", size=theme.SMALL, mono=True),)
            case 2:
                return (Text(_ROLES.get(row.role, row.role), size=theme.SMALL),)
            case 3:
                doubt = (Text(f"from entry {thin(row.doubted)} on in doubt", "failed", size=theme.SMALL),) if row.doubted else ()
                return (_STATES[row.state], *doubt)
            case 4:
                return Gap(), Text(thin(row.since), "text2", size=theme.SMALL, mono=True)
        return Gap(), Text(thin(row.until) if row.until else "–", "text2", size=theme.SMALL, mono=True)
