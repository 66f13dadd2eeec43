#!/usr/bin/env python3
"""How far the logits of int8 exports are from those of fp32 PyTorch: which layers int8 hurts.

    scripts/export.py --model build/mine --out build/trial --keep-float 'layer.*/output'
    scripts/int8_loss.py --model build/mine --text dev.conll build/trial/onnx/model_quantized.onnx ...

The exports run in ONNX Runtime, on words from all over the text. With `--weights` their weights run in fp32 PyTorch: what rounding those
costs alone, without that of the activations.
"""

import argparse
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from transformers import AutoTokenizer

import exits
import exported
import ner_data as data
import network
import training


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True, metavar="FOLDER", help="what train.py wrote and export.py read")
    parser.add_argument("--text", required=True, metavar="CONLL")
    parser.add_argument("--windows", type=int, default=40)
    parser.add_argument("--weights", action="store_true", help="measure what the rounding of the weights costs")
    parser.add_argument("exports", nargs="+", metavar="ONNX")
    args = parser.parse_args()

    model, tokenizer = network.load(args.model), AutoTokenizer.from_pretrained(args.model)
    exits.switch(model, enabled=False)
    windows = data.sample_windows(args.text, tokenizer, args.windows, model.config.type_vocab_size)
    batches = [training.pad([window], tokenizer.pad_token_id)[:3] for window in windows]

    def in_pytorch():
        with torch.no_grad():
            return np.concatenate([model(ids, mask, types).logits[0].numpy() for ids, types, mask in batches])

    def in_runtime(path):
        session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
        return np.concatenate([
            session.run(None, {"input_ids": ids.numpy(), "token_type_ids": types.numpy(), "attention_mask": mask.numpy()})[0][0]
            for ids, types, mask in batches
        ])  # fmt: skip

    exact = in_pytorch()
    for path in args.exports:
        if args.weights:
            model.load_state_dict(exported.weights(Path(path).parents[1]), strict=False)
        found = in_pytorch() if args.weights else in_runtime(path)
        error = np.sqrt(np.mean((found - exact) ** 2))
        other = int((found.argmax(-1) != exact.argmax(-1)).sum())
        print(f"{path}: root mean square error of a logit {error:.3f}, {other} of {len(exact):,} pieces with another label")


if __name__ == "__main__":
    main()
