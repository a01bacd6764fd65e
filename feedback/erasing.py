"""What of surveys and care goes when a person is erased."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from feedback.models import (
    CareItem,
    CareMessage,
    Confidant,
    Draft,
    NamedAnswer,
    Question,
)
from people.erasing import scrub
from people.models import User


@scrub(
    goes=[
        _("what they wrote in surveys with a name, and answers not sent yet"),
        _("messages about care to them or from them"),
    ],
    stays=[
        _("serious reports they wrote: sealed, for the named person alone"),
        _("their choices in surveys, without a name; anonymous answers have none"),
    ],
)
def scrub_feedback(user: User) -> None:
    Draft.objects.filter(invitation__to=user).delete()
    NamedAnswer.objects.filter(
        invitation__to=user, question__kind=Question.Kind.TEXT
    ).delete()
    Confidant.objects.filter(user=user).delete()
    CareMessage.objects.filter(Q(to=user) | Q(by=user)).delete()
    CareItem.objects.filter(mentorship__members__participant__user=user).exclude(
        reason=""
    ).update(reason="–")
