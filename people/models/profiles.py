"""What people say of themselves."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from people.models.catalogue import CareerDirection, Interest, PickedQuerySet, Topic
from people.models.users import User

# The languages that somebody can say they speak.
SPOKEN = [
    ("nl", _("Dutch")),
    ("en", _("English")),
    ("de", _("German")),
    ("fr", _("French")),
    ("es", _("Spanish")),
    ("pl", _("Polish")),
    ("tr", _("Turkish")),
    ("ar", _("Arabic")),
]
STYLES = ("structure", "talk", "pace", "challenge", "focus")


def style_field(label: Any) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(
        label,
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(5)],
    )


class Profile(models.Model):
    """What somebody says of themselves. ``forms.SEEN_BY`` says who sees which field."""

    class Meeting(models.TextChoices):
        ANY = "any", _("no preference")
        ONLINE = "online", _("by video")
        OFFICE = "office", _("in person")

    user = models.OneToOneField(User, models.CASCADE, related_name="profile")
    about = models.TextField(_("about me"), max_length=1500, blank=True)
    pronouns = models.CharField(_("pronouns"), max_length=40, blank=True)
    languages = models.JSONField(_("languages I speak"), default=list, blank=True)
    meeting = models.CharField(
        _("how I like to meet"), max_length=10, choices=Meeting, default=Meeting.ANY
    )
    availability = models.CharField(_("when I can meet"), max_length=200, blank=True)
    style_structure = style_field(_("structure"))
    style_talk = style_field(_("talking"))
    style_pace = style_field(_("pace"))
    style_challenge = style_field(_("challenge"))
    style_focus = style_field(_("focus"))
    offers = models.ManyToManyField(Topic, through="Offer", related_name="offered_by")
    wishes = models.ManyToManyField(Topic, through="Wish", related_name="wanted_by")
    interests = models.ManyToManyField(Interest, blank=True)
    directions_been = models.ManyToManyField(
        CareerDirection, blank=True, related_name="been_by"
    )
    directions_going = models.ManyToManyField(
        CareerDirection, blank=True, related_name="wanted_by"
    )
    saved_at = models.DateTimeField(null=True, editable=False)

    def __str__(self) -> str:
        return str(self.user)

    def get_absolute_url(self) -> str:
        return reverse("people:person_detail", args=[self.user_id])

    @property
    def style(self) -> tuple[int, ...]:
        """The five sliders, or nothing while one is not set."""
        values = [getattr(self, f"style_{name}") for name in STYLES]
        return () if None in values else tuple(values)


class Offer(models.Model):
    """A topic somebody can help with."""

    class Level(models.IntegerChoices):
        SOME = 1, _("some experience")
        WELL = 2, _("much experience")
        EXPERT = 3, _("expert")

    profile = models.ForeignKey(Profile, models.CASCADE)
    topic = models.ForeignKey(Topic, models.PROTECT)
    level = models.PositiveSmallIntegerField(choices=Level, default=Level.WELL)

    objects = PickedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["profile", "topic"], name="offer_topic_once"
            ),
            models.CheckConstraint(
                condition=models.Q(level__range=(1, 3)), name="offer_level_1_to_3"
            ),
        ]

    @property
    def grade(self) -> int:
        return self.level


class Wish(models.Model):
    """A topic somebody wants to learn."""

    class Priority(models.IntegerChoices):
        NICE = 1, _("nice to have")
        IMPORTANT = 2, _("important")
        FIRST = 3, _("this comes first")

    profile = models.ForeignKey(Profile, models.CASCADE)
    topic = models.ForeignKey(Topic, models.PROTECT)
    priority = models.PositiveSmallIntegerField(
        choices=Priority, default=Priority.IMPORTANT
    )

    objects = PickedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["profile", "topic"], name="wish_topic_once"
            ),
            models.CheckConstraint(
                condition=models.Q(priority__range=(1, 3)), name="wish_priority_1_to_3"
            ),
        ]

    @property
    def grade(self) -> int:
        return self.priority
