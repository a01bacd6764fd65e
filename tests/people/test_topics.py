"""The catalogue: looked after by HR, proposed to by everybody, filled from ESCO."""

import csv

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from people import actions
from people.models import Offer, Topic, TopicFamily, TopicProposal, Wish
from tests import factories

SKILL = "http://data.europa.eu/esco/skill/"


def url(name, *args):
    return reverse(f"people:{name}", args=args)


def text(response):
    return response.content.decode()


# --- by hand


def test_a_topic_is_found_by_its_new_words_in_both_languages(as_user, hr_admin):
    family = factories.TopicFamilyFactory()
    as_user(hr_admin).post(
        url("topic_create"),
        {
            "name_nl": "Onderhandelen",
            "name_en": "Negotiating",
            "family": family.pk,
            "words": "dealen\nhaggling",
        },
    )

    topic = Topic.objects.get()
    assert topic.key == "negotiating"
    for words in ("ONDERHANDEL", "negoti", "deal", "haggling"):
        assert list(Topic.objects.matching_words(words)) == [topic]


@pytest.mark.parametrize(
    ("language", "name", "other"),
    [
        ("en", "Listening", '<small lang="nl">Luisteren</small>'),
        ("nl", "Luisteren", '<small lang="en">Listening</small>'),
    ],
)
def test_the_name_that_one_reads_comes_first(as_user, hr_admin, language, name, other):
    topic = factories.TopicFactory(name_nl="Luisteren", name_en="Listening")
    type(hr_admin).objects.filter(pk=hr_admin.pk).update(language=language)

    page = text(as_user(hr_admin).get(url("topic_list")))

    assert f'<a href="{url("topic_edit", topic.pk)}">{name}</a>' in page
    assert other in page


def test_a_topic_needs_a_name_in_each_language(as_user, hr_admin):
    family = factories.TopicFamilyFactory()

    response = as_user(hr_admin).post(
        url("topic_create"), {"name_nl": "Iets", "family": family.pk}
    )

    assert response.status_code == 422


def test_merging_moves_what_people_chose_and_keeps_the_higher(
    as_user, hr_admin, mentor, mentee
):
    old, new = factories.TopicFactory(name_nl="Praten"), factories.TopicFactory()
    Offer.objects.create(profile=mentor.profile, topic=old, level=3)
    Offer.objects.create(profile=mentor.profile, topic=new, level=1)
    Wish.objects.create(profile=mentee.profile, topic=old, priority=2)

    as_user(hr_admin).post(url("topic_merge", old.pk), {"into": new.pk})

    assert Offer.objects.get(profile=mentor.profile).level == 3
    assert Wish.objects.get(profile=mentee.profile).topic == new
    assert list(Topic.objects.matching_words("praten")) == [new]


@pytest.mark.parametrize("into", ["itself", "merged"])
def test_merging_goes_into_a_topic_in_use(hr_admin, into):
    topic, other = factories.TopicFactory(), factories.TopicFactory()
    if into == "merged":
        actions.merge_topics(other, factories.TopicFactory(), by=hr_admin)
        other.refresh_from_db()

    with pytest.raises(ValidationError):
        actions.merge_topics(topic, topic if into == "itself" else other, by=hr_admin)


def test_a_merged_topic_cannot_be_chosen(as_user, hr_admin, mentee):
    topic = factories.TopicFactory()
    actions.merge_topics(topic, factories.TopicFactory(), by=hr_admin)

    response = as_user(mentee).post(url("wish_add", topic.pk))

    assert response.status_code == 404


def test_families_stand_in_two_levels_and_no_more(hr_admin):
    field = factories.TopicFamilyFactory()
    family = factories.TopicFamilyFactory(parent=field)

    with pytest.raises(ValidationError):
        actions.save_family(
            TopicFamily(name_nl="x", name_en="x", parent=family), by=hr_admin
        )
    field.parent = factories.TopicFamilyFactory()
    with pytest.raises(ValidationError):
        actions.save_family(field, by=hr_admin)


