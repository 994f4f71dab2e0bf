"""The broker's address, as the setting has it."""

import pytest

from alarms.receivers.mqtt.line import read_url


def test_an_address_has_host_port_and_who_we_are():
    plain = read_url("mqtt://larm:s%40crat@broker.example:2883")
    assert (plain.host, plain.port, plain.tls) == ("broker.example", 2883, False)
    assert (plain.user, plain.password, plain.name) == ("larm", "s@crat", "nattljus-alarms")


def test_an_encrypted_address_names_its_files_and_two_installations_their_names():
    sealed = read_url("mqtts://broker.example/larm-vast?ca=/etc/ca.pem&cert=/etc/me.pem&key=/etc/me.key")
    assert (sealed.port, sealed.tls, sealed.name) == (8883, True, "larm-vast")
    assert (sealed.ca, sealed.cert, sealed.key) == ("/etc/ca.pem", "/etc/me.pem", "/etc/me.key")


@pytest.mark.parametrize("url", ["broker.example:1883", "http://broker.example", "mqtt://", "mqtt://host:port"])
def test_what_is_no_address_is_refused(url):
    with pytest.raises(ValueError, match=r"NATTLJUS_MQTT_URL|[Pp]ort"):
        read_url(url)
