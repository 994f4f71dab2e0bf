"""Synthetic tests as CloudEvents: over HTTP, and over MQTT when there is a broker."""

import asyncio
import json
from typing import Any

import httpx
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion

from alarms.receivers.mqtt.line import Address
from alarms.receivers.mqtt.topics import ROOT
from alarms.watchdog.scaip import NotStored
from kit.clock import Clock
from kit.tokens import Signer
from registry.sessions import issue_device_token
from registry.synthetic import DEVICE, PRINCIPAL

TOPIC = f"{ROOT}/{PRINCIPAL}/{DEVICE}/event"
BROKER_WITHIN = 5.0  # seconds to connect, and as long for its PUBACK


def event(reference: str) -> dict[str, Any]:
    """A test of the watchdog's own button."""
    return {"specversion": "1.0", "id": reference, "source": "nattljus-watchdog", "type": "nattljus.test.pressed"}


async def send_http(client: httpx.AsyncClient, signer: Signer, clock: Clock, reference: str) -> None:
    """Send one; returns when it is accepted, which is after its commit. Raises NotStored, httpx.HTTPError."""
    headers = {"Authorization": f"Bearer {issue_device_token(signer, DEVICE, 0, clock.now())}"}
    answer = await client.post("/api/v1/device/events", json=event(reference), headers=headers)
    if answer.status_code != 202:
        raise NotStored(answer.status_code)


async def send_mqtt(address: Address, reference: str) -> None:
    """Publish one at QoS 1; returns when the broker has it. Raises OSError, NotStored; the journal is the proof."""
    await asyncio.to_thread(_publish, address, json.dumps(event(reference)).encode(), reference)


def _publish(address: Address, payload: bytes, reference: str) -> None:
    client = Client(
        CallbackAPIVersion.VERSION2,
        client_id=f"{address.name}-watchdog-{reference}",
        protocol=MQTTProtocolVersion.MQTTv5,
        reconnect_on_failure=False,
    )
    if address.tls:
        client.tls_set(ca_certs=address.ca, certfile=address.cert, keyfile=address.key)
    if address.user is not None:
        client.username_pw_set(address.user, address.password)
    client.connect_timeout = BROKER_WITHIN
    client.connect(address.host, address.port)
    client.loop_start()
    try:
        sent = client.publish(TOPIC, payload, qos=1)
        if sent.rc not in {MQTTErrorCode.MQTT_ERR_SUCCESS, MQTTErrorCode.MQTT_ERR_NO_CONN}:
            raise NotStored(int(sent.rc))
        try:
            sent.wait_for_publish(BROKER_WITHIN)
        except (RuntimeError, ValueError) as error:
            raise NotStored from error
        if not sent.is_published():
            raise NotStored
    finally:
        client.disconnect()
        client.loop_stop()
