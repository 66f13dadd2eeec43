#!/usr/bin/env python3
"""Fine-tune the case-aware NER model on a CoNLL file.

    scripts/train.py --base BASE_DIR --train train.conll --dev dev.conll --out build/news-small

BASE_DIR is an unpacked Hugging Face folder (scripts/README.md says where it comes from). The result is a plain
`BertForTokenClassification` whose six token-type rows carry the written shape of each word.
"""

import argparse
import copy
import json
import math
import sys
import time
from pathlib import Path

import torch
from transformers import AutoTokenizer, BertConfig, BertForTokenClassification, BertModel

import ner_data as data


def build_model(base):
    """The base encoder with a six-row token-type table (every row starts as row 0) and a fresh classifier."""
    config = BertConfig.from_pretrained(base)
    encoder = BertModel.from_pretrained(base, config=config, add_pooling_layer=False)
    labelled = copy.deepcopy(config)
    labelled.type_vocab_size = len(data.SHAPES)
    labelled.id2label = dict(enumerate(data.LABELS))
    labelled.label2id = data.LABEL_IDS
    labelled.architectures = ["BertForTokenClassification"]
    model = BertForTokenClassification(labelled)
    weights = encoder.state_dict()
    types = "embeddings.token_type_embeddings.weight"
    weights[types] = weights[types][:1].repeat(len(data.SHAPES), 1)
    model.bert.load_state_dict(weights)
    return model


def pad(batch, pad_id):
    width = max(len(ids) for ids, _, _ in batch)

    def rows(column, fill):
        return torch.tensor([row[column] + [fill] * (width - len(row[column])) for row in batch])

    mask = torch.tensor([[1] * len(row[0]) + [0] * (width - len(row[0])) for row in batch])
    return rows(0, pad_id), rows(1, 0), mask, rows(2, data.IGNORED)


@torch.no_grad()
def evaluate(model, documents, cache, tokenizer, batch_size=16):
    """Strict F1 over documents, argmax decoding, windows without overlap."""
    model.eval()
    windows = []
    for sentences in documents:
        words = data.document_words(sentences, cache)
        windows += data.cut_windows(words, lambda: data.WINDOW_PIECES - 2)
    gold, predicted = [], []
    for start in range(0, len(windows), batch_size):
        encoded = [data.encode_window(w, tokenizer.cls_token_id, tokenizer.sep_token_id) for w in windows[start : start + batch_size]]
        ids, types, mask, labels = pad(encoded, tokenizer.pad_token_id)
        logits = model(input_ids=ids, token_type_ids=types, attention_mask=mask).logits
        for row, chosen in zip(labels, logits.argmax(-1)):
            keep = row != data.IGNORED
            gold.append([data.LABELS[i] for i in row[keep]])
            predicted.append([data.LABELS[i] for i in chosen[keep]])
    return data.f1_score(gold, predicted)


class Average:
    """Exponential moving average of the weights; what is evaluated and saved."""

    def __init__(self, model, decay):
        self.model = copy.deepcopy(model).eval()
        self.decay = decay
        self.steps = 0

    @torch.no_grad()
    def update(self, model):
        self.steps += 1
        decay = min(self.decay, (1 + self.steps) / (10 + self.steps))
        for mine, theirs in zip(self.model.parameters(), model.parameters()):
            mine.lerp_(theirs, 1 - decay)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", required=True)
    parser.add_argument("--train", nargs="+", required=True)
    parser.add_argument("--dev", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--batch-size", type=int, default=16)
    parser.add_argument("--learning-rate", type=float, default=1.5e-4)
    parser.add_argument("--shape-rate", type=float, default=10.0, help="learning rate of the token-type table, times the base rate")
    parser.add_argument("--case-noise", type=float, default=0.1)
    parser.add_argument("--dropout", type=float, default=0.1)
    parser.add_argument("--average", type=float, default=0.998)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--float32", action="store_true", help="train in fp32 instead of bf16 autocast")
    args = parser.parse_args()

    torch.manual_seed(args.seed)
    rng = data.fixed_rng(args.seed)
    tokenizer = AutoTokenizer.from_pretrained(args.base)
    cache = data.PieceCache(tokenizer)
    train = [document for path in args.train for document in data.read_conll(path)]
    dev = data.read_conll(args.dev)
    model = build_model(args.base)
    for module in model.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = args.dropout
    average = Average(model, args.average)

    shapes = [p for n, p in model.named_parameters() if "token_type_embeddings" in n]
    plain = [p for n, p in model.named_parameters() if "token_type_embeddings" not in n and p.dim() < 2]
    matrices = [p for n, p in model.named_parameters() if "token_type_embeddings" not in n and p.dim() >= 2]
    optimizer = torch.optim.AdamW(
        [
            {"params": matrices, "lr": args.learning_rate, "weight_decay": 0.01},
            {"params": plain, "lr": args.learning_rate, "weight_decay": 0.0},
            {"params": shapes, "lr": args.learning_rate * args.shape_rate, "weight_decay": 0.0},
        ]
    )
    epochs = []
    for _ in range(args.epochs):
        windows = data.training_windows(train, cache, rng, args.case_noise)
        encoded = (data.encode_window(w, tokenizer.cls_token_id, tokenizer.sep_token_id) for w in windows)
        epochs.append(data.batches(encoded, args.batch_size, rng))
    total = sum(map(len, epochs))
    warmup = total // 20

    def rate(step):
        return min(1.0, (step + 1) / warmup) * max(0.0, (total - step) / total)

    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, rate)
    out = Path(args.out)
    out.mkdir(parents=True, exist_ok=True)
    log, began = [], time.time()
    for epoch, epoch_batches in enumerate(epochs, 1):
        model.train()
        losses = 0.0
        for batch in epoch_batches:
            ids, types, mask, labels = pad(batch, tokenizer.pad_token_id)
            with torch.autocast("cpu", dtype=torch.bfloat16, enabled=not args.float32):
                loss = model(input_ids=ids, token_type_ids=types, attention_mask=mask, labels=labels).loss
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad(set_to_none=True)
            average.update(model)
            losses += loss.item()
        score = evaluate(average.model, dev, cache, tokenizer)
        entry = {"epoch": epoch, "loss": round(losses / len(epoch_batches), 4), "dev_f1": round(score, 4), "minutes": round((time.time() - began) / 60, 1)}
        log.append(entry)
        print(json.dumps(entry), flush=True)
        if not math.isfinite(losses):
            sys.exit("the loss is not finite: lower --learning-rate or use --float32")
    average.model.save_pretrained(out)
    tokenizer.save_pretrained(out)
    (out / "training.json").write_text(json.dumps({"arguments": vars(args), "epochs": log}, indent=2) + "\n")


if __name__ == "__main__":
    main()
