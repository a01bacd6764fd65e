"""Results as a file."""

import csv
import io
from datetime import datetime

from django.urls import reverse
from openpyxl import load_workbook

from feedback.actions import answer, from_template, open_wave, settle
from feedback.models import Survey, Wave


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

    path = reverse("feedback:wave_export", args=[wave.pk, "csv"])
    body = as_coordinator.get(path).content.decode()

    assert "a remark" not in body
    # A head, and of each of six questions that too few answered.
    assert body.count("\n") == 1 + 6
    assert body.count("too few to show") == 6


def test_wave_export_knows_two_kinds_of_files(as_coordinator, wave):
    url = reverse("feedback:wave_export", args=[wave.pk, "exe"])

    assert as_coordinator.get(url).status_code == 404
