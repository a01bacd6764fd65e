from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from feedback.actions import (
    close_care,
    let_care_go,
    review_program,
    snooze_care,
    take_care,
    write_care,
)
from feedback.models import CareItem, CareMessage, CareSettings
from feedback.suggestions import suggestion_for, suggestions, text_for
from feedback.tasks import review_mentorships
from history.models import Event
from mentorships.actions import note_concern
from mentorships.models import Concern, Mentorship
from outbox.delivery import deliver
from outbox.kinds import KINDS
from outbox.models import Message
from people.actions import leave
from tests import factories


def at(name, *args):
    return reverse(f"feedback:{name}", args=args)


def text(response):
    return response.content.decode()


def in_days(days):
    return timezone.localdate() + timedelta(days=days)


@pytest.fixture
def item(mentorship):
    """The pair has not met in forty days, and the clock has seen it."""
    review_mentorships()
    return CareItem.objects.get()


@pytest.fixture
def as_coordinator(as_user, coordinator):
    return as_user(coordinator)


# --- finding them


def test_a_pair_that_never_met_comes_into_the_queue_with_its_facts(item):
    assert item.score <= 5
    assert item.reason_key == "never-met"
    facts = {fact["part"]: fact for fact in item.facts}
    assert facts["contact"]["never"]
    assert facts["rhythm"]["held"] == 0
    assert facts["rhythm"]["expected"] == 2


def test_the_clock_may_strike_twice(item):
    assert review_mentorships() == 0
    assert CareItem.objects.count() == 1


def test_a_new_mentorship_is_left_alone(mentorship, program):
    CareSettings.objects.create(program=program, grace_days=41)

    assert review_mentorships() == 0


def test_a_pair_that_goes_well_is_left_alone(mentorship):
    for days in (3, 17, 31):
        factories.MentoringSessionFactory(
            mentorship=mentorship,
            held=True,
            starts_at=timezone.now() - timedelta(days=days),
        )

    assert review_mentorships() == 0


def test_a_programme_that_does_not_run_is_left_alone(mentorship, program):
    type(program).objects.update(state="closing")

    assert review_mentorships() == 0


def test_in_a_programme_that_is_closing_the_queue_goes_on_with_whom_it_has(
    item, mentorship, program
):
    type(program).objects.update(state="closing")
    mentorship.end()

    review_mentorships()

    item.refresh_from_db()
    assert item.outcome == "ended"


def test_a_pair_back_on_track_leaves_by_itself(item, mentorship):
    for days in (1, 10, 20):
        factories.MentoringSessionFactory(
            mentorship=mentorship,
            held=True,
            starts_at=timezone.now() - timedelta(days=days),
        )

    review_mentorships()

    item.refresh_from_db()
    assert item.outcome == "back"


def test_a_pair_that_somebody_looks_after_stays_with_them(
    item, mentorship, coordinator
):
    take_care(item, by=coordinator)
    for days in (1, 10, 20):
        factories.MentoringSessionFactory(
            mentorship=mentorship,
            held=True,
            starts_at=timezone.now() - timedelta(days=days),
        )

    review_mentorships()

    item.refresh_from_db()
    assert item.is_open
    assert item.score > 50


def test_an_ended_mentorship_leaves_by_itself(item, mentorship):
    mentorship.end()

    review_mentorships()

    item.refresh_from_db()
    assert item.outcome == "ended"


def test_a_pair_has_three_weeks_after_it_was_looked_after(item, coordinator):
    close_care(item, "helped", reason="", by=coordinator)

    with time_machine.travel(timezone.now() + timedelta(days=20)):
        assert review_mentorships() == 0
    with time_machine.travel(timezone.now() + timedelta(days=22)):
        assert review_mentorships() == 1


def test_the_number_of_queries_does_not_grow_with_pairs(program, in_mentorships):
    def review():
        with CaptureQueriesContext(connection) as queries:
            review_program(program, timezone.now())
        return len(queries)

    in_mentorships(2)
    few = review()
    CareItem.objects.all().delete()
    in_mentorships(10)

    assert review() == few
    assert CareItem.objects.count() == 12


