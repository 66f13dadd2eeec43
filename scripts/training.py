"""The training loop that `train.py` and `distill.py` share: batches, schedule, moving average, checkpoints, dev scores.

Everything random is seeded by the run's seed and the place in the run, so that a run that was stopped and resumed gives
the weights that it would have given without the stop.
"""

import json
import math
import os
import sys
import time
from pathlib import Path

import torch

import augmentation
import int8
import ner_data as data
from network import Average, freeze, parameter_groups


def add_arguments(parser):
    """The options that every run has."""
    parser.add_argument("--base", required=True, help="folder of the encoder to start from")
    parser.add_argument("--train", nargs="*", default=[], metavar="FILE", help="CoNLL files")
    parser.add_argument(
        "--partial", nargs="+", action="append", default=[], metavar=("TYPES", "FILE"),
        help="CoNLL files that lack types: MISC, or several as ORG,MISC; may be given again",
    )  # fmt: skip
    parser.add_argument("--partial-share", type=augmentation.share, default=1.0, help="share of the documents without all labels that an epoch sees, others each time")
    parser.add_argument("--dev", nargs="+", required=True, metavar="FILE", help="scored after every epoch, on the types that occur in the file")
    parser.add_argument("--map", nargs="+", default=[], metavar="OLD=NEW", help="types of the files to rename, or to drop with OLD=O")
    parser.add_argument("--out", required=True, help="folder to write; a run that was stopped goes on where it was")
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--batch-size", type=int, default=16)
    parser.add_argument("--learning-rate", type=float, default=1.5e-4)
    parser.add_argument("--shape-rate", type=float, default=10.0, help="learning rate of the token-type table, times the base rate")
    parser.add_argument("--frozen-layers", type=int, default=0, metavar="N", help="leave the embeddings and so many layers as they are: faster")
    parser.add_argument("--dropout", type=augmentation.share, default=0.1)
    parser.add_argument("--average", type=augmentation.share, default=0.998, help="decay of the moving average of the weights")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--float32", action="store_true", help="train in fp32 instead of bf16 autocast: faster without bf16 instructions")
    parser.add_argument("--int8", action="store_true", help="round weights and activations while training, as the engine does: for a last run at a low rate")
    parser.add_argument("--exit-layers", nargs="*", type=int, metavar="N", help="let words that are surely in no mention go after so many layers [default: as the base does]")
    parser.add_argument("--exit-probability", type=augmentation.share, default=0.99, help="how sure the network must be of that")
    parser.add_argument("--threads", type=int, help="processor threads [default: PyTorch's choice]")
    parser.add_argument("--checkpoint-minutes", type=float, default=10.0)
    augmentation.add_arguments(parser)


def read_documents(args):
    """All labelled documents, and the labels that the network shall know: those of the files without gaps, if there are any."""
    renamed = dict(pair.split("=", 1) for pair in args.map)
    whole = [d for path in args.train for d in data.read_conll(path, renamed=renamed)]
    partial = [d for types, *paths in args.partial for path in paths for d in data.read_conll(path, types.split(","), renamed)]
    found = data.types_of(whole + partial)
    unknown = [kind for kind in found if kind not in data.TYPES]
    if unknown:
        sys.exit(f"namesake knows {', '.join(data.TYPES)}; rename or drop {', '.join(unknown)} with --map OLD=NEW or OLD=O")
    types = data.types_of(whole or partial)
    if not types:
        sys.exit("the training files hold no mention: is the label in the last column?")
    untaught = [kind for kind in found if kind not in types]
    if untaught:
        sys.exit(f"{', '.join(untaught)}: in files of --partial only; name a file without gaps that has it, or drop it with --map OLD=O")
    return whole + partial, data.LabelSet(types)


def read_dev(args, labels):
    """{file: documents}; mentions of types that the network does not know are none."""
    renamed = dict(pair.split("=", 1) for pair in args.map)
    dev = {path: data.read_conll(path, renamed=renamed) for path in args.dev}
    for documents in dev.values():
        for document in documents:
            for sentence in document.sentences:
                sentence.labels = [label if label in labels.names else "O" for label in sentence.labels]
    return dev


def pad(batch, pad_id):
    """input_ids, token_type_ids, attention_mask, targets, opinions and first pieces of words of a batch, each [windows, pieces]."""
    width = max(len(row[0]) for row in batch)

    def rows(column, fill):
        return torch.tensor([row[column] + [fill] * (width - len(row[column])) for row in batch])

    mask = torch.tensor([[1] * len(row[0]) + [0] * (width - len(row[0])) for row in batch])
    return rows(0, pad_id), rows(1, 0), mask, rows(2, data.IGNORED), rows(3, data.IGNORED), rows(4, 0)


def gold_loss(logits, targets, allowed):
    """Mean negative log probability of what each word may be; `allowed` holds a row of labels a target."""
    known = targets != data.IGNORED
    if not known.any():
        return logits.sum() * 0.0
    log_probabilities = logits[known].float().log_softmax(-1)
    rows = torch.tensor(allowed)[targets[known]]
    return -log_probabilities.masked_fill(~rows, -math.inf).logsumexp(-1).mean()


@torch.no_grad()
def evaluate(network, documents, encoder, pad_id, batch_size=16):
    """Strict F1 over documents on the types that occur in them, argmax decoding, windows without overlap."""
    kinds = set(data.types_of(documents))
    windows = sorted((w for d in documents for w in encoder.windows(d)), key=lambda w: len(w[0]))
    names, gold, predicted = encoder.labels.names, [], []

    def kept(row):
        return {span for span in data.spans([names[i] for i in row]) if span[2] in kinds}

    for start in range(0, len(windows), batch_size):
        ids, types, mask, targets, *_ = pad(windows[start : start + batch_size], pad_id)
        logits = network(input_ids=ids, token_type_ids=types, attention_mask=mask).logits
        for row, chosen in zip(targets, logits.argmax(-1)):
            known = row != data.IGNORED
            gold.append(kept(row[known]))
            predicted.append(kept(chosen[known]))
    return data.f1_score(gold, predicted)


