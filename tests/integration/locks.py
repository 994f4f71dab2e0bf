"""A lock played by a plain MQTT client: it hears its commands and answers as it is told to."""

import json
import threading
from typing import Any

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from tests.servers import Mosquitto


class PlayedLock:
    """One lock at the broker. `nuki` answers on Nuki's topics with these states, else ours with this result."""

    def __init__(self, broker: Mosquitto, lock: str, *, nuki: tuple[int, ...] | None = None, result: str = "") -> None:
        self.commands: list[str] = []
        self._lock = lock
        self._nuki = nuki
        self._result = result
        self._ready = threading.Event()
        self._client = Client(CallbackAPIVersion.VERSION2, f"lock-{lock}", protocol=MQTTProtocolVersion.MQTTv5)
        self._client.on_connect = self._on_connect
        self._client.on_subscribe = lambda *_: self._ready.set()
        self._client.on_message = self._on_message
        self._client.connect("127.0.0.1", broker.port)
        self._client.loop_start()
        assert self._ready.wait(5)

    def _on_connect(self, client: Client, *_: Any) -> None:
        topic = f"nuki/{self._lock}/lockAction" if self._nuki is not None else f"nattljus/v1/+/{self._lock}/command"
        client.subscribe(topic, qos=1)

    def _on_message(self, client: Client, _: Any, message: MQTTMessage) -> None:
        self.commands.append(message.payload.decode())
        if self._nuki is not None:
            for state in self._nuki:
                client.publish(f"nuki/{self._lock}/state", str(state), qos=1, retain=True)
        elif self._result:
            command = json.loads(message.payload)["data"]["command"]
            event = {
                "specversion": "1.0",
                "id": f"answer to {command}",
                "source": self._lock,
                "type": "nattljus.command.answered",
                "data": {"command": command, "result": self._result},
            }
            client.publish(message.topic.replace("/command", "/ack"), json.dumps(event), qos=1)

    def stop(self) -> None:
        """Go away."""
        self._client.disconnect()
        self._client.loop_stop()
