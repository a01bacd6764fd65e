"""The HR feed: every mistake has a line and a reason, and all of it or nothing."""

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.utils import timezone, translation

from people import hrfeed
from people.actions import erase_person
from people.models import Employment, HrImport, HrUpload, LevelChange, Profile, User
from tests import factories

HEAD = (
    "email,name,employee_number,department,job,level,location,manager_email,"
    "started_on,language\n"
)
BOSS = "boss@example.org,Bea Boss,1,Board,Director,9,Utrecht,,2010-01-31,nl\n"
ANNA = "anna@example.org,Anna Jansen,2,Board,Planner,3,Utrecht,boss@example.org,,\n"


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def read(text: str, encoding: str = "utf-8") -> hrfeed.Preview:
    return hrfeed.preview(text.encode(encoding))


def take(text: str, **options) -> HrImport:
    return hrfeed.apply(read(text), by=None, **options)


def only_error(text: str) -> tuple[int, str]:
    [error] = read(text).errors
    return error


def test_a_file_adds_people_with_what_hr_knows():
    done = take(HEAD + BOSS + ANNA)

    anna = User.objects.select_related("employment__manager").get(
        email="anna@example.org"
    )
    assert (done.added, done.changed, done.left, done.refused) == (2, 0, 0, 0)
    assert anna.employment.manager.email == "boss@example.org"
    assert anna.employment.level == 3
    assert Profile.objects.filter(user=anna).exists()
    assert not anna.has_usable_password()


def test_the_manager_may_stand_below():
    take(HEAD + ANNA + BOSS)

    assert Employment.objects.get(employee_number="2").manager.name == "Bea Boss"


def test_the_same_file_again_changes_nothing():
    take(HEAD + BOSS + ANNA)

    found = read(HEAD + BOSS + ANNA)
    assert (found.additions, found.changes, found.leavers, found.same) == (
        [],
        [],
        [],
        2,
    )


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_separator_and_encoding_are_recognised(separator, encoding):
    text = f"email{separator}name\nzoe@example.org{separator}Zoë Müller\n"

    [row] = read(text, encoding).additions
    assert row.name == "Zoë Müller"


def test_dutch_names_of_columns_are_known():
    [row] = read("E-mailadres;Naam;Afdeling\nan@example.org;An;Inkoop\n").additions

    assert (row.email, row.department) == ("an@example.org", "Inkoop")


def test_what_the_file_has_no_column_for_stays_as_it_is():
    take(HEAD + BOSS + ANNA)

    found = read("email,name,department\nanna@example.org,Anna Jansen,Sales\n")
    assert [change.fields for change in found.changes] == [["department"]]
    assert "job" in found.absent_words
    hrfeed.apply(found, by=None)

    anna = Employment.objects.get(user__email="anna@example.org")
    assert anna.department == "Sales"
    assert (anna.job, anna.level, anna.employee_number) == ("Planner", 3, "2")
    assert anna.manager.email == "boss@example.org"


def test_what_stands_empty_in_the_file_is_emptied():
    take(HEAD + BOSS + ANNA)

    take(HEAD + BOSS + ANNA.replace("Planner", ""))

    assert Employment.objects.get(employee_number="2").job == ""


def test_other_columns_are_named_and_not_kept():
    found = read("email,name,salary\nan@example.org,An,=1\n")

    assert found.unused == ["salary"]
    assert len(found.additions) == 1


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "not a CSV file"),
        ("\n\n", "not a CSV file"),
        ("PK\x03\x04\0\0", "not a CSV file"),
        ("name,job\nAn,Planner\n", "missing: email"),
        ("mail;voornaam\n", "missing: email, name"),
        ("email,name,e-mail\n", "twice"),
        ('email,name\nan@example.org,"' + "x" * 140_000 + '"\n', "not a CSV file"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_whole(text, reason):
    found = read(text)

    assert reason in found.problem
    with pytest.raises(ValidationError):
        hrfeed.apply(found, by=None)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("an@example.org,An", "2 values where 10 are expected"),
        ("an.example.org,An,,,,,,,,", "“an.example.org” is not an e-mail address"),
        (",An,,,,,,,,", "not an e-mail address"),
        ("an@example.org,,,,,,,,,", "no name"),
        ("an@example.org,=HYPERLINK(1),,,,,,,,", "“name” looks like a formula"),
        ("an@example.org,An,,+31 6,,,,,,", "“department” looks like a formula"),
        ("an@example.org,An,,,@SUM(A1),,,,,", "“job” looks like a formula"),
        ("an@example.org,An,,,,senior,,,,", "“senior” is not a level"),
        ("an@example.org,An,,,,100,,,,", "“100” is not a level"),
        ("an@example.org,An,,,,,,,31-02-2024,", "“31-02-2024” is not a date"),
        ("an@example.org,An,,,,,,,last year,", "“last year” is not a date"),
        ("an@example.org,An,,,,,,,01-02-24,", "cannot be the day"),
        ("an@example.org,An,,,,,,,,de", "“de” is not a language we have"),
        ("an@example.org,An,,,,,,nobody@example.org,,", "nobody@example.org is not in"),
        ("an@example.org,An,,,,,,an@example.org,,", "their own manager"),
        (f"an@example.org,An,{'9' * 41},,,,,,,", "“employee_number” is longer than 40"),
        (f"an@example.org,An,,,{'x' * 121},,,,,", "“job” is longer than 120"),
        ("an@example.org,A\x07n,,,,,,,,", "“name” has a character"),
    ],
)
def test_a_bad_row_has_its_line_and_its_reason(row, reason):
    line, message = only_error(f"{HEAD}{BOSS}{row}\n")

    assert line == 3
    assert reason in message