class Run:
    """One training run in its folder: knows where it is, and can be stopped and resumed at any step."""

    def __init__(self, args, network, tokenizer, encoder):
        self.args, self.network, self.tokenizer, self.encoder = args, network, tokenizer, encoder
        if args.frozen_layers:
            freeze(network, args.frozen_layers)
        if args.int8:
            int8.compute_in_int8(network)
        self.average = Average(network, args.average)
        self.optimizer = torch.optim.AdamW(parameter_groups(network, args.learning_rate, args.shape_rate), fused=True)
        self.full_rates = [group["lr"] for group in self.optimizer.param_groups]
        self.place = {"epoch": 0, "step": 0, "losses": 0.0, "minutes": 0.0}
        self.log = []
        self.out = Path(args.out)
        self.out.mkdir(parents=True, exist_ok=True)
        self.checkpoint = self.out / "checkpoint.pt"
        if self.checkpoint.exists():
            self.resume()

    def resume(self):
        state = torch.load(self.checkpoint, weights_only=True)
        if state["arguments"] != json.dumps(vars(self.args), sort_keys=True):
            sys.exit(f"{self.checkpoint} belongs to a run with other options: remove it, or name another --out")
        self.network.load_state_dict(state["network"])
        self.average.network.load_state_dict(state["average"])
        self.average.steps = state["average_steps"]
        self.optimizer.load_state_dict(state["optimizer"])
        self.place, self.log = state["place"], state["log"]
        print(f"resumed at epoch {self.place['epoch'] + 1}, step {self.place['step']}", flush=True)

    def save_checkpoint(self):
        unfinished = self.checkpoint.with_suffix(".tmp")
        torch.save(
            {
                "arguments": json.dumps(vars(self.args), sort_keys=True),
                "network": self.network.state_dict(),
                "average": self.average.network.state_dict(),
                "average_steps": self.average.steps,
                "optimizer": self.optimizer.state_dict(),
                "place": self.place,
                "log": self.log,
            },
            unfinished,
        )
        os.replace(unfinished, self.checkpoint)

    def set_rate(self, progress):
        """Linear warm-up over the first twentieth, then linear decay to zero."""
        scale = min(1.0, progress * 20) * (1.0 - progress)
        for group, rate in zip(self.optimizer.param_groups, self.full_rates):
            group["lr"] = rate * scale

    def fit(self, documents, dev, loss_of_batch):
        """Trains on `documents`; `loss_of_batch(network, ids, types, mask, targets, opinions, words)` says what is to become small."""
        args, place = self.args, self.place
        augment = augmentation.Augmentation(args, documents)
        saved = time.time()
        began = saved - place["minutes"] * 60
        while place["epoch"] < args.epochs:
            epoch = place["epoch"]
            rng = data.fixed_rng(args.seed, epoch)
            seen = (document for document in documents if not document.lacking or rng.random() < args.partial_share)
            varied = (variant for document in seen for variant in augment.documents(document, rng))
            batches = data.batches(self.encoder.training_windows(varied, rng), args.batch_size, rng)
            self.network.train()
            while place["step"] < len(batches):
                step = place["step"]
                torch.manual_seed((args.seed * 1000 + epoch) * 1_000_000 + step)
                self.set_rate((epoch + (step + 1) / (len(batches) + 1)) / args.epochs)
                inputs = pad(batches[step], self.tokenizer.pad_token_id)
                with torch.autocast("cpu", dtype=torch.bfloat16, enabled=not args.float32):
                    loss = loss_of_batch(self.network, *inputs)
                loss.backward()
                torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
                self.optimizer.step()
                self.optimizer.zero_grad(set_to_none=True)
                self.average.update(self.network)
                place["losses"] += loss.item()
                place["step"] += 1
                if not math.isfinite(place["losses"]):
                    sys.exit("the loss is not finite: lower --learning-rate or use --float32")
                if time.time() - saved > args.checkpoint_minutes * 60:
                    place["minutes"] = (time.time() - began) / 60
                    self.save_checkpoint()
                    saved = time.time()
                    print(f"epoch {epoch + 1}, step {place['step']} of {len(batches)}, {place['minutes']:.0f} min", flush=True)
            self.close_epoch(dev, len(batches), began)
        self.save()

    def close_epoch(self, dev, steps, began):
        place = self.place
        scores = {
            path: round(evaluate(self.average.network, documents, self.encoder, self.tokenizer.pad_token_id), 4)
            for path, documents in dev.items()
        }
        place["minutes"] = (time.time() - began) / 60
        entry = {
            "epoch": place["epoch"] + 1,
            "loss": round(place["losses"] / max(steps, 1), 4),
            "dev_f1": scores,
            "minutes": round(place["minutes"], 1),
        }
        self.log.append(entry)
        print(json.dumps(entry), flush=True)
        place.update(epoch=place["epoch"] + 1, step=0, losses=0.0)
        self.save()
        self.save_checkpoint()

    def save(self):
        """The network with averaged weights as a folder that `export.py` and `--base` read."""
        self.average.network.save_pretrained(self.out)
        self.tokenizer.save_pretrained(self.out)
        report = {"arguments": vars(self.args), "epochs": self.log}
        (self.out / "training.json").write_text(json.dumps(report, indent=2) + "\n")
