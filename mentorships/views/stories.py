"""Writing a story, taking it back, and deciding whether it is shown."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from history.once import once
from mentoring.branding import worded
from mentoring.http import Request, posted, render_page
from mentorships import actions
from mentorships.forms.growth import StoryForm
from mentorships.models import Story
from programs.models import Participant, Role


def _own(request: Request, story_id: int) -> Story:
    """A story of mine; for others it is not there."""
    return get_object_or_404(
        Story.objects.written_by(request.user).select_related("author__program"),
        pk=story_id,
    )


def _to_decide(request: Request, story_id: int) -> Story:
    """A story that somebody of a programme I run wants to be shown."""
    return get_object_or_404(
        Story.objects.managed_by(request.user).select_related(
            "author__program", "author__user"
        ),
        pk=story_id,
    )


def _kept(request: Request, *, consent: bool) -> None:
    messages.success(
        request,
        worded(_("Thank you. The %(coordinator_word)s reads it before it is shown."))
        if consent
        else _("Kept. Only you see it."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@once
def story_write(request: Request, program_slug: str) -> HttpResponse:
    """Tell how it went, for those who come after."""
    me = get_object_or_404(
        Participant.objects.active()
        .exclude(role=Role.COORDINATOR)
        .select_related("program"),
        user=request.user,
        program__slug=program_slug,
    )
    form = StoryForm(
        posted(request),
        instance=Story(author=me, language=(get_language() or "nl")[:2]),
    )
    if request.method == "POST" and form.is_valid():
        consent = form.cleaned_data["consent"]
        actions.write_story(form.save(commit=False), consent=consent, by=request.user)
        _kept(request, consent=consent)
        return redirect("mentorships:recognition", program_slug)
    return render_page(
        request,
        "mentorships/story_write.html",
        {
            "program": me.program,
            "form": form,
            "draft": f"story-{me.program_id}",
        },
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@once
def story_edit(request: Request, story_id: int) -> HttpResponse:
    """Say it in other words. It is read again before others see it."""
    story = _own(request, story_id)
    form = StoryForm(
        posted(request), instance=story, initial={"consent": not story.is_draft}
    )
    if request.method == "POST" and form.is_valid():
        consent = form.cleaned_data["consent"]
        actions.change_story(form.save(commit=False), consent=consent, by=request.user)
        _kept(request, consent=consent)
        return redirect("mentorships:recognition", story.author.program.slug)
    return render_page(
        request,
        "mentorships/story_edit.html",
        {
            "program": story.author.program,
            "story": story,
            "form": form,
            "draft": f"story-of-{story.pk}",
        },
        status=422 if form.errors else 200,
    )


@require_POST
def story_withdraw(request: Request, story_id: int) -> HttpResponse:
    """Take back what I said that may be shown."""
    story = _own(request, story_id)
    actions.withdraw_story(story, by=request.user)
    messages.success(request, _("Taken back. Only you see it."))
    return redirect("mentorships:recognition", story.author.program.slug)


@require_POST
def story_remove(request: Request, story_id: int) -> HttpResponse:
    """Throw my story away, wherever it stood."""
    story = _own(request, story_id)
    story.delete()
    messages.success(request, _("It is gone."))
    return redirect("mentorships:recognition", story.author.program.slug)


@require_POST
def story_show(request: Request, story_id: int) -> HttpResponse:
    """Let whoever sees the programme read it."""
    story = _to_decide(request, story_id)
    seen = request.POST.get("version", "")
    try:
        actions.show_story(
            story, seen=int(seen) if seen.isdecimal() else 0, by=request.user
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("It is shown. The writer gets a mail."))
    return redirect("mentorships:recognition", story.author.program.slug)


@require_POST
def story_return(request: Request, story_id: int) -> HttpResponse:
    """Not shown, or no longer: back to its writer."""
    story = _to_decide(request, story_id)
    actions.give_back_story(story, by=request.user)
    messages.success(request, _("Given back. The writer gets a mail."))
    return redirect("mentorships:recognition", story.author.program.slug)
