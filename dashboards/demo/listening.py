"""What people of the demo company say of their background, and whom they go to."""

from dashboards.demo.company import Company
from feedback.access import renew_access
from feedback.actions import name_confidant
from people.actions import take_background
from people.models import Background
from programs.models import Program

# Of how many hundred each choice is, in the order of the choices. What somebody is
# called says their gender; few choose another.
AGES = ((55, 30, 10, 5), (20, 35, 30, 15), (3, 22, 40, 35))
DEGREES = (38, 52, 10)
OTHER_GENDER = 0.03
# How many say something of their background at all.
SAYS = 0.85
REST = "rest"


def make_backgrounds(company: Company) -> None:
    """Most people say something of their background."""
    gender, age, degree = (
        (question.pk, [each.pk for each in question.choices.all()])
        for question in (
            take_background(key, by=company.user["hr"])
            for key in ("gender", "age", "first-generation")
        )
    )
    rows = []
    for user in company.users:
        company.said[user.pk] = REST
        if company.random.random() > SAYS:
            continue
        place = 0 if user.pk in company.women else 1
        if company.random.random() < OTHER_GENDER:
            place = company.random.choice([2, 3])
        else:
            company.said[user.pk] = ("woman", "man")[place]
        ages = AGES[min(2, (company.level[user.pk] - 1) // 2)]
        row = Background(user=user)
        row.write(
            {
                gender[0]: gender[1][place],
                age[0]: company.random.choices(age[1], ages)[0],
                degree[0]: company.random.choices(degree[1], DEGREES)[0],
            }
        )
        rows.append(row)
    Background.objects.bulk_create(rows)


def make_listening(company: Company) -> None:
    """Somebody reads what is reported; how far groups come has been counted."""
    name_confidant(None, company.others[-1], by=company.user["hr"])
    for program in Program.objects.live():
        renew_access(program)
