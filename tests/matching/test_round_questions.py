"""What was asked on applying counts in a round, if it may."""

import pytest
from django.urls import reverse

from matching.models import Criterion
from matching.pool import criteria_of, snapshot
from matching.words import Words, blocked_words
from programs.models import JoinAnswer, JoinQuestion


def pairs(found):
    return {
        (each.mentee.participant.user.name, each.mentor.participant.user.name)
        for each in found.proposals.prefetch_related("members__participant__user")
    }


def ask(program, kind, **fields):
    return JoinQuestion.objects.create(
        program=program,
        kind=kind,
        use_en="To match you.",
        options=[{"en": "early"}, {"en": "late"}, {"en": "night"}],
        **{"text_en": "Which shift?", "feeds_matching": True, **fields},
    )


def test_a_question_that_feeds_matching_counts(two_pairs, program, weigh, run):
    weigh()
    question = ask(program, "one")
    for key, value in (("ann", "0"), ("nia", "0"), ("bob", "1"), ("max", "1")):
        JoinAnswer.objects.create(
            question=question, user=two_pairs[key].user, value=value
        )
    criteria_of(program)
    program.criteria.filter(key=f"answer:{question.pk}").update(weight=10)

    found = run()

    assert pairs(found) == {("Ann Mentee", "Nia Mentor"), ("Bob Mentee", "Max Mentor")}
    assert found.total == 2000
    line = found.proposals.first().lines[0]
    said = Words([[line]]).lines([line])[0]
    assert (said.label, said.mentee) == ("Which shift?", said.mentor)
    assert said.mentor in {"early", "late"}


def test_several_answers_count_by_what_is_shared(two_pairs, program, weigh, run):
    weigh()
    question = ask(program, "many")
    for key, value in (("ann", ["0", "1"]), ("max", ["0"]), ("nia", ["0", "1"])):
        JoinAnswer.objects.create(
            question=question, user=two_pairs[key].user, value=value
        )
    criteria_of(program)
    program.criteria.filter(key=f"answers:{question.pk}").update(weight=10)

    found = run()

    proposal = found.proposals.get(members__participant=two_pairs["ann"])
    assert proposal.mentor.participant == two_pairs["nia"]
    assert proposal.score == 1000


def test_a_yes_or_no_is_said_in_words(two_pairs, program, weigh, run):
    weigh()
    question = ask(program, "yes_no")
    for key in ("ann", "max"):
        JoinAnswer.objects.create(
            question=question, user=two_pairs[key].user, value=True
        )
    criteria_of(program)
    program.criteria.filter(key=f"answer:{question.pk}").update(weight=1)

    found = run()

    line = found.proposals.get(members__participant=two_pairs["ann"]).lines[0]
    assert Words([[line]]).lines([line])[0].mentee == "yes"


def test_questions_in_sums_are_looked_up_together(
    two_pairs, program, weigh, run, desk, django_assert_num_queries
):
    weigh()
    questions = [ask(program, "one", text_en=f"Number {n}?") for n in range(4)]
    criteria_of(program)
    program.criteria.filter(key__startswith="answer:").update(weight=1)
    for question in questions:
        for key in ("ann", "max"):
            question.answers.create(user=two_pairs[key].user, value="1")
    found = run().proposals.get(members__participant=two_pairs["ann"])

    with django_assert_num_queries(1):
        said = Words([found.lines]).lines(found.lines)
    assert {each.label for each in said} == {each.text for each in questions}
    with django_assert_num_queries(1):
        assert len(blocked_words(f"must:answer:{each.pk}" for each in questions)) == 4


@pytest.mark.parametrize("gone", [True, False])
def test_what_may_not_count_any_more_does_not(
    gone, two_pairs, program, weigh, run, desk
):
    weigh(topics=5)
    question = ask(program, "one")
    ask(program, "long")
    assert len(criteria_of(program)) == len(Criterion.Key.values) + 1
    program.criteria.filter(key=f"answer:{question.pk}").update(weight=10)
    pages = [
        reverse(f"matching:{name}", args=[program.slug])
        for name in ("criteria_edit", "round_list")
    ]
    assert all(question.text in desk.get(url).content.decode() for url in pages)

    if gone:
        question.delete()
    else:
        JoinQuestion.objects.filter(pk=question.pk).update(feeds_matching=False)

    assert {each["key"] for each in snapshot(program)} == set(Criterion.Key.values)
    assert len(criteria_of(program)) == len(Criterion.Key.values)
    assert not any(question.text in desk.get(url).content.decode() for url in pages)
    line = run().proposals.first().lines[0]
    assert (line["key"], line["at_most"]) == ("topics", 1000)
