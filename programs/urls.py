from django.urls import include, path

from programs.views import (
    applications,
    eligibility,
    goals,
    guidelines,
    participants,
    participation,
    programs,
    questions,
    setup,
    training,
    viewing,
)

app_name = "programs"

# /programs/<program_slug>/
one_program = [
    path("", programs.program_detail, name="program_detail"),
    path("edit/", programs.program_edit, name="program_edit"),
    path("move/<slug:action>/", programs.program_move, name="program_move"),
    path("setup/", setup.program_setup, name="program_setup"),
    path("setup/<slug:step>/", setup.setup_step, name="setup_step"),
    path("setup/<slug:step>/done/", setup.setup_done, name="setup_done"),
    path("preview/", setup.program_preview, name="program_preview"),
    path("who-sees-what/", setup.visibility, name="visibility"),
    path("who-may-join/", eligibility.eligibility_edit, name="eligibility_edit"),
    path("who-may-join/<slug:role>/", eligibility.eligible_list, name="eligible_list"),
    path("questions/", questions.question_list, name="question_list"),
    path("questions/add/", questions.question_add, name="question_add"),
    path("questions/<int:question_id>/", questions.question_edit, name="question_edit"),
    path(
        "questions/<int:question_id>/move/",
        questions.question_move,
        name="question_move",
    ),
    path(
        "questions/<int:question_id>/remove/",
        questions.question_remove,
        name="question_remove",
    ),
    path("training/", training.module_list, name="module_list"),
    path("training/add/", training.module_add, name="module_add"),
    path("training/<int:module_id>/edit/", training.module_edit, name="module_edit"),
    path("training/<int:module_id>/move/", training.module_move, name="module_move"),
    path(
        "training/<int:module_id>/remove/",
        training.module_remove,
        name="module_remove",
    ),
    path("library/", training.library, name="library"),
    path("library/<int:module_id>/", training.module_detail, name="module_detail"),
    path("library/<int:module_id>/file/", training.module_file, name="module_file"),
    path("library/<int:module_id>/done/", training.module_done, name="module_done"),
    path("applications/", applications.application_list, name="application_list"),
    path(
        "applications/decide/",
        applications.application_decide,
        name="application_decide",
    ),
    path(
        "applications/withdraw/",
        applications.application_withdraw,
        name="application_withdraw",
    ),
    path("goals/", goals.program_goals, name="program_goals"),
    path("goals/<int:goal_id>/", goals.goal_detail, name="goal_detail"),
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
    path(
        "me/manager/", participation.participation_manager, name="participation_manager"
    ),
    path("me/pause/", participation.participation_pause, name="participation_pause"),
    path("me/resume/", participation.participation_resume, name="participation_resume"),
    path("me/leave/", participation.participation_leave, name="participation_leave"),
    path("participants/", participants.participant_list, name="participant_list"),
    path("participants/stop/", viewing.viewing_stop, name="viewing_stop"),
    path(
        "participants/<int:participant_id>/look/",
        viewing.viewing_start,
        name="viewing_start",
    ),
    path(
        "participants/<int:participant_id>/return/",
        participants.participant_return,
        name="participant_return",
    ),
    path("participants/invite/", participants.invite_create, name="invite_create"),
    path(
        "participants/invite/<int:invite_id>/withdraw/",
        participants.invite_withdraw,
        name="invite_withdraw",
    ),
    path("coordinators/", setup.coordinator_list, name="coordinator_list"),
    path("coordinators/add/", setup.coordinator_add, name="coordinator_add"),
    path(
        "coordinators/<int:participant_id>/remove/",
        setup.coordinator_remove,
        name="coordinator_remove",
    ),
]

urlpatterns = [
    path("", programs.program_list, name="program_list"),
    path("new/", setup.template_list, name="template_list"),
    path("new/<slug:template_key>/", setup.program_create, name="program_create"),
    path("copy/<slug:program_slug>/", setup.program_copy, name="program_copy"),
    path("for-managers/", participants.manager_guide, name="manager_guide"),
    path("invitation/<str:token>/", participants.invite_accept, name="invite_accept"),
    path("<slug:program_slug>/", include(one_program)),
]
