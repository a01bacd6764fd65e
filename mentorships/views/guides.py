"""Session guides: an agenda to lean on, for those who like one."""

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from mentoring.http import Request, render_page
from mentorships.guides import guides


@require_safe
def guide_list(request: Request) -> HttpResponse:
    """All guides, in the order in which one meets them."""
    return render_page(
        request, "mentorships/guide_list.html", {"guides": guides().values()}
    )


@require_safe
def guide_detail(request: Request, guide_key: str) -> HttpResponse:
    """One guide: what it is for, its steps with their minutes, questions to ask."""
    guide = guides().get(guide_key)
    if guide is None:
        raise Http404
    return render_page(request, "mentorships/guide_detail.html", {"guide": guide})
