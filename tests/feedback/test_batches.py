import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from feedback.actions import (
    answer,
    close_wave,
    open_wave,
    pulse_of,
    save_draft,
    save_question,
    settle,
)
from feedback.models import (
    Batch,
    Draft,
    FreshSheet,
    NamedAnswer,
    Question,
    Remark,
    Survey,
    Tally,
)
from feedback.paper import as_pdf
from feedback.results import results, trends
from feedback.tasks import settle_answers
from people.models import Employment
from tests import factories


def test_a_batch_below_five_is_refused_by_the_database(wave):
    with pytest.raises(IntegrityError), transaction.atomic():
        Batch.objects.create(wave=wave, number=1, size=4, counting=4)


def test_after_leaving_the_pool_only_counts_and_texts_are_left(wave, answered_by):
    answered_by(8, text="more time", scale=3)

    settle(wave)

    assert not FreshSheet.objects.exists()
    assert Batch.objects.get().size == 8
    worth = Question.objects.get(key="worth")
    assert dict(Tally.objects.filter(question=worth).values_list("value", "count")) == {
        "": 8,
        "3": 8,
    }
    assert Remark.objects.count() == 8


def test_a_role_with_too_few_waits_while_the_survey_is_open(wave, answered_by):
    answered_by(6, role="mentee")
    answered_by(3, role="mentor")

    settle(wave)

    assert results(wave)[0] == 6
    assert FreshSheet.objects.count() == 3


def test_roles_of_which_too_few_were_asked_come_out_together(wave, answered_by):
    for role in ("mentor", "mentee"):
        late = wave.invitations.filter(role=role).order_by("pk").values("pk")[4:]
        wave.invitations.filter(pk__in=list(late.values_list("pk", flat=True))).delete()
    answered_by(3, role="mentee")
    settle(wave)
    assert results(wave)[0] == 0
    answered_by(4, role="mentor")

    settle(wave)

    sheets, found = results(wave)
    assert sheets == 7
    assert found[0].roles == []
    assert list(Batch.objects.values_list("role", "size")) == [("", 7)]


def made_up(wave, number, role="mentee"):
    """So many of those asked are no colleagues: an address is all that they have."""
    asked = wave.invitations.unanswered().filter(role=role).order_by("pk")[:number]
    users = [each.to_id for each in asked]
    Employment.objects.filter(user__in=users).delete()
    return [each.pk for each in asked]


def test_made_up_people_do_not_let_out_the_answer_of_a_colleague(wave, answered_by):
    made_up(wave, 4)
    answered_by(4 + 4)

    assert settle(wave) == 0

    answered_by(1)
    assert settle(wave) == 4 + 5


def test_made_up_people_do_not_let_it_out_by_closing_the_survey(
    wave, answered_by, coordinator
):
    made_up(wave, 4)
    answered_by(4 + 1)

    close_wave(wave, by=coordinator)

    assert results(wave)[0] == 0


def test_without_hr_data_everybody_counts(wave, answered_by):
    Employment.objects.update(is_by_hand=True)
    made_up(wave, 4)
    answered_by(5)

    assert settle(wave) == 5


def test_who_is_in_no_hr_data_is_heard_at_the_end_where_nobody_else_is(
    wave, answered_by, coordinator
):
    made_up(wave, 8)
    answered_by(8, text="more time")
    answered_by(3, role="mentor", text="warm words")
    assert settle(wave) == 0

    close_wave(wave, by=coordinator)

    sheets, found = results(wave)
    assert sheets == 8
    text = next(each for each in found if each.question.key == "help")
    assert text.texts == ["more time"] * 8
    assert FreshSheet.objects.count() == 3


def test_who_is_in_no_hr_data_is_counted_along_at_the_end(
    wave, answered_by, coordinator
):
    made_up(wave, 2, role="mentor")
    answered_by(2, role="mentor")
    answered_by(6)

    close_wave(wave, by=coordinator)

    assert list(Batch.objects.values_list("role", "size")) == [("", 8)]


