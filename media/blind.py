"""What must not exist in a relay: anything that could encode or decode a picture or sound.

Importing aiortc loads codec libraries; that none of them is ever used is told by looking at what lives in the process.
"""

import gc
import threading
from collections import Counter

from aiortc import MediaStreamTrack, RTCPeerConnection, RTCRtpReceiver, RTCRtpSender
from aiortc.codecs.base import Decoder, Encoder
from av.codec.context import CodecContext

KINDS = (CodecContext, Decoder, Encoder, MediaStreamTrack, RTCPeerConnection, RTCRtpReceiver, RTCRtpSender)


def codec_objects() -> list[str]:
    """The names of codecs, tracks, peer connections and codec threads that live here; a relay has none."""
    living = Counter(map(type, gc.get_objects()))
    objects = [kind.__name__ for kind, number in living.items() if issubclass(kind, KINDS) for _ in range(number)]
    threads = [thread.name for thread in threading.enumerate() if "decoder" in thread.name or "encoder" in thread.name]
    return sorted(objects + threads)
