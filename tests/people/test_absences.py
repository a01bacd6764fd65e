"""When somebody is away: said on the profile, without overlap, and forgotten later."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from people.actions import REMEMBERED, add_absence
from people.models import Absence, last_day_away

ADD = reverse("people:absence_add")


def in_days(number):
    return timezone.localdate() + timedelta(days=number)


def days(first, last):
    return {"starts_on": f"{in_days(first)}", "ends_on": f"{in_days(last)}"}


def text(response):
    return response.content.decode()


def test_it_is_added_and_taken_away_on_the_profile(as_user, mentee):
    client = as_user(mentee)

    response = client.post(ADD, days(3, 9), follow=True)

    assert "When I am away" in text(response)
    absence = mentee.absences.get()
    remove = reverse("people:absence_remove", args=[absence.pk])
    assert remove in text(response)
    assert remove not in text(client.post(remove, follow=True))
    assert client.post(remove).status_code == 302
    assert not mentee.absences.exists()


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [
        (5, 4, "The last day is not before the first."),
        (-9, -1, "These days are over."),
        (1, 900, "Choose a day within two years."),
        (8, 12, "Take that away first"),
        (1, 3, "Take that away first"),
    ],
)
def test_days_that_cannot_be_are_said_and_what_was_typed_stays(
    as_user, mentee, first, last, sentence
):
    add_absence(mentee, starts_on=in_days(3), ends_on=in_days(9))

    response = as_user(mentee).post(ADD, days(first, last))

    assert response.status_code == 422
    assert sentence in text(response)
    assert f'value="{in_days(last)}"' in text(response)
    assert mentee.absences.count() == 1


def test_only_the_part_comes_back_to_htmx(as_user, mentee):
    response = as_user(mentee).post(
        ADD, days(5, 4), HTTP_HX_REQUEST="true", HTTP_HX_TARGET="absences"
    )

    assert response.status_code == 422
    assert "The last day is not before the first." in text(response)
    assert "<main" not in text(response)


def test_nobody_takes_away_that_of_another(as_user, mentee, mentor):
    absence = add_absence(mentor, starts_on=in_days(3), ends_on=in_days(9))

    as_user(mentee).post(reverse("people:absence_remove", args=[absence.pk]))

    assert mentor.absences.exists()


def test_one_that_is_over_is_not_shown_and_later_forgotten(as_user, mentee):
    over = Absence.objects.create(
        user=mentee, starts_on=in_days(-9), ends_on=in_days(-1)
    )
    client = as_user(mentee)

    profile = text(client.get(reverse("people:profile_edit")))
    assert f"absences/{over.pk}/" not in profile

    past = timezone.localdate() - REMEMBERED
    Absence.objects.update(
        starts_on=past - timedelta(days=9), ends_on=past - timedelta(days=1)
    )
    add_absence(mentee, starts_on=in_days(3), ends_on=in_days(9))
    assert mentee.absences.count() == 1


def test_the_database_refuses_an_end_before_the_start_and_the_same_first_day(mentee):
    Absence.objects.create(user=mentee, starts_on=in_days(1), ends_on=in_days(2))

    for first, last in ((5, 4), (1, 3)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Absence.objects.create(
                user=mentee, starts_on=in_days(first), ends_on=in_days(last)
            )


def test_a_second_click_adds_nothing_twice(mentee):
    add_absence(mentee, starts_on=in_days(1), ends_on=in_days(2))

    with pytest.raises(ValidationError):
        add_absence(mentee, starts_on=in_days(1), ends_on=in_days(2))


def test_absences_that_follow_at_once_are_one_time_away():
    first = Absence(starts_on=date(2027, 3, 1), ends_on=date(2027, 3, 5))
    second = Absence(starts_on=date(2027, 3, 6), ends_on=date(2027, 3, 9))
    later = Absence(starts_on=date(2027, 3, 11), ends_on=date(2027, 3, 12))

    assert last_day_away(date(2027, 3, 2), [later, second, first]) == date(2027, 3, 9)
    assert last_day_away(date(2027, 3, 10), [later, second, first]) is None
