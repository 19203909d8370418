"""How a value is shown before somebody asks to see it."""

from __future__ import annotations

import re

from dsr_desk.model.values import Value, as_text

_DOMAIN = re.compile(r"[\w.-]*")
_SHORT_PHONE = 5

BULLETS = "•••"
HIDDEN = "•••••• hidden"

#: The special categories of personal data (GDPR Art. 9), and criminal convictions (Art. 10): fideslang keys, older ones, too.
SPECIAL = (
    "user.health_and_medical",
    "user.health",
    "user.biometric",
    "user.biometric_health",
    "user.authorization.biometric",
    "user.genetic",
    "user.demographic.race",
    "user.demographic.ethnicity",
    "user.demographic.race_ethnicity",
    "user.demographic.religious_belief",
    "user.demographic.political_opinion",
    "user.demographic.sexual_orientation",
    "user.demographic.trade_union",
    "user.race",
    "user.religious_belief",
    "user.political_opinion",
    "user.sexual_orientation",
    "user.criminal_history",
    "user.workplace.trade_union",
    "user.trade_union",
)
#: Where somebody is to the metre is no special category, and is never shown all the same.
_NEVER_SHOWN = ("user.location.precise",)


def is_special(category: str | None) -> bool:
    """Whether a category is one of the special ones."""
    return _under(category, SPECIAL)


def _under(category: str | None, keys: tuple[str, ...]) -> bool:
    return category is not None and any(category == k or category.startswith(k + ".") for k in keys)


def mask(value: Value, kind: str | None = None, category: str | None = None) -> str:
    """The value with all but a little hidden: first letters of words, an e-mail's domain, a phone's last two digits.

    At most half of a word is shown, and always the same number of bullets, so that length gives nothing away. ``""`` for NULL
    and empty texts.
    """
    text = as_text(value)
    if not text:
        return ""
    if is_special(category) or _under(category, _NEVER_SHOWN):
        return HIDDEN
    if isinstance(value, bool | bytes | bytearray | memoryview | list | dict):
        return BULLETS
    text = "".join(c if c.isprintable() else " " for c in text[:400])
    what = kind or (category or "").rpartition(".")[2]
    if what == "email" and "@" in text:
        local, _, domain = text.rpartition("@")
        first = local.lstrip(" \"<'")[:1] if len(local) > 1 else ""
        return f"{first}{BULLETS}@{_DOMAIN.match(domain)[0]}"  # type: ignore[index]  # it matches the empty text too
    if what in ("phone", "phone_number"):
        digits = re.sub(r"\D", "", text)
        last = digits[-2:] if len(digits) > _SHORT_PHONE else ""
        return f"{text[:3] if text.startswith('+') and last else ''} {BULLETS} {BULLETS}{last}".strip()
    if what == "date_of_birth":
        return "19••-••-••" if text.startswith("19") else "20••-••-••" if text.startswith("20") else BULLETS
    if (category or "").startswith("user.content"):
        return "“… …”"
    if text.isdigit():
        return _word(text)
    words = [_word(w) for w in text.split()[:4]]
    return " ".join(words) if words else BULLETS


def mask_on_paper(value: Value, kind: str | None = None) -> str:
    """The value masked for what is given away: an e-mail's domain is hidden, too, for it can be the family's name."""
    shown = mask(value, kind)
    return f"{shown.rpartition('@')[0]}@{BULLETS}" if kind == "email" and "@" in shown else shown


def _word(word: str) -> str:
    return word[: min(2, len(word) // 2)] + BULLETS
