"""The site map: the only module that imports every app."""

from allauth.account import views as account
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.generic import TemplateView

from outbox.mailbox_views import demo_mail, demo_mail_html, demo_mailbox
from people.views.profile import set_language

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

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("dashboards.urls")),
    path("accounts/", include(accounts)),
    path("", include("people.urls")),
    path("language/", set_language, name="set_language"),
    path("programs/", include("programs.urls")),
    path("mentorships/", include("mentorships.urls")),
    path("matching/", include("matching.urls")),
    path("surveys/", include("feedback.urls")),
    path("messages/", include("outbox.urls")),
    path("demo/mailbox/", demo_mailbox, name="demo_mailbox"),
    path("demo/mailbox/<slug:name>/", demo_mail, name="demo_mail"),
    path("demo/mailbox/<slug:name>/html/", demo_mail_html, name="demo_mail_html"),
]

if settings.DEBUG:
    urlpatterns += [
        path(
            "styleguide/",
            login_not_required(TemplateView.as_view(template_name="styleguide.html")),
            name="styleguide",
        )
    ]
