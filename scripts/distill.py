#!/usr/bin/env python3
"""Train a small NER model on what larger ones say, and on gold labels where there are some.

    scripts/distill.py --teacher build/teacher build/teacher-2 --base $BASE --train train.conll --partial MISC tweets.conll \\
        --texts other.conll --dev dev.conll --out build/news-small --epochs 7 --learning-rate 2e-4

The teachers are folders that `train.py` wrote, with the labels of the student. They read every document once, as it is
written; the student sees it in another dress each epoch (`augmentation.py`) and is asked for the same opinions. Texts of
`--texts` give opinions only, their labels are not read.
"""

import argparse

import torch
from torch.nn import functional
from transformers import AutoTokenizer

import network
import ner_data as data
import training


def add_arguments(parser):
    parser.add_argument("--teacher", nargs="+", required=True, metavar="FOLDER")
    parser.add_argument("--texts", nargs="*", default=[], metavar="FILE", help="CoNLL files whose labels are not used")
    parser.add_argument("--temperature", type=float, default=2.0, help="softens the teachers' and the student's probabilities")
    parser.add_argument("--gold-weight", type=float, default=0.3, help="share of the gold labels in the loss")
    parser.add_argument("--hidden-weight", type=float, default=0.0, help="weight of the likeness of the last hidden states to the teachers'")
    training.add_arguments(parser)


class Opinions:
    """What the teachers think of every word: mean softened probabilities, and where wanted their last hidden states."""

    def __init__(self, folders, labels, temperature, with_hidden):
        self.teachers = [(network.load(folder), AutoTokenizer.from_pretrained(folder)) for folder in folders]
        for folder, (teacher, _) in zip(folders, self.teachers):
            found = list(teacher.config.id2label.values())
            if found != labels.names:
                raise SystemExit(f"{folder}: labels {' '.join(found)} instead of {' '.join(labels.names)}")
        self.labels, self.temperature, self.with_hidden = labels, temperature, with_hidden
        self.probabilities, self.hidden = [], []

    def read(self, documents):
        """Writes into every sentence the rows of its words; call `close` after the last document."""
        encoders = [data.Encoder(tokenizer, self.labels) for _, tokenizer in self.teachers]
        row = 0
        for document in documents:
            for sentence in document.sentences:
                sentence.opinions = list(range(row, row + len(sentence.words)))
                row += len(sentence.words)
            said = [self.ask(teacher, tokenizer, encoder, document) for (teacher, tokenizer), encoder in zip(self.teachers, encoders)]
            self.probabilities.append(torch.stack([probabilities for probabilities, _ in said]).mean(0).half())
            if self.with_hidden:
                self.hidden.append(torch.cat([hidden for _, hidden in said], dim=-1).half())

    def close(self):
        """Joins the rows and forgets the teachers."""
        self.probabilities = torch.cat(self.probabilities)
        self.hidden = torch.cat(self.hidden) if self.with_hidden else None
        self.teachers = []

    @torch.no_grad()
    def ask(self, teacher, tokenizer, encoder, document):
        """Softened probabilities and last hidden states of the words of one document, in order."""
        probabilities, hidden = [], []
        for window in encoder.windows(document):
            ids, types, mask, _, opinions = training.pad([window], tokenizer.pad_token_id)
            said = teacher(input_ids=ids, token_type_ids=types, attention_mask=mask, output_hidden_states=True)
            words = opinions[0] != data.IGNORED
            probabilities.append((said.logits[0, words] / self.temperature).softmax(-1))
            hidden.append(said.hidden_states[-1][0, words])
        return torch.cat(probabilities), torch.cat(hidden)


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
    documents += [d for path in args.texts for d in data.read_conll(path, labelled=False)]
    tokenizer = AutoTokenizer.from_pretrained(args.base)
    opinions = Opinions(args.teacher, labels, args.temperature, args.hidden_weight > 0)
    opinions.read(documents)
    opinions.close()
    width = opinions.hidden.shape[-1] if args.hidden_weight else 0
    student = Student(network.build(args.base, labels.names, args.dropout), width)
    run = training.Run(args, student, tokenizer, data.Encoder(tokenizer, labels))

    def loss_of_batch(student, ids, types, mask, targets, rows):
        said = student(input_ids=ids, token_type_ids=types, attention_mask=mask, output_hidden_states=width > 0)
        judged = rows != data.IGNORED
        softened = (said.logits[judged].float() / args.temperature).log_softmax(-1)
        wanted = opinions.probabilities[rows[judged]].float()
        # The square keeps the gradient's size whatever the temperature (Hinton, Vinyals and Dean 2015).
        soft_loss = functional.kl_div(softened, wanted, reduction="batchmean") * args.temperature**2
        loss = args.gold_weight * training.gold_loss(said.logits, targets, labels.allowed) + (1 - args.gold_weight) * soft_loss
        if width:
            mapped = student.to_teachers(said.hidden_states[-1][judged]).float()
            likeness = functional.cosine_similarity(mapped, opinions.hidden[rows[judged]].float())
            loss = loss + args.hidden_weight * (1 - likeness).mean()
        return loss

    run.fit(documents, training.read_dev(args, labels), loss_of_batch)


if __name__ == "__main__":
    main()
