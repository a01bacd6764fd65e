"""What the organisation is called, looks like, and calls the roles."""

from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from history.models import Event
from mentoring import branding, colors
from mentoring.mail import compose
from mentorships.papers import Award, certificate
from people.forms import OrganisationForm
from people.models import Organisation
from people.models.organisation import logo_now
from programs.models import Role

PAGE = reverse("people:organisation_edit")


@pytest.fixture
def as_hr(as_user, hr_admin):
    return as_user(hr_admin)


def picture(kind="PNG", size=(900, 300)):
    out = BytesIO()
    Image.new("RGB", size, "#aa3355").save(out, kind)
    return out.getvalue()


def upload(content, name="logo.png"):
    return SimpleUploadedFile(name, content, content_type="image/png")


def save(client, **data):
    return client.post(PAGE, {"name": "Waterlinie", "accent": "", **data})


def test_the_name_is_on_every_page_and_in_mail(as_hr, mentee):
    response = save(as_hr)

    assert response.status_code == 302
    assert "Waterlinie" in as_hr.get("/").content.decode()
    assert "Waterlinie" in Client().get(reverse("account_login")).content.decode()
    mail = compose("silence_told", mentee, {"action_url": "https://example.org/"})
    assert "Waterlinie" in mail.body
    assert "Waterlinie" in mail.alternatives[0][0]
    assert Event.objects.filter(verb="organisation changed").count() == 1


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_logo_is_drawn_anew_to_fit_whatever_it_is_called(as_hr, kind):
    save(as_hr, logo=upload(picture(kind), "../logo.exe"))

    page = as_hr.get("/").content.decode()
    address = reverse("people:brand_logo")
    version = Organisation.objects.get().version
    assert f'src="{address}?v={version}"' in page
    response = Client().get(f"{address}?v={version}")
    assert response["Content-Type"] == "image/png"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "immutable" in response["Cache-Control"]
    with Image.open(BytesIO(response.content)) as drawn:
        assert drawn.format == "PNG"
        assert drawn.size == (480, 160)


def test_a_logo_that_is_there_already_is_not_sent_again(as_hr):
    save(as_hr, logo=upload(picture()))
    address = reverse("people:brand_logo")

    first = Client().get(address)
    again = Client().get(address, headers={"if-none-match": first["ETag"]})

    assert first["Cache-Control"] == "no-cache"
    assert again.status_code == 304


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (
            b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
            "An SVG can carry",
        ),
        (b"\n<?xml version='1.0'?><svg/>", "An SVG can carry"),
        (b"<html><script>alert(1)</script></html>", "no picture that we can read"),
        (b"\x89PNG\r\n\x1a\n broken", "no picture that we can read"),
        (picture()[:200], "no picture that we can read"),
        (b"x" * (5 * 1024 * 1024 + 1), "larger than 5 MB"),
    ],
)
def test_what_is_no_picture_is_refused_with_the_reason(as_hr, content, words):
    response = save(as_hr, logo=upload(content))

    assert response.status_code == 422
    assert words in response.content.decode()
    assert "Waterlinie" in response.content.decode()
    assert not Organisation.objects.exists()


def test_a_picture_that_unpacks_to_far_too_much_is_refused(as_hr):
    huge = BytesIO()
    Image.new("1", (9000, 9000)).save(huge, "PNG")

    response = save(as_hr, logo=upload(huge.getvalue()))

    assert "Make it smaller first" in response.content.decode()


def test_a_logo_stays_until_it_is_taken_away(as_hr):
    save(as_hr, logo=upload(picture()))
    save(as_hr)
    assert Client().get(reverse("people:brand_logo")).status_code == 200

    save(as_hr, without_logo="on")

    assert Client().get(reverse("people:brand_logo")).status_code == 404


def test_a_colour_that_cannot_be_read_gets_a_darker_and_says_so(as_hr):
    shown = save(as_hr, accent="#ffe14d", preview="yes")

    assert shown.status_code == 200
    assert "Your colour has a contrast of 1.3 to 1 here" in shown.content.decode()
    assert not Organisation.objects.exists()

    save(as_hr, accent="#FFE14D")

    page = as_hr.get("/").content.decode()
    assert reverse("people:brand_css") in page
    css = Client().get(reverse("people:brand_css")).content.decode()
    assert "--brand: light-dark(#" in css
    assert "light-dark(#ffe14d" not in css


def test_a_picked_colour_leaves_all_else_as_it_was_sent():
    sent = QueryDict("name=A&accent=&picked=%237a1f5c&word=one&word=two")
    form = OrganisationForm(sent)

    assert form.is_valid()

    assert form.data["accent"] == "#7a1f5c"
    assert form.data.getlist("word") == ["one", "two"]


