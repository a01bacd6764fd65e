from django.apps import AppConfig


class MentorshipsConfig(AppConfig):
    name = "mentorships"

    def ready(self) -> None:
        """Make the messages, measures and circles of this app known, what goes when
        somebody is erased or a programme is cleared, and what of it is shown to who
        looks along.
        """
        import mentorships.clearing
        import mentorships.erasing
        import mentorships.exporting
        import mentorships.measures
        import mentorships.notifications
        import mentorships.reminders
        import mentorships.visibility  # noqa: F401
        from mentorships.ties import MENTORSHIPS, ever_matched
        from mentorships.views.viewing import mentorships_seen
        from programs.models.participants import EVER_MATCHED
        from programs.ties import KNOWN
        from programs.viewing import INSTEAD

        EVER_MATCHED.append(ever_matched)
        KNOWN.append(MENTORSHIPS)
        INSTEAD["mentorships:mentorship_list"] = mentorships_seen
        INSTEAD["mentorships:mentorship_detail"] = mentorships_seen
