"""A lock at the broker: hears its commands, turns its bolt, and says so. Nuki's own topics, or ours (kit/wire/lock.py).

The client's network runs in a thread of the library's; nothing here is shared with the loop.
"""

import json
import secrets
from typing import Any
from urllib.parse import unquote, urlsplit

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from clients.simulated.cast import PRINCIPAL, Resident
from kit.wire.lock import COMMAND_ANSWERED

PLAIN, SECURE = 1883, 8883  # ports of mqtt:// and mqtts://
UNLATCHED = "5"  # of Nuki's states


class Lock:
    """One door's lock, from `start` to `stop`."""

    def __init__(self, resident: Resident, url: str) -> None:
        assert resident.lock is not None
        self.id = resident.lock
        self._nuki = resident.nuki
        self._url = urlsplit(url)
        self._client = Client(
            CallbackAPIVersion.VERSION2, f"sim-{self.id}-{secrets.token_hex(3)}", protocol=MQTTProtocolVersion.MQTTv5
        )
        if self._url.username:
            self._client.username_pw_set(unquote(self._url.username), unquote(self._url.password or ""))
        if self._url.scheme == "mqtts":
            self._client.tls_set()
        self._client.on_connect = self._greet
        self._client.on_message = self._obey

    def start(self, *, patient: bool = False) -> None:
        """Connect. Raises OSError when there is no broker, unless patient: then it is waited for."""
        port = self._url.port or (SECURE if self._url.scheme == "mqtts" else PLAIN)
        connect = self._client.connect_async if patient else self._client.connect
        connect(self._url.hostname or "127.0.0.1", port)
        self._client.loop_start()

    def stop(self) -> None:
        """Go away."""
        self._client.disconnect()
        self._client.loop_stop()

    def _greet(self, client: Client, *_: Any) -> None:
        client.subscribe(f"nuki/{self.id}/lockAction" if self._nuki else self._ours("command"), qos=1)
        if self._nuki:
            client.publish(f"nuki/{self.id}/connected", "true", qos=1, retain=True)
        else:
            client.publish(self._ours("status"), "online", qos=1, retain=True)

    def _obey(self, client: Client, _: Any, message: MQTTMessage) -> None:
        if self._nuki:
            client.publish(f"nuki/{self.id}/state", UNLATCHED, qos=1, retain=True)
            return
        command = json.loads(message.payload)["data"]["command"]
        answer = {
            "specversion": "1.0",
            "id": f"answer to {command}",
            "source": self.id,
            "type": COMMAND_ANSWERED,
            "data": {"command": command, "result": "opened"},
        }
        client.publish(self._ours("ack"), json.dumps(answer), qos=1)

    def _ours(self, leaf: str) -> str:
        return f"nattljus/v1/{PRINCIPAL}/{self.id}/{leaf}"
