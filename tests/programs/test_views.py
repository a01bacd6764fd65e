from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from programs import actions
from programs.models import Invite, Participant, Program, Role, token_of
from tests import factories

PROGRAM = {
    "name_nl": "Nieuw",
    "name_en": "New",
    "purpose_nl": "Groeien.",
    "purpose_en": "Grow.",
    "model": "one_to_one",
    "join_mode": "open",
    "starts_on": "2030-01-07",
    "ends_on": "2030-07-08",
    "rhythm_days": 14,
    "hours_a_month": "2",
    "capacity_default": 1,
    "capacity_max": 2,
}


def url(name, *args):
    return reverse(f"programs:{name}", args=args)


def text(response):
    return response.content.decode()


def queries_of(client, path):
    client.get(path)  # a session remembers its first page
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


@pytest.fixture
def open_program():
    program = factories.ProgramFactory(open=True, slug="open", name_en="Open one")
    for role in (Role.MENTOR, Role.MENTEE):
        factories.GuidelineFactory(program=program, role=role)
    factories.ProgramGoalFactory(program=program)
    return program


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
        ({"name_nl": "", "name_en": ""}, "name_nl"),
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


# --- guidelines


def test_guideline_edit_previews_without_saving(as_user, coordinator, program):
    response = as_user(coordinator).post(
        url("guideline_edit", program.slug, "mentee"),
        {"body_nl": "## Zo", "body_en": "<script>x</script>", "preview": "yes"},
    )

    assert response.status_code == 200
    assert "<h2>Zo</h2>" in text(response)
    assert "<script>x" not in text(response)
    assert program.guidelines.count() == 2


def test_guideline_preview_is_a_part_for_htmx(as_user, coordinator, program):
    response = as_user(coordinator).post(
        url("guideline_edit", program.slug, "mentee"),
        {"body_nl": "Zo", "body_en": "", "preview": "yes"},
        headers={"HX-Request": "true", "HX-Target": "preview"},
    )

    assert text(response).strip().startswith('<section id="preview"')


def test_guideline_edit_makes_a_version_and_says_so(as_user, coordinator, program):
    path = url("guideline_edit", program.slug, "mentee")
    client = as_user(coordinator)
    words = {"body_nl": "Nieuw.", "body_en": "New.", "version": 1}

    assert "Version 2 is saved" in text(client.post(path, words, follow=True))
    stale = client.post(path, {**words, "body_en": "Other."})

    assert stale.status_code == 422
    assert "Other." in text(stale)


def test_empty_guideline_is_refused(as_user, coordinator, program):
    response = as_user(coordinator).post(
        url("guideline_edit", program.slug, "mentee"), {"body_nl": "", "body_en": ""}
    )

    assert response.status_code == 422


def test_guideline_list_counts_who_accepted(as_user, coordinator, program, mentee):
    actions.accept_guideline(Participant.objects.get(user=mentee))

    page = text(as_user(coordinator).get(url("guideline_list", program.slug)))

    assert "accepted by 1 of 1" in page


def test_participant_reads_the_guidelines(as_user, program, mentee):
    response = as_user(mentee).get(url("guideline_detail", program.slug, "mentee"))

    assert "Keep your word." in text(response)


# --- taking part


def test_join_shows_what_it_asks_before_the_button(as_user, open_program, outsider):
    page = text(as_user(outsider).get(url("program_join", "open", "mentor")))

    assert (
        page.index("What it asks of you")
        < page.index("Keep your word.")
        < page.index("Yes, I take part")
    )


def test_join_goes_on_to_the_profile_and_back(as_user, open_program):
    newcomer = factories.UserFactory()

    response = as_user(newcomer).post(
        url("program_join", "open", "mentor"),
        {"capacity": 2, "accepted": "on", "version": 1},
    )

    assert response.url == f"{reverse('people:profile_edit')}?next=/programs/open/me/"
    assert Participant.objects.get(user=newcomer).capacity == 2


def test_join_twice_is_once(as_user, open_program, outsider):
    client = as_user(outsider)
    path = url("program_join", "open", "mentee")
    yes = {"accepted": "on", "version": 1}

    client.post(path, yes)
    again = client.post(path, yes)

    assert again.url == url("participation", "open")
    assert Participant.objects.filter(user=outsider).count() == 1


def test_join_asks_for_the_yes(as_user, open_program, outsider):
    response = as_user(outsider).post(url("program_join", "open", "mentee"), {})

    assert response.status_code == 422
    assert not Participant.objects.exists()


