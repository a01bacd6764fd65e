from django.urls import path

from matching import views

app_name = "matching"

urlpatterns = [
    path("of/<slug:program_slug>/", views.round_list, name="round_list"),
    path("of/<slug:program_slug>/criteria/", views.criteria_edit, name="criteria_edit"),
    path("<int:round_id>/", views.round_detail, name="round_detail"),
    path("<int:round_id>/approve/", views.approve_all, name="approve_all"),
    path("<int:round_id>/publish/", views.round_publish, name="round_publish"),
    path("proposals/<int:proposal_id>/", views.proposal_decide, name="proposal_decide"),
]
