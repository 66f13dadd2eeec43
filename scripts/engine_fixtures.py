#!/usr/bin/env python3
"""Make the tiny random models that the engines are tested with, and the logits that `transformers` computes for them.

    build/venv/bin/pip install -r scripts/requirements.txt
    build/venv/bin/python scripts/engine_fixtures.py --out tests/models    # and tests/mpnet, for `fused`

Each folder is a model in Hugging Face layout, of one architecture, with a tokenizer made from the example articles, random
weights that are large enough for differences to show, and `expected.json`: words, the pieces that `transformers` cuts them
into (`is_split_into_words`), and their logits. Some also have an ONNX export with the names and types that Optimum gives it, one of them with `position_ids`.
"""

import argparse
import json
import shutil
import sys
import tempfile
from pathlib import Path

import tokenizers
import torch
import transformers as tf
from tokenizers import decoders, models, normalizers, pre_tokenizers, processors, trainers

import network
import ner_data as data
from export import main as export_folder

ROOT = Path(__file__).parent.parent
WORDS = [
    "Mayor Ngozi Okafor of Lagos met the World Bank on Tuesday .".split(),
    "Oslo".split(),
    "The harbour strike in Gdynia ended , said Łukasz Wiśniewski , who speaks for the dockers ' union 's members .".split(),
]
LABELS = {
    "BIO": ["O", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-LOC", "I-LOC"],
    "IOBES": ["O"] + [f"{p}-{t}" for t in ("PERSON", "GPE", "ORG", "DATE") for p in "BIES"],
    "BILOU": [f"{p}-{t}" for t in ("PER", "ORG", "LOC") for p in "BILU"] + ["O"],
    "IO": ["O", "PER", "ORG", "LOC", "MISC"],
    "IOB1": ["B-LOC", "B-MISC", "B-ORG", "I-LOC", "I-MISC", "I-ORG", "I-PER", "O"],
}


def corpus():
    return [path.read_text() for path in sorted((ROOT / "examples").glob("*.txt"))]


def wordpiece(lowercase):
    tokenizer = tokenizers.Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=lowercase)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    tokenizer.train_from_iterator(corpus(), trainers.WordPieceTrainer(vocab_size=260, special_tokens=special))
    tokenizer.post_processor = template(tokenizer, "[CLS] $A [SEP]")
    return wrapped(tokenizer, cls_token="[CLS]", sep_token="[SEP]", pad_token="[PAD]", unk_token="[UNK]")


def byte_level(first="<s>", last="</s>", pad="<pad>", unk="<unk>", mask="<mask>"):
    """As the file of a published RoBERTa: without `add_prefix_space`, which whoever splits words has to ask for."""
    tokenizer = tokenizers.Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=380, special_tokens=[first, pad, last, unk, mask], initial_alphabet=pre_tokenizers.ByteLevel.alphabet()
    )
    tokenizer.train_from_iterator(corpus(), trainer)
    tokenizer.post_processor = template(tokenizer, f"{first} $A {last}")
    return wrapped(tokenizer, cls_token=first, sep_token=last, pad_token=pad, unk_token=unk)


def sentencepiece(special, single, unk="<unk>", **names):
    tokenizer = tokenizers.Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(tokenizers.Regex(" {2,}"), " ")])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(prepend_scheme="always")
    trainer = trainers.UnigramTrainer(vocab_size=260, special_tokens=special, unk_token=unk)
    tokenizer.train_from_iterator(corpus(), trainer)
    tokenizer.post_processor = template(tokenizer, single)
    return wrapped(tokenizer, unk_token=unk, **names)


def template(tokenizer, single):
    pieces = [part.split(":")[0] for part in single.split() if not part.startswith("$")]
    return processors.TemplateProcessing(single=single, special_tokens=[(p, tokenizer.token_to_id(p)) for p in pieces])


def wrapped(tokenizer, **names):
    return tf.PreTrainedTokenizerFast(tokenizer_object=tokenizer, **names)


SMALL = dict(hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=48)
XLMR = (["<s>", "<pad>", "</s>", "<unk>", "<mask>"], "<s> $A </s>")
XLMR_NAMES = dict(cls_token="<s>", sep_token="</s>", pad_token="<pad>")
CLS = (["[PAD]", "[CLS]", "[SEP]", "[UNK]", "[MASK]"], "[CLS] $A [SEP]")
CLS_NAMES = dict(unk="[UNK]", cls_token="[CLS]", sep_token="[SEP]", pad_token="[PAD]")


