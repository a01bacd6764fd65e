"""Pages about people: what they show, what a wrong form says, who sees what."""

from io import BytesIO

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from history.models import Event
from people import actions
from people.catalogue import load_catalogue
from people.models import (
    CareerDirection,
    HrUpload,
    Interest,
    Offer,
    Profile,
    User,
    Wish,
)
from tests import factories

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


# --- the profile


def test_profile_edit_saves_everything_at_once(as_user, outsider):
    load_catalogue()
    interest, been, going = (
        Interest.objects.first(),
        *CareerDirection.objects.all()[:2],
    )

    response = as_user(outsider).post(
        reverse("people:profile_edit"),
        PROFILE
        | {
            "interests": [interest.pk],
            "directions_been": [been.pk],
            "directions_going": [going.pk],
        },
    )

    assert response.status_code == 302
    profile = Profile.objects.get(user=outsider)
    assert profile.about == "I plan trains."
    assert profile.languages == ["nl", "de"]
    assert profile.style == (1, 2, 3, 4, 5)
    assert list(profile.interests.all()) == [interest]
    assert list(profile.directions_been.all()) == [been]
    assert list(profile.directions_going.all()) == [going]
    assert profile.saved_at is not None


def test_profile_edit_says_what_is_wrong_and_keeps_what_was_typed(as_user, outsider):
    response = as_user(outsider).post(
        reverse("people:profile_edit"),
        PROFILE | {"style_pace": 9, "about": "Kept words"},
    )

    assert response.status_code == 422
    assert "There is a problem" in page(response)
    assert "Kept words" in page(response)
    assert Profile.objects.get(user=outsider).about == "I like to help."


def test_profile_edit_with_nothing_sent_is_a_wrong_form(as_user, outsider):
    assert as_user(outsider).post(reverse("people:profile_edit")).status_code == 422


def test_profile_edit_shows_what_hr_says_and_changes_none_of_it(as_user, outsider):
    client = as_user(outsider)
    assert "These come from the HR system" in page(
        client.get(reverse("people:profile_edit"))
    )

    client.post(
        reverse("people:profile_edit"),
        PROFILE
        | {
            "name": "Boss",
            "email": "b@example.org",
            "job": "CEO",
            "org_role": "hr_admin",
        },
    )

    outsider.refresh_from_db()
    assert (outsider.name, outsider.org_role) == ("Otto Outsider", "")
    assert outsider.employment.job == "Planner"


def test_profile_edit_says_who_sees_each_field(as_user, outsider):
    html = page(as_user(outsider).get(reverse("people:profile_edit")))

    # Thirteen fields and two lists of topics.
    assert html.count("Who sees this:") == 15


def test_looking_at_a_profile_makes_none(as_user):
    user = factories.UserFactory()

    assert as_user(user).get(reverse("people:profile_edit")).status_code == 200
    assert not Profile.objects.filter(user=user).exists()


def test_the_first_save_makes_a_profile(as_user):
    user = factories.UserFactory()

    as_user(user).post(reverse("people:profile_edit"), PROFILE)

    assert Profile.objects.get(user=user).availability == "Tuesdays"


def test_profile_edit_goes_on_to_where_one_came_from(as_user, outsider):
    client = as_user(outsider)

    there = client.post(
        reverse("people:profile_edit"), PROFILE | {"next": "/programs/"}
    )
    elsewhere = client.post(
        reverse("people:profile_edit"), PROFILE | {"next": "https://evil.example/"}
    )

    assert there.url == "/programs/"
    assert elsewhere.url == reverse("people:profile_edit")


@pytest.mark.parametrize("words", ["Delegeren", "delegating", "loslaten"])
def test_topic_search_finds_in_either_language(as_user, outsider, words):
    load_catalogue()

    response = as_user(outsider).get(reverse("people:topic_search"), {"q": words})

    assert "Delegating" in page(response)


def test_topic_search_gives_htmx_only_the_part(as_user, outsider):
    response = as_user(outsider).get(
        reverse("people:topic_search"),
        {"q": "nothing has this"},
        headers={"HX-Request": "true", "HX-Target": "found"},
    )

    assert page(response).strip().startswith('<div id="found"')
    assert "No topic has these words" in page(response)


