"""Who may join and how: eligibility, questions, applications, training."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from outbox.models import Message
from people.models import User
from programs import actions
from programs.models import (
    Application,
    EligibilityRule,
    JoinAnswer,
    Participant,
    Program,
    Role,
)
from programs.models.eligibility import months_ago
from tests import factories


def url(name, *args):
    return reverse(f"programs:{name}", args=args)


def text(response):
    return response.content.decode()


def works(name, **job):
    """Somebody with a job like this."""
    user = factories.UserFactory(name=name)
    factories.EmploymentFactory(user=user, **job)
    return user


def rule(program, field, role=Role.MENTEE, **values):
    return EligibilityRule.objects.create(
        program=program, role=role, field=field, **values
    )


def both_agree(program, user, role=Role.MENTEE):
    """The list of people and the list of programmes say the same; what they say."""
    rules = list(program.eligibility.filter(role=role))
    listed = actions.people_for(rules).filter(pk=user.pk).exists()
    assert actions.is_let_in(program, user, role) == listed
    # The other role lets nobody in, so that the programme is open by this role alone.
    other = rule(program, "job", role=Role.MENTOR, value="nobody has this job")
    joinable = Program.objects.may_be_joined_by(user).filter(pk=program.pk).exists()
    other.delete()
    assert joinable == listed
    return listed


# --- eligibility


@pytest.mark.parametrize(
    ("rules", "let_in"),
    [
        ([], True),
        ([("department", {"value": "Finance"})], True),
        ([("department", {"value": "IT"})], False),
        ([("department", {"value": "IT"}), ("department", {"value": "Finance"})], True),
        ([("department", {"value": "Finance"}), ("location", {"value": "Ede"})], False),
        ([("level", {"least": 4})], True),
        ([("level", {"most": 3})], False),
        ([("level", {"least": 4, "most": 4})], True),
        ([("months", {"least": 12})], True),
        ([("months", {"least": 36})], False),
        ([("months", {"most": 24})], True),
        ([("months", {"most": 23})], False),
    ],
)
def test_eligibility_asks_one_of_each_field(open_program, rules, let_in):
    user = works(
        "Fien",
        department="Finance",
        location="Utrecht",
        level=4,
        started_on=months_ago(24),
    )
    for field, values in rules:
        rule(open_program, field, **values)

    assert both_agree(open_program, user) is let_in


def test_somebody_outside_of_the_hr_feed_keeps_no_rule(open_program):
    user = factories.UserFactory()
    assert both_agree(open_program, user)

    rule(open_program, "level", least=0)

    assert not both_agree(open_program, user)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    level=st.one_of(st.none(), st.integers(0, 9)),
    days=st.one_of(st.none(), st.integers(-40, 2000)),
    least=st.one_of(st.none(), st.integers(0, 60)),
    span=st.one_of(st.none(), st.integers(0, 24)),
    field=st.sampled_from(["level", "months"]),
)
def test_the_list_of_people_and_of_programmes_agree(level, days, least, span, field):
    User.objects.get_queryset().delete()
    Program.objects.all().delete()
    program = factories.ProgramFactory(open=True)
    started = None if days is None else timezone.localdate() - timedelta(days=days)
    user = works("Ans", level=level, started_on=started)
    most = None if span is None else (least or 0) + span
    rule(program, field, least=least, most=most)

    both_agree(program, user)


def test_an_invitation_goes_before_the_rules(open_program, coordinator, hr_admin):
    user = works("Ina", department="IT")
    rule(open_program, "department", value="Finance")
    rule(open_program, "department", role=Role.MENTOR, value="Finance")
    assert actions.roles_open_to(open_program, user) == []

    actions.invite(open_program, [user.email], Role.MENTEE, by=hr_admin)

    assert Role.MENTEE in actions.roles_open_to(open_program, user)
    assert open_program in Program.objects.visible_to(user)


def test_eligibility_edit_saves_and_the_list_follows(as_user, hr_admin, open_program):
    works("Fred Finance", department="Finance", level=5)
    works("Otto Other", department="IT", level=5)
    client = as_user(hr_admin)

    response = client.post(
        url("eligibility_edit", open_program.slug),
        {
            "join_mode": "application",
            "mentee-department": ["Finance"],
            "mentor-level_least": "5",
        },
    )

    assert response.status_code == 302
    open_program.refresh_from_db()
    assert open_program.takes_applications
    may = text(client.get(url("eligible_list", open_program.slug, "mentee")))
    may_not = text(
        client.get(url("eligible_list", open_program.slug, "mentee") + "?show=out")
    )
    assert "Fred Finance" in may
    assert "Otto Other" not in may
    assert "Otto Other" in may_not


def test_the_count_follows_what_is_chosen_without_saving(
    as_user, hr_admin, open_program
):
    works("Fred Finance", department="Finance")

    response = as_user(hr_admin).post(
        url("eligibility_edit", open_program.slug),
        {"count": "yes", "join_mode": "open", "mentee-department": ["Finance"]},
        headers={"HX-Request": "true", "HX-Target": "counts"},
    )

    counted = re.findall(r"<b>(\d+)</b>", text(response))
    assert counted == ["1", str(User.objects.working_here().count())]
    assert "<html" not in text(response)
    assert "Save first to see who." in text(response)
    assert not EligibilityRule.objects.exists()


def test_a_range_that_is_upside_down_says_so(as_user, hr_admin, open_program):
    response = as_user(hr_admin).post(
        url("eligibility_edit", open_program.slug),
        {"join_mode": "open", "mentee-level_least": "5", "mentee-level_most": "3"},
    )

    assert response.status_code == 422
    assert "The most is at least as much as the least." in text(response)


def test_a_department_that_was_renamed_can_still_be_taken_away(
    as_user, hr_admin, open_program
):
    rule(open_program, "department", value="Gone Department")

    page = text(as_user(hr_admin).get(url("eligibility_edit", open_program.slug)))

    assert "Gone Department" in page


# --- questions


def test_join_asks_the_questions_of_the_role_with_use_and_readers(
    as_user, outsider, open_program
):
    factories.JoinQuestionFactory(
        program=open_program, role="mentee", text_en="Why now?", use_en="To match."
    )
    factories.JoinQuestionFactory(
        program=open_program, role="mentor", text_en="Since when?"
    )

    page = text(as_user(outsider).get(url("program_join", open_program.slug, "mentee")))

    assert "Why now?" in page
    assert "To match." in page
    assert "Who sees this: the programme team" in page
    assert "Since when?" not in page


@pytest.mark.parametrize(
    ("kind", "sent", "kept", "words"),
    [
        ("short", "Growth", "Growth", "Growth"),
        ("one", "1", "1", "tea"),
        ("many", ["0", "1"], ["0", "1"], "coffee, tea"),
        ("scale", "4", 4, "4"),
        ("yes_no", "no", False, "no"),
    ],
)
def test_an_answer_is_kept_and_can_be_read(
    as_user, outsider, open_program, kind, sent, kept, words
):
    question = factories.JoinQuestionFactory(
        program=open_program,
        kind=kind,
        options=[{"nl": "koffie", "en": "coffee"}, {"nl": "thee", "en": "tea"}]
        if kind in {"one", "many"}
        else [],
    )

    response = as_user(outsider).post(
        url("program_join", open_program.slug, "mentee"),
        {"accepted": "on", f"question_{question.pk}": sent},
    )

    assert response.status_code == 302
    answer = JoinAnswer.objects.get(user=outsider)
    assert answer.value == kept
    assert answer.words == words


def test_a_needed_answer_is_asked_for(as_user, outsider, open_program):
    factories.JoinQuestionFactory(program=open_program, is_required=True)

    response = as_user(outsider).post(
        url("program_join", open_program.slug, "mentee"), {"accepted": "on"}
    )

    assert response.status_code == 422
    assert not open_program.participants.filter(user=outsider).exists()


def test_question_add_keeps_the_options_in_both_languages(as_user, hr_admin, program):
    response = as_user(hr_admin).post(
        url("question_add", program.slug),
        {
            "text_en": "Coffee?",
            "use_en": "For the first talk.",
            "kind": "one",
            "seen_by": "pair",
            "options_nl": "koffie\nthee",
            "options_en": "coffee\ntea",
        },
    )

    assert response.status_code == 302
    question = program.join_questions.get()
    assert question.options == [
        {"nl": "koffie", "en": "coffee"},
        {"nl": "thee", "en": "tea"},
    ]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"use_en": ""}, "use_nl"),
        ({"text_en": ""}, "text_nl"),
        ({"kind": "one", "options_en": "only"}, "options_nl"),
        ({"kind": "one", "options_nl": "a\nb", "options_en": "a\nb\nc"}, "options_en"),
        ({"feeds_matching": "on"}, "feeds_matching"),
        (
            {"kind": "yes_no", "role": "mentee", "feeds_matching": "on"},
            "feeds_matching",
        ),
    ],
)
def test_question_add_says_what_is_wrong(as_user, hr_admin, program, changes, field):
    response = as_user(hr_admin).post(
        url("question_add", program.slug),
        {"text_en": "Why?", "use_en": "So.", "kind": "short", "seen_by": "team"}
        | changes,
    )

    assert response.status_code == 422
    assert field in response.context["form"].errors


def test_an_answered_question_keeps_its_options(as_user, hr_admin, mentee, program):
    question = factories.JoinQuestionFactory(
        program=program,
        kind="one",
        options=[{"nl": "a", "en": "a"}, {"nl": "b", "en": "b"}],
    )
    JoinAnswer.objects.create(question=question, user=mentee, value="1")

    as_user(hr_admin).post(
        url("question_edit", program.slug, question.pk),
        {
            "text_en": "Which?",
            "use_en": "So.",
            "kind": "short",
            "seen_by": "team",
            "options_en": "c\nd",
        },
    )

    question.refresh_from_db()
    assert question.text_en == "Which?"
    assert question.kind == "one"
    assert question.options[1]["en"] == "b"


def test_questions_move_up_and_down(as_user, hr_admin, program):
    first, second = (factories.JoinQuestionFactory(program=program) for _ in range(2))

    as_user(hr_admin).post(url("question_move", program.slug, second.pk), {"up": "yes"})
    assert list(program.join_questions.all()) == [second, first]

    as_user(hr_admin).post(url("question_move", program.slug, second.pk), {"up": "yes"})
    assert list(program.join_questions.all()) == [second, first]


# --- applications


@pytest.fixture
def asking(open_program, outsider):
    """Somebody who asked to be mentee where a coordinator decides."""
    Program.objects.filter(pk=open_program.pk).update(join_mode="application")
    open_program.refresh_from_db()
    factories.ParticipantFactory(program=open_program, role=Role.COORDINATOR)
    return actions.apply_to_program(
        open_program, outsider, Role.MENTEE, motivation="To grow.", accepted_version=1
    )


def test_joining_becomes_asking_where_a_coordinator_decides(
    as_user, outsider, open_program
):
    Program.objects.filter(pk=open_program.pk).update(join_mode="application")
    factories.ParticipantFactory(program=open_program, role=Role.COORDINATOR)

    as_user(outsider).post(
        url("program_join", open_program.slug, "mentee"),
        {"accepted": "on", "motivation": "To grow."},
    )

    assert Application.objects.get().motivation == "To grow."
    assert not open_program.participants.filter(user=outsider).exists()
    assert Message.objects.filter(kind="application_waiting").count() == 1


def test_asking_twice_is_refused(asking, outsider, open_program):
    with pytest.raises(ValidationError, match="asked already"):
        actions.apply_to_program(open_program, outsider, Role.MENTEE)


def test_approval_makes_a_participant_who_accepted_what_was_read(
    as_user, hr_admin, asking, outsider
):
    as_user(hr_admin).post(
        url("application_decide", "open"),
        {"application": [asking.pk], "approve": "yes"},
    )

    participant = Participant.objects.get(user=outsider)
    assert participant.motivation == "To grow."
    assert participant.acceptances.count() == 1
    assert Message.objects.filter(kind="joined", to=outsider).exists()


def test_approval_asks_again_when_the_guidelines_changed(asking, hr_admin, outsider):
    actions.revise_guideline(
        asking.program, "mentee", body_nl="Nieuw.", body_en="New.", by=hr_admin
    )

    actions.approve_application(asking, by=hr_admin)

    participant = Participant.objects.get(user=outsider)
    assert actions.guideline_to_accept(participant) is not None


def test_declining_needs_a_reason_which_the_applicant_reads(
    as_user, hr_admin, asking, outsider
):
    client = as_user(hr_admin)
    body = {"application": [asking.pk], "decline": "yes"}

    refused = client.post(url("application_decide", "open"), body)
    assert refused.status_code == 422
    assert f'value="{asking.pk}" checked' in refused.content.decode()
    client.post(
        url("application_decide", "open"), {**body, "reason": "Full. In May again."}
    )

    asking.refresh_from_db()
    assert asking.state == "declined"
    assert asking.reason == "Full. In May again."
    assert Message.objects.get(kind="application_declined").to == outsider


def test_all_who_ask_can_be_chosen_at_once(as_user, hr_admin, asking):
    client = as_user(hr_admin)
    page = url("application_list", "open")

    assert " checked>" not in client.get(page).content.decode()
    assert " checked>" in client.get(f"{page}?all=yes").content.decode()


def test_an_application_is_answered_once(asking, hr_admin):
    stale = Application.objects.get()
    actions.approve_application(asking, by=hr_admin)

    with pytest.raises(ValidationError, match="answered already"):
        actions.decline_application(stale, reason="No.", by=hr_admin)


def test_deciding_for_nobody_says_so(as_user, hr_admin, asking):
    response = as_user(hr_admin).post(
        url("application_decide", "open"), {"application": ["x"], "approve": "yes"}
    )

    assert response.status_code == 422


def test_an_applicant_sees_the_wait_and_may_step_back(as_user, asking, outsider):
    client = as_user(outsider)
    assert "You asked to take part" in text(client.get(url("program_detail", "open")))

    client.post(url("application_withdraw", "open"))

    asking.refresh_from_db()
    assert asking.state == "withdrawn"


def test_a_coordinator_of_the_programme_need_not_ask(as_user, open_program):
    Program.objects.filter(pk=open_program.pk).update(join_mode="application")
    coordinator = factories.ParticipantFactory(
        program=open_program, role=Role.COORDINATOR
    ).user

    as_user(coordinator).post(
        url("program_join", open_program.slug, "mentee"), {"accepted": "on"}
    )

    assert open_program.participants.filter(user=coordinator, role="mentee").exists()


# --- training


def test_required_training_comes_before_matching(as_user, program, mentee):
    module = factories.ModuleFactory(
        program=program, role="mentee", required=True, stage="before"
    )
    topic = factories.TopicFactory()
    mentee.profile.wishes.add(topic)
    me = Participant.objects.get(user=mentee, program=program)
    Participant.objects.update(state="joining")
    me.refresh_from_db()
    actions.accept_guideline(me)
    assert any(module.title in lack for lack in actions.lacking(me))
    client = as_user(mentee)
    assert module.title in text(client.get(url("participation", program.slug)))

    response = client.post(url("module_done", program.slug, module.pk))

    me.refresh_from_db()
    assert response.url == url("participation", program.slug)
    assert me.is_ready


def test_training_of_another_role_is_not_there(as_user, program, mentee):
    module = factories.ModuleFactory(program=program, role="mentor")

    client = as_user(mentee)

    assert client.get(url("module_detail", program.slug, module.pk)).status_code == 404
    assert client.post(url("module_done", program.slug, module.pk)).status_code == 404


def test_what_is_not_out_yet_is_seen_by_the_coordinator_alone(
    as_user, program, mentee, coordinator
):
    module = factories.ModuleFactory(
        program=program, opens_on=timezone.localdate() + timedelta(days=3)
    )
    path = url("module_detail", program.slug, module.pk)

    assert as_user(mentee).get(path).status_code == 404
    assert as_user(coordinator).get(path).status_code == 200


def test_library_is_searched_in_both_languages(as_user, program, mentee):
    factories.ModuleFactory(program=program, title_nl="Grenzen", title_en="Boundaries")
    factories.ModuleFactory(program=program, title_nl="Anders", title_en="Other")
    client = as_user(mentee)

    for words in ("grenzen", "bound"):
        page = text(client.get(url("library", program.slug) + f"?q={words}"))
        assert "Boundaries" in page
        assert "Other" not in page


def test_a_training_done_twice_is_done_once_and_can_be_undone(program, mentee):
    module = factories.ModuleFactory(program=program)
    me = Participant.objects.get(user=mentee, program=program)

    actions.finish_module(module, me)
    actions.finish_module(module, me)
    assert me.completions.count() == 1
    actions.reopen_module(module, me)

    assert not me.completions.exists()


def test_module_add_asks_for_text_or_address(as_user, hr_admin, program):
    client = as_user(hr_admin)
    sent = {"title_en": "Course", "need": "advised", "stage": "start", "minutes": 10}

    without = client.post(url("module_add", program.slug), {**sent, "kind": "course"})
    script = client.post(
        url("module_add", program.slug),
        {**sent, "kind": "course", "link": "javascript:alert(1)"},
    )
    empty = client.post(url("module_add", program.slug), {**sent, "kind": "text"})
    good = client.post(
        url("module_add", program.slug),
        {**sent, "kind": "course", "link": "https://learn.example.org/1"},
    )

    assert [each.status_code for each in (without, script, empty, good)] == [
        422,
        422,
        422,
        302,
    ]
    assert program.modules.get().link == "https://learn.example.org/1"


def test_module_list_asks_as_much_for_many_as_for_one(as_user, coordinator, program):
    factories.ModuleFactory(program=program)
    client = as_user(coordinator)
    client.get(url("module_list", program.slug))
    with CaptureQueriesContext(connection) as few:
        client.get(url("module_list", program.slug))
    factories.ModuleFactory.create_batch(5, program=program)
    with CaptureQueriesContext(connection) as many:
        client.get(url("module_list", program.slug))

    assert len(many) == len(few)
