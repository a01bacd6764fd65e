from django.apps import AppConfig


class DashboardsConfig(AppConfig):
    name = "dashboards"

    def ready(self) -> None:
        """Make the kinds of messages of this app known."""
        import dashboards.notifications  # noqa: F401
