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
        import feedback.exporting
        import feedback.measures
        import feedback.notifications
        import feedback.visibility  # noqa: F401
        from feedback.actions import heed_call
        from feedback.models.reports import reads_reports
        from feedback.needs import care, care_words, quiet
        from mentorships.actions.course import HEEDING
        from mentorships.views.oversight import CARED_FOR
        from programs.needs import KNOWN
        from programs.second_step import ALSO

        KNOWN.extend([care, quiet])
        HEEDING.append(heed_call)
        CARED_FOR.append(care_words)
        ALSO.append(reads_reports)
