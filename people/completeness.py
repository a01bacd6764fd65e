"""What a profile still needs before somebody can be matched."""

from django.utils.translation import gettext as _

from people.models import Profile, User


def missing(profile: Profile | None, role: str) -> list[str]:
    """What to fill in, in the reader's language; empty when it is complete.

    Without a profile that is all of it.
    """
    lacks = []
    if profile is None or not profile.about.strip():
        lacks.append(_("a few words about yourself"))
    if profile is None or not profile.languages:
        lacks.append(_("the languages you speak"))
    if role in {"mentor", "peer"} and not (profile and profile.offers.exists()):
        lacks.append(_("at least one topic that you can help with"))
    if role in {"mentee", "peer"} and not (profile and profile.wishes.exists()):
        lacks.append(_("at least one topic that you want to learn"))
    return lacks


def is_complete(user: User, role: str) -> bool:
    """Whether somebody's profile has all that matching needs."""
    profile = Profile.objects.filter(user=user).first()
    return not missing(profile, role)