@pytest.mark.parametrize("capacity", ["0", "4", "many"])
def test_join_takes_a_capacity_the_program_allows(
    as_user, open_program, outsider, capacity
):
    response = as_user(outsider).post(
        url("program_join", "open", "mentor"),
        {"accepted": "on", "version": 1, "capacity": capacity},
    )

    assert list(response.context["form"].errors) == ["capacity"]


def test_join_accepts_only_what_was_on_the_page(
    as_user, open_program, outsider, hr_admin
):
    actions.revise_guideline(
        open_program, "mentee", body_nl="Anders.", body_en="Different.", by=hr_admin
    )
    client = as_user(outsider)
    path = url("program_join", "open", "mentee")

    stale = client.post(path, {"accepted": "on", "version": 1})

    assert stale.status_code == 422
    assert "Different." in text(stale)
    assert 'name="version" value="2"' in text(stale)
    assert not Participant.objects.exists()


def test_nobody_joins_as_coordinator(as_user, open_program, outsider):
    path = url("program_join", "open", "coordinator")

    assert as_user(outsider).get(path).status_code == 404


def test_join_of_a_program_that_closed_meanwhile_says_so(as_user, program, hr_admin):
    Program.objects.update(state="closing")

    response = as_user(hr_admin).get(
        url("program_join", program.slug, "mentee"), follow=True
    )

    assert "not open for joining" in text(response)


def test_participation_says_what_is_left_and_then_that_one_is_ready(
    as_user, open_program, outsider
):
    client = as_user(outsider)
    actions.join_program(open_program, outsider, Role.MENTEE)
    page = url("participation", "open")
    complete = url("participation_complete", "open")

    assert "at least one topic that you want to learn" in text(client.get(page))
    assert "Still to do" in text(client.post(complete, follow=True))
    outsider.profile.wishes.add(factories.TopicFactory())
    assert "I am ready to be matched" in text(client.get(page))
    assert "You are ready" in text(client.post(complete, follow=True))


def test_participation_shows_when_the_answer_comes(
    as_user, program, mentee, time_machine
):
    time_machine.move_to("2026-05-01T10:00:00+00:00")
    page = url("participation", program.slug)

    Program.objects.update(matching_on="2026-05-20")
    assert "20 May 2026" in text(as_user(mentee).get(page))
    Program.objects.update(matching_on="2026-04-20")
    assert "20 April 2026" not in text(as_user(mentee).get(page))


def test_new_guidelines_are_shown_and_accepted(as_user, program, mentee, hr_admin):
    actions.accept_guideline(Participant.objects.get(user=mentee))
    actions.revise_guideline(
        program, "mentee", body_nl="Anders.", body_en="Different.", by=hr_admin
    )
    client = as_user(mentee)
    page = url("participation", program.slug)
    complete = url("participation_complete", program.slug)

    assert "<ins>Different.</ins>" in text(client.get(page))
    stale = client.post(complete, {"accepted": "yes", "version": 1}, follow=True)
    assert "changed while you were reading" in text(stale)
    client.post(complete, {"accepted": "yes", "version": 2})

    assert "<ins>" not in text(client.get(page))
    odd = client.post(complete, {"accepted": "yes", "version": "x"})
    assert odd.status_code == 404


def test_matched_participant_accepts_without_more_ado(
    as_user, program, mentorship, mentee
):
    response = as_user(mentee).post(
        url("participation_complete", program.slug),
        {"accepted": "yes", "version": 1},
        follow=True,
    )

    assert "Thank you" in text(response)


@pytest.mark.parametrize(
    ("capacity", "status"), [("3", 302), ("4", 422), ("0", 422), ("x", 422)]
)
def test_mentor_changes_the_room(as_user, program, mentor, capacity, status):
    response = as_user(mentor).post(
        url("participation_capacity", program.slug), {"capacity": capacity}
    )

    assert response.status_code == status


def test_mentee_has_no_room_to_change(as_user, program, mentee):
    response = as_user(mentee).post(
        url("participation_capacity", program.slug), {"capacity": 2}
    )

    assert response.status_code == 404


def test_leave_is_confirmed_first(as_user, program, mentee):
    client = as_user(mentee)
    path = url("participation_leave", program.slug)

    assert "What this does" in text(client.get(path))
    assert client.post(path).status_code == 302

    assert Participant.objects.get(user=mentee).left_at
    assert client.post(path).status_code == 404


