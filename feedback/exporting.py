"""What of surveys, care and reports is in the file of a person."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from feedback.models import (
    AccessTable,
    Batch,
    CareItem,
    CareMessage,
    CareSettings,
    Confidant,
    Draft,
    FreshSheet,
    Invitation,
    NamedAnswer,
    Question,
    Remark,
    Report,
    Survey,
    Tally,
    Wave,
)
from people.data_file import Part, leave_out, made, of_nobody, tell, unsealed
from people.visibility import Circle


def draft_words(draft: Draft) -> dict[str, str]:
    """Each question with what was filled in."""
    given = draft.read()
    return {
        str(question): NamedAnswer(question=question, value=given[question.pk]).words
        for question in Question.objects.filter(pk__in=given)
    }


def reported(report: Report) -> dict[str, Any]:
    """What somebody reported, and what was said under it since, by either."""
    told = report.read()
    later = [
        {
            "by": each.by.name if each.by else "",
            "at": each.at.isoformat(),
            "text": each.text,
        }
        for each in told.later
    ]
    return {"where": told.where, "text": told.text, "later": later}


def reported_words(told: dict[str, Any]) -> str:
    said = [told["where"], told["text"]]
    for each in told["later"]:
        at = timezone.localtime(datetime.fromisoformat(each["at"]))
        said += [f"{each['by']}, {date_format(at, 'DATETIME_FORMAT')}:", each["text"]]
    return "\n".join(said)


tell(
    Part.ASKED,
    Invitation,
    _("surveys asked"),
    ["to"],
    {Circle.ME: ["wave__survey", "asked_at", "answered"]},
    untold=["to", "role"],
)
tell(
    Part.ASKED,
    Draft,
    _("answers not sent yet"),
    ["invitation__to"],
    {Circle.ME: ["invitation__wave__survey"]},
    more=[unsealed(_("answers"), draft_words)],
)
tell(
    Part.ASKED,
    NamedAnswer,
    _("answers with a name"),
    ["invitation__to"],
    {Circle.TEAM: ["invitation__wave__survey", "question"]},
    more=[
        made(
            "words",
            Circle.TEAM,
            lambda answer: answer.words,
            covers="value",
            needs=["question"],
        )
    ],
)
tell(
    Part.ASKED,
    CareMessage,
    _("messages from who cares for the mentorship"),
    ["to"],
    {Circle.TEAM: ["item__mentorship", "by", "body", "at"]},
    untold=["to"],
)
tell(
    Part.ASKED,
    Report,
    _("serious reports written"),
    Report.objects.written_by,
    {Circle.ME: ["to", "at", "begun_at", "handed_at", "closed_at"]},
    more=[unsealed(_("text"), reported, show=reported_words)],
    untold=["told_at", "mark", "trace"],
)
tell(
    Part.ASKED,
    Confidant,
    _("reads serious reports of"),
    ["user"],
    {Circle.TEAM: ["program"]},
    untold=["user"],
)
leave_out(
    _("answers to anonymous surveys: nothing says whose they are"),
    FreshSheet,
    Batch,
    Tally,
    Remark,
)
leave_out(
    _(
        "that a mentorship asked for care, and why: it would tell what another said in"
        " confidence; serious reports by others, for the same reason"
    ),
    CareItem,
)
of_nobody(
    "is of a programme, or counts five people or more",
    AccessTable,
    CareSettings,
    Question,
    Survey,
    Wave,
)
