"""What of surveys and care goes when a programme is cleared."""

from django.utils.translation import gettext_lazy as _

from feedback.models import (
    CareItem,
    CareMessage,
    Draft,
    FreshSheet,
    NamedAnswer,
    Remark,
)
from programs.clearing import clearance
from programs.models import Program


@clearance(
    goes=[
        _("what people wrote in surveys, and who answered what in a named one"),
        _("messages about care"),
    ],
    stays=[_("how many gave which answer to an anonymous survey")],
)
def clear_feedback(program: Program) -> None:
    asked = {"invitation__wave__survey__program": program}
    Draft.objects.filter(**asked).delete()
    NamedAnswer.objects.filter(**asked).delete()
    # What waited for others will not be counted any more.
    FreshSheet.objects.filter(wave__survey__program=program).delete()
    Remark.objects.filter(batch__wave__survey__program=program).delete()
    of_its_pairs = CareItem.objects.filter(mentorship__program=program)
    CareMessage.objects.filter(item__in=of_its_pairs).delete()
    of_its_pairs.exclude(reason="").update(reason="–")
