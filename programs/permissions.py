"""Who may run a programme, and what nobody may change any more."""

from django.contrib import messages
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from mentoring.http import Request
from programs.models import Program


def managed(request: Request, program_slug: str) -> Program:
    """A programme that one runs; for everybody else it is not there."""
    return get_object_or_404(
        Program.objects.managed_by(request.user), slug=program_slug
    )


def is_over(request: Request, program: Program) -> bool:
    """Say so when a form of an archived programme is sent; nothing changes any more."""
    if request.method == "POST" and program.is_archived:
        messages.error(
            request, _("This programme is in the archive; nothing can change.")
        )
        return True
    return False
