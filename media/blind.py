"""What must not exist in a relay: anything that could encode or decode a picture or sound.

Importing aiortc loads codec libraries; that none of them is ever used is told by looking at what lives in the process.
"""

import gc
import threading

from aiortc import RTCRtpReceiver, RTCRtpSender
from aiortc.codecs.base import Decoder, Encoder
from aiortc.mediastreams import MediaStreamTrack
from aiortc.rtcpeerconnection import RTCPeerConnection

KINDS = (Decoder, Encoder, MediaStreamTrack, RTCPeerConnection, RTCRtpReceiver, RTCRtpSender)


def codec_objects() -> list[str]:
    """The names of codecs, tracks, peer connections and codec threads that live here; a relay has none."""
    objects = [type(one).__name__ for one in gc.get_objects() if issubclass(type(one), KINDS) or _is_context(type(one))]
    threads = [thread.name for thread in threading.enumerate() if "decoder" in thread.name or "encoder" in thread.name]
    return sorted(objects + threads)


def _is_context(kind: type) -> bool:
    return kind.__module__.startswith("av.") and kind.__name__.endswith("CodecContext")
