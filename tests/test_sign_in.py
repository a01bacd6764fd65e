"""Coming in: who may, how often one may try, and when the door closes again."""

import multiprocessing
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from people.actions import leave
from people.models import User
from programs.models import Invite, Participant, Role, hashed, token_of
from tests.cast import World, make_world
from tests.forms_of_the_site import token_for
from tests.test_access import OUTSIDE, arguments_for, lines

PASSWORD = "a long enough sentence"
EVIL = [
    "//evil.example",
    "https://evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "///evil.example",
    "javascript:alert(1)",
    "/\t/evil.example",
    "http:///evil.example",
    "https:evil.example",
    "\x00//evil.example",
    "data:text/html,x",
]


@pytest.fixture(autouse=True)
def _nobody_tried_before() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def with_password(mentee: User) -> User:
    mentee.set_password(PASSWORD)
    mentee.save()
    return mentee


def sign_in(client: Client, login: str, password: str, **data: str):
    return client.post(
        reverse("account_login"), {"login": login, "password": password, **data}
    )


def is_in(client: Client) -> bool:
    return SESSION_KEY in client.session


def code_in(text: str) -> str:
    found = re.search(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]{3,})\s*$", text, re.MULTILINE)
    assert found, text
    return found[1]


def test_a_code_by_mail_opens_the_door(mentee: User):
    client = Client()

    client.post(reverse("account_request_login_code"), {"email": mentee.email})
    code = code_in(mail.outbox[0].body)
    client.post(reverse("account_confirm_login_code"), {"code": code})

    assert is_in(client)


def test_a_code_opens_only_the_browser_that_asked(mentee: User):
    asked, other = Client(), Client()
    asked.post(reverse("account_request_login_code"), {"email": mentee.email})
    other.post(reverse("account_request_login_code"), {"email": "nobody@example.org"})

    other.post(
        reverse("account_confirm_login_code"), {"code": code_in(mail.outbox[0].body)}
    )

    assert not is_in(other)


def test_a_code_opens_once(mentee: User):
    client = Client()
    client.post(reverse("account_request_login_code"), {"email": mentee.email})
    code = code_in(mail.outbox[0].body)
    client.post(reverse("account_confirm_login_code"), {"code": code})
    client.post(reverse("account_logout"))

    client.post(reverse("account_confirm_login_code"), {"code": code})

    assert not is_in(client)


def test_a_code_can_be_guessed_three_times(mentee: User):
    client = Client()
    client.post(reverse("account_request_login_code"), {"email": mentee.email})
    code = code_in(mail.outbox[0].body)

    for _attempt in range(3):
        client.post(reverse("account_confirm_login_code"), {"code": "AAA-AAA"})
    client.post(reverse("account_confirm_login_code"), {"code": code})

    assert not is_in(client)


def test_a_code_is_good_for_ten_minutes(mentee: User):
    client = Client()
    client.post(reverse("account_request_login_code"), {"email": mentee.email})
    code = code_in(mail.outbox[0].body)

    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        client.post(reverse("account_confirm_login_code"), {"code": code})

    assert not is_in(client)


def test_a_code_asked_before_somebody_left_opens_nothing(mentee: User):
    client = Client()
    client.post(reverse("account_request_login_code"), {"email": mentee.email})
    code = code_in(mail.outbox[0].body)
    leave(mentee, by=None)

    client.post(reverse("account_confirm_login_code"), {"code": code})

    assert not is_in(client)
    assert client.get(reverse("people:profile_edit")).status_code == 302


def test_a_password_is_refused_after_five_tries(with_password: User):
    client = Client()
    for attempt in range(5):
        sign_in(client, with_password.email, f"wrong {attempt}")

    sign_in(client, with_password.email, PASSWORD)

    assert not is_in(client)


def test_the_limit_counts_in_every_process():
    # Each gunicorn worker would otherwise give five tries of its own.
    other = multiprocessing.get_context("fork").Process(
        target=cache.set, args=("tried", 5)
    )
    other.start()
    other.join()

    assert cache.get("tried") == 5


@pytest.mark.parametrize(
    "page", ["account_login", "account_request_login_code", "account_reset_password"]
)
def test_nobody_learns_who_works_here(page: str, with_password: User, leaver: User):
    told = []

    for email in (with_password.email, "nobody@example.org", leaver.email):
        cache.clear()
        name = "login" if page == "account_login" else "email"
        data = {name: email, "password": "wrong"}
        response = Client().post(reverse(page), data, follow=True)
        words = response.content.decode().replace(email, "…")
        words = re.sub(r'csrf\w+" value="\w+"', "", words)
        told.append((response.status_code, response.redirect_chain, words))

    assert told[0] == told[1] == told[2]


@pytest.mark.parametrize(
    "page", ["account_request_login_code", "account_reset_password"]
)
def test_a_stranger_is_not_mailed(page: str, leaver: User):
    for email in ("stranger@example.org", leaver.email):
        Client().post(reverse(page), {"email": email})

    assert mail.outbox == []


