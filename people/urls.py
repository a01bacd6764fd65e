from django.urls import include, path

from people.views import (
    background,
    coming_in,
    data,
    directory,
    feed,
    organisation,
    profile,
    topics,
)

app_name = "people"

# /people/me/
mine = [
    path("me/", profile.profile_edit, name="profile_edit"),
    path("me/autosave/", profile.profile_autosave, name="profile_autosave"),
    path(
        "me/topics/<int:topic_id>/offer/add/",
        profile.topic_add,
        {"kind": "offer"},
        name="offer_add",
    ),
    path(
        "me/topics/<int:topic_id>/wish/add/",
        profile.topic_add,
        {"kind": "wish"},
        name="wish_add",
    ),
    path(
        "me/topics/<int:topic_id>/offer/",
        profile.topic_change,
        {"kind": "offer"},
        name="offer_change",
    ),
    path(
        "me/topics/<int:topic_id>/wish/",
        profile.topic_change,
        {"kind": "wish"},
        name="wish_change",
    ),
    path("me/topics/propose/", profile.topic_propose, name="topic_propose"),
    path("me/topics/", profile.topic_search, name="topic_search"),
    path("me/absences/add/", profile.absence_add, name="absence_add"),
    path(
        "me/absences/<int:absence_id>/remove/",
        profile.absence_remove,
        name="absence_remove",
    ),
    path("me/background/", background.background_edit, name="background_edit"),
    path(
        "me/background/remove/", background.background_remove, name="background_remove"
    ),
    path("me/data/", data.data_mine, name="data_mine"),
    path("settings/", profile.user_settings, name="settings"),
]

# /people/
everybody = [
    *mine,
    path("", directory.person_list, name="person_list"),
    path("new/", directory.person_create, name="person_create"),
    path("<int:user_id>/", directory.person_detail, name="person_detail"),
    path("<int:user_id>/role/", directory.person_role, name="person_role"),
    path(
        "<int:user_id>/employment/",
        directory.person_employment,
        name="person_employment",
    ),
    path("<int:user_id>/leave/", directory.person_leave, name="person_leave"),
    path("<int:user_id>/data/", data.person_data, name="person_data"),
    path("<int:user_id>/erase/", directory.person_erase, name="person_erase"),
    path("<int:user_id>/return/", directory.person_return, name="person_return"),
    path("organisation/", organisation.organisation_edit, name="organisation_edit"),
    path("topics/", topics.topic_list, name="topic_list"),
    path("topics/new/", topics.topic_create, name="topic_create"),
    path("topics/<int:topic_id>/", topics.topic_edit, name="topic_edit"),
    path("topics/<int:topic_id>/merge/", topics.topic_merge, name="topic_merge"),
    path("topics/families/", topics.family_list, name="family_list"),
    path("topics/families/<int:family_id>/", topics.family_edit, name="family_edit"),
    path(
        "topics/proposals/<int:missed_id>/",
        topics.proposal_decide,
        name="proposal_decide",
    ),
    path("background/", background.background_list, name="background_list"),
    path("background/new/", background.background_create, name="background_create"),
    path(
        "background/take/<slug:question_key>/",
        background.background_take,
        name="background_take",
    ),
    path(
        "background/<int:background_id>/",
        background.background_question,
        name="background_question",
    ),
    path(
        "background/<int:background_id>/remove/",
        background.background_drop,
        name="background_drop",
    ),
    path("import/", feed.people_import, name="people_import"),
    path("import/settings/", feed.feed_settings, name="feed_settings"),
    path("import/<int:upload_id>/columns/", feed.import_columns, name="import_columns"),
    path("import/<int:upload_id>/", feed.import_preview, name="import_preview"),
]

urlpatterns = [
    path("people/", include(everybody)),
    path("brand/colors.css", organisation.brand_css, name="brand_css"),
    path("brand/logo.png", organisation.brand_logo, name="brand_logo"),
    path("welcome/<str:token>/", coming_in.welcome, name="welcome"),
    path("demo/sign-in/<str:role>/", coming_in.demo_sign_in, name="demo_sign_in"),
]
