from celery import shared_task


@shared_task(name="agencies.send_invitation")
def send_invitation(*, user_id: int, **_future: object) -> None:
    from csp.agencies import notifications  # noqa: PLC0415 -- task
    from csp.agencies.models import User  # noqa: PLC0415 -- task

    user = User.objects.get(pk=user_id)
    if user.is_invited:  # else accepted, or disabled, before we ran
        notifications.invitation(user)


@shared_task(name="agencies.tell_role_added")
def tell_role_added(*, membership_id: int, **_future: object) -> None:
    from csp.agencies import notifications  # noqa: PLC0415 -- task
    from csp.agencies.models import Membership  # noqa: PLC0415 -- task

    notifications.role_added(
        Membership.objects.select_related("user", "partner__partnership").get(pk=membership_id)
    )


@shared_task(name="agencies.send_password_reset")
def send_password_reset(*, user_id: int, **_future: object) -> None:
    from csp.agencies import notifications  # noqa: PLC0415 -- task
    from csp.agencies.models import User  # noqa: PLC0415 -- task

    notifications.password_reset(User.objects.get(pk=user_id, is_active=True))


@shared_task(name="agencies.tell_sign_in_changed")
def tell_sign_in_changed(*, user_id: int, what: str, **_future: object) -> None:
    from csp.agencies import notifications  # noqa: PLC0415 -- task
    from csp.agencies.models import User  # noqa: PLC0415 -- task

    notifications.sign_in_changed(User.objects.get(pk=user_id), what)


@shared_task(name="agencies.end_lapsed_shares")
def end_lapsed_shares(**_future: object) -> None:
    """Every quarter of an hour, from CELERY_BEAT_SCHEDULE. Safe to run twice: a share ends once."""
    from django.utils import timezone  # noqa: PLC0415 -- task

    from csp.agencies import access  # noqa: PLC0415 -- task
    from csp.agencies.services import sharing  # noqa: PLC0415 -- task

    for model in access.share_models():
        sharing.end_lapsed_shares(model=model, at=timezone.now())


@shared_task(name="agencies.sync_groups")
def sync_groups(**_future: object) -> None:
    """Every night: memberships and partners that begin or end by date."""
    from csp.agencies.services import memberships  # noqa: PLC0415 -- task

    memberships.sync_all_groups()
