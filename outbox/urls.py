from django.urls import path

from outbox import views

app_name = "outbox"

urlpatterns = [
    path("preferences/", views.preferences, name="preferences"),
    path("unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
    path("failed/", views.message_list, name="message_list"),
    path("failed/<int:message_id>/again/", views.message_resend, name="message_resend"),
]
