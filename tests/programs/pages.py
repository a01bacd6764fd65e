"""What tests of the pages of a programme share."""

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

PROGRAM = {
    "name_nl": "Nieuw",
    "name_en": "New",
    "purpose_nl": "Groeien.",
    "purpose_en": "Grow.",
    "model": "one_to_one",
    "join_mode": "open",
    "starts_on": "2030-01-07",
    "ends_on": "2030-07-08",
    "rhythm_days": 14,
    "hours_a_month": "2",
    "capacity_default": 1,
    "capacity_max": 2,
}


def url(name, *args):
    return reverse(f"programs:{name}", args=args)


def text(response):
    return response.content.decode()


def queries_of(client, path):
    client.get(path)  # a session remembers its first page
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)
