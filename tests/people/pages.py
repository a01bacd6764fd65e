"""What tests of the pages about people share."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

PROFILE = {
    "about": "I plan trains.",
    "pronouns": "she/her",
    "languages": ["nl", "de"],
    "meeting": "online",
    "availability": "Tuesdays",
    "style_structure": 1,
    "style_talk": 2,
    "style_pace": 3,
    "style_challenge": 4,
    "style_focus": 5,
}


def page(response) -> str:
    return response.content.decode()


def queries_of(client, url) -> int:
    client.get(url)  # the first one notes when the session was last used
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url).status_code == 200
    return len(seen)