def test_a_pair_that_rests_is_left_alone(mentorship):
    Mentorship.objects.update(back_at=timezone.now() + timedelta(days=5))

    assert review_mentorships() == 0


def test_after_a_pause_they_begin_anew(mentorship):
    Mentorship.objects.update(back_at=timezone.now() - timedelta(days=5))

    assert review_mentorships() == 0


def test_whoever_asks_to_be_called_stands_first_at_once(mentorship, mentee):
    Mentorship.objects.update(started_at=timezone.now() - timedelta(days=2))
    concern = Concern(
        member=mentorship.members.get(role="mentee"),
        author=mentee,
        asked_at=timezone.now(),
    )
    concern.write("SECRET")
    concern.save()

    assert review_mentorships() == 1

    item = CareItem.objects.get()
    assert item.reason_key == "asked"
    assert item.score > 0  # it says nothing about how they are doing
    assert "SECRET" not in str(item.facts)


def test_a_call_that_was_made_is_not_asked_for_again(mentorship, mentee, coordinator):
    concern = Concern(
        member=mentorship.members.get(role="mentee"),
        author=mentee,
        asked_at=timezone.now() - timedelta(hours=1),
    )
    concern.write("SECRET")
    concern.save()
    review_mentorships()
    close_care(CareItem.objects.get(), "helped", reason="", by=coordinator)

    assert review_mentorships() == 0


@pytest.fixture
def asked(mentorship, mentee):
    """One of a young pair asked to be called, and the clock has seen it."""
    Mentorship.objects.update(started_at=timezone.now() - timedelta(days=2))
    concern = Concern(
        member=mentorship.members.get(role="mentee"),
        author=mentee,
        asked_at=timezone.now(),
    )
    concern.write("SECRET")
    concern.save()
    review_mentorships()
    return CareItem.objects.get()


def ask_to_be_called(mentorship, user):
    concern = Concern(
        member=mentorship.members.get(participant__user=user), author=user
    )
    concern.write("SECRET")
    note_concern(concern, ask=True)


def test_who_asks_to_be_called_is_in_the_queue_at_once(mentorship, mentee):
    ask_to_be_called(mentorship, mentee)

    item = CareItem.objects.to_do().get()
    assert item.reason_key == "asked"
    assert [fact["part"] for fact in item.facts].count("asked") == 1


def test_who_asks_to_be_called_brings_back_what_was_put_off(
    item, mentorship, mentee, coordinator
):
    take_care(item, by=coordinator)
    snooze_care(item, in_days(30), by=coordinator)

    ask_to_be_called(mentorship, mentee)

    item.refresh_from_db()
    assert item.reason_key == "asked"
    assert not item.is_snoozed
    assert item.owner == coordinator


def test_nobody_is_in_the_queue_of_a_mentorship_that_ended(mentorship, mentee):
    mentorship.end()

    ask_to_be_called(mentorship, mentee)

    assert not CareItem.objects.exists()


def test_who_asked_has_a_letter_and_the_other_has_none(
    as_coordinator, mentorship, mentee, mentor
):
    ask_to_be_called(mentorship, mentee)

    page = as_coordinator.get(CareItem.objects.get().get_absolute_url())

    assert "Mentee Mia asked to be called." in text(page)
    assert "Write to Mentee Mia" in text(page)
    assert "Write to Mentor Mo" not in text(page)


def test_the_mail_leads_to_the_item(as_coordinator, mentorship, mentee):
    ask_to_be_called(mentorship, mentee)

    content = KINDS["help_wanted"].content(Message.objects.get(kind="help_wanted"))

    response = as_coordinator.get(content.context["action_path"])
    assert response.url == CareItem.objects.get().get_absolute_url()


def meeting(mentorship, days):
    """They meet every ten days from now on, for so many days."""
    for day in range(0, days, 10):
        factories.MentoringSessionFactory(
            mentorship=mentorship,
            held=True,
            starts_at=timezone.now() + timedelta(days=day),
        )


