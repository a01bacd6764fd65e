"""The sub-navigation of a programme, for those who run it."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from programs.models import Program

# What is set up once stands under one entry; its pages link to each other.
SET_UP = "programs:program_edit"
PARTS_OF_SET_UP = {
    "programs:program_goals",
    "programs:guideline_list",
    "programs:module_list",
}


def tabs(program: Program, current: str) -> list[dict[str, Any]]:
    """One entry for each part of the programme; ``current`` is a URL name."""
    entries = [
        ("programs:program_detail", _("Overview")),
        ("dashboards:program_dashboard", _("Figures")),
        ("programs:participant_list", _("Participants")),
        ("matching:round_list", _("Matching")),
        ("mentorships:program_mentorships", _("Mentorships")),
        ("feedback:survey_list", _("Surveys")),
        ("dashboards:timeline", _("Messages")),
        (SET_UP, _("Set-up")),
    ]
    if current in PARTS_OF_SET_UP:
        current = SET_UP
    return [
        {
            "url": reverse(name, args=[program.slug]),
            "label": label,
            "current": name == current,
        }
        for name, label in entries
    ]
