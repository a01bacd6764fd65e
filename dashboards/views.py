"""Pages that look across apps."""

from django.db.models import Count, Q
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from dashboards import next_steps
from dashboards.figures import rows
from dashboards.health import health
from mentoring.http import Request, render_page
from mentorships.models import MentoringSession, Mentorship
from people.models import User
from programs.models import Participant, Program


@require_safe
def home(request: Request) -> HttpResponse:
    """What is next for me, in order; then the rest."""
    user = request.user
    if user.is_it_admin:
        return health(request)
    if user.is_sponsor:
        return _sponsor_home(request)
    mentorships = next_steps.my_mentorships(user)
    run = list(
        Program.objects.managed_by(user)
        .exclude(state=Program.State.ARCHIVED)
        .annotate(
            mentees=Count(
                "participants",
                Q(participants__role="mentee", participants__left_at=None),
            )
        )
    )
    steps = next_steps.for_participant(user, mentorships)
    if user.is_hr_admin:
        steps += next_steps.for_hr_admin()
    if run:
        steps += next_steps.for_coordinator(user)
    return render_page(
        request,
        "dashboards/home.html",
        {
            "step": steps[0] if steps else None,
            "more": steps[1:8],
            "mentorships": mentorships,
            "actions": next_steps.open_actions(user),
            "goals": next_steps.my_goals(user),
            "run": run,
            "waiting": Participant.objects.active()
            .ready()
            .filter(user=user, places_taken=0, program__in=Program.objects.live())
            .exclude(role="coordinator")
            .select_related("program"),
            "figures": _figures(user) if run else None,
            "can_join": not mentorships
            and Program.objects.visible_to(user)
            .filter(state=Program.State.OPEN)
            .exclude(participants__user=user)
            .exists(),
        },
    )


def _figures(user: User) -> dict[str, int]:
    """What whoever runs programmes counts."""
    overseen = Mentorship.objects.overseen_by(user)
    return {
        "active": overseen.active().count(),
        "held": MentoringSession.objects.held().filter(mentorship__in=overseen).count(),
        "quiet": Mentorship.objects.quiet_at(timezone.now()).overseen_by(user).count(),
        "waiting": sum(next_steps.waiting_by_program(user).values()),
    }


def _sponsor_home(request: Request) -> HttpResponse:
    """Aggregates only: how far the programmes reach, never a person."""
    live = Program.objects.exclude(
        state__in=[Program.State.DRAFT, Program.State.ARCHIVED]
    )
    return render_page(request, "dashboards/sponsor_home.html", {"rows": rows(live)})
