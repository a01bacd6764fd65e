"""Matching in a programme: readiness, criteria, who never."""

import pytest
from django.urls import reverse
from django.utils.timezone import localdate as today

from matching.actions import exclude
from matching.forms import MannerForm
from matching.models import (
    Criterion,
    Exclusion,
    Manner,
    mode_of,
)
from matching.needs import waiting
from matching.pool import criteria_of, load_pool
from outbox.models import Message
from people.models import Offer, User
from programs.actions import leave_program
from programs.models import Invite, JoinQuestion, Program, Role
from tests import factories
from tests.conftest import person
from tests.matching.conftest import page


def test_readiness_says_what_is_short_and_who_could_be_asked(
    desk, program, joins, topic, weigh
):
    joins("Ann", Role.MENTEE, topic, level=2)
    joins("Max", Role.MENTOR, level=5)
    likely = person("Lara Likely")
    likely.employment.level = 5
    likely.employment.save()
    Offer.objects.create(profile=likely.profile, topic=topic, level=3)

    text = page(desk, "readiness", program.slug)

    assert "Giving feedback" in text
    assert "1 possible mentor" in text
    assert "Lara Likely" in text
    assert "topics wanted and offered" in text  # nobody offers anything
    url = reverse("matching:mentors_ask", args=[program.slug])
    assert "Tick the people" in desk.post(url, follow=True).content.decode()
    answer = desk.post(url, {"user": [likely.pk, "x"]}, follow=True)
    assert "1 person gets a mail" in answer.content.decode()
    assert Invite.objects.get().email == likely.email
    assert Message.objects.filter(kind="invitation", to=likely).count() == 1
    # Asked once: they stand with the day, and a second press asks nobody.
    text = page(desk, "readiness", program.slug)
    assert "invited on" in text
    assert f'value="{likely.pk}"' not in text
    desk.post(url, {"user": likely.pk})
    assert Invite.objects.count() == 1


def test_who_could_be_asked_when_only_places_are_short(desk, program, joins, topic):
    joins("Max", Role.MENTOR, topic, level=5, capacity=2)
    joins("Ann", Role.MENTEE, topic, level=2)
    joins("Bob", Role.MENTEE, level=2)
    joins("Cas", Role.MENTEE, level=2)
    likely = person("Lara Likely")
    likely.employment.level = 5
    likely.employment.save()

    text = page(desk, "readiness", program.slug)

    assert "1 place is missing" in text
    assert "Lara Likely" in text


def test_who_left_may_be_asked_again_whatever_else_they_do(desk, program, joins):
    joins("Ann", Role.MENTEE, level=2)
    max_ = joins("Max Mentor", Role.MENTOR, level=5)
    leave_program(max_, by=max_.user)
    factories.ParticipantFactory(
        program=factories.ProgramFactory(slug="other"), user=max_.user, role="mentor"
    )

    assert "Max Mentor" in page(desk, "readiness", program.slug)


def test_who_may_not_sign_in_any_more_waits_nowhere(program, two_pairs, coordinator):
    User.objects.filter(pk=two_pairs["ann"].user_id).update(is_active=False)
    User.objects.filter(pk=two_pairs["max"].user_id).update(left_on=today())
    counted = Program.objects.with_counts().get(pk=program.pk)

    assert (counted.waiting, counted.free_places) == (1, 1)
    pool = load_pool(program)
    assert (len(pool.mentees), len(pool.mentors)) == (1, 1)
    Manner.objects.create(program=program, mode=Manner.Mode.CHOOSE)
    (silent,) = waiting([counted], coordinator)
    assert silent.number == 1


@pytest.mark.parametrize("state", ["closing", "archived"])
def test_where_no_matches_are_made_there_is_no_pool(desk, program, two_pairs, state):
    Program.objects.filter(pk=program.pk).update(state=state)

    matching = page(desk, "round_list", program.slug)

    assert "No more matches are made here" in matching
    for gone in ("who wait", "Free places", "Run matching", "Is the pool ready?"):
        assert gone not in matching, gone
    assert desk.get(reverse("matching:readiness", args=[program.slug])).url == (
        reverse("matching:round_list", args=[program.slug])
    )


def test_readiness_of_an_empty_pool(desk, program, weigh, joins, topic):
    assert "Nobody waits" in page(desk, "readiness", program.slug)
    joins("Ann", Role.MENTEE, topic)
    assert "No mentor has a free place" in page(desk, "readiness", program.slug)


def test_readiness_of_a_good_pool_and_of_a_small_one(
    desk, program, two_pairs, joins, topic
):
    joins("Olaf", Role.MENTOR, topic, user=two_pairs["ann"].user)

    text = page(desk, "readiness", program.slug)

    assert "Ready to run" in text
    assert "as mentor and as mentee" in text
    for number in range(3):
        joins(f"More {number}", Role.MENTEE, topic)
    assert "2 places are missing" in page(desk, "readiness", program.slug)


