"""What a profile still needs before somebody can be matched."""

from collections.abc import Callable, Collection

from django.utils.translation import gettext as _

from people.models import Profile, User

# In which roles somebody takes part: an app above says so when it starts.
ROLES_OF: list[Callable[[User], set[str]]] = []


def roles_of(user: User) -> set[str]:
    """All the roles that somebody's profile has to serve."""
    return {role for found in ROLES_OF for role in found(user)}


def missing(profile: Profile | None, roles: Collection[str]) -> list[str]:
    """What to fill in for these roles, in the reader's language; empty when it is
    complete. Without a profile that is all of it.
    """
    roles = set(roles)
    lacks = []
    if profile is None or not profile.about.strip():
        lacks.append(_("a few words about yourself"))
    if profile is None or not profile.languages:
        lacks.append(_("the languages you speak"))
    if roles & {"mentor", "peer"} and not (profile and profile.offer_set.exists()):
        lacks.append(_("at least one topic that you can help with"))
    if roles & {"mentee", "peer"} and not (profile and profile.wish_set.exists()):
        lacks.append(_("at least one topic that you want to learn"))
    return lacks


def is_complete(user: User, role: str) -> bool:
    """Whether somebody's profile has all that matching needs."""
    profile = Profile.objects.filter(user=user).first()
    return not missing(profile, {role})
