from django.urls import path

from outbox import views

app_name = "outbox"

urlpatterns = [
    path("preferences/", views.preferences, name="preferences"),
    path("unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
    path("failed/", views.message_list, name="message_list"),
    path("failed/settle/", views.message_settle, name="message_settle"),
]
