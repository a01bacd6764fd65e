"""Pages of what people give each other, and of the journal."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from history.once import once
from mentoring.http import Request, posted, render_page
from mentorships import actions
from mentorships.forms.goals import SelfRatingForm
from mentorships.forms.growth import FeedbackForm, ReflectionForm, ThankYouForm
from mentorships.models import (
    Member,
    Mentorship,
    PeerFeedback,
    Reflection,
    SelfRating,
    ThankYou,
)
from mentorships.prompts import prompts, prompts_for
from mentorships.stages import Stage
from mentorships.views.course import opened
from mentorships.views.pairs import agreement_of, mine, own_membership, stage_now
from people.models import Topic, User

SHOWN = 50


@require_http_methods(["GET", "HEAD", "POST"])
@once
def feedback_give(request: Request, mentorship_id: int) -> HttpResponse:
    """Feedback to one of the others, and what I got myself."""
    mentorship = mine(request, mentorship_id)
    me = own_membership(request, mentorship)
    form = FeedbackForm(posted(request), me=me)
    if request.method == "POST" and form.is_valid():
        actions.give_feedback(form.save(commit=False), by=request.user)
        messages.success(request, _("Given. The other reads it here."))
        return redirect("mentorships:feedback_give", mentorship.pk)
    between = PeerFeedback.objects.select_related(
        "by__participant__user", "to__participant__user"
    )
    return render_page(
        request,
        "mentorships/feedback_give.html",
        {
            "mentorship": mentorship,
            "form": form,
            "received": between.filter(to=me)[:SHOWN],
            "given": between.filter(by=me)[:SHOWN],
        },
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@once
def thank_you(request: Request, mentorship_id: int) -> HttpResponse:
    """A note of thanks, and those that I got."""
    mentorship = mine(request, mentorship_id)
    me = own_membership(request, mentorship)
    form = ThankYouForm(posted(request), me=me)
    if request.method == "POST" and form.is_valid():
        thanks = form.save(commit=False)
        actions.thank(thanks, public=form.cleaned_data["public"], by=request.user)
        messages.success(request, _("Your thanks are on their way."))
        return redirect("mentorships:thank_you", mentorship.pk)
    between = ThankYou.objects.select_related(
        "by__participant__user", "to__participant__user"
    )
    return render_page(
        request,
        "mentorships/thank_you.html",
        {
            "mentorship": mentorship,
            "form": form,
            "received": between.filter(to=me)[:SHOWN],
            "given": between.filter(by=me)[:SHOWN],
        },
        status=422 if form.errors else 200,
    )


@require_POST
def thanks_show(request: Request, thanks_id: int) -> HttpResponse:
    """Whether the programme may see it, as far as I am concerned."""
    thanks = get_object_or_404(
        ThankYou.objects.visible_to(request.user).select_related(
            "by__participant__user", "to__participant__user"
        ),
        pk=thanks_id,
    )
    public = request.POST.get("public") == "yes"
    actions.show_thanks(thanks, request.user, public=public)
    thanks.refresh_from_db(fields=["offered_at", "accepted_at"])
    messages.success(request, _shown(thanks, request.user, public=public))
    return redirect("mentorships:thank_you", thanks.to.mentorship_id)


def _shown(thanks: ThankYou, user: User, *, public: bool) -> str:
    """What came of somebody's wish about a note of thanks."""
    if not public:
        return _("It stays between the two of you.")
    if thanks.is_public:
        return _("It stands on the page of the programme now.")
    other = thanks.to if thanks.by.participant.user_id == user.pk else thanks.by
    return _("Noted. The programme sees it once %(name)s agrees as well.") % {
        "name": other
    }


def stage_key(mentorship: Mentorship) -> str:
    """The stage a mentorship is in, as the prompts name it."""
    return stage_now(
        mentorship,
        agreement_of(mentorship),
        held=mentorship.sessions.held().count(),
        has_goal=mentorship.goals.exists(),
    ).key


