from django.urls import path

from feedback import views

app_name = "feedback"

urlpatterns = [
    path("of/<slug:program_slug>/", views.survey_list, name="survey_list"),
    path("of/<slug:program_slug>/send/", views.survey_send, name="survey_send"),
    path("waves/<int:wave_id>/", views.wave_detail, name="wave_detail"),
    path("a/<str:token>/", views.survey_answer, name="survey_answer"),
]
