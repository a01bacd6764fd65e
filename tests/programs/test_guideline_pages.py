"""Guidelines: written, compared, read."""

from programs import actions
from programs.models import Participant
from tests.programs.pages import text, url


def test_guideline_edit_previews_without_saving(as_user, coordinator, program):
    response = as_user(coordinator).post(
        url("guideline_edit", program.slug, "mentee"),
        {"body_nl": "## Zo", "body_en": "<script>x</script>", "preview": "yes"},
    )

    assert response.status_code == 200
    assert "<h2>Zo</h2>" in text(response)
    assert "<script>x" not in text(response)
    assert program.guidelines.count() == 2


def test_guideline_preview_is_a_part_for_htmx(as_user, coordinator, program):
    response = as_user(coordinator).post(
        url("guideline_edit", program.slug, "mentee"),
        {"body_nl": "Zo", "body_en": "", "preview": "yes"},
        headers={"HX-Request": "true", "HX-Target": "preview"},
    )

    assert text(response).strip().startswith('<section id="preview"')


def test_guideline_edit_makes_a_version_and_says_so(as_user, coordinator, program):
    path = url("guideline_edit", program.slug, "mentee")
    client = as_user(coordinator)
    words = {"body_nl": "Nieuw.", "body_en": "New.", "version": 1}

    assert "Version 2 is saved" in text(client.post(path, words, follow=True))
    stale = client.post(path, {**words, "body_en": "Other."})

    assert stale.status_code == 422
    assert "Other." in text(stale)


def test_empty_guideline_is_refused(as_user, coordinator, program):
    response = as_user(coordinator).post(
        url("guideline_edit", program.slug, "mentee"), {"body_nl": "", "body_en": ""}
    )

    assert response.status_code == 422


def test_guideline_list_counts_who_accepted(as_user, coordinator, program, mentee):
    actions.accept_guideline(Participant.objects.get(user=mentee))

    page = text(as_user(coordinator).get(url("guideline_list", program.slug)))

    assert "accepted by 1 of 1" in page


def test_participant_reads_the_guidelines(as_user, program, mentee):
    response = as_user(mentee).get(url("guideline_detail", program.slug, "mentee"))

    assert "Keep your word." in text(response)
