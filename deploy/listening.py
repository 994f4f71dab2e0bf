"""How this process listens, in the words of its settings: what the page for integrations tells a vendor."""

from alarms.receivers.dc09.listen import Dc09Receiver
from alarms.receivers.mqtt.line import read_url
from alarms.receivers.mqtt.listen import MqttReceiver
from alarms.receivers.scaip.listen import ScaipReceiver
from kit.wire.inward import Listening


def listening(
    scaip: ScaipReceiver, dc09: Dc09Receiver | None, mqtt: MqttReceiver | None, mqtt_url: str
) -> list[Listening]:
    """Every receiver as it is now. The broker is named without who we are there."""
    dc09_at = [str(one) for one in dc09.addresses] if dc09 is not None else []
    scaip_at = [str(one) for one in scaip.addresses]
    broker = []
    if mqtt is not None:
        address = read_url(mqtt_url)
        broker = [f"{'mqtts' if address.tls else 'mqtt'}:{address.host}:{address.port}"]
    return [
        Listening(protocol="scaip", up=bool(scaip_at), addresses=scaip_at),
        Listening(protocol="dc09", up=bool(dc09_at), addresses=dc09_at),
        Listening(protocol="mqtt", up=mqtt is not None and mqtt.healthy, addresses=broker),
        Listening(protocol="http", up=True, addresses=["/api/v1/device/events"]),
        Listening(protocol="webhook", up=True, addresses=["/api/v1/device/webhooks/"]),
    ]
