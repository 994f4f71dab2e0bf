"""Addresses, topics and cursors as people and peers write them: understood and written back the same, or refused."""

import re

from hypothesis import given
from hypothesis import strategies as st

from alarms.outward.address import read_networks, url_fault
from alarms.outward.signature import key_in, shown
from alarms.receivers.mqtt.homeassistant import account_in
from alarms.receivers.mqtt.parse import speaker
from alarms.receivers.mqtt.topics import Nuki, Ours, read_topic
from alarms.receivers.scaip.addresses import parse_listen
from kit.wire.outward import SEQUENCE
from tests.fuzz.scaip_input import damaged, fuzzed, patient

pytestmark = patient


def texts(*whole):
    return st.one_of(damaged([one.encode() for one in whole]).map(lambda data: data.decode("latin-1")), st.text())


@fuzzed
@given(texts("udp:127.0.0.1:5060 tcp:[::1]:5060", "TLS:larm.example.se:5061", "tcp::1"))
def test_where_to_listen_is_read_as_it_is_written_or_refused_in_a_sentence(spec):
    try:
        endpoints = parse_listen(spec)
    except ValueError as error:
        assert str(error).endswith(".")  # noqa: PT017 - most are refused
        return
    assert parse_listen(" ".join(map(str, endpoints))) == endpoints
    assert len(endpoints) == len(spec.split())
    assert all(one.transport in {"udp", "tcp", "tls"} and one.host and 0 <= one.port <= 65535 for one in endpoints)


@fuzzed
@given(texts("10.20.0.0/16 fd00::/8", "127.0.0.1/32"))
def test_networks_are_read_as_they_are_written_or_refused_in_a_sentence(text):
    try:
        networks = read_networks(text)
    except ValueError as error:
        assert str(error).startswith("NATTLJUS_OUTWARD_NETWORKS ")  # noqa: PT017 - most are refused
        return
    assert read_networks(" ".join(map(str, networks))) == networks


@fuzzed
@given(
    texts("https://larm.example.se/events?a=b", "https://[2001:6b0::1]:8443/", "http://127.0.0.1:8080/", "https://å.se")
)
def test_no_address_of_a_subscription_leads_within(text):
    loopback = read_networks("127.0.0.0/8")
    if not url_fault(text, ()):
        assert text.lower().startswith("https://")
        assert not re.match(r"https://([^/?#]*@|\[?(?:127\.|::1|10\.|192\.168\.|169\.254\.|localhost))", text.lower())
    assert url_fault(text, loopback) in {True, False}


@fuzzed
@given(
    texts("nattljus/v1/demo-kommun/demo-lock-4/event", "nuki/1A2B3C4D/lockActionEvent", "homeassistant/lock/a/b/config")
)
def test_a_topic_is_read_as_it_is_written_or_nobodys(topic):
    match read_topic(topic):
        case Ours(principal, device, leaf):
            assert topic == f"nattljus/v1/{principal}/{device}/{leaf}"
        case Nuki(lock, leaf):
            assert topic == f"nuki/{lock}/{leaf}"
        case None:
            assert speaker(topic) == topic
    account_in(topic)


@fuzzed
@given(texts("0", "9007199254740991", "18446744073709551615"))
def test_a_cursor_is_a_number_that_every_database_takes_or_refused(text):
    if re.search(SEQUENCE, text):
        assert 0 <= int(text) < 2**63


@fuzzed
@given(st.binary(min_size=1, max_size=64))
def test_a_key_is_read_as_it_was_shown(key):
    assert key_in(shown(key)) == key
