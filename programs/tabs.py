"""The sub-navigation of a programme, for those who run it."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from programs.models import Program


def tabs(program: Program, current: str) -> list[dict[str, Any]]:
    """One entry for each part of the programme; ``current`` is a URL name."""
    entries = [
        ("programs:program_detail", _("Overview")),
        ("dashboards:program_dashboard", _("Figures")),
        ("programs:participant_list", _("Participants")),
        ("matching:round_list", _("Matching")),
        ("mentorships:program_mentorships", _("Mentorships")),
        ("feedback:survey_list", _("Surveys")),
        ("programs:program_goals", _("Goals")),
        ("programs:guideline_list", _("Guidelines")),
        ("dashboards:timeline", _("Messages")),
        ("programs:module_list", _("Training")),
        ("programs:program_edit", _("Settings")),
    ]
    return [
        {
            "url": reverse(name, args=[program.slug]),
            "label": label,
            "current": name == current,
        }
        for name, label in entries
    ]
