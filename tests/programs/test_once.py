"""A form that makes a programme, sent twice, makes one."""

from django.urls import reverse

from programs.models import Program


def once_in(page):
    return page.content.decode().partition('name="once" value="')[2][:36]


def test_a_second_press_leads_to_the_same_draft(as_user, hr_admin):
    client = as_user(hr_admin)
    path = reverse("programs:program_create", args=["flash"])
    data = {"name_en": "Flash", "once": once_in(client.get(path))}

    first, second = client.post(path, data), client.post(path, data)

    assert Program.objects.count() == 1
    assert first["Location"] == second["Location"]


def test_a_second_press_copies_once(as_user, hr_admin, program):
    client = as_user(hr_admin)
    path = reverse("programs:program_copy", args=[program.slug])
    data = {"name_en": "Again", "once": once_in(client.get(path))}

    first, second = client.post(path, data), client.post(path, data)

    assert Program.objects.count() == 2
    assert first["Location"] == second["Location"]


def test_the_page_opened_anew_makes_another(as_user, hr_admin):
    client = as_user(hr_admin)
    path = reverse("programs:program_create", args=["flash"])

    for name in ("Flash", "Flash again"):
        client.post(path, {"name_en": name, "once": once_in(client.get(path))})

    assert Program.objects.count() == 2
