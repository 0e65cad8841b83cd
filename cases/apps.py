from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "cases"

    def ready(self) -> None:
        # Imported here because they need the models, which are loaded by now.
        from cases import measures, navigation, rules  # noqa: F401, PLC0415 -- rules declares the permissions
        from cases.forms.power_rules import POWER_BOOK  # noqa: PLC0415
        from cases.forms.records import RETENTION_BOOK  # noqa: PLC0415
        from cases.forms.rules import BOOKS  # noqa: PLC0415
        from cases.models import Case, CaseShare, KeptCount, Report  # noqa: PLC0415
        from cases.services import case_access, case_sharing  # noqa: PLC0415
        from cases.services.categories import install_default_categories  # noqa: PLC0415
        from cases.services.power_rules import install_power_rules  # noqa: PLC0415
        from cases.services.restricting import GLASS_BROKEN  # noqa: PLC0415
        from cases.services.retention import install_default_schedule  # noqa: PLC0415
        from cases.services.risk_templates import install_illustrative_template  # noqa: PLC0415
        from cases.services.rules import install_case_rules, install_default_rules  # noqa: PLC0415
        from cases.views import measure_rows  # noqa: PLC0415
        from csp.agencies import rulebook  # noqa: PLC0415
        from csp.agencies.access import register_record  # noqa: PLC0415
        from csp.agencies.measures import keep_in  # noqa: PLC0415
        from csp.agencies.services import sharing  # noqa: PLC0415
        from csp.audit.unusual import register_emergency  # noqa: PLC0415
        from csp.core.references import CASE, REPORT  # noqa: PLC0415

        register_record(REPORT, Report)
        register_record(CASE, Case)
        sharing.follow(Case, case_access.follow_case)
        sharing.follow(Report, case_access.follow_report)
        sharing.tell_of(CaseShare, case_sharing.tell_share)
        register_emergency(GLASS_BROKEN)
        measures.join_in()
        keep_in(KeptCount.objects)
        measure_rows.join_in()
        navigation.join_in()
        for book in BOOKS:
            rulebook.register(book)
        rulebook.register(RETENTION_BOOK)
        rulebook.register(POWER_BOOK)
        rulebook.register_starter(install_default_schedule)
        rulebook.register_starter(install_default_rules)
        rulebook.register_starter(install_power_rules)
        rulebook.register_starter(install_default_categories)
        rulebook.register_starter(install_case_rules)
        rulebook.register_starter(install_illustrative_template)
