#!/usr/bin/env python3
"""Train a small NER model on what larger ones say, and on gold labels where there are some.

    scripts/distill.py --teacher build/teacher build/teacher-2 --base $BASE --train train.conll --partial MISC tweets.conll \\
        --texts other.conll --dev dev.conll --out build/news-small --epochs 7 --learning-rate 2e-4

The teachers are folders that `train.py` wrote, with the labels of the student. They read every document once, as it is
written; the student sees it in another dress each epoch (`augmentation.py`) and is asked for the same opinions. Texts of
`--texts` give opinions only, their labels are not read. What the teachers said is kept in `opinions.pt` in the folder of
`--out`, so that a run that was stopped need not ask them again.
"""

import argparse
import json
import os
from pathlib import Path

import torch
from torch.nn import functional
from transformers import AutoTokenizer

import augmentation
import exits
import network
import ner_data as data
import training

# Windows that a teacher reads at a time.
BATCH = 16


def add_arguments(parser):
    parser.add_argument("--teacher", nargs="+", required=True, metavar="FOLDER")
    parser.add_argument("--texts", nargs="*", default=[], metavar="FILE", help="CoNLL files whose labels are not used")
    parser.add_argument("--temperature", type=float, default=2.0, help="softens the teachers' and the student's probabilities")
    parser.add_argument("--gold-weight", type=augmentation.share, default=0.3, help="share of the gold labels in the loss")
    parser.add_argument("--hidden-weight", type=float, default=0.0, help="weight of the likeness of the last hidden states to the teachers'")
    training.add_arguments(parser)


class Opinions:
    """What the teachers think of every word: mean softened probabilities, and where wanted their last hidden states."""

    def __init__(self, args, labels):
        self.folders, self.labels, self.temperature = args.teacher, labels, args.temperature
        self.with_hidden, self.float32 = args.hidden_weight > 0, args.float32
        self.probabilities = self.hidden = None
        self.kept = Path(args.out) / "opinions.pt"
        options = ["teacher", "train", "partial", "texts", "map", "temperature", "float32"]
        self.question = json.dumps({name: getattr(args, name) for name in options} | {"hidden": self.with_hidden}, sort_keys=True)

    def read(self, documents):
        """Asks the teachers, unless they were asked before, and writes into every sentence the rows of its words."""
        rows = self.number_words(documents)
        if self.kept.exists():
            state = torch.load(self.kept, weights_only=True)
            if state["question"] != self.question or len(state["probabilities"]) != rows:
                raise SystemExit(f"{self.kept} holds the opinions of other teachers or on other texts: remove it, or name another --out")
            self.probabilities, self.hidden = state["probabilities"], state["hidden"]
            return
        self.ask_all(documents, rows)
        self.kept.parent.mkdir(parents=True, exist_ok=True)
        unfinished = self.kept.with_suffix(".tmp")
        torch.save({"question": self.question, "probabilities": self.probabilities, "hidden": self.hidden}, unfinished)
        os.replace(unfinished, self.kept)

    @staticmethod
    def number_words(documents):
        rows = 0
        for document in documents:
            for sentence in document.sentences:
                sentence.opinions = list(range(rows, rows + len(sentence.words)))
                rows += len(sentence.words)
        return rows

    def ask_all(self, documents, rows):
        probabilities, hidden = torch.zeros(rows, len(self.labels.names)), []
        for folder in self.folders:
            of_words, probability_of_words, hidden_of_words = self.ask(folder, documents)
            probabilities[of_words] += probability_of_words / len(self.folders)
            if self.with_hidden:
                hidden.append(torch.empty_like(hidden_of_words).index_copy_(0, of_words, hidden_of_words))
        self.probabilities = probabilities.half()
        self.hidden = torch.cat(hidden, dim=-1) if self.with_hidden else None

    @torch.no_grad()
    def ask(self, folder, documents):
        """The rows of all words, in the order in which one teacher read them, with softened probabilities and last hidden states."""
        teacher, tokenizer = network.load(folder), AutoTokenizer.from_pretrained(folder)
        found = list(teacher.config.id2label.values())
        if found != self.labels.names:
            raise SystemExit(f"{folder}: labels {' '.join(found)} instead of {' '.join(self.labels.names)}")
        encoder = data.Encoder(tokenizer, self.labels, teacher.config.type_vocab_size)
        windows = sorted((window for document in documents for window in encoder.windows(document)), key=lambda window: len(window[0]))
        of_words, probabilities, hidden = [], [], []
        for start in range(0, len(windows), BATCH):
            ids, types, mask, _, rows, _ = training.pad(windows[start : start + BATCH], tokenizer.pad_token_id)
            with torch.autocast("cpu", dtype=torch.bfloat16, enabled=not self.float32):
                said = teacher(input_ids=ids, token_type_ids=types, attention_mask=mask, output_hidden_states=self.with_hidden)
            words = rows != data.IGNORED
            of_words.append(rows[words])
            probabilities.append((said.logits[words].float() / self.temperature).softmax(-1))
            if self.with_hidden:
                hidden.append(said.hidden_states[-1][words].half())
            if start // BATCH % 200 == 0:
                print(f"{folder} has read {start:,} of {len(windows):,} windows", flush=True)
        return torch.cat(of_words), torch.cat(probabilities), torch.cat(hidden) if hidden else None


