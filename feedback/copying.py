"""The surveys that a new programme begins with: its template's, or an earlier one's."""

from feedback.actions import from_template
from feedback.models import Question, Survey
from programs.actions import COPIERS, FILLERS
from programs.blueprints import Blueprint
from programs.models import Program


def plan_surveys(program: Program, blueprint: Blueprint) -> None:
    """Those of the template, each asked when the template says."""
    for entry in blueprint.surveys:
        survey = from_template(program, entry["key"])
        if "first_day" in entry:
            survey.first_day = entry["first_day"]
            survey.every_days = entry.get("every_days")
            survey.save(update_fields=["first_day", "every_days"])


def copy_surveys(earlier: Program, program: Program) -> None:
    """The same surveys with the same questions, and nobody asked yet. One that was
    asked on a date waits to be given another.
    """
    for survey in Survey.objects.in_use().filter(program=earlier):
        questions = list(survey.questions.all())
        survey.pk, survey.program, survey.version = None, program, 1
        if survey.asks == Survey.Asks.ON_DATE:
            survey.asks, survey.ask_on = Survey.Asks.BY_HAND, None
        survey.save()
        copied: dict[int, Question] = {}
        for question in questions:
            before, asked_if = question.pk, question.shown_if_id
            question.pk, question.survey = None, survey
            question.shown_if = copied.get(asked_if) if asked_if else None
            question.save()
            copied[before] = question


FILLERS.append(plan_surveys)
COPIERS.append(copy_surveys)
