"""Pictures and sound between aiortc's clients through a relay on loopback."""

import pytest

from media.relay import Limits
from tests.integration.media.nat import nat
from tests.integration.media.whip import Client, publish, relaying, subscribe
from tests.patience import until


@pytest.fixture(autouse=True)
def loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """aioice offers no loopback address by itself; a machine without a network has no other."""
    monkeypatch.setattr("aioice.ice.get_host_addresses", lambda use_ipv4, use_ipv6: ["127.0.0.1"])


async def more_pictures(client: Client, pictures: int = 30) -> int:
    """How many more pictures have come, different ones and with sound, once they are more than that."""
    seen, before = client.seen, client.seen.pictures
    await until(lambda: seen.pictures > before + pictures and len(seen.different) > 10 and seen.loudest > 3000)
    return seen.pictures - before


async def test_two_participants_see_and_hear_each_other() -> None:
    async with relaying() as place:
        await publish(place, "anna")
        await publish(place, "bo")
        watching = [await subscribe(place, "anna", "bo"), await subscribe(place, "bo", "anna")]
        for client in watching:
            assert await more_pictures(client) > 30
        for client in place.clients:
            await client.close()
        await until(lambda: not place.relay.legs)
        assert not {"srtp_refused", "rtp_unasked", "late", "unprotected", "unsent"} & place.relay.tally.dropped.keys()


async def test_who_subscribes_first_sees_who_publishes_later_and_again() -> None:
    async with relaying() as place:
        watching = await subscribe(place, "bo", "anna")
        first = await publish(place, "anna")
        assert await more_pictures(watching, 10) > 10
        await first.close()
        await publish(place, "anna")
        assert await more_pictures(watching, 10) > 10


async def test_the_picture_goes_on_when_everybody_gets_a_new_address() -> None:
    async with nat() as router, relaying(announce=f"127.0.0.1:{router.port}") as place:
        router.target = ("127.0.0.1", place.running.port)
        sending, watching = await publish(place, "anna"), await subscribe(place, "bo", "anna")
        assert f"127.0.0.1 {router.port} typ host" in sending.answer.text
        assert await more_pictures(watching, 10) > 10
        before = [leg.address for leg in place.relay.legs]
        router.forget()
        assert await more_pictures(watching, 10) > 10
        assert not set(before) & {leg.address for leg in place.relay.legs}


async def test_a_client_that_is_gone_without_a_word_is_forgotten() -> None:
    async with relaying(Limits(idle=1.0)) as place:
        sending = await publish(place, "anna")
        await until(lambda: any(leg.up for leg in place.relay.legs))
        for transport in {sender.transport for sender in sending.connection.getSenders()}:
            await transport.transport.stop()  # the network is gone beneath DTLS
        await until(lambda: not place.relay.legs, patience=5.0)
        assert not place.relay.legs
