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
# What says how often or how much, beside a number.
CONCRETE = {
    "nl": {"elke", "elk", "iedere", "ieder", "per", "wekelijks", "maandelijks"},
    "en": {"every", "each", "per", "weekly", "monthly"},
}
SENTENCES = {
    "nl": {
        "specific": "Zeg wat je precies doet: een werkwoord en een situatie.",
        "vague": "“{word}” kan veel betekenen. Wat zie je als het is gelukt?",
        "measurable": "Zeg wat je telt, en van welke waarde naar welke.",
        "achievable": "Dit is erg veel in één keer. Neem een eerste stap als doel.",
        "reach": "Noem een waarde die je in deze tijd kunt halen.",
        "below": "Minder dan 0 kun je niet tellen. Moet het minder worden? Begin dan"
        " bij de waarde van nu, bijvoorbeeld van 5 naar 0.",
        "down": "Het gaat omlaag, van {start} naar {target}. Klopt dat?",
        "relevant": "Schrijf op waarom dit voor jou telt; dat helpt volhouden.",
        "time": "Kies een dag. Een eerste doel in 30 tot 45 dagen werkt het best.",
        "long": "Meer dan een half jaar is lang. Kies een eerste stap die eerder komt.",
        "ok": "Dit is in orde.",
    },
    "en": {
        "specific": "Say exactly what you will do: a verb and a situation.",
        "vague": "“{word}” can mean many things. What do you see when it worked?",
        "measurable": "Say what you count, and from which value to which.",
        "achievable": "This is a lot at once. Take a first step as your goal.",
        "reach": "Give a value that you can reach in this time.",
        "below": "You cannot count less than 0. Is it to become less? Then begin at the"
        " value of now, for example from 5 to 0.",
        "down": "It goes down, from {start} to {target}. Is that right?",
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
    """What one of the five parts still needs; ``ok`` when it is there, and ``asks``
    when there is a question all the same.
    """

    part: str
    label: str
    ok: bool
    text: str
    asks: bool = False


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
    praise = {"achievable": _direction(start, target, language)}
    return [
        Hint(
            part=part,
            label=LABELS[language][number],
            ok=not found[part],
            text=sentences.get(found[part], found[part])
            or praise.get(part)
            or sentences["ok"],
            asks=not found[part] and bool(praise.get(part)),
        )
        for number, part in enumerate(PARTS)
    ]


def _specific(text: str, language: str) -> str:
    """A vague word needs a number or a rhythm beside it; a few words say too little."""
    words = [word.strip(".,!?").lower() for word in text.split()]
    is_short = len(words) < FEW_WORDS
    is_concrete = not CONCRETE[language].isdisjoint(words) or any(
        sign.isdigit() for sign in text
    )
    for word in words:
        if word in VAGUE[language] and (is_short or not is_concrete):
            return SENTENCES[language]["vague"].format(word=word)
    return "specific" if is_short else ""


def _achievable(start: Decimal | None, target: Decimal | None) -> str:
    if target is None:
        return "reach"
    if target < 0 and (start is None or start >= 0):
        return "below"
    if start and start > 0 and target > MANY_TIMES * start:
        return "achievable"
    return ""


def _direction(start: Decimal | None, target: Decimal | None, language: str) -> str:
    """Whoever goes down is asked whether they mean it."""
    if start is None or target is None or target >= start:
        return ""
    plain = {"start": f"{start.normalize():f}", "target": f"{target.normalize():f}"}
    if language == "nl":
        plain = {name: value.replace(".", ",") for name, value in plain.items()}
    return SENTENCES[language]["down"].format(**plain)


def _time(by_on: date | None, today: date) -> str:
    if by_on is None or by_on <= today:
        return "time"
    return "long" if (by_on - today).days > HALF_A_YEAR else ""
