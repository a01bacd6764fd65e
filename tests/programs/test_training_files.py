"""A training that is a file: known by what is in it, and only for who takes part."""

import io
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from programs import actions
from programs.models import Module
from programs.papers import paper_of


def url(name, *args):
    return reverse(f"programs:{name}", args=args)


def zipped(**parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def broken():
    """A zip of which what is packed cannot be unpacked."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis" * 99)
    found = bytearray(out.getvalue())
    packed = found.index(b"mimetype") + len("mimetype")
    found[packed : packed + 8] = b"\xff" * 8
    return bytes(found)


WORD = zipped(**{"[Content_Types].xml": "<x/>", "word/document.xml": "<x/>"})
SLIDES = zipped(**{"[Content_Types].xml": "<x/>", "ppt/presentation.xml": "<x/>"})
MACROS = zipped(
    **{
        "[Content_Types].xml": "<x/>",
        "word/document.xml": "<x/>",
        "word/vbaProject.bin": "x",
    }
)
WRITER = zipped(mimetype="application/vnd.oasis.opendocument.text")
BROKEN = broken()
PDF = b"%PDF-1.7 something"


def kept(module):
    with module.file.open() as file:
        return file.read()


@pytest.mark.parametrize(
    ("content", "ending"),
    [
        (PDF, "pdf"),
        (b"\x89PNG\r\n\x1a\n...", "png"),
        (b"\xff\xd8\xff\xe0...", "jpg"),
        (WORD, "docx"),
        (SLIDES, "pptx"),
        (WRITER, "odt"),
    ],
)
def test_a_file_is_known_by_what_is_in_it(content, ending):
    assert paper_of(content).ending == ending


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "not taken"),
        (b"<html><script>alert(1)</script>", "not taken"),
        (b"MZ a program", "not taken"),
        (b"PK\x03\x04 broken", "not taken"),
        (BROKEN, "not taken"),
        (zipped(**{"anything.exe": "x"}), "not taken"),
        (zipped(mimetype="application/epub+zip"), "not taken"),
        (MACROS, "macros"),
        (PDF + b"x" * 5 * 1024 * 1024, "larger than 5 MB"),
    ],
)
def test_what_is_not_taken_is_refused_with_the_reason(content, words):
    with pytest.raises(ValidationError, match=words):
        paper_of(content)


def upload(client, program, content=PDF, name="Gids voor mentoren.docx", **data):
    return client.post(
        url("module_add", program.slug),
        {
            "title_en": "Guide",
            "need": "advised",
            "stage": "before",
            "kind": "file",
            "minutes": 10,
            "file": SimpleUploadedFile(name, content),
            **data,
        },
    )


def test_a_file_is_downloaded_as_what_it_is(as_user, coordinator, program, mentee):
    assert upload(as_user(coordinator), program).status_code == 302
    module = Module.objects.get(title_en="Guide")

    page = as_user(mentee).get(url("module_detail", program.slug, module.pk))
    path = url("module_file", program.slug, module.pk)
    response = as_user(mentee).get(path)

    assert path in page.content.decode()
    assert response.content == PDF
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert (
        response["Content-Disposition"]
        == 'attachment; filename="gids-voor-mentoren.pdf"'
    )
    assert "gids" not in module.file.name.lower()


def test_a_file_is_for_the_role_and_the_programme_it_is_for(
    as_user, coordinator, program, mentee, mentor, outsider
):
    upload(as_user(coordinator), program, role="mentor")
    path = url("module_file", program.slug, Module.objects.get(title_en="Guide").pk)

    assert as_user(mentor).get(path).status_code == 200
    assert as_user(mentee).get(path).status_code == 404
    assert as_user(outsider).get(path).status_code == 404


def test_a_form_without_a_file_asks_for_it(as_user, coordinator, program):
    response = upload(as_user(coordinator), program, file="")

    assert response.status_code == 422
    assert "Choose the file" in response.content.decode()


def test_a_bad_file_loses_nothing_that_was_typed(as_user, coordinator, program):
    response = upload(as_user(coordinator), program, b"MZ", body_en="Read it twice.")

    assert response.status_code == 422
    assert "Read it twice." in response.content.decode()
    assert not Module.objects.filter(title_en="Guide").exists()


def test_another_mistake_in_the_form_is_said_too(as_user, coordinator, program):
    response = upload(as_user(coordinator), program, title_en="", minutes="x")

    assert response.status_code == 422


def test_a_file_stays_when_the_words_around_it_change(as_user, coordinator, program):
    client = as_user(coordinator)
    upload(client, program)
    module = Module.objects.get(title_en="Guide")

    client.post(
        url("module_edit", program.slug, module.pk),
        {
            "title_en": "Guide 2",
            "need": "advised",
            "stage": "before",
            "kind": "file",
            "minutes": 10,
        },
    )

    module.refresh_from_db()
    assert module.title == "Guide 2"
    assert kept(module) == PDF


def test_a_file_goes_with_the_last_training_that_has_it(
    program, hr_admin, as_user, coordinator, django_capture_on_commit_callbacks
):
    upload(as_user(coordinator), program)
    module = Module.objects.get(title_en="Guide")
    name = module.file.name
    copied = actions.copy_program(program, name_nl="Kopie", name_en="", by=hr_admin)

    with django_capture_on_commit_callbacks(execute=True):
        actions.remove_module(module, by=hr_admin)
    assert default_storage.exists(name)

    with django_capture_on_commit_callbacks(execute=True):
        actions.remove_module(copied.modules.get(title_en="Guide"), by=hr_admin)
    assert not default_storage.exists(name)


def test_another_file_takes_the_place_of_the_first(
    program, as_user, coordinator, django_capture_on_commit_callbacks
):
    client = as_user(coordinator)
    upload(client, program)
    module = Module.objects.get(title_en="Guide")
    before = module.file.name

    with django_capture_on_commit_callbacks(execute=True):
        client.post(
            url("module_edit", program.slug, module.pk),
            {
                "title_en": "Guide",
                "need": "advised",
                "stage": "before",
                "kind": "file",
                "minutes": 10,
                "file": SimpleUploadedFile("new", WORD),
            },
        )

    module.refresh_from_db()
    assert module.file_name == "new.docx"
    assert kept(module) == WORD
    assert not default_storage.exists(before)


def test_a_file_that_is_lost_is_not_there(as_user, coordinator, program):
    client = as_user(coordinator)
    upload(client, program)
    module = Module.objects.get(title_en="Guide")
    default_storage.delete(module.file.name)

    assert client.get(url("module_file", program.slug, module.pk)).status_code == 404
    page = client.get(url("module_detail", program.slug, module.pk))
    assert page.status_code == 200


def test_the_library_finds_words_in_the_text_of_a_file(as_user, coordinator, program):
    client = as_user(coordinator)
    upload(client, program, body_en="All about listening.")

    page = client.get(url("library", program.slug) + "?q=LISTENING")

    assert "Guide" in page.content.decode()
