"""Pages about people: the profile, the settings, the directory, the HR feed."""

from datetime import timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    QueryDict,
)
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from mentoring.http import Request, render_page
from people import actions, hrfeed
from people.completeness import missing
from people.forms import (
    SEEN_BY,
    SPOKEN,
    PersonForm,
    ProfileForm,
    RoleForm,
    SettingsForm,
    UploadForm,
)
from people.models import (
    Employment,
    HrImport,
    HrUpload,
    Offer,
    Profile,
    Topic,
    User,
    Wish,
)

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PAGE = 50
SUGGESTIONS = 8
# How long a file from HR waits to be confirmed.
UPLOAD_WAITS = timedelta(days=1)

DEMO_PEOPLE = {
    "hr_admin": "hr@waterlinie.example",
    "coordinator": "coordinator@waterlinie.example",
    "mentor": "mentor@waterlinie.example",
    "mentee": "mentee@waterlinie.example",
    "it_admin": "it@waterlinie.example",
    "sponsor": "sponsor@waterlinie.example",
}


def hr_admin_only(request: Request) -> None:
    """For others these pages do not exist."""
    if not request.user.is_hr_admin:
        raise Http404


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, also when that is nothing; ``None`` while one only looks."""
    return request.POST if request.method == "POST" else None


def safe_next(request: HttpRequest, otherwise: str) -> str:
    """Where to go on to: what was asked for, if it is on this site."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    # A word without a slash would be looked up as the name of a page.
    if wanted.startswith("/") and url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}
    ):
        return wanted
    return otherwise


# --- the profile


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


@require_safe
def topic_search(request: Request) -> HttpResponse:
    """My profile with the topics that have the words asked for, in either language."""
    return _profile_page(request)


def _profile_page(
    request: Request, *, form: ProfileForm | None = None, status: int = 200
) -> HttpResponse:
    # A profile that is not there yet is made by the first POST, never by looking.
    profile = Profile.objects.filter(user=request.user).first()
    words = request.GET.get("q", "").strip()[:80]
    found = Topic.objects.none()
    if words:
        found = Topic.objects.matching_words(words).by_name().select_related("family")
    return render_page(
        request,
        "people/profile_edit.html",
        {
            "form": form or ProfileForm(instance=profile),
            "lacks": missing(profile or Profile(), ""),
            "employment": Employment.objects.select_related("manager")
            .filter(user=request.user)
            .first(),
            "q": words,
            "found": found[:SUGGESTIONS],
            "offers": Offer.objects.filter(profile=profile).by_name(),
            "wishes": Wish.objects.filter(profile=profile).by_name(),
            "levels": Offer.Level.choices,
            "priorities": Wish.Priority.choices,
            "seen_by": {name: SEEN_BY[name].label for name in ("offers", "wishes")},
            "next": safe_next(request, ""),
        },
        parts={"topics", "found"},
        status=status,
    )


@require_POST
def topic_add(request: Request, topic_id: int, kind: str) -> HttpResponse:
    """Offer a topic, or wish for it. Twice is once."""
    profile = actions.profile_of(request.user)
    topic = get_object_or_404(Topic, pk=topic_id)
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


def _back_to_profile(request: Request) -> HttpResponse:
    wanted = safe_next(request, "")
    query = f"?{urlencode({'next': wanted})}" if wanted else ""
    return redirect(f"{reverse('people:profile_edit')}{query}#topics")


@require_safe
def person_detail(request: Request, user_id: int) -> HttpResponse:
    """What colleagues see of somebody; HR admins give roles here."""
    people = User.objects.visible_to(request.user)
    if request.user.is_hr_admin:
        people = User.objects.get_queryset()
    person = get_object_or_404(people.select_related("employment"), pk=user_id)
    profile = Profile.objects.filter(user=person).first()
    spoken = dict(SPOKEN)
    return render_page(
        request,
        "people/person_detail.html",
        {
            "person": person,
            "profile": profile,
            "employment": getattr(person, "employment", None),
            "offers": Offer.objects.filter(profile=profile).by_name(),
            "interests": profile.interests.by_name() if profile else [],
            "languages": [spoken[code] for code in profile.languages if code in spoken]
            if profile
            else [],
            "roles": User.OrgRole.choices,
        },
    )


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
        {"form": form},
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


# --- the directory and the HR feed, for HR admins