def test_made_up_people_do_not_let_out_what_one_colleague_wrote(wave, answered_by):
    wave.invitations.update(role="mentee")
    made_up(wave, 8)
    answered_by(8, text="made up")
    answered_by(1, text="warm words")
    answered_by(4)

    assert settle(wave) == 8 + 5

    text = next(each for each in results(wave)[1] if each.question.key == "help")
    assert text.texts == []


def test_a_survey_that_could_never_be_shown_is_not_asked(pulse, in_mentorships):
    pairs = in_mentorships(4)
    users = [
        member.participant.user_id
        for pair in pairs[:2]
        for member in pair.members.select_related("participant")
    ]
    Employment.objects.filter(user__in=users).delete()

    with pytest.raises(ValidationError, match="in the HR data"):
        open_wave(pulse, occasion="day-30", by=None)


def test_at_the_end_the_rest_comes_out_together(wave, answered_by, coordinator):
    answered_by(6, role="mentee")
    settle(wave)
    answered_by(3, role="mentor")
    answered_by(2, role="mentee")

    close_wave(wave, by=coordinator)

    sheets, found = results(wave)
    assert sheets == 11
    assert [(cut.label, cut.answered) for cut in found[0].roles] == []
    assert Batch.objects.get(number=2).role == ""


def test_a_rest_with_nothing_to_join_is_never_shown(wave, answered_by, coordinator):
    answered_by(6)
    settle(wave)
    answered_by(2)

    close_wave(wave, by=coordinator)

    assert results(wave)[0] == 6
    assert FreshSheet.objects.count() == 2


def test_results_by_role_come_when_both_roles_have_enough(wave, answered_by):
    answered_by(6, role="mentee", scale=5)
    answered_by(5, role="mentor", scale=2)

    settle(wave)

    worth = results(wave)[1][0]
    assert [(cut.answered, cut.mean.value) for cut in worth.roles] == [(6, 5), (5, 2)]


def test_results_by_department_come_all_at_once_at_the_end(
    wave, answered_by, coordinator
):
    Survey.objects.update(by_department=True)
    for number, invitation in enumerate(wave.invitations.all()):
        Employment.objects.filter(user=invitation.to_id).update(
            department="Sales" if number % 2 else "Care"
        )
    wave.refresh_from_db()
    answered_by(10, role="mentee")
    answered_by(9, role="mentor")

    assert settle(wave) == 0
    close_wave(wave, by=coordinator)

    sheets, found = results(wave)
    assert sheets == 19
    departments = found[0].departments
    assert {cut.label for cut in departments} <= {
        "Sales, mentees",
        "Care, mentors",
        "other departments, or too few to show apart",
    }
    assert all(cut.answered >= 5 for cut in departments)
    assert sum(cut.answered for cut in departments) == 19


def test_who_is_in_no_group_by_department_is_counted_in_the_last_row(wave):
    worth = Question.objects.get(key="worth")
    for number, (role, department, size) in enumerate(
        [
            ("mentee", "HR", 10),
            ("mentee", "Service", 8),
            ("mentee", "", 11),
            ("mentor", "", 17),
        ]
    ):
        batch = Batch.objects.create(
            wave=wave,
            number=number,
            role=role,
            department=department,
            size=size,
            counting=size,
        )
        for value in ("", "4"):
            Tally.objects.create(
                batch=batch, question=worth, value=value, count=size, counting=size
            )

    [result] = [each for each in results(wave)[1] if each.question == worth]

    assert [(cut.label, cut.answered) for cut in result.departments] == [
        ("HR, mentees", 10),
        ("Service, mentees", 8),
        ("other departments, or too few to show apart", 28),
    ]


def test_a_follow_up_is_shown_from_five_up_and_never_cut(wave, fill_in):
    why = Question.objects.get(key="trust-why")

    for role, number in (("mentee", 6), ("mentor", 6)):
        for invitation in wave.invitations.filter(role=role).select_related(
            "wave__survey", "to"
        )[:number]:
            given = {
                each.pk: "1" for each in wave.survey.questions.filter(kind="scale")
            }
            given[why.pk] = ["0", "2"]
            answer(invitation, given)

    settle(wave)

    result = next(each for each in results(wave)[1] if each.question == why)
    assert result.answered == 12
    assert [bar.count for bar in result.bars] == [12, 0, 12, 0, 0]
    assert result.roles == []


