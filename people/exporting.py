"""What of people, their accounts and what they did is in the file of a person."""

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from history.models import Event, Press
from people.data_file import (
    Part,
    call,
    leave_out,
    made,
    mine,
    of_nobody,
    tell,
    unsealed,
)
from people.models import (
    SPOKEN,
    Absence,
    Background,
    BackgroundChoice,
    BackgroundQuestion,
    CareerDirection,
    Employment,
    Erasure,
    FeedSettings,
    HrImport,
    HrUpload,
    Interest,
    LevelChange,
    Offer,
    Organisation,
    Profile,
    Topic,
    TopicFamily,
    TopicProposal,
    User,
    Welcome,
    Wish,
)
from people.visibility import Circle


def background_words(background: Background) -> dict[str, str]:
    """Each question with what was chosen."""
    chosen = background.read()
    choices = BackgroundChoice.objects.filter(pk__in=chosen.values())
    return {
        str(each.question): str(each) for each in choices.select_related("question")
    }


call(User, lambda user: str(user))

tell(
    Part.PERSON,
    User,
    _("account"),
    lambda user: [user],
    {
        Circle.ORGANISATION: ["name", "email"],
        Circle.TEAM: ["org_role", "is_active", "left_on"],
        Circle.ME: ["language", "time_zone", "last_login", "created_at"],
    },
    # The first is a hash; the others say the same again, or stand for the person.
    untold=["password", "name_folded", "mark"],
)
tell(
    Part.PERSON,
    Employment,
    _("from the HR system"),
    ["user"],
    {
        Circle.ORGANISATION: ["department", "job", "location"],
        Circle.TEAM: [
            "employee_number",
            "level",
            "manager",
            "started_on",
            "is_by_hand",
        ],
    },
    untold=["user"],
)
tell(
    Part.PERSON,
    LevelChange,
    _("changes of level"),
    ["user"],
    {Circle.ME: ["on", "before", "after"]},
    untold=["user"],
)
tell(
    Part.PERSON,
    Profile,
    _("profile"),
    ["user"],
    {
        Circle.ORGANISATION: [
            "about",
            "pronouns",
            "meeting",
            "availability",
            "interests",
            "saved_at",
        ],
        Circle.TEAM: [
            "directions_been",
            "directions_going",
            "style_structure",
            "style_talk",
            "style_pace",
            "style_challenge",
            "style_focus",
        ],
    },
    more=[
        made(
            "languages",
            Circle.ORGANISATION,
            lambda profile: profile.languages,
            label=_("languages I speak"),
            show=lambda codes: [dict(SPOKEN).get(code, code) for code in codes],
        )
    ],
    # The topics are told apart, with how well and how much.
    untold=["user", "offers", "wishes"],
)
tell(
    Part.PERSON,
    Offer,
    _("topics to help with"),
    ["profile__user"],
    {Circle.ORGANISATION: ["topic", "level"]},
    untold=["profile"],
)
tell(
    Part.PERSON,
    Wish,
    _("topics to learn"),
    ["profile__user"],
    {Circle.TEAM: ["topic", "priority"]},
    untold=["profile"],
)
tell(
    Part.PERSON,
    TopicProposal,
    _("topics that were missed"),
    ["by"],
    {Circle.TEAM: ["words", "kind", "at", "decided_at", "topic"]},
    untold=["by"],
)
tell(
    Part.PERSON,
    Absence,
    _("days away"),
    ["user"],
    {Circle.TEAM: ["starts_on", "ends_on"]},
    untold=["user"],
)
tell(
    Part.PERSON,
    Background,
    _("background"),
    ["user"],
    {},
    more=[unsealed(_("what was said"), background_words)],
    untold=["user"],
)
tell(
    Part.PERSON,
    EmailAddress,
    _("addresses to sign in with"),
    ["user"],
    {},
    more=[
        made(
            "email",
            Circle.ME,
            lambda address: address.email,
            label=_("e-mail address"),
        )
    ],
    untold=["user", "verified", "primary"],
)
tell(
    Part.PERSON,
    Authenticator,
    _("second step when signing in"),
    ["user"],
    {Circle.ME: ["type", "created_at", "last_used_at"]},
    # The secret itself: with it somebody else could sign in.
    untold=["user", "data"],
)
tell(
    Part.DONE,
    Event,
    _("what was done, as the system notes it"),
    lambda user: mine(
        Event, Q(by=user) | Q(about_type="people.user", about_id=user.pk)
    ),
    {Circle.ME: ["at", "by", "verb", "about_type", "about_id"]},
    untold=["program_id"],
)

leave_out(
    _("secrets with which somebody could sign in, and links that were mailed"),
    EmailConfirmation,
)
leave_out(_("a file from HR that waits to be read, with many people in it"), HrUpload)
of_nobody("who did the reading is an event", HrImport)
of_nobody("of who was erased nothing is left; who did it is an event", Erasure)
of_nobody(
    "is told with the profile",
    *(
        getattr(Profile, name).through
        for name in ("interests", "directions_been", "directions_going")
    ),
)
of_nobody(
    "is the same for everybody",
    BackgroundChoice,
    BackgroundQuestion,
    CareerDirection,
    ContentType,
    FeedSettings,
    Group,
    Group.permissions.through,
    Interest,
    Organisation,
    Permission,
    Topic,
    TopicFamily,
    Welcome,
)
of_nobody("sealed, and of whom is not known", Press)
