"""Links that work without signing in: to log one session, to read one's calendar."""

import uuid
from datetime import timedelta

from django.core.signing import BadSignature, Signer, TimestampSigner
from django.urls import reverse

from mentorships.models import CalendarFeed, Member, MentoringSession

SALT = "mentorships.log"
FEED_SALT = "mentorships.calendar"
MAX_AGE = timedelta(days=30)


def log_path(session: MentoringSession, member: Member) -> str:
    """Where a member says what became of a session. It works for thirty days."""
    token = TimestampSigner(salt=SALT).sign_object(
        {"session": session.pk, "member": member.pk}
    )
    return reverse("mentorships:session_tap", args=[token])


def read_log(token: str) -> tuple[MentoringSession, Member] | None:
    """What a link is about; ``None`` when it was altered, is old or of a leaver."""
    try:
        found = TimestampSigner(salt=SALT).unsign_object(token, max_age=MAX_AGE)
        member = Member.objects.select_related("participant__user").get(
            pk=found["member"], participant__user__is_active=True
        )
        session = (
            MentoringSession.objects.select_related("mentorship__program", "logged_by")
            .prefetch_related("mentorship__members__participant__user", "attendances")
            .get(pk=found["session"], mentorship=member.mentorship_id)
        )
    except (
        BadSignature,
        Member.DoesNotExist,
        MentoringSession.DoesNotExist,
        KeyError,
        TypeError,
        ValueError,
    ):
        return None
    return session, member


def feed_path(feed: CalendarFeed) -> str:
    """Where a calendar reads somebody's sessions, until they take the link back."""
    token = Signer(salt=FEED_SALT).sign(feed.mark.hex)
    return reverse("mentorships:calendar_feed", args=[token])


def read_feed(token: str) -> CalendarFeed | None:
    """Whose feed a link is; ``None`` once it was taken back, and for a leaver."""
    try:
        mark = uuid.UUID(Signer(salt=FEED_SALT).unsign(token))
    except (BadSignature, ValueError):
        return None
    return (
        CalendarFeed.objects.select_related("user")
        .filter(mark=mark, user__is_active=True)
        .first()
    )
