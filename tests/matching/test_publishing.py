"""Publishing a round: what it closes, what it settles, and that undoing restores it."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from matching.actions import (
    accept_request,
    approve_rest,
    ask_mentor,
    decide,
    publish_round,
    send_now,
    undo_publication,
)
from matching.models import Manner, Proposal, Request
from mentorships.models import Mentorship
from outbox.models import Message
from outbox.tasks import send_due
from programs.models import Program
from tests.matching.conftest import page


@pytest.fixture
def open_program(program):
    Program.objects.filter(pk=program.pk).update(state="open")
    program.refresh_from_db()
    return program


def state_of(program):
    return Program.objects.values_list("state", flat=True).get(pk=program.pk)


def ask(mentee, mentor):
    return ask_mentor(
        mentee, mentor, goals="Chair", rhythm_days=14, months=3, by=mentee.user
    )


# --- joining


def test_publishing_leaves_an_open_programme_open(open_program, ready, coordinator):
    approve_rest(ready)

    publish_round(ready, by=coordinator)

    assert state_of(open_program) == "open"


def test_undoing_opens_what_publishing_closed(open_program, ready, coordinator):
    approve_rest(ready)
    publish_round(ready, close_joining=True, by=coordinator)
    assert state_of(open_program) == "running"

    undo_publication(ready, by=coordinator)

    assert state_of(open_program) == "open"
    assert not ready.closed_joining


@pytest.mark.parametrize("since", ["closing", "running"])
def test_undoing_leaves_what_somebody_else_closed(
    since, open_program, ready, two_pairs, coordinator
):
    approve_rest(ready)
    if since == "running":
        # Joining was closed earlier, with another part of the round.
        one, other = ready.proposals.values_list("pk", flat=True)
        publish_round(ready, only=[one], close_joining=True, by=coordinator)
        publish_round(ready, only=[other], close_joining=True, by=coordinator)
    else:
        publish_round(ready, close_joining=True, by=coordinator)
        Program.objects.filter(pk=open_program.pk).update(state="closing")

    undo_publication(ready, by=coordinator)

    assert state_of(open_program) == since


def test_the_confirmation_asks_whether_joining_closes(desk, open_program, ready):
    approve_rest(ready)
    url = reverse("matching:round_publish", args=[ready.pk])

    assert desk.post(url).status_code == 422
    desk.post(url, {"joining": "close"})

    assert state_of(open_program) == "running"


@pytest.mark.parametrize(
    ("left", "begins_in", "chosen"),
    [(False, -1, "close"), (True, -1, "keep"), (False, 9, "keep")],
)
def test_it_is_kept_open_while_people_are_left_or_it_has_not_begun(
    left, begins_in, chosen, desk, open_program, ready
):
    Program.objects.filter(pk=open_program.pk).update(
        starts_on=timezone.localdate() + timedelta(days=begins_in)
    )
    approve_rest(ready)
    if left:
        ready.proposals.first().decide("held")

    answer = desk.get(reverse("matching:round_publish", args=[ready.pk]))

    assert answer.context["form"]["joining"].value() == chosen
    says_when = "The programme begins on" in answer.content.decode()
    assert says_when == (begins_in > 0)


def test_a_running_programme_asks_nothing(desk, program, ready):
    assert "May colleagues still join?" not in page(desk, "round_publish", ready.pk)


# --- a programme in which nobody is matched any more


@pytest.mark.parametrize("state", ["closing", "archived"])
def test_nothing_starts_once_matching_is_over(
    state, program, ready, two_pairs, coordinator, run
):
    approve_rest(ready)
    # Somebody else closes it while this tab is open.
    Program.objects.filter(pk=program.pk).update(state=state)

    with pytest.raises(ValidationError, match="nobody is matched"):
        publish_round(ready, by=coordinator)
    with pytest.raises(ValidationError, match="nobody is matched"):
        decide(ready.proposals.first(), "held", by=coordinator)
    with pytest.raises(ValidationError, match="nobody is matched"):
        run()

    assert not Mentorship.objects.exists()
    assert set(ready.proposals.values_list("state", flat=True)) == {"approved"}


# --- an older round with the same people


@pytest.fixture
def older(ready, run, coordinator):
    """Approved, while a later round with the same people was published."""
    approve_rest(ready)
    later = run(keep=None)
    approve_rest(later)
    publish_round(later, by=coordinator)
    return ready


def test_an_older_round_says_what_can_no_longer_be_published(desk, older):
    text = page(desk, "round_detail", older.pk)

    assert "2 proposals of this round can no longer be published" in text
    assert "Ann Mentee already has a match. Max Mentor has no free place" in text
    assert reverse("matching:round_publish", args=[older.pk]) not in text
    assert "Ann Mentee" in page(desk, "round_detail", older.pk, show="stuck")
    text = page(desk, "round_publish", older.pk)
    assert "2 approved matches cannot start any more" in text
    assert "Publish matches" not in text
    text = page(desk, "proposal_detail", older.proposals.first().pk)
    assert "can no longer be published" in text
    assert "Publish only this pair" not in text


def test_what_cannot_begin_is_not_approved_with_the_rest(older):
    older.proposals.update(state=Proposal.State.PROPOSED)

    assert approve_rest(older) == 0


def test_the_page_counts_what_was_published(desk, ready, coordinator):
    approve_rest(ready)
    publish_round(ready, only=[ready.proposals.first().pk], by=coordinator)

    answer = desk.get(ready.get_absolute_url())

    assert answer.context["published"] == answer.context["approved"] == 1
    assert answer.context["stuck"] == 0


def test_of_a_mentee_it_is_said_that_there_is_a_match(two_pairs):
    two_pairs["ann"].claim_place()

    with pytest.raises(ValidationError, match="Ann Mentee already has a match"):
        two_pairs["ann"].claim_place()


# --- questions to mentors that wait


@pytest.fixture
def asked(program, two_pairs):
    """Ann, whom a round gives Max, has asked Nia; and thinks of Max after her."""
    Manner.objects.create(program=program, mode=Manner.Mode.CHOOSE)
    return ask(two_pairs["ann"], two_pairs["nia"])


def test_open_questions_are_named_before_a_round_and_before_publishing(
    desk, program, asked, ready
):
    approve_rest(ready)

    assert "1 question to one of the mentors waits" in page(
        desk, "round_list", program.slug
    )
    assert "1 open question to one of the mentors is withdrawn" in page(
        desk, "round_publish", ready.pk
    )


def test_publishing_withdraws_what_the_matched_asked_and_undoing_restores_it(
    asked, ready, two_pairs, coordinator
):
    queued = ask(two_pairs["ann"], two_pairs["max"])
    approve_rest(ready)

    publish_round(ready, by=coordinator)

    states = Request.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["withdrawn", "withdrawn"]
    assert Message.objects.get(kind="request_settled").to == two_pairs["nia"].user
    with pytest.raises(ValidationError):
        accept_request(asked, by=two_pairs["nia"].user)

    undo_publication(ready, by=coordinator)

    assert list(states.all()) == ["open", "queued"]
    assert queued.pk == Request.objects.get(state="queued").pk
    assert not Message.objects.filter(kind="request_settled").exists()


def test_who_was_asked_hears_it_with_the_rest(asked, ready, two_pairs, coordinator):
    Message.objects.all().delete()
    approve_rest(ready)
    publish_round(ready, by=coordinator)
    send_due()
    assert mail.outbox == []

    assert send_now(ready, by=coordinator) == 5
    send_due()

    to_nia = [each for each in mail.outbox if two_pairs["nia"].user.email in each.to]
    assert any("Ann Mentee has a match" in each.subject for each in to_nia)


def test_who_gets_whom_they_asked_for_hears_it_once(
    program, ready, two_pairs, coordinator
):
    Manner.objects.create(program=program, mode=Manner.Mode.CHOOSE)
    ask(two_pairs["ann"], two_pairs["max"])
    approve_rest(ready)

    publish_round(ready, by=coordinator)

    assert not Message.objects.filter(kind="request_settled").exists()


# --- words


def test_the_result_is_said_for_people_and_the_sums_are_folded_away(desk, ready):
    ready.total = ready.upper_bound = 39438
    ready.save()

    text = page(desk, "round_detail", ready.pk)

    assert "39,438 points" in text
    assert "39438" not in text
    assert text.index("How this was worked out") < text.index("39,438")


def test_the_result_is_said_in_the_readers_language(desk, ready, coordinator):
    coordinator.language = "nl"
    coordinator.save()

    text = page(desk, "round_detail", ready.pk)

    assert "niet beter te matchen" in text
    assert "no better way" not in text


def test_people_who_are_away_are_counted_where_the_figures_differ(
    desk, program, two_pairs
):
    user = two_pairs["ann"].user
    today = timezone.localdate()
    user.absences.create(
        starts_on=today - timedelta(days=1), ends_on=today + timedelta(days=40)
    )

    assert "1 of these people is away" in page(desk, "round_list", program.slug)


# --- who is asked sees who asks


def test_who_asks_is_shown_to_the_mentor_who_signed_in_only(
    as_user, client, asked, two_pairs, topic, outsider
):
    two_pairs["nia"].user.profile.offer_set.create(topic=topic, level=3)
    url = asked.get_absolute_url()
    Request.objects.filter(pk=asked.pk).update(goals="Learn to <b>listen</b>")
    profile = reverse("people:person_detail", args=[two_pairs["ann"].user.pk])

    text = as_user(two_pairs["nia"].user).get(url).content.decode()

    assert profile in text
    assert "Learn to &lt;b&gt;listen" in text
    assert "Giving feedback" in text
    assert "Wants to learn what you can teach: Giving feedback" in text
    assert "You have 1 free place" in text
    for other in (client, as_user(outsider)):
        text = other.get(url).content.decode()
        assert profile not in text
        assert "listen" not in text
        assert two_pairs["ann"].user.first_name in text
        assert two_pairs["ann"].user.name not in text
        assert "Giving feedback" not in text


@pytest.mark.parametrize(
    ("days", "offered", "chosen"),
    [(42, [0], 0), (140, [0, 3], 0), (400, [0, 3, 6, 12], 0), (None, [3, 6, 12], 6)],
)
def test_only_lengths_that_fit_in_the_programme_are_offered(
    days, offered, chosen, as_user, asked, program, two_pairs
):
    today = timezone.localdate()
    Program.objects.filter(pk=program.pk).update(
        ends_on=today + timedelta(days=days) if days else None
    )
    url = reverse("matching:mentor_choose", args=[program.slug, two_pairs["max"].pk])

    answer = as_user(two_pairs["ann"].user).get(url)
    # Whoever asks knows what is shown with it.
    assert "sees what you want to learn" in answer.content.decode()
    form = answer.context["form"]

    assert [value for value, _label in form.fields["months"].choices] == offered
    assert form["months"].value() == chosen


def test_the_last_round_is_named_first(desk, program, ready, run):
    later = run(keep=None)

    answer = desk.get(reverse("matching:round_list", args=[program.slug]))

    assert list(answer.context["rounds"]) == [later, ready]
