"""Forms of matching."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from matching.models import Criterion, Manner, Request, Round
from people.forms import STYLE_ENDS
from people.models import STYLES, Profile
from programs.models import Participant, Program

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

    def __init__(self, data: Any, *, program: Program, may_keep: bool) -> None:
        super().__init__(data)
        unused = {"least", "most"}
        if program.model == Program.Model.GROUP:
            unused = {"protect_weakest"}
        elif program.is_for_peers:
            unused = {"objective", "protect_weakest"}
            self.fields["least"].initial = self.fields["most"].initial = 2
        if not may_keep or program.model in {Program.Model.GROUP, Program.Model.PEER}:
            unused.add("keep")
        for name in unused:
            del self.fields[name]


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
                    label=_("the mentee is the higher one"),
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


class PeopleChoice(forms.ModelChoiceField):
    """Participants by name, with what they do."""

    def label_from_instance(self, obj: Participant) -> str:
        job = getattr(getattr(obj.user, "employment", None), "job", "")
        return f"{obj.user.name} – {job}" if job else obj.user.name


class PairForm(forms.Form):
    """Two people of a round to look at together."""

    mentee = PeopleChoice(queryset=Participant.objects.none())
    mentor = PeopleChoice(queryset=Participant.objects.none())

    def __init__(
        self,
        data: Any,
        *,
        program: Program,
        roles: tuple[str, str],
        initial: dict[str, str],
    ) -> None:
        super().__init__(data, initial=initial)
        people = (
            program.participants.active()
            .filter(state=Participant.State.READY)
            .select_related("user__employment")
            .order_by("user__name", "pk")
        )
        for name, role, label in (
            ("mentee", roles[0], _("mentee")),
            ("mentor", roles[1], _("mentor")),
        ):
            field = self.fields[name]
            assert isinstance(field, PeopleChoice)
            field.queryset = people.filter(role=role)
            field.label = label

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("mentee") and data.get("mentee") == data.get("mentor"):
            raise forms.ValidationError(_("Choose two different people."))
        return data


class ExclusionForm(forms.Form):
    """Two people who are never matched."""

    one = PeopleChoice(label=_("one"), queryset=Participant.objects.none())
    other = PeopleChoice(label=_("the other"), queryset=Participant.objects.none())

    def __init__(self, data: Any, *, program: Program) -> None:
        super().__init__(data)
        people = (
            program.participants.active()
            .exclude(role="coordinator")
            .select_related("user__employment")
            .order_by("user__name", "pk")
        )
        for name in ("one", "other"):
            field = self.fields[name]
            assert isinstance(field, PeopleChoice)
            field.queryset = people

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


class AnswerForm(forms.Form):
    """Yes or no, and if no, why: for oneself."""

    answer = forms.ChoiceField(choices=[("yes", _("yes")), ("no", _("no"))])
    reason = forms.CharField(
        label=_("why not, only for yourself"), max_length=300, required=False
    )


class WishForm(forms.Form):
    """Whom somebody wishes for: the first to the fifth choice."""

    def __init__(
        self, data: Any, *, people: Any, chosen: Sequence[int], most: int
    ) -> None:
        super().__init__(data)
        for rank in range(1, most + 1):
            self.fields[f"wish_{rank}"] = PeopleChoice(
                queryset=people,
                required=False,
                label=_("choice %(rank)s") % {"rank": rank},
                initial=chosen[rank - 1] if rank <= len(chosen) else None,
            )

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
