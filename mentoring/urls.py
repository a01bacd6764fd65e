"""The site map: the only module that imports every app."""

from allauth.account import views as account
from allauth.mfa.base import views as second_step
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as keys
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, include, path, re_path, reverse_lazy
from django.views.generic import TemplateView

from mentoring.http import wrong_is_422
from outbox.mailbox_views import (
    demo_attachment,
    demo_mail,
    demo_mail_html,
    demo_mailbox,
)
from people.views.profile import set_language
from programs.views.second_step import (
    AppActivateView,
    KeyAddView,
    mfa_index,
    second_step_reset,
)

# Of allauth's pages those that we offer: an e-mail address comes from HR.
accounts = [
    path("login/", account.login, name="account_login"),
    path("login/code/", account.request_login_code, name="account_request_login_code"),
    path(
        "login/code/confirm/",
        account.confirm_login_code,
        name="account_confirm_login_code",
    ),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("signup/", account.signup, name="account_signup"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/set/", account.password_set, name="account_set_password"),
    path("password/reset/", account.password_reset, name="account_reset_password"),
    path(
        "password/reset/done/",
        account.password_reset_done,
        name="account_reset_password_done",
    ),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
]

# The same of the second step; one's keys are all on one page, where one goes back to.
of_a_key = {"pk_url_kwarg": "key_id", "success_url": reverse_lazy("mfa_index")}
accounts += [
    path("second-step/", mfa_index, name="mfa_index"),
    path("second-step/give/", second_step.authenticate, name="mfa_authenticate"),
    path("second-step/again/", second_step.reauthenticate, name="mfa_reauthenticate"),
    path(
        "second-step/again/key/",
        keys.reauthenticate_webauthn,
        name="mfa_reauthenticate_webauthn",
    ),
    path("second-step/app/", AppActivateView.as_view(), name="mfa_activate_totp"),
    path("second-step/app/remove/", app.deactivate_totp, name="mfa_deactivate_totp"),
    path("second-step/keys/add/", KeyAddView.as_view(), name="mfa_add_webauthn"),
    path(
        "second-step/keys/<int:key_id>/",
        keys.EditWebAuthnView.as_view(**of_a_key),
        name="mfa_edit_webauthn",
    ),
    path(
        "second-step/keys/<int:key_id>/remove/",
        keys.RemoveWebAuthnView.as_view(**of_a_key),
        name="mfa_remove_webauthn",
    ),
    path(
        "second-step/codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"
    ),
    path(
        "second-step/codes/new/",
        codes.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path(
        "second-step/codes/file/",
        codes.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
    path(
        "login/passkey/",
        login_not_required(keys.login_webauthn),
        name="mfa_login_webauthn",
    ),
]

for each in accounts:
    each.callback = wrong_is_422(each.callback)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("dashboards.urls")),
    path("accounts/", include(accounts)),
    path("", include("people.urls")),
    path(
        "people/<int:user_id>/second-step/reset/",
        second_step_reset,
        name="second_step_reset",
    ),
    path("language/", set_language, name="set_language"),
    path("programs/", include("programs.urls")),
    path("mentorships/", include("mentorships.urls")),
    path("matching/", include("matching.urls")),
    path("surveys/", include("feedback.urls")),
    path("messages/", include("outbox.urls")),
    path("demo/mailbox/", demo_mailbox, name="demo_mailbox"),
    path("demo/mailbox/<slug:name>/", demo_mail, name="demo_mail"),
    path("demo/mailbox/<slug:name>/html/", demo_mail_html, name="demo_mail_html"),
    path(
        "demo/mailbox/<slug:name>/with/<int:number>/",
        demo_attachment,
        name="demo_attachment",
    ),
]

if settings.DEBUG:
    urlpatterns += [
        path(
            "styleguide/",
            login_not_required(TemplateView.as_view(template_name="styleguide.html")),
            name="styleguide",
        )
    ]
