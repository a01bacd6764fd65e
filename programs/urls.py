from django.urls import include, path

from programs.views import goals, guidelines, participants, participation, programs

app_name = "programs"

# /programs/<program_slug>/
one_program = [
    path("", programs.program_detail, name="program_detail"),
    path("edit/", programs.program_edit, name="program_edit"),
    path("move/<slug:action>/", programs.program_move, name="program_move"),
    path("goals/", goals.program_goals, name="program_goals"),
    path("goals/<int:goal_id>/remove/", goals.goal_remove, name="goal_remove"),
    path("guidelines/", guidelines.guideline_list, name="guideline_list"),
    path("guidelines/<slug:role>/", guidelines.guideline_edit, name="guideline_edit"),
    path(
        "guidelines/<slug:role>/read/",
        guidelines.guideline_detail,
        name="guideline_detail",
    ),
    path("join/<slug:role>/", participation.program_join, name="program_join"),
    path("me/", participation.participation, name="participation"),
    path(
        "me/complete/",
        participation.participation_complete,
        name="participation_complete",
    ),
    path(
        "me/capacity/",
        participation.participation_capacity,
        name="participation_capacity",
    ),
    path("me/leave/", participation.participation_leave, name="participation_leave"),
    path("participants/", participants.participant_list, name="participant_list"),
    path("participants/invite/", participants.invite_create, name="invite_create"),
    path(
        "participants/invite/<int:invite_id>/withdraw/",
        participants.invite_withdraw,
        name="invite_withdraw",
    ),
    path("coordinators/add/", programs.coordinator_add, name="coordinator_add"),
    path(
        "coordinators/<int:participant_id>/remove/",
        programs.coordinator_remove,
        name="coordinator_remove",
    ),
]

urlpatterns = [
    path("", programs.program_list, name="program_list"),
    path("new/", programs.template_list, name="template_list"),
    path("new/<slug:template_key>/", programs.program_create, name="program_create"),
    path("invitation/<str:token>/", participants.invite_accept, name="invite_accept"),
    path("<slug:program_slug>/", include(one_program)),
]
