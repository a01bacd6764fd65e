"""An example of every message, as each who gets it reads it."""

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import translation

from dashboards import dry_run
from dashboards.examples import EXAMPLES, gets_it, preview, readers
from history.models import Event
from mentorships.models import Mentorship
from outbox.kinds import KINDS
from outbox.models import Message
from people.models import User
from programs.models import Program, Role
from tests import factories


def url(name, *args):
    return reverse(f"dashboards:timeline{name}", args=["leaders", *args])


def text(response):
    return response.content.decode()


@pytest.mark.parametrize("key", KINDS)
@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("role", ["mentee", "mentor", "coordinator"])
def test_there_is_an_example_of_every_kind(program, hr_admin, key, role, language):
    with translation.override(language):
        found = preview(program, KINDS[key], role=role, language=language)

    if not gets_it(KINDS[key], role):
        assert found is None
        return
    assert f'lang="{language}"' in str(found.alternatives[0][0])
    assert found.reply_to
    if key not in {
        "digest",
        "invitations_unanswered",
        "pulse",
        "monthly",
        "care",
        "report",
    }:
        assert "Sam" in found.body or "Robin" in found.body or "Kim" in found.body


@pytest.mark.parametrize("key", KINDS)
def test_every_kind_is_shown_to_somebody_as_one_opens_its_page(
    as_user, program, coordinator, key
):
    answer = as_user(coordinator).get(url("_kind", key))

    assert answer.context["mail"]


@pytest.mark.parametrize("key", KINDS)
def test_only_roles_that_get_it_are_offered(as_user, program, coordinator, key):
    offered = readers(program, KINDS[key])

    for role in offered:
        answer = as_user(coordinator).get(url("_kind", key), {"role": role})
        assert answer.context["mail"]
        assert answer.context["role"] == role
    for role in Role:
        assert (role in offered) is (
            gets_it(KINDS[key], role) and role in dry_run.roles_of(program)
        )


def test_the_figures_are_shown_as_hr_and_as_a_sponsor_read_them(
    as_user, program, mentorship, coordinator
):
    client = as_user(coordinator)

    mails = {
        role: client.get(url("_kind", "monthly"), {"role": role}).context["mail"].body
        for role in ("hr_admin", "sponsor")
    }

    assert list(readers(program, KINDS["monthly"])) == ["hr_admin", "sponsor"]
    assert "Mentorships so far: 2" in mails["hr_admin"]
    assert "Mentorships so far: 2" not in mails["sponsor"]


def test_the_figures_in_an_example_are_of_this_programme_alone(
    as_user, program, coordinator
):
    factories.ProgramFactory(name_en="Of others", slug="others", state="running")

    page = text(as_user(coordinator).get(url("_kind", "monthly")))

    assert "Leaders" in page
    assert "Of others" not in page


def test_no_kind_lacks_an_example():
    assert EXAMPLES.keys() == KINDS.keys()


@pytest.mark.parametrize("key", EXAMPLES)
def test_an_example_changes_no_row(program, mentorship, key):
    def rows():
        return [
            (model._meta.label, model._default_manager.count())
            for model in (User, Mentorship, Message, Event, Program)
        ]

    before = rows()
    preview(program, KINDS[key], role="mentor", language="en")

    assert rows() == before
    assert mail.outbox == []


def test_an_example_speaks_of_nobody_real(as_user, program, mentorship, coordinator):
    client = as_user(coordinator)

    for key in EXAMPLES:
        for role in ("mentee", "mentor", "coordinator"):
            answer = client.get(url("_preview", key), {"role": role})
            if key in {"digest", "silence_told"} and role == "coordinator":
                continue  # who runs the programme may see who is in it
            assert "Mentee Mia" not in text(answer)
            assert "Mentor Mo" not in text(answer)


def test_an_example_works_in_a_draft_for_peers(as_user, program, coordinator):
    Program.objects.update(
        state="draft", model="peer", starts_on=None, ends_on=None, matching_on=None
    )
    client = as_user(coordinator)

    for key in EXAMPLES:
        assert client.get(url("_kind", key)).status_code == 200


def test_the_example_has_the_role_and_language_that_was_asked(
    as_user, program, coordinator
):
    client = as_user(coordinator)
    mentee = client.get(url("_kind", "introduction"), {"role": "mentee"})
    mentor = client.get(url("_kind", "introduction"), {"role": "mentor"})
    dutch = client.get(url("_preview", "introduction"), {"language": "nl"})

    assert "You take the first step" in text(mentee)
    assert "Your mentee takes the first step" in text(mentor)
    assert 'lang="nl"' in text(dutch)
    assert "script-src 'none'" in dutch["Content-Security-Policy"]


def test_a_kind_that_is_not_there_is_not_found(as_user, program, coordinator):
    assert as_user(coordinator).get(url("_kind", "gossip")).status_code == 404