def test_leave_in_a_mentorship_points_to_it(as_user, program, mentorship, mentee):
    path = url("participation_leave", program.slug)

    response = as_user(mentee).post(path)

    assert response.status_code == 422
    assert reverse("mentorships:mentorship_list") in text(response)


# --- who takes part


def test_participant_list_filters_and_searches(
    as_user, coordinator, program, mentor, mentee
):
    client = as_user(coordinator)
    path = url("participant_list", program.slug)

    assert mentor.name not in text(client.get(path + "?role=mentee"))
    assert mentee.name in text(client.get(path + "?role=mentee&state=ready"))
    assert "Nobody found" in text(client.get(path + "?q=nobody+of+this+name"))
    assert mentee.name in text(client.get(path + "?q=MIA&role=odd&page=99"))


def test_participant_list_shows_who_was_asked(as_user, coordinator, program):
    actions.invite(
        program,
        ["a@example.org", "b@example.org", "c@example.org"],
        "mentee",
        by=coordinator,
    )
    Invite.objects.filter(email="b@example.org").update(expires_at=timezone.now())
    Invite.objects.filter(email="c@example.org").update(used_at=timezone.now())

    page = text(as_user(coordinator).get(url("participant_list", program.slug)))

    for words in ("not opened", "expired", "read, not decided"):
        assert words in page


@pytest.mark.parametrize(
    "name", ["participant_list", "program_detail", "guideline_list", "program_goals"]
)
def test_queries_do_not_grow_with_people(as_user, coordinator, program, name):
    client = as_user(coordinator)
    path = url(name, program.slug)

    def more(count):
        for _number in range(count):
            participant = factories.ParticipantFactory(program=program)
            factories.EmploymentFactory(user=participant.user)
            Invite.objects.create(
                program=program,
                email=f"{participant.user.pk}@example.org",
                role="mentee",
                token_hash=token_of(str(participant.pk)),
                expires_at=timezone.now() + timedelta(days=1),
            )

    more(2)
    few = queries_of(client, path)
    more(10)

    assert queries_of(client, path) == few


def test_queries_do_not_grow_with_programs(as_user, hr_admin, mentee, program):
    admin, participant = as_user(hr_admin), as_user(mentee)
    path = url("program_list")

    def more(count):
        for _number in range(count):
            factories.ParticipantFactory(
                program=factories.ProgramFactory(running=True), user=mentee
            )
            factories.ProgramFactory(open=True)

    more(2)
    few = queries_of(admin, path), queries_of(participant, path)
    more(8)

    assert (queries_of(admin, path), queries_of(participant, path)) == few


# --- invitations


def test_invite_create_reads_addresses_as_they_are_pasted(
    as_user, coordinator, program
):
    pasted = "Ann Other <ann@example.org>; bob@example.org,\n carl@example.org d@e.org"

    page = text(
        as_user(coordinator).post(
            url("invite_create", program.slug),
            {"emails": pasted, "role": "mentor"},
            follow=True,
        )
    )

    assert "4 people get an invitation" in page
    assert Invite.objects.filter(role="mentor").count() == 4


@pytest.mark.parametrize("emails", ["no address", "", " , ;", "a@example.org x@"])
def test_invite_create_says_which_address_is_wrong(
    as_user, coordinator, program, emails
):
    response = as_user(coordinator).post(
        url("invite_create", program.slug), {"emails": emails, "role": "mentee"}
    )

    assert response.status_code == 422
    assert not Invite.objects.exists()


def test_invite_create_has_a_limit(as_user, coordinator, program):
    emails = "\n".join(f"p{number}@example.org" for number in range(501))

    response = as_user(coordinator).post(
        url("invite_create", program.slug), {"emails": emails, "role": "mentee"}
    )

    assert response.status_code == 422


def test_invite_create_says_who_was_left_in_peace(
    as_user, coordinator, program, mentee
):
    response = as_user(coordinator).post(
        url("invite_create", program.slug),
        {"emails": mentee.email, "role": "mentee"},
        follow=True,
    )

    assert mentee.email in text(response)
    assert "Left in peace" in text(response)


def test_draft_invites_nobody(as_user, hr_admin):
    draft = factories.ProgramFactory()

    response = as_user(hr_admin).post(
        url("invite_create", draft.slug), {"emails": "a@example.org", "role": "mentee"}
    )

    assert response.status_code == 422


