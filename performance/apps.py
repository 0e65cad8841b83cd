from django.apps import AppConfig


class PerformanceConfig(AppConfig):
    name = "performance"

    def ready(self) -> None:
        # Imported here because they need the models, which are loaded by now.
        from performance import navigation, rules  # noqa: F401, PLC0415 -- rules declares the permissions

        navigation.join_in()