def test_who_asked_to_be_called_waits_until_somebody_looked(
    asked, mentorship, coordinator
):
    meeting(mentorship, 60)

    with time_machine.travel(timezone.now() + timedelta(days=60)):
        review_mentorships()
        asked.refresh_from_db()
        assert asked.is_open
        assert asked.reason_key == "asked"

        close_care(asked, "back", reason="", by=coordinator)
        assert review_mentorships() == 0


def test_what_the_clock_took_out_does_not_answer_who_asked(asked, mentorship):
    meeting(mentorship, 60)
    CareItem.objects.update(outcome="back", closed_at=timezone.now())

    with time_machine.travel(timezone.now() + timedelta(days=30)):
        assert review_mentorships() == 1


def test_who_asks_to_be_called_is_heard_while_the_programme_closes(
    asked, program, coordinator
):
    CareItem.objects.all().delete()
    type(program).objects.update(state="closing")

    assert review_mentorships() == 1


def test_what_somebody_took_who_left_goes_when_it_is_back_on_track(
    item, mentorship, coordinator
):
    take_care(item, by=coordinator)
    leave(coordinator, by=None)
    for days in (1, 10, 20):
        factories.MentoringSessionFactory(
            mentorship=mentorship,
            held=True,
            starts_at=timezone.now() - timedelta(days=days),
        )

    review_mentorships()

    item.refresh_from_db()
    assert item.outcome == "back"


def pause(days):
    Mentorship.objects.update(back_at=timezone.now() + timedelta(days=days))


def test_a_pair_that_pauses_leaves_as_one_that_takes_a_break(item):
    pause(10)

    review_mentorships()

    item.refresh_from_db()
    assert item.outcome == "paused"


def test_a_pair_that_pauses_stays_with_who_took_it(item, mentorship, coordinator):
    take_care(item, by=coordinator)
    pause(10)

    review_mentorships()

    item.refresh_from_db()
    assert item.is_open

    mentorship.end()
    review_mentorships()

    item.refresh_from_db()
    assert item.outcome == "ended"


def test_who_asked_to_be_called_waits_through_a_pause(asked):
    pause(10)

    review_mentorships()

    asked.refresh_from_db()
    assert asked.is_open


# --- what the database refuses


def test_a_mentorship_is_in_the_queue_once(item):
    with pytest.raises(IntegrityError), transaction.atomic():
        CareItem.objects.create(mentorship=item.mentorship, score=1, reason_key="quiet")


def test_dismissing_needs_a_reason(item, coordinator):
    with pytest.raises(ValidationError):
        close_care(item, "dismissed", reason=" ", by=coordinator)
    with pytest.raises(IntegrityError), transaction.atomic():
        CareItem.objects.update(outcome="dismissed", closed_at=timezone.now())


# --- looking after them


def test_what_a_colleague_closed_cannot_be_changed(item, coordinator, hr_admin):
    close_care(item, "helped", reason="", by=coordinator)

    with pytest.raises(ValidationError):
        take_care(item, by=hr_admin)
    with pytest.raises(ValidationError):
        close_care(item, "back", reason="", by=hr_admin)


def test_put_off_is_out_of_sight_until_its_day(item, coordinator):
    snooze_care(item, in_days(7), by=coordinator)

    assert not CareItem.objects.to_do().exists()
    with time_machine.travel(timezone.now() + timedelta(days=7)):
        assert CareItem.objects.to_do().get() == item


@pytest.mark.parametrize("days", [0, 91])
def test_put_off_needs_a_day_to_come_and_not_far_away(item, coordinator, days):
    with pytest.raises(ValidationError):
        snooze_care(item, in_days(days), by=coordinator)


def test_put_off_is_not_until_after_the_end(item, coordinator, mentorship):
    mentorship.ends_on = in_days(20)
    mentorship.save()
    item.refresh_from_db()

    with pytest.raises(ValidationError, match="last day"):
        snooze_care(item, in_days(21), by=coordinator)
    snooze_care(item, in_days(20), by=coordinator)


def test_what_one_lets_go_is_to_do_again(item, coordinator, hr_admin, as_user):
    take_care(item, by=coordinator)
    assert not let_care_go(item, by=hr_admin)

    as_user(coordinator).post(at("care_let_go", item.pk))

    assert CareItem.objects.to_do().get() == item