def test_a_family_is_added_and_changed(as_user, hr_admin):
    client = as_user(hr_admin)
    client.post(url("family_list"), {"name_nl": "Koken", "name_en": "Cooking"})
    family = TopicFamily.objects.get()

    client.post(
        url("family_edit", family.pk),
        {"name_nl": "Keuken", "name_en": "Kitchen", "is_soft": "on"},
    )

    family.refresh_from_db()
    assert (family.name_nl, family.is_soft) == ("Keuken", True)


def test_topic_list_asks_as_much_for_many_as_for_one(as_user, hr_admin):
    factories.TopicFactory()
    client = as_user(hr_admin)
    client.get(url("topic_list"))
    with CaptureQueriesContext(connection) as few:
        client.get(url("topic_list"))
    factories.TopicFactory.create_batch(5)
    with CaptureQueriesContext(connection) as many:
        client.get(url("topic_list"))

    assert len(many) == len(few)


# --- proposals


def test_a_missing_topic_is_proposed_once(as_user, mentee):
    client = as_user(mentee)
    for _ in range(2):
        client.post(url("topic_propose"), {"words": "  Beekeeping ", "kind": "wish"})

    proposal = TopicProposal.objects.get()
    assert (proposal.words, proposal.kind, proposal.by) == (
        "Beekeeping",
        "wish",
        mentee,
    )


def test_topic_search_offers_to_propose_what_is_not_there(as_user, mentee):
    assert "Propose “Beekeeping”" in text(
        as_user(mentee).get(url("topic_search") + "?q=Beekeeping")
    )


def test_answering_a_proposal_gives_the_topic_to_who_missed_it(
    as_user, hr_admin, mentee
):
    topic = factories.TopicFactory()
    proposal = actions.propose_topic(words="imkeren", kind="wish", by=mentee)
    assert "imkeren" in text(as_user(hr_admin).get(url("topic_list")))

    as_user(hr_admin).post(url("proposal_decide", proposal.pk), {"topic": topic.pk})

    assert Wish.objects.get(profile=mentee.profile).topic == topic
    assert list(Topic.objects.matching_words("imker")) == [topic]
    again = as_user(hr_admin).post(url("proposal_decide", proposal.pk))
    assert again.status_code == 404


def test_a_topic_made_of_a_proposal_answers_it(as_user, hr_admin, mentee):
    family = factories.TopicFamilyFactory()
    proposal = actions.propose_topic(words="imkeren", kind="offer", by=mentee)
    client = as_user(hr_admin)
    path = f"{url('topic_create')}?proposal={proposal.pk}"
    assert path in text(client.get(url("topic_list")))
    page = text(client.get(path))
    assert 'value="imkeren"' in page
    assert mentee.name in page

    client.post(
        path, {"name_nl": "Imkeren", "name_en": "Beekeeping", "family": family.pk}
    )

    assert Offer.objects.get(profile=mentee.profile).topic.name_en == "Beekeeping"
    assert not TopicProposal.objects.waiting().exists()
    assert mentee.name not in text(client.get(path))


def test_declining_a_proposal_changes_no_profile(as_user, hr_admin, mentee):
    proposal = actions.propose_topic(words="niets", kind="offer", by=mentee)

    as_user(hr_admin).post(url("proposal_decide", proposal.pk))

    assert not TopicProposal.objects.waiting().exists()
    assert not Offer.objects.exists()


def test_nobody_fills_the_list_with_proposals(mentee):
    for number in range(actions.PROPOSALS_EACH):
        actions.propose_topic(words=f"word {number}", kind="wish", by=mentee)

    with pytest.raises(ValidationError):
        actions.propose_topic(words="one more", kind="wish", by=mentee)
    with pytest.raises(ValidationError):
        actions.propose_topic(words="x", kind="wish", by=mentee)


# --- ESCO

SKILLS = [
    # uri, Dutch, English, other words, above
    ("a", "luisteren", "listen", "toehoren", f"{SKILL}S1.2.3"),
    ("b", "vragen stellen", "ask questions", "", f"{SKILL}a"),
    ("c", "lassen", "weld", "", f"{SKILL}S8.1"),
    ("d", "zweven", "hover", "", ""),
]
GROUPS = [
    ("S1", "communiceren", "communicating", "S1"),
    ("S1.2", "samenwerken", "working together", "S1.2"),
    ("S1.2.3", "overleggen", "consulting", "S1.2.3"),
    ("S8", "machines", "machinery", "S8"),
    ("S8.1", "bewerken", "working metal", "S8.1"),
]


