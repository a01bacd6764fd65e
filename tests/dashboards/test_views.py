from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from dashboards.next_steps import my_mentorships
from feedback.models import CareItem
from mentorships.actions import name_group
from programs.models import Participant, Program, Role
from tests import factories

HOME = reverse("dashboards:home")


def text(response):
    return response.content.decode()


def main(page):
    """What the page itself says."""
    return page.partition("<main")[2].partition("</main>")[0]


def queries_of(client, path=HOME):
    client.get(path)  # a session remembers its first page
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


# --- home


def test_home_of_a_mentee_begins_with_the_next_step(as_user, mentorship, mentee):
    page = text(as_user(mentee).get(HOME))

    assert "Hello Mentee" in page
    assert "Plan your first session with Mentor Mo" in page
    assert "nothing planned" in page
    assert mentorship.get_absolute_url() in page


def test_home_says_of_a_session_that_is_over_that_it_is_to_be_written_down(
    as_user, mentorship, mentee
):
    coming = timezone.now() + timedelta(days=3)
    factories.MentoringSessionFactory(mentorship=mentorship, starts_at=coming)
    assert "a session to write down" not in text(as_user(mentee).get(HOME))

    factories.MentoringSessionFactory(
        mentorship=mentorship, starts_at=timezone.now() - timedelta(days=1)
    )
    assert "a session to write down" in text(as_user(mentee).get(HOME))


def test_home_calls_a_group_by_its_name(as_user, mentorship, mentee):
    name_group(mentorship, "The Harbour")

    assert "The Harbour" in text(as_user(mentee).get(HOME))


def test_home_of_a_mentor_has_all_mentees(as_user, mentorship, mentor, program):
    second = factories.MentorshipFactory(program=program)
    me = Participant.objects.get(user=mentor)
    factories.MemberFactory(mentorship=second, participant=me)
    factories.MemberFactory(mentorship=second, participant__user__name="Second Sam")

    page = text(as_user(mentor).get(HOME))

    assert len(my_mentorships(mentor)) == 2
    assert "Mentee Mia" in page
    assert "Second Sam" in page


def test_home_of_who_waits_says_when_one_hears(as_user, program, mentee):
    Program.objects.update(matching_on="2030-01-07")

    page = text(as_user(mentee).get(HOME))

    assert "we look for your match" in page
    assert "you hear it on 7 January" in page


def test_home_of_an_outsider_shows_what_can_be_joined(as_user, outsider):
    factories.ProgramFactory(open=True)

    assert "See the programmes" in text(as_user(outsider).get(HOME))


def test_home_and_the_programmes_say_what_one_applied_for(as_user, program, outsider):
    program.applications.create(user=outsider, role=Role.MENTEE)
    client = as_user(outsider)

    assert "Somebody reads your application" in text(client.get(HOME))
    programs = text(client.get("/programs/"))
    assert program.get_absolute_url() in programs
    assert "waits for an answer" in programs
    assert "You can join" not in programs


def test_home_with_nothing_to_do_says_so(as_user, outsider):
    assert "Nothing to do now" in text(as_user(outsider).get(HOME))


def test_home_of_a_coordinator_counts_what_they_run(as_user, mentorship, coordinator):
    other = factories.MentorshipFactory()
    factories.MentoringSessionFactory(mentorship=other, held=True)
    factories.MentoringSessionFactory(
        mentorship=mentorship, held=True, starts_at=timezone.now() - timedelta(days=30)
    )

    answer = as_user(coordinator).get(HOME)

    assert answer.context["figures"] == {
        "active": 1,
        "held": 1,
        "quiet": 1,
        "waiting": 0,
    }
    assert "Leaders" in text(answer)


def test_of_a_circle_the_peers_are_counted(as_user, program, coordinator):
    Program.objects.filter(pk=program.pk).update(model=Program.Model.PEER)
    for _number in range(2):
        factories.ParticipantFactory(program=program, role=Role.PEER)
    browser = as_user(coordinator)

    assert "2 peers" in " ".join(text(browser.get(HOME)).split())
    overview = text(browser.get(program.get_absolute_url()))
    assert "?role=peer" in overview
    rounds = text(browser.get(reverse("matching:round_list", args=[program.slug])))
    assert "Peers who wait" in rounds
    assert "Peers ready" in rounds
    assert "role=mentor" not in rounds


@pytest.mark.parametrize("what", ["active", "held", "quiet", "waiting"])
def test_each_figure_leads_to_what_it_counts(
    as_user, mentorship, coordinator, program, what
):
    factories.ParticipantFactory(
        program=program, role=Role.MENTEE, user__name="Waiting Wim", state="ready"
    )
    factories.MentoringSessionFactory(
        mentorship=mentorship, held=True, starts_at=timezone.now() - timedelta(days=30)
    )
    client = as_user(coordinator)
    home = client.get(HOME)
    url = reverse("dashboards:counted", args=[what])

    page = client.get(url)

    assert f'href="{url}"' in text(home)
    assert page.context["page"].paginator.count == home.context["figures"][what] == 1
    assert ("Waiting Wim" in text(page)) == (what == "waiting")
    assert ("Mentee Mia" in text(page)) == (what != "waiting")
    overview = reverse("mentorships:program_mentorships", args=[program.slug])
    leads = f'href="{overview}?of={mentorship.pk}"' in text(page)
    assert leads == (what != "waiting")