def low_in(wave, number):
    """So many of the mentees say 1 and are asked why, all others say 4."""
    why = Question.objects.get(key="trust-why")
    scales = [each.pk for each in wave.survey.questions.filter(kind="scale")]
    mentees = wave.invitations.unanswered().filter(role="mentee").order_by("pk")
    for place, each in enumerate(mentees.select_related("wave__survey", "to")):
        is_low = place < number
        given = dict.fromkeys(scales, "1" if is_low else "4")
        answer(each, {**given, why.pk: ["0"]} if is_low else given)
    settle(wave)
    return next(each for each in results(wave)[1] if each.question == why)


@pytest.mark.parametrize(("number", "shown"), [(4, 0), (5, 5), (6, 0), (9, 0)])
def test_a_follow_up_is_hidden_where_a_few_were_not_asked_it(wave, number, shown):
    assert low_in(wave, number).answered == shown


def all_voluntary(wave):
    Question.objects.filter(survey=wave.survey).update(is_required=False)


def test_a_voluntary_survey_is_shown_when_all_answered_it(wave, answered_by):
    all_voluntary(wave)
    made_up(wave, 3)

    answered_by(9)

    settle(wave)
    worth = next(each for each in results(wave)[1] if each.question.key == "worth")
    assert worth.answered == 9


def test_made_up_people_who_leave_out_a_question_hide_nobody_else(wave, fill_in):
    """Of ten four made up ones leave it out, and one colleague: that one alone would be
    told apart by whoever made the four.
    """
    all_voluntary(wave)
    made_up(wave, 4)
    mentees = wave.invitations.filter(role="mentee").order_by("pk")
    scale = wave.survey.questions.filter(kind="scale").first()
    nps = wave.survey.questions.filter(kind="nps").first()
    for place, each in enumerate(mentees.select_related("wave__survey", "to")):
        given = {nps.pk: "9"} if place % 2 else {nps.pk: "8"}
        if place >= 5:
            given[scale.pk] = "4"
        answer(each, given)
    settle(wave)

    result = next(each for each in results(wave)[1] if each.question == scale)
    assert wave.batches.get().counting == 6
    assert result.answered == 0


def test_a_text_that_follows_is_hidden_where_a_few_were_not_asked_it(wave):
    Question.objects.filter(key="trust-why").update(kind="text")

    assert not low_in(wave, 9).texts


@pytest.mark.usefixtures("without_rest")
def test_trends_need_two_waves_and_cross_versions(
    wave, answered_by, coordinator, program
):

    answered_by(5, scale=2)
    settle(wave)
    assert trends(wave.survey) == []

    survey = save_question(
        wave.survey, wave.survey.questions.get(key="help"), by=coordinator
    )
    second = open_wave(survey, occasion="day-90", by=None)
    for invitation in second.invitations.select_related("wave__survey", "to")[:10]:
        answer(
            invitation,
            {
                each.pk: "4"
                for each in survey.questions.filter(kind__in=["scale", "nps"])
            },
        )
    settle(second)

    found = {each.question.key: each for each in trends(survey)}
    assert [point.value for point in found["worth"].chart.points] == [2, 4]
    assert found["recommend"].is_nps


@pytest.mark.usefixtures("without_rest")
def test_a_trend_says_where_its_question_was_put_in_other_words(
    wave, answered_by, fill_in, coordinator, as_user
):
    answered_by(5)
    settle(wave)
    question = wave.survey.questions.get(key="worth")
    question.text_en = "A session is worth an hour."
    survey = save_question(wave.survey, question, by=coordinator)
    second = open_wave(survey, occasion="day-90", by=None)
    for invitation in second.invitations.select_related("wave__survey", "to")[:10]:
        fill_in(invitation)
    settle(second)

    found = {each.question.key: each for each in trends(survey)}
    [change] = found["worth"].rewordings
    assert (change.place, change.before) == (1, "The sessions are worth their time.")
    assert len(found["worth"].chart.breaks) == 1
    assert found["recommend"].rewordings == ()
    page = as_user(coordinator).get(second.get_absolute_url()).content.decode()
    assert "in other words: “The sessions are worth their time.”" in page
    assert as_pdf(second, "en")


