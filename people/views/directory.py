"""Everybody who works here, to look at and, for HR admins, to change."""

from collections.abc import Iterable

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Q
from django.http import (
    HttpResponse,
)
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from history.models import Event
from mentoring.http import Request, posted, render_page
from mentoring.words import folded
from people import actions
from people.erasing import SCRUBS
from people.forms import (
    EmploymentForm,
    EraseForm,
    PersonForm,
    RoleForm,
)
from people.models import (
    SPOKEN,
    Employment,
    HrImport,
    Offer,
    Profile,
    User,
)
from people.permissions import hr_admin_only

PAGE = 50
MOST_OFFERED = 400


@require_safe
def person_detail(request: Request, user_id: int) -> HttpResponse:
    """What colleagues see of somebody; HR admins give roles here."""
    people = User.objects.visible_to(request.user)
    if request.user.is_hr_admin:
        people = User.objects.not_erased()
    person = get_object_or_404(people.select_related("employment__manager"), pk=user_id)
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
            "has_second_step": request.user.is_hr_admin and is_mfa_enabled(person),
        },
    )


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
    if role == "outside":
        people = User.objects.outside_the_feed()
    people = people.select_related("employment")
    for word in words.split():
        people = people.filter(
            Q(name_folded__contains=folded(word))
            | Q(email__icontains=word)
            | Q(employment__department__icontains=word)
        )
    if department:
        people = people.filter(employment__department=department)
    if role in User.OrgRole.values:
        people = people.filter(org_role=role)
    page = Paginator(people, PAGE).get_page(request.GET.get("page"))
    if role == "outside":
        _say_who_brought_in(page.object_list)
    return render_page(
        request,
        "people/person_list.html",
        {
            "page": page,
            "q": words,
            "role": role,
            "roles": [
                *User.OrgRole.choices,
                ("outside", _("not in the HR file")),
                ("left", _("no longer works here")),
            ],
            "outside": User.objects.outside_the_feed().count(),
            "department": department,
            "departments": Employment.objects.exclude(department="")
            .order_by("department")
            .values_list("department", flat=True)
            .distinct(),
            "last_import": HrImport.objects.first(),
        },
    )


def _say_who_brought_in(people: Iterable[User]) -> None:
    """Note of each person who made the account, by inviting them or by hand."""
    made = {
        event.about_id: event
        for event in Event.objects.filter(
            about_type="people.user",
            about_id__in=[person.pk for person in people],
            verb__in=["created", "created by invitation"],
        ).select_related("by")
    }
    for person in people:
        person.brought_in = made.get(person.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def person_create(request: Request) -> HttpResponse:
    """Somebody who is not in the HR feed."""
    hr_admin_only(request)
    form = PersonForm(posted(request))
    if form.is_valid():
        work = {**form.cleaned_data}
        name, email = work.pop("name"), work.pop("email")
        try:
            with transaction.atomic():
                person = actions.create_person(name=name, email=email, by=request.user)
                if any(value not in {"", None} for value in work.values()):
                    actions.set_employment(person, **work, by=request.user)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("%(name)s can sign in now.") % {"name": person})
            return redirect("people:person_detail", user_id=person.pk)
    return render_page(
        request,
        "people/person_create.html",
        {"form": form, "in_use": _in_use()},
        status=422 if form.errors else 200,
    )


def _in_use() -> dict[str, list[str]]:
    """The departments, jobs and locations that there are."""
    return {
        field: list(
            Employment.objects.exclude(**{field: ""})
            .order_by(field)
            .values_list(field, flat=True)
            .distinct()[:MOST_OFFERED]
        )
        for field in ("department", "job", "location")
    }


@require_http_methods(["GET", "HEAD", "POST"])
def person_employment(request: Request, user_id: int) -> HttpResponse:
    """Department, job, level, location and manager of who is not in the HR feed."""
    hr_admin_only(request)
    person = get_object_or_404(
        User.objects.working_here().select_related("employment__manager"), pk=user_id
    )
    known = getattr(person, "employment", None)
    form = EmploymentForm(
        posted(request),
        initial={
            "department": known.department,
            "job": known.job,
            "level": known.level,
            "location": known.location,
            "manager": known.manager.email if known.manager else "",
        }
        if known
        else None,
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_employment(person, **form.cleaned_data, by=request.user)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("Saved."))
            return redirect("people:person_detail", user_id=person.pk)
    return render_page(
        request,
        "people/person_employment.html",
        {
            "person": person,
            "form": form,
            "is_fed": known is not None and not known.is_by_hand,
            "in_use": _in_use(),
        },
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
    person = get_object_or_404(User.objects.not_erased(), pk=user_id)
    actions.come_back(person, by=request.user)
    messages.success(request, _("%(name)s can sign in now.") % {"name": person})
    return redirect("people:person_detail", user_id=person.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def person_erase(request: Request, user_id: int) -> HttpResponse:
    """Remove a person for good: what goes and what stays is said beforehand, and their
    name is typed.
    """
    hr_admin_only(request)
    person = get_object_or_404(User.objects.not_erased(), pk=user_id)
    form = EraseForm(posted(request), person=person)
    if form.is_valid():
        name = person.name
        try:
            actions.erase_person(person, by=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(
                request, _("What was known of %(name)s is gone.") % {"name": name}
            )
            return redirect("people:person_list")
    return render_page(
        request,
        "people/person_erase.html",
        {
            "person": person,
            "form": form,
            "goes": [thing for each in SCRUBS for thing in each.goes],
            "stays": [thing for each in SCRUBS for thing in each.stays],
        },
        status=422 if form.errors else 200,
    )
