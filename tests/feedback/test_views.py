import csv
import io
import re
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from feedback.actions import answer, close_wave, from_template, open_wave, settle
from feedback.models import FreshSheet, Invitation, Survey, Wave
from people.models import Employment


def visitor() -> Client:
    """Somebody who has not signed in, with a browser in English."""
    return Client(headers={"Accept-Language": "en"})


def text(response):
    return response.content.decode()


@pytest.fixture
def invitation(wave):
    return wave.invitations.select_related("wave__survey", "to").order_by("pk").first()


def given(invitation, **changes):
    """A whole sheet, as a browser sends it."""
    data = {}
    for question in invitation.wave.survey.questions.all():
        if question.kind != "text":
            data[f"q{question.pk}"] = "4"
    return data | changes


# --- answering


def test_survey_answer_needs_no_signing_in(invitation):
    response = visitor().get(invitation.get_absolute_url())

    assert response.status_code == 200
    assert "Send answers" in text(response)


def test_survey_answer_says_that_it_is_anonymous(invitation):
    body = text(visitor().get(invitation.get_absolute_url()))

    assert "anonymous" in body
    assert invitation.to.name not in body


def test_opening_a_link_answers_nothing(invitation):
    visitor().get(invitation.get_absolute_url())

    invitation.refresh_from_db()
    assert not invitation.answered
    assert not FreshSheet.objects.exists()


def test_survey_answer_takes_the_answers_and_thanks(invitation):
    response = visitor().post(
        invitation.get_absolute_url(), given(invitation), follow=True
    )

    assert "Thank you" in text(response)
    invitation.refresh_from_db()
    assert invitation.answered
    assert FreshSheet.objects.count() == 1


def test_survey_answer_asks_for_what_is_missing_and_keeps_the_rest(invitation):
    question = invitation.wave.survey.questions.first()
    data = given(invitation)
    del data[f"q{question.pk}"]

    response = visitor().post(invitation.get_absolute_url(), data)

    assert response.status_code == 422
    assert "There is a problem" in text(response)
    assert "checked" in text(response)
    assert not FreshSheet.objects.exists()


def test_survey_answer_takes_nothing_that_is_not_an_answer(invitation):
    question = invitation.wave.survey.questions.first()

    response = visitor().post(
        invitation.get_absolute_url(), given(invitation, **{f"q{question.pk}": "6"})
    )

    assert response.status_code == 422
    assert not FreshSheet.objects.exists()


def test_a_second_sheet_from_the_same_link_is_not_taken(invitation):
    visitor().post(invitation.get_absolute_url(), given(invitation))

    response = visitor().post(invitation.get_absolute_url(), given(invitation))

    assert response.status_code == 409
    assert "Your first answers count" in text(response)
    assert FreshSheet.objects.count() == 1


def test_answers_that_come_too_late_are_said_not_to_be_added(invitation):
    Wave.objects.update(closes_at=timezone.now())

    response = visitor().post(invitation.get_absolute_url(), given(invitation))

    assert response.status_code == 410
    assert "it was not added" in text(response)


def test_survey_answer_says_before_sending_that_it_is_for_good(invitation):
    body = text(visitor().get(invitation.get_absolute_url()))

    assert "after that they cannot be changed" in body


def test_a_closed_survey_says_so(invitation):
    Wave.objects.update(closes_at=timezone.now())

    response = visitor().get(invitation.get_absolute_url())

    assert response.status_code == 410
    assert "closed" in text(response)


def test_an_altered_link_opens_nothing(invitation):
    response = visitor().get(reverse("feedback:survey_answer", args=["1:altered"]))

    assert response.status_code == 410


# --- asking


@pytest.fixture
def as_coordinator(as_user, coordinator):
    return as_user(coordinator)


def test_survey_list_shows_each_time_that_was_asked(as_coordinator, program, wave):
    body = text(as_coordinator.get(reverse("feedback:survey_list", args=["leaders"])))

    assert "Pulse" in body
    assert "0 of 20" in body


def test_survey_list_says_what_to_expect_when_nothing_was_asked(
    as_coordinator, program
):
    body = text(as_coordinator.get(reverse("feedback:survey_list", args=["leaders"])))

    assert "Nothing asked yet" in body


