"""Who works here, and what HR knows of them."""

import uuid
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from history.models import Event
from mentoring.words import folded
from people.models.absences import last_day_away


class FoldedField(models.CharField):
    """Another field as one looks for it and sorts by it; filled in with every row that
    is written. An ``update`` of the other field has to write this one too.
    """

    def __init__(self, *args: Any, of: str, **kwargs: Any) -> None:
        self.of = of
        super().__init__(*args, **{**kwargs, "editable": False})

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "of": self.of}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        value = folded(getattr(model_instance, self.of))[: self.max_length]
        setattr(model_instance, self.attname, value)
        return value


class UserQuerySet(models.QuerySet["User"]):
    def working_here(self) -> "UserQuerySet":
        """Those who may sign in."""
        return self.filter(is_active=True, left_on=None)

    def with_address(self, email: str) -> "UserQuerySet":
        """Whoever has this address now; every address is kept in lower case."""
        return self.filter(email=email.lower())

    def outside_the_feed(self) -> "UserQuerySet":
        """Those who work here and are in no file from HR: none ends their access."""
        return self.working_here().filter(
            models.Q(employment=None) | models.Q(employment__is_by_hand=True)
        )

    def gone(self) -> "UserQuerySet":
        """Those who may not sign in any more, and were not erased."""
        return self.exclude(is_active=True, left_on=None).filter(erasure=None)

    def not_erased(self) -> "UserQuerySet":
        """Those of whom something is known."""
        return self.filter(erasure=None)

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

    def with_address(self, email: str) -> UserQuerySet:
        return self.get_queryset().with_address(email)

    def outside_the_feed(self) -> UserQuerySet:
        return self.get_queryset().outside_the_feed()

    def gone(self) -> UserQuerySet:
        return self.get_queryset().gone()

    def not_erased(self) -> UserQuerySet:
        return self.get_queryset().not_erased()

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
    name_folded = FoldedField(max_length=300, of="name", default="")
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
    # Who this is, without saying who it is: a backup is searched for it.
    mark = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)

    # The roles in programmes, and whether they run one that is not archived, once the
    # page that is being made has asked for them.
    known_roles: set[str] | None = None
    is_known_to_run: bool = False
    is_known_to_read: bool = False
    # That the account was made, and by whom, for a page that has asked for it.
    brought_in: Event | None = None

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["name_folded", "pk"]
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
    def team(self) -> UserQuerySet:
        """Who works here and reports to them."""
        return User.objects.working_here().filter(employment__manager=self)

    @property
    def manages(self) -> bool:
        return self.team.exists()

    @property
    def is_hr_admin(self) -> bool:
        return self.org_role == self.OrgRole.HR_ADMIN

    @property
    def is_it_admin(self) -> bool:
        return self.org_role == self.OrgRole.IT_ADMIN

    @property
    def is_sponsor(self) -> bool:
        return self.org_role == self.OrgRole.SPONSOR

    @property
    def away_until(self) -> date | None:
        """The last day of the time away that goes on now, if one does."""
        return last_day_away(timezone.localdate(), self.absences.all())

    def get_full_name(self) -> str:
        return self.name

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session holds of a person: with another password or another address
        they are signed out everywhere, whoever changed it.
        """
        return salted_hmac(
            "people.User.session",
            f"{self.password}\n{self.email}",
            secret=secret,
            algorithm="sha256",
        ).hexdigest()


class Employment(models.Model):
    """What the HR system says of one person. Of who is not in it, an HR admin does."""

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
    # Until the HR feed names them; after that the feed decides.
    is_by_hand = models.BooleanField(default=False, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(user=models.F("manager")),
                name="nobody_manages_themselves",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.job}"


class Erasure(models.Model):
    """That a person was erased. A backup from before does not bring them back."""

    user = models.OneToOneField(User, models.PROTECT, related_name="erasure")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    def __str__(self) -> str:
        return f"erasure of {self.user_id}"


class LevelChange(models.Model):
    """That HR put somebody on another level: the feed says what is, not what was."""

    user = models.ForeignKey(User, models.CASCADE, related_name="level_changes")
    before = models.PositiveSmallIntegerField()
    after = models.PositiveSmallIntegerField()
    on = models.DateField(default=timezone.localdate)

    class Meta:
        ordering = ["on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(before=models.F("after")),
                name="level_change_changes_something",
            )
        ]


class Welcome(models.Model):
    """The one-time link with which the first HR admin comes in. Its hash is kept."""

    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
