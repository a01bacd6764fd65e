import re
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.urls import reverse
from django.utils import timezone

from dashboards import health
from outbox.models import Bounce, Heartbeat, Message, new_message_id

HEALTH = reverse("dashboards:health")
HEALTHZ = reverse("dashboards:healthz")
METRICS = reverse("dashboards:metrics")


def text(response):
    return response.content.decode()


def message(to, **fields):
    return Message.objects.create(
        kind="digest", to=to, message_id=new_message_id(), **fields
    )


@pytest.fixture
def alive():
    for name in [*health.workers(), health.CLOCK]:
        Heartbeat.objects.create(name=name, at=timezone.now())


def test_health_says_what_runs(as_user, it_admin, alive):
    page = text(as_user(it_admin).get(HEALTH))

    assert page.count("alive") == 2
    assert "on time" in page
    assert "not heard of" not in page


@pytest.mark.parametrize("name", ["worker celery", "worker mail", "clock"])
def test_health_says_what_does_not(as_user, it_admin, mentee, alive, name):
    Heartbeat.objects.filter(name=name).update(at=timezone.now() - timedelta(minutes=6))
    message(mentee, state="failed")

    page = text(as_user(it_admin).get(HEALTH))

    assert page.count("not heard of for five minutes") == 1
    assert "late or failed" in page
    assert mentee.name not in page


def test_a_queue_that_nobody_takes_from_is_seen(client, alive):
    Heartbeat.objects.filter(name="worker matching").delete()

    assert client.get(HEALTHZ).json()["worker"] is False


def test_health_is_not_there_for_others(as_user, mentee, coordinator):
    for user in (mentee, coordinator):
        assert as_user(user).get(HEALTH).status_code == 404


def test_healthz_needs_no_sign_in_and_names_nobody(client, mentee, alive):
    message(mentee, state="sent")

    answer = client.get(HEALTHZ)

    assert answer.status_code == 200
    assert answer.json() == dict.fromkeys(
        ["database", "broker", "worker", "clock", "mail"], True
    )


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "failed"},
        {"state": "planned", "not_before": timezone.now() - timedelta(minutes=10)},
    ],
)
def test_healthz_says_that_mail_is_late_or_failed(client, mentee, fields):
    message(mentee, **fields)

    assert client.get(HEALTHZ).json()["mail"] is False


def test_healthz_says_that_nobody_was_heard_of(client):
    answer = client.get(HEALTHZ)

    assert answer.status_code == 200
    assert answer.json()["worker"] is False
    assert answer.json()["clock"] is False


def test_for_an_alarm_one_part_is_enough(client, alive):
    assert client.get(HEALTHZ, {"all": ""}).status_code == 200

    Heartbeat.objects.filter(name="clock").delete()

    assert client.get(HEALTHZ, {"all": ""}).status_code == 503


def test_healthz_is_503_without_a_database(client, monkeypatch):
    def fail():
        raise OperationalError

    with monkeypatch.context() as away:
        away.setattr(connection, "cursor", fail)
        answer = client.get(HEALTHZ)

    assert answer.status_code == 503
    assert answer.json() == {"database": False}


def test_a_broker_that_is_away_is_seen(client, alive, monkeypatch):
    def fail():
        raise ConnectionRefusedError

    monkeypatch.setattr(health.current_app, "connection_for_write", fail)

    assert client.get(HEALTHZ).json()["broker"] is False


def test_metrics_are_for_whoever_has_the_word(client, settings, mentee, alive):
    settings.METRICS_TOKEN = "word"
    message(mentee, state="sent")
    message(mentee, occasion="2", not_before=timezone.now() - timedelta(seconds=90))
    Bounce.objects.create(email=mentee.email)

    answer = client.get(METRICS, headers={"Authorization": "Bearer word"})

    lines = text(answer).splitlines()
    assert answer["Content-Type"].startswith("text/plain")
    assert 'wegwijs_messages{state="sent"} 1' in lines
    assert 'wegwijs_messages{state="failed"} 0' in lines
    assert 'wegwijs_part_runs{part="worker"} 1' in lines
    assert "wegwijs_bounced_addresses 1" in lines
    [oldest] = [each for each in lines if each.startswith("wegwijs_oldest_due_seconds")]
    assert 90 <= float(oldest.split()[1]) < 120
    assert mentee.email not in text(answer)
    named = [each for each in lines if each.startswith("# TYPE")]
    assert len(named) == len(set(named))


def test_the_readme_names_every_figure_and_every_part(client, settings, alive):
    settings.METRICS_TOKEN = "word"
    readme = (settings.BASE_DIR / "README.md").read_text()

    answer = client.get(METRICS, headers={"Authorization": "Bearer word"})

    told = set(re.findall(r"`(wegwijs_\w+)(?:\{\w+\})?`", readme))
    assert told == set(re.findall(r"^# TYPE (\w+)", text(answer), re.MULTILINE))
    for part in client.get(HEALTHZ).json():
        assert f"`{part}`" in readme


@pytest.mark.parametrize("word", ["", "Bearer ", "Bearer wrong", "Bearer wörd"])
def test_metrics_are_not_there_for_anybody_else(client, settings, word):
    settings.METRICS_TOKEN = "word"

    assert client.get(METRICS, headers={"Authorization": word}).status_code == 404


def test_without_a_word_nobody_reads_metrics(client, settings):
    settings.METRICS_TOKEN = ""

    answer = client.get(METRICS, headers={"Authorization": "Bearer "})

    assert answer.status_code == 404
