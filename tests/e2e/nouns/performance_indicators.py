from csp.agencies.models import User
from performance.models import Indicator, PoliceUpload

READ = ("indicators", "indicator", "police")
KEPT = ("indicator_new", "indicator_edit", "indicator_value_new", "indicator_restate", "indicator_upload")
OF_INDICATOR = ("indicator", "indicator_edit", "indicator_value_new", "indicator_upload")
WHO = {
    **{f"performance:{name}": "lead" for name in READ},
    **{f"performance:{name}": "officer" for name in KEPT},
    "performance:police_upload": "officer",
    "performance:police_upload_detail": "officer",
}
NO_PAGE = {"performance:indicator_download", "performance:police_download", "performance:police_rejected"}


def indicator() -> Indicator:
    found: Indicator = Indicator.objects.filter(values__restates__isnull=False).earliest("pk")
    return found


def value() -> int:
    standing = indicator().values.filter(restated_by=None).latest("first_on")
    return int(standing.pk)


def upload() -> PoliceUpload:
    """The demo has none: whoever looks sends one."""
    officer = User.objects.get(email="officer@demo.example")
    found, _ = PoliceUpload.objects.get_or_create(
        partnership=indicator().partnership,
        name="2026-08-demo-street.csv",
        defaults={
            "by": officer,
            "at": officer.date_joined,
            "counts": COUNTS,
            "finished_at": officer.date_joined,
        },
    )
    return found


COUNTS = {
    "force": "Demo Police", "month": "2026-08", "outcome": "loaded", "read": 200, "kept": 184,
    "elsewhere": 12, "without_place": 4, "rejected": 0,
}  # fmt: skip
ARGUMENTS = {
    **{f"performance:{name}": (lambda: indicator().pk,) for name in OF_INDICATOR},
    "performance:indicator_restate": (lambda: indicator().pk, value),
    "performance:police_upload_detail": (lambda: upload().pk,),
}