def test_survey_list_does_not_grow_in_queries(
    as_coordinator, program, pulse, in_mentorships
):
    in_mentorships(3)
    url = reverse("feedback:survey_list", args=["leaders"])
    now = timezone.now()

    def ask(occasion):
        Wave.objects.create(
            survey=pulse,
            occasion=occasion,
            opens_at=now,
            closes_at=now + timedelta(days=14),
        )

    ask("one")
    as_coordinator.get(url)
    with CaptureQueriesContext(
        connection,
    ) as few:
        as_coordinator.get(url)
    for number in range(6):
        ask(f"more {number}")
    with CaptureQueriesContext(connection) as many:
        as_coordinator.get(url)

    assert len(many) == len(few)


# --- results


def test_wave_detail_shows_nothing_below_the_floor(as_coordinator, wave, answered_by):
    answered_by(4, text="a remark")
    settle(wave)

    body = text(as_coordinator.get(wave.get_absolute_url()))

    assert "4 of 20 people answered" in body
    assert "Too few to show" in body
    assert "a remark" not in body
    assert '<svg class="chart"' not in body


def test_wave_detail_says_what_enough_answers_of_two_roles_wait_for(
    as_coordinator, wave, answered_by
):
    answered_by(4, role="mentee")
    answered_by(4, role="mentor")
    settle(wave)

    body = text(as_coordinator.get(wave.get_absolute_url()))

    assert "not yet 5 of one role" in body
    assert "when the survey closes on" in body


def test_wave_detail_of_a_closed_wave_says_that_too_few_stay_sealed(
    as_coordinator, wave, answered_by
):
    answered_by(4)
    Wave.objects.update(closes_at=timezone.now())

    body = text(as_coordinator.get(wave.get_absolute_url()))

    assert "What they said stays sealed" in body
    assert "Close it now" not in body


def test_wave_detail_says_who_does_not_count_towards_the_floor(
    as_coordinator, wave, answered_by, coordinator
):
    asked = wave.invitations.filter(role="mentee").order_by("pk")[:4]
    Employment.objects.filter(user__in=asked.values("to")).delete()
    answered_by(5)

    page = as_coordinator.get(wave.get_absolute_url()).content.decode()
    assert "4 of those asked are not in the HR data." in page
    assert "Results appear from 5 answers" in page

    close_wave(wave, by=coordinator)
    page = as_coordinator.get(wave.get_absolute_url()).content.decode()
    assert "Fewer than 5 of those who answered are in the HR data." in page


def test_wave_detail_says_when_those_in_no_hr_data_are_heard(
    as_coordinator, wave, answered_by
):
    asked = wave.invitations.filter(role="mentee")
    Employment.objects.filter(user__in=asked.values("to")).delete()
    answered_by(6)

    page = as_coordinator.get(wave.get_absolute_url()).content.decode()

    assert "Results come as soon as there are, or when the survey closes" in page
    assert "not yet 5 of one role" not in page


def test_wave_detail_by_department_says_when_results_come(as_coordinator, wave):
    Survey.objects.update(by_department=True)

    body = text(as_coordinator.get(wave.get_absolute_url()))

    assert "Results come when it has closed" in body
    assert "Too few to show" not in body


def test_wave_detail_says_how_many_answers_wait(as_coordinator, wave, answered_by):
    answered_by(6, role="mentee")
    answered_by(3, role="mentor")
    settle(wave)

    body = text(as_coordinator.get(wave.get_absolute_url()))

    assert "3 answers wait for others." in body


def test_wave_detail_shows_a_chart_with_its_table(as_coordinator, wave, answered_by):
    answered_by(5)
    settle(wave)

    body = text(as_coordinator.get(wave.get_absolute_url()))

    assert "<svg" in body
    assert "<table" in body
    assert "mean 4.0 of 5" in body


def test_wave_detail_never_names_who_answered(as_coordinator, wave, answered_by):
    answered_by(8, text="a remark")
    settle(wave)

    body = text(as_coordinator.get(wave.get_absolute_url()))

    for invitation in Invitation.objects.select_related("to"):
        assert invitation.to.name not in body
    assert "a remark" in body


def test_wave_detail_of_another_programme_is_not_there(as_user, outsider, wave):
    assert as_user(outsider).get(wave.get_absolute_url()).status_code == 404


# --- follow-ups, and going on later


@pytest.fixture
def trust(invitation):
    return invitation.wave.survey.questions.get(key="trust")


@pytest.fixture
def why(invitation):
    return invitation.wave.survey.questions.get(key="trust-why")


