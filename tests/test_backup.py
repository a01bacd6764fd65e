"""Backup, wipe, restore, check: on whichever database the tests run."""

import json
import os
import subprocess
import sys
import zipfile
from io import StringIO
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command

from mentoring import backup
from mentorships.models import PrivateNote
from people.models import User
from tests import factories
from tests.cast import PRIVATE, make_world


def state():
    return {model._meta.label: backup.summary(model) for model in backup.tables()}


def wipe():
    for model in backup.tables():
        model._base_manager.all()._raw_delete("default")


def run(command, *arguments, **options):
    said = StringIO()
    call_command(command, *arguments, stdout=said, **options)
    return said.getvalue()


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    (settings.MEDIA_ROOT / "photos").mkdir(parents=True)
    (settings.MEDIA_ROOT / "photos" / "mia.jpg").write_bytes(b"\xff\xd8 a photo")
    return settings.MEDIA_ROOT


@pytest.fixture
def world(media):
    return make_world()


@pytest.fixture
def file(tmp_path):
    return tmp_path / "wegwijs.zip"


def test_after_a_wipe_everything_is_back_as_it_was(world, media, file):
    before = state()
    assert sum(entry["rows"] for entry in before.values()) > 200
    run("backup", str(file))
    wipe()
    (media / "photos" / "mia.jpg").unlink()

    said = run("restore", str(file))

    assert state() == before
    assert (media / "photos" / "mia.jpg").read_bytes() == b"\xff\xd8 a photo"
    assert "is the same" in said


@pytest.mark.process
def test_an_empty_database_gets_its_tables_first(world, file, tmp_path, settings):
    run("backup", str(file))

    said = subprocess.run(
        [sys.executable, "manage.py", "restore", str(file)],
        cwd=settings.BASE_DIR,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "mentoring.settings",
            "DATA_DIR": str(tmp_path / "elsewhere"),
            "DATABASE_URL": f"sqlite:///{tmp_path / 'elsewhere.sqlite3'}",
        },
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    assert "is the same" in said


def test_nothing_is_remembered_of_the_rows_that_were_there_before(world, file):
    run("backup", str(file))
    wipe()
    cache.set("figures", "of before")

    run("restore", str(file))

    assert cache.get("figures") is None


def test_after_it_new_rows_get_numbers_of_their_own(world, file):
    run("backup", str(file))
    wipe()
    run("restore", str(file))

    known = set(User.objects.values_list("pk", flat=True))
    assert factories.UserFactory().pk not in known
    factories.ProgramFactory()


def test_what_was_sealed_can_be_read_by_its_writer_and_not_in_the_file(world, file):
    run("backup", str(file))
    with zipfile.ZipFile(file) as archive:
        text = b"".join(archive.read(name) for name in archive.namelist())
    wipe()
    run("restore", str(file))

    assert PRIVATE.encode() not in text
    assert PRIVATE in PrivateNote.objects.first().read()


def test_the_file_is_its_owners_alone_and_holds_no_key_and_no_session(
    world, file, settings
):
    world.client("mentee").get("/")
    run("backup", str(file))

    assert file.stat().st_mode & 0o077 == 0
    with zipfile.ZipFile(file) as archive:
        names = archive.namelist()
    assert not any("session.jsonl" in name and "sessions." in name for name in names)
    assert not any("key" in Path(name).name for name in names)


def test_a_backup_is_not_written_over_another(world, file):
    file.write_bytes(b"an older one")

    with pytest.raises(CommandError, match="stays as it is"):
        run("backup", str(file))

    assert file.read_bytes() == b"an older one"


def test_people_are_not_replaced_unless_one_says_so(world, file):
    run("backup", str(file))
    factories.UserFactory(email="later@example.org")

    with pytest.raises(CommandError, match="--replace"):
        run("restore", str(file))
    assert User.objects.filter(email="later@example.org").exists()

    run("restore", str(file), replace=True)
    assert not User.objects.filter(email="later@example.org").exists()


def change(file, name, text):
    """The same file with one entry different."""
    with zipfile.ZipFile(file) as archive:
        entries = {each: archive.read(each) for each in archive.namelist()}
    entries[name] = text(entries[name])
    with zipfile.ZipFile(file, "w") as archive:
        for each, content in entries.items():
            archive.writestr(each, content)


def test_of_another_version_nothing_is_put_back(world, file):
    run("backup", str(file))

    def older(text):
        manifest = json.loads(text)
        manifest["migrations"].pop()
        return json.dumps(manifest)

    change(file, "manifest.json", older)
    before = state()

    with pytest.raises(CommandError, match="another version"):
        run("restore", str(file), replace=True)

    assert state() == before


def test_a_file_that_lost_a_row_is_refused_and_nothing_is_changed(world, file):
    run("backup", str(file))
    change(
        file,
        "tables/mentorships.progress.jsonl",
        lambda text: text,
    )
    change(
        file,
        "tables/mentorships.milestone.jsonl",
        lambda text: b"\n".join(text.splitlines()[1:]) + b"\n",
    )
    before = state()

    with pytest.raises(CommandError, match="nothing is changed"):
        run("restore", str(file), replace=True)

    assert state() == before


@pytest.mark.parametrize("content", [b"", b"not a zip"])
def test_what_is_no_backup_is_refused(media, file, content):
    file.write_bytes(content)

    with pytest.raises(CommandError):
        run("restore", str(file))


def test_a_zip_of_something_else_is_refused(media, file):
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("hello.txt", "hello")

    with pytest.raises(CommandError, match="not a backup"):
        run("restore", str(file))


def test_a_file_cannot_reach_outside_the_uploads(world, file, tmp_path):
    run("backup", str(file))
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("media/../../escaped.txt", "hello")

    with pytest.raises(CommandError, match="outside"):
        run("restore", str(file), replace=True)

    assert not (tmp_path / "escaped.txt").exists()
