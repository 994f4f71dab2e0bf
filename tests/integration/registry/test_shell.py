"""The registry's commands as typed in a shell: what is printed where, and with which exit code."""

import asyncio
import stat

import pytest
import typer
from sqlalchemy import delete, select, update
from typer.testing import CliRunner

from alarms.receivers.dc09.tables import device_dc09
from alarms.receivers.scaip.tables import device_scaip
from deploy import schema
from deploy.commands.registry import mount
from deploy.keys import found_keys, load_keys
from kit.clock import SystemClock
from kit.settings import Settings
from kit.store import open_store
from kit.tokens import Signer
from registry.access import Act
from registry.demo import fill
from registry.inventory.tables import device_model
from registry.look import write_access
from registry.seal import Sealer
from registry.tables import access_log, device
from tests.certificates import certify
from tests.sessions import who_is

CLOCK = SystemClock()


def in_store(data, work):
    async def run():
        store = open_store(Settings(data=data).store_url())
        try:
            async with store.write() as connection:
                return await work(connection)
        finally:
            await store.close()

    return asyncio.run(run())


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """A data folder with a migrated database, the demonstration's data and its keys; copied for each test."""
    data = tmp_path_factory.mktemp("filled")

    async def prepare():
        store = open_store(Settings(data=data).store_url())
        await schema.migrate(store)
        async with store.write() as connection:
            await fill(connection)
        await store.close()

    asyncio.run(prepare())
    load_keys(Settings(data=data), demo=True)
    return data


