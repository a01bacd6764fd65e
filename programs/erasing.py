"""What of taking part goes when a person is erased."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.erasing import scrub
from people.models import User
from programs.actions import leave_program
from programs.models import Application, Invite, JoinAnswer, Participant, Role


@scrub(
    goes=[
        _("what they hoped for, and their answers when joining"),
        _("the address they were invited on"),
    ],
    stays=[_("that somebody took part, in which role, from when until when")],
)
def scrub_programs(user: User) -> None:
    JoinAnswer.objects.filter(user=user).delete()
    Application.objects.filter(user=user, state=Application.State.WAITING).delete()
    Application.objects.filter(user=user).update(motivation="", reason="")
    Participant.objects.filter(user=user).update(motivation="")
    for each in Participant.objects.active().filter(user=user):
        if each.role == Role.COORDINATOR:
            Participant.objects.filter(pk=each.pk).update(left_at=timezone.now())
        else:
            leave_program(each, by=None)
    Invite.objects.filter(email__iexact=user.email).forget_addresses("erased")