@pytest.mark.parametrize(
    ("page", "hourly"),
    [("account_request_login_code", 12), ("account_reset_password", 6)],
)
def test_nobody_fills_the_mailbox_of_another(page: str, hourly: int, mentee: User):
    began = timezone.now()
    for minute in range(0, 50, 5):
        with time_machine.travel(began + timedelta(minutes=minute)):
            sent = len(mail.outbox)
            for _attempt in range(6):
                Client().post(reverse(page), {"email": mentee.email})
            assert len(mail.outbox) - sent <= 3

    assert len(mail.outbox) == hourly


def test_limits_are_for_who_is_behind_the_proxy(settings, with_password: User):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for number in range(12):
        Client().post(
            reverse("account_login"),
            {"login": f"person{number}@example.org", "password": "wrong"},
            headers={"x-forwarded-for": f"10.0.0.{number}, 192.0.2.66"},
        )
    refused, good = Client(), Client()

    for client, address in ((refused, "192.0.2.66"), (good, "192.0.2.7")):
        client.post(
            reverse("account_login"),
            {"login": with_password.email, "password": PASSWORD},
            headers={"x-forwarded-for": f"192.0.2.66, {address}"},
        )

    assert not is_in(refused)
    assert is_in(good)


def test_nobody_signs_up():
    response = Client().post(reverse("account_signup"), {"email": "new@example.org"})

    assert response.status_code in {200, 302}
    assert not User.objects.filter(email="new@example.org").exists()


def test_a_leaver_does_not_come_in_by_a_new_password(mentee: User):
    leave(mentee, by=None)

    Client().post(reverse("account_reset_password"), {"email": mentee.email})

    assert not [each for each in mail.outbox if "/password/reset/key/" in each.body]


def test_signing_in_gives_another_session(with_password: User):
    client = Client()
    client.get(reverse("account_login"))
    session = client.session
    session["planted"] = "yes"
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key

    sign_in(client, with_password.email, PASSWORD)

    assert is_in(client)
    assert client.session.session_key != session.session_key
    victim = Client()
    victim.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    assert not is_in(victim)


def test_signing_out_ends_the_session(with_password: User):
    client = Client()
    sign_in(client, with_password.email, PASSWORD)
    key = client.session.session_key

    client.post(reverse("account_logout"))

    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = key
    assert not is_in(thief)


def test_looking_at_the_page_that_signs_out_does_not(mentee: User, as_user):
    client = as_user(mentee)

    client.get(reverse("account_logout"))

    assert is_in(client)


def test_a_new_password_ends_the_sessions_elsewhere(with_password: User):
    here, elsewhere = Client(), Client()
    for client in (here, elsewhere):
        sign_in(client, with_password.email, PASSWORD)

    here.post(
        reverse("account_change_password"),
        {
            "oldpassword": PASSWORD,
            "password1": "another long sentence",
            "password2": "another long sentence",
        },
    )

    assert here.get(reverse("people:profile_edit")).status_code == 200
    assert elsewhere.get(reverse("people:profile_edit")).status_code == 302


def test_sessions_end_when_somebody_leaves(mentee: User, as_user):
    client = as_user(mentee)
    assert client.get(reverse("people:profile_edit")).status_code == 200

    leave(mentee, by=None)

    assert client.get(reverse("people:profile_edit")).status_code == 302
    assert not is_in(client)


def test_a_session_ends_after_eight_idle_hours(mentee: User, as_user):
    client = as_user(mentee)
    client.get(reverse("dashboards:home"))

    with time_machine.travel(timezone.now() + timedelta(hours=8, minutes=1)):
        assert client.get(reverse("dashboards:home")).status_code == 302


def test_a_session_ends_after_fourteen_days_however_busy(mentee: User, as_user):
    start = timezone.now()
    client = as_user(mentee)
    for hours in range(0, 14 * 24, 7):
        with time_machine.travel(start + timedelta(hours=hours), tick=False):
            assert client.get(reverse("dashboards:home")).status_code == 200, hours

    with time_machine.travel(start + timedelta(days=14, minutes=1), tick=False):
        assert client.get(reverse("dashboards:home")).status_code == 302


@pytest.mark.parametrize("wanted", EVIL)
def test_signing_in_never_leads_to_another_site(wanted: str, with_password: User):
    client = Client()

    response = sign_in(client, with_password.email, PASSWORD, next=wanted)

    assert is_in(client)
    assert stays(response["Location"])


@pytest.mark.parametrize("wanted", EVIL)
def test_no_form_leads_to_another_site(wanted: str, mentee: User, as_user):
    client = as_user(mentee)

    for path in (
        reverse("set_language"),
        reverse("people:offer_change", args=[1]),
        reverse("people:profile_edit"),
    ):
        for response in (
            client.post(path, {"language": "en", "meeting": "any", "next": wanted}),
            client.post(f"{path}?next={wanted}", {"language": "en", "meeting": "any"}),
        ):
            if "\0" in response.wsgi_request.GET.get("next", ""):
                assert response.status_code == 400
                continue
            assert response.status_code == 302
            assert stays(response["Location"]), response["Location"]
            assert "evil" not in response["Location"]


