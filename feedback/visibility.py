"""What people say in surveys and reports, for the page that says who sees what."""

from django.utils.translation import gettext_lazy as _

from people.visibility import Circle, show

show(
    _("What you are asked"),
    Circle.ME,
    [
        _("your answers to an anonymous survey; counted with four others at least"),
        _("a serious report: apart from you, only the named person"),
    ],
)