@pytest.fixture
def data(filled, tmp_path, monkeypatch):
    for name in ("NATTLJUS_DATA", "NATTLJUS_DATABASE_URL", "NATTLJUS_SECRET_KEYS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "data"
    folder.mkdir()
    for file in filled.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    return folder


@pytest.fixture
def shell(data):
    program = typer.Typer()
    mount(program)

    def run(*words):
        result = CliRunner().invoke(program, [*words, "--data", str(data)])
        assert "Traceback" not in result.output
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result

    return run


def said(result):
    """Exit code, standard output, standard error."""
    return result.exit_code, result.stdout, result.stderr


def holder(data, token):
    signer = Signer(found_keys(Settings(data=data)))
    return in_store(data, lambda connection: who_is(connection, signer, token.strip(), CLOCK.now()))


def test_a_token_is_alone_on_a_line_and_counts(shell, data):
    result = shell("token", "create", "--as", "demo-operator-1", "--minutes", "5")
    assert (result.exit_code, result.stderr, result.stdout.count("\n")) == (0, "", 1)
    who = holder(data, result.stdout)
    assert who.person == "demo-operator-1"
    assert 290 < (who.span.ends_at - CLOCK.now()).total_seconds() <= 300


def test_a_device_token_is_alone_on_a_line_and_counts(shell, data):
    result = shell("device", "token", "demo-app-2")
    assert (result.exit_code, result.stdout.count("\n")) == (0, 1)
    assert holder(data, result.stdout).device == "demo-app-2"


def test_the_data_folder_may_be_in_the_environment(data, monkeypatch):
    monkeypatch.setenv("NATTLJUS_DATA", str(data))
    program = typer.Typer()
    mount(program)
    result = CliRunner().invoke(program, ["token", "create", "--as", "demo-planner"])
    assert holder(data, result.stdout).person == "demo-planner"


def test_unknown_people_and_devices_are_a_sentence(shell):
    assert said(shell("token", "create", "--as", "nobody")) == (
        1, "", "nobody has no role in force. Enter one with: nattljus person add\n",
    )  # fmt: skip
    assert said(shell("device", "token", "nothing")) == (
        1, "", "There is no device nothing in use. Enter it with: nattljus device add\n",
    )  # fmt: skip


def test_people_and_devices_are_entered(shell, data):
    words = ["person", "add", "anna", "--name", "Anna", "--role", "worker", "--unit", "demo-norr"]
    assert said(shell(*words)) == (0, "anna is worker at demo-norr.\n", "")
    assert said(shell(*words)) == (1, "", "There is a anna already. Choose another id.\n")
    assert holder(data, shell("token", "create", "--as", "anna").stdout).unit == "demo-norr"
    words = ["device", "add", "--protocol", "scaip", "--account", "26317", "--resident", "demo-resident-7"]
    assert said(shell(*words, "--id", "trygg-1")) == (0, "trygg-1 is in the registry.\n", "")
    assert said(shell(*words)) == (
        1, "", "The account belongs to trygg-1 already. Give the device another account.\n",
    )  # fmt: skip


def test_a_device_is_asked_for_its_password_its_certificate_or_nothing(shell, data, tmp_path):
    words = ["device", "add", "--protocol", "scaip", "--account", "26317", "--resident", "demo-resident-7"]
    words += ["--model", "SCAIP, set heartbeat"]
    assert said(shell(*words, "--password", "blå cykel")) == (0, "scaip-26317 is in the registry.\n", "")
    asked = select(device_scaip.c.asks, device_scaip.c.fingerprint)
    promised = select(device_model.c.heartbeat_s).where(device_model.c.name == "SCAIP, set heartbeat")
    assert in_store(data, lambda connection: connection.scalar(promised)) == 900
    made = certify(tmp_path, "device")
    for how, what, stored in (
        (["--nothing"], "nothing", ("none", "")),
        (["--certificate", str(made.certificate)], "its certificate", ("certificate", made.fingerprint)),
        (["--password", "red car"], "its password", ("digest", "")),
        (["--certificate", "ab" * 32], "its certificate", ("certificate", "ab" * 32)),
    ):
        code, told, warned = said(shell("device", "ask", "scaip-26317", *how))
        assert (code, told) == (0, f"scaip-26317 is asked for {what}.\n")
        assert ("NATTLJUS_TLS_CLIENT_CA" in warned) == (stored[0] == "certificate")
        (row,) = in_store(data, lambda connection: connection.execute(asked))
        assert tuple(row) == stored
    assert shell("device", "ask", "demo-app-1", "--nothing").stderr.startswith("There is no SCAIP device demo-app-1 ")
    assert shell("device", "ask", "scaip-26317", "--password", "").stderr.startswith("A password has 1 to 200")
    assert shell("device", "ask", "scaip-26317", "--certificate", "x.pem").stderr.startswith(
        "A certificate is named by"
    )


def test_a_device_whose_password_cannot_be_entered_is_not_entered_either(shell, data):
    words = ["device", "add", "--protocol", "scaip", "--account", "26317", "--resident", "demo-resident-7"]
    assert shell(*words, "--password", "").exit_code == 1
    found = select(device.c.id).where(device.c.account == "26317")
    assert in_store(data, lambda connection: connection.scalar(found)) is None


def test_a_dc09_device_is_entered_with_its_key_which_is_not_kept_as_it_is(shell, data):
    words = ["device", "add", "--protocol", "dc09", "--account", "00AB", "--resident", "demo-resident-7"]
    assert said(shell(*words, "--key", "0123")) == (1, "", "A key is 32, 48 or 64 hexadecimal digits.\n")
    assert said(shell(*words, "--key", "")) == (1, "", "A key is 32, 48 or 64 hexadecimal digits.\n")
    assert said(shell(*words, "--key", "secret")) == (1, "", "A key is 32, 48 or 64 hexadecimal digits.\n")
    assert said(shell(*words, "--key", "00112233" * 4)) == (0, "dc09-00AB is in the registry.\n", "")
    kept = in_store(data, lambda connection: connection.scalar(select(device_dc09.c.sealed_key)))
    assert bytes.fromhex("00112233" * 4) not in kept
    assert said(shell("device", "key", "dc09-00AB", "00112233" * 8)) == (0, "dc09-00AB has its key.\n", "")
    assert said(shell("device", "key", "dc09-00AB", "none")) == (
        0, "dc09-00AB has no key: it speaks in clear.\n", "",
    )  # fmt: skip
    assert in_store(data, lambda connection: connection.scalar(select(device_dc09.c.sealed_key))) is None
    assert said(shell("device", "key", "demo-scaip-1", "00112233" * 4)) == (
        1, "",
        "demo-scaip-1 is no device that speaks DC-09. Enter it with: nattljus device add --protocol dc09\n",
    )  # fmt: skip


def test_locks_are_entered_by_home_and_take_the_names_they_have(shell, data):
    words = ["lock", "add", "port-1", "--home", "demo-home-7", "--protocol", "nuki", "--account", "2A3B4C5D"]
    assert said(shell(*words)) == (0, "port-1 is in the registry.\n", "")
    assert said(shell(*words)) == (1, "", "There is a port-1 already. Choose another id.\n")
    words[2] = "port-2"
    assert "belongs to port-1 already" in shell(*words).stderr
    assert shell("lock", "add", "port-3", "--home", "nowhere", "--protocol", "mqtt").exit_code == 1
    assert shell("lock", "add", "port-3", "--home", "demo-home-7", "--protocol", "zigbee").exit_code == 1


@pytest.mark.parametrize(
    "words",
    [
        ["person", "add", "anna", "--name", "Anna", "--role", "worker"],
        ["lock", "add", "port-1", "--protocol", "nuki"],
        ["person", "add", "anna", "--name", "Anna", "--role", "cook", "--unit", "demo-norr"],
        ["device", "add", "--protocol", "scaip", "--account", "1"],
        ["device", "add", "--protocol", "http", "--account", "a", "--home", "demo-home-1", "--password", "p"],
        ["device", "ask", "demo-scaip-1"],
        ["device", "ask", "demo-scaip-1", "--password", "p", "--nothing"],
        ["device", "add", "--protocol", "scaip", "--resident", "demo-resident-1"],
        ["token", "create"],
        ["token", "create", "--as", "demo-planner", "--minutes", "0"],
        ["device", "token"],
        ["import"],
    ],
)
def test_wrong_usage_is_two(shell, words):
    assert shell(*words).exit_code == 2


HEADER = "resident;name;home;unit;address;town;device;protocol;account\n"


def test_a_table_is_tried_then_taken_in(shell, data, tmp_path):
    file = tmp_path / "boende.csv"
    file.write_text(HEADER + "r1;Elsa;h1;demo-norr;Väg 1;Vara;d1;scaip;500001\n", encoding="utf-8")
    counts = "1 residents, 1 homes, 1 devices"
    assert said(shell("import", str(file), "--dry-run")) == (0, f"Would take in {counts}. Nothing is written.\n", "")
    assert said(shell("import", str(file))) == (0, f"Took in {counts}.\n", "")
    query = select(device.c.id).where(device.c.account == "500001")
    assert in_store(data, lambda connection: connection.scalar(query)) == "d1"


def test_a_table_with_a_fault_is_not_taken_in_at_all(shell, data, tmp_path):
    file = tmp_path / "boende.csv"
    lines = "r1;Elsa;h1;demo-norr;Väg 1;Vara;d1;scaip;500001\nr2;Nils;h2;demo-oster;Väg 2;Vara;d2;scaip;x\n"
    file.write_text(HEADER + lines + "r3;Rut;h3;demo-oster;Väg 3;Vara;;;\n", encoding="utf-8")
    code, out, err = said(shell("import", str(file)))
    assert (code, out) == (1, "")
    assert err.splitlines() == [
        "line 3: account is not one that scaip devices have.",
        "line 4: There is no unit demo-oster.",
        f"Nothing is written: {file} has 2 problems. Correct it and try again.",
    ]
    query = select(device.c.id).where(device.c.account == "500001")
    assert in_store(data, lambda connection: connection.scalar(query)) is None
    assert shell("import", str(tmp_path / "nowhere.csv")).exit_code == 1


def looked(data, count):
    """Some looks, sealed by the platform's sealer."""
    signer = Signer(keys := found_keys(Settings(data=data)))

    async def run():
        from registry.demo import demo_token

        store = open_store(Settings(data=data).store_url())
        at = CLOCK.now()
        async with store.write() as connection:
            who = await who_is(connection, signer, await demo_token(connection, signer, "demo-worker-1", at), at)
            for _ in range(count):
                await write_access(connection, who, Act.RESIDENT_READ, at=at, principal="demo-kommun")
        await Sealer(store, keys, CLOCK).seal_once()
        await store.close()

    asyncio.run(run())


def test_the_audit_tells_each_chain_and_its_last_seal(shell, data):
    assert said(shell("audit", "verify")) == (0, "The access log is empty.\n", "")
    looked(data, 3)
    code, out, err = said(shell("audit", "verify"))
    assert (code, err) == (0, "")
    assert out.startswith("demo-kommun: 3 rows, whole, last 3 ")
    assert len(out.split()[-1]) == 64


def test_the_audit_tells_what_is_broken(shell, data):
    looked(data, 5)
    change = update(access_log).where(access_log.c.sealed_no == 2).values(person="another")
    in_store(data, lambda connection: connection.execute(change))
    in_store(data, lambda connection: connection.execute(delete(access_log).where(access_log.c.sealed_no == 4)))
    code, out, err = said(shell("audit", "verify"))
    assert code == 1
    assert "demo-kommun: 4 rows, BROKEN in 2 places" in out
    told = err.splitlines()
    assert told[0].startswith("  number 2 (access-")
    assert told[0].endswith("): altered")
    assert told[1] == "  number 4: missing from here on"
    assert told[2].startswith("The access log is not as it was written.")


def test_without_a_database_or_keys_each_command_says_what_to_do(tmp_path, data, monkeypatch):
    program = typer.Typer()
    mount(program)
    empty = tmp_path / "empty"
    monkeypatch.setenv("NATTLJUS_SECRET_KEYS", "k" * 32)
    result = CliRunner().invoke(program, ["audit", "verify", "--data", str(empty)])
    assert said(result) == (
        1, "", f"There is no database in {empty}. Run: nattljus migrate (or name its folder with --data)\n",
    )  # fmt: skip
    assert not empty.exists()
    empty.mkdir()
    (empty / "nattljus.db").touch()
    result = CliRunner().invoke(program, ["audit", "verify", "--data", str(empty)])
    assert said(result) == (1, "", "The database is not up to date. Run: nattljus migrate\n")
    monkeypatch.delenv("NATTLJUS_SECRET_KEYS")
    result = CliRunner().invoke(program, ["audit", "verify", "--data", str(empty)])
    assert (result.exit_code, result.stderr[:27]) == (1, "No secret keys are set. Set")
    monkeypatch.setenv("NATTLJUS_DATABASE_URL", "postgresql+asyncpg://nobody@127.0.0.1:1/none")
    result = CliRunner().invoke(program, ["audit", "verify", "--data", str(data)])
    assert said(result) == (1, "", "The database does not answer. Start it, or look at NATTLJUS_DATABASE_URL.\n")


def test_demonstration_keys_are_made_once_and_for_their_owner_only(tmp_path, monkeypatch):
    monkeypatch.delenv("NATTLJUS_SECRET_KEYS", raising=False)
    settings = Settings(data=tmp_path / "new")
    with pytest.raises(ValueError, match="NATTLJUS_SECRET_KEYS"):
        found_keys(settings)
    with pytest.raises(ValueError, match="NATTLJUS_SECRET_KEYS"):
        load_keys(settings, demo=False)
    keys = load_keys(settings, demo=True)
    assert keys == load_keys(settings, demo=True) == found_keys(settings)
    assert len(keys[0]) == 64
    assert [file.name for file in settings.data.iterdir()] == ["demo-keys"]
    assert stat.S_IMODE((settings.data / "demo-keys").stat().st_mode) == 0o600
    with pytest.raises(ValueError, match="NATTLJUS_SECRET_KEYS"):
        load_keys(settings, demo=False)


def test_keys_that_are_set_go_before_the_demonstrations(tmp_path, monkeypatch):
    monkeypatch.setenv("NATTLJUS_SECRET_KEYS", f"{'n' * 32} {'o' * 40}")
    assert load_keys(Settings(data=tmp_path), demo=True) == ["n" * 32, "o" * 40]
    monkeypatch.setenv("NATTLJUS_SECRET_KEYS", "short")
    with pytest.raises(ValueError, match="too short"):
        load_keys(Settings(data=tmp_path), demo=True)


def test_a_spoilt_key_file_is_said(tmp_path, monkeypatch):
    monkeypatch.delenv("NATTLJUS_SECRET_KEYS", raising=False)
    (tmp_path / "demo-keys").write_text("short\n")
    with pytest.raises(ValueError, match="Delete it"):
        load_keys(Settings(data=tmp_path), demo=True)


def test_a_principal_approves_what_is_offered_to_its_residents(shell):
    approved = shell("product", "approve", "visits", "--principal", "demo-kommun")
    assert said(approved) == (0, "demo-kommun has approved visits.\n", "")
    unknown = shell("product", "approve", "visits", "--principal", "nowhere")
    assert said(unknown) == (1, "", "There is no nowhere in the registry. Look at how it is spelled.\n")


def test_a_model_is_told_and_told_anew(shell, data):
    words = ("device", "model", "Alarm X", "--heartbeat", "300", "--radio", "2g", "--radio-ends", "2027-12-31")
    told = shell(*words)
    assert (told.exit_code, told.output) == (0, "Alarm X: a heartbeat each 300 s, radio 2g.\n")
    assert shell("device", "model", "Alarm X", "--radio", "4g").exit_code == 0
    refused = shell("device", "model", "Alarm X", "--heartbeat", "3")
    assert (refused.exit_code, "10 to 604800" in refused.output) == (1, True)

    async def kept(connection):
        return (await connection.execute(select(device_model).where(device_model.c.name == "Alarm X"))).one()

    assert tuple(in_store(data, kept)) == ("Alarm X", None, "4g", None)