def test_a_topic_is_added_changed_and_removed_without_javascript(as_user, outsider):
    topic = factories.TopicFactory()
    client = as_user(outsider)

    for _twice in range(2):
        added = client.post(reverse("people:offer_add", args=[topic.pk]))
        client.post(reverse("people:wish_add", args=[topic.pk]))
    assert added.status_code == 302
    client.post(reverse("people:offer_change", args=[topic.pk]), {"value": "3"})
    client.post(reverse("people:wish_change", args=[topic.pk]), {"value": "1"})
    assert Offer.objects.get().level == 3
    assert Wish.objects.get().priority == 1
    assert topic.name_en in page(client.get(reverse("people:profile_edit")))

    client.post(reverse("people:offer_change", args=[topic.pk]), {"value": "7"})
    assert Offer.objects.get().level == 3
    client.post(
        reverse("people:offer_change", args=[topic.pk]), {"value": "2", "remove": "yes"}
    )
    client.post(reverse("people:wish_change", args=[topic.pk]), {"remove": "yes"})
    assert not Offer.objects.exists()
    assert not Wish.objects.exists()


def test_htmx_gets_the_topics_back_after_adding_one(as_user, outsider):
    topic = factories.TopicFactory()

    response = as_user(outsider).post(
        reverse("people:offer_add", args=[topic.pk]),
        {"next": "/programs/"},
        headers={"HX-Request": "true", "HX-Target": "topics"},
        follow=True,
    )

    assert page(response).strip().startswith('<section class="card" id="topics"')
    assert 'value="/programs/"' in page(response)


def test_nobody_changes_the_topics_of_somebody_else(as_user, outsider, mentor):
    offer = Offer.objects.create(
        profile=mentor.profile, topic=factories.TopicFactory(), level=2
    )

    as_user(outsider).post(
        reverse("people:offer_change", args=[offer.topic_id]), {"remove": "yes"}
    )

    assert Offer.objects.filter(pk=offer.pk).exists()


def test_a_topic_that_is_not_there_cannot_be_added(as_user, outsider):
    response = as_user(outsider).post(reverse("people:offer_add", args=[404]))

    assert response.status_code == 404


def test_profile_edit_asks_as_much_for_many_topics_as_for_one(as_user, outsider):
    client, url = as_user(outsider), reverse("people:profile_edit")
    Offer.objects.create(profile=outsider.profile, topic=factories.TopicFactory())
    Wish.objects.create(profile=outsider.profile, topic=factories.TopicFactory())
    few = queries_of(client, url)

    for _ in range(8):
        Offer.objects.create(profile=outsider.profile, topic=factories.TopicFactory())
        Wish.objects.create(profile=outsider.profile, topic=factories.TopicFactory())

    assert queries_of(client, url) == few <= 15


# --- what others see


def test_person_detail_shows_what_the_organisation_may_see(as_user, outsider, mentor):
    profile = mentor.profile
    Offer.objects.create(
        profile=profile, topic=factories.TopicFactory(name_en="Kanban")
    )
    Wish.objects.create(profile=profile, topic=factories.TopicFactory(name_en="Salsa"))
    profile.directions_going.add(
        CareerDirection.objects.create(key="up", name_nl="Omhoog", name_en="Upwards")
    )
    profile.interests.add(
        Interest.objects.create(key="chess", name_nl="Schaken", name_en="Chess")
    )

    html = page(as_user(outsider).get(profile.get_absolute_url()))

    for seen in ("I like to help.", "Kanban", "Chess", "Dutch, English", "Planner"):
        assert seen in html
    for kept in ("Salsa", "Upwards", "E0000", reverse("people:person_leave", args=[1])):
        assert kept not in html


def test_person_detail_is_not_there_for_it_admins(as_user, it_admin, mentor):
    url = mentor.profile.get_absolute_url()

    assert as_user(it_admin).get(url).status_code == 404


def test_person_detail_is_not_there_for_leavers(as_user, outsider, leaver, hr_admin):
    url = leaver.profile.get_absolute_url()

    assert as_user(outsider).get(url).status_code == 404
    assert "Works here again" in page(as_user(hr_admin).get(url))


def test_person_detail_of_somebody_without_profile(as_user, outsider):
    user = factories.UserFactory()

    response = as_user(outsider).get(reverse("people:person_detail", args=[user.pk]))

    assert "has not written anything yet" in page(response)


# --- settings and language


def test_settings_change_language_and_zone(as_user, outsider):
    response = as_user(outsider).post(
        reverse("people:settings"), {"language": "nl", "time_zone": "Asia/Tokyo"}
    )

    outsider.refresh_from_db()
    assert response.status_code == 302
    assert (outsider.language, outsider.time_zone) == ("nl", "Asia/Tokyo")


