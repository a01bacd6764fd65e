from django.urls import include, path

from mentorships.views import goals, guides, oversight, pairs, sessions

app_name = "mentorships"

# /mentorships/<mentorship_id>/
one_mentorship = [
    path("", pairs.mentorship_detail, name="mentorship_detail"),
    path("end/", pairs.mentorship_end, name="mentorship_end"),
    path("rhythm/", pairs.mentorship_rhythm, name="mentorship_rhythm"),
    path("actions/add/", pairs.action_add, name="action_add"),
    path("actions/<int:action_id>/toggle/", pairs.action_toggle, name="action_toggle"),
    path("sessions/plan/", sessions.session_plan, name="session_plan"),
    path("sessions/log/", sessions.session_log_new, name="session_log_new"),
    path("goals/add/", goals.goal_add, name="goal_add"),
    path("goals/review/", goals.goal_review, name="goal_review"),
]

# /mentorships/sessions/<session_id>/
one_session = [
    path("", sessions.session_detail, name="session_detail"),
    path("move/", sessions.session_move, name="session_move"),
    path("cancel/", sessions.session_cancel, name="session_cancel"),
    path("miss/", sessions.session_miss, name="session_miss"),
    path("log/", sessions.session_log, name="session_log"),
]

# /mentorships/goals/<goal_id>/
one_goal = [
    path("", goals.goal_detail, name="goal_detail"),
    path("edit/", goals.goal_edit, name="goal_edit"),
    path("progress/", goals.goal_progress, name="goal_progress"),
    path("milestones/add/", goals.milestone_add, name="milestone_add"),
    path(
        "milestones/<int:milestone_id>/toggle/",
        goals.milestone_toggle,
        name="milestone_toggle",
    ),
    path("close/", goals.goal_close, name="goal_close"),
]

urlpatterns = [
    path("", pairs.mentorship_list, name="mentorship_list"),
    path("<int:mentorship_id>/", include(one_mentorship)),
    path("sessions/<int:session_id>/", include(one_session)),
    path("goals/<int:goal_id>/", include(one_goal)),
    path("guides/", guides.guide_list, name="guide_list"),
    path("guides/<slug:guide_key>/", guides.guide_detail, name="guide_detail"),
    path(
        "of/<slug:program_slug>/",
        oversight.program_mentorships,
        name="program_mentorships",
    ),
]
