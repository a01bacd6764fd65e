"""Where somebody who has no match yet stands, and what would help."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from matching.models import LeftOver, Manner, Round, mode_of
from matching.pool import (
    BEGIN_ANEW_POINTS,
    LEFT_OUT_POINTS,
    begin_anew,
    left_out_before,
)
from matching.words import label_of
from mentoring.branding import role_words, worded
from people.models import Profile
from programs.models import Participant, Role


@dataclass(frozen=True)
class Standing:
    """What a person who waits is told, without a word about anybody else."""

    next_on: date | None
    was_left_out: bool
    why: str
    comes_first: bool
    ahead_points: int
    mode: str
    tips: list[str]
    is_mentor: bool

    @property
    def chooses(self) -> bool:
        return self.mode == Manner.Mode.CHOOSE and not self.is_mentor

    @property
    def is_asked(self) -> bool:
        """Whether one waits for somebody to choose, and for no round."""
        return self.mode == Manner.Mode.CHOOSE and self.is_mentor

    @property
    def ranks(self) -> bool:
        return self.mode == Manner.Mode.RANK


def standing_of(me: Participant) -> Standing:
    """How it stands for one participant."""
    last = (
        LeftOver.objects.filter(participant=me, round__state=Round.State.PUBLISHED)
        .select_related("round")
        .order_by("-round__at")
        .first()
    )
    rounds = left_out_before(me.program).filter(participant=me).count()
    points = rounds * LEFT_OUT_POINTS
    if begin_anew(me.program).filter(pk=me.pk).exists():
        points += BEGIN_ANEW_POINTS
    on = me.program.matching_on
    return Standing(
        next_on=on if on and on >= timezone.localdate() else None,
        was_left_out=last is not None,
        why=_why(last) if last else "",
        comes_first=points > 0,
        ahead_points=min(100, points),
        mode=mode_of(me.program),
        tips=_tips(me, last),
        is_mentor=me.role == Role.MENTOR,
    )


def _why(last: LeftOver) -> str:
    """The limit in words for the person it is about: no names, no scores."""
    if last.limit == LeftOver.Limit.CAPACITY:
        return worded(
            _(
                "There were more %(mentees_word)s than places with the"
                " %(mentors_word)s who fit you."
            )
        )
    if last.limit == LeftOver.Limit.NO_MENTORS:
        return worded(_("There was no %(mentor_word)s with a free place."))
    if last.limit == LeftOver.Limit.AWAY:
        return _("You were away when mentorships would begin.")
    if last.limit == LeftOver.Limit.GROUP:
        return _("There were not enough people for one more group.")
    if last.limit == LeftOver.Limit.FORBIDDEN:
        if last.facts.get("lift") == "absence":
            return worded(
                _(
                    "The %(mentors_word)s who fit you were away when mentorships would"
                    " begin."
                )
            )
        if "lift" in last.facts:
            return _(
                "No %(mentor_word)s with a free place meets this condition: %(name)s."
            ) % {"name": label_of(last.facts["lift"]), **role_words()}
        return worded(
            _("No %(mentor_word)s with a free place may be matched with you.")
        )
    return worded(_("The %(mentors_word)s with a free place fitted you too little."))


def _tips(me: Participant, last: LeftOver | None) -> list[str]:
    """What the person can do themselves, as far as it counts in this programme."""
    profile: Any = Profile.objects.filter(user=me.user_id).first()
    if profile is None or me.role == Role.MENTOR:
        return []
    counts = set(me.program.criteria.filter(weight__gt=0).values_list("key", flat=True))
    tips = []
    wanted = profile.wishes.count()
    if "topics" in counts and wanted < 3:
        tips.append(
            ngettext(
                "You want to learn %(number)s topic. With three or more, more"
                " %(mentors_word)s fit.",
                "You want to learn %(number)s topics. With three or more, more"
                " %(mentors_word)s fit.",
                wanted,
            )
            % {"number": wanted, **role_words()}
        )
    if "languages" in counts and len(profile.languages) < 2:
        tips.append(
            _("Name every language in which you can have a conversation, not only one.")
        )
    if "direction" in counts and not profile.directions_going.exists():
        tips.append(
            worded(_("Say where you want to go; %(mentors_word)s have been there."))
        )
    if "interests" in counts and not profile.interests.exists():
        tips.append(_("Name some interests: they make a first conversation easier."))
    return tips