def test_settings_refuse_a_zone_that_is_none(as_user, outsider):
    response = as_user(outsider).post(
        reverse("people:settings"), {"language": "nl", "time_zone": "Mars/Base"}
    )

    assert response.status_code == 422


def test_settings_keep_a_zone_that_is_not_on_the_list(as_user):
    user = factories.UserFactory(time_zone="UTC")

    response = as_user(user).post(
        reverse("people:settings"), {"language": "", "time_zone": "UTC"}
    )

    assert response.status_code == 302


def test_set_language_is_kept_in_the_browser(client):
    response = client.post(
        reverse("set_language"), {"language": "en", "next": "/accounts/login/"}
    )

    assert response.url == "/accounts/login/"
    assert response.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"


def test_set_language_is_kept_with_the_person(as_user, outsider):
    as_user(outsider).post(reverse("set_language"), {"language": "nl"})

    outsider.refresh_from_db()
    assert outsider.language == "nl"


@pytest.mark.parametrize("there", ["https://evil.example/", "//evil.example", ""])
def test_set_language_stays_on_this_site(client, there):
    response = client.post(reverse("set_language"), {"language": "xx", "next": there})

    assert response.url == "/"
    assert settings.LANGUAGE_COOKIE_NAME not in response.cookies


# --- the directory


def test_the_directory_is_for_hr_admins(as_user, mentor, it_admin, sponsor, hr_admin):
    pages = [
        reverse("people:person_list"),
        reverse("people:person_create"),
        reverse("people:people_import"),
        reverse("people:person_leave", args=[mentor.pk]),
    ]

    for url in pages:
        for user in (mentor, it_admin, sponsor):
            assert as_user(user).get(url).status_code == 404
        assert as_user(hr_admin).get(url).status_code == 200


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "otto"}, True),
        ({"q": "outsider otto"}, True),
        ({"q": "operations"}, True),
        ({"q": "nobody"}, False),
        ({"department": "Operations"}, True),
        ({"department": "Board"}, False),
        ({"role": "sponsor"}, False),
        ({"role": "nonsense"}, True),
        ({"page": "99"}, True),
    ],
)
def test_person_list_narrows(as_user, hr_admin, outsider, asked, found):
    html = page(as_user(hr_admin).get(reverse("people:person_list"), asked))

    assert ("Otto Outsider" in html) is found


def test_person_list_shows_leavers_only_when_asked(as_user, hr_admin, leaver):
    client, url = as_user(hr_admin), reverse("people:person_list")

    assert "Lea Leaver" not in page(client.get(url))
    assert "Lea Leaver" in page(client.get(url, {"role": "left"}))


def test_person_list_asks_as_much_for_many_as_for_few(as_user, hr_admin):
    client, url = as_user(hr_admin), reverse("people:person_list")
    few = queries_of(client, url)

    for _ in range(30):
        factories.EmploymentFactory()
        factories.UserFactory()

    assert queries_of(client, url) == few <= 15


def test_person_create_makes_somebody_who_can_sign_in(as_user, hr_admin):
    response = as_user(hr_admin).post(
        reverse("people:person_create"),
        {"name": "Nia Nieuw", "email": "Nia@example.org"},
    )

    nia = User.objects.working_here().get(email="nia@example.org")
    assert response.url == reverse("people:person_detail", args=[nia.pk])
    assert Profile.objects.filter(user=nia).exists()
    assert Event.objects.filter(verb="created", about_id=nia.pk, by=hr_admin).exists()


def test_person_create_refuses_an_address_twice(as_user, hr_admin, outsider):
    response = as_user(hr_admin).post(
        reverse("people:person_create"),
        {"name": "Otto Two", "email": outsider.email.upper()},
    )

    assert response.status_code == 422
    assert "somebody with this e-mail address" in page(response)


def test_person_role_gives_a_role(as_user, hr_admin, outsider):
    url = reverse("people:person_role", args=[outsider.pk])

    as_user(hr_admin).post(url, {"role": "sponsor"})

    outsider.refresh_from_db()
    assert outsider.is_sponsor


def test_person_role_without_a_role_changes_nothing(as_user, hr_admin, sponsor):
    url = reverse("people:person_role", args=[sponsor.pk])

    as_user(hr_admin).post(url)
    as_user(hr_admin).post(url, {"role": "emperor"})

    sponsor.refresh_from_db()
    assert sponsor.is_sponsor


