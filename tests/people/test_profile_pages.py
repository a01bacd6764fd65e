"""One's own profile, and what others see of it."""

import pytest
from django.urls import reverse

from people.catalogue import load_catalogue
from people.models import (
    CareerDirection,
    Interest,
    Offer,
    Profile,
    Wish,
)
from programs.models import Program
from tests import factories
from tests.people.pages import PROFILE, page, queries_of

# --- the profile


@pytest.mark.parametrize(
    ("role", "offer", "wish"),
    [("mentor", True, False), ("mentee", False, True), ("coordinator", False, False)],
)
def test_what_is_still_to_fill_in_depends_on_where_one_takes_part(
    as_user, outsider, program, role, offer, wish
):
    client = as_user(outsider)
    path = reverse("people:profile_edit")
    offering, wishing = "one topic that you can help", "one topic that you want"
    assert offering not in page(client.get(path))

    factories.ParticipantFactory(program=program, user=outsider, role=role)

    assert (offering in page(client.get(path))) is offer
    assert (wishing in page(client.get(path))) is wish
    Program.objects.update(state="closing")
    assert offering not in page(client.get(path))


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

    # Thirteen fields, two lists of topics, and when one is away.
    assert html.count("Who sees this:") == 16


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
