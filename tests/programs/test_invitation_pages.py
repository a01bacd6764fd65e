"""Asking people, and the link that they get."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from people.models import User
from programs import actions
from programs.models import Invite, Participant, Program, token_of
from tests import factories
from tests.programs.pages import text, url
from tests.test_sign_in import code_in


def test_invite_create_reads_addresses_as_they_are_pasted(
    as_user, coordinator, program
):
    pasted = "Ann Other <ann@example.org>; bob@example.org,\n carl@example.org d@e.org"

    page = text(
        as_user(coordinator).post(
            url("invite_create", program.slug),
            {"emails": pasted, "role": "mentor"},
            follow=True,
        )
    )

    assert "4 people get an invitation" in page
    assert Invite.objects.filter(role="mentor").count() == 4


@pytest.mark.parametrize("emails", ["no address", "", " , ;", "a@example.org x@"])
def test_invite_create_says_which_address_is_wrong(
    as_user, coordinator, program, emails
):
    response = as_user(coordinator).post(
        url("invite_create", program.slug), {"emails": emails, "role": "mentee"}
    )

    assert response.status_code == 422
    assert not Invite.objects.exists()


def test_invite_create_has_a_limit(as_user, coordinator, program):
    emails = "\n".join(f"p{number}@example.org" for number in range(501))

    response = as_user(coordinator).post(
        url("invite_create", program.slug), {"emails": emails, "role": "mentee"}
    )

    assert response.status_code == 422


def test_invite_create_says_who_was_left_in_peace(
    as_user, coordinator, program, mentee
):
    response = as_user(coordinator).post(
        url("invite_create", program.slug),
        {"emails": mentee.email, "role": "mentee"},
        follow=True,
    )

    assert mentee.email in text(response)
    assert "Left in peace" in text(response)


def test_draft_invites_nobody(as_user, hr_admin):
    draft = factories.ProgramFactory()

    response = as_user(hr_admin).post(
        url("invite_create", draft.slug), {"emails": "a@example.org", "role": "mentee"}
    )

    assert response.status_code == 422


@pytest.fixture
def invited(program, coordinator):
    """An address and the path of its link."""

    def ask(email, role="mentee"):
        actions.invite(program, [email], role, by=coordinator)
        from outbox.models import Message

        nonce = Message.objects.filter(kind="invitation").last().facts["nonce"]
        return url("invite_accept", token_of(nonce))

    return ask


def test_opening_the_link_changes_nothing(invited, program):
    client = Client()

    response = client.get(invited("new@example.org"))

    assert response.status_code == 200
    assert "You are invited to" in text(response)
    assert Invite.objects.get().used_at is None
    assert "_auth_user_id" not in client.session


def test_pressing_the_button_signs_in_and_leads_to_the_yes(invited, program):
    client = Client()
    path = invited("new@example.org", "mentor")

    response = client.post(path)

    assert response.url == url("program_join", program.slug, "mentor")
    assert client.get(response.url).status_code == 200
    client.post(response.url, {"capacity": 1, "accepted": "on", "version": 1})
    assert Participant.objects.get(user__email="new@example.org").role == "mentor"


@pytest.fixture
def used(mentee, hr_admin, outsider):
    """Somebody whose account is in use, and in which way."""

    def be(how):
        if how == "came in before":
            User.objects.filter(pk=outsider.pk).update(last_login=timezone.now())
        elif how == "has a password":
            outsider.set_password("a long enough sentence")
            outsider.save()
        elif how == "took part before":
            factories.ParticipantFactory(user=outsider, left_at=timezone.now())
        elif how == "is an admin":
            return hr_admin
        return outsider

    return be


@pytest.mark.parametrize(
    "how", ["came in before", "has a password", "took part before", "is an admin"]
)
def test_link_opens_no_account_that_is_in_use(invited, used, how):
    somebody, client = used(how), Client()
    path = invited(somebody.email)

    response = client.post(path)

    assert response.url == f"{reverse('account_login')}?next={path}"
    assert "_auth_user_id" not in client.session
    assert Invite.objects.get().used_at is None


def test_whoever_was_here_before_signs_in_as_always_and_goes_on(
    invited, used, program, mailoutbox
):
    somebody, client = used("came in before"), Client()
    path = invited(somebody.email)

    page = client.get(client.post(path).url)
    by_mail = f"{reverse('account_request_login_code')}?next={path}"
    assert by_mail in text(page)
    assert page.context["form"]["login"].value() == somebody.email
    form = client.get(by_mail).context["form"]
    asked = client.post(by_mail, {"email": form["email"].value(), "next": path})
    code = code_in(mailoutbox[-1].body)
    signed_in = client.post(asked.url, {"code": code, "next": path})

    assert signed_in.url == path
    on = client.post(path)
    assert on.url == url("program_join", program.slug, "mentee")
    assert client.get(on.url).status_code == 200


def test_link_of_who_was_here_before_ends_the_session_of_somebody_else(
    invited, used, as_user, coordinator
):
    path, client = invited(used("came in before").email), as_user(coordinator)

    client.post(path)

    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("leads_on_to", ["/none/", "/programs/", "http://[", ""])
def test_the_page_for_signing_in_names_nobody_without_an_invitation(leads_on_to):
    page = Client().get(reverse("account_login"), {"next": leads_on_to})

    assert page.status_code == 200
    assert not page.context["form"]["login"].value()


def test_link_works_once_and_then_says_what_to_do(invited):
    path = invited("new@example.org")
    Client().post(path)

    for response in (Client().get(path), Client().post(path)):
        assert response.status_code == 410
        assert "Sign in" in text(response)


def test_own_link_leads_back_while_one_is_signed_in(invited, program):
    path, client = invited("new@example.org"), Client()
    client.post(path)

    assert client.get(path).url == url("program_join", program.slug, "mentee")


@pytest.mark.parametrize("change", ["expire", "alter", "close", "withdraw"])
def test_link_that_does_not_hold_is_gone(
    invited, program, coordinator, as_user, change
):
    path = invited("new@example.org")
    if change == "expire":
        Invite.objects.update(expires_at=timezone.now())
    elif change == "alter":
        path = path[:-3] + "xx/"
    elif change == "close":
        Program.objects.update(state="closing")
    else:
        as_user(coordinator).post(
            url("invite_withdraw", program.slug, Invite.objects.get().pk)
        )
    client = Client()

    assert client.get(path).status_code == 410
    assert client.post(path).status_code == 410
    assert "_auth_user_id" not in client.session


def test_link_of_somebody_else_says_who_one_goes_on_as(invited, as_user, mentee):
    path, client = invited("new@example.org"), as_user(mentee)

    assert "You go on as new@example.org" in text(client.get(path))
    client.post(path)

    assert client.session["_auth_user_id"] != str(mentee.pk)


def test_invitation_of_another_program_cannot_be_withdrawn(
    as_user, coordinator, program, invited, open_program, hr_admin
):
    actions.invite(open_program, ["x@example.org"], "mentee", by=hr_admin)

    response = as_user(coordinator).post(
        url("invite_withdraw", program.slug, Invite.objects.get().pk)
    )

    assert response.status_code == 404
