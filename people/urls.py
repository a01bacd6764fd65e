from django.urls import include, path

from people import views

app_name = "people"

# /people/me/
mine = [
    path("me/", views.profile_edit, name="profile_edit"),
    path(
        "me/topics/<int:topic_id>/offer/add/",
        views.topic_add,
        {"kind": "offer"},
        name="offer_add",
    ),
    path(
        "me/topics/<int:topic_id>/wish/add/",
        views.topic_add,
        {"kind": "wish"},
        name="wish_add",
    ),
    path(
        "me/topics/<int:topic_id>/offer/",
        views.topic_change,
        {"kind": "offer"},
        name="offer_change",
    ),
    path(
        "me/topics/<int:topic_id>/wish/",
        views.topic_change,
        {"kind": "wish"},
        name="wish_change",
    ),
    path("me/topics/", views.topic_search, name="topic_search"),
    path("settings/", views.user_settings, name="settings"),
]

# /people/
everybody = [
    *mine,
    path("", views.person_list, name="person_list"),
    path("new/", views.person_create, name="person_create"),
    path("<int:user_id>/", views.person_detail, name="person_detail"),
    path("<int:user_id>/role/", views.person_role, name="person_role"),
    path("<int:user_id>/leave/", views.person_leave, name="person_leave"),
    path("<int:user_id>/return/", views.person_return, name="person_return"),
    path("import/", views.people_import, name="people_import"),
    path("import/<int:upload_id>/", views.import_preview, name="import_preview"),
]

urlpatterns = [
    path("people/", include(everybody)),
    path("welcome/<str:token>/", views.welcome, name="welcome"),
    path("demo/sign-in/<str:role>/", views.demo_sign_in, name="demo_sign_in"),
]
