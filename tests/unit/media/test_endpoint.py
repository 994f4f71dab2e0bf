"""Where the relay listens and what it announces."""

import pytest

from media.endpoint import listening, reached


def test_one_address_and_port_is_listened_on() -> None:
    assert listening("udp:127.0.0.1:0") == ("127.0.0.1", 0)
    assert listening("udp:[2001:db8::1]:40000") == ("2001:db8::1", 40000)


@pytest.mark.parametrize("text", ["", "tcp:127.0.0.1:0", "udp:127.0.0.1", "udp:localhost:1", "udp:127.0.0.1:99999"])
def test_what_cannot_be_listened_on_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match="NATTLJUS_MEDIA_LISTEN"):
        listening(text)


def test_browsers_are_told_where_it_listens_or_what_is_announced() -> None:
    assert reached("", "127.0.0.1", 40000) == [("127.0.0.1", 40000)]
    announced = "198.51.100.7 198.51.100.8:443 2001:db8::1 [2001:db8::2]:443"
    assert reached(announced, "0.0.0.0", 40000) == [
        ("198.51.100.7", 40000),
        ("198.51.100.8", 443),
        ("2001:db8::1", 40000),
        ("2001:db8::2", 443),
    ]


def test_all_addresses_are_none_that_a_browser_can_reach() -> None:
    with pytest.raises(ValueError, match="NATTLJUS_MEDIA_ANNOUNCE"):
        reached("", "0.0.0.0", 40000)
    with pytest.raises(ValueError, match="NATTLJUS_MEDIA_ANNOUNCE"):
        reached("relay.example.se", "0.0.0.0", 40000)