def test_person_role_keeps_the_last_hr_admin(as_user, hr_admin):
    response = as_user(hr_admin).post(
        reverse("people:person_role", args=[hr_admin.pk]), {"role": ""}, follow=True
    )

    assert "Somebody has to be HR admin" in page(response)
    hr_admin.refresh_from_db()
    assert hr_admin.is_hr_admin


def test_nobody_gives_themselves_a_role(as_user, outsider, it_admin):
    for user in (outsider, it_admin):
        url = reverse("people:person_role", args=[user.pk])
        assert as_user(user).post(url, {"role": "hr_admin"}).status_code == 404


def test_person_leave_and_return(as_user, hr_admin, outsider):
    client = as_user(hr_admin)

    client.post(reverse("people:person_leave", args=[outsider.pk]))
    outsider.refresh_from_db()
    assert not outsider.is_active

    client.post(reverse("people:person_return", args=[outsider.pk]))
    outsider.refresh_from_db()
    assert outsider.is_active


def test_person_leave_keeps_the_last_hr_admin(as_user, hr_admin):
    response = as_user(hr_admin).post(
        reverse("people:person_leave", args=[hr_admin.pk])
    )

    assert response.status_code == 422
    assert "Somebody has to be HR admin" in page(response)


# --- the HR file in the browser


def upload(client, text: str):
    file = BytesIO(text.encode())
    file.name = "people.csv"
    return client.post(reverse("people:people_import"), {"file": file})


def test_people_import_shows_before_it_does(as_user, hr_admin):
    client = as_user(hr_admin)

    preview = upload(client, "email,name\nan@example.org,An\nbad,Bo\n")
    html = page(client.get(preview.url))
    assert "an@example.org" in html
    assert "“bad” is not an e-mail address" in html
    assert not User.objects.filter(email="an@example.org").exists()

    refused = client.post(preview.url)
    assert refused.status_code == 422
    assert "good rows" in page(refused)

    done = client.post(preview.url, {"good_rows": "on"}, follow=True)
    assert "Done: 1 new, 0 changed, 0 left." in page(done)
    assert User.objects.filter(email="an@example.org").exists()
    assert not HrUpload.objects.exists()
    assert "Hanna Hradmin" in page(client.get(reverse("people:people_import")))


def test_people_import_marks_leavers_only_when_ticked(as_user, hr_admin):
    people = [factories.EmploymentFactory().user for _ in range(9)]
    rows = "".join(f"{user.email},{user.name}\n" for user in [*people[1:], hr_admin])
    client = as_user(hr_admin)

    preview = upload(client, f"email,name\n{rows}")
    assert "Mark missing people as leavers" in page(client.get(preview.url))
    client.post(preview.url, {"leavers": "on"})

    people[0].refresh_from_db()
    assert not people[0].is_active


def test_people_import_does_not_offer_to_lose_too_many(as_user, hr_admin):
    for _ in range(5):
        factories.EmploymentFactory()
    client = as_user(hr_admin)

    preview = upload(client, f"email,name\n{hr_admin.email},{hr_admin.name}\n")
    assert "5 of 6 people are not in the file" in page(client.get(preview.url))
    assert client.post(preview.url, {"leavers": "on"}).status_code == 422
    assert User.objects.working_here().count() == 6


def test_people_import_says_when_there_is_nothing_to_do(as_user, hr_admin):
    client = as_user(hr_admin)
    text = (
        "email,name,employee_number,department,job,level,location\n"
        f"{hr_admin.email},{hr_admin.name},{hr_admin.employment.employee_number},"
        "Operations,Planner,3,Utrecht\n"
    )

    preview = upload(client, text)

    assert "There is nothing to do" in page(client.get(preview.url))


@pytest.mark.parametrize("text", ["\0\0", " \n"])
def test_people_import_refuses_what_it_cannot_read(as_user, hr_admin, text):
    response = upload(as_user(hr_admin), text)

    assert response.status_code == 422
    assert not HrUpload.objects.exists()


def test_people_import_refuses_a_file_that_is_too_large(as_user, hr_admin, monkeypatch):
    monkeypatch.setattr("people.forms.MAX_UPLOAD", 10)

    response = upload(as_user(hr_admin), "email,name\nan@example.org,An\n")

    assert "larger than" in page(response)


