"""What I say of myself, and my settings."""

from urllib.parse import urlencode

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
)
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from mentoring.http import Request, posted, render_page
from people import actions
from people.completeness import missing, roles_of
from people.forms import (
    SEEN_BY,
    AbsenceForm,
    ProfileForm,
    SettingsForm,
)
from people.models import (
    Absence,
    Employment,
    Offer,
    Profile,
    Topic,
    User,
    Wish,
)
from people.permissions import safe_next

SUGGESTIONS = 8


@require_http_methods(["GET", "HEAD", "POST"])
def profile_edit(request: Request) -> HttpResponse:
    """My profile: what I say of myself, and who sees it."""
    if request.method != "POST":
        return _profile_page(request)
    profile = actions.profile_of(request.user)
    form = ProfileForm(request.POST, instance=profile)
    if not form.is_valid():
        return _profile_page(request, form=form, status=422)
    form.instance.saved_at = timezone.now()
    form.save()
    messages.success(request, _("Your profile is saved."))
    return redirect(safe_next(request, reverse("people:profile_edit")))


@require_POST
def profile_autosave(request: Request) -> HttpResponse:
    """Keep what is right so far, field by field; the rest is said on saving it all."""
    profile = actions.profile_of(request.user)
    form = ProfileForm(request.POST, instance=profile)
    form.is_valid()
    form.keep_what_is_right()
    return render_page(
        request,
        "people/profile_saved.html",
        {"at": timezone.localtime(), "form": form},
    )


@require_safe
def topic_search(request: Request) -> HttpResponse:
    """My profile with the topics that have the words asked for, in either language."""
    return _profile_page(request)


def _profile_page(
    request: Request,
    *,
    form: ProfileForm | None = None,
    absence_form: AbsenceForm | None = None,
    status: int = 200,
) -> HttpResponse:
    # A profile that is not there yet is made by the first POST, never by looking.
    profile = (
        Profile.objects.filter(user=request.user)
        .prefetch_related(
            Prefetch("offer_set", Offer.objects.by_name()),
            Prefetch("wish_set", Wish.objects.by_name()),
        )
        .first()
    )
    words = request.GET.get("q", "").strip()[:80]
    found = Topic.objects.none()
    if words:
        found = Topic.objects.matching_words(words).by_name().select_related("family")
    return render_page(
        request,
        "people/profile_edit.html",
        {
            "form": form or ProfileForm(instance=profile),
            "lacks": missing(profile, roles_of(request.user)),
            "employment": Employment.objects.select_related("manager")
            .filter(user=request.user)
            .first(),
            "q": words,
            "found": found[:SUGGESTIONS],
            "offers": profile.offer_set.all() if profile else (),
            "wishes": profile.wish_set.all() if profile else (),
            "levels": Offer.Level.choices,
            "priorities": Wish.Priority.choices,
            "absences": Absence.objects.filter(user=request.user).ahead(),
            "absence_form": absence_form or AbsenceForm(),
            "seen_by": {
                name: SEEN_BY[name].label for name in ("offers", "wishes", "absences")
            },
            "next": safe_next(request, ""),
        },
        parts={"topics", "found", "absences"},
        status=status,
    )


@require_POST
def topic_add(request: Request, topic_id: int, kind: str) -> HttpResponse:
    """Offer a topic, or wish for it. Twice is once."""
    profile = actions.profile_of(request.user)
    topic = get_object_or_404(Topic.objects.in_use(), pk=topic_id)
    if kind == "offer":
        Offer.objects.get_or_create(profile=profile, topic=topic)
    else:
        Wish.objects.get_or_create(profile=profile, topic=topic)
    return _back_to_profile(request)


@require_POST
def topic_change(request: Request, topic_id: int, kind: str) -> HttpResponse:
    """Set how well one knows a topic or how much one wants it; or take it away."""
    rows = (Offer if kind == "offer" else Wish).objects.filter(
        profile__user=request.user, topic_id=topic_id
    )
    value = request.POST.get("value", "")
    if "remove" in request.POST or value == "0":
        rows.delete()
    elif value in {"1", "2", "3"}:
        rows.update(**{"level" if kind == "offer" else "priority": int(value)})
    return _back_to_profile(request)


@require_POST
def topic_propose(request: Request) -> HttpResponse:
    """Say that a topic is missing; HR adds it, or says which one it is."""
    kind = "offer" if request.POST.get("kind") == "offer" else "wish"
    try:
        actions.propose_topic(
            words=request.POST.get("words", ""), kind=kind, by=request.user
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(
            request, _("Proposed. It appears on your profile once HR has added it.")
        )
    return _back_to_profile(request)


@require_POST
def absence_add(request: Request) -> HttpResponse:
    """Say that one is away for some days."""
    form = AbsenceForm(request.POST, instance=Absence(user=request.user))
    if form.is_valid():
        try:
            actions.add_absence(request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            return _back_to_profile(request, "absences")
    return _profile_page(request, absence_form=form, status=422)


@require_POST
def absence_remove(request: Request, absence_id: int) -> HttpResponse:
    """One is not away after all, or is back early. Twice is once."""
    Absence.objects.filter(user=request.user, pk=absence_id).delete()
    return _back_to_profile(request, "absences")


def _back_to_profile(request: Request, part: str = "topics") -> HttpResponse:
    Profile.objects.filter(user=request.user).update(saved_at=timezone.now())
    wanted = safe_next(request, "")
    query = f"?{urlencode({'next': wanted})}" if wanted else ""
    return redirect(f"{reverse('people:profile_edit')}{query}#{part}")


@require_http_methods(["GET", "HEAD", "POST"])
def user_settings(request: Request) -> HttpResponse:
    """My language and time zone."""
    form = SettingsForm(posted(request), instance=request.user)
    if form.is_valid():
        form.save()
        with translation.override(request.user.language or translation.get_language()):
            messages.success(request, _("Your settings are saved."))
        return redirect("people:settings")
    return render_page(
        request,
        "people/settings.html",
        {"form": form, "has_second_step": is_mfa_enabled(request.user)},
        status=422 if form.errors else 200,
    )


@login_not_required
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Switch to a language: on this browser, and for the person who signed in."""
    language = request.POST.get("language", "")
    response = HttpResponseRedirect(safe_next(request, "/"))
    if language in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=365 * 24 * 3600,
            secure=settings.HTTPS,
            samesite="Lax",
        )
        if request.user.is_authenticated:
            User.objects.filter(pk=request.user.pk).update(language=language)
    return response
