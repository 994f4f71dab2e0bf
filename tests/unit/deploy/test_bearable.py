"""How many heartbeats a process is offered when it is to be measured at taking them."""

import pytest

from deploy.bench.intake import FEW_HEARTS, MOST_HEARTS, NEARLY_FULL, bearable
from deploy.bench.load import Round

FIXED = 0.2  # of a core, however few there are


@pytest.mark.parametrize("each", [100e-6, 200e-6, 300e-6])
async def test_it_is_as_many_as_nearly_fill_a_core(each: float) -> None:
    async def beat(devices: int) -> Round:
        return Round([0.1] * devices, 0, 1.0, min(1.0, FIXED + devices * each))

    found = await bearable(beat)
    assert found <= MOST_HEARTS
    assert NEARLY_FULL - 0.1 <= FIXED + found * each <= 1.0


async def test_where_some_are_refused_it_is_the_number_before() -> None:
    tried = []

    async def beat(devices: int) -> Round:
        tried.append(devices)
        return Round([0.1] * devices, devices > 2 * FEW_HEARTS, 1.0, 0.3)

    assert await bearable(beat) == tried[-2] <= 2 * FEW_HEARTS < tried[-1]
