#!/usr/bin/env python3
"""Fine-tune a case-aware NER model on CoNLL files.

    scripts/train.py --base BASE_DIR --train train.conll --dev dev.conll --out build/mine
    scripts/export.py --model build/mine --out models/mine
    namesake extract --model models/mine article.txt

BASE_DIR is an unpacked Hugging Face folder of a BERT or MPNet encoder (scripts/README.md says where to find some), or the
`--out` of an earlier run. The labels are those of the files: PER, ORG, LOC, MISC or some of them; other types are renamed or
dropped with --map. Files that lack types (`--partial MISC tweets.conll`) teach the others without punishing those.
"""

import argparse

import torch
from transformers import AutoTokenizer

import exits
import network
import ner_data as data
import training


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    training.add_arguments(parser)
    args = parser.parse_args()
    if args.threads:
        torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    documents, labels = training.read_documents(args)
    tokenizer = AutoTokenizer.from_pretrained(args.base)
    model = network.build(args.base, labels.names, args.dropout, args.exit_layers, args.exit_probability)
    run = training.Run(args, model, tokenizer, data.Encoder(tokenizer, labels))

    def loss_of_batch(model, ids, types, mask, targets, _, words):
        logits = model(input_ids=ids, token_type_ids=types, attention_mask=mask).logits
        at_exits = exits.loss(model, lambda logits: training.gold_loss(logits, targets.gather(1, words), labels.allowed))
        return training.gold_loss(logits, targets, labels.allowed) + at_exits

    run.fit(documents, training.read_dev(args, labels), loss_of_batch)


if __name__ == "__main__":
    main()
