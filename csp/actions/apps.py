from django.apps import AppConfig


class ActionsConfig(AppConfig):
    name = "csp.actions"

    def ready(self) -> None:
        # Imported here because they need the models, which are loaded by now.
        from csp.actions import measures, navigation, rules  # noqa: F401, PLC0415
        from csp.actions.models import Action  # noqa: PLC0415
        from csp.actions.views import measure_rows  # noqa: PLC0415
        from csp.agencies.access import register_record  # noqa: PLC0415
        from csp.core.references import ACTION  # noqa: PLC0415

        measures.join_in()
        measure_rows.join_in()
        navigation.join_in()
        register_record(ACTION, Action)
