"""Pages of the course of a mentorship: agreement, rhythm, pause, how it goes, end."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from history.once import once
from mentoring.branding import worded
from mentoring.http import Request, posted, render_page
from mentoring.sealing import CannotOpen
from mentorships import actions
from mentorships.forms.pairs import (
    AgreementForm,
    ConcernForm,
    EndForm,
    FitForm,
    GroupNameForm,
    LeaveForm,
    RhythmForm,
    UntilForm,
)
from mentorships.models import Agreement, Concern, FitCheck, Mentorship, Sealed
from mentorships.views.pairs import (
    agreement_of,
    mine,
    own_membership,
    refuse_ended,
    ways_to_stop,
)


def opened(sealed: Sealed | None) -> str:
    """What somebody wrote for themselves; nothing when it cannot be opened."""
    try:
        return sealed.read() if sealed else ""
    except CannotOpen:
        return ""


@require_http_methods(["GET", "HEAD", "POST"])
@once
def agreement(request: Request, mentorship_id: int) -> HttpResponse:
    """How we want to work together: write it down, read it, sign it."""
    mentorship = mine(request, mentorship_id)
    if request.method == "POST" and not mentorship.is_active:
        messages.error(request, _("This mentorship has ended."))
        return redirect(mentorship)
    found = agreement_of(mentorship)
    form = AgreementForm(
        posted(request),
        instance=found or Agreement(mentorship=mentorship),
        initial={
            "seen": found.version if found else 0,
            "rhythm_days": mentorship.rhythm_days,
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.agree(
                form.save(commit=False),
                seen=form.cleaned_data["seen"],
                rhythm_days=form.cleaned_data["rhythm_days"],
                by=request.user,
            )
        except ValidationError as error:
            form.add_error(None, error.messages)
            found = agreement_of(mentorship)
        else:
            messages.success(request, _("Written down, with your name under it."))
            return redirect("mentorships:agreement", mentorship.pk)
    me = own_membership(request, mentorship)
    signed = found.signed_by() if found else set()
    return render_page(
        request,
        "mentorships/agreement.html",
        {
            "mentorship": mentorship,
            "agreement": found,
            "form": form,
            "is_writing": form.errors
            or found is None
            or request.GET.get("change") == "yes",
            "signatures": [
                (member, member.pk in signed) for member in mentorship.members.all()
            ],
            "may_sign": found and me.pk not in signed and mentorship.is_active,
        },
        status=422 if form.errors else 200,
    )


@require_POST
def agreement_sign(request: Request, mentorship_id: int) -> HttpResponse:
    """Put my name under the version that I read."""
    mentorship = mine(request, mentorship_id)
    if refused := refuse_ended(request, mentorship):
        return refused
    found = agreement_of(mentorship)
    version = request.POST.get("version", "")
    if found is None:
        return redirect("mentorships:agreement", mentorship.pk)
    try:
        actions.sign(found, int(version) if version.isdecimal() else 0, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Your name stands under it."))
    return redirect("mentorships:agreement", mentorship.pk)


def _course_page(
    request: Request, mentorship: Mentorship, status: int = 200, **forms: Any
) -> HttpResponse:
    default = mentorship.last_day or timezone.localdate()
    context = {
        "mentorship": mentorship,
        "rhythm_form": RhythmForm(instance=mentorship),
        "pause_form": UntilForm(
            label=_("Back on"),
            initial={"until": timezone.localdate() + timedelta(days=28)},
            prefix="pause",
        ),
        "extend_form": UntilForm(
            label=_("Go on until"),
            initial={"until": default + timedelta(days=56)},
            prefix="extend",
        ),
        "name_form": GroupNameForm(instance=mentorship),
        **ways_to_stop(mentorship, own_membership(request, mentorship)),
        "form": next(iter(forms.values()), None),
    }
    return render_page(
        request, "mentorships/course.html", {**context, **forms}, status=status
    )


@require_http_methods(["GET", "HEAD"])
def course(request: Request, mentorship_id: int) -> HttpResponse:
    """Rhythm, pause, extension, the name of a group: all in one place."""
    return _course_page(request, mine(request, mentorship_id))


@require_POST
def mentorship_rhythm(request: Request, mentorship_id: int) -> HttpResponse:
    """Meet more often, or less."""
    mentorship = mine(request, mentorship_id)
    form = RhythmForm(request.POST, instance=mentorship)
    if not form.is_valid():
        messages.error(request, _("Choose one of the rhythms."))
        return redirect(mentorship)
    try:
        is_changed = actions.change_rhythm(
            mentorship, form.cleaned_data["rhythm_days"], by=request.user
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        if is_changed:
            messages.success(request, _("Your rhythm is changed. The others hear it."))
    return redirect(mentorship)


@require_POST
def mentorship_name(request: Request, mentorship_id: int) -> HttpResponse:
    """What the group calls itself."""
    mentorship = mine(request, mentorship_id)
    form = GroupNameForm(request.POST, instance=mentorship)
    if not form.is_valid():
        return _course_page(request, mentorship, 422, name_form=form)
    actions.name_group(mentorship, form.cleaned_data["name"])
    return redirect(mentorship)


def _until(
    request: Request,
    mentorship: Mentorship,
    kind: str,
    label: str,
    change: Callable[..., None],
    said: str,
) -> HttpResponse:
    """Change it until the day that was sent, and say so; or show what is wrong."""
    form = UntilForm(request.POST, label=label, prefix=kind)
    if form.is_valid():
        try:
            change(mentorship, form.cleaned_data["until"], by=request.user)
        except ValidationError as error:
            form.add_error("until", error.messages)
        else:
            messages.success(request, said)
            return redirect(mentorship)
    return _course_page(request, mentorship, 422, **{f"{kind}_form": form})


@require_POST
def mentorship_pause(request: Request, mentorship_id: int) -> HttpResponse:
    """Rest until a day."""
    return _until(
        request,
        mine(request, mentorship_id),
        "pause",
        _("Back on"),
        actions.pause_mentorship,
        _("Paused. Nobody reminds you until then."),
    )


@require_POST
def mentorship_resume(request: Request, mentorship_id: int) -> HttpResponse:
    """Go on earlier than was said."""
    mentorship = mine(request, mentorship_id)
    if actions.resume_mentorship(mentorship, by=request.user):
        messages.success(
            request, _("You go on. Plan anew what was called off for the pause.")
        )
    return redirect(mentorship)


@require_POST
def mentorship_extend(request: Request, mentorship_id: int) -> HttpResponse:
    """Agree on a later last day."""
    return _until(
        request,
        mine(request, mentorship_id),
        "extend",
        _("Go on until"),
        actions.extend_mentorship,
        _("You have more time. The others hear it."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def fit_check(request: Request, mentorship_id: int) -> HttpResponse:
    """Does it click? Nobody else sees the answer; it shows what one can do with it."""
    mentorship = mine(request, mentorship_id)
    me = own_membership(request, mentorship)
    said = opened(FitCheck.objects.visible_to(request.user).filter(member=me).first())
    form = FitForm(posted(request), initial={"answer": said})
    if request.method == "POST" and form.is_valid():
        actions.check_fit(me, form.cleaned_data["answer"])
        messages.success(request, _("Kept. Only you can read it."))
        return redirect("mentorships:fit_check", mentorship.pk)
    return render_page(
        request,
        "mentorships/fit_check.html",
        {
            "mentorship": mentorship,
            "form": form,
            "said": said,
            **ways_to_stop(mentorship, me),
        },
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@once
def something_off(request: Request, mentorship_id: int) -> HttpResponse:
    """Something is off: say it for oneself, see what can be done, ask for a call."""
    mentorship = mine(request, mentorship_id)
    me = own_membership(request, mentorship)
    form = ConcernForm(posted(request))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        concern = Concern(member=me, author=request.user)
        concern.write(f"{data['matter']}\n{data['words']}")
        actions.note_concern(concern, ask=data["ask"])
        messages.success(
            request,
            worded(_("The %(coordinator_word)s calls you."))
            if data["ask"]
            else _("Noted for you alone. Below stands what you can do."),
        )
        return redirect("mentorships:something_off", mentorship.pk)
    return render_page(
        request,
        "mentorships/something_off.html",
        {
            "mentorship": mentorship,
            "form": form,
            **ways_to_stop(mentorship, me),
            "concerns": [
                _concern(each)
                for each in Concern.objects.visible_to(request.user).filter(member=me)[
                    :10
                ]
            ],
        },
        status=422 if form.errors else 200,
    )


def _concern(concern: Concern) -> dict[str, Any]:
    matter, _newline, words = opened(concern).partition("\n")
    return {
        "at": concern.at,
        "matter": dict(ConcernForm.MATTERS).get(matter, ""),
        "words": words,
        "asked_at": concern.asked_at,
    }


@require_http_methods(["GET", "HEAD", "POST"])
def mentorship_leave(request: Request, mentorship_id: int) -> HttpResponse:
    """Leave a group that goes on, without fault, and stay in the programme."""
    mentorship = mine(request, mentorship_id)
    me = own_membership(request, mentorship)
    if not mentorship.may_be_left_by(me.participant):
        return redirect("mentorships:mentorship_end", mentorship.pk)
    back = timezone.localdate() + timedelta(days=28)
    form = LeaveForm(posted(request), initial={"again_on": back})
    if request.method == "POST" and form.is_valid():
        try:
            actions.leave_group(
                me,
                reason=form.cleaned_data["reason"],
                again_on=form.cleaned_data["again_on"],
                by=request.user,
            )
        except ValidationError as error:
            form.add_error("again_on", error.messages)
        else:
            messages.success(request, _("You have left the group. The others hear it."))
            return redirect("programs:participation", mentorship.program.slug)
    return render_page(
        request,
        "mentorships/mentorship_leave.html",
        {"mentorship": mentorship, "form": form, "me": me},
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def mentorship_end(request: Request, mentorship_id: int) -> HttpResponse:
    """End it without fault, after saying what that means."""
    mentorship = mine(request, mentorship_id)
    stop = ways_to_stop(mentorship, own_membership(request, mentorship))
    if not stop["may_end"]:
        return redirect("mentorships:mentorship_leave", mentorship.pk)
    problem = ""
    form = EndForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.end_mentorship(mentorship, by=request.user)
        except ValidationError as error:
            problem = " ".join(error.messages)
        else:
            if reason := form.cleaned_data["reason"]:
                actions.note_reason(own_membership(request, mentorship), reason)
            messages.success(
                request, _("The mentorship has ended. Everybody hears it.")
            )
            return redirect(mentorship)
    elif request.method != "POST" and not mentorship.is_active:
        return redirect(mentorship)
    status = 422 if form.errors else 409 if problem else 200
    return render_page(
        request,
        "mentorships/mentorship_end.html",
        {"mentorship": mentorship, "problem": problem, "form": form, **stop},
        status=status,
    )
