import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from django.urls import reverse

from dashboards.navigation import navigation, place
from people.models import User
from programs.actions import remove_coordinator
from programs.models import Program
from tests.urls_of_the_site import URLS


def labels(client):
    return [entry["label"] for entry in client.get("/").context["navigation"]]


def test_each_role_finds_its_places(
    as_user, mentee, coordinator, outsider, hr_admin, it_admin, sponsor
):
    assert labels(as_user(mentee)) == ["Home", "My mentorships", "Programmes"]
    assert labels(as_user(coordinator)) == ["Home", "Programmes", "Care"]
    assert labels(as_user(outsider)) == ["Home", "Programmes"]
    assert labels(as_user(sponsor)) == ["Home", "Programmes"]
    assert labels(as_user(hr_admin)) == [
        "Home",
        "Programmes",
        "Care",
        "People",
        "Organisation",
        "Mail",
        "Health",
    ]
    assert labels(as_user(it_admin)) == ["Home", "Mail", "Health"]


def test_care_is_for_who_runs_a_programme_that_is_not_archived(
    as_user, program, coordinator, hr_admin, sponsor, it_admin
):
    for user in (sponsor, it_admin):
        assert "Care" not in labels(as_user(user))
    for user in (coordinator, hr_admin):
        assert "Care" in labels(as_user(user))

    Program.objects.update(state="archived")
    for user in (coordinator, hr_admin):
        assert "Care" not in labels(as_user(user))

    Program.objects.update(state="closing")
    remove_coordinator(program.participants.get(user=coordinator), by=None)
    assert "Care" not in labels(as_user(coordinator))


def test_the_navigation_is_made_with_one_query(
    rf, program, coordinator, hr_admin, mentee, django_assert_num_queries
):
    for user in (coordinator, hr_admin, mentee):
        request = rf.get("/")
        request.user = User.objects.get(pk=user.pk)
        with django_assert_num_queries(1):
            assert navigation(request)


def test_whoever_is_not_signed_in_has_nowhere_to_go(rf: RequestFactory):
    request = rf.get("/")
    request.user = AnonymousUser()

    assert navigation(request) == []


def test_every_place_of_the_navigation_opens(
    as_user, hr_admin, it_admin, mentee, coordinator
):
    for user in (hr_admin, it_admin, mentee, coordinator):
        client = as_user(user)
        for entry in client.get("/").context["navigation"]:
            assert client.get(entry["url"]).status_code == 200


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/", "dashboards:home"),
        ("/mentorships/4/", "mentorships:mentorship_list"),
        ("/mentorships/of/leaders/", "programs:program_list"),
        ("/programs/leaders/goals/", "programs:program_list"),
        ("/matching/leaders/", "programs:program_list"),
        ("/surveys/leaders/", "programs:program_list"),
        ("/surveys/care/3/", "feedback:care_queue"),
        ("/surveys/care/of/leaders/", "programs:program_list"),
        ("/people/import/", "people:person_list"),
        ("/people/me/", ""),
        ("/people/settings/", ""),
        ("/messages/failed/", "outbox:message_list"),
        ("/messages/preferences/", ""),
        ("/health/", "dashboards:health"),
        ("/elsewhere/", ""),
    ],
)
def test_a_page_belongs_to_one_entry(path, name):
    assert place(path) == name


def test_places_lead_to_pages_that_there_are():
    for path in ("/", "/programs/x/", "/people/", "/health/", "/messages/failed/"):
        assert place(path) in URLS


def test_the_current_place_is_marked_once(as_user, hr_admin):
    page = as_user(hr_admin).get(reverse("people:person_list"))

    current = [each["label"] for each in page.context["navigation"] if each["current"]]
    assert current == ["People"]
    assert page.content.decode().count('aria-current="page"') >= 1
