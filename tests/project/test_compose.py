"""docker-compose.yml, parsed: the services, their health checks, and no secret with a default."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docker-compose.yml").read_text()
ONE_SHOT = "migrate"
OURS = {"migrate", "web", "worker", "worker-generate", "beat"}
SECRETS = {"SECRET_KEY", "POSTGRES_PASSWORD", "REDIS_PASSWORD"}


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    return yaml.safe_load(TEXT)["services"]


def queue_of(service: dict[str, Any]) -> str:
    command = service["command"]
    return command[command.index("-Q") + 1]


def test_compose_has_every_process_once(services: dict[str, Any]) -> None:
    assert set(services) == OURS | {"postgres", "redis"}


def test_long_running_services_have_a_health_check(services: dict[str, Any]) -> None:
    with_check = {name for name, service in services.items() if "healthcheck" in service}
    assert with_check == set(services) - {ONE_SHOT}


def test_health_checks_name_interval_timeout_and_retries(services: dict[str, Any]) -> None:
    for service in (each for name, each in services.items() if name != ONE_SHOT):
        assert service["healthcheck"].keys() >= {"test", "interval", "timeout", "retries"}


def test_migrate_runs_once_and_before_the_others(services: dict[str, Any]) -> None:
    assert services[ONE_SHOT]["restart"] == "no"
    for name in OURS - {ONE_SHOT}:
        waits_for = services[name]["depends_on"]
        assert waits_for[ONE_SHOT] == {"condition": "service_completed_successfully"}


def test_generation_has_a_queue_and_an_image_of_its_own(services: dict[str, Any]) -> None:
    assert queue_of(services["worker"]) == "default"
    assert queue_of(services["worker-generate"]) == "generate"
    assert services["worker-generate"]["build"]["args"] == {"LOCAL": "1"}
    assert services["worker"]["image"] != services["worker-generate"]["image"]


def test_secrets_come_from_the_environment_without_default() -> None:
    used = re.findall(r"\$\{(\w+)(:\?|[^}]*)", TEXT)
    secrets = {(name, operator) for name, operator in used if name in SECRETS}
    assert secrets == {(name, ":?") for name in SECRETS}


def test_values_written_into_compose_are_no_secrets(services: dict[str, Any]) -> None:
    for service in services.values():
        for name, value in service.get("environment", {}).items():
            if value is not None and re.search("KEY|PASSWORD|AUTH|TOKEN|URL$", name):
                assert "${" in value, name


def test_only_the_web_server_is_published_and_on_loopback(services: dict[str, Any]) -> None:
    ports = {name: service["ports"] for name, service in services.items() if "ports" in service}
    assert ports == {"web": ["127.0.0.1:${PORT:-8000}:8000"]}


def test_redis_keeps_what_it_is_given(services: dict[str, Any]) -> None:
    command = " ".join(services["redis"]["command"])
    assert "--appendonly yes" in command
    assert "--maxmemory-policy noeviction" in command


def test_our_containers_have_no_privileges(services: dict[str, Any]) -> None:
    for name in OURS:
        assert services[name]["cap_drop"] == ["ALL"], name
        assert services[name]["security_opt"] == ["no-new-privileges:true"], name


def test_image_runs_as_an_ordinary_user() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    assert [line for line in lines if line.startswith("USER")] == ["USER annotate"]


def test_example_environment_names_every_variable_and_fills_no_secret() -> None:
    example = (ROOT / ".env.example").read_text()
    filled = dict(re.findall(r"^#?([A-Z_]+)=(.*)$", example, re.MULTILINE))
    required = set(re.findall(r"\$\{(\w+)", TEXT))
    assert required - filled.keys() == set()
    assert {name: filled[name] for name in SECRETS} == dict.fromkeys(SECRETS, "")
