"""What of matching goes when a programme is cleared."""

from django.utils.translation import gettext_lazy as _

from matching.erasing import empty_sums
from matching.models import LeftOver, Proposal, Request, WishFor
from programs.clearing import clearance
from programs.models import Program


@clearance(
    goes=[
        _("whom people wished for, and what they wrote when they asked"),
        _("what people said, in the sums of matching rounds"),
    ],
    stays=[_("which rounds there were, with the points of each proposal")],
)
def clear_matching(program: Program) -> None:
    WishFor.objects.filter(participant__program=program).delete()
    Request.objects.filter(mentee__program=program).update(goals="", reason="")
    LeftOver.objects.filter(round__program=program).update(facts={})
    empty_sums(Proposal.objects.filter(round__program=program))
