from django.apps import AppConfig


class MentorshipsConfig(AppConfig):
    name = "mentorships"

    def ready(self) -> None:
        """Make the messages, measures and circles of this app known."""
        import mentorships.measures
        import mentorships.notifications
        import mentorships.reminders
        import mentorships.visibility  # noqa: F401