def write(path, rows):
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture
def esco(tmp_path):
    """A small classification of our own, in the form of the official files."""
    for column, language in ((1, "nl"), (2, "en")):
        folder = tmp_path / language
        folder.mkdir()
        write(
            folder / f"transversalSkillsCollection_{language}.csv",
            [
                {
                    "conceptUri": SKILL + row[0],
                    "preferredLabel": row[column],
                    "altLabels": row[3],
                    "broaderConceptUri": row[4] if row[0] != "c" else "",
                }
                for row in SKILLS[:3]
            ],
        )
        write(
            folder / f"skills_{language}.csv",
            [{"conceptUri": SKILL + SKILLS[3][0], "preferredLabel": SKILLS[3][column]}],
        )
        write(
            folder / f"skillGroups_{language}.csv",
            [
                {"conceptUri": SKILL + row[0], "preferredLabel": row[column]}
                for row in GROUPS
            ],
        )
        write(
            folder / f"skillsHierarchy_{language}.csv",
            [
                {
                    "Level 0 URI": f"{SKILL}S",
                    "Level 0 preferred term": "S",
                    **{
                        f"Level {level} URI": SKILL + row[0][: 2 * level]
                        for level in (1, 2, 3)
                        if len(row[0]) >= 2 * level
                    },
                    **{
                        f"Level {level} URI": ""
                        for level in (1, 2, 3)
                        if len(row[0]) < 2 * level
                    },
                }
                for row in reversed(GROUPS)
            ],
        )
    write(
        tmp_path / "nl" / "broaderRelationsSkillPillar.csv",
        [{"conceptUri": f"{SKILL}c", "broaderUri": f"{SKILL}S8.1"}],
    )
    return tmp_path


def take(folder):
    call_command("import_esco", nl=folder / "nl", en=folder / "en")


def test_esco_is_joined_by_uri_in_both_languages(esco):
    take(esco)

    topic = Topic.objects.get(concept_uri=f"{SKILL}a")
    assert (topic.name_nl, topic.name_en) == ("Luisteren", "Listen")
    assert list(Topic.objects.matching_words("toehoren")) == [topic]


def test_esco_puts_each_skill_in_the_nearest_group_above_it(esco):
    take(esco)

    families = {
        topic.name_en: (topic.family.name_en, str(topic.family.parent.name_en))
        for topic in Topic.objects.exclude(name_en="Hover")
    }
    assert families == {
        "Listen": ("Working together", "Communicating"),
        "Ask questions": ("Working together", "Communicating"),
        "Weld": ("Working metal", "Machinery"),
    }
    assert Topic.objects.get(name_en="Hover").family.key == "esco-other"
    assert TopicFamily.objects.get(name_en="Working together").is_soft
    assert not TopicFamily.objects.get(name_en="Working metal").is_soft


def test_esco_twice_is_once(esco):
    take(esco)
    before = list(Topic.objects.order_by("pk").values())

    take(esco)

    assert list(Topic.objects.order_by("pk").values()) == before


def test_esco_joins_a_topic_of_the_same_name_which_keeps_its_words(esco):
    ours = factories.TopicFactory(name_nl="Luisteren", name_en="Active listening")

    take(esco)
    take(esco)

    ours.refresh_from_db()
    assert ours.concept_uri == f"{SKILL}a"
    assert ours.name_en == "Active listening"
    assert Topic.objects.count() == len(SKILLS)


def test_esco_leaves_what_was_merged(esco, hr_admin):
    take(esco)
    weld, hover = (Topic.objects.get(name_en=name) for name in ("Weld", "Hover"))
    actions.merge_topics(weld, hover, by=hr_admin)

    take(esco)

    weld.refresh_from_db()
    assert weld.merged_into == hover


def test_esco_says_what_it_misses(tmp_path):
    with pytest.raises(CommandError, match="No file with skills"):
        call_command("import_esco", nl=tmp_path, en=tmp_path)
    with pytest.raises(CommandError, match="no folder"):
        call_command("import_esco", nl=tmp_path / "none", en=tmp_path)
