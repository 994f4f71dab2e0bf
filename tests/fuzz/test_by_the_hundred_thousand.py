"""Every property of these folders' tests, `NATTLJUS_FUZZ_EXAMPLES` times over, for the soak.

Hypothesis searches, remembers and shrinks, which costs ten times what most parsers do. Here its strategies are fed
random bytes instead, without the search. What falls is kept in Hypothesis' database: the test by its own name, run
next, finds it at once and makes it small.
"""

import importlib
import random
from pathlib import Path

import pytest

from kit.clock import SystemClock
from tests.fuzz.scaip_input import EXAMPLES, patient

pytestmark = [pytest.mark.soak, patient]

SIZES = (64, 256, 1024, 4096)  # bytes that one input is drawn from
clock = SystemClock()


def properties():
    for path in sorted(Path(__file__).parent.glob("test_*.py")):
        if path.stem not in {Path(__file__).stem, "test_http_events"}:  # that one goes through everything, more seldom
            module = importlib.import_module(f"tests.fuzz.{path.stem}")
            for name, one in vars(module).items():
                if name.startswith("test_") and hasattr(one, "hypothesis"):
                    yield pytest.param(one, id=f"{path.stem}-{name}")


@pytest.mark.parametrize("holds", list(properties()))
def test_it_holds_for_many_inputs(holds):
    seed = random.SystemRandom().randrange(10**9)
    noise, began, wanted = random.Random(seed), clock.monotonic(), EXAMPLES // getattr(holds, "inputs", 1)
    tried = drawn = 0
    while tried < wanted:
        drawn += 1
        try:
            tried += holds.hypothesis.fuzz_one_input(noise.randbytes(noise.choice(SIZES))) is not None
        except Exception as error:
            error.add_note(f"input {drawn} of seed {seed}")
            raise
        assert drawn < 10 * wanted + 1_000, "hardly any bytes make an input"
    print(f"\n{tried * getattr(holds, 'inputs', 1)} inputs in {clock.monotonic() - began:.0f} s, none fell")