class Student(torch.nn.Module):
    """The network, and while it is trained the map from its hidden states to those of the teachers."""

    def __init__(self, model, teacher_width):
        super().__init__()
        self.model = model
        self.to_teachers = torch.nn.Linear(model.config.hidden_size, teacher_width) if teacher_width else None

    def forward(self, **inputs):
        return self.model(**inputs)

    def save_pretrained(self, folder):
        self.model.save_pretrained(folder)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_arguments(parser)
    args = parser.parse_args()
    if args.threads:
        torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    documents, labels = training.read_documents(args)
    documents += [d for path in args.texts for d in data.read_conll(path, data.TYPES, labelled=False)]
    tokenizer = AutoTokenizer.from_pretrained(args.base)
    opinions = Opinions(args, labels)
    opinions.read(documents)
    width = opinions.hidden.shape[-1] if args.hidden_weight else 0
    student = Student(network.build(args.base, labels.names, args.dropout, args.exit_layers, args.exit_probability), width)
    run = training.Run(args, student, tokenizer, data.Encoder(tokenizer, labels))

    def loss_of_logits(logits, targets, rows):
        judged = rows != data.IGNORED
        softened = (logits[judged].float() / args.temperature).log_softmax(-1)
        wanted = opinions.probabilities[rows[judged]].float()
        # The square keeps the gradient's size whatever the temperature (Hinton, Vinyals and Dean 2015).
        soft_loss = functional.kl_div(softened, wanted, reduction="batchmean") * args.temperature**2
        return args.gold_weight * training.gold_loss(logits, targets, labels.allowed) + (1 - args.gold_weight) * soft_loss

    def loss_of_batch(student, ids, types, mask, targets, rows, words):
        said = student(input_ids=ids, token_type_ids=types, attention_mask=mask, output_hidden_states=width > 0)
        loss = loss_of_logits(said.logits, targets, rows)
        loss = loss + exits.loss(student.model, lambda logits: loss_of_logits(logits, targets.gather(1, words), rows.gather(1, words)))
        if width:
            # Settled words keep an early state, which is not to be like a last one.
            judged = (rows != data.IGNORED) & exits.open_pieces(student.model, rows)
            mapped = student.to_teachers(said.hidden_states[-1][judged]).float()
            likeness = functional.cosine_similarity(mapped, opinions.hidden[rows[judged]].float())
            loss = loss + args.hidden_weight * (1 - likeness).mean()
        return loss

    run.fit(documents, training.read_dev(args, labels), loss_of_batch)


if __name__ == "__main__":
    main()
