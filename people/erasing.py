"""What goes when a person is erased, and what stays: each app scrubs its own part.

After the person come the others from the top down: messages,
which an ending still writes, go last. Each is given the person as they were.
"""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from mentoring.removal import Parts
from mentoring.words import folded
from people.models import (
    Absence,
    Background,
    Employment,
    HrUpload,
    LevelChange,
    Profile,
    TopicProposal,
    User,
)

# For "nomen nescio": it means the same in each of our languages.
NOBODY = "N.N."


SCRUBS: Parts[User] = Parts()
scrub = SCRUBS.add


@scrub(
    goes=[
        _("name, e-mail address and everything from the HR system"),
        _("the whole profile, with topics, interests, working style and background"),
    ]
)
def scrub_people(user: User) -> None:
    EmailAddress.objects.filter(user=user).delete()
    Authenticator.objects.filter(user=user).delete()
    Employment.objects.filter(user=user).delete()
    Profile.objects.filter(user=user).delete()
    Absence.objects.filter(user=user).delete()
    Background.objects.filter(user=user).delete()
    LevelChange.objects.filter(user=user).delete()
    # Empty: pages count on there being one.
    Profile.objects.create(user=user)
    TopicProposal.objects.filter(by=user).delete()
    _remove_uploads(user)
    User.objects.filter(pk=user.pk).update(
        name=NOBODY,
        name_folded=folded(NOBODY),
        email=f"erased-{user.pk}@erased.invalid",
        language="",
        time_zone=settings.TIME_ZONE,
        last_login=None,
    )


def _remove_uploads(user: User) -> None:
    """Files from HR that wait, when they are theirs or name them."""
    names = [text.encode() for text in (user.email.lower(), user.name.lower()) if text]
    for upload in HrUpload.objects.iterator(chunk_size=1):
        content = bytes(upload.content).lower()
        if upload.by_id == user.pk or any(name in content for name in names):
            upload.delete()
