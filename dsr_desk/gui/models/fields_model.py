"""The fields of a collection as a table."""

from __future__ import annotations

from collections.abc import Sequence

from dsr_desk.gui import theme
from dsr_desk.gui.models.field_choices import erase_words
from dsr_desk.gui.models.form_model import KIND_WORDS, FieldRow
from dsr_desk.gui.models.rows import RowsModel
from dsr_desk.gui.widgets.parts import Chip, Part, Sign, Text
from dsr_desk.gui.widgets.words import category_word, kind_word, special_word
from dsr_desk.model.mask import is_special

#: Longer categories are shown by their last word: a column cuts what is longer.
_WHOLE = 14


class FieldsModel(RowsModel[FieldRow]):
    """``on_erase`` is the collection's: it decides what becomes of each field."""

    HEADS = ("Field", "Category", "Finds by", "When erased")

    def __init__(self) -> None:
        super().__init__()
        self.on_erase = ""

    def parts(self, row: FieldRow, column: int) -> Sequence[Part]:
        small = theme.SMALL
        if column == 0:
            return (Text(row.name, mono=True, size=small),)
        if column == 1:
            if row.category:
                if is_special(row.category):
                    return (Chip(special_word(row.category), "failed", "special"),)
                return (Chip(_last_words(row.category)),)
            return (Text("free text" if row.says.get("mentions") is True else "–", "text2", size=small),)
        if column == 2:
            if row.identity:
                return (Sign("identity", "accent", 13), Text(kind_word(row.identity), "accent", theme.MEDIUM, small))
            if row.owners:
                kind, target = row.owners[0]
                there = target.rpartition(".")[0] or target
                return (Text(f"{KIND_WORDS[kind]} {there}", "manual" if kind != "owned_by" else "text2", size=small),)
            return (Text("–", "text2", size=small),)
        words, tint = erase_words(row, self.on_erase)
        sign = (Sign("refused", "failed", 13),) if tint == "failed" else ()
        return (*sign, Text(words, tint, theme.MEDIUM if sign else theme.REGULAR, small))

    def ground(self, row: FieldRow) -> str | None:
        return "failed_ground" if row.problem is not None and row.problem.severity == "error" else None

    def said(self, row: FieldRow) -> str:
        wrong = f". {row.problem.message}" if row.problem else ""
        return super().said(row) + wrong


def _last_words(category: str) -> str:
    """A category so that what tells it apart is not cut: ``contact.email``, but ``date_of_birth``."""
    words = category_word(category)
    return words if len(words) <= _WHOLE else words.rpartition(".")[2]
