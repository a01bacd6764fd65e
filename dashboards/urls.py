from django.urls import include, path

from dashboards import health, program_views, timeline, views

app_name = "dashboards"

# /programs/<program_slug>/messages/
messages_of_a_program = [
    path("", timeline.timeline, name="timeline"),
    path("dry-run/", timeline.timeline_dry_run, name="timeline_dry_run"),
    path("settle/", timeline.timeline_settle, name="timeline_settle"),
    path("of/<slug:kind>/", timeline.timeline_kind, name="timeline_kind"),
    path("of/<slug:kind>/switch/", timeline.timeline_switch, name="timeline_switch"),
    path("of/<slug:kind>/preview/", timeline.timeline_preview, name="timeline_preview"),
]

urlpatterns = [
    path("", views.home, name="home"),
    path("programs/<slug:program_slug>/messages/", include(messages_of_a_program)),
    path("counted/<slug:what>/", views.counted, name="counted"),
    path("health/", health.health, name="health"),
    path("healthz", health.healthz, name="healthz"),
    path("metrics", health.metrics, name="metrics"),
    path("overview/", program_views.overview, name="overview"),
    path(
        "overview/<slug:program_slug>/",
        program_views.program_dashboard,
        name="program_dashboard",
    ),
    path(
        "overview/<slug:program_slug>/outcomes/",
        program_views.outcomes,
        name="outcomes",
    ),
    path("overview/<slug:program_slug>/access/", program_views.access, name="access"),
    path(
        "overview/<slug:program_slug>/totals/",
        program_views.sponsor_program,
        name="sponsor_program",
    ),
]
