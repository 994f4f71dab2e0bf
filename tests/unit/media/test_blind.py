"""The look for codecs finds what it is there to find."""

import threading

from aiortc.codecs.opus import OpusDecoder
from aiortc.codecs.vpx import Vp8Encoder

from media.blind import codec_objects


def test_codecs_and_their_threads_are_found() -> None:
    before = codec_objects()
    encoder, decoder, done = Vp8Encoder(), OpusDecoder(), threading.Event()
    thread = threading.Thread(target=done.wait, name="video-decoder")
    thread.start()
    found = codec_objects()
    done.set()
    thread.join()
    assert {"Vp8Encoder", "OpusDecoder", "video-decoder"} <= set(found)
    assert not {"Vp8Encoder", "OpusDecoder", "video-decoder"} & set(before)
    del encoder, decoder