def test_no_list_behind_a_figure_that_is_none(as_user, coordinator):
    assert as_user(coordinator).get("/counted/nothing/").status_code == 404


def test_a_list_behind_a_figure_asks_as_often_for_many(
    as_user, mentorship, coordinator, program
):
    client = as_user(coordinator)
    paths = [
        reverse("dashboards:counted", args=[what])
        for what in ("active", "held", "quiet", "waiting")
    ]
    factories.MentoringSessionFactory(mentorship=mentorship, held=True)
    factories.ParticipantFactory(program=program, role=Role.MENTEE, state="ready")
    few = [queries_of(client, path) for path in paths]
    for _ in range(4):
        more = factories.MentorshipFactory(program=program)
        factories.MemberFactory(mentorship=more)
        factories.MentoringSessionFactory(mentorship=more, held=True)
        factories.ParticipantFactory(program=program, role=Role.MENTEE, state="ready")

    assert [queries_of(client, path) for path in paths] == few


def test_home_of_an_hr_admin_counts_every_programme(as_user, mentorship, hr_admin):
    factories.MentorshipFactory()

    assert as_user(hr_admin).get(HOME).context["figures"]["active"] == 2


def test_home_of_a_participant_has_no_figures(as_user, mentorship, mentee):
    assert as_user(mentee).get(HOME).context["figures"] is None


def test_home_of_a_sponsor_has_totals_and_nobody(as_user, mentorship, sponsor, mentee):
    page = text(as_user(sponsor).get(HOME))

    assert "Leaders" in page
    assert "fewer than 5" in page
    assert mentee.name not in page


def test_home_of_a_sponsor_shows_a_total_from_five_on(as_user, program, sponsor):
    for _ in range(7):
        factories.ParticipantFactory(program=program, role=Role.MENTEE)

    page = text(as_user(sponsor).get(HOME))

    assert ">5<" in "".join(page.split())


def test_who_joins_is_not_seen_on_the_home_of_a_sponsor(as_user, program, sponsor):
    for _ in range(6):
        factories.ParticipantFactory(program=program, role=Role.MENTEE)
    before = text(as_user(sponsor).get(HOME))
    factories.ParticipantFactory(program=program, role=Role.MENTEE)

    after = text(as_user(sponsor).get(HOME))

    assert main(after) == main(before)
    assert "in steps of 5" in after


def test_home_of_a_sponsor_leaves_out_drafts_and_the_archive(as_user, sponsor):
    for state in ("draft", "archived"):
        factories.ProgramFactory(name_en=f"A {state} one", state=state)

    page = text(as_user(sponsor).get(HOME))

    assert "A draft one" not in page
    assert "A archived one" not in page
    assert "No programme yet" in page


def test_home_of_an_it_admin_is_the_health_page(as_user, it_admin):
    assert "Does everything run?" in text(as_user(it_admin).get(HOME))


def test_home_asks_the_same_number_of_queries_however_much_there_is(
    as_user, mentorship, mentor, coordinator, program
):
    client, runs = as_user(mentor), as_user(coordinator)
    few = queries_of(client), queries_of(runs)
    me = Participant.objects.get(user=mentor)
    for _ in range(6):
        more = factories.MentorshipFactory(program=program)
        factories.MemberFactory(mentorship=more, participant=me)
        factories.MemberFactory(mentorship=more)
        second = factories.ProgramFactory(running=True)
        factories.ParticipantFactory(
            program=second, user=coordinator, role=Role.COORDINATOR
        )

    assert (queries_of(client), queries_of(runs)) == few


def test_home_loses_nothing_that_is_to_do(as_user, coordinator, program):
    for number in range(12):
        other = factories.ProgramFactory(open=True, name_en=f"Programme {number}")
        factories.ParticipantFactory(
            program=other, user=coordinator, role="coordinator"
        )
        factories.ParticipantFactory(program=other, role=Role.MENTEE, state="ready")

    body = text(as_user(coordinator).get(HOME))

    assert body.count("1 mentee waits for a match") == 12
    assert "4 more" in " ".join(body.split())


def test_a_quiet_pair_leads_to_what_is_done_about_it(
    as_user, mentorship, coordinator, program
):
    CareItem.objects.create(
        mentorship=mentorship, score=10, reason_key="quiet", owner=coordinator
    )
    client = as_user(coordinator)

    for url in (
        reverse("dashboards:counted", args=["quiet"]),
        reverse("mentorships:program_mentorships", args=[program.slug]),
    ):
        body = text(client.get(url))
        assert reverse("feedback:care_of", args=[mentorship.pk]) in body
        assert f"{coordinator.name} looks after them" in body