@pytest.fixture
def invited(program, coordinator):
    """An address and the path of its link."""

    def ask(email, role="mentee"):
        actions.invite(program, [email], role, by=coordinator)
        from outbox.models import Message

        nonce = Message.objects.filter(kind="invitation").last().facts["nonce"]
        return url("invite_accept", token_of(nonce))

    return ask


def test_opening_the_link_changes_nothing(invited, program):
    client = Client()

    response = client.get(invited("new@example.org"))

    assert response.status_code == 200
    assert "You are invited to" in text(response)
    assert Invite.objects.get().used_at is None
    assert "_auth_user_id" not in client.session


def test_pressing_the_button_signs_in_and_leads_to_the_yes(invited, program):
    client = Client()
    path = invited("new@example.org", "mentor")

    response = client.post(path)

    assert response.url == url("program_join", program.slug, "mentor")
    assert client.get(response.url).status_code == 200
    client.post(response.url, {"capacity": 1, "accepted": "on", "version": 1})
    assert Participant.objects.get(user__email="new@example.org").role == "mentor"


def test_link_works_once_and_then_says_what_to_do(invited):
    path = invited("new@example.org")
    Client().post(path)

    for response in (Client().get(path), Client().post(path)):
        assert response.status_code == 410
        assert "Sign in" in text(response)


def test_own_link_leads_back_while_one_is_signed_in(invited, program):
    path, client = invited("new@example.org"), Client()
    client.post(path)

    assert client.get(path).url == url("program_join", program.slug, "mentee")


@pytest.mark.parametrize("change", ["expire", "alter", "close", "withdraw"])
def test_link_that_does_not_hold_is_gone(
    invited, program, coordinator, as_user, change
):
    path = invited("new@example.org")
    if change == "expire":
        Invite.objects.update(expires_at=timezone.now())
    elif change == "alter":
        path = path[:-3] + "xx/"
    elif change == "close":
        Program.objects.update(state="closing")
    else:
        as_user(coordinator).post(
            url("invite_withdraw", program.slug, Invite.objects.get().pk)
        )
    client = Client()

    assert client.get(path).status_code == 410
    assert client.post(path).status_code == 410
    assert "_auth_user_id" not in client.session


def test_link_does_not_open_the_account_of_an_admin(invited, hr_admin, program):
    path, client = invited(hr_admin.email), Client()

    response = client.post(path)

    assert "_auth_user_id" not in client.session
    assert client.get(response.url).url.startswith(reverse("account_login"))


def test_link_of_somebody_else_says_who_one_goes_on_as(invited, as_user, mentee):
    path, client = invited("new@example.org"), as_user(mentee)

    assert "You go on as new@example.org" in text(client.get(path))
    client.post(path)

    assert client.session["_auth_user_id"] != str(mentee.pk)


def test_invitation_of_another_program_cannot_be_withdrawn(
    as_user, coordinator, program, invited, open_program, hr_admin
):
    actions.invite(open_program, ["x@example.org"], "mentee", by=hr_admin)

    response = as_user(coordinator).post(
        url("invite_withdraw", program.slug, Invite.objects.get().pk)
    )

    assert response.status_code == 404


# --- coordinators


def test_coordinator_is_added_by_address(as_user, coordinator, program, outsider):
    as_user(coordinator).post(
        url("coordinator_add", program.slug), {"email": outsider.email.upper()}
    )

    assert (
        as_user(outsider).get(url("participant_list", program.slug)).status_code == 200
    )


@pytest.mark.parametrize("who", ["nobody@example.org", "it_admin", "leaver", ""])
def test_coordinator_is_somebody_who_works_here_and_may_see_people(
    as_user, coordinator, program, it_admin, leaver, who
):
    email = {"it_admin": it_admin.email, "leaver": leaver.email}.get(who, who)

    response = as_user(coordinator).post(
        url("coordinator_add", program.slug), {"email": email}
    )

    assert response.status_code == 422
    assert program.participants.coordinators().count() == 1


def test_coordinator_can_be_removed(as_user, hr_admin, coordinator, program):
    participant = program.participants.coordinators().get()

    as_user(hr_admin).post(url("coordinator_remove", program.slug, participant.pk))

    path = url("participant_list", program.slug)
    assert as_user(coordinator).get(path).status_code == 404


def test_who_runs_it_and_takes_part_finds_both(as_user, coordinator, program):
    actions.join_program(program, coordinator, Role.MENTOR)

    page = text(as_user(coordinator).get(program.get_absolute_url()))

    assert url("participation", program.slug) in page