def architectures():
    """Name, tokenizer, configuration, label scheme, and whether an ONNX export is kept, or `positions` for one that takes them."""
    cased, uncased, bytes_ = wordpiece(False), wordpiece(True), byte_level()
    debertas = dict(relative_attention=True, max_relative_positions=-1, pos_att_type=["c2p", "p2c"], type_vocab_size=0, position_biased_input=False)
    yield "bert", cased, tf.BertConfig(**SMALL, max_position_embeddings=96), "BIO", True
    yield "bert-epsilon", cased, tf.BertConfig(**SMALL, layer_norm_eps=1e-5, max_position_embeddings=96), "IOB1", False
    yield "distilbert", uncased, tf.DistilBertConfig(dim=32, n_layers=2, n_heads=4, hidden_dim=48, max_position_embeddings=96), "IO", True
    yield "roberta", bytes_, tf.RobertaConfig(**SMALL, layer_norm_eps=1e-5, type_vocab_size=1, max_position_embeddings=98), "BILOU", True
    yield "roberta-positions", bytes_, tf.RobertaConfig(**SMALL, layer_norm_eps=1e-5, type_vocab_size=1, max_position_embeddings=98), "IO", "positions"
    yield "xlm-roberta", sentencepiece(*XLMR, **XLMR_NAMES), tf.XLMRobertaConfig(**SMALL, layer_norm_eps=1e-5, type_vocab_size=1, max_position_embeddings=98), "IOBES", True
    yield "albert", sentencepiece(*CLS, **CLS_NAMES), tf.AlbertConfig(**SMALL, embedding_size=16, max_position_embeddings=96), "BIO", False
    yield "electra", uncased, tf.ElectraConfig(**SMALL, embedding_size=16, max_position_embeddings=96), "BIO", False
    yield "deberta", bytes_, tf.DebertaConfig(**SMALL, **debertas, max_position_embeddings=96), "BIO", False
    yield "deberta-v2", sentencepiece(*CLS, **CLS_NAMES), tf.DebertaV2Config(**SMALL, **debertas, max_position_embeddings=96, conv_kernel_size=3, conv_act="gelu"), "BIO", False
    yield "deberta-v3", sentencepiece(*CLS, **CLS_NAMES), tf.DebertaV2Config(**SMALL, **debertas, max_position_embeddings=96, position_buckets=16, norm_rel_ebd="layer_norm", share_att_key=True), "BIO", True
    xlnet = sentencepiece(["<unk>", "<s>", "</s>", "<cls>", "<sep>", "<pad>"], "$A:0 <sep>:0 <cls>:2", cls_token="<cls>", sep_token="<sep>", pad_token="<pad>")
    yield "xlnet", xlnet, tf.XLNetConfig(d_model=32, n_layer=2, n_head=4, d_inner=48, pad_token_id=5, bos_token_id=1, eos_token_id=2), "BIO", False
    yield "longformer", bytes_, tf.LongformerConfig(**SMALL, attention_window=[16, 16], layer_norm_eps=1e-5, type_vocab_size=1, max_position_embeddings=98), "BIO", False
    yield "mobilebert", uncased, tf.MobileBertConfig(**SMALL, embedding_size=16, intra_bottleneck_size=16, max_position_embeddings=96, num_feedforward_networks=2), "BIO", False


def spread(model):
    """Weights as large as in a trained model: with the usual 0.02 all logits are nearly the same."""
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if "LayerNorm" in name or "layer_norm" in name or "layer_norm" in name.lower():
                parameter.add_(torch.randn_like(parameter) * 0.1)
            else:
                parameter.copy_(torch.randn_like(parameter) * (0.25 if parameter.dim() > 1 else 0.1))


def expected(model, tokenizer, types_of=None):
    """What `transformers` makes of lists of words; `types_of` gives the token type of each word, where that is not 0."""
    windows = []
    for words in WORDS:
        encoded = tokenizer(words, is_split_into_words=True, return_tensors="pt", return_token_type_ids=True)
        if types_of:
            types = types_of(words)
            encoded["token_type_ids"] = torch.tensor([[0 if word is None else types[word] for word in encoded.word_ids()]])
        inputs = {name: tensor for name, tensor in encoded.items() if name in model.forward.__code__.co_varnames}
        with torch.no_grad():
            logits = model(**inputs).logits[0]
        windows.append(
            {
                "words": words,
                "ids": encoded["input_ids"][0].tolist(),
                "token_types": encoded["token_type_ids"][0].tolist(),
                "logits": [[round(value, 6) for value in row] for row in logits.tolist()],
            }
        )
    return {"windows": windows}


