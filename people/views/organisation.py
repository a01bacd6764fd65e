"""What the organisation looks like: chosen by HR admins, shown to everybody."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.cache import get_conditional_response, set_response_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from mentoring import branding, colors
from mentoring.http import Request, posted, render_page
from people import actions
from people.forms import OrganisationForm
from people.models import Organisation
from people.models.organisation import logo_now
from people.permissions import hr_admin_only

A_YEAR = 365 * 24 * 3600
SAMPLES = (
    ("light", colors.LIGHT_GROUNDS[0], "#1f2a2e", "#ffffff"),
    ("dark", colors.DARK_GROUNDS[1], "#eef1f2", "#10201f"),
)


@require_http_methods(["GET", "HEAD", "POST"])
def organisation_edit(request: Request) -> HttpResponse:
    """Name, logo, colour and words; with what the colour will look like."""
    hr_admin_only(request)
    form = OrganisationForm(
        posted(request), request.FILES or None, instance=Organisation.current()
    )
    accent = form.instance.accent
    if request.method == "POST" and form.is_valid():
        accent = form.cleaned_data["accent"]
        if "preview" not in request.POST:
            actions.save_organisation(
                form.instance,
                logo=form.cleaned_data["logo"],
                without_logo=form.cleaned_data["without_logo"],
                by=request.user,
            )
            branding.forget()
            messages.success(request, _("Saved. Everybody sees it from now on."))
            return redirect("people:organisation_edit")
    return render_page(
        request,
        "people/organisation_edit.html",
        {
            "form": form,
            "samples": _samples(accent) if colors.is_color(accent) else [],
            "accent": accent,
        },
        status=422 if form.errors else 200,
    )


def _samples(accent: str) -> list[dict[str, Any]]:
    """The accent on light and on dark ground: as chosen, and as it will be."""
    shades = {"light": colors.for_light(accent), "dark": colors.for_dark(accent)}
    return [
        {
            "scheme": scheme,
            "ground": ground,
            "ink": ink,
            "button_ink": button_ink,
            "shade": shades[scheme],
            "is_other": shades[scheme] != accent,
            "contrast": colors.contrast(accent, ground),
        }
        for scheme, ground, ink, button_ink in SAMPLES
    ]


def _kept(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """With the version in its address it may be kept; without it, asked for anew."""
    now = request.GET.get("v") == branding.brand().version
    response["Cache-Control"] = (
        f"public, max-age={A_YEAR}, immutable" if now else "no-cache"
    )
    set_response_etag(response)
    return get_conditional_response(  # type: ignore[return-value]
        request, response["ETag"], response=response
    )


@login_not_required
@require_safe
def brand_css(request: HttpRequest) -> HttpResponse:
    """The accent of the organisation in place of ours, in each scheme."""
    brand = branding.brand()
    if not brand.has_accent:
        raise Http404
    light, dark = brand.light, brand.dark
    shades = {
        "brand": (light, dark),
        "brand-ink": ("#ffffff", "#10201f"),
        "brand-hover": (
            colors.mix(light, colors.BLACK, 0.15),
            colors.mix(dark, colors.WHITE, 0.25),
        ),
        "brand-soft": (colors.soft_on_light(light), colors.soft_on_dark(dark)),
    }
    lines = "".join(
        f"  --{name}: light-dark({one}, {other});\n"
        for name, (one, other) in shades.items()
    )
    text = f"@layer tokens {{ :root {{\n{lines}}} }}\n"
    return _kept(request, HttpResponse(text, content_type="text/css; charset=utf-8"))


@login_not_required
@require_safe
def brand_logo(request: HttpRequest) -> HttpResponse:
    """The logo of the organisation."""
    logo = logo_now()
    if logo is None:
        raise Http404
    return _kept(request, HttpResponse(logo, content_type="image/png"))
