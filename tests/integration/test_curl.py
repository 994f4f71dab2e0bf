"""curl, a stranger to this project, follows the recipes that the READMEs give."""

import asyncio
import json
import os
import re
from pathlib import Path

from sqlalchemy import select

from alarms import tables
from alarms.receivers import http, vendors
from tests.integration.running import Running
from tests.servers import program

ROOT = Path(__file__).parents[2]


def recipe(readme, title):
    """The first shell block below that heading of a README."""
    text = readme.read_text(encoding="utf-8")
    found = re.search(rf"^## {title}\n.*?```bash\n(.*?)```", text, re.MULTILINE | re.DOTALL)
    assert found is not None
    return found[1]


def beside(package):
    """A package's README."""
    return Path(package.__file__).parent / "README.md"


async def run(script, **environment):
    """What a shell says that runs it from the root of the project, line by line."""
    program("curl", "curl")
    process = await asyncio.create_subprocess_exec(
        "bash",
        "-euo",
        "pipefail",
        "-c",
        script,
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    said, complaint = await process.communicate()
    assert process.returncode == 0, complaint.decode()
    return said.decode().splitlines()


async def test_curl_presses_and_a_fall_beside_a_malformed_neighbour_is_stored(platform: Running):
    token = await platform.token("demo-resident-1")
    said = await run(recipe(beside(http), "With curl"), URL=platform.url, TOKEN=token)
    first, again, partly = (json.loads(line) for line in said[0::2])
    assert said[1::2] == ["202", "202", "422"]
    assert first == again
    assert partly["cases"] == first["cases"]
    assert (partly["code"], partly["accepted"]) == ("events_refused", 1)
    assert [(error["index"], error["detail"]) for error in partly["errors"]] == [
        (0, {"time": "datetime_from_date_parsing"})
    ]


async def test_curl_and_openssl_sign_what_a_vendor_tells(platform: Running):
    program("openssl", "openssl")
    token = await platform.token("demo-administrator")
    said = await run(recipe(beside(vendors), "With curl and openssl"), URL=platform.url, TOKEN=token)
    assert said[1::2] == ["202", "401"]
    assert json.loads(said[0]) == {"accepted": 1, "passed": 0, "refused": 0}
    async with platform.platform.store.read() as connection:
        [case] = (await connection.execute(select(tables.case))).mappings()
    assert case["open_key"].startswith("unknown:webhook:integration-")
