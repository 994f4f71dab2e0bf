"""Whatever is published, on our topics, a Nuki lock's or a Home Assistant lock's: it is understood or refused."""

import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from alarms.core.signal import Signal
from alarms.receivers import mqtt
from alarms.receivers.mqtt.homeassistant import LockTopics, account_in, read_config, read_reach, read_state
from alarms.receivers.mqtt.parse import Packet, read
from kit.clock import FakeClock
from kit.errors import PeerError
from tests.fuzz.scaip_input import damaged, fuzzed, patient

pytestmark = patient

AT = FakeClock().now()
LINES = [
    line.split("\t", 1)
    for path in sorted((Path(mqtt.__file__).parent / "samples").glob("*.tsv"))
    for line in path.read_text(encoding="utf-8").splitlines()
]
STATUS = ["nattljus/v1/demo-kommun/demo-lock-4/status", '{"status":"online","session":9007199254740991}']
TOPICS = sorted({topic for topic, _ in [*LINES, STATUS]})
PAYLOADS = [said.encode() for _, said in [*LINES, STATUS]]
CONFIGS = [said.encode() for topic, said in LINES if account_in(topic)]
KNOWN = [topics for topics in map(read_config, CONFIGS) if topics]


@fuzzed
@given(topic=st.sampled_from(TOPICS), payload=damaged(PAYLOADS), retained=st.booleans())
def test_whatever_is_published_is_understood_or_refused_and_fits_the_database(topic, payload, retained):
    try:
        heard = read(Packet(topic, payload, 1, 7, False, retained), occasion="session:7", received_at=AT)
    except PeerError:
        return
    if isinstance(heard, Signal):
        assert not retained
        assert len(heard.key) <= 200
        assert "\0" not in "".join([heard.account, heard.reference, heard.type, *heard.details.values()])


@fuzzed
@given(payload=damaged(CONFIGS))
def test_a_damaged_config_leads_to_no_topic_of_ours_and_is_kept_as_it_was_read(payload):
    try:
        topics = read_config(payload)
    except PeerError:
        return
    if topics is not None:
        for topic in (*topics.heard(), topics.command_topic or "free"):
            assert not topic.startswith(("nattljus/", "nuki/", "$"))
            assert not set(topic) & {"+", "#", "\0"}
        assert LockTopics.model_validate(json.loads(json.dumps(topics.model_dump(mode="json")))) == topics


@fuzzed
@given(topics=st.sampled_from(KNOWN), payload=damaged(PAYLOADS))
def test_whatever_a_bridge_says_is_a_state_or_refused(topics, payload):
    for said in (lambda: read_state(topics, payload), lambda: read_reach(topics.reach[0], payload)):
        try:
            one = said()
        except PeerError:
            continue
        assert one is None or one.reachable is not None
