"""What people wrote in a programme goes a while after the archive; figures stay."""

from datetime import timedelta

import pytest
from django.db import models
from django.urls import reverse
from django.utils import timezone

from feedback.models import CareMessage, Tally
from history.models import Event
from mentoring import backup
from mentorships.models import (
    Certificate,
    Goal,
    Member,
    MentoringSession,
    Mentorship,
    PrivateNote,
)
from outbox.models import Message
from programs import actions
from programs.models import Participant, Program
from programs.tasks import clear_programs
from tests.cast import make_world

CANARY = "canary"
WORDS_FROM = 100  # a shorter text is a key, not words
# What is not of a participant, or stays because they want it to.
KEPT = {
    "programs.ProgramGoal": "is what the programme says",
    "programs.GoalReading": "is a figure and where it comes from",
    "programs.Guideline": "is what the programme says",
    "programs.JoinQuestion": "is what the programme asks",
    "programs.Module": "is what the programme teaches",
    "programs.EligibilityRule": "is what the programme asks of HR fields",
    "matching.Criterion": "is how the programme matches",
    "matching.Proposal.overruled": "are keys of limits",
    "matching.Round": "is how it was matched, and what went wrong",
    "feedback.Survey": "is what the programme asks",
    "feedback.Question": "is what the programme asks",
    "feedback.Batch.department": "is a name of HR, of five people and more",
    "feedback.CareItem.facts": "are figures",
    "outbox.Wording": "is what the programme says",
    "mentorships.Story": "was told to be read, and can be taken back",
    "mentorships.Mentorship.name": "is the name of a group",
    "mentorships.MentoringSession.guide_key": "is a key",
}


def paths_to_program(model, seen=()):
    """The lookups by which rows of a model belong to a programme."""
    for field in model._meta.concrete_fields:
        target = field.remote_field.model if field.remote_field else None
        if target is None or target in seen or target is model:
            continue
        if target is Program:
            yield field.name
            continue
        if target._meta.app_label in {"people", "auth"}:
            continue
        for rest in paths_to_program(target, (*seen, model)):
            yield f"{field.name}__{rest}"


def is_words(field):
    if field.choices or getattr(field, "unique", False):
        return False
    return isinstance(field, models.TextField | models.JSONField) or (
        isinstance(field, models.CharField) and (field.max_length or 0) >= WORDS_FROM
    )


def mark_everything(program):
    """Put a word that can be found into everything that people wrote in a programme."""
    marked = set()
    for model in backup.tables():
        paths = list(paths_to_program(model))
        for field in model._meta.concrete_fields:
            label = f"{model._meta.label}.{field.name}"
            if not paths or not is_words(field) or {model._meta.label, label} & {*KEPT}:
                continue
            rows = model._base_manager.filter(**{paths[0]: program})
            for pk in list(rows.values_list("pk", flat=True)):
                text = f"{CANARY} {label} {pk}"[: field.max_length or 500]
                value = {"said": text} if isinstance(field, models.JSONField) else text
                model._base_manager.filter(pk=pk).update(**{field.name: value})
                marked.add(label)
    return marked


@pytest.fixture
def world():
    """The cast, with what it does not bring itself."""
    found = make_world()
    CareMessage.objects.create(
        item_id=found.arguments["care_item_id"],
        to=found.people["mentee"],
        by=found.people["coordinator"],
        body="How are you?",
    )
    return found


@pytest.fixture
def program(world):
    """In the archive, and people were told long enough ago."""
    mentee = Participant.objects.filter(user=world.people["mentee"]).first()
    found = mentee.program
    long_ago = timezone.now() - timedelta(days=800)
    Mentorship.objects.filter(program=found).update(ended_at=timezone.now())
    Program.objects.filter(pk=found.pk).update(
        state=Program.State.ARCHIVED,
        archived_at=long_ago,
        clearing_told_at=timezone.now() - timedelta(days=31),
    )
    found.refresh_from_db()
    return found


def everything():
    for model in backup.tables():
        for row in model._base_manager.values():
            yield model._meta.label, str(row)


