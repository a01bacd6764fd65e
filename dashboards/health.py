"""Whether everything runs: for people, for a load balancer and for a monitor."""

import secrets
from datetime import timedelta

from celery import current_app
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.models import Count, Min
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from mentoring.http import Request, render_page
from outbox.actions import worker_of
from outbox.models import Bounce, Heartbeat, Message
from programs.second_step import with_power, without_second_step

FRESH = timedelta(minutes=5)
CLOCK = "clock"
SECONDS_FOR_BROKER = 2


def workers() -> list[str]:
    """The names under which workers say that they live: one for each queue."""
    return [worker_of(queue.name) for queue in settings.CELERY_TASK_QUEUES]


def broker_answers() -> bool:
    """Whether hints can be given; without them the clock finds what is due."""
    try:
        with current_app.connection_for_write() as link:
            link.ensure_connection(max_retries=1, timeout=SECONDS_FOR_BROKER)
    except Exception:  # noqa: BLE001 - whatever a broker throws, it does not answer
        return False
    return True


def parts() -> dict[str, bool]:
    """Each part that must run, and whether it does. Raises ``DatabaseError``."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    now = timezone.now()
    seen = dict(Heartbeat.objects.values_list("name", "at"))
    late = Message.objects.filter(
        state=Message.State.PLANNED, not_before__lt=now - FRESH
    )

    def lives(name: str) -> bool:
        return name in seen and now - seen[name] < FRESH

    return {
        "database": True,
        "broker": broker_answers(),
        # A queue that nobody takes from is as bad as no worker.
        "worker": all(map(lives, workers())),
        "clock": lives(CLOCK),
        "mail": not late.exists() and not Message.objects.gave_up().exists(),
    }


@require_safe
def health(request: Request) -> HttpResponse:
    """For HR and IT admins: does everything run?"""
    if not (request.user.is_it_admin or request.user.is_hr_admin):
        raise Http404
    return render_page(
        request,
        "dashboards/health.html",
        {
            "parts": parts(),
            "planned": Message.objects.filter(state="planned").count(),
            "sent": Message.objects.filter(state="sent").count(),
            "failed": Message.objects.gave_up().count(),
            "bounced": Bounce.objects.count(),
            "second_step_required": settings.MFA_REQUIRED,
            "with_power": with_power().count(),
            "without_second_step": without_second_step(with_power()).count(),
        },
    )


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """For a load balancer: 200 when the database answers; the parts as JSON.

    With ``?all`` it is 503 as soon as one part does not run: for an alarm.
    """
    try:
        found = parts()
    except DatabaseError:
        return JsonResponse({"database": False}, status=503)
    well = all(found.values()) or "all" not in request.GET
    return JsonResponse(found, status=200 if well else 503)


@login_not_required
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Figures for a monitor, in the text format of Prometheus; nobody in them."""
    told = request.headers.get("Authorization", "").removeprefix("Bearer ")
    token = settings.METRICS_TOKEN
    if not token or not secrets.compare_digest(told.encode(), token.encode()):
        raise Http404
    now = timezone.now()
    counts = dict(Message.objects.order_by().values_list("state").annotate(Count("pk")))
    oldest = Message.objects.due(now).aggregate(at=Min("not_before"))["at"]
    rows = [
        ("wegwijs_messages", f'state="{state}"', counts.get(state, 0))
        for state in Message.State.values
    ]
    rows.append(
        (
            "wegwijs_oldest_due_seconds",
            "",
            (now - oldest).total_seconds() if oldest else 0,
        )
    )
    rows.append(("wegwijs_bounced_addresses", "", Bounce.objects.count()))
    rows += [
        ("wegwijs_heartbeat_age_seconds", f'name="{name}"', (now - at).total_seconds())
        for name, at in Heartbeat.objects.filter(
            name__in=[*workers(), CLOCK]
        ).values_list("name", "at")
    ]
    rows += [
        ("wegwijs_part_runs", f'part="{name}"', int(runs))
        for name, runs in parts().items()
    ]
    lines: list[str] = []
    named: set[str] = set()
    for name, labels, value in rows:
        if name not in named:
            named.add(name)
            lines.append(f"# TYPE {name} gauge")
        lines.append(f"{name}{{{labels}}} {value}" if labels else f"{name} {value}")
    return HttpResponse(
        "\n".join(lines) + "\n", content_type="text/plain; version=0.0.4"
    )