def is_hidden(question, response):
    """Whether a question stands on the page without being seen."""
    [start] = re.findall(
        rf'<div [^>]*data-question="{question.pk}"[^>]*>', text(response)
    )
    return " hidden" in start


def seen(response):
    """What the browser sends of the questions that are to be seen."""
    return [str(each.pk) for each in response.context["form"].asked]


def test_a_follow_up_is_shown_before_anything_is_sent(invitation, trust, why):
    page = visitor().get(invitation.get_absolute_url())
    data = given(invitation, **{f"q{trust.pk}": "1", "seen": seen(page)})
    data.pop(f"q{why.pk}")

    response = visitor().post(invitation.get_absolute_url(), data)

    assert is_hidden(why, page)
    assert response.status_code == 422
    assert not is_hidden(why, response)
    assert "One more question" in text(response)
    data |= {"seen": seen(response), f"q{why.pk}": ["0"]}
    assert visitor().post(invitation.get_absolute_url(), data).status_code == 302


def test_a_follow_up_of_a_follow_up_that_is_not_asked_is_not_asked(
    invitation, trust, why
):
    why.follow_ups.create(
        survey=why.survey,
        key="more",
        place=99,
        kind="text",
        text_en="What more?",
        shown_values=["0"],
    )
    data = given(invitation, **{f"q{trust.pk}": "5", f"q{why.pk}": ["0"]})

    response = visitor().post(invitation.get_absolute_url(), data)

    assert response.status_code == 302


def test_an_answer_to_a_follow_up_that_does_not_follow_is_left_out(
    invitation, trust, why
):
    data = given(invitation, **{f"q{trust.pk}": "5", f"q{why.pk}": ["0"]})

    visitor().post(invitation.get_absolute_url(), data)

    answers = FreshSheet.objects.get().open().answers
    assert why.pk not in answers


def test_answer_keep_keeps_what_is_filled_in(invitation, trust):
    url = reverse("feedback:answer_keep", args=[invitation.token])

    response = visitor().post(url, {f"q{trust.pk}": "2"}, follow=True)

    body = text(response)
    assert "Kept." in body
    assert f'name="q{trust.pk}" value="2"' in body
    assert "checked" in body
    assert not FreshSheet.objects.exists()


def test_answer_keep_changes_nothing_on_the_page_that_asks_by_itself(invitation, trust):
    url = reverse("feedback:answer_keep", args=[invitation.token])

    response = visitor().post(
        url, {f"q{trust.pk}": "1"}, headers={"HX-Request": "true"}
    )

    assert (response.status_code, response.content) == (204, b"")
    assert invitation.draft.read() == {trust.pk: "1"}


def test_answer_keep_keeps_a_follow_up_whose_answer_before_it_has_changed(
    invitation, trust, why
):
    url = reverse("feedback:answer_keep", args=[invitation.token])

    page = visitor().post(url, {f"q{trust.pk}": "3", f"q{why.pk}": ["0"]}, follow=True)

    assert invitation.draft.read() == {trust.pk: "3", why.pk: ["0"]}
    assert is_hidden(why, page)


def test_answer_keep_after_sending_keeps_nothing_and_says_so(invitation, trust):
    visitor().post(invitation.get_absolute_url(), given(invitation))
    url = reverse("feedback:answer_keep", args=[invitation.token])

    response = visitor().post(url, {f"q{trust.pk}": "1"})

    assert response.status_code == 409
    assert "was not added" in text(response)


def test_answer_keep_of_a_closed_survey_keeps_nothing(invitation, trust):
    Wave.objects.update(closes_at=timezone.now())
    url = reverse("feedback:answer_keep", args=[invitation.token])

    assert visitor().post(url, {f"q{trust.pk}": "1"}).status_code == 410


def test_a_named_survey_says_so_on_top(invitation):
    Survey.objects.update(is_named=True)

    body = text(visitor().get(invitation.get_absolute_url()))

    assert "This survey is not anonymous" in body
    assert "kept without your name" not in body


def test_a_named_survey_says_as_whom_one_answers(invitation):
    Survey.objects.update(is_named=True)

    body = text(visitor().get(invitation.get_absolute_url()))

    assert f"You answer as <strong>{invitation.to.name}</strong>" in body


