"""A picture of every page that each demo user reaches, in screenshots/: `python3 -m scripts.screenshots`."""

import shutil
import socket

from scripts import places, run, setup
from scripts.console import Problem, run_main, say
from scripts.places import PYTHON, ROOT
from scripts.processes import call


def main() -> None:
    setup.ensure(browser=True)
    browser = setup.find_browser()
    if browser is None:
        raise Problem("pictures need Chromium. Type: sudo apt-get install chromium")
    folder = ROOT / "screenshots"
    shutil.rmtree(folder, ignore_errors=True)
    port = free_port()
    with run.product(places.data_dir("screenshots"), port):
        if call([PYTHON, "-m", "scripts.shoot", f"http://{run.HOST}:{port}", folder, browser], cwd=ROOT):
            raise Problem("not every page could be pictured. Its own words are above.")
    say(f"{len(list(folder.rglob('*.png')))} pictures are in {folder.name}/")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((run.HOST, 0))
        number: int = probe.getsockname()[1]
        return number


if __name__ == "__main__":
    run_main(main)