def test_the_reason_is_in_the_language_of_the_reader():
    with translation.override("nl"):
        _line, message = only_error(HEAD + "an@example.org,,,,,,,,,\n")

    assert message != "There is no name."


def test_a_letter_that_was_lost_in_saving_is_pointed_at():
    found = read("email,name\nayse@example.org,Ay?e Kaya\nbo@example.org,Bo\n")

    assert [line for line, _reason in found.warnings] == [2]
    assert "Ay?e Kaya" in found.warnings[0][1]
    assert len(found.additions) == 2


def test_a_doubled_address_is_refused_the_second_time():
    line, message = only_error(HEAD + BOSS + ANNA + "ANNA@example.org,An,,,,,,,,\n")

    assert (line, "line 3 too" in message) == (4, True)


def test_a_doubled_employee_number_is_refused():
    line, message = only_error(HEAD + BOSS + "an@example.org,An,1,,,,,,,\n")

    assert (line, "number stands on line 2" in message) == (3, True)


def test_the_line_is_where_the_row_begins():
    text = 'email,name,department\nbea@example.org,Bea,"Two\nlines"\n\nan,An,\n'

    line, _message = only_error(text)
    assert line == 5


def test_managers_in_a_circle_are_all_refused():
    rows = [
        f"p{n}@example.org,P{n},,,,,,p{(n + 1) % 3}@example.org,,\n" for n in range(3)
    ]

    found = read(HEAD + BOSS + "".join(rows))
    assert [line for line, _reason in found.errors] == [3, 4, 5]
    assert all("their own manager" in reason for _line, reason in found.errors)
    assert [row.name for row in found.additions] == ["Bea Boss"]


def test_a_circle_through_somebody_who_is_not_in_the_file_is_seen():
    take(HEAD + BOSS + ANNA)

    boss_under_anna = BOSS.replace("Utrecht,,", "Utrecht,anna@example.org,")
    assert "their own manager" in only_error(HEAD + boss_under_anna)[1]


def test_a_long_line_of_managers_is_no_circle():
    rows = [f"p{n}@example.org,P{n},,,,,,p{n + 1}@example.org,,\n" for n in range(3000)]

    assert read(HEAD + "".join(rows) + "p3000@example.org,P,,,,,,,,\n").errors == []


def test_reports_of_a_bad_row_are_read_without_manager_and_named():
    bad_boss = BOSS.replace(",9,", ",high,")

    found = read(HEAD + bad_boss + ANNA)
    assert [line for line, _reason in found.errors] == [2]
    assert [line for line, _reason in found.warnings] == [3]
    hrfeed.apply(found, by=None)
    assert Employment.objects.get().manager is None


def test_an_employee_number_of_somebody_else_is_refused():
    take(HEAD + BOSS + ANNA)

    text = HEAD + BOSS + ANNA + "piet@example.org,Piet,2,,,,,,,\n"
    assert read(text).errors == [(4, "This employee number stands on line 3 too.")]
    text = HEAD + BOSS + "piet@example.org,Piet,2,,,,,,,\n"
    assert "belongs to anna@example.org" in only_error(text)[1]


def test_a_new_address_with_the_same_number_and_name_is_the_same_person():
    take(HEAD + BOSS + ANNA)
    boss = User.objects.get(email="boss@example.org")

    moved = BOSS.replace("boss@", "b.boss@")
    found = read(HEAD + moved + ANNA)
    assert [change.fields for change in found.changes] == [["email"]]
    assert found.leavers == []
    hrfeed.apply(found, by=None, with_leavers=True)

    boss.refresh_from_db()
    assert boss.email == "b.boss@example.org"
    assert Employment.objects.get(employee_number="2").manager == boss


def gone(email: str) -> User:
    """Somebody who has left since the last file."""
    User.objects.filter(email=email).update(
        is_active=False, left_on=timezone.localdate()
    )
    return User.objects.get(email=email)


