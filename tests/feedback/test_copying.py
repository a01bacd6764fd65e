"""A new programme begins with surveys: its template's, or an earlier one's."""

from datetime import timedelta

import pytest
from django.utils import timezone

from feedback.actions import from_template, pulse_of
from feedback.models import Survey
from feedback.shipped import survey_templates
from outbox.models import SwitchedOff, Wording
from programs.actions import copy_program, create_program, defaults
from programs.blueprints import blueprints
from programs.models import Program


def made(key, by):
    blueprint = blueprints()[key]
    return create_program(Program(**defaults(blueprint)), blueprint=blueprint, by=by)


@pytest.mark.parametrize("key", list(blueprints()))
def test_a_template_brings_its_plan_of_surveys(key, hr_admin):
    program = made(key, hr_admin)

    planned = {entry["key"] for entry in blueprints()[key].surveys}
    assert planned <= set(survey_templates())
    assert set(program.surveys.values_list("key", flat=True)) == planned
    weeks = blueprints()[key].length_weeks
    assert pulse_of(program).first_day < weeks * 7
    for survey in program.surveys.all():
        survey.full_clean()


def test_a_short_programme_asks_earlier_and_once(hr_admin):
    pulse = pulse_of(made("flash", hr_admin))

    assert (pulse.first_day, pulse.every_days) == (21, None)


def test_a_copy_takes_surveys_and_words_along(hr_admin, coordinator):
    earlier = made("onboarding-buddy", hr_admin)
    pulse = pulse_of(earlier)
    pulse.name_en = "How is it going?"
    pulse.save()
    dated = from_template(earlier, "training")
    dated.asks, dated.ask_on = Survey.Asks.ON_DATE, earlier.starts_on
    dated.save()
    now = timezone.now()
    pulse.waves.create(
        occasion="day-14", opens_at=now, closes_at=now + timedelta(days=7)
    )
    Wording.objects.create(
        program_id=earlier.pk, kind="joined", language="en", subject="Welcome!"
    )
    SwitchedOff.objects.create(program_id=earlier.pk, kind="check_in")

    program = copy_program(earlier, name_nl="Nog eens", name_en="", by=hr_admin)

    copied = pulse_of(program)
    assert copied.name_en == "How is it going?"
    assert copied.pk != pulse.pk
    assert not copied.was_asked
    kept = [question.key for question in pulse.questions.order_by("place")]
    assert [each.key for each in copied.questions.order_by("place")] == kept
    asked_if = copied.questions.get(key="trust-why").shown_if
    assert (asked_if.key, asked_if.survey) == ("trust", copied)
    assert program.surveys.get(key="training").asks == Survey.Asks.BY_HAND
    assert Wording.objects.get(program_id=program.pk).subject == "Welcome!"
    assert SwitchedOff.objects.filter(program_id=program.pk).count() == 1
