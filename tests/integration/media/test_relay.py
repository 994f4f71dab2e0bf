"""Pictures and sound between aiortc's clients through a relay on loopback."""

import pytest

from tests.integration.media.whip import publish, relaying, subscribe, until


@pytest.fixture(autouse=True)
def loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """aioice offers no loopback address by itself; a machine without a network has no other."""
    monkeypatch.setattr("aioice.ice.get_host_addresses", lambda use_ipv4, use_ipv6: ["127.0.0.1"])


async def test_two_participants_see_and_hear_each_other() -> None:
    async with relaying() as place:
        clients = [await publish(place, "anna"), await publish(place, "bo")]
        watching = [await subscribe(place, "anna", "bo"), await subscribe(place, "bo", "anna")]
        for client in watching:
            seen = client.seen
            await until(lambda seen=seen: seen.pictures > 30 and len(seen.different) > 10 and seen.loudest > 3000)
        for client in clients + watching:
            await client.close()
        await until(lambda: not place.relay.legs)
        print(place.relay.tally.dropped)
