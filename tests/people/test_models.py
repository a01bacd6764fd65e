"""People: who counts as working here, and how topics are found."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from people.actions import profile_of
from people.catalogue import load_catalogue
from people.completeness import missing
from people.models import (
    CareerDirection,
    Employment,
    Interest,
    Offer,
    Profile,
    Topic,
    TopicFamily,
    User,
)
from tests import factories


def test_one_user_per_email_whatever_the_case():
    factories.UserFactory(email="an@example.org")

    with translation.override("en"), pytest.raises(ValidationError, match="somebody"):
        User.objects.create_user("AN@example.org", name="An")


def test_the_database_refuses_an_address_in_another_case():
    factories.UserFactory(email="an@example.org")

    with pytest.raises(IntegrityError), transaction.atomic():
        factories.UserFactory(email="An@Example.org")


def test_working_here_leaves_out_leavers(outsider, leaver):
    assert list(User.objects.working_here()) == [outsider]
    assert list(User.objects.gone()) == [leaver]


def test_visible_to_shows_it_admins_nobody(it_admin, outsider):
    assert outsider in User.objects.visible_to(outsider)
    assert not User.objects.visible_to(it_admin).exists()


def test_nobody_manages_themselves(outsider):
    with pytest.raises(IntegrityError), transaction.atomic():
        Employment.objects.filter(user=outsider).update(manager=outsider)


def test_natural_key_ignores_case(outsider):
    assert User.objects.get_by_natural_key(outsider.email.upper()) == outsider


@pytest.mark.parametrize("words", ["loslaten", "DELEG", "delegating", "uit han"])
def test_matching_words_finds_either_language_and_synonyms(words):
    wanted = factories.TopicFactory(
        name_nl="Delegeren", name_en="Delegating", synonyms=["loslaten", "uit handen"]
    )
    factories.TopicFactory(name_nl="Plannen", name_en="Planning")

    assert list(Topic.objects.matching_words(words)) == [wanted]


def test_matching_words_folds_letters_that_are_not_ascii():
    wanted = factories.TopicFactory(name_nl="Één team", name_en="One team")

    assert list(Topic.objects.matching_words("één")) == [wanted]


def test_by_name_is_the_order_of_the_language():
    first_nl = factories.TopicFactory(name_nl="Aap", name_en="Zebra")
    first_en = factories.TopicFactory(name_nl="Zee", name_en="Ape")

    with translation.override("nl"):
        assert list(Topic.objects.all().by_name()) == [first_nl, first_en]
    with translation.override("en"):
        assert list(Topic.objects.all().by_name()) == [first_en, first_nl]


def test_load_catalogue_twice_is_once():
    first = load_catalogue()
    Topic.objects.filter(key="delegating").update(name_nl="Kapot", search="")
    keys = set(Topic.objects.values_list("key", flat=True))

    assert load_catalogue() == first == Topic.objects.count()
    assert set(Topic.objects.values_list("key", flat=True)) == keys
    assert Topic.objects.get(key="delegating").name_nl == "Delegeren"
    assert list(Topic.objects.matching_words("overdragen"))


def test_the_catalogue_has_soft_skills_and_both_languages():
    load_catalogue()

    assert TopicFamily.objects.filter(is_soft=True).exists()
    for model in (TopicFamily, Topic, Interest, CareerDirection):
        assert model.objects.exists()
        assert not model.objects.filter(name_nl="").exists()
        assert not model.objects.filter(name_en="").exists()
    assert not [topic for topic in Topic.objects.all() if topic.search != topic.words()]


def test_load_topics_says_how_many(capsys):
    from django.core.management import call_command

    call_command("load_topics")

    assert str(Topic.objects.count()) in capsys.readouterr().out


def test_missing_asks_a_mentee_for_a_wish_and_a_mentor_for_an_offer(outsider):
    profile = outsider.profile

    with translation.override("en"):
        assert missing(profile, {"mentee"}) == [
            "at least one topic that you want to learn"
        ]
        assert missing(profile, {"mentor"}) == [
            "at least one topic that you can help with"
        ]
        assert len(missing(profile, {"peer"})) == 2


def test_missing_is_empty_when_the_profile_is_complete(outsider):
    Offer.objects.create(profile=outsider.profile, topic=factories.TopicFactory())

    assert missing(outsider.profile, {"mentor"}) == []


def test_missing_asks_everybody_for_words_and_languages():
    assert len(missing(Profile(), ())) == 2
    assert len(missing(Profile(about="   "), ())) == 2


def test_style_is_nothing_while_a_slider_is_not_set(outsider):
    profile = outsider.profile

    assert profile.style == (3, 3, 3, 3, 3)
    profile.style_pace = None
    assert profile.style == ()


def test_profile_of_makes_one_once():
    user = factories.UserFactory()

    assert profile_of(user) == profile_of(user)
    assert str(profile_of(user)) == user.name
    assert profile_of(user).get_absolute_url().endswith(f"/{user.pk}/")


def test_names_of_people():
    user = User(name="Jo van Dam", email="jo@example.org")

    assert (user.first_name, str(user), user.get_full_name()) == (
        "Jo",
        "Jo van Dam",
        "Jo van Dam",
    )
    assert str(User(email="x@example.org")) == "x@example.org"
    assert str(Employment(user=user, job="Planner")) == "Jo van Dam: Planner"
    assert timezone.is_aware(user.created_at)
