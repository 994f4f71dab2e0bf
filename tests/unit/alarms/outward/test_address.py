"""Where subscriptions may reach, and that no address inside is reached by another way of writing it."""

from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alarms.outward.address import may_reach, read_networks, url_fault

LOOPBACK = (ip_network("127.0.0.0/8"),)
INSIDE = (ip_network("10.20.0.0/16"),)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/",
        "http://127.0.0.1/",
        "ftp://example.com/",
        "https://10.0.0.1/",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://[64:ff9b::a00:1]/",
        "https://169.254.169.254/latest",
        "https://localhost/",
        "https://printer.local/",
        "https://user:password@example.com/",
        "https://example.com/#there",
        "https://",
        "https://example.com:0/",
        "https://example.com:port/",
        "https://exämple.com/",
        "https://example.com/a\nb",
        "javascript:alert(1)",
        "",
    ],
)
def test_an_address_that_leads_inwards_or_nowhere_is_none(url):
    assert url_fault(url, ())


def test_https_on_the_open_network_is_one_and_what_the_operator_allows():
    assert not url_fault("https://larm.example.se/in?from=nattljus", ())
    assert not url_fault("https://example.com:8443/", ())
    assert not url_fault("https://10.20.3.4/", INSIDE)
    assert url_fault("https://10.21.3.4/", INSIDE)
    assert not url_fault("http://127.0.0.1:9099/", LOOPBACK)
    assert not url_fault("http://localhost:9099/", LOOPBACK)
    assert url_fault("http://10.20.3.4/", INSIDE)
    assert url_fault("http://example.com/", LOOPBACK)


@given(st.ip_addresses(v=4, network="10.0.0.0/8"))
def test_a_private_address_is_not_reached_through_an_ipv6_address_that_stands_for_it(inner):
    number = int(inner)
    for address in (f"::ffff:{inner}", f"2002:{number >> 16:x}:{number & 0xFFFF:x}::1"):
        assert not may_reach(ip_address(address), ())
    assert not may_reach(ip_address(int(ip_address("64:ff9b::")) + number), ())
    assert may_reach(inner, (ip_network("10.0.0.0/8"),))


def test_multicast_unspecified_and_broadcast_are_reached_by_nobody():
    for address in ("224.0.0.1", "0.0.0.0", "255.255.255.255", "::", "ff02::1", "fe80::1", "fd00::1", "100.64.0.1"):
        assert not may_reach(ip_address(address), ()), address
    for address in ("193.10.0.1", "2001:6b0::1"):
        assert may_reach(ip_address(address), ()), address


def test_networks_are_read_or_said_to_be_wrong():
    assert read_networks("") == ()
    assert read_networks("127.0.0.0/8  10.20.0.0/16") == (*LOOPBACK, *INSIDE)
    with pytest.raises(ValueError, match="NATTLJUS_OUTWARD_NETWORKS"):
        read_networks("127.0.0.1/8")


@given(st.text())
def test_no_text_breaks_it(text):
    assert url_fault(text, ()) in {True, False}
