"""Making surveys, from what is shipped or from nothing, in versions."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from feedback.models import Question, Survey
from feedback.shipped import survey_templates
from history.models import record
from mentoring.words import same_words
from people.models import User
from programs.models import Program

MOST_QUESTIONS = 30
OPTIONS = {Question.Kind.CHOICE, Question.Kind.MANY}


def from_template(program: Program, key: str) -> Survey:
    """A survey as it is shipped, in a programme that does not have it yet."""
    template = survey_templates()[key]
    with transaction.atomic():
        survey, made = Survey.objects.get_or_create(
            program=program,
            key=key,
            version=1,
            defaults={**template.texts, **template.settings},
        )
        if not made:
            return survey
        by_key: dict[str, Question] = {}
        for place, entry in enumerate(template.questions):
            before = by_key.get(entry.get("shown_if", ""))
            by_key[entry["key"]] = Question.objects.create(
                survey=survey,
                key=entry["key"],
                place=place,
                kind=entry["kind"],
                text_nl=entry["text_nl"],
                text_en=entry["text_en"],
                options=entry.get("options", []),
                is_required=entry.get("required", True),
                shown_if=before,
                shown_values=entry.get("shown_values", []),
            )
    return survey


def pulse_of(program: Program) -> Survey:
    """The programme's pulse survey; made from what is shipped the first time."""
    found = Survey.objects.current().filter(program=program, key="pulse").first()
    return found or from_template(program, "pulse")


@transaction.atomic
def create_survey(survey: Survey, *, by: User) -> None:
    """A survey that begins without questions."""
    base = slugify(survey.name_en or survey.name_nl)[:24] or "survey"
    taken = set(survey.program.surveys.values_list("key", flat=True))
    names = (base, *(f"{base}-{number}" for number in range(2, 1000)))
    survey.key = next(name for name in names if name not in taken)
    survey.full_clean()
    survey.save()
    record(survey, "created", by=by)


@transaction.atomic
def version_to_change(survey: Survey, *, by: User) -> Survey:
    """The version that can be changed: this one, or the next when it was asked.

    Results stay with the version that people answered.
    """
    newest = Survey.objects.select_for_update().filter(
        program=survey.program_id, key=survey.key
    )
    last = newest.order_by("-version").first()
    assert last
    if last.pk != survey.pk:
        raise ValidationError(
            _("There is a newer version of this survey; change that one.")
        )
    if not survey.was_asked:
        return survey
    copy = Survey.objects.get(pk=survey.pk)
    copy.pk = None
    copy._state.adding = True
    copy.version = last.version + 1
    copy.save()
    by_key: dict[str, Question] = {}
    for question in survey.questions.select_related("shown_if"):
        before = question.shown_if
        question.pk = None
        question._state.adding = True
        question.survey = copy
        question.shown_if = by_key.get(before.key) if before else None
        question.save()
        by_key[question.key] = question
    record(copy, "new version", by=by)
    return copy


@transaction.atomic
def change_survey(survey: Survey, *, by: User) -> Survey:
    """Keep what is changed in the name, the audience or the time, as filled in."""
    target = version_to_change(Survey.objects.get(pk=survey.pk), by=by)
    survey.pk = target.pk
    survey.version = target.version
    survey.full_clean()
    survey.save(force_update=True)
    record(survey, "changed", by=by)
    return survey


@transaction.atomic
def save_question(
    survey: Survey, question: Question, *, by: User, is_another: bool = False
) -> Survey:
    """Add a question, or change one, in the version that can be changed.

    ``is_another`` is when it asks something else than it did: a new trend begins.
    """
    target = version_to_change(survey, by=by)
    if question.pk is None:
        if target.questions.count() >= MOST_QUESTIONS:
            raise ValidationError(_("A survey this long is not answered any more."))
        last = target.questions.aggregate(last=Max("place"))["last"]
        question.place = 0 if last is None else last + 1
        question.key = _fresh_key(target)
    else:
        before = target.questions.get(key=question.key)
        question.pk = before.pk
        _lead_on(before, question)
        if is_another or before.kind != question.kind:
            # Answers to something else, or of another kind, are no line with those of
            # before.
            question.key = _fresh_key(target)
    if question.shown_if and question.shown_if.survey_id != target.pk:
        question.shown_if = target.questions.get(key=question.shown_if.key)
    question.survey = target
    question.full_clean()
    question.save()
    record(target, "question changed", by=by)
    return target


