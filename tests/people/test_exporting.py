"""Everything about one person in one file: all that is theirs, nothing of others."""

import io
import json
import re
import zipfile
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override, pgettext

from feedback.models import Draft, Invitation, Report
from history.models import Event
from matching.models import Request
from mentoring import backup
from mentorships.models import (
    Attendance,
    Member,
    MentoringSession,
    Mentorship,
    PrivateNote,
    SharedNote,
)
from people import actions
from people.actions.exporting import MOST_OF_OTHERS, MOST_OWN, TAKEN
from people.data_file import FOR_HR, LABELS, LEFT_OUT, NOBODYS, SECTIONS, kept_from_hr
from people.forms import SEEN_BY
from people.models import Background, BackgroundChoice, Profile, User
from people.visibility import Circle
from tests import factories
from tests.cast import OURS, PRIVATE, REPORTED, THEIRS, make_world
from tests.people.test_erasing import CANARY, dump, mark_everything

MINE = reverse("people:data_mine")
# What of a pair is not for whoever runs the programme.
SAID = [
    f"{OURS} {what}"
    for what in (
        "shared note",
        "action",
        "goal",
        "step",
        "subject",
        "room",
        "plan",
        "moments",
        "expectation",
        "preparation",
        "comment",
        "situation",
        "behaviour",
        "impact",
        "gratitude",
        "story",
        "told",
        "hopes",
    )
]


@pytest.fixture
def world():
    return make_world()


