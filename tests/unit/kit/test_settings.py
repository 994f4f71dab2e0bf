"""What can be set from outside."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from kit.settings import Settings


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """No setting of this machine, and a folder without a `.env`."""
    for name in Settings.model_fields:
        monkeypatch.delenv(f"NATTLJUS_{name.upper()}", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_without_settings_the_database_is_a_file_in_the_data_folder() -> None:
    assert Settings().store_url() == "sqlite+aiosqlite:///var/nattljus.db"


def test_the_environment_sets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NATTLJUS_DATA", "/srv/nattljus")
    assert Settings().store_url() == "sqlite+aiosqlite:////srv/nattljus/nattljus.db"
    monkeypatch.setenv("NATTLJUS_DATABASE_URL", "postgresql+asyncpg://db/nattljus")
    assert Settings().store_url() == "postgresql+asyncpg://db/nattljus"


def test_a_file_sets_and_the_environment_goes_before_it(alone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (alone / ".env").write_text("NATTLJUS_LOG_LEVEL=debug\nNATTLJUS_CALL_NUMBER=tel:+4631000\nOTHER=1\n")
    monkeypatch.setenv("NATTLJUS_LOG_LEVEL", "error")
    settings = Settings()
    assert (settings.log_level, settings.call_number) == ("error", "tel:+4631000")


def test_a_number_that_cannot_be_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NATTLJUS_DATABASE_CONNECTIONS", "1")
    with pytest.raises(ValidationError, match="database_connections"):
        Settings()


def test_keys_do_not_show_when_settings_are_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NATTLJUS_SECRET_KEYS", "k" * 32)
    settings = Settings()
    assert "kkk" not in f"{settings!r} {settings} {settings.model_dump_json()}"
    assert settings.secret_keys.get_secret_value() == "k" * 32


def test_every_setting_says_what_it_is_for() -> None:
    assert all(field.description for field in Settings.model_fields.values())
