from django.urls import path

from dashboards import program_views, views

app_name = "dashboards"

urlpatterns = [
    path("", views.home, name="home"),
    path("overview/", program_views.overview, name="overview"),
    path(
        "overview/<slug:program_slug>/",
        program_views.program_dashboard,
        name="program_dashboard",
    ),
    path(
        "overview/<slug:program_slug>/totals/",
        program_views.sponsor_program,
        name="sponsor_program",
    ),
    path("health/", views.health, name="health"),
    path("healthz", views.healthz, name="healthz"),
]