def test_no_word_of_anybody_stays(program):
    marked = mark_everything(program)
    assert {
        "mentorships.SharedNote.body",
        "mentorships.Action.text",
        "mentorships.Goal.specific",
        "programs.Participant.motivation",
        "matching.Request.goals",
        "matching.Proposal.lines",
        "feedback.CareMessage.body",
    } <= marked

    assert actions.clear_program(program)

    assert [row for row in everything() if CANARY in row[1]] == []
    assert not PrivateNote.objects.filter(session__mentorship__program=program).exists()


def test_figures_stay(program):
    def figures():
        return (
            program.participants.count(),
            MentoringSession.objects.held().filter(mentorship__program=program).count(),
            Goal.objects.filter(mentorship__program=program).count(),
            Member.ever.filter(mentorship__program=program).count(),
            Certificate.objects.count(),
            Tally.objects.count(),
        )

    before = figures()

    actions.clear_program(program)

    assert figures() == before
    assert Event.objects.get(verb="cleared").about_id == program.pk


def test_other_programmes_keep_everything(program):
    others = Program.objects.exclude(pk=program.pk)
    for other in others:
        mark_everything(other)
    before = [row for row in everything() if CANARY in row[1]]
    assert before

    actions.clear_program(program)

    assert [row for row in everything() if CANARY in row[1]] == before


def test_it_happens_once(program):
    assert actions.clear_program(program)
    assert not actions.clear_program(program)


@pytest.mark.parametrize(
    ("archived", "told", "goes"),
    [
        (731, 31, True),
        (731, 29, False),  # they may still copy what they wish
        (731, None, False),
        (729, 31, False),
    ],
)
def test_when_it_goes(program, archived, told, goes):
    now = timezone.now()
    program.archived_at = now - timedelta(days=archived)
    program.clearing_told_at = now - timedelta(days=told) if told else None
    program.save()

    assert actions.clear_program(program) is goes


def test_people_are_told_a_month_before_and_once(program, world):
    program.clearing_told_at = None
    program.archived_at = timezone.now() - timedelta(days=program.kept_days - 30)
    program.save()

    clear_programs()
    clear_programs()

    told = Message.objects.filter(kind="program_clearing")
    people = set(program.participants.values_list("user", flat=True))
    assert {message.to_id for message in told} <= people
    assert told.filter(to=world.people["mentee"]).count() == 1
    program.refresh_from_db()
    assert program.cleared_at is None


def test_nobody_is_told_too_early(program):
    program.clearing_told_at = None
    program.archived_at = timezone.now() - timedelta(days=program.kept_days - 31)
    program.save()

    clear_programs()

    assert not Message.objects.filter(kind="program_clearing").exists()


def test_a_term_made_shorter_still_gives_a_month(program):
    program.archived_at = timezone.now() - timedelta(days=400)
    program.kept_days = Program.Kept.A_YEAR
    program.clearing_told_at = None
    program.save()

    clear_programs()

    program.refresh_from_db()
    assert program.cleared_at is None
    assert program.clears_on == timezone.localdate() + timedelta(days=30)


def test_who_runs_it_says_how_long(world, program):
    client = world.client("coordinator")
    url = reverse("programs:visibility", args=[program.slug])

    assert client.post(url, {"kept_days": "17"}).status_code == 422
    client.post(url, {"kept_days": "365", "managers_may_know": "on"})

    program.refresh_from_db()
    assert program.kept_days == 365
    # In the archive nobody takes part any more.
    assert not program.managers_may_know
    assert "removed on" in client.get(url).content.decode()


def test_in_the_archive_from_the_moment_it_is_moved(world):
    found = Program.objects.filter(state=Program.State.RUNNING).first()
    found.participants.update(places_taken=0)
    actions.move_program(found, "close", by=world.people["hr_admin"])
    assert found.clears_on is None

    actions.move_program(found, "archive", by=world.people["hr_admin"])

    found.refresh_from_db()
    assert found.archived_at is not None
    assert found.clears_on == timezone.localdate() + timedelta(days=found.kept_days)