def stays(location: str) -> bool:
    return location.startswith("/") and not re.match(r"/[\s/\\]", location)


def test_an_unknown_host_is_refused(mentee: User):
    for host in ("evil.example", "testserver.evil.example", "evil.example:80"):
        response = Client().post(
            reverse("account_reset_password"),
            {"email": mentee.email},
            headers={"host": host},
        )
        assert response.status_code == 400
    assert mail.outbox == []


def test_a_forwarded_host_changes_no_link(mentee: User):
    Client().post(
        reverse("account_reset_password"),
        {"email": mentee.email},
        headers={"x-forwarded-host": "evil.example"},
    )

    assert "evil.example" not in mail.outbox[0].body


# --- links


def test_no_link_signs_in_who_can_do_more_than_take_part(world: World, client: Client):
    """An invitation is good for a month, and lies in a mailbox all that time."""
    program = Participant.objects.get(pk=world.arguments["coordinator_id"]).program
    for role in ("other_coordinator", "hr_admin", "it_admin", "sponsor"):
        token = token_of(f"nonce for {role}")
        Invite.objects.create(
            program=program,
            email=world.people[role].email,
            role=Role.MENTEE,
            token_hash=hashed(token),
            expires_at=timezone.now() + timedelta(days=7),
        )

        client.post(reverse("programs:invite_accept", args=[token]))

        assert not is_in(client), role


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.mark.parametrize(
    "name", ["programs:invite_accept", "feedback:survey_answer", "outbox:unsubscribe"]
)
def test_an_altered_link_does_nothing(name: str, world: World):
    kwargs = arguments_for(name, {**world.arguments, **token_for(name, world)})
    good = kwargs["token"]
    others = [
        token_for("outbox:unsubscribe", world)["token"],
        world.arguments["survey_token"],
        world.arguments["invite_token"],
    ]
    altered = [good[:-1], good[1:], good.swapcase(), f"{good}A", "1:", ":", "a:b:c"]
    altered += [other for other in others if other != good]

    for token in altered:
        client = Client()
        path = reverse(name, kwargs={"token": token})
        assert client.get(path).status_code == 410, token
        assert client.post(path, {"sent": "yes"}).status_code == 410, token
        assert not is_in(client)


def test_an_invitation_signs_in_once(world: World):
    path = reverse("programs:invite_accept", args=[world.arguments["invite_token"]])
    first, second = Client(), Client()

    first.get(path)
    assert not is_in(first)
    first.post(path)
    second.post(path)

    assert is_in(first)
    assert not is_in(second)
    assert second.get(path).status_code == 410


def test_an_invitation_that_expired_signs_nobody_in(world: World):
    path = reverse("programs:invite_accept", args=[world.arguments["invite_token"]])
    client = Client()

    with time_machine.travel(timezone.now() + timedelta(days=8)):
        assert client.get(path).status_code == 410
        assert client.post(path).status_code == 410

    assert not is_in(client)


def test_a_link_of_who_left_does_nothing(world: World):
    survey = reverse("feedback:survey_answer", args=[world.arguments["survey_token"]])
    leave(world.people["mentee"], by=None)

    assert Client().get(survey).status_code == 410


# --- what is only for a trial


def test_nothing_of_a_trial_is_there_in_production(settings, hr_admin: User, as_user):
    settings.DEMO_MODE = False
    User.objects.filter(pk=hr_admin.pk).update(email="hr@waterlinie.example")
    settings.MAILBOX_DIR.mkdir(parents=True, exist_ok=True)
    kept = settings.MAILBOX_DIR / "1-secret.eml"
    kept.write_text("Subject: secret\nTo: a@example.org\n\nsecret")

    for client in (Client(), as_user(hr_admin)):
        for path in (
            reverse("demo_mailbox"),
            reverse("demo_mail", args=["1-secret"]),
            reverse("demo_mail_html", args=["1-secret"]),
            reverse("demo_attachment", args=["1-secret", 0]),
        ):
            assert client.get(path).status_code == 404
    client = Client()
    assert client.post("/demo/sign-in/hr_admin/").status_code == 404
    assert not is_in(client)
    kept.unlink()


@pytest.mark.parametrize(
    "name",
    ["../secret_key", "..%2fsecret_key", "%2e%2e%2fsecret_key", "....//x", "a\0"],
)
def test_the_mailbox_gives_nothing_but_mail(name: str):
    refused = 400 if "\0" in name else 404

    assert Client().get(f"/demo/mailbox/{name}/").status_code == refused
    assert Client().get(f"/demo/mailbox/{name}/html/").status_code == refused


def test_every_form_of_the_access_table_is_known():
    posts = {name for method, name, _codes in lines() if method == "POST"}

    assert posts
    assert not posts & OUTSIDE
