"""Who works here: users, what HR knows of them, and what they say of themselves."""

from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from mentoring.words import pick


class UserQuerySet(models.QuerySet["User"]):
    def working_here(self) -> "UserQuerySet":
        """Those who may sign in."""
        return self.filter(is_active=True, left_on=None)

    def gone(self) -> "UserQuerySet":
        """Those who may not sign in any more."""
        return self.exclude(is_active=True, left_on=None)

    def hr_admins(self) -> "UserQuerySet":
        """The HR admins who work here."""
        return self.working_here().filter(org_role=User.OrgRole.HR_ADMIN)

    def visible_to(self, user: "User") -> "UserQuerySet":
        """The colleagues whose profile somebody may open; IT keeps the machine going
        without looking at people.
        """
        return self.none() if user.is_it_admin else self.working_here()


class UserManager(BaseUserManager["User"]):
    def get_queryset(self) -> UserQuerySet:
        return UserQuerySet(self.model, using=self._db)

    def working_here(self) -> UserQuerySet:
        return self.get_queryset().working_here()

    def gone(self) -> UserQuerySet:
        return self.get_queryset().gone()

    def hr_admins(self) -> UserQuerySet:
        return self.get_queryset().hr_admins()

    def visible_to(self, user: "User") -> UserQuerySet:
        return self.get_queryset().visible_to(user)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)

    def create_user(
        self, email: str, password: str | None = None, **fields: Any
    ) -> "User":
        """A person who can sign in, by e-mailed code when there is no password."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save()
        return user


class User(AbstractBaseUser):
    """A person of this organisation. The e-mail address is the name to sign in with.

    What somebody is in a programme (mentor, mentee, coordinator) is a
    ``programs.Participant``; only the few roles in the organisation stand here.
    """

    class OrgRole(models.TextChoices):
        HR_ADMIN = "hr_admin", _("HR admin")
        IT_ADMIN = "it_admin", _("IT admin")
        SPONSOR = "sponsor", _("sponsor")

    email = models.EmailField(_("e-mail address"), max_length=254)
    name = models.CharField(_("name"), max_length=150)
    language = models.CharField(
        _("language"), max_length=5, choices=settings.LANGUAGES, blank=True
    )
    time_zone = models.CharField(
        _("time zone"), max_length=64, default=settings.TIME_ZONE
    )
    org_role = models.CharField(
        _("role in the organisation"), max_length=10, choices=OrgRole, blank=True
    )
    is_active = models.BooleanField(default=True)
    left_on = models.DateField(_("left on"), null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="one_user_per_email",
                violation_error_message=_(
                    "There is somebody with this e-mail address."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(
                    org_role__in=["", "hr_admin", "it_admin", "sponsor"]
                ),
                name="user_org_role_is_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def first_name(self) -> str:
        return self.name.split(" ")[0]

    @property
    def is_hr_admin(self) -> bool:
        return self.org_role == self.OrgRole.HR_ADMIN

    @property
    def is_it_admin(self) -> bool:
        return self.org_role == self.OrgRole.IT_ADMIN

    @property
    def is_sponsor(self) -> bool:
        return self.org_role == self.OrgRole.SPONSOR

    def get_full_name(self) -> str:
        return self.name


class Employment(models.Model):
    """What the HR system says of one person. Only the HR feed writes here."""

    user = models.OneToOneField(User, models.CASCADE, related_name="employment")
    employee_number = models.CharField(
        _("employee number"), max_length=40, unique=True, null=True, blank=True
    )
    department = models.CharField(_("department"), max_length=120, blank=True)
    job = models.CharField(_("job"), max_length=120, blank=True)
    level = models.PositiveSmallIntegerField(_("level"), null=True, blank=True)
    location = models.CharField(_("location"), max_length=120, blank=True)
    manager = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="reports"
    )
    started_on = models.DateField(_("started on"), null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(user=models.F("manager")),
                name="nobody_manages_themselves",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.job}"


class Named(models.Model):
    """A thing of the catalogue with a name in both languages."""

    key = models.SlugField(max_length=60, unique=True)
    name_nl = models.CharField(_("Dutch name"), max_length=120)
    name_en = models.CharField(_("English name"), max_length=120)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return pick(self.name_nl, self.name_en)


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
    """Topics that belong together; half credit in matching within one."""

    is_soft = models.BooleanField(_("soft skills"), default=False)


class TopicQuerySet(NamedQuerySet):
    def matching_words(self, words: str) -> Self:
        """Topics whose name or synonym, in either language, has each of the words."""
        found = self
        for word in words.split():
            found = found.filter(search__contains=word.casefold())
        return found


class Topic(Named):
    """Something one can teach or wants to learn."""

    family = models.ForeignKey(TopicFamily, models.PROTECT, related_name="topics")
    synonyms = models.JSONField(_("synonyms"), default=list, blank=True)
    # Casefolded names and synonyms: SQLite's LIKE folds ASCII only.
    search = models.TextField(editable=False, default="")

    objects = TopicQuerySet.as_manager()

    def words(self) -> str:
        """What ``search`` should hold."""
        return " ".join([self.name_nl, self.name_en, *self.synonyms]).casefold()


class Interest(Named):
    """What somebody likes beside work."""

    objects = NamedQuerySet.as_manager()


class CareerDirection(Named):
    """A way that a career can go."""

    objects = NamedQuerySet.as_manager()


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


class HrImport(models.Model):
    """One time that the HR feed was read in: when, by whom, and what it did."""

    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    left = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-at"]


class Welcome(models.Model):
    """The one-time link with which the first HR admin comes in. Its hash is kept."""

    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class HrUpload(models.Model):
    """A file from HR that waits for its preview to be confirmed."""

    by = models.ForeignKey(User, models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    content = models.BinaryField()
