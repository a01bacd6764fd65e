"""The HR feed in the browser: columns, refusal, and large files with their progress."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from people import hrfeed
from people.models import Employment, FeedSettings, HrImport, HrUpload, Profile, User
from people.tasks import apply_upload
from people.views import feed
from tests import factories

OWN_NAMES = b"Werkmail;Roepnaam;Team\nan@example.org;An Jansen;Planning\n"
PEOPLE = b"email,name\n" + b"".join(
    b"p%d@example.org,Person %d\n" % (n, n) for n in range(30)
)


def url(name, *args):
    return reverse(f"people:{name}", args=args)


def text(response):
    return response.content.decode()


def send(client, content):
    return client.post(
        url("people_import"), {"file": SimpleUploadedFile("hr.csv", content)}
    )


def test_columns_that_are_not_known_are_asked_for_and_kept(as_user, hr_admin):
    client = as_user(hr_admin)
    response = send(client, OWN_NAMES)
    upload = HrUpload.objects.get()
    assert response.url == url("import_columns", upload.pk)
    client.post(
        response.url,
        {"column_0": "email", "column_1": "name", "column_2": "department"},
    )
    client.post(url("import_preview", upload.pk))

    assert Employment.objects.get(user__email="an@example.org").department == "Planning"
    again = send(client, OWN_NAMES)
    assert again.url == url("import_preview", HrUpload.objects.get().pk)


@pytest.mark.parametrize(
    "sent",
    [
        {"column_0": "email"},
        {"column_0": "email", "column_1": "name", "column_2": "name"},
        {"column_0": "email", "column_1": "password"},
    ],
)
def test_columns_say_what_is_wrong(as_user, hr_admin, sent):
    client = as_user(hr_admin)
    page = send(client, OWN_NAMES).url

    assert client.post(page, sent).status_code == 422
    assert not FeedSettings.objects.exists()


def test_a_column_may_be_left_out_though_its_name_is_known(hr_admin):
    FeedSettings.objects.create(pk=1, mapping={"afdeling": ""})

    hrfeed.apply(
        hrfeed.preview(b"email,name,afdeling\nan@example.org,An,Finance\n"), by=hr_admin
    )

    assert Employment.objects.get(user__email="an@example.org").department == ""


def test_the_share_that_may_leave_is_chosen(as_user, hr_admin):
    for number in range(4):
        factories.EmploymentFactory(user__email=f"e{number}@example.org")
    content = b"email,name\ne0@example.org,Person\n"
    assert hrfeed.preview(content).removes_too_many

    as_user(hr_admin).post(url("feed_settings"), {"leavers_percent": 100})

    assert not hrfeed.preview(content).removes_too_many
    as_user(hr_admin).post(url("feed_settings"), {"leavers_percent": 0})
    assert FeedSettings.current().leavers_percent == 100


def test_a_refusal_stands_in_the_history(as_user, hr_admin):
    for number in range(4):
        factories.EmploymentFactory(user__email=f"e{number}@example.org")
    client = as_user(hr_admin)
    page = send(client, b"email,name\ne0@example.org,Person\n").url

    response = client.post(page, {"leavers": "on"})

    assert response.status_code == 422
    assert User.objects.working_here().filter(email="e1@example.org").exists()
    assert "too many people would leave" in text(client.get(url("people_import")))


# --- large files


@pytest.fixture
def large(monkeypatch):
    """What counts as large is small here, and the worker comes when it is called."""
    monkeypatch.setattr(feed, "LARGE", 10)
    monkeypatch.setattr("people.hrfeed.applying.BATCH", 10)
    handed = []
    monkeypatch.setattr(feed, "_start", handed.append)
    return handed


def test_a_large_file_goes_to_a_worker_and_shows_how_far_it_is(
    as_user, hr_admin, large, django_capture_on_commit_callbacks
):
    client = as_user(hr_admin)
    page = send(client, PEOPLE).url
    with django_capture_on_commit_callbacks(execute=True):
        client.post(page, {"good_rows": "on"})
    upload = HrUpload.objects.get()
    assert large == [upload.pk]
    HrUpload.objects.update(done=10)

    part = client.get(page, headers={"HX-Request": "true", "HX-Target": "progress"})

    assert "10 of 30 people" in text(part)
    assert "<html" not in text(part)
    apply_upload(upload.pk)
    assert User.objects.filter(email__startswith="p").count() == 30
    assert not HrUpload.objects.exists()
    gone = client.get(page, headers={"HX-Request": "true", "HX-Target": "progress"})
    assert gone.headers["HX-Redirect"] == url("people_import")
    assert client.get(page).status_code == 404


def test_twice_handed_over_is_once(
    as_user, hr_admin, large, django_capture_on_commit_callbacks
):
    client = as_user(hr_admin)
    page = send(client, PEOPLE).url
    with django_capture_on_commit_callbacks(execute=True):
        client.post(page)
        client.post(page)

    assert len(large) == 1
    apply_upload(large[0])
    apply_upload(large[0])
    assert HrImport.objects.get().added == 30


def test_a_worker_that_stopped_half_way_is_followed_by_one_that_ends_the_same(
    as_user, hr_admin, large, monkeypatch, django_capture_on_commit_callbacks
):
    client = as_user(hr_admin)
    page = send(client, PEOPLE).url
    client.post(page)
    upload = HrUpload.objects.get()
    keep, calls = Profile.objects.bulk_create, []

    def stop(*args, **options):
        calls.append(args)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return keep(*args, **options)

    with monkeypatch.context() as stopping:
        stopping.setattr(Profile.objects, "bulk_create", stop)
        with pytest.raises(KeyboardInterrupt):
            apply_upload(upload.pk)
    assert Employment.objects.filter(user__email__startswith="p").count() == 20

    HrUpload.objects.update(moved_at=timezone.now() - 2 * hrfeed.applying.SILENT)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(page)
    apply_upload(large[-1])

    assert Employment.objects.filter(user__email__startswith="p").count() == 30
    assert hrfeed.preview(PEOPLE).rows == 0


def test_a_worker_that_cannot_says_why(as_user, hr_admin, large):
    client = as_user(hr_admin)
    page = send(client, PEOPLE + b"bad,\n").url
    client.post(page)

    apply_upload(HrUpload.objects.get().pk)

    assert "rows with a mistake" in text(client.get(page))
    assert not User.objects.filter(email="p1@example.org").exists()
