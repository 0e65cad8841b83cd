from django.apps import AppConfig


class AgenciesConfig(AppConfig):
    name = "csp.agencies"

    def ready(self) -> None:
        # Imported here because they need the models, which are loaded by now.
        from allauth.mfa import signals  # noqa: PLC0415
        from django.contrib.auth.signals import user_logged_in  # noqa: PLC0415
        from django.db.models.signals import post_save  # noqa: PLC0415

        from csp.agencies import adapters, middleware, rulebook, rules  # noqa: F401, PLC0415
        from csp.agencies.forms.terms import TERMS  # noqa: PLC0415
        from csp.agencies.views import home  # noqa: PLC0415

        user_logged_in.connect(middleware.start_session)
        post_save.connect(adapters.second_step_added, sender="mfa.Authenticator")
        signals.authenticator_removed.connect(adapters.second_step_removed)
        signals.authentication_failed.connect(adapters.second_step_refused)
        rulebook.register(TERMS)
        home.join_in()
