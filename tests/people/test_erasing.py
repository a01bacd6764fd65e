"""Erasing a person: statistics stay, the person goes, and does not come back."""

from datetime import timedelta
from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import models
from django.urls import reverse
from django.utils import timezone

from feedback.actions import pulse_of
from feedback.models import CareItem, CareMessage, Invitation, NamedAnswer, Wave
from history.models import Event
from matching.models import Proposal
from mentoring import backup
from mentorships.models import (
    Agreement,
    Goal,
    Member,
    MentoringSession,
    Mentorship,
    PrivateNote,
    SessionOffer,
    SharedNote,
)
from outbox.models import Message
from outbox.tasks import send_due
from people import actions
from people.erasing import NOBODY
from people.models import Erasure, Profile, User
from programs.models import Application, Invite, Participant, Role
from tests.cast import make_world, person

CANARY = "canary"
WORDS_FROM = 100  # a shorter text is a key, not words
# How each of these leads to a person; whatever points at one of them is about a person.
PEOPLE = {
    User: "",
    Profile: "user",
    Participant: "user",
    Member: "participant__user",
    Goal: "owner__participant__user",
    Mentorship: "members__participant__user",
    MentoringSession: "mentorship__members__participant__user",
    Agreement: "mentorship__members__participant__user",
    SessionOffer: "by__participant__user",
    CareItem: "mentorship__members__participant__user",
}
ONE_PERSON = {User, Profile, Participant, Member}
# Not written by or about whom the row points at, or no words at all.
NOT_THEIRS = {
    "people.User.password": "a hash, of nothing",
    "people.User.email": "is searched for as it is",
    "people.User.name": "is searched for as it is",
    "programs.Program": "is what a programme says",
    "programs.GoalReading.source by": "where a figure of the programme comes from",
    "programs.Application.reason decided_by": "was written to somebody else",
    "programs.Invite.email by": "is the address of somebody else",
    "matching.Request.goals mentor": "are the words of the mentee",
    "matching.Request.reason mentee": "are the words of the mentor",
}


@pytest.fixture(autouse=True)
def _stones(settings, tmp_path):
    settings.DATA_DIR = tmp_path


@pytest.fixture
def world():
    """The cast, with what it does not bring itself."""
    found = make_world()
    mentee = found.people["mentee"]
    EmailAddress.objects.create(user=mentee, email=mentee.email, primary=True)
    CareMessage.objects.create(
        item_id=found.arguments["care_item_id"],
        to=mentee,
        by=found.people["coordinator"],
        body="How are you?",
    )
    Application.objects.create(
        program=Participant.objects.filter(user=mentee)[0].program,
        user=mentee,
        role=Role.MENTOR,
        state=Application.State.DECLINED,
    )
    return found


def is_words(field):
    if field.choices or getattr(field, "unique", False):
        return False
    return isinstance(field, models.TextField) or (
        isinstance(field, models.CharField) and (field.max_length or 0) >= WORDS_FROM
    )


def ways(model):
    """The lookups by which rows of a model belong to a person: to one, where a row says
    whose it is, else to all in the mentorship.
    """
    if model in PEOPLE:
        yield PEOPLE[model], "itself"
        return
    found = [
        (field, field.remote_field.model)
        for field in model._meta.concrete_fields
        if field.remote_field and field.remote_field.model in PEOPLE
    ]
    own = [(field, target) for field, target in found if target in ONE_PERSON]
    for field, target in own or found:
        rest = PEOPLE[target]
        yield f"{field.name}__{rest}" if rest else field.name, field.name


def mark_everything(user):
    """Put a word that can be found into everything that is written by or about them."""
    marked = set()
    for model in backup.tables():
        for lookup, name in ways(model):
            rows = model._base_manager.filter(**{lookup or "pk": user.pk})
            for field in model._meta.concrete_fields:
                label = f"{model._meta.label}.{field.name}"
                kept = {model._meta.label, label, f"{label} {name}"}
                if not is_words(field) or kept & NOT_THEIRS.keys():
                    continue
                for pk in list(rows.values_list("pk", flat=True)):
                    text = f"{CANARY} {label} {pk}"[: field.max_length or 500]
                    model._base_manager.filter(pk=pk).update(**{field.name: text})
                    marked.add(label)
    return marked


def test_whatever_somebody_writes_is_looked_at(world):
    there_is = {
        f"{model._meta.label}.{field.name}"
        for model in backup.tables()
        for _lookup, name in ways(model)
        for field in model._meta.concrete_fields
        if is_words(field)
        and not {
            model._meta.label,
            f"{model._meta.label}.{field.name}",
            f"{model._meta.label}.{field.name} {name}",
        }
        & NOT_THEIRS.keys()
    }

    marked = set().union(*map(mark_everything, world.people.values()))

    assert marked == there_is


def dump():
    return {
        model._meta.label: b"".join(backup.lines(model)).decode()
        for model in backup.tables()
    }


