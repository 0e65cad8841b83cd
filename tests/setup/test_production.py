"""docker-compose.yml, Dockerfile, settings and docs/production.md say the same."""

import re
import subprocess
from typing import Any

import pytest
import yaml

from scripts.places import PYTHON, ROOT


def text_of(name: str) -> str:
    return (ROOT / name).read_text()


def found(pattern: str, text: str) -> set[str]:
    return set(re.findall(pattern, text, re.MULTILINE))


COMPOSE = yaml.safe_load(text_of("docker-compose.yml"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = ("migrate", "web", "worker", "beat")
SETTINGS = text_of("csp/settings.py")
DOCKERFILE = text_of("Dockerfile")
READ = found(r'env\.\w+\(\s*"(\w+)"', SETTINGS) | found(r'get\("(\w+)"', text_of("deploy/gunicorn.conf.py"))
REQUIRED = found(r'"(\w+)"', SETTINGS.partition("REQUIRED_IN_PRODUCTION = (")[2].partition(")")[0])
TYPED = {
    "PUBLIC_URL": "https://casework.example",
    "EMAIL_HOST": "mail.example",
    "DEFAULT_FROM_EMAIL": "a@b.c",
}
INTERPOLATED = re.compile(r"\$\{(\w+)(?::([-?])([^}]*))?\}")


def plain(name: str) -> str:
    return name.removesuffix("_FILE")


def filled(value: Any) -> str:
    """What compose makes of `${NAME:-default}` and `${NAME:?message}`."""
    return INTERPOLATED.sub(lambda m: TYPED.get(m[1], m[3] if m[2] == "-" else ""), str(value))


def test_parts_are_those_of_the_design():
    assert set(SERVICES) == {"postgres", "redis", *OURS, "proxy"}
    assert SERVICES["postgres"]["image"] == "postgres:18"


@pytest.mark.parametrize("name", OURS)
def test_every_variable_that_compose_gives_is_read(name):
    assert {plain(variable) for variable in SERVICES[name]["environment"]} <= READ


@pytest.mark.parametrize("name", OURS)
def test_everything_that_production_requires_is_given(name):
    assert {plain(variable) for variable in SERVICES[name]["environment"]} >= REQUIRED


@pytest.mark.parametrize("name", OURS)
def test_settings_load_with_what_compose_gives(name, tmp_path, bare_env):
    env = {key: filled(value) for key, value in SERVICES[name]["environment"].items()}
    for key in [key for key in env if key.endswith("_FILE")]:
        (tmp_path / key).write_text(f"value-of-{key}\n")
        env[key] = str(tmp_path / key)
    show = "from django.conf import settings as s; print(s.SECRET_KEY, s.DATABASES['default']['PASSWORD'])"

    done = subprocess.run(
        [PYTHON, "-c", show],
        cwd=ROOT, env=bare_env | env | {"DJANGO_SETTINGS_MODULE": "csp.settings"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.stdout.split() == ["value-of-SECRET_KEY_FILE", "value-of-DATABASE_PASSWORD_FILE"], done.stderr


def test_secrets_are_files_that_are_named_and_not_tracked():
    used = {secret for service in SERVICES.values() for secret in service.get("secrets", [])}

    assert used == set(COMPOSE["secrets"])
    assert all(secret["file"].startswith("secrets/") for secret in COMPOSE["secrets"].values())
    assert "/secrets/" in text_of(".gitignore").splitlines()


def test_files_of_secrets_are_where_the_variables_say():
    for service in SERVICES.values():
        files = [value for key, value in service.get("environment", {}).items() if key.endswith("_FILE")]
        assert {file.removeprefix("/run/secrets/") for file in files} <= set(service.get("secrets", []))


def test_no_secret_is_written_in_the_files():
    text = text_of("docker-compose.yml")

    assert not re.search(r"(PASSWORD|SECRET_KEY): (?!/run)\S", text)


def test_every_part_that_lives_has_a_health_check_and_starts_again():
    living = {name: service for name, service in SERVICES.items() if name != "migrate"}

    in_image = {"web"}
    assert {name for name, service in living.items() if "healthcheck" not in service} == in_image
    assert "HEALTHCHECK" in DOCKERFILE
    assert {service["restart"] for service in living.values()} == {"unless-stopped"}


def test_migrations_end_before_anything_else_of_ours_starts():
    assert SERVICES["migrate"]["command"] == ["python", "manage.py", "migrate", "--no-input"]
    for name in ("web", "worker", "beat"):
        assert SERVICES[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


def test_only_the_proxy_can_be_reached_from_outside():
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    assert COMPOSE["networks"]["back"] == {"internal": True}
    assert SERVICES["postgres"]["networks"] == SERVICES["redis"]["networks"] == ["back"]


def test_volumes_and_networks_that_are_used_are_named():
    for service in SERVICES.values():
        assert set(service["networks"]) <= set(COMPOSE["networks"])
        sources = {volume.split(":")[0] for volume in service.get("volumes", [])}
        assert {source for source in sources if not source.startswith(".")} <= set(COMPOSE["volumes"])


def test_worker_and_beat_load_the_application_of_the_project():
    for name in ("worker", "beat"):
        assert SERVICES[name]["command"][:2] == ["celery", "--app=csp"]


def test_proxy_tells_the_address_of_the_caller_in_the_header_that_we_trust():
    header = SERVICES["web"]["environment"]["CLIENT_IP_HEADER"]

    assert f"header_up {header} {{remote_host}}" in text_of("deploy/Caddyfile")


def test_image_runs_as_an_ordinary_user_with_hashed_packages():
    last_stage = DOCKERFILE.rpartition("\nFROM ")[2]

    assert DOCKERFILE.count("\nFROM ") == 3
    assert "--require-hashes --requirement requirements.txt" in DOCKERFILE
    assert re.search(r"^USER casework$", last_stage, re.MULTILINE)


def test_image_has_every_package_of_ours():
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "scripts", "bench"}

    assert {name for name in packages if f"COPY {name} {name}\n" not in DOCKERFILE} == set()


def test_what_the_image_copies_reaches_the_builder_and_nothing_else():
    sent = found(r"^!(.*)$", text_of(".dockerignore"))
    copied = found(r"^COPY (?!--)(.*) \S+$", DOCKERFILE)

    assert {name for names in copied for name in names.split()} == sent
    assert all((ROOT / name).exists() for name in sent)


def test_no_registry_is_named():
    images = {service["image"] for service in SERVICES.values()} | found(r"^FROM (\S+)", DOCKERFILE)

    assert all("/" not in image for image in images)


def test_every_variable_is_explained_for_whoever_runs_it():
    text = text_of("docs/production.md")

    assert {name for name in READ if f"`{name}`" not in text} == set()