JOKE = ANNA.replace("Anna Jansen,2", "Joke Jansen,9")


@pytest.mark.parametrize("has_left", [True, False])
def test_a_new_hire_does_not_get_the_account_that_had_the_address(has_left):
    take(HEAD + BOSS + ANNA)
    if has_left:
        gone("anna@example.org")

    line, reason = only_error(HEAD + BOSS + JOKE)
    assert line == 3
    assert reason.startswith("This address is that of Anna Jansen, with another")
    take(HEAD + BOSS + JOKE)

    anna = User.objects.get(email="anna@example.org")
    assert (anna.name, anna.is_active) == ("Anna Jansen", not has_left)
    assert anna.employment.employee_number == "2"


def test_who_has_the_address_of_a_new_manager_does_not_manage_in_their_place():
    take(HEAD + BOSS + ANNA)
    piet = "piet@example.org,Piet,3,,,,,anna@example.org,,\n"

    found = read(HEAD + BOSS + JOKE + piet)
    assert [line for line, _reason in found.warnings] == [4]
    hrfeed.apply(found, by=None)

    assert Employment.objects.get(employee_number="3").manager is None


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ("Anna Jansen,", "Joke Jansen,"),
        ("Anna Jansen,2", "Joke Jansen,"),
        ("Anna Jansen,", "Joke Jansen,2"),
    ],
)
def test_without_numbers_the_account_of_who_left_opens_for_nobody_else(before, now):
    take(HEAD + BOSS + ANNA.replace("Anna Jansen,2", before))
    gone("anna@example.org")

    line, reason = only_error(HEAD + BOSS + ANNA.replace("Anna Jansen,2", now))
    assert line == 3
    assert reason.startswith("This address was that of Anna Jansen, who has left.")


@pytest.mark.parametrize(
    ("now", "looked_at"),
    [
        ("Anna Jansen,2", []),
        ("Anna de Wit,2", []),
        ("Anna Jansen,", []),
        ("Anna Jansen,9", [3]),
        ("ANNA JÁNSEN,9", [3]),
    ],
)
def test_who_works_here_again_has_their_number_or_their_name(now, looked_at):
    take(HEAD + BOSS + ANNA)
    anna = gone("anna@example.org")

    found = read(HEAD + BOSS + ANNA.replace("Anna Jansen,2", now))
    assert [line for line, _reason in found.warnings] == looked_at
    hrfeed.apply(found, by=None)

    anna.refresh_from_db()
    assert anna.is_active


@pytest.mark.parametrize(
    ("before", "now"), [("Anna Jansen,", "Anna de Wit,"), ("Anna,", "Anna Jansen,2")]
)
def test_without_two_numbers_who_works_here_may_get_another_name(before, now):
    take(HEAD + BOSS + ANNA.replace("Anna Jansen,2", before))

    take(HEAD + BOSS + ANNA.replace("Anna Jansen,2", now))

    assert User.objects.get(email="anna@example.org").name in now


def test_an_address_is_free_once_who_had_it_is_erased():
    take(HEAD + BOSS + ANNA)
    anna = gone("anna@example.org")
    erase_person(anna, by=None)

    assert take(HEAD + BOSS + JOKE).added == 1

    assert User.objects.get(email="anna@example.org").pk != anna.pk


def test_changes_name_what_changes_and_are_made():
    take(HEAD + BOSS + ANNA)
    moved = ANNA.replace("Planner,3", "Coach,4").replace("Anna Jansen", "Anna de Wit")

    found = read(HEAD + BOSS + moved)
    [change] = found.changes
    assert change.fields == ["name", "job", "level"]
    assert change.labels == "name, job, level"
    hrfeed.apply(found, by=None)

    anna = User.objects.get(email="anna@example.org")
    assert (anna.name, anna.employment.job) == ("Anna de Wit", "Coach")


def test_all_that_hr_knows_can_change():
    take(HEAD + BOSS + ANNA)

    text = HEAD + BOSS + "anna@example.org,Anna Jansen,7,X,Y,1,Z,,2020-02-29,\n"
    [change] = read(text).changes
    assert change.fields == [
        "department",
        "job",
        "level",
        "location",
        "started_on",
        "employee_number",
        "manager_email",
    ]


def test_somebody_who_was_not_in_the_feed_gets_employment():
    factories.UserFactory(email="anna@example.org", name="Anna Jansen")

    done = take(HEAD + BOSS + ANNA)

    assert (done.added, done.changed) == (1, 1)
    assert Employment.objects.filter(user__email="anna@example.org").exists()


def staff(count: int) -> str:
    return "".join(f"p{n}@example.org,Person {n},N{n},,,,,,,\n" for n in range(count))


def test_who_is_not_in_the_file_stays_unless_asked():
    take(HEAD + staff(10))

    done = take(HEAD + staff(9))

    assert done.left == 0
    assert User.objects.working_here().count() == 10