def found_in_dump(*words):
    return [
        (label, line)
        for label, text in dump().items()
        for line in text.splitlines()
        for word in words
        if word.lower() in line.lower()
    ]


@pytest.mark.parametrize("role", ["mentee", "mentor", "coordinator", "leaver"])
def test_a_search_of_the_dump_finds_nothing_of_them(world, role):
    user = world.people[role]
    Invite.objects.filter(program__slug="mark-ours").update(email=user.email)
    email, number = user.email, user.employment.employee_number
    User.objects.filter(pk=user.pk).update(name="Quirina Zonderling")
    user.refresh_from_db()
    marked = mark_everything(user)
    if role in ("mentee", "mentor"):
        assert {"mentorships.Agreement.expectations", "people.Profile.about"} <= marked
    assert found_in_dump(email, CANARY)

    actions.erase_person(user, by=world.people["hr_admin"])

    assert found_in_dump(email, number, CANARY, "Quirina", "Zonderling") == []


def test_what_only_they_could_read_is_gone(world):
    mentor = world.people["mentor"]
    assert PrivateNote.objects.filter(author=mentor).exists()

    actions.erase_person(mentor, by=world.people["hr_admin"])

    sealed = [
        model
        for model in backup.tables()
        if any(
            field.name == "author" and field.related_model is User
            for field in model._meta.concrete_fields
        )
    ]
    assert len(sealed) >= 5
    for model in sealed:
        assert not model._base_manager.filter(author=mentor).exists()


def test_figures_stay_and_the_other_goes_on(world):
    mentee, mentor = world.people["mentee"], world.people["mentor"]
    goal = Goal.objects.get(owner__participant__user=mentee)
    held = MentoringSession.objects.held().count()
    mentorships = Mentorship.objects.count()
    other_texts = SharedNote.objects.exclude(
        session__mentorship__members__participant__user=mentee
    ).count()

    actions.erase_person(mentee, by=world.people["hr_admin"])

    goal.refresh_from_db()
    assert (goal.state, goal.mentorship.is_active) == ("active", False)
    assert MentoringSession.objects.held().count() == held
    assert Mentorship.objects.count() == mentorships
    assert SharedNote.objects.count() == other_texts
    assert Participant.objects.filter(user=mentee, left_at=None).count() == 0
    send_due()
    [told] = [each for each in mail.outbox if "has ended" in each.subject]
    assert told.to == [mentor.email]
    assert told.subject == "Your mentorship with your match has ended"
    assert NOBODY not in told.body
    assert "erased" not in "".join(told.reply_to)
    assert not Message.objects.filter(to=mentee).exists()
    mentor.refresh_from_db()
    assert mentor.name != NOBODY
    assert mentor.is_active


def test_the_sum_of_a_proposal_keeps_points_and_loses_words(world):
    proposal = Proposal.objects.first()
    line = {"key": "topics", "points": 500, "mentee": "Spanish", "mentor": ["Spanish"]}
    Proposal.objects.filter(pk=proposal.pk).update(lines=[line], parts=[{"one": "Mia"}])

    actions.erase_person(
        proposal.members.first().participant.user, by=world.people["hr_admin"]
    )

    proposal.refresh_from_db()
    assert proposal.lines == [
        {"key": "topics", "points": 500, "mentee": "", "mentor": [""]}
    ]
    assert proposal.parts == [{"one": ""}]


def test_of_a_named_survey_choices_stay_and_words_go(mentee, program):
    survey = pulse_of(program)
    now = timezone.now()
    wave = Wave.objects.create(
        survey=survey, occasion="x", opens_at=now, closes_at=now + timedelta(days=7)
    )
    invitation = Invitation.objects.create(wave=wave, to=mentee, role="mentee")
    for kind, value in (("scale", "4"), ("text", "my own words")):
        NamedAnswer.objects.create(
            invitation=invitation,
            question=survey.questions.filter(kind=kind).first(),
            value=value,
        )

    actions.erase_person(mentee, by=None)

    assert [each.value for each in NamedAnswer.objects.all()] == ["4"]


def test_erasing_twice_changes_nothing(mentee, hr_admin):
    actions.erase_person(mentee, by=hr_admin)
    before = dump()

    actions.erase_person(mentee, by=hr_admin)

    assert dump() == before


def test_nobody_erases_themselves_nor_the_last_hr_admin(as_user, hr_admin):
    answer = as_user(hr_admin).post(
        reverse("people:person_erase", args=[hr_admin.pk]), {"name": hr_admin.name}
    )
    assert answer.status_code == 422
    with pytest.raises(ValidationError, match="Somebody has to be HR admin"):
        actions.erase_person(hr_admin, by=None)

    hr_admin.refresh_from_db()
    assert hr_admin.is_hr_admin
    assert not Erasure.objects.exists()


# --- the page


