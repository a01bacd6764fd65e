"""What no page of ours sends is refused before a page sees it."""

import gc

import pytest
from django.test import RequestFactory
from django.urls import reverse

from mentoring.spreadsheets import xlsx_of
from mentoring.wsgi import application

HUGE = "9" * 25


@pytest.mark.parametrize("charset", ["hex", "base64", "utf-16", "punycode", "nonsense"])
def test_forms_come_in_utf_8_whatever_they_say(charset):
    said = []
    path = reverse("account_login")
    environ = RequestFactory().get(path, {"next": "/é"}).environ
    environ["CONTENT_TYPE"] = f"application/x-www-form-urlencoded; charset={charset}"

    b"".join(application(environ, lambda status, headers, *_: said.append(status)))

    assert said == ["200 OK"]


def test_a_number_that_no_row_has_is_no_error_of_ours(as_user, mentee, hr_admin):
    """SQLite cannot hold it: a bad request. Postgres compares and finds none."""
    url = reverse("people:profile_autosave")
    topics = reverse("people:topic_list")

    said = as_user(mentee).post(url, {"interests": HUGE})
    asked = as_user(hr_admin).get(topics, {"family": HUGE})

    assert said.status_code in (200, 400)
    assert asked.status_code in (200, 400)
    assert not mentee.profile.interests.exists()


def test_a_spreadsheet_holds_what_was_pasted_from_elsewhere():
    assert xlsx_of({"Remarks": [["pasted\x0bfrom Word", "\x00=1+1"]]})


def test_what_the_web_server_loads_is_not_looked_through_for_garbage():
    assert application
    assert gc.get_freeze_count() > 50_000
