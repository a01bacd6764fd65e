"""The link for the first HR admin, where ``up`` does not run."""

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command


def test_first_admin_prints_a_link_that_opens(client, capsys):
    call_command("first_admin")

    link = capsys.readouterr().out.strip()
    assert link.startswith(settings.SITE_URL)
    assert client.get(link.removeprefix(settings.SITE_URL)).status_code == 200


def test_first_admin_refuses_when_there_is_one(hr_admin):
    with pytest.raises(CommandError):
        call_command("first_admin")
