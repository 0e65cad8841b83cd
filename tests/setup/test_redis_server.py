from collections.abc import Iterator
from contextlib import contextmanager

from redis import Redis as Client

from scripts import redis_server


@contextmanager
def started(folder, *, durable: bool) -> Iterator[Client]:
    (folder / "log").mkdir(exist_ok=True)
    server = redis_server.locate(folder)
    part = redis_server.start(server, durable=durable)
    client = Client.from_url(server.url())
    try:
        yield client
    finally:
        client.close()
        part.stop()


def test_work_that_waits_survives_a_restart(folder):
    with started(folder, durable=True) as client:
        client.set("work", "waits")

    with started(folder, durable=True) as client:
        assert client.get("work") == b"waits"


def test_listens_on_a_socket_only(folder):
    with started(folder, durable=False) as client:
        assert client.config_get("port") == {"port": "0"}
