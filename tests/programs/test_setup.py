"""Setting a programme up: step by step, from a template or an earlier one."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from matching.models import Criterion, Manner, mode_of
from matching.pool import criteria_of
from programs import actions, setup
from programs.blueprints import blueprints, shipped_modules
from programs.models import EligibilityRule, Program, Role
from tests import factories


def url(name, *args):
    return reverse(f"programs:{name}", args=args)


def text(response):
    return response.content.decode()


@pytest.fixture
def draft(hr_admin):
    blueprint = blueprints()["leadership-pipeline"]
    return actions.create_program(
        Program(**actions.defaults(blueprint)), blueprint=blueprint, by=hr_admin
    )


@pytest.mark.parametrize("key", blueprints())
def test_every_template_brings_questions_and_training_in_both_languages(key):
    blueprint = blueprints()[key]
    modules = [shipped_modules()[name] for name in blueprint.training]

    assert modules
    assert blueprint.required <= set(blueprint.training)
    for question in blueprint.questions:
        assert all(
            question[f"{name}_{lang}"]
            for name in ("text", "use")
            for lang in ("nl", "en")
        )
        # Two answers are compared, so both sides are asked.
        assert not (question.get("feeds_matching") and question.get("role"))
        assert all(
            option["nl"] and option["en"] for option in question.get("options", [])
        )
    for module in modules:
        assert module.texts["body_nl"] != module.texts["body_en"]


def test_there_is_a_start_for_mentor_and_mentee_on_each_subject():
    subjects = {
        "listening",
        "trust",
        "feedback",
        "goals",
        "reflection",
        "role-model",
        "bias",
    }

    assert set(shipped_modules()) == {
        f"{subject}-{role}" for subject in subjects for role in ("mentor", "mentee")
    }


@pytest.mark.parametrize("key", blueprints())
def test_a_template_becomes_a_draft_by_its_name_alone(as_user, hr_admin, key):
    response = as_user(hr_admin).post(url("program_create", key), {"name_en": "Ours"})

    program = Program.objects.get()
    assert response.url == url("program_setup", program.slug)
    assert program.modules.count() == len(blueprints()[key].training)
    assert program.join_questions.count() == len(blueprints()[key].questions)


def test_setup_goes_on_where_one_stopped(as_user, hr_admin, draft):
    client = as_user(hr_admin)
    assert client.get(url("program_setup", draft.slug)).url == url(
        "setup_step", draft.slug, "purpose"
    )

    client.post(url("setup_done", draft.slug, "purpose"))

    assert client.get(url("program_setup", draft.slug)).url == url(
        "program_goals", draft.slug
    )


def test_a_step_is_saved_and_leads_to_the_next(as_user, hr_admin, draft):
    response = as_user(hr_admin).post(
        url("setup_step", draft.slug, "shape"),
        {
            "model": "one_to_one",
            "rhythm_days": 7,
            "hours_a_month": "4",
            "capacity_default": 1,
            "capacity_max": 2,
        },
    )

    draft.refresh_from_db()
    assert response.url == url("setup_step", draft.slug, "dates")
    assert draft.rhythm_days == 7
    assert draft.steps_done == ["shape"]


def as_shown(client, path):
    """What a browser sends of a page that nobody typed on."""
    form = client.get(path).context["form"]
    fields = {name: form[name].value() for name in form.fields}
    seen = {f"initial-{name}": value for name, value in fields.items()}
    return {k: "" if v is None else v for k, v in {**fields, **seen}.items()}


def test_a_step_does_not_undo_what_a_colleague_changed(as_user, hr_admin, draft):
    client, path = as_user(hr_admin), url("setup_step", draft.slug, "purpose")
    sent = as_shown(client, path)
    Program.objects.update(purpose_en="What a colleague wrote.")

    client.post(path, {**sent, "theme_en": "Growth"})

    draft.refresh_from_db()
    assert (draft.theme_en, draft.purpose_en) == ("Growth", "What a colleague wrote.")


def test_a_step_is_held_against_what_a_colleague_changed(as_user, hr_admin, draft):
    client, path = as_user(hr_admin), url("setup_step", draft.slug, "dates")
    Program.objects.update(starts_on="2030-01-01", ends_on="2030-06-01")
    sent = as_shown(client, path)
    Program.objects.update(ends_on="2030-03-01")

    answer = client.post(path, {**sent, "starts_on": "2030-04-01"})

    assert answer.status_code == 422
    assert "A programme ends after it starts." in text(answer)


def test_a_step_that_is_right_as_it_stands_is_done(as_user, hr_admin, draft):
    client, path = as_user(hr_admin), url("setup_step", draft.slug, "purpose")

    answer = client.post(path, as_shown(client, path))

    draft.refresh_from_db()
    assert answer.url == url("program_goals", draft.slug)
    assert draft.steps_done == ["purpose"]


def test_a_wrong_step_says_so_and_is_not_done(as_user, hr_admin, draft):
    response = as_user(hr_admin).post(
        url("setup_step", draft.slug, "dates"),
        {"starts_on": "2030-02-01", "ends_on": "2030-01-01"},
    )

    draft.refresh_from_db()
    assert response.status_code == 422
    assert draft.steps_done == []


def test_every_step_of_a_draft_has_the_assistant_around_it(as_user, hr_admin, draft):
    client = as_user(hr_admin)

    for place in setup.places(draft):
        page = text(client.get(place.url))
        assert "Setting up · step" in page, place.step.key
        assert str(place.step.about) in page


def test_a_page_that_is_no_step_has_the_tabs(as_user, hr_admin, draft):
    page = text(as_user(hr_admin).get(url("participant_list", draft.slug)))

    assert "Setting up · step" not in page
    assert "Within this programme" in page


def test_once_open_there_is_no_assistant(as_user, coordinator, program):
    client = as_user(coordinator)

    assert "Setting up" not in text(client.get(url("program_goals", program.slug)))
    assert client.get(url("program_setup", program.slug)).url == url(
        "program_edit", program.slug
    )


def test_the_assistant_ends_in_an_open_programme(as_user, hr_admin, draft):
    client = as_user(hr_admin)
    for place in setup.places(draft):
        client.post(url("setup_done", draft.slug, place.step.key))

    client.post(url("program_move", draft.slug, "open"))

    draft.refresh_from_db()
    assert draft.is_open


def test_an_unknown_step_is_not_there(as_user, hr_admin, draft):
    client = as_user(hr_admin)

    assert client.get(url("setup_step", draft.slug, "goals")).status_code == 404
    assert client.post(url("setup_done", draft.slug, "none")).status_code == 404


# --- a copy


def test_a_copy_has_the_set_up_and_nobody_in_it(as_user, hr_admin, draft):
    EligibilityRule.objects.create(
        program=draft, role=Role.MENTOR, field="level", least=4
    )
    criteria_of(draft)
    Criterion.objects.filter(program=draft, key="topics").update(weight=1)
    factories.ParticipantFactory(program=draft)

    response = as_user(hr_admin).post(
        url("program_copy", draft.slug), {"name_en": "Leaders again"}
    )

    copy = Program.objects.get(name_en="Leaders again")
    assert response.url == url("program_setup", copy.slug)
    assert copy.is_draft
    assert copy.steps_done == []
    assert copy.goals.count() == draft.goals.count()
    assert copy.guidelines.count() == 2
    assert copy.modules.count() == draft.modules.count()
    assert copy.join_questions.count() == draft.join_questions.count()
    assert copy.eligibility.get().least == 4
    assert copy.criteria.get(key="topics").weight == 1
    assert not copy.participants.exists()
    assert draft.modules.exists()


def test_a_copy_moves_its_dates_on_together(hr_admin, program):
    copy = actions.copy_program(program, name_nl="Weer", name_en="", by=hr_admin)

    assert copy.starts_on == actions.next_start()
    assert copy.ends_on - copy.starts_on == program.ends_on - program.starts_on
    assert copy.starts_on - program.starts_on > timedelta()


def test_a_copy_of_the_archive_begins_its_own_time_there(hr_admin, program):
    now = timezone.now()
    Program.objects.filter(pk=program.pk).update(
        state="archived", archived_at=now, clearing_told_at=now, cleared_at=now
    )
    program.refresh_from_db()

    copy = actions.copy_program(program, name_nl="Weer", name_en="", by=hr_admin)

    assert copy.archived_at is None
    actions.move_program(copy, "archive", by=hr_admin)
    assert copy in Program.objects.to_clear()
    assert copy.clearing_told_at is None


def test_a_draft_leads_back_to_where_one_stopped(as_user, hr_admin, draft):
    client = as_user(hr_admin)
    actions.finish_step(draft, "purpose")

    half_way = text(client.get(draft.get_absolute_url()))
    home = text(client.get(reverse("dashboards:home")))

    assert "Go on with: Goals" in half_way
    assert "Ready to open" not in half_way
    assert f'href="{url("program_setup", draft.slug)}"' in home
    for step in setup.STEPS[:-1]:
        actions.finish_step(draft, step.key)
    assert "Ready to open" in text(client.get(draft.get_absolute_url()))


# --- names


def test_a_name_that_is_taken_is_refused_kindly(as_user, hr_admin, program):
    client = as_user(hr_admin)

    for path in (url("program_create", "flash"), url("program_copy", program.slug)):
        response = client.post(path, {"name_nl": "Nieuw", "name_en": "LEADERS"})

        assert response.status_code == 422
        assert "There is a programme with this name already" in text(response)
        assert "name_nl" not in response.context["form"].errors
    assert Program.objects.count() == 1


def test_a_programme_may_keep_its_name_and_take_none_of_another(
    as_user, hr_admin, draft, program
):
    client = as_user(hr_admin)
    path = url("setup_step", draft.slug, "purpose")
    names = {"name_nl": draft.name_nl, "name_en": draft.name_en}

    assert client.post(path, names).status_code == 302
    assert client.post(path, names | {"name_en": "Leaders"}).status_code == 422
    draft.refresh_from_db()
    assert draft.name_en == names["name_en"]


@time_machine.travel("2027-02-01 09:00 +0000")
@pytest.mark.parametrize(
    ("taken", "begins_as"),
    [
        ([], "Leaders 2026"),
        (["leaders 2026"], "Leaders 2027"),
        (["Leaders 2026", "Leaders 2027"], "Leaders 2027 (2)"),
        (["Leaders 2026", "Leaders 2027", "Leaders 2027 (2)"], "Leaders 2027 (3)"),
    ],
)
def test_a_new_programme_begins_with_a_name_that_is_free(taken, begins_as):
    for name in taken:
        factories.ProgramFactory(name_nl="", name_en=name)

    assert actions.free_names("", "Leaders 2026") == ("", begins_as)


def test_a_copy_needs_a_name(as_user, hr_admin, program):
    response = as_user(hr_admin).post(url("program_copy", program.slug), {})

    assert response.status_code == 422
    assert Program.objects.count() == 1


# --- preview, and who sees what


def test_preview_shows_joining_for_each_role(as_user, hr_admin, draft):
    client = as_user(hr_admin)

    mentor = text(client.get(url("program_preview", draft.slug) + "?role=mentor"))
    mentee = text(client.get(url("program_preview", draft.slug) + "?role=mentee"))

    assert "Listen before you help" in mentor
    assert "Get out of each talk what is in it" in mentee
    assert "Where" not in mentor or "What do you want to be further with" in mentee


def test_who_sees_what_has_each_field_of_the_profile(as_user, mentee, program):
    page = text(as_user(mentee).get(url("visibility", program.slug)))

    for words in (
        "About me",
        "Working style: structure",
        "Your private notes",
        "When I can meet",
    ):
        assert words in page


def test_who_sees_what_has_the_questions_of_the_programme(as_user, mentee, program):
    factories.JoinQuestionFactory(program=program, text_en="What moves you?")

    page = text(as_user(mentee).get(url("visibility", program.slug)))

    assert "What moves you?" in page


@pytest.mark.parametrize(
    ("key", "mode"),
    [
        ("flash", Manner.Mode.CHOOSE),
        ("women-in-tech", Manner.Mode.RANK),
        ("leadership-pipeline", Manner.Mode.COORDINATOR),
        ("peer-circle", Manner.Mode.COORDINATOR),
    ],
)
def test_a_template_brings_who_chooses(hr_admin, key, mode):
    blueprint = blueprints()[key]

    program = actions.create_program(
        Program(**actions.defaults(blueprint)), blueprint=blueprint, by=hr_admin
    )

    assert mode_of(program) == mode


def test_the_assistant_asks_who_chooses_and_goes_on_to_what_counts(
    as_user, hr_admin, draft
):
    client = as_user(hr_admin)
    choosing = reverse("matching:manner_edit", args=[draft.slug])
    assert "Who chooses" in text(client.get(choosing))

    answer = client.post(choosing, {"mode": "choose"})

    assert answer.url == reverse("matching:criteria_edit", args=[draft.slug])
    draft.refresh_from_db()
    assert "choosing" in draft.steps_done
    assert mode_of(draft) == Manner.Mode.CHOOSE


def test_saving_what_counts_goes_on_in_the_assistant(as_user, hr_admin, draft):
    data = {f"{each.key}-weight": "5" for each in criteria_of(draft)}

    answer = as_user(hr_admin).post(
        reverse("matching:criteria_edit", args=[draft.slug]), data
    )

    draft.refresh_from_db()
    assert answer.url == setup.following(draft, "matching").url
    assert "matching" in draft.steps_done


def test_a_copy_takes_along_who_chooses_and_what_a_question_counts(hr_admin, draft):
    Manner.objects.filter(program=draft).update(mode=Manner.Mode.CHOOSE)
    asked = factories.JoinQuestionFactory(
        program=draft, kind="one", feeds_matching=True, position=9
    )
    draft = Program.objects.get(pk=draft.pk)
    criteria_of(draft)
    draft.criteria.filter(key=f"answer:{asked.pk}").update(weight=8, must=True)

    copy = actions.copy_program(draft, name_nl="Nog eens", name_en="Again", by=hr_admin)

    assert mode_of(copy) == Manner.Mode.CHOOSE
    [question] = copy.join_questions.filter(position=9)
    found = copy.criteria.get(key=f"answer:{question.pk}")
    assert (found.weight, found.must) == (8, True)
