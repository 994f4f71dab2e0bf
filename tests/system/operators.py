"""Operators who take cases and close them while all around is killed, so that keys are freed and used again.

Each command is sent again under its own id until it is answered, as a desk does.
"""

import asyncio
from collections.abc import Sequence
from random import Random
from typing import Any

import httpx

from kit.clock import SystemClock
from tests.system.platforms import OPERATORS, Person, Platform, operator_bearer

clock = SystemClock()
AGAIN = 0.2  # seconds
ROUNDS = 5
DESKS = 2  # of each operator
CLOSING = {"cause": "worry", "measure": "spoke"}


class Operators:
    """Some operators at work over HTTP. `closed` holds the cases whose closing was answered 200."""

    def __init__(self, platform: Platform, people: Sequence[Person], *, pause: float = 0.02, seed: int = 2) -> None:
        self.closed: set[str] = set()
        self.refused = 0
        self._url = f"{platform.url}/api/v1/cases"
        self._people = people
        self._pause = pause
        self._random = Random(seed)
        self._client = httpx.AsyncClient(timeout=6.0)
        self._commands = 0
        self._over = False

    def start(self, group: asyncio.TaskGroup) -> None:
        """Begin to work, in tasks of that group."""
        for person in OPERATORS * DESKS:
            group.create_task(self._work({"Authorization": f"Bearer {operator_bearer(person)}"}))

    def stop(self) -> None:
        """Finish the case in hand and work no more."""
        self._over = True

    async def close(self) -> None:
        """Let the connections go."""
        await self._client.aclose()

    async def _work(self, headers: dict[str, str]) -> None:
        while not self._over:
            await clock.sleep(self._pause)
            resident = self._random.choice(self._people).resident
            query = {"state": "open", "resident": resident, "limit": "1"}
            answer = await self._ask("GET", self._url, headers, params=query)
            assert answer.status_code == 200, answer.text
            if items := answer.json()["items"]:
                await self._handle(items[0]["id"], headers)

    async def _handle(self, case: str, headers: dict[str, str]) -> None:
        if await self._command(case, "take", headers) is not None:
            return
        for _ in range(ROUNDS):
            code = await self._command(case, "close", headers, **CLOSING)
            if code is None:
                self.closed.add(case)
                return
            assert code == "unread_signal", code
            assert await self._command(case, "read", headers) is None
        assert await self._command(case, "release", headers) is None

    async def _command(self, case: str, act: str, headers: dict[str, str], **said: str) -> str | None:
        """Carry it out; the refusal's code, or none when it is done."""
        self._commands += 1
        body = {"command_id": f"command-{self._commands}", **said}
        answer = await self._ask("POST", f"{self._url}/{case}/{act}", headers, json=body)
        if answer.status_code == 200:
            return None
        self.refused += 1
        assert answer.status_code == 409, answer.text
        return str(answer.json()["code"])

    async def _ask(self, method: str, url: str, headers: dict[str, str], **more: Any) -> httpx.Response:
        while True:
            try:
                answer = await self._client.request(method, url, headers=headers, **more)
                if answer.status_code != 503:
                    return answer
            except httpx.TransportError:
                pass
            await clock.sleep(AGAIN)
