"""What a request is called in a sentence: the rights have names for programs, and people read other words."""

from __future__ import annotations

from dsr_desk import rights
from dsr_desk.errors import UsageError
from dsr_desk.plugins import plugins
from dsr_desk.rights.base import Right


def called(right: str) -> str:
    """``a request for erasure``, ``a look at automated decisions``."""
    known: type[Right] | None = plugins(rights, Right).get(right)
    return (known.called if known else "") or f"a request for {right}"


def begins(right: str) -> str:
    """The same where it begins a sentence."""
    words = called(right)
    return words[0].upper() + words[1:]


def changes_nothing(ref: str, right: str, exports: bool, to_do: str) -> UsageError:
    """Why a request that writes nothing can't be approved, applied or verified, and what is done in place of that."""
    hint = ("Export it instead.", f"dsr-desk export {ref}") if exports else ("Answer its tasks.", f"dsr-desk task list {ref}")
    return UsageError(f"{begins(right)} changes nothing, so there is nothing to {to_do}.", *hint)
