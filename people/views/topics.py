"""The catalogue of topics, for HR admins to look after."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from history.once import once
from mentoring.http import Request, posted, render_page
from mentoring.words import pick
from people import actions
from people.forms import FamilyForm, TopicForm
from people.models import Offer, Topic, TopicFamily, TopicProposal, Wish
from people.permissions import hr_admin_only

PAGE = 50
SUGGESTIONS = 5
SHOWN_PROPOSALS = 50


@require_safe
def topic_list(request: Request) -> HttpResponse:
    """Every topic, to search; and the words that people missed."""
    hr_admin_only(request)
    words = request.GET.get("q", "").strip()[:80]
    family = request.GET.get("family", "")
    topics = Topic.objects.matching_words(words).by_name().select_related("family")
    if family.isdecimal():
        topics = topics.filter(family_id=int(family))
    # Each counted by itself: joined, every offer of a topic would meet every wish.
    topics = topics.annotate(offered=_number(Offer), wanted=_number(Wish))
    proposals = TopicProposal.objects.waiting().select_related("by")
    return render_page(
        request,
        "people/topic_list.html",
        {
            "other_language": pick("en", "nl"),
            "page": Paginator(topics, PAGE).get_page(request.GET.get("page")),
            "q": words,
            "family": family,
            "families": TopicFamily.objects.by_name(),
            "proposals": [
                {"proposal": each, "like": _like(each.words)}
                for each in proposals[:SHOWN_PROPOSALS]
            ],
            "proposal_count": proposals.count(),
        },
    )


def _number(picked: type[Offer | Wish]) -> Coalesce:
    rows = picked.objects.filter(topic=OuterRef("pk")).order_by().values("topic")
    return Coalesce(Subquery(rows.annotate(n=Count("pk")).values("n")), 0)


def _like(words: str) -> list[Topic]:
    """Topics that somebody may have meant, by the longest of the words."""
    longest = max(words.split(), key=len, default="")
    return list(Topic.objects.matching_words(longest[:6]).by_name()[:SUGGESTIONS])


@require_http_methods(["GET", "HEAD", "POST"])
@once
def topic_create(request: Request) -> HttpResponse:
    """A new topic; perhaps from the words that somebody missed, who then has it."""
    hr_admin_only(request)
    number = request.GET.get("proposal", "")
    proposal = (
        TopicProposal.objects.waiting()
        .select_related("by")
        .filter(pk=number if number.isdecimal() else 0)
        .first()
    )
    words = proposal.words if proposal else ""
    return _topic_page(request, Topic(name_nl=words, name_en=words), proposal)


@require_http_methods(["GET", "HEAD", "POST"])
def topic_edit(request: Request, topic_id: int) -> HttpResponse:
    """The words by which a topic is found, and its family."""
    hr_admin_only(request)
    return _topic_page(request, get_object_or_404(Topic.objects.in_use(), pk=topic_id))


def _topic_page(
    request: Request, topic: Topic, proposal: TopicProposal | None = None
) -> HttpResponse:
    form = TopicForm(posted(request), instance=topic)
    if request.method == "POST" and form.is_valid():
        try:
            if proposal:
                actions.take_proposal(proposal, form.instance, by=request.user)
            else:
                actions.save_topic(form.instance, by=request.user)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("The topic is saved."))
            return redirect("people:topic_list")
    words = request.GET.get("q", "").strip()[:80]
    others = Topic.objects.none()
    if words and topic.pk:
        others = Topic.objects.matching_words(words).exclude(pk=topic.pk).by_name()
    return render_page(
        request,
        "people/topic_edit.html",
        {
            "form": form,
            "topic": topic,
            "proposal": proposal,
            "q": words,
            "others": others[:20],
        },
        status=422 if form.errors else 200,
    )


@require_POST
def topic_merge(request: Request, topic_id: int) -> HttpResponse:
    """Let one topic go up in another."""
    hr_admin_only(request)
    topic = get_object_or_404(Topic.objects.in_use(), pk=topic_id)
    number = request.POST.get("into", "")
    into = Topic.objects.in_use().filter(pk=number if number.isdecimal() else 0).first()
    try:
        if into is None:
            raise ValidationError(_("Choose another topic, that is in use."))
        actions.merge_topics(topic, into, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("people:topic_edit", topic_id=topic.pk)
    messages.success(
        request,
        _("“%(topic)s” is now part of “%(into)s”.") % {"topic": topic, "into": into},
    )
    return redirect("people:topic_edit", topic_id=into.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def family_list(request: Request) -> HttpResponse:
    """The families, and a new one."""
    hr_admin_only(request)
    return _family_page(request, TopicFamily())


@require_http_methods(["GET", "HEAD", "POST"])
def family_edit(request: Request, family_id: int) -> HttpResponse:
    """What a family is called, and the larger field it stands in."""
    hr_admin_only(request)
    return _family_page(request, get_object_or_404(TopicFamily, pk=family_id))


def _family_page(request: Request, family: TopicFamily) -> HttpResponse:
    form = FamilyForm(posted(request), instance=family)
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_family(form.instance, by=request.user)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("The family is saved."))
            return redirect("people:family_list")
    families = TopicFamily.objects.by_name().select_related("parent")
    words = request.GET.get("q", "").strip()[:80]
    for word in words.split():
        families = families.filter(
            Q(name_nl__icontains=word) | Q(name_en__icontains=word)
        )
    families = families.annotate(topic_count=Count("topics"))
    return render_page(
        request,
        "people/family_list.html",
        {
            "form": form,
            "family": family,
            "other_language": pick("en", "nl"),
            "q": words,
            "page": Paginator(families, PAGE).get_page(request.GET.get("page")),
        },
        status=422 if form.errors else 200,
    )


@require_POST
def proposal_decide(request: Request, missed_id: int) -> HttpResponse:
    """Say which topic somebody's words stand for, or that they stand for none."""
    hr_admin_only(request)
    proposal = get_object_or_404(
        TopicProposal.objects.waiting().select_related("by"), pk=missed_id
    )
    number = request.POST.get("topic", "")
    topic = Topic.objects.in_use().filter(pk=number if number.isdecimal() else 0)
    try:
        actions.decide_proposal(proposal, topic.first(), by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Answered."))
    return redirect("people:topic_list")
