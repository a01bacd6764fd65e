"""What a line manager sees: who takes part and lets them know it, and nothing else."""

import pytest
from django.urls import reverse

from history.models import Event
from people.models import Employment, User
from programs import actions
from programs.models import Participant, Program
from tests.conftest import person


@pytest.fixture
def boss():
    return person("Bo Boss")


@pytest.fixture
def program(program):
    program.managers_may_know = True
    program.save()
    return program


@pytest.fixture
def me(program, mentee, boss):
    """A mentee who reports to the boss."""
    Employment.objects.filter(user=mentee).update(manager=boss)
    return Participant.objects.get(program=program, user=mentee)


def guide(client):
    return client.get(reverse("programs:manager_guide")).content.decode()


def decide(client, program, *, may_know):
    url = reverse("programs:participation_manager", args=[program.slug])
    return client.post(url, {"manager_may_know": "on"} if may_know else {})


def test_a_manager_sees_who_says_yes_and_no_longer_who_takes_it_back(
    me, program, mentee, boss, as_user
):
    assert mentee.name not in guide(as_user(boss))

    decide(as_user(mentee), program, may_know=True)
    page = guide(as_user(boss))
    assert mentee.name in page
    assert program.name in page

    decide(as_user(mentee), program, may_know=False)
    assert mentee.name not in guide(as_user(boss))
    assert Event.objects.filter(about_id=me.pk).count() == 2


def test_nobody_else_sees_it(me, program, mentee, boss, outsider, mentor, as_user):
    actions.show_to_manager(me, boss)

    assert mentee.name not in guide(as_user(outsider))
    assert mentee.name not in guide(as_user(mentor))


def test_the_programme_has_to_allow_it(me, program, mentee, boss, as_user):
    actions.show_to_manager(me, boss)
    Program.objects.update(managers_may_know=False)

    assert mentee.name not in guide(as_user(boss))
    assert decide(as_user(mentee), program, may_know=True).status_code == 404


def test_the_yes_was_for_this_manager(me, mentee, boss, outsider, as_user):
    actions.show_to_manager(me, boss)

    Employment.objects.filter(user=mentee).update(manager=outsider)

    assert mentee.name not in guide(as_user(outsider))
    assert mentee.name not in guide(as_user(boss))


def test_who_stopped_is_not_shown(me, mentee, boss, as_user):
    actions.show_to_manager(me, boss)
    me.free_place()

    actions.leave_program(me, by=mentee)

    assert mentee.name not in guide(as_user(boss))


def test_an_it_admin_sees_nobody(me, mentee, boss, as_user):
    actions.show_to_manager(me, boss)
    User.objects.filter(pk=boss.pk).update(org_role=User.OrgRole.IT_ADMIN)

    boss.refresh_from_db()
    assert mentee.name not in guide(as_user(boss))


def test_it_is_asked_when_joining(open_program, outsider, boss, as_user):
    Program.objects.filter(pk=open_program.pk).update(managers_may_know=True)
    Employment.objects.filter(user=outsider).update(manager=boss)
    client = as_user(outsider)
    url = reverse("programs:program_join", args=[open_program.slug, "mentee"])
    assert "Bo Boss, my manager, may see" in client.get(url).content.decode()

    client.post(url, {"accepted": "on", "version": "1", "manager_may_know": "on"})

    found = Participant.objects.get(user=outsider, program=open_program)
    assert found.shown_to == boss


def test_it_is_not_asked_where_managers_hear_nothing(
    open_program, outsider, boss, as_user
):
    Employment.objects.filter(user=outsider).update(manager=boss)
    url = reverse("programs:program_join", args=[open_program.slug, "mentee"])
    client = as_user(outsider)
    assert "Bo Boss" not in client.get(url).content.decode()

    client.post(url, {"accepted": "on", "version": "1", "manager_may_know": "on"})

    assert Participant.objects.get(user=outsider).shown_to is None


def test_who_sees_what_says_it(me, program, mentee, as_user):
    url = reverse("programs:visibility", args=[program.slug])
    said = "that you take part, if you say yes to that; nothing else"
    assert said in as_user(mentee).get(url).content.decode()

    Program.objects.update(managers_may_know=False)
    assert said not in as_user(mentee).get(url).content.decode()


def test_who_sees_what_is_folded_and_whole(me, program, mentee, as_user):
    url = reverse("programs:visibility", args=[program.slug])

    text = as_user(mentee).get(url).content.decode()

    folded = text.count("<summary><h2>")
    assert folded > 5
    assert text.count("<details open>") == 1
    assert text.count('<table class="table stack sight">') == folded


def test_a_manager_finds_the_guide_on_the_home_page(me, boss, outsider, as_user):
    home, link = reverse("dashboards:home"), reverse("programs:manager_guide")

    assert link in as_user(boss).get(home).content.decode()
    assert link not in as_user(outsider).get(home).content.decode()