def test_readiness_says_what_would_make_a_round_fail(
    desk, program, two_pairs, weigh, coordinator
):
    weigh()
    assert "with all at 0 every pair fits the same" in page(
        desk, "readiness", program.slug
    )
    weigh(topics=5)
    for mentee in ("ann", "bob"):
        for mentor in ("max", "nia"):
            exclude(
                program,
                two_pairs[mentee].user,
                two_pairs[mentor].user,
                by=coordinator,
            )

    text = page(desk, "readiness", program.slug)

    assert "As it is, nobody can be matched" in text
    assert reverse("matching:exclusion_list", args=[program.slug]) in text


def test_asking_for_a_programme_that_is_closed_says_so(desk, program, joins, topic):
    joins("Ann", Role.MENTEE, topic, level=2)
    likely = person("Lara Likely")
    likely.employment.level = 5
    likely.employment.save()
    Offer.objects.create(profile=likely.profile, topic=topic, level=3)
    program.move("close")

    answer = desk.post(
        reverse("matching:mentors_ask", args=[program.slug]),
        {"user": likely.pk},
        follow=True,
    )

    assert "Open the programme first" in answer.content.decode()


def criteria_data(**changes):
    data = {f"{key}-weight": "5" for key in Criterion.Key.values}
    return {**data, **changes}


def test_criteria_are_kept_with_what_exactly_they_compare(desk, program):
    url = reverse("matching:criteria_edit", args=[program.slug])
    assert "Working style" in desk.get(url).content.decode()
    assert Criterion.objects.count() == 0

    answer = desk.post(
        url,
        criteria_data(
            **{
                "level-min": "2",
                "level-max": "4",
                "style-style_pace": "different",
                "department-prefer": "same",
                "topics-must": "on",
            }
        ),
    )

    assert answer.status_code == 302
    settings = dict(program.criteria.values_list("key", "settings"))
    assert settings["level"] == {"min": 2, "max": 4, "reversed": False}
    assert "different" in settings["style"]["dimensions"]
    assert settings["department"]["prefer"] == "same"
    assert program.criteria.get(key="topics").must


def test_who_chooses_is_kept_and_shown(desk, program):
    url = reverse("matching:manner_edit", args=[program.slug])

    answer = desk.post(url, {"mode": "rank"}, follow=True)

    assert mode_of(program) == Manner.Mode.RANK
    assert "Mentees rank mentors, and the coordinators run a round." in (
        answer.content.decode()
    )
    assert desk.post(url, {"mode": "lottery"}).status_code == 422


@pytest.mark.parametrize(
    ("model", "modes"),
    [
        ("one_to_one", {"coordinator", "choose", "rank"}),
        ("reverse", {"coordinator", "choose", "rank"}),
        ("group", {"coordinator", "rank"}),
        ("peer", {"coordinator", "rank"}),
    ],
)
def test_of_groups_and_circles_nobody_chooses_alone(desk, program, model, modes):
    program.model = model
    program.save()

    form = MannerForm(None, program=program)

    assert {value for value, _label in form.fields["mode"].choices} == modes
    Manner.objects.create(program=program, mode=Manner.Mode.CHOOSE)
    assert (mode_of(program) == Manner.Mode.CHOOSE) == ("choose" in modes)


def test_wishes_that_count_for_nothing_are_said_before_a_round(desk, program, joins):
    joins("Ann", Role.MENTEE)
    joins("Max", Role.MENTOR)
    Manner.objects.create(program=program, mode=Manner.Mode.RANK)
    url = reverse("matching:readiness", args=[program.slug])
    vain = "it counts for nothing"
    assert vain not in desk.get(url).content.decode()

    criteria_of(program)
    program.criteria.filter(key="wishes").update(weight=0)

    assert vain in desk.get(url).content.decode()


def test_wrong_criteria_are_said_at_the_field(desk, program):
    url = reverse("matching:criteria_edit", args=[program.slug])

    too_much = desk.post(url, criteria_data(**{"topics-weight": "11"}))
    upside_down = desk.post(url, criteria_data(**{"level-min": "4", "level-max": "2"}))

    assert too_much.status_code == upside_down.status_code == 422
    assert "The most is not below the least" in upside_down.content.decode()
    for each in (too_much, upside_down):
        assert "There is a problem" in each.content.decode()
        assert "<title>Error:" in each.content.decode()


def test_criteria_that_all_count_for_nothing_are_refused(desk, program):
    url = reverse("matching:criteria_edit", args=[program.slug])

    answer = desk.post(
        url,
        {**dict.fromkeys(criteria_data(), "0"), "topics-must": "on"},
    )

    assert answer.status_code == 422
    assert "Give at least one criterion a weight" in answer.content.decode()
    assert not program.criteria.get(key="topics").must