def test_a_named_survey_is_not_answered_by_somebody_else(
    as_user, outsider, invitation, trust
):
    Survey.objects.update(is_named=True)
    browser = as_user(outsider)
    keep = reverse("feedback:answer_keep", args=[invitation.token])

    page = browser.get(invitation.get_absolute_url())
    sent = browser.post(invitation.get_absolute_url(), given(invitation))
    kept = browser.post(keep, {f"q{trust.pk}": "1"})

    assert {each.status_code for each in (page, sent, kept)} == {403}
    assert f"This survey is for {invitation.to.name}" in text(page)
    invitation.refresh_from_db()
    assert not invitation.answered
    own = as_user(invitation.to).get(invitation.get_absolute_url())
    assert own.status_code == 200


def test_a_named_survey_shows_who_answered_what(as_coordinator, wave, fill_in):
    Survey.objects.update(is_named=True)
    invitation = wave.invitations.select_related("wave__survey", "to").first()
    fill_in(invitation)

    body = text(as_coordinator.get(wave.get_absolute_url()))

    assert "This survey is named" in body
    assert invitation.to.name in body


def test_wave_close_says_first_what_becomes_of_answers_that_wait(
    as_coordinator, wave, answered_by
):
    answered_by(5)
    settle(wave)
    answered_by(1)
    path = reverse("feedback:wave_close", args=[wave.pk])

    page = text(as_coordinator.get(path))
    assert "14 people who have not answered" in page
    assert "1 answer waits for others. It stays sealed for good" in page
    assert Wave.objects.get().is_open

    closed = text(as_coordinator.post(path, follow=True))
    assert "1 answer is not among them and stays sealed" in closed
    assert "New ones are added" not in closed
    assert as_coordinator.get(path).status_code == 302


def test_wave_close_shows_the_results_at_once(as_coordinator, wave, answered_by):
    answered_by(3, role="mentee")
    answered_by(3, role="mentor")

    response = as_coordinator.post(
        reverse("feedback:wave_close", args=[wave.pk]), follow=True
    )

    assert "The results below count 6 answers" in text(response)


@pytest.mark.parametrize(
    ("view", "data"),
    [
        ("survey_edit", {"name_en": "Other", "name_nl": "Anders"}),
        ("survey_retire", {}),
        ("question_add", {"kind": "scale", "text_en": "More?", "text_nl": "Meer?"}),
        ("question_edit", {"kind": "scale", "text_en": "Less?", "text_nl": "Minder?"}),
        ("question_move", {"to": "down"}),
        ("question_order", {"order": "reversed"}),
        ("question_remove", {}),
    ],
)
def test_a_survey_of_an_archived_programme_cannot_be_changed(
    as_coordinator, program, pulse, view, data
):
    before = list(pulse.questions.values_list("key", "text_en"))
    if "order" in data:
        data = {"order": " ".join(key for key, _text in reversed(before))}
    if view == "survey_edit":
        data = {**data, "audience": "everybody", "asks": "by_hand"}
    of_question = view in {"question_edit", "question_move", "question_remove"}
    thing = pulse.questions.first() if of_question else pulse
    program.state = "archived"
    program.save()

    page = as_coordinator.post(
        reverse(f"feedback:{view}", args=[thing.pk]), data, follow=True
    )

    assert "in the archive; nothing can change" in page.content.decode()
    [found] = Survey.objects.filter(key="pulse")
    assert (found.name_en, found.retired_at) == (pulse.name_en, None)
    assert list(found.questions.values_list("key", "text_en")) == before


# --- files


def test_wave_export_has_the_figures_of_the_page(as_coordinator, wave, answered_by):
    answered_by(6, role="mentee", scale=5)
    answered_by(5, role="mentor", scale=2)
    settle(wave)

    body = as_coordinator.get(
        reverse("feedback:wave_export", args=[wave.pk, "csv"])
    ).content.decode("utf-8-sig")

    assert "The sessions are worth their time.,all,all,11,,,,3.64," in body
    assert "The sessions are worth their time.,role,mentee,6,,,,5.0," in body
    assert "The sessions are worth their time.,role,mentor,5,2,5,1," in body
    assert "What would help you further?,all,all,,too few to show," in body


