"""`python -m media [--child]`: the relay alone. It says in one line of JSON where it is."""

import argparse
import sys

import uvloop

from kit.log import configure
from kit.settings import Settings
from media.process import Running, run


def main() -> int:
    """Run; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m media", description="The relay of Nattljus.")
    parser.add_argument("--child", action="store_true", help="end when standard input ends")
    child: bool = parser.parse_args().child
    settings = Settings()
    configure(level=settings.log_level)
    keys = settings.secret_keys.get_secret_value().split()
    if not keys:
        print("Set NATTLJUS_SECRET_KEYS: the keys that leg tokens are signed with.", file=sys.stderr)  # noqa: T201
        return 1
    try:
        uvloop.run(run(settings, keys, child=child, tell=_tell))
    except (OSError, ValueError) as error:
        print(f"The relay cannot start: {error}", file=sys.stderr)  # noqa: T201
        return 1
    return 0


def _tell(place: Running) -> None:
    print(place.line(), flush=True)  # noqa: T201


sys.exit(main())
