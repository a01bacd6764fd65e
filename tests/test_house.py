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
from django.db import connection
from django.utils.translation import override

from mentoring.branding import WORDS
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


# A role by itself; a mentorship and mentoring are called so everywhere.
ROLE = re.compile(
    r"\b(mentors?|mentoren|mentees?|co[oö]rdinator(?:s|en)?|peers?)\b", re.IGNORECASE
)
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")


def texts_of(catalogue: Catalog) -> list[tuple[str, str]]:
    """Each text by its language, the singular and the plural apart."""
    found = []
    for message in catalogue:
        for language, text in (("en", message.id), ("nl", message.string)):
            forms = [text] if isinstance(text, str) else text
            found += [(language, form) for form in forms if message.id]
    return found


def test_a_text_names_a_role_only_by_the_word_of_the_organisation():
    # What each role is called until an organisation says it otherwise.
    ours = set()
    for language in ("en", "nl"):
        with override(language):
            ours |= {str(word) for pair in WORDS.values() for word in pair}
    texts = [text for _language, text in texts_of(dutch()) if text not in ours]
    # Texts that are shown as they are shipped, where nobody can change them.
    for name in ("mentorships/data/guides", "mentorships/data/prompts"):
        texts += (ROOT / f"{name}.toml").read_text().splitlines()
    texts += (ROOT / "feedback" / "data" / "care.toml").read_text().splitlines()

    assert [text for text in texts if ROLE.search(PLACEHOLDER.sub("", text))] == []


def test_a_text_is_right_with_any_word_for_a_role():
    """In English "a" or "an", and in Dutch "de" or "het" and what goes with them,
    depend on the word: beside one that an organisation chooses, they are not said.
    """
    one = r" %\((?:role|(?:mentor|mentee|coordinator|peer)_word)\)s"
    depends = {
        "en": rf"\ban?{one}",
        "nl": (
            r"\b(?:de|het|deze|dit|die|dat|onze|ons|elke?|iedere?|welke?|zo’n|dezelfde"
            r"|hetzelfde|andere?|enkele?|nieuwe?|mogelijke?|eerste|volgende"
            rf"|beste?|goede?|vaste?){one}"
        ),
    }
    wrong = [
        text
        for language, text in texts_of(dutch())
        if re.search(depends[language], text, re.IGNORECASE)
    ]

    assert wrong == []


def test_a_text_is_marked_by_a_name_that_the_catalogue_is_made_from():
    """What is imported under a name of our own is not collected, nor translated."""
    aliases = [
        f"{path.relative_to(ROOT)}: {alias}"
        for path in ROOT.glob("*/**/*.py")
        for alias in re.findall(r"gettext(?:_lazy)? as (\w+)", path.read_text())
        if alias != "_" and ".venv" not in path.parts
    ]

    assert aliases == []


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


@pytest.mark.skipif(connection.vendor != "postgresql", reason="of Postgres")
def test_postgres_compiles_no_questions():
    with connection.cursor() as cursor:
        cursor.execute("SHOW jit")
        assert cursor.fetchone() == ("off",)


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