@require_http_methods(["GET", "HEAD", "POST"])
@once
def journal(request: Request, mentorship_id: int) -> HttpResponse:
    """My reflections, each mine alone until I share it, and those others shared."""
    mentorship = mine(request, mentorship_id)
    asked = prompts().get(request.GET.get("prompt", ""))
    form = ReflectionForm(
        posted(request), initial={"prompt_key": asked.key if asked else ""}
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        known = data["prompt_key"] in prompts()
        actions.reflect(
            Reflection(
                mentorship=mentorship,
                author=request.user,
                prompt_key=data["prompt_key"] if known else "",
            ),
            data["text"],
        )
        messages.success(request, _("Kept. Only you can read it."))
        return redirect("mentorships:journal", mentorship.pk)
    pages = mentorship.reflections.select_related("author")
    return render_page(
        request,
        "mentorships/journal.html",
        {
            "mentorship": mentorship,
            "form": form,
            "asked": asked,
            "prompts": prompts_for(stage_key(mentorship)),
            "mine": [_page(each) for each in pages.filter(author=request.user)[:SHOWN]],
            "shared": [
                _page(each)
                for each in pages.exclude(shared_at=None).exclude(author=request.user)[
                    :SHOWN
                ]
            ],
        },
        status=422 if form.errors else 200,
    )


def _page(reflection: Reflection) -> dict[str, Any]:
    return {
        "row": reflection,
        "prompt": prompts().get(reflection.prompt_key),
        "text": opened(reflection),
    }


@require_POST
def reflection_share(request: Request, reflection_id: int) -> HttpResponse:
    """Let the others read it, or no longer."""
    found = get_object_or_404(
        Reflection.objects.visible_to(request.user), pk=reflection_id
    )
    actions.share_reflection(found, share=request.POST.get("share") == "yes")
    return redirect("mentorships:journal", found.mentorship_id)


@require_http_methods(["GET", "HEAD", "POST"])
def reflection_remove(request: Request, reflection_id: int) -> HttpResponse:
    """Delete a page of my own journal, after showing which one."""
    found = get_object_or_404(
        Reflection.objects.visible_to(request.user).select_related("mentorship"),
        pk=reflection_id,
    )
    if request.method == "POST":
        found.delete()
        messages.success(request, _("It is gone."))
        return redirect("mentorships:journal", found.mentorship_id)
    return render_page(
        request,
        "mentorships/reflection_remove.html",
        {"mentorship": found.mentorship, "page": _page(found)},
    )


def _topics(me: Member) -> list[Topic]:
    """What I want to learn, and what I rated before."""
    wanted = Q(wanted_by__user=me.participant.user_id)
    rated = Q(pk__in=SelfRating.objects.filter(member=me).values("topic"))
    return list(Topic.objects.filter(wanted | rated).distinct().order_by("pk"))


@require_http_methods(["GET", "HEAD", "POST"])
def self_rating(request: Request, mentorship_id: int) -> HttpResponse:
    """How well I master my topics: at the start, half-way and at the end."""
    mentorship = mine(request, mentorship_id)
    me = own_membership(request, mentorship)
    topics = _topics(me)
    rows = list(SelfRating.objects.filter(member=me))
    moment = (
        request.POST.get("moment")
        or request.GET.get("moment")
        or _moment(rows, is_closing=stage_key(mentorship) == Stage.CLOSING.key)
    )
    form = SelfRatingForm(
        posted(request),
        topics=topics,
        before={each.topic_id: each.value for each in rows if each.moment == moment},
        initial={"moment": moment},
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.rate_self(me, form.cleaned_data["moment"], form.values())
        except ValidationError as error:
            form.add_error("moment", error.messages)
        else:
            messages.success(request, _("Noted."))
            return redirect("mentorships:self_rating", mentorship.pk)
    values = {(each.topic_id, each.moment): each.value for each in rows}
    return render_page(
        request,
        "mentorships/self_rating.html",
        {
            "mentorship": mentorship,
            "form": form,
            "topics": topics,
            "moments": SelfRating.Moment.labels,
            "rated": [
                (
                    topic,
                    [
                        (label, values.get((topic.pk, key)))
                        for key, label in SelfRating.Moment.choices
                    ],
                )
                for topic in topics
                if any((topic.pk, key) in values for key in SelfRating.Moment.values)
            ],
        },
        status=422 if form.errors else 200,
    )


def _moment(rows: list[SelfRating], *, is_closing: bool) -> str:
    """The first of the three that was not rated yet; the end when the end is near."""
    moments = SelfRating.Moment
    done = {each.moment for each in rows}
    if moments.START not in done:
        return moments.START
    return moments.END if is_closing else moments.HALF_WAY
