from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "cases"

    def ready(self) -> None:
        from cases import rules  # noqa: F401, PLC0415 -- declares the permissions once models are loaded
