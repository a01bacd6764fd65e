from django.urls import include, path

from programs import views

app_name = "programs"

# /programs/<program_slug>/
one_program = [
    path("", views.program_detail, name="program_detail"),
    path("edit/", views.program_edit, name="program_edit"),
    path("move/<slug:action>/", views.program_move, name="program_move"),
    path("goals/", views.program_goals, name="program_goals"),
    path("goals/<int:goal_id>/remove/", views.goal_remove, name="goal_remove"),
    path("guidelines/", views.guideline_list, name="guideline_list"),
    path("guidelines/<slug:role>/", views.guideline_edit, name="guideline_edit"),
    path(
        "guidelines/<slug:role>/read/", views.guideline_detail, name="guideline_detail"
    ),
    path("join/<slug:role>/", views.program_join, name="program_join"),
    path("me/", views.participation, name="participation"),
    path("me/complete/", views.participation_complete, name="participation_complete"),
    path("me/capacity/", views.participation_capacity, name="participation_capacity"),
    path("me/leave/", views.participation_leave, name="participation_leave"),
    path("participants/", views.participant_list, name="participant_list"),
    path("participants/invite/", views.invite_create, name="invite_create"),
    path(
        "participants/invite/<int:invite_id>/withdraw/",
        views.invite_withdraw,
        name="invite_withdraw",
    ),
    path("coordinators/add/", views.coordinator_add, name="coordinator_add"),
    path(
        "coordinators/<int:participant_id>/remove/",
        views.coordinator_remove,
        name="coordinator_remove",
    ),
]

urlpatterns = [
    path("", views.program_list, name="program_list"),
    path("new/", views.template_list, name="template_list"),
    path("new/<slug:template_key>/", views.program_create, name="program_create"),
    path("invitation/<str:token>/", views.invite_accept, name="invite_accept"),
    path("<slug:program_slug>/", include(one_program)),
]
