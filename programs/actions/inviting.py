"""Asking people by e-mail to take part."""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from allauth.mfa.utils import is_mfa_enabled
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext as _

from history.models import record
from outbox.actions import compose, plan_all
from outbox.models import Message
from people.models import User
from programs.models import Invite, Program, Role, hashed, new_nonce, token_of

INVITE_FOR = timedelta(days=30)
REMIND_AFTER = (timedelta(days=4), timedelta(days=11))


@dataclass(frozen=True)
class Asked:
    """Who was asked, for whom an account was made, and who was left in peace."""

    asked: tuple[str, ...]
    new: tuple[str, ...]
    left_out: tuple[str, ...]


@dataclass(frozen=True)
class Sorted:
    """Who would be asked, and who would not, by why not; and who of all is known."""

    asked: list[str]
    left_out: dict[str, str]
    known: dict[str, User]


def sort_out(program: Program, emails: list[str]) -> Sorted:
    """Who takes part, was asked before or no longer works here is left in peace."""
    wanted = list(dict.fromkeys(email.strip().lower() for email in emails))
    taking_part = set(
        program.participants.active()
        .exclude(role=Role.COORDINATOR)
        .values_list(Lower("user__email"), flat=True)
    )
    pending = set(program.invites.unused().values_list("email", flat=True))
    known: dict[str, User] = {
        user.email.lower(): user
        for user in User.objects.annotate(address=Lower("email")).filter(
            address__in=wanted
        )
    }
    left_out = {}
    for email in wanted:
        user = known.get(email)
        if email in taking_part:
            left_out[email] = _("takes part already")
        elif email in pending:
            left_out[email] = _("was asked already")
        elif user is not None and (user.left_on or not user.is_active):
            left_out[email] = _("no longer works here")
    return Sorted([each for each in wanted if each not in left_out], left_out, known)


@transaction.atomic
def invite(program: Program, emails: list[str], role: str, *, by: User) -> Asked:
    """Ask people by e-mail.

    Who is not known yet gets an account: it is of use only to whoever reads the mail.
    Who takes part, was asked before or no longer works here is left in peace.
    """
    if not program.takes_joiners:
        raise ValidationError(_("Open the programme first; then people can join."))
    # One at a time for each programme: a second press finds everybody asked already.
    Program.objects.select_for_update().get(pk=program.pk)
    now = timezone.now()
    found = sort_out(program, emails)
    new: list[str] = []
    mails: list[Message] = []
    for email in found.asked:
        user = found.known.get(email)
        if user is None:
            name = email.split("@")[0].replace(".", " ").replace("_", " ").title()
            user = User.objects.create_user(email, name=name)
            record(user, "created by invitation", by=by)
            new.append(email)
        nonce = new_nonce()
        invitation = Invite.objects.create(
            program=program,
            email=email,
            role=role,
            token_hash=hashed(token_of(nonce)),
            by=by,
            expires_at=now + INVITE_FOR,
        )
        tell = partial(
            compose,
            to=user,
            about=invitation,
            program_id=program.pk,
            facts={"nonce": nonce},
        )
        mails.append(tell("invitation"))
        mails += [
            tell(
                "invitation_reminder",
                occasion=f"day-{delay.days}",
                not_before=now + delay,
            )
            for delay in REMIND_AFTER
        ]
    plan_all(mails)
    record(program, f"invited {len(found.asked)}", by=by)
    return Asked(tuple(found.asked), tuple(new), tuple(found.left_out))


@transaction.atomic
def withdraw_invite(invitation: Invite, *, by: User) -> None:
    """The link stops working, and no reminder goes out."""
    invitation.delete()
    record(invitation.program, "invitation withdrawn", by=by)


def find_invite(token: str) -> Invite | None:
    """The invitation if its link still works."""
    return (
        Invite.objects.unused()
        .select_related("program")
        .filter(token_hash=hashed(token))
        .first()
    )


def has_to_sign_in(invitation: Invite) -> bool:
    """Whether its link alone lets nobody in, for it is good for weeks and may be passed
    on: who was asked came in before, has something here, runs things or wants a second
    step.
    """
    user = _invited(invitation)
    return user is not None and bool(
        user.last_login
        or user.has_usable_password()
        or user.org_role
        or user.participations.exists()
        or is_mfa_enabled(user)
    )


def _invited(invitation: Invite) -> User | None:
    """Who has the address, while they work here."""
    return User.objects.working_here().filter(email__iexact=invitation.email).first()


@transaction.atomic
def use_invite(invitation: Invite) -> User:
    """Sign-in by invitation works once; of two who press at once, one gets in."""
    now = timezone.now()
    # Nothing of another table in it: Postgres looks again at this row alone.
    used = Invite.objects.filter(
        pk=invitation.pk, used_at=None, expires_at__gt=now
    ).update(used_at=now)
    user = _invited(invitation)
    if not used or user is None:
        raise ValidationError(_("This link has been used."))
    record(invitation, "used", by=user)
    return user