def test_leavers_lose_access_when_asked_and_come_back_with_the_file():
    take(HEAD + staff(10))

    assert take(HEAD + staff(8), with_leavers=True).left == 2
    gone = User.objects.get(email="p9@example.org")
    assert not gone.is_active
    assert gone.left_on is not None

    found = read(HEAD + staff(10))
    assert [change.fields for change in found.changes] == [["returned"]] * 2
    hrfeed.apply(found, by=None)
    gone.refresh_from_db()
    assert (gone.is_active, gone.left_on) == (True, None)


def test_more_than_a_fifth_leaving_is_refused_and_nothing_is_done():
    take(HEAD + staff(10))

    found = read(HEAD + staff(7) + "new@example.org,New,,,,,,,,\n")
    assert found.removes_too_many
    with pytest.raises(ValidationError, match="3 of 10 people would leave"):
        hrfeed.apply(found, by=None, with_leavers=True)
    assert User.objects.working_here().count() == 10
    assert not User.objects.filter(email="new@example.org").exists()


def test_people_who_are_not_from_the_feed_are_never_leavers(hr_admin):
    take(HEAD + staff(10))
    other = factories.UserFactory()

    assert other.email not in [known.email for known in read(HEAD + staff(9)).leavers]


def test_a_mistake_in_a_row_does_not_make_its_person_a_leaver():
    take(HEAD + staff(10))

    text = (
        HEAD + staff(8) + "p8@example.org,Person 8,N8,,,high,,,,\nbroken,P,N9,,,,,,,\n"
    )
    found = read(text)
    assert len(found.errors) == 2
    assert found.leavers == []


def test_bad_rows_are_left_out_only_when_asked():
    found = read(HEAD + BOSS + "an,An,,,,,,,,\n")

    with pytest.raises(ValidationError):
        hrfeed.apply(found, by=None, good_rows=False)
    assert not User.objects.exists()
    done = hrfeed.apply(found, by=None, good_rows=True)
    assert (done.added, done.refused) == (1, 1)


def test_all_or_nothing_when_the_database_refuses():
    found = read(HEAD + BOSS + ANNA)
    factories.UserFactory(email="anna@example.org")

    with pytest.raises(ValidationError, match="at the same time"):
        hrfeed.apply(found, by=None)

    assert not User.objects.filter(email="boss@example.org").exists()
    assert not HrImport.objects.exists()


def test_an_upload_is_applied_once(hr_admin):
    upload = HrUpload.objects.create(by=hr_admin, content=(HEAD + BOSS).encode())
    options = {"by": hr_admin, "with_leavers": False, "good_rows": True}

    assert hrfeed.apply_upload(upload, **options).added == 1
    assert not HrUpload.objects.exists()
    upload.pk = 1
    assert hrfeed.apply_upload(upload, **options) is None


def test_rows_are_written_by_the_hundred(django_assert_max_num_queries):
    with django_assert_max_num_queries(30):
        take(HEAD + staff(600))


def test_import_people_dry_run_writes_nothing(tmp_path, capsys):
    file = tmp_path / "people.csv"
    file.write_text(HEAD + BOSS + "an,An,,,,,,,,\n")

    call_command("import_people", file, "--dry-run")

    out = capsys.readouterr().out
    assert "Line 3: “an” is not an e-mail address." in out
    assert "1 new" in out
    assert not User.objects.exists()


def test_import_people_wants_to_hear_that_bad_rows_are_left_out(tmp_path):
    file = tmp_path / "people.csv"
    file.write_text(HEAD + BOSS + "an,An,,,,,,,,\n")

    with pytest.raises(CommandError, match="good rows"):
        call_command("import_people", file)
    call_command("import_people", file, "--good-rows")

    assert User.objects.get().name == "Bea Boss"


def test_import_people_refuses_what_is_not_a_file(tmp_path):
    with pytest.raises(CommandError):
        call_command("import_people", tmp_path / "none.csv")
    file = tmp_path / "people.csv"
    file.write_text("nonsense")
    with pytest.raises(CommandError, match="missing"):
        call_command("import_people", file)


def test_another_level_is_remembered_with_what_it_was():
    take(HEAD + BOSS + ANNA)
    raised = ANNA.replace(",Planner,3,", ",Planner,4,")

    for _time in range(2):
        take(HEAD + BOSS + raised)

    change = LevelChange.objects.get()
    assert (change.user.email, change.before, change.after) == (
        "anna@example.org",
        3,
        4,
    )


def test_a_level_that_was_not_known_before_is_no_change():
    take(HEAD + BOSS + ANNA.replace(",Planner,3,", ",Planner,,"))

    take(HEAD + BOSS + ANNA)

    assert not LevelChange.objects.exists()
