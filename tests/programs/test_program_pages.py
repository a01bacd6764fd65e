"""The list of programmes, a new one, and running it."""

from datetime import timedelta

import pytest

from programs.models import EligibilityRule, Program
from tests import factories
from tests.programs.pages import PROGRAM, text, url

# --- the list


def test_program_list_shows_what_one_runs_has_and_can_join(
    as_user, program, open_program, coordinator, mentee, outsider
):
    assert "I run" in text(as_user(coordinator).get(url("program_list")))
    mine = text(as_user(mentee).get(url("program_list")))
    assert "I take part in" in mine
    assert "Open one" in mine
    assert "Leaders" not in text(as_user(outsider).get(url("program_list")))


def test_program_list_says_what_to_do_when_there_is_nothing(as_user, hr_admin):
    assert "Choose a template" in text(as_user(hr_admin).get(url("program_list")))


def test_archived_programs_are_shown_on_request(as_user, hr_admin):
    factories.ProgramFactory(state="archived", name_en="Long ago")
    client = as_user(hr_admin)

    assert "Long ago" not in text(client.get(url("program_list")))
    assert "Long ago" in text(client.get(url("program_list") + "?all"))


# --- a new programme


def test_program_create_begins_filled_in_in_both_languages(as_user, hr_admin):
    page = text(as_user(hr_admin).get(url("program_create", "leadership-pipeline")))

    assert "Leiderschap in de lijn" in page
    assert "Leadership pipeline" in page


def test_program_create_makes_a_draft_with_goals_and_guidelines(as_user, hr_admin):
    response = as_user(hr_admin).post(
        url("program_create", "leadership-pipeline"), PROGRAM
    )

    program = Program.objects.get()
    assert response.url == url("program_setup", program.slug)
    assert program.is_draft
    assert program.created_by == hr_admin
    assert program.goals.count() == 3
    assert program.guidelines.count() == 2


def test_program_create_asks_for_a_name(as_user, hr_admin):
    response = as_user(hr_admin).post(url("program_create", "flash"), {"name_nl": " "})

    assert response.status_code == 422
    assert "Give the programme a name." in text(response)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        (
            {
                "name_nl": "",
                "name_en": "",
                "initial-name_nl": "A",
                "initial-name_en": "B",
            },
            "name_nl",
        ),
        ({"ends_on": "2029-01-01"}, "ends_on"),
        ({"matching_on": "2031-01-01"}, "matching_on"),
        ({"capacity_max": 1, "capacity_default": 2}, "capacity_max"),
        ({"capacity_default": 0}, "capacity_default"),
        ({"hours_a_month": "0"}, "hours_a_month"),
    ],
)
def test_program_edit_says_what_is_wrong_at_the_field(
    as_user, hr_admin, changes, field
):
    draft = factories.ProgramFactory()

    response = as_user(hr_admin).post(
        url("program_edit", draft.slug), {**PROGRAM, **changes}
    )

    assert response.status_code == 422
    assert field in response.context["form"].errors


def test_unknown_template_is_not_there(as_user, hr_admin):
    assert as_user(hr_admin).get(url("program_create", "none")).status_code == 404


# --- running it


@pytest.mark.parametrize("state", Program.State.values)
def test_overview_says_what_now_in_every_state(as_user, coordinator, program, state):
    Program.objects.update(state=state)

    response = as_user(coordinator).get(program.get_absolute_url())

    assert response.status_code == 200
    assert ("What now" in text(response)) == (state != "archived")


def test_overview_lists_what_is_missing_to_open(as_user, hr_admin):
    draft = factories.ProgramFactory()

    page = text(as_user(hr_admin).get(draft.get_absolute_url()))

    assert "Add at least one measurable goal." in page
    assert "Write the guidelines for the role “mentor”." in page


def test_program_move_says_beforehand_what_it_does(as_user, coordinator, program):
    client = as_user(coordinator)

    assert "Nobody can join any more" in text(
        client.get(url("program_move", program.slug, "close"))
    )
    client.post(url("program_move", program.slug, "close"))

    program.refresh_from_db()
    assert program.state == "closing"


def test_program_move_from_a_stale_tab_says_a_colleague_was_first(
    as_user, coordinator, hr_admin, program
):
    path = url("program_move", program.slug, "close")
    as_user(coordinator).post(path)

    response = as_user(hr_admin).post(path)

    assert response.status_code == 422
    assert "closing" in text(response)


def test_program_move_refuses_an_incomplete_draft(as_user, hr_admin):
    draft = factories.ProgramFactory()

    response = as_user(hr_admin).post(url("program_move", draft.slug, "open"))

    assert response.status_code == 422
    draft.refresh_from_db()
    assert draft.is_draft


