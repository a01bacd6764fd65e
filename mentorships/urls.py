from django.urls import include, path

from mentorships.views import (
    course,
    goals,
    growth,
    guides,
    logs,
    oversight,
    pairs,
    papers,
    planning,
    recognition,
    sessions,
    stories,
)

app_name = "mentorships"

# /mentorships/<mentorship_id>/
one_mentorship = [
    path("", pairs.mentorship_detail, name="mentorship_detail"),
    path("actions/add/", pairs.action_add, name="action_add"),
    path("actions/<int:action_id>/toggle/", pairs.action_toggle, name="action_toggle"),
    path("agreement/", course.agreement, name="agreement"),
    path("agreement/sign/", course.agreement_sign, name="agreement_sign"),
    path("course/", course.course, name="course"),
    path("course/rhythm/", course.mentorship_rhythm, name="mentorship_rhythm"),
    path("course/name/", course.mentorship_name, name="mentorship_name"),
    path("course/pause/", course.mentorship_pause, name="mentorship_pause"),
    path("course/resume/", course.mentorship_resume, name="mentorship_resume"),
    path("course/extend/", course.mentorship_extend, name="mentorship_extend"),
    path("fit/", course.fit_check, name="fit_check"),
    path("off/", course.something_off, name="something_off"),
    path("end/", course.mentorship_end, name="mentorship_end"),
    path("leave/", course.mentorship_leave, name="mentorship_leave"),
    path("sessions/plan/", sessions.session_plan, name="session_plan"),
    path("sessions/offer/", planning.session_offer, name="session_offer"),
    path("sessions/log/", logs.session_log_new, name="session_log_new"),
    path("goals/add/", goals.goal_add, name="goal_add"),
    path("goals/review/", goals.goal_review, name="goal_review"),
    path("feedback/", growth.feedback_give, name="feedback_give"),
    path("thanks/", growth.thank_you, name="thank_you"),
    path("journal/", growth.journal, name="journal"),
    path("self-rating/", growth.self_rating, name="self_rating"),
    path("certificate/get/", papers.certificate_get, name="certificate_get"),
    path("certificate/", papers.certificate, name="certificate"),
    path("hours/", papers.hours_statement, name="hours_statement"),
]

# /mentorships/sessions/<session_id>/
one_session = [
    path("", sessions.session_detail, name="session_detail"),
    path("prepare/", sessions.session_prepare, name="session_prepare"),
    path("move/", sessions.session_move, name="session_move"),
    path("cancel/", sessions.session_cancel, name="session_cancel"),
    path("miss/", sessions.session_miss, name="session_miss"),
    path("log/", logs.session_log, name="session_log"),
    path("note/", logs.note_save, name="note_save"),
]

# /mentorships/offers/<offer_id>/
one_offer = [
    path("pick/", planning.offer_pick, name="offer_pick"),
    path("withdraw/", planning.offer_withdraw, name="offer_withdraw"),
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
    path("comment/", goals.goal_comment, name="goal_comment"),
    path("close/", goals.goal_close, name="goal_close"),
]

# /mentorships/stories/<story_id>/
one_story = [
    path("", stories.story_edit, name="story_edit"),
    path("withdraw/", stories.story_withdraw, name="story_withdraw"),
    path("remove/", stories.story_remove, name="story_remove"),
    path("show/", stories.story_show, name="story_show"),
    path("return/", stories.story_return, name="story_return"),
]

# /mentorships/of/<program_slug>/
of_program = [
    path("", oversight.program_mentorships, name="program_mentorships"),
    path("<int:mentorship_id>/met/", oversight.session_vouch, name="session_vouch"),
    path("stories/", recognition.recognition, name="recognition"),
    path("stories/write/", stories.story_write, name="story_write"),
]

urlpatterns = [
    path("", pairs.mentorship_list, name="mentorship_list"),
    path("<int:mentorship_id>/", include(one_mentorship)),
    path("sessions/<int:session_id>/", include(one_session)),
    path("offers/<int:offer_id>/", include(one_offer)),
    path("goals/<int:goal_id>/", include(one_goal)),
    path("thanks/<int:thanks_id>/show/", growth.thanks_show, name="thanks_show"),
    path(
        "journal/<int:reflection_id>/share/",
        growth.reflection_share,
        name="reflection_share",
    ),
    path(
        "journal/<int:reflection_id>/remove/",
        growth.reflection_remove,
        name="reflection_remove",
    ),
    path("guides/", guides.guide_list, name="guide_list"),
    path("guides/<slug:guide_key>/", guides.guide_detail, name="guide_detail"),
    path("calendar/", planning.calendar, name="calendar"),
    path("calendar/renew/", planning.calendar_renew, name="calendar_renew"),
    path("calendar/stop/", planning.calendar_stop, name="calendar_stop"),
    # What works without signing in, by a link that is hard to guess.
    path("log/<str:token>/", logs.session_tap, name="session_tap"),
    path(
        "calendar/<str:token>/wegwijs.ics",
        planning.calendar_feed,
        name="calendar_feed",
    ),
    path(
        "certificates/<slug:code>/",
        papers.certificate_check,
        name="certificate_check",
    ),
    path("stories/<int:story_id>/", include(one_story)),
    path("year/", recognition.year, name="year"),
    path("of/<slug:program_slug>/", include(of_program)),
]