@pytest.mark.usefixtures("without_rest")
def test_trends_are_added_up_once_until_another_batch_comes(
    pulse, in_mentorships, fill_in
):
    in_mentorships(15)
    waves = [open_wave(pulse, occasion=name, by=None) for name in ("one", "two")]

    def answered(wave, number, scale):
        waiting = wave.invitations.unanswered().filter(role="mentee").order_by("pk")
        for each in waiting.select_related("wave__survey", "to")[:number]:
            fill_in(each, scale=scale)
        settle(wave)

    def worth():
        found = {each.question.key: each for each in trends(pulse)}
        return [round(point.value, 1) for point in found["worth"].chart.points]

    for wave in waves:
        answered(wave, 5, 2)
    assert worth() == [2, 2]

    with CaptureQueriesContext(connection) as queries:
        assert worth() == [2, 2]
    assert not any("feedback_tally" in query["sql"] for query in queries)

    answered(waves[1], 4, 5)
    assert worth() == [2, 2]  # fewer than the floor wait
    answered(waves[1], 1, 5)
    assert worth() == [2, 3.5]


@pytest.mark.usefixtures("without_rest")
def test_trends_are_of_one_programme(wave, answered_by):
    answered_by(5, scale=2)
    settle(wave)
    second = open_wave(wave.survey, occasion="day-90", by=None)
    for invitation in second.invitations.select_related("wave__survey", "to")[:10]:
        answer(
            invitation,
            {
                each.pk: "4"
                for each in second.survey.questions.filter(kind__in=["scale", "nps"])
            },
        )
    settle(second)

    assert trends(wave.survey)
    assert trends(pulse_of(factories.ProgramFactory())) == []


def test_a_named_survey_keeps_the_name_and_no_sheet(wave, fill_in):
    Survey.objects.update(is_named=True)
    wave.refresh_from_db()
    invitation = wave.invitations.select_related("wave__survey", "to").first()

    fill_in(invitation, scale=2, text="hello")

    assert not FreshSheet.objects.exists()
    assert NamedAnswer.objects.filter(invitation=invitation).count() == 5
    sheets, found = results(wave)
    assert sheets == 1
    assert found[0].mean == 2


def test_a_draft_is_sealed_and_goes_when_it_is_sent(wave, fill_in):

    invitation = wave.invitations.select_related("wave__survey", "to").first()
    save_draft(invitation, {1: "4", 2: "warm words"})
    save_draft(invitation, {1: "5", 2: "warm words"})

    draft = Draft.objects.get()
    assert draft.read() == {1: "5", 2: "warm words"}
    assert b"warm" not in bytes(draft.sealed)

    fill_in(invitation)
    assert not Draft.objects.exists()


def test_what_is_kept_late_is_not_kept_beside_what_was_sent(wave, fill_in):
    invitation = wave.invitations.select_related("wave__survey", "to").first()
    fetched_before = wave.invitations.select_related("wave").get(pk=invitation.pk)
    fill_in(invitation)

    save_draft(fetched_before, {1: "4"})

    assert not Draft.objects.exists()


def test_a_draft_of_what_was_sent_is_dropped(wave, fill_in):
    invitation = wave.invitations.select_related("wave__survey", "to").first()
    save_draft(invitation, {1: "4"})
    wave.invitations.filter(pk=invitation.pk).update(answered=True)

    settle_answers()

    assert not Draft.objects.exists()


def test_drafts_nobody_can_send_any_more_are_dropped(wave):

    save_draft(wave.invitations.select_related("wave").first(), {1: "4"})
    type(wave).objects.update(closes_at=timezone.now())

    settle_answers()

    assert not Draft.objects.exists()