def test_each_open_item_is_under_one_heading(item, as_user, coordinator, hr_admin):
    def numbers(user):
        page = as_user(user).get(at("care_queue"))
        return [number for _key, _name, number in page.context["tabs_of_queue"]]

    assert numbers(coordinator) == [1, 0, 0, 0, 0]
    snooze_care(item, in_days(7), by=coordinator)
    assert numbers(coordinator) == [0, 0, 0, 1, 0]
    CareItem.objects.update(owner=coordinator)
    assert numbers(coordinator) == [0, 1, 0, 0, 0]
    assert numbers(hr_admin) == [0, 0, 1, 0, 0]


def test_a_message_goes_out_with_the_writer_to_answer_to(item, coordinator, mentee):
    write_care(item, to=mentee, body="Shall we call?", by=coordinator)

    deliver(Message.objects.get(kind="care"))

    [sent] = mail.outbox
    assert sent.to == [mentee.email]
    assert sent.reply_to == [coordinator.email]
    assert "Shall we call?" in sent.body
    item.refresh_from_db()
    assert item.owner == coordinator


def test_what_is_taken_leaves_the_list_of_what_is_to_do(
    as_user, item, coordinator, hr_admin
):
    take_care(item, by=coordinator)

    def shown(user, **query):
        return "Mentee Mia" in text(as_user(user).get(at("care_queue"), query))

    for user in (coordinator, hr_admin):
        assert not shown(user)
    assert shown(coordinator, show="mine")
    assert not shown(coordinator, show="taken")
    assert shown(hr_admin, show="taken")
    assert not shown(hr_admin, show="mine")


def test_what_somebody_took_who_left_is_to_do_again(item, coordinator):
    take_care(item, by=coordinator)
    leave(coordinator, by=None)

    assert CareItem.objects.to_do().get() == item


def test_what_was_written_to_waits_a_week_and_comes_back(
    item, coordinator, mentee, as_coordinator
):
    write_care(item, to=mentee, body="Shall we call?", by=coordinator)

    assert not CareItem.objects.to_do().exists()
    mine = as_coordinator.get(at("care_queue"), {"show": "mine"})
    assert f"back on {date_format(in_days(7), 'j F')}" in text(mine)
    assert "Mine (1)" in text(mine)
    later = as_coordinator.get(at("care_queue"), {"show": "later"})
    assert "Mentee Mia" not in text(later)
    with time_machine.travel(timezone.now() + timedelta(days=7)):
        assert CareItem.objects.due_for(coordinator).get() == item
        assert not CareItem.objects.to_do().exists()


def test_writing_does_not_shorten_what_was_put_off(item, coordinator, mentee):
    snooze_care(item, in_days(30), by=coordinator)

    write_care(item, to=mentee, body="Shall we call?", by=coordinator)

    item.refresh_from_db()
    assert item.snoozed_until == in_days(30)
    assert item.owner == coordinator


def test_a_message_goes_only_to_somebody_of_the_pair(item, coordinator, outsider):
    with pytest.raises(ValidationError):
        write_care(item, to=outsider, body="Hello", by=coordinator)

    assert not CareMessage.objects.exists()


def test_nobody_is_written_to_about_what_a_colleague_closed(
    item, coordinator, hr_admin, mentee
):
    close_care(item, "helped", reason="", by=hr_admin)

    with pytest.raises(ValidationError, match="closed this already"):
        write_care(item, to=mentee, body="Hello", by=coordinator)

    assert not CareMessage.objects.exists()
    assert not Message.objects.filter(kind="care").exists()


def test_history_says_who_did_what_and_not_what_was_said(item, coordinator, mentee):
    write_care(item, to=mentee, body="SECRET", by=coordinator)
    close_care(item, "helped", reason="WHY", by=coordinator)

    verbs = list(Event.objects.filter(about_id=item.pk).values_list("verb", flat=True))
    assert verbs[-2:] == ["wrote", "closed"]


# --- pages