def with_prefix_space(tokenizer):
    """The tokenizer as `add_prefix_space=True` loads it."""
    backend = tokenizers.Tokenizer.from_str(tokenizer.backend_tokenizer.to_str())
    if isinstance(backend.pre_tokenizer, pre_tokenizers.ByteLevel):
        backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True)
    return tf.PreTrainedTokenizerFast(tokenizer_object=backend, model_input_names=["input_ids", "token_type_ids", "attention_mask"])


def export(model, path, with_positions):
    """ONNX as Optimum exports it: the inputs that the network takes, 64-bit integers, and `logits`."""
    parameters = model.forward.__code__.co_varnames
    takes_types = getattr(model.config, "type_vocab_size", 0) > 1 and "token_type_ids" in parameters
    names = ["input_ids", "attention_mask"] + (["token_type_ids"] if takes_types else [])
    names += ["position_ids"] if with_positions else []
    sample = torch.ones(2, 16, dtype=torch.long)
    inputs = {name: sample if name != "token_type_ids" else torch.zeros_like(sample) for name in names}
    axes = {0: "batch_size", 1: "sequence_length"}
    torch.onnx.export(
        model,
        (inputs,),
        str(path),
        input_names=names,
        output_names=["logits"],
        dynamic_axes={name: axes for name in [*names, "logits"]},
        opset_version=14,
        do_constant_folding=True,
    )


def mpnet(folder):
    """Our own MPNet as `export.py` writes it, with token types, and with channels that are multiplied apart."""
    torch.manual_seed(7)
    tokenizer = wordpiece(True)
    config = tf.MPNetConfig(**SMALL, max_position_embeddings=98, vocab_size=len(tokenizer), type_vocab_size=6, layer_norm_eps=1e-5)
    config.id2label = dict(enumerate(LABELS["BIO"]))
    config.label2id = {label: index for index, label in config.id2label.items()}
    config.pad_token_id, config.architectures = 1, ["ShapedMPNet"]
    model = network.ShapedMPNet._from_config(config, attn_implementation="eager").eval()
    spread(model)
    with torch.no_grad():
        # Large enough for a wrong distance to show through the rounding of int8.
        model.base_model.encoder.relative_attention_bias.weight *= 6
        for layer in model.base_model.encoder.layer:
            layer.intermediate.dense.weight[5] *= 6
    shutil.rmtree(folder, ignore_errors=True)
    with tempfile.TemporaryDirectory() as trained:
        # The weights that are shipped are rounded to half precision.
        model.half().float().save_pretrained(trained)
        tokenizer.save_pretrained(trained)
        text = Path(trained) / "text.conll"
        text.write_text("\n\n".join("\n".join(f"{word} O" for word in words) for words in WORDS) + "\n")
        sys.argv = ["export.py", "--model", trained, "--out", str(folder), "--outliers", str(text), "--round", str(text)]
        export_folder()
    written = expected(model, tokenizer, lambda words: [data.word_shape(word) for word in words])
    (folder / "expected.json").write_text(json.dumps(written) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", required=True, type=Path)
    args = parser.parse_args()
    for name, tokenizer, config, scheme, onnx in architectures():
        torch.manual_seed(7)
        config.vocab_size = len(tokenizer)
        config.id2label = dict(enumerate(LABELS[scheme]))
        config.label2id = {label: index for index, label in config.id2label.items()}
        if config.model_type != "xlnet":
            config.pad_token_id = tokenizer.pad_token_id
        model = tf.AutoModelForTokenClassification.from_config(config, attn_implementation="eager").eval()
        spread(model)
        folder = args.out / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        model.save_pretrained(folder)
        tokenizer.backend_tokenizer.save(str(folder / "tokenizer.json"))
        (folder / "expected.json").write_text(json.dumps(expected(model, with_prefix_space(tokenizer))) + "\n")
        if onnx:
            (folder / "onnx").mkdir()
            export(model, folder / "onnx" / "model.onnx", onnx == "positions")
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        print(f"{name:<14} {size:>8} bytes  {', '.join(str(p.relative_to(folder)) for p in sorted(folder.rglob('*')) if p.is_file())}")
    mpnet(args.out.parent / "mpnet")


if __name__ == "__main__":
    main()
