"""Two pairs of eyes in words: who is asked next, and what a plan waits for."""

from __future__ import annotations

from dsr_desk.model.result import Approvals

#: So many names are told; the others are counted.
_NAMED = 2


def before_you(eyes: Approvals) -> str:
    """What comes of the approval of whoever looks, before anybody approved."""
    if not eyes.mine:
        return "You prepare, and an approver decides"
    if eyes.missing > 1:
        return f"You are the first of {eyes.missing}: it runs after all of you"
    return "It runs after you" if eyes.others else "You are the only approver: it runs after you"


def ask_words(eyes: Approvals, act: str) -> str:
    """The button of one who isn't the last: ``Ask S. Adeyemi to erase 47 records in 4 systems…``."""
    return f"Ask {names(eyes)} to {act[:1].lower()}{act[1:]}"


def waits_for(eyes: Approvals) -> str:
    """Why a plan doesn't run yet, where whoever looks has nothing more to do for it."""
    return f"Waits for the approval of {names(eyes)}."


def names(eyes: Approvals) -> str:
    """Who may still approve: ``S. Adeyemi or P. Novak``."""
    told = eyes.others[:_NAMED]
    more = len(eyes.others) - len(told)
    return " or ".join([*told, *([f"{more} more"] if more else [])]) or "another approver"
