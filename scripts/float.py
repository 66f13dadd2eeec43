#!/usr/bin/env python3
"""Writes the weights of a shipped model, of which the repository has int8 codes, as fp32 into a folder that other programs read:

    scripts/float.py models/news-small          # makes build/floats/news-small
    scripts/float.py models/news-base --out build/base

The folder has `model.safetensors`, `config.json` and `tokenizer.json`. Needs numpy, onnx and safetensors; PyTorch it does not.
"""

import argparse
import shutil
from pathlib import Path

import exported
import numpy as np
from safetensors.numpy import save_file


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path, help="a folder that export.py wrote")
    parser.add_argument("--out", type=Path, help="where to write [default: build/floats/NAME]")
    args = parser.parse_args()
    out = args.out or Path(__file__).resolve().parent.parent / "build" / "floats" / args.model.resolve().name
    weights = {name: np.ascontiguousarray(values) for name, values in exported.arrays(args.model).items()}
    out.mkdir(parents=True, exist_ok=True)
    save_file(weights, out / "model.safetensors", metadata={"format": "pt"})
    for file in ("config.json", "tokenizer.json"):
        shutil.copyfile(args.model / file, out / file)
    print(f"{len(weights)} tensors in {out}")


if __name__ == "__main__":
    main()
