from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "csp.core"
    label = "core"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from csp.core import checks  # noqa: F401, PLC0415 -- registers checks once models are loaded