def test_wave_export_is_one_table_that_says_what_it_is_of(
    as_coordinator, wave, answered_by
):
    answered_by(8, text="more time")
    settle(wave)

    body = as_coordinator.get(
        reverse("feedback:wave_export", args=[wave.pk, "csv"])
    ).content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(body)))

    assert all(None not in row and None not in row.values() for row in rows)
    assert {(row["Survey"], row["Asked"], row["Answered"]) for row in rows} == {
        ("Pulse", "20", "8")
    }
    assert [row["Answer"] for row in rows if row["Grouped by"] == "remark"] == [
        "more time"
    ] * 8


def test_wave_export_for_excel_has_shares_in_per_cents_and_a_bold_head(
    as_coordinator, wave, answered_by
):
    answered_by(5, scale=5)
    answered_by(3, scale=2)
    settle(wave)

    content = as_coordinator.get(
        reverse("feedback:wave_export", args=[wave.pk, "xlsx"])
    ).content
    book = load_workbook(io.BytesIO(content))

    assert ("Asked", 20) in book["About"].values
    head, *rows = book["Figures"].iter_rows()
    assert all(cell.font.bold for cell in head)
    share = {cell.value: place for place, cell in enumerate(head)}["Share"]
    shares = [row[share] for row in rows if row[share].value]
    assert (shares[0].value, shares[0].number_format) == (0.375, "0%")


def test_wave_export_of_a_named_survey_has_the_names_of_the_page(
    as_coordinator, wave, invitation, fill_in
):
    Survey.objects.update(is_named=True)
    wave.refresh_from_db()
    invitation.to.name = "=Ann"
    invitation.to.save()
    fill_in(
        wave.invitations.select_related("wave__survey", "to").get(pk=invitation.pk),
        text="hello",
    )

    files = {
        form: as_coordinator.get(
            reverse("feedback:wave_export", args=[wave.pk, form])
        ).content
        for form in ("csv", "xlsx")
    }

    sheet = load_workbook(io.BytesIO(files["xlsx"]))["Who answered what"]
    assert [sheet["A2"].value, sheet["D2"].value] == ["'=Ann", "4"]
    assert "person,'=Ann,,hello" in files["csv"].decode()


def test_wave_export_is_named_by_the_day_of_where_people_are(as_coordinator, wave):
    Wave.objects.update(opens_at=datetime.fromisoformat("2026-06-30T23:30:00+00:00"))

    response = as_coordinator.get(
        reverse("feedback:wave_export", args=[wave.pk, "csv"])
    )

    assert "-2026-07-01.csv" in response["Content-Disposition"]


def test_wave_export_says_what_each_group_chose(
    as_coordinator, program, in_mentorships
):
    in_mentorships(5)
    survey = from_template(program, "half-way")
    wave = open_wave(survey, occasion="now", by=None)
    question = survey.questions.get(key="rhythm-fits")
    for invitation in wave.invitations.select_related("wave__survey", "to"):
        answer(invitation, {question.pk: "1" if invitation.role == "mentor" else "0"})
    settle(wave)

    body = as_coordinator.get(
        reverse("feedback:wave_export", args=[wave.pk, "csv"])
    ).content.decode("utf-8-sig")

    assert f"{question.text_en},role,mentor,5,It is fine as it is,5,1" in body
    assert f"{question.text_en},role,mentee,5,It is fine as it is,0,0" in body


def test_wave_export_defuses_formulas(as_coordinator, wave, answered_by):
    answered_by(8, text='=HYPERLINK("http://evil.example")')
    settle(wave)

    plain = as_coordinator.get(reverse("feedback:wave_export", args=[wave.pk, "csv"]))
    xlsx = as_coordinator.get(reverse("feedback:wave_export", args=[wave.pk, "xlsx"]))

    assert "'=HYPERLINK" in plain.content.decode()
    sheet = load_workbook(io.BytesIO(xlsx.content))["Remarks"]
    assert sheet["B2"].value.startswith("'=HYPERLINK")
    assert sheet["B2"].data_type == "s"


def test_wave_export_says_nothing_below_the_floor(as_coordinator, wave, answered_by):
    answered_by(4, text="a remark")
    settle(wave)

    body = text(
        as_coordinator.get(reverse("feedback:wave_export", args=[wave.pk, "csv"]))
    )

    assert "a remark" not in body
    # A head, and of each of six questions that too few answered.
    assert body.count("\n") == 1 + 6
    assert body.count("too few to show") == 6


def test_wave_export_knows_two_kinds_of_files(as_coordinator, wave):
    url = reverse("feedback:wave_export", args=[wave.pk, "exe"])

    assert as_coordinator.get(url).status_code == 404
