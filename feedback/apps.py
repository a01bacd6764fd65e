from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "feedback"

    def ready(self) -> None:
        """Make the messages of this app known, what it copies, and what goes when
        somebody is erased.
        """
        import feedback.clearing
        import feedback.copying
        import feedback.erasing
        import feedback.measures
        import feedback.notifications
        import feedback.visibility  # noqa: F401
        from feedback.models.reports import reads_reports
        from feedback.needs import care
        from programs.needs import KNOWN
        from programs.second_step import ALSO

        KNOWN.append(care)
        ALSO.append(reads_reports)