def test_where_nobody_takes_part_yet_nobody_is_said_to_be_silent(desk, program):
    text = page(desk, "readiness", program.slug)

    assert "Nobody waits" in text
    assert "nobody has said anything about" not in text


def test_two_people_are_kept_apart_and_let_go_again(desk, program, two_pairs):
    url = reverse("matching:exclusion_list", args=[program.slug])
    assert "Nobody is excluded" in desk.get(url).content.decode()
    ann, nia = two_pairs["ann"], two_pairs["nia"]

    assert desk.post(url, {"one": ann.pk, "other": ann.pk}).status_code == 422
    desk.post(url, {"one": nia.pk, "other": ann.pk})

    assert "Nia Mentor" in desk.get(url).content.decode()
    found = Exclusion.objects.get()
    desk.post(reverse("matching:exclusion_remove", args=[program.slug, found.pk]))
    assert Exclusion.objects.count() == 0


def test_people_to_keep_apart_are_found_by_a_part_of_their_name(
    desk, program, two_pairs, joins
):
    joins("Aïsha Jansen", Role.MENTEE)
    joins("Anna Jansen", Role.MENTEE)
    url = reverse("matching:exclusion_list", args=[program.slug])
    assert "Jansen" not in desk.get(url).content.decode()

    text = desk.get(url, {"one_name": "jansen"}).content.decode()

    assert "Aïsha Jansen" in text
    assert "Anna Jansen" in text
    assert (
        "Nobody here has this name"
        in desk.get(url, {"one_name": "Zorro"}).content.decode()
    )
    # Without JavaScript the button finds them: what several have is asked again.
    unclear = desk.post(url, {"one_name": "jansen", "other_name": "nia"})
    assert unclear.status_code == 422
    assert "Choose who you mean" in unclear.content.decode()
    nobody = desk.post(url, {"one_name": "Zorro", "other_name": ""})
    assert nobody.status_code == 422
    assert "Type a name." in nobody.content.decode()
    assert desk.post(url, {"one_name": "aisha", "other_name": "nia"}).status_code == 302
    assert {Exclusion.objects.get().a.name, Exclusion.objects.get().b.name} == {
        "Aïsha Jansen",
        "Nia Mentor",
    }


def test_what_is_typed_counts_more_than_who_was_chosen_before(desk, program, joins):
    anna, bert = joins("Anna", Role.MENTEE), joins("Bert", Role.MENTEE)
    carl = joins("Carl", Role.MENTOR)
    url = reverse("matching:exclusion_list", args=[program.slug])

    desk.post(
        url, {"one": anna.pk, "one_name": "bert", "other": carl.pk, "other_name": "c"}
    )

    assert {Exclusion.objects.get().a_id, Exclusion.objects.get().b_id} == {
        bert.user_id,
        carl.user_id,
    }


def test_who_has_exactly_this_name_is_meant(desk, program, joins):
    joins("Anna Maria", Role.MENTEE)
    anna, carl = joins("Anna", Role.MENTEE), joins("Carl", Role.MENTOR)
    url = reverse("matching:exclusion_list", args=[program.slug])

    desk.post(url, {"one_name": "anna", "other_name": "carl"})

    assert {Exclusion.objects.get().a_id, Exclusion.objects.get().b_id} == {
        anna.user_id,
        carl.user_id,
    }


def test_of_many_with_a_name_some_are_shown(desk, program, joins):
    for number in range(10):
        joins(f"Sam {number}", Role.MENTEE)
    url = reverse("matching:exclusion_list", args=[program.slug])

    text = desk.get(url, {"one_name": "sam"}).content.decode()

    assert text.count('type="radio"') == 8
    assert "There are more" in text


def test_the_pool_and_a_swap_take_few_queries(
    desk, program, two_pairs, run, django_assert_max_num_queries
):
    url = reverse("matching:readiness", args=[program.slug])
    desk.get(url)  # What is kept for all pages, as the brand, is read.
    with django_assert_max_num_queries(15):
        desk.get(url)
    one = run().proposals.order_by("pk")[0]
    with django_assert_max_num_queries(15):
        desk.get(reverse("matching:proposal_swap", args=[one.pk]))


def test_a_question_is_weighed_where_the_criteria_are_and_silence_is_said(
    desk, program, two_pairs
):
    question = JoinQuestion.objects.create(
        program=program,
        kind="one",
        text_en="Which shift?",
        use_en="To match you.",
        options=[{"en": "early"}, {"en": "late"}],
        feeds_matching=True,
    )
    url = reverse("matching:criteria_edit", args=[program.slug])
    assert "Which shift?" in desk.get(url).content.decode()

    key = f"answer:{question.pk}"
    desk.post(url, criteria_data(**{f"{key}-weight": "8", f"{key}-must": "on"}))

    found = program.criteria.get(key=key)
    assert (found.weight, found.must) == (8, True)
    text = page(desk, "readiness", program.slug)
    assert "nobody has said anything about: Which shift?" in text
