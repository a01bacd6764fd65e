"""The second step when signing in: who must, what it takes, and who takes it away."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.conf import settings as configured
from django.contrib.auth import SESSION_KEY
from django.core import mail
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from feedback.models import Confidant, Report
from history.models import Event
from mentoring.sealing import CannotOpen
from outbox.delivery import deliver
from outbox.models import Message
from people.actions import erase_person, leave
from people.models import User
from programs.actions import reset_second_step
from programs.adapter import MFAAdapter
from programs.models import Invite, Participant, Role, hashed, token_of
from tests.cast import KEY, second_step
from tests.test_sign_in import code_in

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
INDEX = reverse("mfa_index")
AsUser = Callable[[User], Client]


@pytest.fixture(autouse=True)
def _nobody_tried_before() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def required(settings):
    settings.MFA_REQUIRED = True


def code_of(secret: str = SECRET) -> str:
    """What the app shows now."""
    counters = list(yield_hotp_counters_from_time())
    return format_hotp_value(hotp_value(secret, counters[len(counters) // 2]))


def by_mail(user: User) -> Client:
    """Somebody who gave the code from their mail."""
    client = Client()
    sent = len(mail.outbox)
    client.post(reverse("account_request_login_code"), {"email": user.email})
    code = code_in(mail.outbox[sent].body)
    client.post(reverse("account_confirm_login_code"), {"code": code})
    return client


def is_in(client: Client) -> bool:
    return SESSION_KEY in client.session


def give(client: Client, code: str):
    return client.post(reverse("mfa_authenticate"), {"code": code})


def unused(user: User) -> list[str]:
    codes = Authenticator.objects.get(user=user, type="recovery_codes")
    return codes.wrap().get_unused_codes()


# --- who must


@pytest.mark.parametrize("role", ["hr_admin", "it_admin", "coordinator"])
def test_who_has_power_is_led_to_set_it_up_from_every_page(
    role: str, request, as_user: AsUser, required
):
    client = as_user(request.getfixturevalue(role))

    for page in ("dashboards:home", "people:profile_edit", "programs:program_list"):
        for answer in (client.get(reverse(page)), client.post(reverse(page))):
            assert (answer.status_code, answer["Location"]) == (302, INDEX)
    assert client.get(INDEX).context["must"]
    assert client.get(reverse("mfa_activate_totp")).status_code == 200
    assert client.post(reverse("set_language"), {"language": "nl"})["Location"] == "/"
    assert client.post(reverse("account_logout")).status_code == 302
    assert not is_in(client)


@pytest.mark.parametrize("role", ["mentor", "mentee", "sponsor", "outsider"])
def test_others_may_have_one_and_need_not(
    role: str, request, as_user: AsUser, required
):
    client = as_user(request.getfixturevalue(role))

    assert client.get(reverse("dashboards:home")).status_code == 200
    assert not client.get(INDEX).context["must"]


def test_nobody_must_where_it_is_not_required(hr_admin: User, as_user: AsUser):
    assert not configured.MFA_REQUIRED
    assert as_user(hr_admin).get(reverse("people:person_list")).status_code == 200


def test_a_role_counts_from_the_moment_that_it_is_given(
    outsider: User, as_user: AsUser, required
):
    client = as_user(outsider)
    assert client.get(reverse("dashboards:home")).status_code == 200

    User.objects.filter(pk=outsider.pk).update(org_role="hr_admin")

    assert client.get(reverse("dashboards:home"))["Location"] == INDEX


def test_who_reads_serious_reports_must(mentor: User, as_user: AsUser, required):
    client = as_user(mentor)
    assert client.get(reverse("dashboards:home")).status_code == 200

    Confidant.objects.create(user=mentor)

    assert client.get(reverse("dashboards:home"))["Location"] == INDEX


def test_who_has_reports_must_when_somebody_else_is_named(
    mentor: User, mentee: User, mentorship, as_user: AsUser, required
):
    report = Report(to=mentor)
    report.write("what happened", by=mentee, mentorship=mentorship)
    report.save()

    assert as_user(mentor).get(reverse("dashboards:home"))["Location"] == INDEX
    assert as_user(mentee).get(reverse("dashboards:home")).status_code == 200


def test_a_wrong_form_of_signing_in_is_422(client: Client, as_user: AsUser, mentee):
    for name in ("account_login", "account_request_login_code"):
        assert client.post(reverse(name), {"login": "nobody"}).status_code == 422
    for name in ("mfa_activate_totp", "mfa_add_webauthn"):
        assert as_user(mentee).post(reverse(name), {"code": "12"}).status_code == 422


def test_a_part_of_a_page_leads_there_too(hr_admin: User, as_user: AsUser, required):
    answer = as_user(hr_admin).get(
        reverse("people:topic_search"), headers={"HX-Request": "true"}
    )

    assert answer["HX-Redirect"] == INDEX


def test_whoever_has_one_goes_on(hr_admin: User, as_user: AsUser, required):
    second_step(hr_admin)

    assert as_user(hr_admin).get(reverse("people:person_list")).status_code == 200


# --- setting it up


def test_an_app_is_set_up_with_its_first_code(
    hr_admin: User, as_user: AsUser, required, django_capture_on_commit_callbacks
):
    client = as_user(hr_admin)
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    assert "<svg" in page.content.decode()
    assert "data:" not in page.content.decode()

    wrong = client.post(reverse("mfa_activate_totp"), {"code": "12"})
    assert wrong.context["form"].errors
    with django_capture_on_commit_callbacks(execute=True):
        right = client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})

    # Whoever just gave a code is not asked for another to see these.
    assert right["Location"] == reverse("mfa_view_recovery_codes")
    shown = client.get(right["Location"]).content.decode()
    codes = unused(hr_admin)
    assert len(codes) == 10
    assert all(code in shown for code in codes)
    file = client.get(reverse("mfa_download_recovery_codes"))
    assert all(code in file.content.decode() for code in codes)
    assert client.get(reverse("dashboards:home")).status_code == 200
    event = Event.objects.get(verb="totp activated")
    assert (event.by, event.about_id) == (hr_admin, hr_admin.pk)
    deliver(Message.objects.get(to=hr_admin, kind="second_step_changed"))
    assert "An authenticator app was added" in mail.outbox[-1].body


def test_secrets_are_sealed(mentee: User):
    second_step(mentee)
    codes = unused(mentee)

    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM mfa_authenticator")
        kept = " ".join(str(row[0]) for row in cursor.fetchall())

    assert SECRET not in kept
    assert not [code for code in codes if code in kept]
    sealed = Authenticator.objects.get(user=mentee, type="totp").data["secret"]
    assert MFAAdapter().decrypt(sealed) == SECRET
    with pytest.raises(CannotOpen):
        MFAAdapter().decrypt(f"AAAA{sealed[4:]}")


# --- signing in


def test_the_code_by_mail_alone_does_not_open_the_door(mentee: User):
    second_step(mentee)

    client = by_mail(mentee)

    assert not is_in(client)
    assert client.get(reverse("dashboards:home")).status_code == 302
    give(client, "000000")
    assert not is_in(client)
    give(client, code_of())
    assert is_in(client)


def test_nor_does_a_password(mentee: User):
    second_step(mentee)
    mentee.set_password("a long enough sentence")
    mentee.save()
    client = Client()

    answer = client.post(
        reverse("account_login"),
        {"login": mentee.email, "password": "a long enough sentence"},
    )

    assert answer["Location"] == reverse("mfa_authenticate")
    assert not is_in(client)


def test_a_code_of_the_app_opens_once(mentee: User):
    second_step(mentee)
    start = timezone.now()
    with time_machine.travel(start, tick=False):
        code = code_of()
        give(by_mail(mentee), code)

    for seconds in (1, 31):
        with time_machine.travel(start + timedelta(seconds=seconds), tick=False):
            again = by_mail(mentee)
            give(again, code)
            assert not is_in(again), seconds


def test_a_recovery_code_opens_once(mentee: User):
    second_step(mentee)
    code = unused(mentee)[3]
    first, second = by_mail(mentee), by_mail(mentee)

    give(first, code)
    cache.clear()
    give(second, code)

    assert is_in(first)
    assert not is_in(second)
    assert len(unused(mentee)) == 9


def test_codes_are_refused_after_five_wrong_ones(mentee: User):
    second_step(mentee)
    client = by_mail(mentee)

    for number in range(5):
        give(client, f"00000{number}")
    answer = give(client, code_of())

    assert not is_in(client)
    assert "Too many" in answer.content.decode()


def test_a_passkey_that_is_not_known_opens_nothing(mentee: User):
    key = second_step(mentee)
    client = Client()
    page = reverse("mfa_login_webauthn")
    asked = client.get(page, headers={"Accept": "application/json"}).json()
    assert asked["request_options"]["publicKey"]["userVerification"] == "required"

    for credential in ("", "x", "{}", "[]", json.dumps(key.data["credential"])):
        answer = client.post(page, {"credential": credential})
        assert answer["Location"] == reverse("account_login"), credential
    assert not is_in(client)
    login = client.get(reverse("account_login")).content.decode()
    assert "This key is not known here." in login


@pytest.mark.parametrize("name", ["mfa_login_webauthn", "mfa_add_webauthn"])
def test_odd_bytes_in_place_of_a_key_break_nothing(
    name: str, mentor: User, as_user: AsUser, settings
):
    settings.MFA_RATE_LIMITS = {"webauthn_login": "1000/m/ip"}
    client = as_user(mentor) if name == "mfa_add_webauthn" else Client()
    page = reverse(name)

    for field in ("clientDataJSON", "attestationObject", "userHandle"):
        for odd in (None, 7, "x", "é", [], "e30", "W10", "bnVsbA"):
            response = {**KEY["response"], "authenticatorData": odd, field: odd}
            client.get(page, headers={"Accept": "application/json"})
            sent = json.dumps({**KEY, "response": response})
            answer = client.post(page, {"credential": sent})
            assert answer.status_code in {302, 422}, (field, odd)
    assert not Authenticator.objects.exists()


def test_a_link_does_not_open_the_account_of_who_wants_a_second_step(mentee: User):
    second_step(mentee)
    program = Participant.objects.get(user=mentee).program
    Invite.objects.create(
        program=program,
        email=mentee.email,
        role=Role.MENTOR,
        token_hash=hashed(token_of("nonce")),
        expires_at=timezone.now() + timedelta(days=7),
    )
    client = Client()

    client.post(reverse("programs:invite_accept", args=[token_of("nonce")]))

    assert not is_in(client)


def test_a_second_step_is_no_way_in_for_a_leaver(mentee: User):
    second_step(mentee)
    client = by_mail(mentee)

    leave(mentee, by=None)
    give(client, code_of())

    assert not is_in(client)
    assert not Authenticator.objects.filter(user=mentee).exists()


# --- changing and taking away


def test_changing_it_asks_to_show_it_again_and_a_password_is_not_enough(
    mentee: User, as_user: AsUser
):
    key = second_step(mentee)
    mentee.set_password("a long enough sentence")
    mentee.save()
    client = as_user(mentee)

    for name, arguments in (
        ("mfa_deactivate_totp", []),
        ("mfa_add_webauthn", []),
        ("mfa_view_recovery_codes", []),
        ("mfa_download_recovery_codes", []),
        ("mfa_generate_recovery_codes", []),
        ("mfa_edit_webauthn", [key.pk]),
        ("mfa_remove_webauthn", [key.pk]),
    ):
        page = reverse(name, args=arguments)
        for answer in (client.get(page), client.post(page)):
            if answer.status_code == 405:
                continue
            assert answer.status_code == 302, name
            assert answer["Location"].startswith(reverse("mfa_reauthenticate_webauthn"))
    client.post(
        reverse("account_reauthenticate"), {"password": "a long enough sentence"}
    )
    assert client.get(reverse("mfa_view_recovery_codes")).status_code == 302
    assert Authenticator.objects.filter(user=mentee).count() == 3


def test_all_of_it_is_taken_away_by_who_shows_it(
    hr_admin: User, as_user: AsUser, required, django_capture_on_commit_callbacks
):
    key = second_step(hr_admin)
    client = as_user(hr_admin)
    client.post(reverse("mfa_reauthenticate"), {"code": code_of()})

    client.post(reverse("mfa_edit_webauthn", args=[key.pk]), {"name": "My phone"})
    assert "My phone" in client.get(INDEX).content.decode()
    before = unused(hr_admin)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("mfa_generate_recovery_codes"))
    assert set(before).isdisjoint(unused(hr_admin))
    client.post(reverse("mfa_remove_webauthn", args=[key.pk]))
    client.post(reverse("mfa_deactivate_totp"))

    # The codes go with the last of them; and the role still asks for one.
    assert not Authenticator.objects.filter(user=hr_admin).exists()
    assert client.get(reverse("dashboards:home"))["Location"] == INDEX
    told = Message.objects.filter(to=hr_admin, kind="second_step_changed")
    assert {each.facts["change"] for each in told} == {
        "recovery_codes_generated",
        "webauthn_removed",
        "totp_deactivated",
    }


def test_nobody_reaches_the_key_of_another(mentee: User, mentor: User, as_user: AsUser):
    key = second_step(mentee)
    client = as_user(mentor)

    for name in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
        page = reverse(name, args=[key.pk])
        assert client.get(page).status_code == 404
        assert client.post(page, {"name": "Mine"}).status_code == 404
    key.refresh_from_db()
    assert key.data["name"] == "Key 1"


# --- lost


def test_an_hr_admin_takes_away_what_somebody_lost(
    mentee: User, hr_admin: User, as_user: AsUser
):
    second_step(mentee)
    theirs, client = as_user(mentee), as_user(hr_admin)
    page = reverse("second_step_reset", args=[mentee.pk])
    person = reverse("people:person_detail", args=[mentee.pk])
    assert page in client.get(person).content.decode()

    assert client.get(page).status_code == 200
    assert Authenticator.objects.filter(user=mentee).exists()
    assert client.post(page)["Location"] == person

    assert not Authenticator.objects.filter(user=mentee).exists()
    assert theirs.get(reverse("dashboards:home")).status_code == 302
    event = Event.objects.get(verb="second step reset")
    assert (event.by, event.about_id) == (hr_admin, mentee.pk)
    deliver(Message.objects.get(to=mentee, kind="second_step_reset"))
    assert hr_admin.name in mail.outbox[-1].body
    assert is_in(by_mail(mentee))
    assert client.get(page).status_code == 404


def test_an_hr_admin_shows_their_own_before_taking_anothers(
    mentee: User, hr_admin: User, as_user: AsUser
):
    second_step(mentee)
    second_step(hr_admin)

    answer = as_user(hr_admin).post(reverse("second_step_reset", args=[mentee.pk]))

    assert answer["Location"].startswith(reverse("mfa_reauthenticate_webauthn"))
    assert Authenticator.objects.filter(user=mentee).exists()


@pytest.mark.parametrize("role", ["it_admin", "coordinator", "mentor", "sponsor"])
def test_nobody_else_takes_it_away(role: str, request, mentee: User, as_user: AsUser):
    second_step(mentee)
    client = as_user(request.getfixturevalue(role))

    answer = client.post(reverse("second_step_reset", args=[mentee.pk]))

    assert answer.status_code == 404
    assert Authenticator.objects.filter(user=mentee).exists()


def test_nobody_takes_away_their_own_this_way(hr_admin: User, as_user: AsUser):
    second_step(hr_admin)

    answer = as_user(hr_admin).post(reverse("second_step_reset", args=[hr_admin.pk]))

    assert answer.status_code == 404
    with pytest.raises(Exception, match="in your settings"):
        reset_second_step(hr_admin, by=hr_admin)


def test_the_server_has_a_command_for_the_only_hr_admin(hr_admin: User, capsys):
    second_step(hr_admin)

    call_command("reset_second_step", hr_admin.email.upper())

    assert not Authenticator.objects.filter(user=hr_admin).exists()
    assert Event.objects.get(verb="second step reset").by is None
    with translation.override("nl"):
        deliver(Message.objects.get(to=hr_admin, kind="second_step_reset"))
    assert "who keeps the server" in mail.outbox[-1].body
    for wrong in (hr_admin.email, "nobody@example.org"):
        with pytest.raises(CommandError):
            call_command("reset_second_step", wrong)


def test_nothing_of_it_stays_of_who_is_erased(mentee: User, hr_admin: User):
    second_step(mentee)

    erase_person(mentee, by=hr_admin)

    assert not Authenticator.objects.exists()


# --- told


def test_the_page_about_health_says_whether_it_is_required(
    hr_admin: User, it_admin: User, as_user: AsUser, settings
):
    second_step(it_admin)
    client = as_user(it_admin)

    assert "not required" in client.get(reverse("dashboards:health")).content.decode()
    settings.MFA_REQUIRED = True
    page = " ".join(client.get(reverse("dashboards:health")).content.decode().split())

    assert "not required" not in page
    assert re.search(r"1 of 2\b", page)


def test_colleagues_do_not_see_whether_somebody_has_one(
    mentee: User, mentor: User, hr_admin: User, as_user: AsUser
):
    person = reverse("people:person_detail", args=[mentee.pk])

    assert "no second step" in as_user(hr_admin).get(person).content.decode()
    assert "second step" not in as_user(mentor).get(person).content.decode()