def _fresh_key(survey: Survey) -> str:
    """A key that no version of the survey has: the trend goes by it."""
    taken = set(
        Question.objects.filter(
            survey__program=survey.program_id, survey__key=survey.key
        ).values_list("key", flat=True)
    )
    names = (f"question-{number}" for number in range(1, 1000))
    return next(name for name in names if name not in taken)


def _lead_on(before: Question, after: Question) -> None:
    """Let the follow-ups of a question be asked after the same answers as before,
    wherever these stand now. Refused where one of the answers is no more.
    """
    moved = []
    for each in before.follow_ups.all():
        values = [_value_now(value, before, after) for value in each.shown_values]
        if None in values:
            raise ValidationError(
                _(
                    "“%(question)s” is asked after an answer that is no more. Change or"
                    " remove that question first."
                )
                % {"question": each.text}
            )
        each.shown_values = values
        moved.append(each)
    Question.objects.bulk_update(moved, ["shown_values"])


def _value_now(value: str, before: Question, after: Question) -> str | None:
    """Which value an answer has after a change; ``None`` when it cannot be given."""
    if before.kind not in OPTIONS:
        return value if after.kind == before.kind else None
    if after.kind not in OPTIONS:
        return None
    option = before.options[int(value)]
    for place, each in enumerate(after.options):
        if same_words((option["nl"], option["en"]), (each["nl"], each["en"])):
            return str(place)
    # As many options as before: this one is called otherwise now.
    return value if len(after.options) == len(before.options) else None


@transaction.atomic
def remove_question(question: Question, *, by: User) -> Survey:
    """Take a question out, with the follow-ups that hang on it."""
    target = version_to_change(question.survey, by=by)
    target.questions.get(key=question.key).delete()
    record(target, "question removed", by=by)
    return target


@transaction.atomic
def move_question(question: Question, step: int, *, by: User) -> Survey:
    """One place up (-1) or down (1). A follow-up stays behind what it follows."""
    assert step in {-1, 1}
    keys = list(question.survey.questions.values_list("key", flat=True))
    here = keys.index(question.key)
    there = here + step
    if 0 <= there < len(keys):
        keys[here], keys[there] = keys[there], keys[here]
    return order_questions(question.survey, keys, by=by)


@transaction.atomic
def order_questions(survey: Survey, keys: list[str], *, by: User) -> Survey:
    """Ask the questions in this order. A follow-up stays behind what it follows."""
    found = {each.key: each for each in survey.questions.select_related("shown_if")}
    if sorted(keys) != sorted(found):
        raise ValidationError(
            _("The questions were changed in the meantime. Look once more.")
        )
    for place, key in enumerate(keys):
        before = found[key].shown_if
        if before and before.key not in keys[:place]:
            raise ValidationError(
                _("A follow-up stays behind the question it follows.")
            )
    if keys == list(found):
        return survey
    target = version_to_change(survey, by=by)
    order = {key: place for place, key in enumerate(keys)}
    changed = list(target.questions.all())
    for each in changed:
        each.place = order[each.key]
    Question.objects.bulk_update(changed, ["place"])
    record(target, "question moved", by=by)
    return target


@transaction.atomic
def retire_survey(survey: Survey, *, is_over: bool, by: User) -> None:
    """Ask it no more, or again; what was answered stays."""
    Survey.objects.filter(program=survey.program_id, key=survey.key).update(
        retired_at=timezone.now() if is_over else None
    )
    record(survey, "retired" if is_over else "taken up again", by=by)
