from django.urls import path

from feedback.views import answering, care, reports, results, surveys

app_name = "feedback"

urlpatterns = [
    # /surveys/of/<program_slug>/
    path("of/<slug:program_slug>/", surveys.survey_list, name="survey_list"),
    path("of/<slug:program_slug>/new/", surveys.survey_create, name="survey_create"),
    path(
        "of/<slug:program_slug>/take/<slug:template_key>/",
        surveys.survey_take,
        name="survey_take",
    ),
    # /surveys/<survey_id>/
    path("<int:survey_id>/", surveys.survey_detail, name="survey_detail"),
    path("<int:survey_id>/edit/", surveys.survey_edit, name="survey_edit"),
    path("<int:survey_id>/preview/", surveys.survey_preview, name="survey_preview"),
    path("<int:survey_id>/retire/", surveys.survey_retire, name="survey_retire"),
    path("<int:survey_id>/send/", surveys.survey_send, name="survey_send"),
    path("<int:survey_id>/add/", surveys.question_add, name="question_add"),
    path("<int:survey_id>/order/", surveys.question_order, name="question_order"),
    # /surveys/questions/<question_id>/
    path("questions/<int:question_id>/", surveys.question_edit, name="question_edit"),
    path(
        "questions/<int:question_id>/move/",
        surveys.question_move,
        name="question_move",
    ),
    path(
        "questions/<int:question_id>/remove/",
        surveys.question_remove,
        name="question_remove",
    ),
    # /surveys/waves/<wave_id>/
    path("waves/<int:wave_id>/", results.wave_detail, name="wave_detail"),
    path("waves/<int:wave_id>/close/", results.wave_close, name="wave_close"),
    path(
        "waves/<int:wave_id>/remarks/<int:question_id>/",
        results.wave_remarks,
        name="wave_remarks",
    ),
    path(
        "waves/<int:wave_id>/export/<slug:form>/",
        results.wave_export,
        name="wave_export",
    ),
    # /surveys/care/<care_item_id>/
    path("care/", care.care_queue, name="care_queue"),
    path("care/of/<slug:program_slug>/", care.care_settings, name="care_settings"),
    path("care/<int:care_item_id>/", care.care_detail, name="care_detail"),
    path("care/<int:care_item_id>/take/", care.care_take, name="care_take"),
    path("care/<int:care_item_id>/let-go/", care.care_let_go, name="care_let_go"),
    path("care/pair/<int:mentorship_id>/", care.care_of, name="care_of"),
    path("care/<int:care_item_id>/snooze/", care.care_snooze, name="care_snooze"),
    path("care/<int:care_item_id>/close/", care.care_close, name="care_close"),
    path(
        "care/<int:care_item_id>/write/<int:user_id>/",
        care.care_write,
        name="care_write",
    ),
    # /surveys/reports/
    path(
        "reports/of/<int:mentorship_id>/", reports.report_create, name="report_create"
    ),
    path("reports/", reports.report_list, name="report_list"),
    path("reports/mine/", reports.report_mine, name="report_mine"),
    path("reports/read-by/", reports.confidant_list, name="confidant_list"),
    path(
        "reports/read-by/<int:confidant_id>/remove/",
        reports.confidant_remove,
        name="confidant_remove",
    ),
    path(
        "reports/hand-over/<int:user_id>/",
        reports.report_hand_over,
        name="report_hand_over",
    ),
    path("reports/<int:report_id>/", reports.report_detail, name="report_detail"),
    path("reports/<int:report_id>/add/", reports.report_add, name="report_add"),
    path("reports/<int:report_id>/begin/", reports.report_begin, name="report_begin"),
    path("reports/<int:report_id>/close/", reports.report_close, name="report_close"),
    # A link of one's own
    path("a/<str:token>/", answering.survey_answer, name="survey_answer"),
    path("a/<str:token>/keep/", answering.answer_keep, name="answer_keep"),
]
