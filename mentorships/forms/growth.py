"""Forms of what people give each other, and of the journal."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mentoring.branding import worded
from mentorships.models import Member, PeerFeedback, Story, ThankYou


class ForSomebodyForm(forms.ModelForm):
    """Something for one of the others."""

    def __init__(self, *args: Any, me: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.by = me
        others = (
            Member.objects.filter(mentorship=me.mentorship_id)
            .exclude(pk=me.pk)
            .select_related("participant__user")
        )
        to = self.fields["to"]
        to.queryset = others  # type: ignore[attr-defined]
        to.label = _("For")
        if len(others) == 1:
            self.initial.setdefault("to", others[0])


class FeedbackForm(ForSomebodyForm):
    """Situation, behaviour, impact, next step."""

    class Meta:
        model = PeerFeedback
        fields = ["to", "situation", "behavior", "impact", "next_step"]
        help_texts = {
            "situation": _("When and where was it? One moment, not “always”."),
            "behavior": _("What did you see or hear? As a camera would have."),
            "impact": _("What did it do to you, or to the work?"),
            "next_step": _("What would you like to see again, or otherwise?"),
        }
        widgets = {
            name: forms.Textarea(attrs={"rows": 2})
            for name in ("situation", "behavior", "impact", "next_step")
        }


class ThankYouForm(ForSomebodyForm):
    """A note of thanks."""

    public = forms.BooleanField(
        label=_("The programme may see it"),
        help_text=_("Only if the other wishes it too."),
        required=False,
    )

    class Meta:
        model = ThankYou
        fields = ["to", "body"]
        widgets = {"body": forms.Textarea(attrs={"rows": 3})}


class ReflectionForm(forms.Form):
    """A page of the journal."""

    prompt_key = forms.SlugField(widget=forms.HiddenInput, required=False)
    text = forms.CharField(
        label=_("Your thoughts"),
        help_text=_(
            "Only you can read this, unless you share it. It is kept encrypted."
        ),
        widget=forms.Textarea(attrs={"rows": 7}),
        max_length=10_000,
    )


class StoryForm(forms.ModelForm):
    """What I tell, and whether it may be shown with my name."""

    consent = forms.BooleanField(
        label=_("This may be shown, with my name"),
        help_text=worded(
            _(
                "To everybody who sees the programme. The %(coordinator_word)s reads it"
                " first. You may take it back at any time."
            )
        ),
        required=False,
    )

    class Meta:
        model = Story
        fields = ["title", "body", "language"]
        help_texts = {
            "body": _(
                "How did it begin, what was hard, what is different now? Name nobody"
                " who has not said that you may."
            )
        }
        widgets = {"body": forms.Textarea(attrs={"rows": 10})}