@require_safe
def person_list(request: Request) -> HttpResponse:
    """Everybody who works here, to search and to give roles."""
    hr_admin_only(request)
    words = request.GET.get("q", "").strip()[:80]
    department = request.GET.get("department", "")
    role = request.GET.get("role", "")
    people = User.objects.working_here()
    if role == "left":
        people = User.objects.gone()
    people = people.select_related("employment")
    for word in words.split():
        people = people.filter(
            Q(name__icontains=word)
            | Q(email__icontains=word)
            | Q(employment__department__icontains=word)
        )
    if department:
        people = people.filter(employment__department=department)
    if role in User.OrgRole.values:
        people = people.filter(org_role=role)
    page = Paginator(people, PAGE).get_page(request.GET.get("page"))
    return render_page(
        request,
        "people/person_list.html",
        {
            "page": page,
            "q": words,
            "role": role,
            "roles": [*User.OrgRole.choices, ("left", _("no longer works here"))],
            "department": department,
            "departments": Employment.objects.exclude(department="")
            .order_by("department")
            .values_list("department", flat=True)
            .distinct(),
            "last_import": HrImport.objects.first(),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def person_create(request: Request) -> HttpResponse:
    """Somebody who is not in the HR feed."""
    hr_admin_only(request)
    form = PersonForm(posted(request))
    if form.is_valid():
        try:
            person = actions.create_person(**form.cleaned_data, by=request.user)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("%(name)s can sign in now.") % {"name": person})
            return redirect("people:person_detail", user_id=person.pk)
    return render_page(
        request,
        "people/person_create.html",
        {"form": form},
        status=422 if form.errors else 200,
    )


@require_POST
def person_role(request: Request, user_id: int) -> HttpResponse:
    """Give somebody a role in the organisation, or take it."""
    hr_admin_only(request)
    person = get_object_or_404(User.objects.working_here(), pk=user_id)
    form = RoleForm(request.POST)
    if "role" in request.POST and form.is_valid():
        try:
            actions.grant_role(person, form.cleaned_data["role"], by=request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(
                request, _("The role of %(name)s is changed.") % {"name": person}
            )
    return redirect("people:person_list")


@require_http_methods(["GET", "HEAD", "POST"])
def person_leave(request: Request, user_id: int) -> HttpResponse:
    """Somebody no longer works here: said beforehand what that does."""
    hr_admin_only(request)
    person = get_object_or_404(User.objects.working_here(), pk=user_id)
    problem = ""
    if request.method == "POST":
        try:
            actions.leave(person, by=request.user)
        except ValidationError as error:
            problem = " ".join(error.messages)
        else:
            messages.success(
                request, _("%(name)s can no longer sign in.") % {"name": person}
            )
            return redirect("people:person_list")
    return render_page(
        request,
        "people/person_leave.html",
        {"person": person, "problem": problem},
        status=422 if problem else 200,
    )


@require_POST
def person_return(request: Request, user_id: int) -> HttpResponse:
    """Somebody works here again."""
    hr_admin_only(request)
    person = get_object_or_404(User, pk=user_id)
    actions.come_back(person, by=request.user)
    messages.success(request, _("%(name)s can sign in now.") % {"name": person})
    return redirect("people:person_detail", user_id=person.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def people_import(request: Request) -> HttpResponse:
    """Upload the HR feed; nothing happens before the preview is confirmed."""
    hr_admin_only(request)
    form = UploadForm(posted(request), request.FILES or None)
    if form.is_valid():
        content = form.cleaned_data["file"].read()
        found = hrfeed.preview(content)
        if not found.problem:
            # A file that nobody confirms is not kept: it is full of people.
            HrUpload.objects.filter(
                Q(by=request.user) | Q(at__lt=timezone.now() - UPLOAD_WAITS)
            ).delete()
            upload = HrUpload.objects.create(by=request.user, content=content)
            return redirect("people:import_preview", upload_id=upload.pk)
        form.add_error("file", found.problem)
    return render_page(
        request,
        "people/people_import.html",
        {
            "form": form,
            "imports": HrImport.objects.select_related("by")[:10],
            "columns": hrfeed.KNOWN,
        },
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def import_preview(request: Request, upload_id: int) -> HttpResponse:
    """What the file would do: who comes, changes, leaves; and which rows are bad."""
    hr_admin_only(request)
    upload = get_object_or_404(HrUpload, pk=upload_id, by=request.user)
    problem = ""
    if request.method == "POST":
        try:
            done = hrfeed.apply_upload(
                upload,
                by=request.user,
                with_leavers="leavers" in request.POST,
                good_rows="good_rows" in request.POST,
            )
        except ValidationError as error:
            problem = " ".join(error.messages)
        else:
            if done:
                messages.success(
                    request,
                    _("Done: %(added)s new, %(changed)s changed, %(left)s left.")
                    % {"added": done.added, "changed": done.changed, "left": done.left},
                )
            return redirect("people:person_list")
    found = hrfeed.preview(bytes(upload.content))
    return render_page(
        request,
        "people/import_preview.html",
        {
            "found": found,
            "problem": problem,
            "errors": found.errors[:500],
            "warnings": found.warnings[:500],
            "additions": found.additions[:20],
            "changes": found.changes[:20],
            "leavers": found.leavers[:20],
        },
        status=422 if problem else 200,
    )


# --- coming in


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request: HttpRequest, token: str) -> HttpResponse:
    """The first HR admin comes in by a link that works once."""
    found = actions.find_welcome(token)
    if found is None:
        return render_page(request, "people/welcome_gone.html", status=410)
    form = PersonForm(posted(request))
    if form.is_valid():
        try:
            user = actions.use_welcome(found, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            login(request, user, backend=BACKEND)
            return redirect("dashboards:home")
    return render_page(
        request,
        "people/welcome.html",
        {"form": form},
        status=422 if form.errors else 200,
    )


@login_not_required
@require_POST
def demo_sign_in(request: HttpRequest, role: str) -> HttpResponse:
    """In a trial: one button for each role."""
    if not settings.DEMO_MODE:
        raise Http404
    user = get_object_or_404(User.objects.working_here(), email=DEMO_PEOPLE.get(role))
    # Whoever looks around goes on in the language they chose on the sign-in page.
    user.language = (translation.get_language() or user.language)[:2]
    user.save(update_fields=["language"])
    login(request, user, backend=BACKEND)
    return redirect("dashboards:home")
