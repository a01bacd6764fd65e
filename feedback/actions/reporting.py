"""Serious reports, and who reads them."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from feedback.models import Confidant, Report
from history.models import record
from mentorships.models import Mentorship
from outbox.actions import plan
from people.models import User
from programs.models import Program


@transaction.atomic
def send_report(mentorship: Mentorship, text: str, *, by: User) -> Report:
    """Seal it for the named person, and tell them that there is something to read.

    No event says that somebody reported: that alone would be too much.
    """
    confidant = Confidant.of(mentorship)
    if confidant is None:
        raise ValidationError(_("Nobody has been named yet to read this."))
    report = Report(to=confidant)
    report.write(text, by=by, mentorship=mentorship)
    report.full_clean()
    report.save()
    plan("report", confidant, about=report)
    return report


@transaction.atomic
def add_to_report(report: Report, text: str, *, by: User) -> None:
    """Whoever wrote it adds something, and whoever reads it is told that there is
    something to read. What was closed is open again.
    """
    report = Report.objects.select_for_update().get(pk=report.pk)
    report.add(text, by=by)
    if not report.is_open:
        report.closed_at = report.begun_at = None
    report.save(update_fields=["sealed", "closed_at", "begun_at"])
    occasion = f"added {timezone.now():%Y-%m-%dT%H:%M:%S}"
    plan("report", report.to, about=report, occasion=occasion)


@transaction.atomic
def begin_report(report: Report, *, by: User) -> None:
    """Whoever wrote it sees on their own page that it is being looked at."""
    assert report.to_id == by.pk
    waiting = Report.objects.open().filter(pk=report.pk, to=by, begun_at=None)
    waiting.update(begun_at=timezone.now())


@transaction.atomic
def close_report(report: Report, answer: str, *, by: User) -> None:
    """It has been looked after; it stays to be read again, with what whoever wrote it
    reads about that, if anything.
    """
    report = Report.objects.select_for_update().get(pk=report.pk)
    if not report.is_open:
        return
    assert report.to_id == by.pk
    if answer:
        report.add(answer, by=by)
    report.closed_at = timezone.now()
    report.save(update_fields=["sealed", "closed_at"])


@transaction.atomic
def name_confidant(program: Program | None, user: User, *, by: User) -> User | None:
    """From now on reports go to this person; what was sent stays where it is, until it
    is handed over. Answers who was named here before, if that was another.
    """
    before = Confidant.objects.filter(program=program).select_related("user").first()
    confidant, _made = Confidant.objects.update_or_create(
        program=program, defaults={"user": user}
    )
    record(confidant, "named", by=by)
    return before.user if before and before.user != user else None


@transaction.atomic
def remove_confidant(confidant: Confidant, *, by: User) -> None:
    """Nobody is named here any more. Where reports wait with them, another has to be
    named in their place first.
    """
    elsewhere = Confidant.objects.exclude(pk=confidant.pk).filter(user=confidant.user)
    waiting = Report.objects.open().filter(to=confidant.user)
    if waiting.exists() and not elsewhere.exists():
        raise ValidationError(
            _(
                "Reports wait with this person. Name somebody in their place first;"
                " then you can hand the reports over."
            )
        )
    record(confidant, "removed", by=by)
    confidant.delete()


@transaction.atomic
def hand_over_reports(former: User, successor: User, *, by: User) -> tuple[int, int]:
    """What waits with somebody who left, or is not named any more, goes to another who
    is: how many did, and how many cannot because the other has to do with them.

    Whoever hands them over reads nothing. Each is sealed anew, so that the former
    cannot open it any more; whoever wrote it is told by the clock.
    """
    moved = kept = 0
    now = timezone.now()
    for report in Report.objects.left_behind().filter(to=former).select_for_update():
        if not report.may_go_to(successor):
            kept += 1
            continue
        report.bind_to(successor)
        is_moved = (
            Report.objects.left_behind()
            .filter(pk=report.pk, to=former)
            .update(
                to=successor,
                sealed=report.sealed,
                begun_at=None,
                handed_at=now,
                told_at=None,
            )
        )
        if not is_moved:
            continue
        moved += 1
        record(report, "handed over", by=by)
        occasion = f"handed over {now:%Y-%m-%dT%H:%M:%S}"
        plan("report", successor, about=report, occasion=occasion)
    return moved, kept
