"""Who left the demo company, and who rose a level: what its HR data say."""

from datetime import date, timedelta

from django.utils import timezone

from dashboards.demo.company import TOP, Company
from people.models import Employment, LevelChange, User
from programs.models import Participant, Role

# One in so many left in the past year, and so many rose a level.
LEFT_SHARE = 10
ROSE, ROSE_WITH_MENTORING = 0.1, 0.24
PAST = 390


def make_leavers(company: Company) -> None:
    """They go before anything begins, so that only who was in the earlier programme
    is asked for it. Nobody's manager is among them.
    """
    managers = Employment.objects.exclude(manager=None).values("manager")
    leaving = (
        Employment.objects.filter(
            user__in=company.others,
            level__lt=TOP,
            started_on__lte=timezone.localdate() - timedelta(days=PAST + 90),
        )
        .exclude(user__in=managers)
        .order_by("pk")
        .values_list("user", flat=True)
    )
    today = timezone.localdate()
    company.gone = {
        user: today - timedelta(days=company.random.randint(6, PAST))
        for user in company.pick(list(leaving), company.count // LEFT_SHARE)
    }
    rows = [user for user in company.users if user.pk in company.gone]
    for user in rows:
        user.left_on, user.is_active = company.gone[user.pk], False
    User.objects.bulk_update(rows, ["left_on", "is_active"])


def make_rises(company: Company, *, since: date) -> None:
    """HR put people on a higher level; more of those who had a mentor last year."""
    learned = set(
        Participant.objects.filter(program__starts_on=since, role=Role.MENTEE)
        .exclude(memberships=None)
        .values_list("user", flat=True)
    )
    today = timezone.localdate()
    rows = []
    for user, level, came in Employment.objects.filter(
        level__range=(2, TOP - 1), user__in=[user.pk for user in company.others]
    ).values_list("user", "level", "started_on"):
        assert level
        assert came
        share = ROSE_WITH_MENTORING if user in learned else ROSE
        on = today - timedelta(days=company.random.randint(5, PAST))
        if company.random.random() < share and came < on:
            rows.append(LevelChange(user_id=user, before=level - 1, after=level, on=on))
    LevelChange.objects.bulk_create(rows)
