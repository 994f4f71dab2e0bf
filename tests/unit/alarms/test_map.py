"""The one setting that a map's pictures come from, and what the pages' policy then allows."""

import pytest

from alarms.position.map import map_host, map_source
from deploy.front import SECURITY, security

TILES = "https://tiles.example.se:8443/{z}/{x}/{y}.png"


def test_without_the_setting_there_is_no_map_and_the_policy_stays_as_it_is():
    assert map_source("", "") is None
    assert map_host(None) is None
    assert security(None) == SECURITY


def test_only_that_host_may_be_asked_and_only_for_what_a_map_needs():
    source = map_source(TILES, "© Kartverket")
    assert map_host(source) == "https://tiles.example.se:8443"
    policy = security(map_host(source))["content-security-policy"]
    before = SECURITY["content-security-policy"]
    assert policy.replace(" https://tiles.example.se:8443", "") == before
    assert policy.count("https://tiles.example.se:8443") == 2
    assert "connect-src 'self' https://tiles.example.se:8443;" in policy
    assert "script-src 'self';" in policy


@pytest.mark.parametrize(
    "wrong",
    [
        "tiles.example.se/{z}/{x}/{y}.png",
        "https://tiles.example.se/map.png",
        "file:///{z}/{x}/{y}",
        "https:///{z}/{x}/{y}",
        "https://me:secret@tiles.example.se/{z}/{x}/{y}.png",
        "https://tiles.example.se; script-src */{z}/{x}/{y}.png",
        "https://*/{z}/{x}/{y}.png",
    ],
)
def test_an_address_that_is_none_is_said_in_a_sentence_and_writes_nothing_into_the_policy(wrong):
    with pytest.raises(ValueError, match="NATTLJUS_MAP_TILES"):
        map_source(wrong, "")
