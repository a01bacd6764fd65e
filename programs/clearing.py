"""What goes a while after a programme is in the archive, and what stays of it: each app
clears its own part, as with erasing a person.
"""

from django.utils.translation import gettext_lazy as _

from mentoring.removal import Parts
from outbox.models import Message
from programs.models import Application, JoinAnswer, Program

CLEARANCES: Parts[Program] = Parts()
clearance = CLEARANCES.add


@clearance(
    goes=[
        _("what people hoped for, their answers when joining, and invited addresses"),
        _("the messages of the programme"),
    ],
    stays=[_("who took part, in which role, from when until when")],
)
def clear_programs(program: Program) -> None:
    JoinAnswer.objects.filter(question__program=program).delete()
    Application.objects.filter(program=program).update(motivation="", reason="")
    program.participants.update(motivation="")
    program.invites.forget_addresses("cleared")
    Message.objects.filter(program_id=program.pk).delete()
