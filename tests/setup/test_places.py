import os
import stat
from pathlib import Path

import pytest

from scripts import places
from scripts.console import Problem

ME = os.geteuid()


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


@pytest.fixture
def short(folder, monkeypatch):
    monkeypatch.setattr(places, "SHORT_FOLDERS", (folder,))
    return folder


def test_sockets_are_beside_the_data(folder):
    assert places.socket_dir(folder, ME) == folder / "sockets"
    assert mode(folder / "sockets") == 0o700


@pytest.mark.parametrize("name", ["long" * 20, "one,two", "50%", "a b", "é"])
def test_sockets_are_elsewhere_where_a_socket_or_a_url_cannot_say_the_path(tmp_path, short, name):
    inside = tmp_path / name
    inside.mkdir()

    path = places.socket_dir(inside, ME)

    assert path.parent == short
    assert mode(path) == 0o700
    assert places.socket_dir(inside, ME) == path


def test_two_projects_have_two_folders_for_sockets(tmp_path, short):
    first, second = tmp_path / ("a" * 90), tmp_path / ("b" * 90)

    assert places.socket_dir(first, ME) != places.socket_dir(second, ME)


def test_a_link_that_somebody_put_there_is_refused(folder):
    (folder / "sockets").symlink_to("/etc")

    with pytest.raises(Problem, match="belongs to somebody else"):
        places.private_dir(folder / "sockets", ME)


@pytest.mark.skipif(ME != 0, reason="only root can make a folder for somebody else")
def test_a_folder_of_somebody_else_is_refused(folder):
    path = folder / "sockets"
    path.mkdir()
    os.chown(path, 12345, -1)

    with pytest.raises(Problem, match="belongs to somebody else"):
        places.private_dir(path, ME)


def test_data_dir_is_made_and_what_is_personal_in_it_is_private(folder, monkeypatch):
    monkeypatch.setenv("DATA_DIR", str(folder / "data"))

    path = places.data_dir("test")

    assert path == folder / "data" / "test"
    assert mode(path) == (0o711 if ME == 0 else 0o700)
    assert {mode(path / name) for name in ("attachments", "log", "mail")} == {0o700}


def test_data_dir_that_stood_outside_the_project_keeps_its_mode(folder, monkeypatch):
    folder.chmod(0o750)
    monkeypatch.setenv("DATA_DIR", str(folder))

    places.data_dir()

    assert mode(folder) == 0o750


def test_no_space_is_told_before_anything_is_written(folder):
    with pytest.raises(Problem, match="MB are free on the disk"):
        places.need_space(folder, 10**9)
