"""The fields of a collection as a table."""

from __future__ import annotations

from collections.abc import Sequence

from dsr_desk.gui import theme
from dsr_desk.gui.models.field_choices import erase_words
from dsr_desk.gui.models.form_model import KIND_WORDS, FieldRow
from dsr_desk.gui.models.rows import RowsModel
from dsr_desk.gui.widgets.parts import Chip, Part, Sign, Text
from dsr_desk.gui.widgets.words import category_word, kind_word


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
                return (Chip(category_word(row.category)),)
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
