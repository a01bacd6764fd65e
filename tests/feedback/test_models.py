import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import FieldDoesNotExist
from django.db import IntegrityError, models, transaction
from django.utils import timezone, translation

from feedback.models import FreshSheet, Invitation, Question, Survey, Wave
from mentoring.sealing import CannotOpen


@pytest.fixture
def invitation(wave):
    return wave.invitations.order_by("pk").first()


def test_a_floor_below_five_is_refused_by_the_database(program):
    with pytest.raises(IntegrityError), transaction.atomic():
        Survey.objects.create(program=program, key="tiny", name_en="Tiny", floor=4)


def test_a_wave_closes_after_it_opens(pulse):
    now = timezone.now()

    with pytest.raises(IntegrityError), transaction.atomic():
        Wave.objects.create(survey=pulse, occasion="x", opens_at=now, closes_at=now)


def test_somebody_is_asked_once_in_a_wave(invitation):
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.create(
            wave=invitation.wave, to=invitation.to, role=invitation.role
        )


def test_a_survey_has_its_texts_in_the_language_of_the_reader(pulse):
    with translation.override("nl"):
        assert pulse.name == pulse.name_nl
        assert pulse.questions.first().text == pulse.questions.first().text_nl
    with translation.override("en"):
        assert str(pulse) == pulse.name_en
        assert str(pulse.questions.first()) == pulse.questions.first().text_en


def test_what_can_be_answered_follows_from_the_kind(pulse):
    scale = Question(survey=pulse, kind="scale")
    nps = Question(survey=pulse, kind="nps")
    one_of = Question(
        survey=pulse,
        kind="choice",
        options=[{"nl": "ja", "en": "yes"}, {"nl": "nee", "en": "no"}],
    )

    with translation.override("nl"):
        assert [value for value, _label in scale.choices] == list("12345")
        assert len(nps.choices) == 11
        assert one_of.choices == [("0", "ja"), ("1", "nee")]


def test_a_link_is_of_one_invitation(invitation):
    token = invitation.get_absolute_url().rstrip("/").rsplit("/", 1)[-1]

    assert Invitation.from_token(token) == invitation


def test_an_altered_link_is_of_nobody(invitation):
    token = invitation.get_absolute_url().rstrip("/").rsplit("/", 1)[-1]
    number, signature = token.split(":")

    assert Invitation.from_token(f"{int(number) + 1}:{signature}") is None
    assert Invitation.from_token("nonsense") is None


def test_open_for_is_what_somebody_can_still_answer(wave, invitation):
    assert list(Invitation.objects.open_for(invitation.to)) == [invitation]

    Wave.objects.update(closes_at=timezone.now())

    assert list(Invitation.objects.open_for(invitation.to)) == []


def test_open_for_leaves_out_what_was_answered(wave, invitation, fill_in):
    fill_in(invitation)

    assert list(Invitation.objects.open_for(invitation.to)) == []


def test_a_wave_is_open_from_its_first_moment_until_its_last(pulse):
    now = timezone.now()
    wave = Wave(
        survey=pulse,
        opens_at=now - timedelta(days=1),
        closes_at=now + timedelta(days=1),
    )

    assert wave.is_open
    wave.closes_at = now - timedelta(hours=1)
    assert not wave.is_open


def test_a_fresh_sheet_opens_with_what_was_sealed_in_it(wave):
    sheet = FreshSheet.of(wave, "mentee", {1: "5", 2: "warm words"})

    assert sheet.open() == ("mentee", "", {1: "5", 2: "warm words"}, True)


def test_a_fresh_sheet_shows_nothing_to_a_reader_of_the_database(wave):
    sheet = FreshSheet.of(wave, "mentee", {1: "5", 2: "warm words"})

    assert b"warm" not in bytes(sheet.sealed)
    assert b"mentee" not in bytes(sheet.sealed)


def test_a_fresh_sheet_is_as_long_whatever_was_written(wave):
    short = FreshSheet.of(wave, "mentee", {1: "5"})
    long = FreshSheet.of(wave, "mentor", {1: "5", 2: "word " * 300})

    assert len(short.sealed) == len(long.sealed)


def test_a_fresh_sheet_moved_to_another_row_does_not_open(wave):
    sheet = FreshSheet.of(wave, "mentee", {1: "5"})
    sheet.pk = uuid.uuid4()

    with pytest.raises(CannotOpen):
        sheet.open()


def kinds_of_fields(model: type[models.Model]) -> set[str]:
    return {field.get_internal_type() for field in model._meta.get_fields()}


def test_a_fresh_sheet_has_no_place_for_a_person_or_a_time():
    assert kinds_of_fields(FreshSheet) == {"UUIDField", "ForeignKey", "BinaryField"}
    assert [
        field.related_model
        for field in FreshSheet._meta.get_fields()
        if field.is_relation
    ] == [Wave]


def test_an_invitation_does_not_say_when_it_was_answered():
    with pytest.raises(FieldDoesNotExist):
        Invitation._meta.get_field("answered_at")
    assert Invitation._meta.get_field("answered").get_internal_type() == "BooleanField"