def test_care_queue_shows_the_worst_first(as_coordinator, program, in_mentorships):
    good, bad = in_mentorships(2)
    CareItem.objects.create(mentorship=good, score=40, reason_key="quiet")
    CareItem.objects.create(mentorship=bad, score=10, reason_key="never-met")

    body = text(as_coordinator.get(at("care_queue")))

    assert body.index(f"{str(bad)[:8]}") < body.index("40 of 100")
    assert body.index("10 of 100") < body.index("40 of 100")


def test_care_queue_begins_with_who_asked_to_be_called(
    as_coordinator, program, in_mentorships
):
    asking, bad = in_mentorships(2)
    CareItem.objects.create(mentorship=asking, score=90, reason_key="asked")
    CareItem.objects.create(mentorship=bad, score=10, reason_key="never-met")

    body = text(as_coordinator.get(at("care_queue")))

    assert "asks to be called" in body
    assert body.index("90 of 100") < body.index("10 of 100")


def test_care_detail_proposes_to_look_again_in_a_week(as_coordinator, item):
    page = as_coordinator.get(at("care_detail", item.pk))

    later = timezone.localdate() + timedelta(days=7)
    assert f'value="{later:%Y-%m-%d}"' in text(page)


@pytest.mark.parametrize(("show", "sees"), [("", True), ("later", False)])
def test_care_queue_by_heading(as_coordinator, item, show, sees):
    body = text(as_coordinator.get(at("care_queue"), {"show": show}))

    assert ("Mentee Mia" in body) == sees


def test_care_queue_keeps_to_ones_own_programmes(as_user, item, outsider):
    other = factories.ProgramFactory(running=True)
    factories.ParticipantFactory(program=other, user=outsider, role="coordinator")

    body = text(as_user(outsider).get(at("care_queue")))

    assert "Mentee Mia" not in body
    assert as_user(outsider).get(item.get_absolute_url()).status_code == 404


def test_care_queue_does_not_grow_in_queries(as_coordinator, program, in_mentorships):
    def visit():
        with CaptureQueriesContext(connection) as queries:
            as_coordinator.get(at("care_queue"))
        return len(queries)

    in_mentorships(2)
    review_mentorships()
    visit()
    few = visit()
    in_mentorships(10)
    review_mentorships()

    assert visit() == few


def test_care_detail_has_a_text_in_the_language_of_each(
    as_coordinator, item, mentee, mentor
):
    mentee.language = "nl"
    mentee.save()

    body = text(as_coordinator.get(item.get_absolute_url()))

    assert "Hoi Mentee" in body
    assert "Hi Mentor" in body


def test_care_write_sends_and_comes_back(as_coordinator, item, mentee):
    url = at("care_write", item.pk, mentee.pk)
    name = f"to{mentee.pk}"

    response = as_coordinator.post(
        url, {f"{name}-to": mentee.pk, f"{name}-body": "Hello"}, follow=True
    )

    assert "is on its way" in text(response)
    assert CareMessage.objects.get().body == "Hello"


def test_care_close_asks_why_nothing_is_needed(as_coordinator, item):
    response = as_coordinator.post(
        at("care_close", item.pk), {"outcome": "dismissed", "reason": ""}
    )

    assert response.status_code == 422
    assert "why nothing is needed" in text(response)
    item.refresh_from_db()
    assert item.is_open


def test_care_close_and_find_it_under_done(as_coordinator, item):
    as_coordinator.post(at("care_close", item.pk), {"outcome": "helped"})

    body = text(as_coordinator.get(at("care_queue"), {"show": "done"}))
    assert "spoke with them" in body


def test_whoever_closed_it_before_is_named(as_user, item, coordinator, hr_admin):
    close_care(item, "helped", reason="", by=coordinator)
    url = at("care_close", item.pk)

    again = as_user(coordinator).post(url, {"outcome": "back"}, follow=True)
    other = as_user(hr_admin).post(url, {"outcome": "back"}, follow=True)

    assert "You have closed this already." in text(again)
    assert f"{coordinator.name} has closed this already." in text(other)