def test_people_import_keeps_one_file_at_a_time(as_user, hr_admin):
    client = as_user(hr_admin)

    upload(client, "email,name\nan@example.org,An\n")
    upload(client, "email,name\nbo@example.org,Bo\n")

    assert b"bo@example" in bytes(HrUpload.objects.get().content)


def test_a_file_of_another_hr_admin_is_not_there(as_user, hr_admin, sponsor):
    preview = upload(as_user(hr_admin), "email,name\nan@example.org,An\n")
    actions.grant_role(sponsor, "hr_admin", by=hr_admin)

    assert as_user(sponsor).get(preview.url).status_code == 404


# --- coming in


def test_welcome_makes_the_first_hr_admin_and_signs_in(client):
    link = actions.first_admin_link()

    assert client.get(link).status_code == 200
    assert User.objects.count() == 0
    response = client.post(link, {"name": "Fem First", "email": "fem@example.org"})

    assert response.url == reverse("dashboards:home")
    assert User.objects.get().is_hr_admin
    assert client.get(reverse("people:person_list")).status_code == 200
    assert client.get(link).status_code == 410


def test_welcome_says_what_is_wrong(client):
    response = client.post(actions.first_admin_link(), {"name": "Fem", "email": "fem"})

    assert response.status_code == 422


def test_welcome_refuses_somebody_who_left(client, leaver):
    response = client.post(
        actions.first_admin_link(), {"name": "Lea", "email": leaver.email}
    )

    assert response.status_code == 422


@pytest.mark.parametrize("token", ["x", "a" * 43])
def test_an_altered_welcome_link_says_what_to_do(client, token):
    actions.first_admin_link()

    response = client.get(reverse("people:welcome", args=[token]))

    assert response.status_code == 410
    assert reverse("account_login") in page(response)


def test_welcome_ends_when_there_is_an_hr_admin(client, outsider):
    link = actions.first_admin_link()
    User.objects.filter(pk=outsider.pk).update(org_role="hr_admin")

    assert client.get(link).status_code == 410


@pytest.mark.parametrize(
    ("role", "email"),
    [
        ("hr_admin", "hr@waterlinie.example"),
        ("coordinator", "coordinator@waterlinie.example"),
        ("mentor", "mentor@waterlinie.example"),
        ("mentee", "mentee@waterlinie.example"),
        ("it_admin", "it@waterlinie.example"),
        ("sponsor", "sponsor@waterlinie.example"),
    ],
)
def test_demo_sign_in_has_a_door_for_each_role(client, role, email):
    user = factories.UserFactory(email=email, language="en")

    response = client.post(
        reverse("people:demo_sign_in", args=[role]), headers={"Accept-Language": "nl"}
    )

    assert response.status_code == 302
    assert client.session["_auth_user_id"] == str(user.pk)
    user.refresh_from_db()
    assert user.language == "nl"


def test_demo_sign_in_is_not_there_outside_of_the_trial(client, settings):
    factories.UserFactory(email="hr@waterlinie.example")
    settings.DEMO_MODE = False

    response = client.post(reverse("people:demo_sign_in", args=["hr_admin"]))

    assert response.status_code == 404


def test_demo_sign_in_knows_no_other_roles(client):
    response = client.post(reverse("people:demo_sign_in", args=["root"]))

    assert response.status_code == 404


def test_no_page_of_people_changes_anything_when_one_only_looks(client):
    for name, args in (
        ("people:offer_add", [1]),
        ("people:demo_sign_in", ["hr_admin"]),
        ("set_language", []),
    ):
        assert client.get(reverse(name, args=args)).status_code in {302, 405}


# --- kept as one goes


def test_profile_is_kept_field_by_field_also_when_another_is_wrong(as_user, mentee):
    interest = Interest.objects.create(key="bees", name_nl="Bijen", name_en="Bees")
    profile = mentee.profile
    Profile.objects.filter(pk=profile.pk).update(about="Before", availability="Monday")

    response = as_user(mentee).post(
        reverse("people:profile_autosave"),
        {"about": "x" * 1501, "availability": "Friday", "interests": [interest.pk]},
    )

    profile.refresh_from_db()
    assert profile.about == "Before"
    assert profile.availability == "Friday"
    assert list(profile.interests.all()) == [interest]
    assert "not right yet" in response.content.decode()


def test_profile_says_when_it_was_kept(as_user, mentee):
    response = as_user(mentee).post(
        reverse("people:profile_autosave"), {"about": "Me.", "meeting": "any"}
    )

    assert "Kept at" in response.content.decode()
    assert "<html" not in response.content.decode()