def unpacked(content):
    """The page and the data of a file."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = sorted(archive.namelist())
        assert len(names) == 2
        page, data = (archive.read(name).decode() for name in names)
    return page, json.loads(data)


def file_of(user, by=None):
    return unpacked(actions.take_data(user, by=by or user).content)


def text_of(user, by=None):
    """All that stands in a file, in either form."""
    page, data = file_of(user, by)
    return page + json.dumps(data, ensure_ascii=False)


# --- complete


def test_every_table_is_told_or_left_out_for_a_reason():
    told = {section.model for section in SECTIONS}
    left_out = [model for _reason, models in LEFT_OUT for model in models]
    found = [*told, *left_out, *NOBODYS]

    assert set(found) == set(backup.tables())
    assert len(found) == len(set(found))


def test_every_field_is_told_or_said_to_be_untold():
    wrong = {}
    for section in SECTIONS:
        meta = section.model._meta
        fields = {
            field.name
            for field in (*meta.concrete_fields, *meta.many_to_many)
            if field.is_relation or not field.primary_key
        }
        covered = {each.covers for each in section.columns} & fields
        if differ := (covered & section.untold) | (fields ^ covered ^ section.untold):
            wrong[section.key] = differ

    assert wrong == {}


def test_the_keys_of_the_file_are_each_of_one_section():
    keys = [section.key for section in SECTIONS]

    assert len(keys) == len(set(keys))
    for section in SECTIONS:
        names = [each.key for each in section.columns]
        assert len(names) == len(set(names)), section.key


def test_a_profile_is_told_as_far_as_it_is_seen():
    columns = {
        each.key: each.circle
        for section in SECTIONS
        if section.model is Profile
        for each in section.columns
    }

    for name in columns.keys() & SEEN_BY.keys():
        assert columns[name] == SEEN_BY[name], name


@pytest.mark.parametrize("role", ["mentee", "mentor", "coordinator", "outsider"])
def test_whatever_is_theirs_stands_in_their_file(world, role):
    user = world.people[role]
    mark_everything(user)
    told = {
        f"{section.model._meta.label}.{each.covers}"
        for section in SECTIONS
        for each in section.columns
    }
    marks = {
        mark
        for text in dump().values()
        for mark in re.findall(rf"{CANARY} [\w.]+ \d+", text)
        if mark.split()[1] in told
    }
    assert marks

    page, data = file_of(user)

    data = json.dumps(data)
    assert [mark for mark in sorted(marks) if mark not in data] == []
    assert [mark for mark in sorted(marks) if mark not in page] == []


def test_what_the_other_gave_them_and_what_both_wrote_stands_in_their_file(world):
    text = text_of(world.people["mentee"])

    got = ("comment", "situation", "behaviour", "impact", "gratitude")
    both = ("shared note", "subject", "room", "plan", "expectation")
    assert [each for each in (*got, *both) if f"{OURS} {each}" not in text] == []


def test_what_only_they_can_read_is_in_their_own_file(world):
    page, data = file_of(world.people["mentor"])

    wanted = [f"{PRIVATE} of the mentor"] + [
        f"{PRIVATE} {name}"
        for name in ("Reflection", "Concern", "FitCheck", "EndReason")
    ]
    for text in (page, json.dumps(data)):
        assert [each for each in wanted if each not in text] == []
    assert data["complete"] is True
    assert data["only_in_own_file"] == []


def test_what_was_said_under_a_report_is_in_the_file_of_whoever_wrote_it(world):
    report = Report.objects.written_by(world.people["mentee"])[0]
    report.add("Nobody answers me.", by=world.people["mentee"])
    report.add("I will call you.", by=report.to)
    report.save()

    found = text_of(world.people["mentee"])

    assert "Nobody answers me." in found
    assert "I will call you." in found
    assert "I will call you." not in text_of(report.to)


def test_what_they_reported_is_in_their_own_file_and_not_in_that_of_its_reader(world):
    assert REPORTED in text_of(world.people["mentee"])
    assert REPORTED not in text_of(world.people["mentor"])


def test_background_and_a_draft_are_opened(world):
    mentee = world.people["mentee"]
    background = Background(user=mentee)
    choice = BackgroundChoice.objects.all()[0]
    background.write({choice.question_id: choice.pk})
    background.save()
    invitation = Invitation.objects.filter(to=mentee)[0]
    question = invitation.wave.survey.questions.get(kind="text")
    draft = Draft(invitation=invitation)
    draft.write({question.pk: "half a sentence"})
    draft.save()

    page, data = file_of(mentee)

    [told] = data["data"]["people.background"]
    assert told["text"] == {str(choice.question): str(choice)}
    [told] = data["data"]["feedback.draft"]
    assert list(told["text"].values()) == ["half a sentence"]
    assert "half a sentence" in page


def test_a_lost_key_leaves_the_rest_of_the_file(world):
    mentor = world.people["mentor"]
    PrivateNote.objects.update(sealed=b"another key")

    _page, data = file_of(mentor)

    [note] = data["data"]["mentorships.privatenote"]
    assert note["text"] is None
    assert data["data"]["mentorships.reflection"][0]["text"]


# --- and no more than that


@pytest.mark.parametrize("role", ["outsider", "mentee", "coordinator", "hr_admin"])
def test_what_another_keeps_for_themselves_is_in_no_file(world, role):
    text = text_of(world.people[role])

    assert PRIVATE not in text.replace(REPORTED, "")
    assert THEIRS not in text


def test_a_coordinators_file_does_not_say_what_was_said(world):
    text = text_of(world.people["coordinator"])

    assert [each for each in SAID if each in text] == []


def test_what_one_puts_down_as_theirs_is_in_the_file_of_that_one(world):
    mentor, mentee = (text_of(world.people[role]) for role in ("mentor", "mentee"))

    for mark in ("action", "step"):
        assert f"{OURS} {mark}" in mentee
        assert f"{OURS} {mark}" not in mentor
    assert f"{OURS} preparation" in mentor
    assert f"{OURS} preparation" not in mentee


def test_why_a_mentor_said_no_is_in_the_file_of_that_mentor_alone(world):
    Request.objects.update(
        state="declined", reason="MARK_NO", answered_at=timezone.now()
    )

    assert "MARK_NO" in text_of(world.people["mentor"])
    assert "MARK_NO" not in text_of(world.people["mentee"])


@pytest.mark.parametrize("role", ["mentee", "mentor"])
def test_care_matches_not_announced_and_secrets_are_in_no_file(world, role):
    user = world.people[role]
    user.set_password("a long enough sentence")
    user.save()

    text = text_of(user)

    assert f"{OURS} reason" not in text
    # Kept apart from the mentee, and in a proposal with the mentor.
    assert f"{OURS} Waiting" not in text
    assert user.password not in text
    assert str(user.mark) not in text
    assert "JBSWY3DPEHPK3PXP" not in text
    assert str(world.people["mentee"].calendar_feed.mark) not in text


def test_whoever_stepped_out_of_a_group_does_not_get_what_was_said_after(world):
    mentee = world.people["mentee"]
    mentorship = Mentorship.objects.get(pk=world.arguments["mentorship_id"])
    Member.objects.filter(mentorship=mentorship, participant__user=mentee).update(
        left_at=timezone.now()
    )
    later = factories.MentoringSessionFactory(
        mentorship=mentorship, held=True, subject="MARK_LATER"
    )
    SharedNote.objects.create(
        session=later, body="MARK_LATER", by=world.people["mentor"]
    )

    _page, data = file_of(mentee)

    assert "MARK_LATER" not in json.dumps(data)
    assert [each["role"] for each in data["data"]["mentorships.member"]] == ["mentee"]


# --- what HR gives


@pytest.mark.parametrize("role", ["mentor", "mentee"])
def test_the_file_that_hr_makes_holds_what_hr_may_read(world, role):
    person, hr_admin = world.people[role], world.people["hr_admin"]

    page, data = file_of(person, by=hr_admin)

    text = page + json.dumps(data)
    assert PRIVATE not in text
    assert [each for each in SAID if each in text] == []
    assert f"{OURS} motivation" in text
    assert person.employment.employee_number in text
    assert data["complete"] is False
    assert "private notes" in " ".join(data["only_in_own_file"])
    for section in SECTIONS:
        if not section.columns_for(FOR_HR):
            assert section.key not in data["data"]


def test_a_row_that_would_tell_by_being_there_is_not_half_told():
    """A line for each concern, be it an empty one, would say that there was one."""
    alone = {
        section.key
        for section in SECTIONS
        if max(each.circle for each in section.columns) == Circle.ME
    }

    assert alone >= {
        "mentorships.concern",
        "mentorships.endreason",
        "mentorships.fitcheck",
        "mentorships.privatenote",
        "mentorships.reflection",
        "feedback.report",
        "feedback.invitation",
    }


def test_the_page_of_hr_says_what_is_left_out_and_why(as_user, hr_admin, mentee):
    client = as_user(hr_admin)
    url = reverse("people:person_data", args=[mentee.pk])
    assert (
        url
        in client.get(
            reverse("people:person_detail", args=[mentee.pk])
        ).content.decode()
    )

    page = client.get(url).content.decode()

    for each in kept_from_hr():
        assert each in page
    assert "answers to anonymous surveys" in page.lower()


def test_hr_gives_what_is_kept_about_somebody_who_left(world):
    leaver = world.people["leaver"]
    url = reverse("people:person_data", args=[leaver.pk])
    client = world.client("hr_admin")

    assert "cannot sign in any more" in client.get(url).content.decode()
    _page, data = unpacked(client.post(url).content)

    assert data["data"]["people.user"][0]["name"] == leaver.name


def test_of_who_was_erased_there_is_no_file(world):
    mentee = world.people["mentee"]
    actions.erase_person(mentee, by=world.people["hr_admin"])
    url = reverse("people:person_data", args=[mentee.pk])

    assert world.client("hr_admin").get(url).status_code == 404
    assert world.client("hr_admin").post(url).status_code == 404


def test_an_hr_admin_is_led_to_their_own_whole_file(as_user, hr_admin):
    answer = as_user(hr_admin).get(reverse("people:person_data", args=[hr_admin.pk]))

    assert answer.url == MINE


# --- the page and the file


def test_the_settings_lead_to_the_file(as_user, mentee):
    client = as_user(mentee)
    assert MINE in client.get(reverse("people:settings")).content.decode()

    answer = client.post(MINE)

    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/zip"
    assert answer["Cache-Control"] == "no-store"
    assert re.fullmatch(
        r'attachment; filename="mentee-mia-\d{4}-\d\d-\d\d\.zip"',
        answer["Content-Disposition"],
    )
    _page, data = unpacked(answer.content)
    assert data["person"] == data["made_by"] == mentee.name
    assert data["data"]["people.user"][0]["email"] == mentee.email


def test_the_file_speaks_the_language_of_the_person(hr_admin, mentee):
    for language in ("en", "nl"):
        User.objects.filter(pk=mentee.pk).update(language=language)
        mentee.refresh_from_db()

        content = actions.take_data(mentee, by=hr_admin).content

        with override(language):
            name = pgettext("name of a file", "data")
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            assert sorted(archive.namelist()) == [f"{name}.html", f"{name}.json"]
            page = archive.read(f"{name}.html").decode()
        assert f'<html lang="{language}">' in page


def test_the_keys_stay_what_they_are_in_any_language(world):
    mentee = world.people["mentee"]
    found = []
    for language in ("en", "nl"):
        User.objects.filter(pk=mentee.pk).update(language=language)
        mentee.refresh_from_db()
        _page, data = file_of(mentee)
        [goal] = data["data"]["mentorships.goal"]
        found.append((list(data["data"]), list(goal), goal["state"], goal["by_on"]))

    assert found[0] == found[1]


def test_the_page_runs_nothing_and_fetches_nothing(mentee):
    Profile.objects.filter(user=mentee).delete()
    factories.ProfileFactory(user=mentee, about="<script>evil()</script>")

    page, _data = file_of(mentee)

    assert "&lt;script&gt;evil()" in page
    assert "<script" not in page
    assert "default-src 'none'" in page
    assert re.findall(r'(?:src|href)="(?!#)[^"]*"', page) == []


def test_opening_the_page_makes_no_file(as_user, mentee):
    as_user(mentee).get(MINE)

    assert not Event.objects.filter(verb=TAKEN).exists()


def test_who_took_it_is_written_down_and_shown(as_user, hr_admin, mentee):
    as_user(hr_admin).post(reverse("people:person_data", args=[mentee.pk]))

    event = Event.objects.get(verb=TAKEN)
    assert (event.by, event.about_id) == (hr_admin, mentee.pk)
    assert hr_admin.name in as_user(mentee).get(MINE).content.decode()


def test_that_they_took_it_themselves_is_on_no_page_of_hr(as_user, hr_admin, mentee):
    actions.take_data(mentee, by=mentee)
    url = reverse("people:person_data", args=[mentee.pk])

    assert "Made before" in as_user(mentee).get(MINE).content.decode()
    assert "Made before" not in as_user(hr_admin).get(url).content.decode()


def test_whoever_has_a_second_step_shows_it_first(world):
    client = world.client("mentee")

    for send in (client.get, client.post):
        answer = send(MINE)
        assert answer.status_code == 302
        assert "second-step/again" in answer.url
    assert not Event.objects.filter(verb=TAKEN).exists()


def test_so_many_files_an_hour(as_user, mentee):
    client = as_user(mentee)
    for _time in range(MOST_OWN):
        assert client.post(MINE).status_code == 200

    answer = client.post(MINE)

    assert answer.status_code == 422
    assert "Try again in an hour" in answer.content.decode()
    assert Event.objects.filter(verb=TAKEN).count() == MOST_OWN
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        actions.take_data(mentee, by=mentee)


def test_hr_makes_some_files_an_hour_and_still_gets_their_own(hr_admin, mentee):
    for _time in range(MOST_OF_OTHERS):
        Event.objects.create(
            by=hr_admin, verb=TAKEN, about_type="people.user", about_id=mentee.pk
        )

    with pytest.raises(ValidationError, match="often enough"):
        actions.take_data(mentee, by=hr_admin)
    actions.take_data(hr_admin, by=hr_admin)


# --- much of it


def years_of_sessions(mentorship, mentor, number):
    """Sessions with notes of both kinds, as far back as that goes."""
    member = mentorship.members.get(participant__user=mentor)
    for week in range(number):
        session = factories.MentoringSessionFactory(
            mentorship=mentorship,
            held=True,
            starts_at=timezone.now() - timedelta(weeks=week + 1),
        )
        Attendance.objects.create(session=session, member=member, rating=4)
        for version in (1, 2):
            SharedNote.objects.create(
                session=session, version=version, body="said " * 400, by=mentor
            )
        note = PrivateNote(session=session, author=mentor)
        note.write("thought " * 100)
        note.save()


def test_five_years_of_sessions_ask_the_database_no_more(mentorship, mentor):
    years_of_sessions(mentorship, mentor, 2)
    with CaptureQueriesContext(connection) as few:
        file_of(mentor)
    years_of_sessions(mentorship, mentor, 130)

    with CaptureQueriesContext(connection) as many:
        _page, data = file_of(mentor)

    assert len(data["data"]["mentorships.sharednote"]) == 264
    assert MentoringSession.objects.count() == 132
    assert len(many) <= len(few)


def test_no_label_is_left_over():
    used = {id(each.label) for section in SECTIONS for each in section.columns}

    assert [key for key, label in LABELS.items() if id(label) not in used] == []
