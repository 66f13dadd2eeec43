#!/usr/bin/env python3
"""Average the weights of two trained networks of the same shape and labels.

    scripts/average.py --model build/news --model build/mixed --shares 0.3 0.7 --out build/news-small

A network that was trained further on other text, averaged with the one it came from, keeps most of what both know
(Wortsman and others, "Robust fine-tuning of zero-shot models", 2022). The folders are those of `train.py`, or shipped ones.
"""

import argparse

import torch
from transformers import AutoTokenizer

import network


def lend_exits(states):
    """Gives models without early exits those of the first that has some: heads that look at nearly the same states."""
    heads = next((found for state in states if (found := {name: value for name, value in state.items() if name.startswith("exits.")})), {})
    for state in states:
        for name, value in heads.items():
            state.setdefault(name, value.clone())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", action="append", required=True, metavar="FOLDER", help="may be given several times")
    parser.add_argument("--shares", nargs="+", type=float, required=True, metavar="SHARE", help="one for each model; together 1")
    parser.add_argument("--out", required=True, help="folder to write")
    args = parser.parse_args()
    if len(args.shares) != len(args.model) or abs(sum(args.shares) - 1) > 1e-6:
        parser.error("--shares wants one share for each --model, together 1")
    models = [network.load(folder).float() for folder in args.model]
    if len({model.config.type_vocab_size for model in models}) > 1:
        models = [network.widened(model) for model in models]
    states = [model.state_dict() for model in models]
    lend_exits(states)
    for folder, model, state in zip(args.model, models, states):
        alike = {name: value.shape for name, value in state.items()} == {name: value.shape for name, value in states[0].items()}
        if not alike or model.config.id2label != models[0].config.id2label:
            parser.error(f"{folder} has another shape or other labels than {args.model[0]}")
    with torch.no_grad():
        for name, value in states[0].items():
            if value.is_floating_point():
                value.copy_(sum(share * state[name] for share, state in zip(args.shares, states)))
    with_exits = next((model for model in models if hasattr(model, "exits")), models[0])
    with_exits.load_state_dict(states[0])
    with_exits.save_pretrained(args.out)
    AutoTokenizer.from_pretrained(args.model[0]).save_pretrained(args.out)


if __name__ == "__main__":
    main()