def test_a_colour_can_be_picked_and_a_typed_one_goes_before(as_hr):
    page = as_hr.get(PAGE).content.decode()
    assert 'type="color"' in page

    shown = save(as_hr, picked="#7a1f5c", preview="yes")
    assert 'value="#7a1f5c"' in shown.content.decode()
    save(as_hr, picked="#7a1f5c")
    assert Organisation.current().accent == "#7a1f5c"

    save(as_hr, accent="#225588", picked="#7a1f5c")
    assert Organisation.current().accent == "#225588"

    # Emptied: the colour of the product again, whatever the picker still shows.
    save(as_hr, accent="", picked="#225588")
    assert Organisation.current().accent == ""


@pytest.mark.parametrize("accent", ["red", "#12345", "#12345g", "#fff;}body{"])
def test_what_is_no_colour_is_refused(as_hr, accent):
    response = save(as_hr, accent=accent)

    assert response.status_code == 422
    assert not Organisation.objects.exists()


@given(st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}"))
def test_every_colour_can_be_read_in_both_schemes(color):
    light, dark = colors.for_light(color), colors.for_dark(color)

    for ground in (*colors.LIGHT_GROUNDS, colors.soft_on_light(light)):
        assert colors.contrast(light, ground) >= 4.5
    for ground in (*colors.DARK_GROUNDS, colors.soft_on_dark(dark)):
        assert colors.contrast(dark, ground) >= 4.5
    assert colors.contrast(light, "#ffffff") >= 4.5
    assert colors.contrast(dark, "#10201f") >= 4.5


def test_without_a_colour_there_is_no_style_sheet_of_its_own(as_hr):
    save(as_hr)

    assert reverse("people:brand_css") not in as_hr.get("/").content.decode()
    assert Client().get(reverse("people:brand_css")).status_code == 404


def test_a_role_is_called_what_the_organisation_calls_it(
    as_hr, as_user, coordinator, program
):
    save(as_hr, mentor_en_one="buddy", mentor_en_many="buddies")

    page = as_user(coordinator).get(
        reverse("programs:participant_list", args=[program.slug])
    )

    assert "buddy" in page.content.decode()
    with branding.kept(), translation.override("en"):
        assert Role.MENTOR.label == "buddy"
        assert branding.role_word("mentor", many=True) == "buddies"
    with branding.kept(), translation.override("nl"):
        assert Role.MENTOR.label == "mentor"


def test_a_certificate_has_the_logo_the_colour_and_the_word(
    as_hr, as_user, mentorship, mentor
):
    save(
        as_hr,
        accent="#7a1f5c",
        logo=upload(picture()),
        mentor_en_one="buddy",
        mentor_en_many="buddies",
    )
    award = Award(
        name="Mo",
        role=lambda: str(Role.MENTOR.label),
        program=lambda: "Leaders",
        organisation="Waterlinie",
        first=date(2026, 1, 5),
        last=date(2026, 6, 5),
        sessions=8,
        minutes=480,
        code="ABC",
        link="https://example.org/ABC",
    )
    plain = certificate(award, ["en"])

    with branding.kept():
        own = replace(award, color=branding.brand().light, logo=logo_now())
        branded = certificate(own, ["en"])

    assert b"/Subtype /Image" not in plain
    assert b"/Subtype /Image" in branded
    assert own.color == "#7a1f5c" != award.color


def test_a_mail_says_the_word_and_a_subject_is_no_html(as_hr, mentee, mentor, program):
    save(as_hr, mentor_en_one="buddy & guide", mentor_en_many="buddies")
    mentee.name = "Mia D'Arcy"
    said = {"mentee": mentee, "program": program, "request": {}, "action_url": "x"}

    mail = compose("request", mentor, said)

    assert mail.subject == "Mia D'Arcy asks you to be their buddy & guide"
    assert "would like you as buddy & guide" in mail.body


def test_one_word_alone_is_asked_to_be_completed(as_hr):
    response = save(as_hr, mentor_nl_one="buddy")

    assert response.status_code == 422
    assert "both the singular and the plural" in response.content.decode()


def test_the_brand_is_read_once_until_it_changes(as_hr, django_assert_num_queries):
    branding.forget()

    with translation.override("en"), django_assert_num_queries(1):
        for _page in range(3):
            with branding.kept():
                branding.role_word("mentor")
                branding.worded("%(mentors_word)s and %(mentees_word)s")

    save(as_hr, mentor_en_one="buddy", mentor_en_many="buddies")
    with branding.kept(), translation.override("en"):
        assert branding.role_word("mentor") == "buddy"


def test_migrations_do_not_depend_on_the_words(as_hr):
    save(as_hr, mentor_en_one="buddy", mentor_en_many="buddies")

    assert str(Role.MENTOR.label) == "mentor"


def test_for_others_the_page_is_not_there(as_user, mentor):
    assert as_user(mentor).get(PAGE).status_code == 404