def test_unknown_move_is_not_there(as_user, hr_admin, program):
    path = url("program_move", program.slug, "explode")

    assert as_user(hr_admin).get(path).status_code == 404


def test_program_edit_keeps_the_kind_once_people_read_it(as_user, coordinator, program):
    response = as_user(coordinator).post(
        url("program_edit", program.slug), {**PROGRAM, "model": "reverse"}
    )

    assert response.status_code == 302
    program.refresh_from_db()
    assert (program.name_en, program.model) == ("New", "one_to_one")


def test_program_edit_does_not_undo_what_a_colleague_opened(as_user, hr_admin):
    draft = factories.ProgramFactory()
    Program.objects.update(state="open")

    as_user(hr_admin).post(url("program_edit", draft.slug), PROGRAM)

    draft.refresh_from_db()
    assert draft.state == "open"


def test_wrong_settings_keep_the_saved_name_around_the_form(
    as_user, coordinator, program
):
    response = as_user(coordinator).post(
        url("program_edit", program.slug), {**PROGRAM, "starts_on": ""}
    )

    assert response.status_code == 422
    assert response.context["program"].name_en == "Leaders"


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("program_edit", []),
        ("program_goals", []),
        ("guideline_edit", ["mentee"]),
        ("coordinator_add", []),
    ],
)
def test_nothing_changes_in_the_archive(as_user, hr_admin, program, name, arguments):
    Program.objects.update(state="archived")

    response = as_user(hr_admin).post(
        url(name, program.slug, *arguments), PROGRAM, follow=True
    )

    assert "in the archive" in text(response)


def test_goal_is_added_once_per_measure(as_user, coordinator, program):
    client = as_user(coordinator)
    path = url("program_goals", program.slug)
    goal = {"measure": "satisfaction", "target": "4.2"}

    assert client.post(path, goal).status_code == 302
    assert client.post(path, goal).status_code == 422
    assert program.goals.count() == 2


@pytest.mark.parametrize("target", ["-1", "6", ""])
def test_goal_has_a_target_that_can_be(as_user, coordinator, program, target):
    response = as_user(coordinator).post(
        url("program_goals", program.slug),
        {"measure": "satisfaction", "target": target},
    )

    assert response.status_code == 422
    assert "target" in response.context["form"].errors


def test_goal_of_another_program_cannot_be_removed(as_user, coordinator, program):
    theirs = factories.ProgramGoalFactory()

    response = as_user(coordinator).post(url("goal_remove", program.slug, theirs.pk))

    assert response.status_code == 404


def test_last_goal_stays_and_the_page_says_why(as_user, coordinator, program):
    response = as_user(coordinator).post(
        url("goal_remove", program.slug, program.goals.get().pk), follow=True
    )

    assert "keeps at least one goal" in text(response)


def test_a_page_that_was_open_for_long_takes_nothing_back(
    as_user, hr_admin, coordinator, program
):
    path = url("program_edit", program.slug)
    page = as_user(coordinator).get(path)
    form = page.context["form"]
    fields = {name: form[name].value() for name in form.fields}
    seen = {f"initial-{name}": value for name, value in fields.items()}
    assert 'name="initial-ends_on"' in page.content.decode()
    sent = {k: "" if v is None else v for k, v in {**fields, **seen}.items()}
    later = program.ends_on + timedelta(days=40)

    as_user(hr_admin).post(path, {**sent, "ends_on": later})
    as_user(coordinator).post(path, {**sent, "theme_en": "Growth"})

    program.refresh_from_db()
    assert program.theme_en == "Growth"
    assert program.ends_on == later


@pytest.mark.parametrize(
    ("join_mode", "said"),
    [
        ("open", "Every colleague sees the programme and can join it."),
        ("application", "Every colleague sees the programme and can apply"),
        ("invitation", "Only people whom you invite see the programme"),
    ],
)
def test_opening_says_who_will_see_the_programme(as_user, hr_admin, join_mode, said):
    draft = factories.ProgramFactory(join_mode=join_mode)

    page = text(as_user(hr_admin).get(url("program_move", draft.slug, "open")))

    assert said in page


def test_who_sees_what_says_of_which_scale_each_part_is(as_user, coordinator, program):
    page = text(as_user(coordinator).get(url("visibility", program.slug)))

    assert "Working style: pace" in page


def test_opening_says_that_not_everybody_may_join(as_user, hr_admin):
    draft = factories.ProgramFactory()
    path = url("program_move", draft.slug, "open")
    assert "Only who may join can" not in text(as_user(hr_admin).get(path))

    EligibilityRule.objects.create(
        program=draft, role="mentee", field="department", value="Finance"
    )

    assert "Only who may join can" in text(as_user(hr_admin).get(path))
