from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "feedback"

    def ready(self) -> None:
        """Make the kinds of messages of this app known."""
        import feedback.measures
        import feedback.notifications  # noqa: F401
