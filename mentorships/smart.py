"""A helper that says which of the five parts of a SMART goal is missing.

Rules, no model: each hint can be explained by the words that caused it. The criteria
are those of Doran (1981), "There's a S.M.A.R.T. way to write management's goals and
objectives", Management Review 70 (11).
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

VAGUE = {
    "nl": {"beter", "meer", "goed", "vaker", "iets", "dingen", "groeien", "werken"},
    "en": {"better", "more", "good", "often", "something", "things", "grow", "improve"},
}
SENTENCES = {
    "nl": {
        "specific": "Zeg wat je precies doet: een werkwoord en een situatie.",
        "vague": "“{word}” kan veel betekenen. Wat zie je als het is gelukt?",
        "measurable": "Zeg wat je telt, en van welke waarde naar welke.",
        "achievable": "Dit is erg veel in één keer. Neem een eerste stap als doel.",
        "relevant": "Schrijf op waarom dit voor jou telt; dat helpt volhouden.",
        "time": "Kies een dag. Een eerste doel in 30 tot 45 dagen werkt het best.",
        "long": "Meer dan een half jaar is lang. Kies een eerste stap die eerder komt.",
        "ok": "Goed zo.",
    },
    "en": {
        "specific": "Say exactly what you will do: a verb and a situation.",
        "vague": "“{word}” can mean many things. What do you see when it worked?",
        "measurable": "Say what you count, and from which value to which.",
        "achievable": "This is very much at once. Take a first step as your goal.",
        "relevant": "Write down why it matters to you; that helps to keep going.",
        "time": "Choose a day. A first goal in 30 to 45 days works best.",
        "long": "More than half a year is long. Choose a first step that comes sooner.",
        "ok": "Well done.",
    },
}
PARTS = ("specific", "measurable", "achievable", "relevant", "time")
LABELS = {
    "nl": (
        "Specifiek",
        "Meetbaar",
        "Acceptabel en haalbaar",
        "Relevant",
        "Tijdgebonden",
    ),
    "en": ("Specific", "Measurable", "Achievable", "Relevant", "Time-bound"),
}
FEW_WORDS = 4
MANY_TIMES = 10
HALF_A_YEAR = 183


@dataclass(frozen=True)
class Hint:
    """What one of the five parts still needs; ``ok`` when it is there."""

    part: str
    label: str
    ok: bool
    text: str


def review(
    *,
    specific: str,
    measure: str,
    start: Decimal | None,
    target: Decimal | None,
    relevance: str,
    by_on: date | None,
    today: date,
    language: str,
) -> list[Hint]:
    """One hint for each of the five parts, in the language asked."""
    language = language if language in SENTENCES else "nl"
    found = {
        "specific": _specific(specific, language),
        "measurable": ""
        if measure.strip() and None not in (start, target) and start != target
        else "measurable",
        "achievable": _achievable(start, target),
        "relevant": "" if len(relevance.split()) > 2 else "relevant",
        "time": _time(by_on, today),
    }
    sentences = SENTENCES[language]
    return [
        Hint(
            part=part,
            label=LABELS[language][number],
            ok=not found[part],
            text=sentences.get(found[part] or "ok", found[part]),
        )
        for number, part in enumerate(PARTS)
    ]


def _specific(text: str, language: str) -> str:
    words = [word.strip(".,!?").lower() for word in text.split()]
    if len(words) < FEW_WORDS:
        for word in words:
            if word in VAGUE[language]:
                return SENTENCES[language]["vague"].format(word=word)
        return "specific"
    return ""


def _achievable(start: Decimal | None, target: Decimal | None) -> str:
    if start is None or target is None:
        return ""
    if start > 0 and target > MANY_TIMES * start:
        return "achievable"
    return ""


def _time(by_on: date | None, today: date) -> str:
    if by_on is None or by_on <= today:
        return "time"
    return "long" if (by_on - today).days > HALF_A_YEAR else ""
