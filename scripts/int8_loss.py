#!/usr/bin/env python3
"""How far the logits of int8 exports are from those of fp32, in ONNX Runtime: which layers int8 hurts.

    scripts/export.py --model build/mine --out models/mine --float-onnx build/mine-float.onnx
    scripts/export.py --model build/mine --out build/trial --keep-float 'layer.*/output'
    scripts/int8_loss.py --tokenizer models/mine --text dev.conll build/mine-float.onnx {models/mine,build/trial}/onnx/model_quantized.onnx

The first file is what the others are compared with. Windows are taken from all over the text.
"""

import argparse

import numpy as np
import onnxruntime
from transformers import PreTrainedTokenizerFast

import ner_data as data
import training

# The special pieces of a tokenizer.json, which does not say which is which: of BERT, and of MPNet.
SPECIAL = [{"cls_token": "[CLS]", "sep_token": "[SEP]", "pad_token": "[PAD]"}, {"cls_token": "<s>", "sep_token": "</s>", "pad_token": "<pad>"}]


def load_tokenizer(folder):
    tokenizer = PreTrainedTokenizerFast(tokenizer_file=f"{folder}/tokenizer.json")
    known = tokenizer.get_vocab()
    for special in SPECIAL:
        if all(piece in known for piece in special.values()):
            tokenizer.add_special_tokens({**special, "unk_token": "[UNK]"})
            return tokenizer
    raise SystemExit(f"{folder}/tokenizer.json: neither the special pieces of BERT nor those of MPNet")


def logits(path, windows):
    """[words, labels] of all words of the windows."""
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    found = []
    for ids, types, *_, opinions in windows:
        inputs = {"input_ids": [ids], "token_type_ids": [types], "attention_mask": [[1] * len(ids)]}
        (said,) = session.run(None, {name: np.array(rows, dtype=np.int64) for name, rows in inputs.items()})
        found.append(said[0, [place != data.IGNORED for place in opinions]])
    return np.concatenate(found)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tokenizer", required=True, metavar="FOLDER")
    parser.add_argument("--text", required=True, metavar="CONLL")
    parser.add_argument("--windows", type=int, default=40)
    parser.add_argument("models", nargs="+", metavar="ONNX")
    args = parser.parse_args()

    encoder = data.Encoder(load_tokenizer(args.tokenizer), data.LabelSet(data.TYPES))
    documents = data.read_conll(args.text, labelled=False)
    for document in documents:
        for sentence in document.sentences:
            sentence.opinions = [0] * len(sentence.words)
    windows = [window for document in documents for window in encoder.windows(document)]
    windows = windows[:: max(1, len(windows) // args.windows)][: args.windows]
    expected = logits(args.models[0], windows)
    for path in args.models[1:]:
        found = logits(path, windows)
        error = np.sqrt(np.mean((found - expected) ** 2))
        other = int((found.argmax(-1) != expected.argmax(-1)).sum())
        print(f"{path}: root mean square error of a logit {error:.3f}, {other} of {len(expected):,} words with another label")


if __name__ == "__main__":
    main()
