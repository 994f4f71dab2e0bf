"""Device models as data."""

import tomllib

import pytest

from alarms.receivers.scaip.answer import Answer, stored
from alarms.receivers.scaip.models import DEFAULT, OURS, Model, Models, read_model, read_models
from alarms.receivers.scaip.parse import parse
from alarms.receivers.scaip.policy import Policy
from tests.unit.alarms.scaip.device import mrq
from tests.unit.alarms.scaip.test_answer import NUMBER, Outcome, Receipt, signal_of


def told(model, heartbeat_s=None, *, number=NUMBER, **elements):
    receipt = Receipt("signal-1", "case-1", Outcome.STORED, True)
    policy = Policy("device-1", model=model, heartbeat_s=heartbeat_s)
    return stored(parse(mrq(**elements)), signal_of(**elements), receipt, number, policy)


def test_every_model_that_comes_with_us_is_read_and_has_a_name():
    models = read_models()
    files = [path for path in OURS.glob("*.toml") if path.stem != "default"]
    assert len(models.names) == len(files) >= 4
    assert all(models.of(name).names == (name,) for name in models.names)


def test_a_model_that_nobody_knows_is_answered_as_the_default_file_says():
    default = read_models().of("")
    assert default == DEFAULT
    assert read_model(tomllib.loads((OURS / "default.toml").read_text())) == DEFAULT


def test_a_folder_of_ones_own_adds_models_and_takes_the_place_of_ours(tmp_path):
    name = read_models().names[0]
    (tmp_path / "own.toml").write_text(f'names = ["Larmet 5", "{name}"]\n[answer]\nmre = 3\n')
    models = read_models(tmp_path)
    assert models.of("Larmet 5") == models.of(name) == Model(("Larmet 5", name), mre=3, cre=None)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("names = [", ""),
        ("name = ['a']", "name is not known there; known are names"),
        ("names = 'a'", "names must be list"),
        ("names = [1]", "names are texts"),
        ("heartbeat_s = 5", "heartbeat_s is 10"),
        ("heartbeat_s = true", "heartbeat_s must be int"),
        ("[answer]\nmre = 4", "mre is 0 to 3"),
        ("[answer]\ncre = 63", "cre is 1 to 62"),
        ("[answer]\ntnu = 'sip:a@b'", "with cre = 62"),
        ("[answer]\ncre = 62\ntnu = 'a b'", "tnu is one address"),
        ("[answer]\nhbi = 'hours'", "hbi is minutes or seconds"),
        ("[quirks]\nversion = '1'", "version is written"),
        ("[quirks]\nno_text = 1", "no_text must be bool"),
    ],
)
def test_a_file_that_is_no_model_is_named_with_what_is_wrong(tmp_path, content, sentence):
    (tmp_path / "bad.toml").write_text(content)
    with pytest.raises(ValueError, match=rf"bad\.toml is no device model: .*{sentence}"):
        read_models(tmp_path)


def test_a_folder_that_is_not_there_is_said_in_a_sentence(tmp_path):
    with pytest.raises(ValueError, match=r"NATTLJUS_SCAIP_MODELS: .* is no folder"):
        read_models(tmp_path / "absent")


def test_speech_is_opened_as_the_model_can():
    assert told(Model(mre=2)) == Answer("1", 0, mre=2, cre=62, tnu=NUMBER, model=Model(mre=2))
    assert told(Model(cre=61)).write() == b"<mrs><ref>1</ref><snu>0</snu><mre>1</mre><cre>61</cre></mrs>"
    assert told(Model(mre=0)).write() == b"<mrs><ref>1</ref><snu>0</snu><mre>0</mre></mrs>"
    own = Model(tnu="sip:larm@example.se")
    assert told(own).tnu == told(own, number="").tnu == "sip:larm@example.se"


@pytest.mark.parametrize("model", [Model(mre=2), Model(cre=61), Model(tnu="sip:larm@example.se")])
def test_no_model_opens_speech_where_none_is_wanted(model):
    assert told(model, mreq="4").mre == told(model, stc="16").mre == told(model, crd="no-voice:").mre == 0


def test_the_interval_is_told_to_a_model_that_asks_in_its_own_unit_and_to_no_other():
    minutes, seconds = Model(hbi=60), Model(hbi=1)
    assert told(minutes, 900, mty="PI", hbo="1").write() == b"<mrs><ref>1</ref><snu>0</snu><hbi>15</hbi></mrs>"
    assert told(seconds, 900, mty="PI", hbo="1").hbi == 900
    assert told(minutes, 20, mty="PI", hbo="1").hbi == 1
    assert told(minutes, 900, mty="PI", hbo="0").hbi is None
    assert told(minutes, None, mty="PI", hbo="1").hbi is None
    assert told(DEFAULT, 900, mty="PI", hbo="1").hbi is None
    assert told(minutes, 900, hbo="1").hbi is None


def test_a_model_that_takes_no_text_is_told_the_number_alone():
    assert Answer("1", 5, model=Model(no_text=True)).write() == b"<mrs><ref>1</ref><snu>5</snu></mrs>"


def test_models_without_a_file_have_no_name():
    assert Models().names == []
