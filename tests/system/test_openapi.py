"""Every route, asked as its OpenAPI says and otherwise: no crash, and every error a problem that says its code."""

import os

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.patience import PATIENCE
from tests.servers import PostgreSQL
from tests.system.platforms import device_bearer, operator_bearer, platform_of
from tests.system.watched import what_fails

EXAMPLES = min(2_000, int(os.environ.get("NATTLJUS_FUZZ_EXAMPLES", "300")) // 20)
BEARERS = {
    "operator": operator_bearer("demo-operator-1"),
    "planner": operator_bearer("demo-planner"),
    "device": device_bearer("demo-app-1"),
    "nobody": None,
}

asked = settings(
    max_examples=EXAMPLES,
    deadline=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def platform(postgres: PostgreSQL):
    """On PostgreSQL, which is stricter about what a text may hold."""
    url = postgres.create()
    with platform_of("run", "--demo", database_url=url) as running:
        running.start()
        yield running
    postgres.drop(url)


@pytest.fixture(scope="module")
def real(platform):
    """Ids of what is there, so that the asking goes deeper than "no such thing"."""
    said = {"specversion": "1.0", "id": "1", "source": "openapi", "type": "nattljus.alarm.pressed"}
    headers = {"Authorization": f"Bearer {BEARERS['device']}"}
    answer = httpx.post(f"{platform.url}/api/v1/device/events", json=said, headers=headers, timeout=PATIENCE)
    return {
        "case_id": answer.json()["cases"][0],
        "resident_id": "demo-resident-1",
        "plan": "demo-plan-natt",
        "rota": "demo-rota-natt",
    }


@pytest.mark.timeout(600 + EXAMPLES * 3)
@pytest.mark.parametrize("whose", BEARERS)
def test_every_route_answers_whatever_it_is_asked(platform, real, whose):
    headers = {"Authorization": f"Bearer {BEARERS[whose]}"} if BEARERS[whose] else {}
    api = schemathesis.openapi.from_url(f"{platform.url}/api/openapi.json")
    for found in api.get_all_operations():
        operation = found.ok()

        @asked
        @given(case=operation.as_strategy(), known=st.booleans())
        def ask(case, known):
            if known:
                case.path_parameters.update({name: real[name] for name in case.path_parameters if name in real})
            check(case.call(headers=headers), case.operation)

        ask()


def check(answer, operation):
    assert answer.status_code < 500, f"{operation.label} {answer.request.url}: {answer.text}"
    assert {str(answer.status_code), "default"} & set(operation.responses.status_codes), operation.label
    assert "Traceback" not in answer.text
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == ["application/problem+json"]
        assert answer.json()["code"]


async def test_afterwards_all_is_well(platform):
    assert await what_fails(platform) == []
    assert platform.complaints() == []
