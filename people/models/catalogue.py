"""Topics, interests and career directions, each in both languages."""

from typing import Any, Self

from django.db import models
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from mentoring.words import folded, pick
from people.models.users import User


class Named(models.Model):
    """A thing of the catalogue with a name in both languages."""

    key = models.SlugField(max_length=60, unique=True)
    name_nl = models.CharField(_("Dutch name"), max_length=200)
    name_en = models.CharField(_("English name"), max_length=200)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return pick(self.name_nl, self.name_en)

    @property
    def other_name(self) -> str:
        """What it is called in the other of the two languages."""
        return pick(self.name_en, self.name_nl)


class NamedQuerySet(models.QuerySet[Any]):
    # What leads to the thing that has a name.
    path = ""

    def by_name(self) -> Self:
        """In the order of the names that the reader sees."""
        language = (get_language() or "nl")[:2]
        return self.order_by(f"{self.path}name_{language}", "pk")


class PickedQuerySet(NamedQuerySet):
    """Topics that somebody picked, with their topic."""

    path = "topic__"

    def by_name(self) -> Self:
        return super().by_name().select_related("topic")


class TopicFamily(Named):
    """Topics that belong together; half credit in matching within one.

    Families stand in a tree of two levels: ``parent`` is the larger field.
    """

    parent = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("larger field"),
    )
    is_soft = models.BooleanField(_("soft skills"), default=False)
    concept_uri = models.CharField(max_length=200, unique=True, null=True, blank=True)

    objects = NamedQuerySet.as_manager()


class TopicQuerySet(NamedQuerySet):
    def in_use(self) -> Self:
        """Those that one can choose: not merged into another."""
        return self.filter(merged_into=None)

    def matching_words(self, words: str) -> Self:
        """Topics whose name or synonym, in either language, has each of the words."""
        found = self.in_use()
        for word in words.split():
            found = found.filter(search__contains=folded(word))
        return found


class Topic(Named):
    """Something one can teach or wants to learn."""

    family = models.ForeignKey(TopicFamily, models.PROTECT, related_name="topics")
    synonyms = models.JSONField(_("synonyms"), default=list, blank=True)
    concept_uri = models.CharField(max_length=200, unique=True, null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged"
    )
    # Folded names and synonyms: SQLite's LIKE folds ASCII only.
    search = models.TextField(editable=False, default="")

    objects = TopicQuerySet.as_manager()

    def words(self) -> str:
        """What ``search`` should hold."""
        return folded(" ".join([self.name_nl, self.name_en, *self.synonyms]))


class Interest(Named):
    """What somebody likes beside work."""

    objects = NamedQuerySet.as_manager()


class CareerDirection(Named):
    """A way that a career can go."""

    objects = NamedQuerySet.as_manager()


class TopicProposalQuerySet(models.QuerySet["TopicProposal"]):
    def waiting(self) -> "TopicProposalQuerySet":
        return self.filter(decided_at=None)


class TopicProposal(models.Model):
    """A word that somebody missed in the catalogue, until an HR admin decides."""

    words = models.CharField(_("topic"), max_length=120)
    # What the proposer meant to do with it, so that it can be done when it is there.
    kind = models.CharField(
        max_length=5, choices=[("offer", "offer"), ("wish", "wish")]
    )
    by = models.ForeignKey(User, models.CASCADE, related_name="topic_proposals")
    at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True, blank=True)
    topic = models.ForeignKey(
        Topic, models.SET_NULL, null=True, blank=True, related_name="proposals"
    )

    objects = TopicProposalQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.words
