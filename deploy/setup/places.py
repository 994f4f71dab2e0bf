"""Where the set-up reads and writes. Everything it makes lies in `.venv`, `build` and the pages' own folders."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ROOT / "requirements"
VENV = ROOT / ".venv"
LOGS = ROOT / "build" / "setup"
WEB = ROOT / "clients" / "web"
