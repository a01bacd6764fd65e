"""Changes to people that are bigger than a row."""

import secrets
from collections.abc import Collection
from datetime import timedelta

from allauth.mfa.models import Authenticator
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from history.models import Event, record
from mentoring.sealing import hashed
from people.models import Employment, LevelChange, Profile, User, Welcome

WELCOME_FOR = timedelta(days=2)
BATCH = 1000


def profile_of(user: User) -> Profile:
    """The person's profile; an empty one is made the first time."""
    profile, _created = Profile.objects.get_or_create(user=user)
    return profile


def leave(user: User, *, by: User | None) -> None:
    """Somebody no longer works here: they are signed out everywhere, for good."""
    leave_all([user.pk], by=by)


@transaction.atomic
def leave_all(user_ids: Collection[int], *, by: User | None) -> int:
    """These people no longer work here; the number who did until now.

    The last HR admin cannot leave: nobody could open the door again.
    """
    ids = list(user_ids)
    _keep_an_hr_admin(beside=ids)
    gone = 0
    for start in range(0, len(ids), BATCH):
        batch = list(
            User.objects.filter(pk__in=ids[start : start + BATCH], is_active=True)
            .order_by("pk")
            .values_list("pk", flat=True)
        )
        # Another password is another session hash: a session that slips through the
        # sweep below stays shut, even when the person comes back.
        User.objects.filter(pk__in=batch).update(
            is_active=False,
            left_on=timezone.localdate(),
            org_role="",
            password=make_password(None),
        )
        Authenticator.objects.filter(user__in=batch).delete()
        Event.objects.bulk_create(
            [
                Event(by=by, verb="left", about_type="people.user", about_id=pk)
                for pk in batch
            ]
        )
        gone += len(batch)
    end_sessions({str(pk) for pk in ids})
    return gone


def _keep_an_hr_admin(*, beside: Collection[int]) -> None:
    """Refuse what would take the role from the last ones who have it. Of two at once
    the second sees what the first has done: each locks them all, in the same order.
    """
    admins = User.objects.hr_admins().order_by("pk").select_for_update(no_key=True)
    ids = set(admins.values_list("pk", flat=True))
    if ids and not ids.difference(beside):
        raise ValidationError(_("Somebody has to be HR admin. Name another one first."))


def end_sessions(user_ids: set[str]) -> None:
    """Sign these people out on every device."""
    theirs = [
        session.pk
        for session in Session.objects.filter(expire_date__gte=timezone.now()).iterator(
            BATCH
        )
        if session.get_decoded().get(SESSION_KEY) in user_ids
    ]
    for start in range(0, len(theirs), BATCH):
        Session.objects.filter(pk__in=theirs[start : start + BATCH]).delete()


@transaction.atomic
def come_back(user: User, *, by: User) -> None:
    """Somebody works here again, or never left. They sign in with a code by e-mail."""
    if User.objects.gone().filter(pk=user.pk).update(is_active=True, left_on=None):
        record(user, "returned", by=by)


@transaction.atomic
def grant_role(user: User, role: str, *, by: User) -> None:
    """Give or take a role in the organisation; the last HR admin stays one."""
    if role != User.OrgRole.HR_ADMIN:
        _keep_an_hr_admin(beside=[user.pk])
    user.org_role = role
    user.full_clean(exclude=["password"])
    user.save(update_fields=["org_role"])
    record(user, f"role {role or 'none'}", by=by)


@transaction.atomic
def create_person(
    *, email: str, name: str, by: User | None, org_role: str = ""
) -> User:
    """Somebody who is not in the HR feed. They sign in with a code by e-mail."""
    try:
        with transaction.atomic():
            user = User.objects.create_user(email, name=name, org_role=org_role)
    except IntegrityError as error:
        raise ValidationError(
            _("There is somebody with this e-mail address.")
        ) from error
    Profile.objects.create(user=user)
    record(user, "created", by=by)
    return user


@transaction.atomic
def set_employment(
    user: User,
    *,
    department: str,
    job: str,
    level: int | None,
    location: str,
    manager: User | None,
    by: User,
) -> None:
    """Say what the HR feed does not, of somebody who is not in it."""
    known = Employment.objects.select_for_update().filter(user=user).first()
    if known and not known.is_by_hand:
        raise ValidationError(_("The HR file decides this; change it there."))
    if manager and _is_above(user, manager):
        raise ValidationError(
            _("This person would be their own manager, at some depth.")
        )
    before = known.level if known else None
    if before is not None and level is not None and before != level:
        LevelChange.objects.create(user=user, before=before, after=level)
    Employment.objects.update_or_create(
        user=user,
        defaults={
            "department": department,
            "job": job,
            "level": level,
            "location": location,
            "manager": manager,
            "is_by_hand": True,
        },
    )
    record(user, "employment changed", by=by)


def _is_above(user: User, other: User) -> bool:
    """Whether one comes to ``user`` when one goes up from ``other``."""
    seen: set[int] = set()
    at: int | None = other.pk
    while at is not None and at not in seen:
        if at == user.pk:
            return True
        seen.add(at)
        at = (
            Employment.objects.filter(user=at).values_list("manager", flat=True).first()
        )
    return False


def first_admin_link() -> str | None:
    """A path that makes its first reader HR admin; ``None`` when there is one."""
    if User.objects.hr_admins().exists():
        return None
    token = secrets.token_urlsafe(32)
    Welcome.objects.filter(used_at=None).delete()
    Welcome.objects.create(
        token_hash=hashed(token), expires_at=timezone.now() + WELCOME_FOR
    )
    return reverse("people:welcome", args=[token])


def find_welcome(token: str) -> Welcome | None:
    """The link if it still works; it does not once there is an HR admin."""
    if User.objects.hr_admins().exists():
        return None
    return Welcome.objects.filter(
        token_hash=hashed(token), used_at=None, expires_at__gt=timezone.now()
    ).first()


@transaction.atomic
def use_welcome(welcome: Welcome, *, email: str, name: str) -> User:
    """Make the first HR admin, or make one of who is here. Of two at once, one does."""
    used = Welcome.objects.filter(pk=welcome.pk, used_at=None).update(
        used_at=timezone.now()
    )
    if not used or User.objects.hr_admins().exists():
        raise ValidationError(_("This link has been used."))
    user = User.objects.working_here().filter(email__iexact=email).first()
    if user is None:
        user = create_person(email=email, name=name, by=None)
        user.language = (translation.get_language() or "")[:2]
    user.org_role = User.OrgRole.HR_ADMIN
    user.full_clean(exclude=["password"])
    user.save(update_fields=["org_role", "language"])
    record(user, "role hr_admin", by=None)
    return user
