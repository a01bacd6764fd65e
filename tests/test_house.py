"""The rules of the house that no single app can keep."""

import gzip
import re
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from django.contrib.staticfiles import finders
from django.core.management import call_command

from mentoring.management.commands.write_states import beginnings, with_states
from tests.cast import make_world

ROOT = Path(__file__).parent.parent
PO = ROOT / "locale" / "nl" / "LC_MESSAGES" / "django.po"


def test_migrations_are_complete():
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_apps_know_only_the_apps_below_them():
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]

    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)

    assert found.returncode == 0, found.stdout


def dutch() -> Catalog:
    with PO.open("rb") as file:
        return read_po(file, locale="nl")


def test_every_text_has_its_dutch():
    catalogue = dutch()

    lacking = [
        message.id
        for message in catalogue
        if message.id
        and (
            message.fuzzy
            or not (
                message.string
                if isinstance(message.string, str)
                else all(message.string)
            )
        )
    ]

    assert lacking == []


def test_the_dutch_keeps_every_placeholder():
    catalogue = dutch()

    wrong = [
        (message.id, [str(error) for error in errors])
        for message, errors in catalogue.check()
    ]

    assert wrong == []


@pytest.mark.skipif(
    not Path("/usr/bin/xgettext").exists(), reason="gettext reads the sources"
)
def test_the_catalogue_has_every_text_of_the_sources():
    before = {message.id for message in dutch()}
    options = ["-i", ".venv", "-i", "tests", "-i", "bench", "-i", "var"]
    saved = PO.read_bytes()

    try:
        call_command("makemessages", "-l", "nl", "--no-obsolete", *options, verbosity=0)
        after = {message.id for message in dutch()}
    finally:
        PO.write_bytes(saved)

    assert after - before == set()


def test_templates_have_no_inline_style_or_script():
    wrong = [
        path.relative_to(ROOT)
        for path in (ROOT / "templates").rglob("*.html")
        if not {"mail", "email"} & set(path.parts)
        and any(
            word in path.read_text()
            for word in (' style="', "<script>", "onclick=", "onchange=")
        )
    ]

    assert wrong == []


def on_the_wire(*contents: bytes) -> int:
    """How many bytes travel, with the compression that every browser knows."""
    return sum(len(gzip.compress(content)) for content in contents)


def test_styles_and_scripts_stay_small():
    styles = [path.read_bytes() for path in (ROOT / "static" / "css").glob("*.css")]
    scripts = [path.read_bytes() for path in (ROOT / "static" / "js").glob("*.js")]
    scripts.append(Path(finders.find("django_htmx/htmx-2.min.js")).read_bytes())

    assert 0 < on_the_wire(*styles) <= 15_000
    assert 0 < on_the_wire(*scripts) <= 30_000


@pytest.mark.parametrize("role", ["mentee", "coordinator", "hr_admin"])
def test_a_first_visit_takes_less_than_100_kilobytes(role: str):
    page = make_world().client(role).get("/").content
    linked = re.findall(r'(?:href|src)="/static/([^"]+)"', page.decode())

    files = [Path(finders.find(name)).read_bytes() for name in linked]

    assert len(files) > 3
    assert on_the_wire(page, *files) <= 100_000


def test_every_state_can_be_reached():
    for model in with_states():
        reached = {target for _sources, target in model.TRANSITIONS.values()}
        sources = set().union(*(found for found, _ in model.TRANSITIONS.values()))

        assert reached | set(beginnings(model)) == set(model.State.values), model
        assert sources <= set(model.State.values), model


def test_the_states_are_drawn_as_they_are():
    said = StringIO()

    call_command("write_states", stdout=said)

    assert (ROOT / "docs" / "states.md").read_text() == said.getvalue()
