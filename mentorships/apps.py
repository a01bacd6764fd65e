from django.apps import AppConfig


class MentorshipsConfig(AppConfig):
    name = "mentorships"

    def ready(self) -> None:
        """Make the kinds of messages of this app known."""
        import mentorships.measures
        import mentorships.notifications
        import mentorships.reminders  # noqa: F401
