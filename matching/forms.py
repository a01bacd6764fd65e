"""Forms of matching."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from matching.actions import open_groups
from matching.models import (
    CHOOSING_MODELS,
    LEARNERS,
    Criterion,
    Manner,
    Proposal,
    Request,
    Round,
    mode_of,
)
from matching.pool import begins_on
from matching.somebody import FindingForm, SomebodyField
from mentoring.branding import lazy_role_word, worded
from people.forms import STYLE_ENDS
from people.models import STYLES, Profile
from programs.models import Participant, Program

DAYS_A_MONTH = 30
PREFER = [("other", _("prefer another")), ("same", _("prefer the same"))]
NEAR = [
    ("", _("the same place, else near in time zone")),
    ("location", _("the same place only")),
    ("time_zone", _("time zone only")),
]
DIMENSION = [
    ("similar", _("alike")),
    ("different", _("complementary")),
    ("ignore", _("of no matter")),
]


PEER_MODES = [
    (Manner.Mode.COORDINATOR, Manner.Mode.COORDINATOR.label),
    (
        Manner.Mode.RANK,
        worded(
            _(
                "%(peers_word)s rank each other, and the %(coordinators_word)s run a"
                " round"
            )
        ),
    ),
]


def _style_name(style: str) -> Any:
    field: Any = Profile._meta.get_field(f"style_{style}")
    return field.verbose_name


class RoundForm(forms.ModelForm):
    """What a new round puts first; for groups and circles how many together."""

    keep = forms.BooleanField(
        label=_("Keep what is approved or fixed in the last round"),
        required=False,
        initial=True,
    )

    class Meta:
        model = Round
        fields = ["objective", "protect_weakest", "least", "most"]
        widgets = {
            "objective": forms.RadioSelect,
            "least": forms.NumberInput(attrs={"min": 2, "max": 30}),
            "most": forms.NumberInput(attrs={"min": 2, "max": 30}),
        }

    def __init__(self, data: Any, *, program: Program, last: Round | None) -> None:
        super().__init__(data)
        unused = {"least", "most"}
        if program.model == Program.Model.GROUP:
            unused = set()
        elif program.is_for_peers:
            unused = {"objective"}
            self.fields["least"].initial = self.fields["most"].initial = 2
        if last is None:
            unused.add("keep")
        else:
            # What is kept was made within these.
            self.fields["least"].initial = last.least
            self.fields["most"].initial = last.most
        for name in unused:
            del self.fields[name]


class PublishForm(forms.Form):
    """Of an open programme: whether people may still join once this is published."""

    KEEP, CLOSE = "keep", "close"

    joining = forms.ChoiceField(
        label=_("May colleagues still join?"),
        choices=[
            (KEEP, _("keep it open for joining")),
            (CLOSE, _("close joining now; the programme starts running")),
        ],
        widget=forms.RadioSelect,
        help_text=_(
            "After closing, colleagues no longer find the programme by themselves; you"
            " can still invite them. Check-ins and surveys begin once it runs. Kept"
            " open, you start it later from its own page."
        ),
    )

    def __init__(self, data: Any, *, program: Program, is_left: bool) -> None:
        super().__init__(data)
        if not program.is_open:
            del self.fields["joining"]
            return
        waits = is_left or not program.has_begun
        self.fields["joining"].initial = self.KEEP if waits else self.CLOSE


class CriterionForm(forms.ModelForm):
    """How much a criterion counts, and what exactly it compares."""

    class Meta:
        model = Criterion
        fields = ["weight", "must"]
        widgets = {"weight": forms.NumberInput(attrs={"min": 0, "max": 10})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.details = list(self._details(self.instance.settings))
        for name, field in self.details:
            field.required = False
            self.fields[name] = field

    def _details(self, known: dict[str, Any]) -> Any:
        key = self.instance.key
        if key == Criterion.Key.LEVEL:
            for name, label, default in (
                ("min", _("steps between the levels, at least"), 1),
                ("max", _("steps between the levels, at most"), 3),
            ):
                yield (
                    name,
                    forms.IntegerField(
                        label=label,
                        min_value=-9,
                        max_value=9,
                        initial=known.get(name, default),
                    ),
                )
            yield (
                "reversed",
                forms.BooleanField(
                    label=worded(_("the %(mentees_word)s are the higher ones")),
                    initial=known.get("reversed", False),
                ),
            )
        elif key == Criterion.Key.DEPARTMENT:
            yield (
                "prefer",
                forms.ChoiceField(
                    label=_("department"),
                    choices=PREFER,
                    initial=known.get("prefer", "other"),
                ),
            )
        elif key == Criterion.Key.LOCATION:
            yield (
                "by",
                forms.ChoiceField(
                    label=_("near means"), choices=NEAR, initial=known.get("by", "")
                ),
            )
        elif key == Criterion.Key.STYLE:
            wishes = [*known.get("dimensions", ()), *["similar"] * 5][:5]
            for style, wish in zip(STYLES, wishes, strict=True):
                yield (
                    f"style_{style}",
                    forms.ChoiceField(
                        label=_style_name(style),
                        help_text=" – ".join(map(str, STYLE_ENDS[style])),
                        choices=DIMENSION,
                        initial=wish,
                    ),
                )

    def detail_fields(self) -> list[forms.BoundField]:
        return [self[name] for name, _field in self.details]

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        if (
            data.get("min") is not None
            and data.get("max") is not None
            and data["min"] > data["max"]
        ):
            self.add_error("max", _("The most is not below the least."))
        return data

    def save(self, commit: bool = True) -> Criterion:
        data = self.cleaned_data
        found = dict(self.instance.settings)
        styles = [data.get(f"style_{style}") or "similar" for style in STYLES]
        for name, _field in self.details:
            if not name.startswith("style_") and data.get(name) is not None:
                found[name] = data[name]
        if self.instance.key == Criterion.Key.STYLE:
            found["dimensions"] = styles
        self.instance.settings = found
        return super().save(commit)  # type: ignore[no-any-return]


def criterion_forms(data: Any, criteria: list[Criterion]) -> list[CriterionForm]:
    """One small form for each criterion."""
    return [CriterionForm(data, instance=each, prefix=each.key) for each in criteria]


class MannerForm(forms.ModelForm):
    """Who does the choosing."""

    class Meta:
        model = Manner
        fields = ["mode"]
        widgets = {"mode": forms.RadioSelect}

    def __init__(self, data: Any, *, program: Program) -> None:
        known = Manner.objects.filter(program=program).first()
        super().__init__(data, instance=known or Manner(program=program))
        self.initial["mode"] = mode_of(program)
        choices = list(PEER_MODES if program.is_for_peers else Manner.Mode.choices)
        if program.model not in CHOOSING_MODELS:
            choices = [each for each in choices if each[0] != Manner.Mode.CHOOSE]
        self.fields["mode"].choices = choices  # type: ignore[attr-defined]


class PairForm(FindingForm):
    """Two people of a round to look at together."""

    mentee = SomebodyField()
    mentor = SomebodyField()

    def __init__(
        self,
        data: Any,
        *,
        program: Program,
        roles: tuple[str, str],
        asked: Mapping[str, Any],
        find_at: str,
    ) -> None:
        super().__init__(data, asked=asked)
        people = (
            program.participants.active()
            .filter(state=Participant.State.READY)
            .order_by("user__name_folded", "pk")
        )
        for name, role, label in (
            ("mentee", roles[0], lazy_role_word("mentee")),
            ("mentor", roles[1], lazy_role_word("mentor")),
        ):
            field = self.fields[name]
            assert isinstance(field, SomebodyField)
            field.among(people.filter(role=role), find_at=find_at)
            field.label = capfirst(label)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("mentee") and data.get("mentee") == data.get("mentor"):
            raise forms.ValidationError(_("Choose two different people."))
        return data


class GroupChoice(forms.ModelChoiceField):
    """Groups by who leads them, circles by who is in them."""

    def label_from_instance(self, obj: Proposal) -> str:
        names = [each.participant.user.name for each in obj.learners]
        if obj.mentor is not None:
            return f"{obj.mentor.participant.user.name} ({len(names)})"
        return ", ".join(names)


class MoveForm(FindingForm):
    """Who goes to which group of a round, and in whose place if they swap."""

    who = SomebodyField(label=_("Who"))
    to = GroupChoice(
        label=_("Which group"),
        queryset=Proposal.objects.none(),
        required=False,
        empty_label=_("every group"),
    )
    other = forms.ModelChoiceField(
        queryset=Participant.objects.none(), required=False, widget=forms.HiddenInput
    )

    def __init__(
        self, data: Any, *, found: Round, asked: Mapping[str, Any], find_at: str
    ) -> None:
        super().__init__(data, asked=asked)
        people = (
            found.program.participants.active()
            .filter(state=Participant.State.READY, role__in=LEARNERS)
            .select_related("user")
            .order_by("user__name_folded", "pk")
        )
        who = self.fields["who"]
        assert isinstance(who, SomebodyField)
        who.among(people, find_at=find_at)
        for name, rows in (("to", open_groups(found)), ("other", people)):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = rows


class ExclusionForm(FindingForm):
    """Two people who are never matched."""

    one = SomebodyField(label=_("one"))
    other = SomebodyField(label=_("the other"))

    def __init__(
        self, data: Any, *, program: Program, asked: Mapping[str, Any], find_at: str
    ) -> None:
        super().__init__(data, asked=asked)
        people = (
            program.participants.active()
            .exclude(role="coordinator")
            .order_by("user__name_folded", "pk")
        )
        for name in ("one", "other"):
            field = self.fields[name]
            assert isinstance(field, SomebodyField)
            field.among(people, find_at=find_at)
            field.label = capfirst(field.label)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        one, other = data.get("one"), data.get("other")
        if one and other and one.user_id == other.user_id:
            raise forms.ValidationError(_("Choose two different people."))
        return data


class RequestForm(forms.ModelForm):
    """What a mentee asks a mentor."""

    class Meta:
        model = Request
        fields = ["goals", "rhythm_days", "months"]
        widgets = {"goals": forms.Textarea(attrs={"rows": 5})}

    def __init__(self, data: Any, *, program: Program, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        lengths = lengths_within(program)
        field = self.fields["months"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [(each.value, each.label) for each in lengths]
        if program.ends_on:
            self.initial["months"] = Request.Length.PROGRAM.value


def lengths_within(program: Program) -> list[Request.Length]:
    """For how long two may agree: to its last day, or what is over before that."""
    fixed: list[Request.Length] = [
        each for each in Request.Length if each != Request.Length.PROGRAM
    ]
    if program.ends_on is None:
        return fixed
    days = (program.ends_on - begins_on(program)).days
    return [
        Request.Length.PROGRAM,
        *(each for each in fixed if each.value * DAYS_A_MONTH <= days),
    ]


class AnswerForm(forms.Form):
    """Yes or no, and if no, why: for oneself."""

    answer = forms.ChoiceField(choices=[("yes", _("yes")), ("no", _("no"))])
    reason = forms.CharField(
        label=_("why not, only for yourself"), max_length=300, required=False
    )


class PlaceForm(forms.Form):
    """Yes or no to one more place."""

    answer = forms.ChoiceField(choices=[("yes", _("yes")), ("no", _("no"))])


class WishForm(FindingForm):
    """Whom somebody wishes for: the first to the fifth choice."""

    def __init__(
        self,
        data: Any,
        *,
        people: Any,
        chosen: Sequence[int],
        most: int,
        asked: Mapping[str, Any],
        find_at: str,
    ) -> None:
        super().__init__(data, asked={})
        for rank in range(1, most + 1):
            name = f"wish_{rank}"
            field = SomebodyField(
                required=False, label=capfirst(_("choice %(rank)s") % {"rank": rank})
            )
            field.among(people, find_at=find_at)
            self.fields[name] = field
            if rank <= len(chosen):
                self.initial[name] = (str(chosen[rank - 1]), "")
            self.look_for(name, asked)

    def wanted(self) -> list[Participant]:
        """Those chosen, in order; an empty place between them is passed over."""
        found = [self.cleaned_data[name] for name in self.fields]
        return [each for each in found if each is not None]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        named = [each.pk for each in data.values() if each is not None]
        if len(set(named)) < len(named):
            raise forms.ValidationError(_("Choose each person once."))
        return data
