"""How each kind of task is shown: its icon, what its button and its form say."""

from __future__ import annotations

from dataclasses import dataclass

from dsr_desk.model.request import Task


@dataclass(frozen=True, slots=True)
class TaskLook:
    """``act`` is its button, ``asks`` the question of its form, ``verb`` that form's button. ``counts``: how many records, too."""

    sign: str
    act: str
    asks: str
    verb: str
    hint: str = "It stands in the report."
    counts: bool = True


_BY_HAND = TaskLook("manual", "Confirm it is done…", "What was done, by whom, and who saw it", "Record it as done")
_LOOKS = {
    "system": _BY_HAND,
    "rows": TaskLook("question", "Say what was decided…", "What was decided or done, and by whom", "Record what was decided"),
    "notice": TaskLook(
        "notice", "Record the notice…", "Who was told, when and how; or why that is out of proportion (Art. 19)",
        "Record the notice", "Attach the letter or the answer as proof.", counts=False,
    ),
    "tell": TaskLook(
        "tell", "Record that they were told…", "When and how the person was told (Art. 18(3))", "Record that they were told",
        "The restriction can't be lifted before.", counts=False,
    ),
    "review": TaskLook(
        "automated", "Record the review…", "Who heard the person and looked again, and with what outcome (Art. 22(3))",
        "Record the review",
    ),
}  # fmt: skip


def look(task: Task) -> TaskLook:
    """How a task is shown."""
    return _LOOKS.get(task.kind, _BY_HAND)
