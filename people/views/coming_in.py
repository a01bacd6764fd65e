"""Coming in: the first HR admin, and the doors of a trial."""

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
)
from django.shortcuts import get_object_or_404, redirect
from django.utils import translation
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
)

from mentoring.http import posted, render_page
from people import actions
from people.forms import (
    NameForm,
)
from people.models import (
    User,
)

DEMO_PEOPLE = {
    "hr_admin": "hr@waterlinie.example",
    "coordinator": "coordinator@waterlinie.example",
    "mentor": "mentor@waterlinie.example",
    "mentee": "mentee@waterlinie.example",
    "it_admin": "it@waterlinie.example",
    "sponsor": "sponsor@waterlinie.example",
}


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request: HttpRequest, token: str) -> HttpResponse:
    """The first HR admin comes in by a link that works once."""
    found = actions.find_welcome(token)
    if found is None:
        return render_page(request, "people/welcome_gone.html", status=410)
    form = NameForm(posted(request))
    if form.is_valid():
        try:
            user = actions.use_welcome(found, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            login(request, user)
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
    login(request, user)
    return redirect("dashboards:home")
