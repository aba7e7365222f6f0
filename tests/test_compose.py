"""docker-compose.yml and the Dockerfile, read: no daemon is needed to see what is missing. What they start is tried, by
hand, in test_production.py."""

import re

import pytest
import yaml
from django.conf import settings

ROOT = settings.BASE_DIR
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
SERVICES = COMPOSE["services"]
OURS = {"web", "worker", "beat", "migrate"}


def folders(service):
    """{folder: volume} that a service writes to and finds again."""
    return {folder: volume for volume, _, folder in (each.partition(":") for each in service["volumes"])}


def test_every_process_of_production_is_a_service():
    assert set(SERVICES) == {*OURS, "postgres", "redis"}


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_has_no_more_rights_than_it_needs(name):
    service = SERVICES[name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["user"] == {"postgres": "postgres", "redis": "redis"}.get(name, "logement")
    assert service["logging"]["options"]["max-size"]


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_that_falls_is_seen_and_started_again(name):
    service = SERVICES[name]

    if name == "migrate":  # it ends, by its nature; the others wait for it
        assert service["restart"] == "no"
    else:
        assert service["restart"] == "unless-stopped"
        assert service["healthcheck"]["test"][0] in {"CMD", "CMD-SHELL"}


def test_what_must_be_found_again_is_in_a_volume():
    kept = {name: folders(service) for name, service in SERVICES.items()}

    files = {"/data/files": "files"}
    assert kept == {
        **dict.fromkeys(OURS, files),
        "worker": files | {"/data/backups": "backups"},
        "postgres": {"/var/lib/postgresql/data": "postgres"},
        "redis": {"/data": "redis"},
    }
    assert {volume for held in kept.values() for volume in held.values()} == set(COMPOSE["volumes"])
    assert "--appendonly yes" in SERVICES["redis"]["command"]


def test_the_image_makes_the_folders_of_its_volumes_for_the_user_that_writes_there():
    made = re.search(r"install --directory --owner logement (.+)", DOCKERFILE)[1].split()

    assert {folder for name in OURS for folder in folders(SERVICES[name])} <= set(made)
    assert "USER logement" in DOCKERFILE


def test_processes_start_after_the_migrations_and_nothing_is_open_to_the_network():
    for name in OURS - {"migrate"}:
        assert SERVICES[name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"
    assert {name: service["ports"] for name, service in SERVICES.items() if "ports" in service} == {
        "web": ["127.0.0.1:8000:8000"]
    }


def test_every_variable_that_compose_asks_is_explained():
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    example = (ROOT / ".env.example").read_text(encoding="utf-8")

    asked = set(re.findall(r"(?<!\$)\$\{(\w+)", text))

    assert asked == {"POSTGRES_PASSWORD", "SITE_URL"}
    assert {name for name in asked if not re.search(rf"^{name}=", example, re.MULTILINE)} == set()


def test_every_variable_that_the_settings_read_is_explained_and_no_other():
    code = (ROOT / "logement/settings.py").read_text(encoding="utf-8")
    read = set(re.findall(r"""(?:environ\.get|flag|words)\(\s*"([A-Z][A-Z0-9_]+)\"""", code))
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    explained = set(re.findall(r"^#?([A-Z][A-Z0-9_]+)=", example, re.MULTILINE))

    assert (
        read | {"DATABASE_URL", "POSTGRES_PASSWORD"} == explained
    )  # read by dj_database_url, and by compose
