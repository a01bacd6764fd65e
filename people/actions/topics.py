"""The catalogue of topics: changed by HR admins, proposed to by everybody."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from history.models import record
from mentoring.words import folded
from people.models import Offer, Profile, Topic, TopicFamily, TopicProposal, User, Wish

PROPOSALS_EACH = 20


@transaction.atomic
def save_topic(topic: Topic, *, by: User) -> Topic:
    """Keep a topic, new or changed, so that it is found by each of its words."""
    topic.search = topic.words()
    if topic.pk is None:
        base = slugify(topic.name_en or topic.name_nl)[:50] or "topic"
        topic.key, number = base, 1
        while Topic.objects.filter(key=topic.key).exists():
            number += 1
            topic.key = f"{base}-{number}"
    topic.full_clean()
    topic.save()
    record(topic, "topic saved", by=by)
    return topic


@transaction.atomic
def save_family(family: TopicFamily, *, by: User) -> TopicFamily:
    """Keep a family; one that has families in it stands in none itself."""
    has_children = family.pk and family.children.exists()
    if family.parent and (family.parent.parent_id or has_children):
        raise ValidationError(_("Families stand in a tree of two levels, no more."))
    if family.pk is None:
        family.key = f"{slugify(family.name_en)[:50]}-{TopicFamily.objects.count()}"
    family.full_clean()
    family.save()
    record(family, "topic family saved", by=by)
    return family


@transaction.atomic
def merge_topics(topic: Topic, into: Topic, *, by: User) -> None:
    """Let a topic go up in another: what people chose moves along, and its words are
    found there from now on. Whoever chose both keeps the higher of the two.
    """
    if into.pk == topic.pk or into.merged_into_id:
        raise ValidationError(_("Choose another topic, that is in use."))
    merged = Topic.objects.in_use().filter(pk=topic.pk).update(merged_into=into)
    if not merged:
        raise ValidationError(_("This topic has been merged already."))
    for model, grade in ((Offer, "level"), (Wish, "priority")):
        kept = {row.profile_id: row for row in model.objects.filter(topic=into)}
        for row in model.objects.filter(topic=topic):
            other = kept.get(row.profile_id)
            if other is None:
                model.objects.filter(pk=row.pk).update(topic=into)
                continue
            if getattr(row, grade) > getattr(other, grade):
                model.objects.filter(pk=other.pk).update(**{grade: getattr(row, grade)})
            row.delete()
    Topic.objects.filter(merged_into=topic).update(merged_into=into)
    words = [topic.name_nl, topic.name_en, *topic.synonyms]
    into.synonyms = list(dict.fromkeys([*into.synonyms, *words]))
    into.search = into.words()
    into.save(update_fields=["synonyms", "search"])
    record(into, "topic merged", by=by)


@transaction.atomic
def propose_topic(*, words: str, kind: str, by: User) -> TopicProposal:
    """Say that a topic is missing. It is added to one's profile once it is there."""
    words = " ".join(words.split())[:120]
    if len(words) < 2:
        raise ValidationError(_("Write the topic in a few words."))
    waiting = TopicProposal.objects.waiting().filter(by=by)
    same = waiting.filter(words__iexact=words, kind=kind).first()
    if same:
        return same
    if waiting.count() >= PROPOSALS_EACH:
        raise ValidationError(_("You proposed many already; wait for the answer."))
    return TopicProposal.objects.create(words=words, kind=kind, by=by)


@transaction.atomic
def decide_proposal(proposal: TopicProposal, topic: Topic | None, *, by: User) -> None:
    """Let the words stand for a topic, or for none. With a topic, who proposed it gets
    it on the profile, and the words are found from now on.
    """
    decided = (
        TopicProposal.objects.waiting()
        .filter(pk=proposal.pk)
        .update(decided_at=timezone.now(), topic=topic)
    )
    if not decided:
        raise ValidationError(_("This proposal has been answered already."))
    record(proposal, "topic proposal answered", by=by)
    if topic is None:
        return
    if folded(proposal.words) not in topic.words():
        topic.synonyms = [*topic.synonyms, proposal.words]
        topic.search = topic.words()
        topic.save(update_fields=["synonyms", "search"])
    profile, _made = Profile.objects.get_or_create(user=proposal.by)
    model = Offer if proposal.kind == "offer" else Wish
    model.objects.get_or_create(profile=profile, topic=topic)


@transaction.atomic
def take_proposal(proposal: TopicProposal, topic: Topic, *, by: User) -> None:
    """Make a topic of the words that somebody missed; it is on their profile then."""
    save_topic(topic, by=by)
    decide_proposal(proposal, topic, by=by)
