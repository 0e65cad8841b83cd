from django.apps import AppConfig


class TaskingConfig(AppConfig):
    name = "tasking"

    def ready(self) -> None:
        # Imported here because they need the models, which are loaded by now.
        from csp.agencies import rulebook  # noqa: PLC0415
        from csp.agencies.access import register_record  # noqa: PLC0415
        from csp.core.references import AGENDA_ITEM, MEETING  # noqa: PLC0415
        from tasking import measures, navigation, rules  # noqa: F401, PLC0415 -- rules declares the permissions
        from tasking.forms.rules import BOOKS  # noqa: PLC0415
        from tasking.models import AgendaItem, Meeting  # noqa: PLC0415
        from tasking.services import erasing  # noqa: PLC0415
        from tasking.services.lists import install_default_lists  # noqa: PLC0415
        from tasking.views import joining  # noqa: PLC0415

        register_record(MEETING, Meeting)
        register_record(AGENDA_ITEM, AgendaItem)
        measures.join_in()
        navigation.join_in()
        joining.join_in()
        erasing.join_in()
        for book in BOOKS:
            rulebook.register(book)
        rulebook.register_starter(install_default_lists)
