"""All of the demo company, from top to bottom."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q

from dashboards.demo.careers import make_leavers, make_rises
from dashboards.demo.caring import ask_for_help, look_after
from dashboards.demo.company import ZONE, Company
from dashboards.demo.earlier import make_earlier
from dashboards.demo.groups import make_groups
from dashboards.demo.listening import make_backgrounds, make_listening
from dashboards.demo.matching import make_open
from dashboards.demo.pairs import make_running
from dashboards.demo.setup import make_setup
from dashboards.tasks import monday_nine
from feedback.models import Invitation
from feedback.tasks import review_mentorships
from mentorships.models import Mentorship
from mentorships.tasks import plan_check_ins
from outbox.actions import plan
from outbox.delivery import deliver
from outbox.models import Message
from people.catalogue import load_catalogue
from programs.tasks import read_goals


def make_demo(people: int, seed: int) -> None:
    """All of it, in one transaction; no mail of the past is sent."""
    company = Company(people, seed)
    with transaction.atomic():
        load_catalogue()
        company.make_people()
        make_leavers(company)
        make_backgrounds(company)
        company.make_profiles()
        running = make_running(company)
        opened = make_open(company)
        make_groups(company)
        earlier = make_earlier(company)
        assert earlier.starts_on
        make_rises(company, since=earlier.starts_on)
        draft = company.make_program("onboarding-buddy", 45)
        make_setup(company, running=running, opened=opened, over=earlier, draft=draft)
        make_listening(company)
        ask_for_help(company, running)
        plan_check_ins()
        review_mentorships()
        look_after(company)
        read_goals()
        _plan_digests(company)
        letters = _letters(company)
    for message in letters:
        deliver(message, alone=True)


def _plan_digests(company: Company) -> None:
    """The one of this week, which speaks of today, and so is dated today."""
    monday = monday_nine(company.now, str(ZONE))
    monday -= timedelta(days=7 if monday > company.now else 0)
    year, week, _day = monday.isocalendar()
    for key in ("mentee", "mentor", "coordinator"):
        plan("digest", company.user[key], occasion=f"{year}-W{week:02}")


def _letters(company: Company) -> list[Message]:
    """The mail to read in a trial, oldest first; the rest counts as sent."""
    own = [company.user[key].pk for key in ("mentee", "mentor", "coordinator")]
    messages = Message.objects.select_related("to").order_by("pk")
    found = list(messages.filter(Q(to__in=own) | Q(kind="check_in")))
    opened = dict(Invitation.objects.values_list("pk", "wave__opens_at"))
    started = dict(Mentorship.objects.values_list("pk", "started_at"))
    for message in found:
        message.dated_at = message.dated_at or company.now
        if message.kind == "introduction":
            message.dated_at = started[message.about_id]
        elif message.kind == "pulse":
            message.dated_at = opened[message.about_id]
    Message.objects.bulk_update(found, ["dated_at"])
    messages.exclude(pk__in=[each.pk for each in found]).update(
        state=Message.State.SENT, sent_at=company.now, facts={}
    )
    return sorted(found, key=lambda each: each.dated_at or company.now)