def test_what_was_agreed_is_still_to_be_done_by_them(as_coordinator, item):
    page = as_coordinator.post(
        at("care_close", item.pk), {"outcome": "ended"}, follow=True
    )

    assert "agreed: they end the mentorship" in text(page)
    assert "Only they can end the mentorship" in text(page)


def test_history_is_one_list_with_what_was_said(
    as_coordinator, item, coordinator, mentee
):
    moment = timezone.now()
    for minutes, do in enumerate(
        (
            lambda: take_care(item, by=coordinator),
            lambda: write_care(item, to=mentee, body="SHALL WE", by=coordinator),
            lambda: snooze_care(item, in_days(9), by=coordinator),
            lambda: close_care(item, "helped", reason="WHY", by=coordinator),
        )
    ):
        with time_machine.travel(moment + timedelta(minutes=minutes + 1)):
            do()

    page = as_coordinator.get(item.get_absolute_url())

    words = [line.words for line in page.context["lines"]]
    assert [each.removeprefix(coordinator.name).strip() for each in words] == [
        "It came into the queue",
        "took it on",
        "wrote to Mentee Mia",
        f"put it off: back on {date_format(in_days(9), 'j F Y')}",
        "closed it",
    ]
    assert "SHALL WE" in text(page)
    assert page.context["lines"][-1].more == "spoke with them; they go on: WHY"


def test_an_item_tells_of_another_pair_with_one_of_them(
    as_coordinator, item, program, mentor
):
    other = factories.MentorshipFactory(program=program)
    factories.MemberFactory(mentorship=other, participant=mentor_of(item))
    second = CareItem.objects.create(mentorship=other, score=1, reason_key="quiet")

    page = as_coordinator.get(item.get_absolute_url())

    assert f'<a href="{second.get_absolute_url()}">' in text(page)


def mentor_of(item):
    return item.mentorship.members.get(role="mentor").participant


def test_a_pair_leads_to_its_item_or_is_told_why_it_has_none(
    as_coordinator, mentorship
):
    url = at("care_of", mentorship.pk)
    without = as_coordinator.get(url, follow=True)
    assert "not in the care queue" in text(without)

    review_mentorships()

    assert as_coordinator.get(url).url == CareItem.objects.get().get_absolute_url()


def test_care_snooze_by_form(as_coordinator, item):
    as_coordinator.post(at("care_snooze", item.pk), {"until": in_days(7).isoformat()})
    assert not CareItem.objects.to_do().exists()

    response = as_coordinator.post(
        at("care_snooze", item.pk), {"until": in_days(-1).isoformat()}
    )
    assert response.status_code == 422


def test_care_take_shows_whose_it_is(as_coordinator, item, coordinator):
    response = as_coordinator.post(at("care_take", item.pk), follow=True)

    assert coordinator.name in text(response)
    item.refresh_from_db()
    assert item.owner == coordinator


def test_care_settings_are_of_the_programme(as_coordinator, program, mentorship):
    data = {
        "rest_days": 30,
        "grace_days": 60,
        "threshold": 40,
        "weight_rhythm": 5,
        "weight_contact": 0,
        "weight_planned": 0,
        "weight_goals": 0,
        "weight_agreement": 0,
    }

    as_coordinator.post(at("care_settings", "leaders"), data)

    assert CareSettings.of(program).grace_days == 60
    assert review_mentorships() == 0


def test_the_pair_sees_nothing_of_it(as_user, item, mentee):
    client = as_user(mentee)

    assert client.get(at("care_queue")).status_code == 404
    assert client.get(item.get_absolute_url()).status_code == 404
    mentorship = Mentorship.objects.get()
    assert "of 100" not in text(client.get(mentorship.get_absolute_url()))


@pytest.mark.parametrize("key", suggestions())
def test_every_text_to_begin_with_can_be_filled_in(item, key, mentee, coordinator):
    item.reason_key = key
    for language in ("nl", "en"):
        mentee.language = language
        words = text_for(item, mentee, "Mo", coordinator)
        assert mentee.first_name in words
        assert coordinator.name in words
        assert "{" not in words
    assert suggestion_for(item)