def test_the_page_says_beforehand_what_goes_and_what_stays(as_user, hr_admin, mentee):
    client = as_user(hr_admin)
    person_page = client.get(reverse("people:person_detail", args=[mentee.pk]))
    url = reverse("people:person_erase", args=[mentee.pk])
    assert url in person_page.content.decode()

    page = client.get(url).content.decode()

    assert "every message to them" in page
    assert "that sessions were held" in page
    assert not Erasure.objects.exists()


@pytest.mark.parametrize("typed", ["", "yes", "Mentor Mo", "Mentee"])
def test_without_the_name_nothing_happens(as_user, hr_admin, mentee, typed):
    answer = as_user(hr_admin).post(
        reverse("people:person_erase", args=[mentee.pk]), {"name": typed}
    )

    assert answer.status_code == 422
    assert not Erasure.objects.exists()


def test_with_the_name_they_are_gone_from_every_page(as_user, hr_admin, mentee):
    client = as_user(hr_admin)
    url = reverse("people:person_erase", args=[mentee.pk])

    answer = client.post(url, {"name": " mentee  MIA "}, follow=True)

    assert "What was known of Mentee Mia is gone." in answer.content.decode()
    assert Erasure.objects.get().by == hr_admin
    assert Event.objects.filter(verb="erased", about_id=mentee.pk).exists()
    for page in (
        client.get(reverse("people:person_list"), {"role": "left"}),
        client.get(reverse("people:person_list")),
    ):
        assert NOBODY not in page.content.decode()
    for name in ("person_detail", "person_erase"):
        there = reverse(f"people:{name}", args=[mentee.pk])
        assert client.get(there).status_code == 404
    assert client.post(url, {"name": NOBODY}).status_code == 404
    back = reverse("people:person_return", args=[mentee.pk])
    assert client.post(back).status_code == 404


def test_pages_of_what_they_took_part_in_still_open(world):
    mentee = world.people["mentee"]
    actions.erase_person(mentee, by=world.people["hr_admin"])

    for role in ("mentor", "coordinator", "hr_admin"):
        client = world.client(role)
        for name in ("mentorships:mentorship_detail", "mentorships:session_detail"):
            argument = name.split(":")[1].split("_")[0] + "_id"
            url = reverse(name, args=[world.arguments[argument]])
            assert client.get(url).status_code in (200, 404)
        for name in (
            "programs:program_detail",
            "programs:participant_list",
            "matching:round_list",
            "dashboards:program_dashboard",
        ):
            url = reverse(name, args=["mark-ours"])
            answer = client.get(url)
            assert answer.status_code in (200, 404)
            assert "Mia MARK_OURS" not in answer.content.decode()


# --- and does not come back


def restore(file, **options):
    said = StringIO()
    call_command("restore", str(file), stdout=said, replace=True, **options)
    return said.getvalue()


def wipe():
    for model in backup.tables():
        model._base_manager.all()._raw_delete("default")


@pytest.fixture
def file(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "before.zip"


def test_a_backup_from_before_does_not_bring_them_back(world, file):
    mentee = world.people["mentee"]
    others = User.objects.exclude(pk=mentee.pk).count()
    call_command("backup", str(file), stdout=StringIO())
    actions.erase_person(mentee, by=world.people["hr_admin"])

    said = restore(file)

    assert "1 people had been erased since" in said
    assert found_in_dump(mentee.email, mentee.name) == []
    assert Erasure.objects.get().user_id == mentee.pk
    assert User.objects.exclude(name=NOBODY).count() == others
    assert "erased again" not in restore(file) or Erasure.objects.count() == 1


def test_they_stay_gone_when_the_database_was_lost_as_well(
    world, file, django_capture_on_commit_callbacks
):
    mentee = world.people["mentee"]
    call_command("backup", str(file), stdout=StringIO())
    with django_capture_on_commit_callbacks(execute=True):
        actions.erase_person(mentee, by=world.people["hr_admin"])
    wipe()

    restore(file)

    assert found_in_dump(mentee.email, mentee.name) == []


def test_the_file_of_another_machine_counts_as_well(world, file, tmp_path):
    mentee = world.people["mentee"]
    call_command("backup", str(file), stdout=StringIO())
    stones = tmp_path / "from-elsewhere"
    stones.write_text(f"{mentee.mark}\nnot a mark\n")

    restore(file, erased=stones)

    assert found_in_dump(mentee.email, mentee.name) == []


def test_the_last_hr_admin_of_an_old_backup_stays_gone(file, hr_admin):
    call_command("backup", str(file), stdout=StringIO())
    other = person("Nora Next", org_role="hr_admin")
    actions.erase_person(hr_admin, by=other)

    restore(file)

    assert found_in_dump(hr_admin.email) == []


def test_the_mark_says_nothing_of_anybody(
    mentee, hr_admin, settings, django_capture_on_commit_callbacks
):
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            actions.erase_person(mentee, by=hr_admin)

    text = (settings.DATA_DIR / "erased").read_text()
    assert text == f"{mentee.mark}\n"
