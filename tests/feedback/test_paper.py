"""Results on paper: the same figures and floors as on the page."""

import io

import pytest
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from reportlab.platypus import Paragraph

from feedback import paper
from feedback.actions import open_wave, settle
from feedback.models import Remark, Survey
from feedback.paper import drawings, pages, styles
from mentoring import charts
from mentoring.branding import forget
from mentoring.colors import for_light
from mentoring.paper import drawable
from people.models import Organisation


@pytest.fixture
def drawn(monkeypatch):
    """Every text that a report draws."""
    found: list[str] = []
    for module in (drawings, pages, styles):
        monkeypatch.setattr(
            module, "drawable", lambda text: found.append(text) or drawable(text)
        )

    def of(wave, language: str = "en") -> str:
        found.clear()
        assert paper.as_pdf(wave, language).startswith(b"%PDF")
        return "\n".join(found)

    return of


def test_below_the_floor_nothing_is_on_paper(wave, answered_by, drawn):
    answered_by(4, scale=5, text="a remark")
    settle(wave)

    text = drawn(wave)

    assert "Too few to show." in text
    assert "mean" not in text.split("How to read this")[0]
    assert "a remark" not in text


def test_figures_by_role_and_remarks_are_on_paper(wave, answered_by, drawn):
    answered_by(6, role="mentee", scale=5, text="more time")
    answered_by(5, role="mentor", scale=2, text="more <b>room</b>")
    settle(wave)

    text = drawn(wave)

    assert "11 of 20 people answered (55%)." in text
    assert "mean 3.6 of 5" in text
    assert "By role" in text
    assert "more time" in text
    assert "more <b>room</b>" in text


def test_the_report_is_in_the_language_that_was_asked_for(wave, answered_by, drawn):
    answered_by(5)
    settle(wave)

    assert "Hoe je dit leest" in drawn(wave, "nl")
    assert "How to read this" in drawn(wave, "en")


def test_a_named_survey_says_so_on_paper(wave, answered_by, drawn):
    Survey.objects.update(is_named=True)
    wave.refresh_from_db()
    answered_by(1)

    assert "This survey is named" in drawn(wave)


@pytest.mark.usefixtures("without_rest")
def test_a_report_shows_how_it_went_over_time(pulse, wave, answered_by, fill_in, drawn):
    answered_by(5, scale=2)
    settle(wave)
    second = open_wave(pulse, occasion="day-90", by=None)
    for invitation in second.invitations.select_related("wave__survey", "to")[:10]:
        fill_in(invitation, scale=4)
    settle(second)

    assert "Mean over time" in drawn(second)


def test_the_logo_of_the_organisation_is_on_the_report(wave):
    plain = paper.as_pdf(wave, "en")
    picture = io.BytesIO()
    Image.new("RGB", (40, 20), "#123456").save(picture, "PNG")
    Organisation.objects.update_or_create(pk=1, defaults={"logo": picture.getvalue()})
    forget()

    marked = paper.as_pdf(wave, "en")

    assert b"/Subtype /Image" not in plain
    assert b"/Subtype /Image" in marked
    assert b"/Width 40" in marked


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_report_is_downloaded_as_a_file(
    wave, answered_by, as_user, coordinator, language
):
    answered_by(5)
    settle(wave)

    response = as_user(coordinator).get(
        reverse("feedback:wave_export", args=[wave.pk, f"pdf-{language}"])
    )

    assert response["Content-Type"] == "application/pdf"
    assert f"-{language}.pdf" in response["Content-Disposition"]
    assert response.content.startswith(b"%PDF")


def test_a_report_says_when_it_was_made(wave):
    today = f"{timezone.localdate():%Y%m%d}"

    assert f"/CreationDate (D:{today}".encode() in paper.as_pdf(wave, "en")


def test_how_to_read_it_does_not_stand_alone_on_a_page(wave, answered_by, monkeypatch):
    """However long what goes before is."""
    answered_by(8, text="more time")
    settle(wave)
    said: list[tuple[int, str]] = []
    monkeypatch.setattr(
        Paragraph,
        "draw",
        lambda self, draw=Paragraph.draw: (
            said.append((self.canv.getPageNumber(), self.getPlainText())),
            draw(self),
        )[1],
    )
    for extra in range(0, 14, 2):
        said.clear()
        Remark.objects.update(text="more time\n" * (1 + extra))
        paper.as_pdf(wave, "en")
        page = next(page for page, text in said if text == "How to read this")
        before = said[[text for _page, text in said].index("How to read this") - 1]
        assert before[0] == page


def test_a_form_that_is_none_is_not_found(wave, as_user, coordinator):
    path = reverse("feedback:wave_export", args=[wave.pk, "docx"])

    assert as_user(coordinator).get(path).status_code == 404


def test_a_report_has_the_colour_and_the_name_of_the_organisation(
    wave, answered_by, as_user, coordinator, monkeypatch
):
    Organisation.objects.update_or_create(
        pk=1, defaults={"name": "Waterlinie", "accent": "#7a1fa2"}
    )
    forget()
    answered_by(5)
    settle(wave)
    colors, texts = set(), []
    plain = drawings.Rect
    monkeypatch.setattr(
        drawings,
        "Rect",
        lambda *args, **given: (
            colors.add(given["fillColor"].hexval()) or plain(*args, **given)
        ),
    )
    monkeypatch.setattr(
        styles, "drawable", lambda text: texts.append(text) or drawable(text)
    )

    as_user(coordinator).get(reverse("feedback:wave_export", args=[wave.pk, "pdf-en"]))

    assert f"0x{for_light('#7a1fa2')[1:]}" in colors
    assert "Waterlinie" in texts[0]


def test_a_chart_of_many_answers_goes_over_to_the_next_page():
    rows = [(f"option {number}", 1) for number in range(70)]

    found = drawings.bars(charts.bars("Which?", rows, whole=70))

    assert len(found) == 3
    assert max(drawing.height for drawing in found) < 500


def test_a_remark_of_two_lines_has_two_on_paper():
    two = styles.paragraph("first\r\nsecond")

    assert "·" not in two.getPlainText()
    assert len(two.breakLines([styles.WIDTH]).lines) == 2
