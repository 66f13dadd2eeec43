#!/usr/bin/env python3
"""How far the logits of our engines are from fp32 `transformers`, on the sentences of a CoNLL file.

    scripts/compare_logits.py dev.conll [--windows 200]

Packs sentences into windows of up to 192 pieces, runs them through `BertForTokenClassification` in fp32 and through each
engine (`cargo run --example engine_logits`), and prints the largest, the mean and the root mean square difference of a logit and
how many pieces get another best label. Needs torch and transformers (scripts/requirements.txt).
"""

import argparse
import json
import subprocess

import exits
import ner_data as data
import network
import numpy as np
import torch
from tokenizers import Tokenizer

LONGEST = 192
FIRST, LAST = 101, 102


def windows(path, model, count):
    """The first windows of the file: lists of piece ids and of word shapes."""
    tokenizer = Tokenizer.from_file(f"{model}/tokenizer.json")
    found, ids, types, sentence = [], [], [], []
    for line in [*open(path, encoding="utf-8"), "\n"]:
        columns = line.split()
        if columns and columns[0] != "-DOCSTART-":
            sentence.append(columns[0])
            continue
        pieces = [(piece, data.word_shape(word)) for word in sentence for piece in tokenizer.encode(word, add_special_tokens=False).ids]
        pieces = pieces[: LONGEST - 2]
        if ids and len(ids) + len(pieces) > LONGEST - 2:
            found.append({"ids": [FIRST, *ids, LAST], "types": [0, *types, 0]})
            ids, types = [], []
        ids += [piece for piece, _ in pieces]
        types += [shape for _, shape in pieces]
        sentence = []
        if len(found) == count:
            break
    return found


@torch.inference_mode()
def in_pytorch(model, windows, with_exits):
    """Logits of all pieces in fp32, and which of these went through all layers."""
    exits.switch(model, with_exits)
    logits, wholly = [], []
    for window in windows:
        ids, types = torch.tensor([window["ids"]]), torch.tensor([window["types"]])
        logits.append(model(input_ids=ids, attention_mask=torch.ones_like(ids), token_type_ids=types).logits[0].numpy())
        wholly.append(exits.open_pieces(model, ids)[0].numpy())
    return np.concatenate(logits), np.concatenate(wholly)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("conll")
    parser.add_argument("--model", default="models/news-small")
    parser.add_argument("--windows", type=int, default=200)
    parser.add_argument("--engines", nargs="+", default=["fused", "onnx"])
    args = parser.parse_args()
    found = windows(args.conll, args.model, args.windows)
    model = network.load(args.model).float()
    print(f"{len(found)} windows, {sum(len(window['ids']) for window in found)} pieces")
    lines = "".join(json.dumps(window) + "\n" for window in found)
    for engine in args.engines:
        exact, wholly = in_pytorch(model, found, engine == "fused")
        command = ["cargo", "run", "--quiet", "--release", "--example", "engine_logits", "--", engine]
        out = subprocess.run(command, input=lines, text=True, capture_output=True, check=True).stdout
        logits = np.concatenate([np.array(json.loads(line), dtype=np.float32) for line in out.splitlines()])
        other = (logits.argmax(1) != exact.argmax(1)).sum()
        # An early exit has another head: the logits of both are compared where all layers had their say in PyTorch.
        difference = np.abs(logits - exact)[wholly]
        squared = np.sqrt((difference.astype(np.float64) ** 2).mean())
        figures = f"{wholly.sum()} pieces through all layers: logits of {np.abs(exact[wholly]).mean():.2f} on average, largest difference {difference.max():.3f}, mean {difference.mean():.4f}, root mean square {squared:.4f}"
        print(f"{engine}: {figures}; another label for {other} of all pieces")


if __name__ == "__main__":
    main()
