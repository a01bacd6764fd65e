"""The steps in which a programme is set up: one thing a page, progress kept.

A step is a page of the programme like any other; while the programme is a draft, the
page has the assistant around it. What was found right stands in ``Program.steps_done``.
"""

from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from mentoring.branding import lazy_role_word, worded
from programs.models import Program


@dataclass(frozen=True)
class Step:
    """One page of the assistant.

    ``fields`` are those of the programme that the page asks for; a page of its own has
    none. ``saves`` says that the page's own form goes on to the next step.
    """

    key: str
    label: Any
    about: Any
    page: str
    fields: tuple[str, ...] = ()
    saves: bool = False

    def url(self, program: Program) -> str | None:
        """Where the page is; ``None`` when this installation has no such page."""
        arguments = {"program_slug": program.slug}
        if self.fields:
            arguments["step"] = self.key
        try:
            return reverse(self.page, kwargs=arguments)
        except NoReverseMatch:
            return None


STEPS = (
    Step(
        "purpose",
        _("Name and purpose"),
        _("What the programme is called, and what should be different afterwards."),
        "programs:setup_step",
        ("name_nl", "name_en", "purpose_nl", "purpose_en", "theme_nl", "theme_en"),
        saves=True,
    ),
    Step(
        "goals",
        _("Goals"),
        _("Two or three figures by which you will know that it worked."),
        "programs:program_goals",
    ),
    Step(
        "shape",
        _("Shape"),
        _("Who meets whom, how often, and how much time it takes."),
        "programs:setup_step",
        (
            "model",
            "rhythm_days",
            "hours_a_month",
            "capacity_default",
            "capacity_max",
            "most_people",
        ),
        saves=True,
    ),
    Step(
        "dates",
        _("Dates"),
        _("When people hear who their match is, and from when until when it runs."),
        "programs:setup_step",
        ("matching_on", "starts_on", "ends_on"),
        saves=True,
    ),
    Step(
        "people",
        _("Who may join"),
        _("Everybody, after your yes, or by invitation; and which colleagues."),
        "programs:eligibility_edit",
        saves=True,
    ),
    Step(
        "guidelines",
        _("Guidelines"),
        _("What each role promises and may expect. Read them as a participant would."),
        "programs:guideline_list",
    ),
    Step(
        "questions",
        _("Questions"),
        _("What you ask of who joins. Each question says what it is for."),
        "programs:question_list",
    ),
    Step(
        "training",
        _("Training"),
        worded(
            _(
                "Ten-minute starts for %(mentors_word)s and %(mentees_word)s, and what"
                " they can look up."
            )
        ),
        "programs:module_list",
    ),
    Step(
        "choosing",
        _("Who chooses"),
        _("Whether you put people together, or they choose or rank each other."),
        "matching:manner_edit",
        saves=True,
    ),
    Step(
        "matching",
        _("Matching"),
        _("What counts when people are matched, and how much."),
        "matching:criteria_edit",
        saves=True,
    ),
    Step(
        "messages",
        _("Messages"),
        _("What people hear from the programme, and when."),
        "dashboards:timeline",
    ),
    Step(
        "surveys",
        _("Surveys"),
        _("What you ask people on the way, and when."),
        "feedback:survey_list",
    ),
    Step(
        "privacy",
        _("Who sees what"),
        _("What participants are told about who reads what they write."),
        "programs:visibility",
    ),
    Step(
        "coordinators",
        capfirst(lazy_role_word("coordinator", many=True)),
        _("Who runs the programme from day to day."),
        "programs:coordinator_list",
    ),
    Step(
        "preview",
        _("Preview"),
        worded(_("Joining, as %(mentors_word)s and %(mentees_word)s see it.")),
        "programs:program_preview",
    ),
    Step(
        "open",
        _("Check and open"),
        _("What is still missing, and the button that lets people in."),
        "programs:program_detail",
    ),
)
BY_KEY = {step.key: step for step in STEPS}


@dataclass(frozen=True)
class Place:
    """A step as it stands for one programme."""

    step: Step
    url: str
    is_done: bool


@dataclass(frozen=True)
class Progress:
    """The assistant as it stands around one page."""

    places: list[Place]
    number: int

    @property
    def here(self) -> Place:
        return self.places[self.number - 1]

    @property
    def previous(self) -> Place | None:
        return self.places[self.number - 2] if self.number > 1 else None

    @property
    def following(self) -> Place | None:
        return self.places[self.number] if self.number < len(self.places) else None

    @property
    def done(self) -> int:
        return sum(place.is_done for place in self.places)


def places(program: Program) -> list[Place]:
    """The steps of a programme, in their order."""
    return [
        Place(step, url, step.key in program.steps_done)
        for step in STEPS
        if (url := step.url(program))
    ]


def progress_at(program: Program, page: str, step_key: str = "") -> Progress | None:
    """The assistant for a page, by its URL name; ``None`` where it has no say."""
    if not program.is_draft:
        return None
    found = places(program)
    for number, place in enumerate(found, start=1):
        if place.step.page == page and (
            not place.step.fields or place.step.key == step_key
        ):
            return Progress(found, number)
    return None


def first_undone(program: Program) -> Place:
    """Where somebody who comes back goes on."""
    found = places(program)
    return next((place for place in found if not place.is_done), found[-1])


def next_undone(program: Program) -> Place | None:
    """The first step that nobody has seen yet; ``None`` when only opening is left."""
    place = first_undone(program)
    return None if place.step.key == STEPS[-1].key else place


def following(program: Program, key: str) -> Place:
    """The step after this one; after the last there is none, so that one."""
    found = places(program)
    keys = [place.step.key for place in found]
    return found[min(keys.index(key) + 1, len(found) - 1)]
