"""The secret keys: from the settings, or, for the demonstration alone, from a file in the data folder."""

import os
import secrets
from pathlib import Path

from kit.settings import Settings

SHORTEST = 32  # characters


def load_keys(settings: Settings, *, demo: bool) -> list[str]:
    """The keys that sign tokens and seal the access log, newest first.

    With `demo` and no keys set, those of the data folder, made when they are not there. Raises ValueError with a
    sentence to show when there are none or one is too short, OSError when the data folder cannot be used.
    """
    keys = settings.secret_keys.get_secret_value().split()
    if keys:
        if any(len(key) < SHORTEST for key in keys):
            raise ValueError(
                f"A key in NATTLJUS_SECRET_KEYS is too short. Use at least {SHORTEST} characters for each."
            )
        return keys
    if not demo:
        raise ValueError(
            "No secret keys are set. Set NATTLJUS_SECRET_KEYS, for example to the output of: openssl rand -hex 32"
        )
    return _demo_keys(settings.data)


def found_keys(settings: Settings) -> list[str]:
    """The keys for a command beside a running platform: those set, or those of a demonstration in the data folder.

    Makes none. Raises ValueError with a sentence to show.
    """
    return load_keys(settings, demo=_file(settings.data).exists())


def _file(data: Path) -> Path:
    return data / "demo-keys"


def _demo_keys(data: Path) -> list[str]:
    file = _file(data)
    data.mkdir(parents=True, exist_ok=True)
    if not file.exists():
        # Written whole under another name, then linked: of two that start at once, both read what the first made.
        draft = file.with_name(f"demo-keys.{os.getpid()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as output:
            output.write(secrets.token_hex(32) + "\n")
            output.flush()
            os.fsync(output.fileno())
        try:
            os.link(draft, file)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    keys = file.read_text().split()
    if not keys or any(len(key) < SHORTEST for key in keys):
        raise ValueError(f"{file} holds no usable key. Delete it; a new one is made at the next start.")
    return keys
