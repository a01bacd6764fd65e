"""What stands in the place of a mentorship's pages for somebody who looks along."""

from typing import Any

from django.http import HttpResponse

from mentoring.http import Request, render_page
from mentorships.models import MentoringSession, Mentorship
from mentorships.views.pairs import MEMBERS, number_of
from programs.viewing import Viewing


def mentorships_seen(request: Request, viewing: Viewing, **_named: Any) -> HttpResponse:
    """Their mentorships in this programme: that they met and when, as who runs it sees
    anyway; all else is named, and hidden.
    """
    return render_page(
        request,
        "mentorships/mentorships_seen.html",
        {
            "program": viewing.participant.program,
            "mentorships": Mentorship.objects.filter(
                members__participant=viewing.participant, members__left_at=None
            )
            .with_last_held()
            .annotate(held=number_of(MentoringSession.objects.held()))
            .prefetch_related(MEMBERS),
        },
    )
