import datetime as dt

import pytest
from django.utils import timezone

from tests.tasking.scene_agenda import Scene


@pytest.fixture
def scene(db):
    scene = Scene()
    scene.meeting = scene.another(timezone.now() + dt.timedelta(days=9))
    return scene


@pytest.fixture
def officer(scene, client):
    client.force_login(scene.officer)
    return scene.officer
