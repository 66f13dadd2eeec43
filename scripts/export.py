#!/usr/bin/env python3
"""Turn a trained model into the folder that namesake ships and loads.

    scripts/export.py --model build/news-small --out models/news-small

Writes `config.json`, `tokenizer.json`, `model.safetensors` (fp16) and `onnx/model_quantized.onnx` (int8). Both weight
files hold the same network. It has the inputs `input_ids`, `attention_mask` and `token_type_ids`, whatever the encoder.

* Linear layers: per-channel symmetric int8 weights in 7 bits (`reduce_range`), because CPUs without dot-product
  instructions would overflow a 16-bit sum with 8; activations uint8, quantised while running, one scale a window.
  Codes are chosen so that on the texts of `--round`, else on those that the model was trained on, what the layers put out changes least
  (`rounding.py`); without such texts they are the nearest ones.
* `--outliers TEXT`: what the feed-forward layers write holds, in large models, a few channels of values twenty times as large as
  all others, always the same ones. One scale for all would leave the others few codes. The channels that exceed 6.0 on
  this text are multiplied apart, in fp32 (Dettmers et al. 2022, "LLM.int8()", https://arxiv.org/abs/2208.07339).
* The classifier: fp32.
* Embeddings: int8 with a scale for each row, looked up and multiplied back; everything else stays fp32.

Weights of more than `--file-megabytes` go into `model_quantized.onnx.data-1`, `-2` … beside the ONNX file, because hosts of
git repositories refuse larger files.
"""

import argparse
import copy
import json
import re
import tempfile
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors.torch import save_file
from transformers import AutoTokenizer

import exits
import ner_data as data
import network
import rounding
import training

# Of the paper on LLM.int8(): values above are outliers.
OUTLIER = 6.0
# Windows of each text on which codes are chosen.
ROUNDING_WINDOWS = 60
# Windows in which outliers are looked for; the channels are the same ones in all.
OUTLIER_WINDOWS = 100


class SplitLinear(torch.nn.Module):
    """A linear layer whose `channels` of the input are multiplied apart from the rest."""

    def __init__(self, dense, channels):
        super().__init__()
        self.dense = dense
        self.channels = channels
        self.outlier_weights = torch.nn.Parameter(dense.weight[:, channels].T.contiguous())
        self.rest = torch.nn.Parameter(torch.ones(dense.in_features).index_fill(0, channels, 0.0))
        with torch.no_grad():
            dense.weight[:, channels] = 0.0

    def forward(self, values):
        return self.dense(values * self.rest) + values[..., self.channels] @ self.outlier_weights


@torch.no_grad()
def split_outliers(model, tokenizer, path):
    """Splits the second linear layer of each feed-forward block where its input has outliers on the text of `path`."""
    layers = model.base_model.encoder.layer
    greatest = torch.zeros(len(layers), model.config.intermediate_size)

    def watch(layer, sizes):
        def note(_, inputs):
            sizes.copy_(torch.maximum(sizes, inputs[0].abs().flatten(0, 1).amax(0)))

        return layer.output.dense.register_forward_pre_hook(note)

    hooks = [watch(layer, sizes) for layer, sizes in zip(layers, greatest)]
    for window in data.sample_windows(path, tokenizer, OUTLIER_WINDOWS, model.config.type_vocab_size):
        ids, types, mask, *_ = training.pad([window], tokenizer.pad_token_id)
        model(input_ids=ids, token_type_ids=types, attention_mask=mask)
    for hook, layer, sizes in zip(hooks, layers, greatest):
        hook.remove()
        channels = (sizes > OUTLIER).nonzero().flatten()
        if len(channels):
            layer.output.dense = SplitLinear(layer.output.dense, channels)
    print("outlier channels a layer:", " ".join(str(int((sizes > OUTLIER).sum())) for sizes in greatest))


def export_float(model, path):
    """fp32 ONNX with the inputs that the engine feeds: [batch, pieces] of each."""
    sample = torch.ones(1, 16, dtype=torch.long)
    axes = {0: "batch", 1: "pieces"}
    names = ["input_ids", "attention_mask", "token_type_ids"]
    torch.onnx.export(
        model,
        (sample, sample, torch.zeros_like(sample)),
        path,
        input_names=names,
        output_names=["logits"],
        dynamic_axes={name: axes for name in [*names, "logits"]},
        opset_version=17,
        do_constant_folding=True,
    )


def quantize_embeddings(path):
    """Replace every large fp32 table that is only looked up (Gather) by int8 rows and one scale a row."""
    graph_model = onnx.load(path)
    graph = graph_model.graph
    tables = {t.name: t for t in graph.initializer}
    nodes = []
    for node in graph.node:
        table = tables.get(node.input[0]) if node.op_type == "Gather" else None
        if table is None or table.data_type != TensorProto.FLOAT or np.prod(table.dims) < 100_000:
            nodes.append(node)
            continue
        rows = numpy_helper.to_array(table)
        scales = np.maximum(np.abs(rows).max(axis=1, keepdims=True), 1e-12) / 127
        codes = np.rint(rows / scales).astype(np.int8)
        name = table.name
        graph.initializer.remove(table)
        graph.initializer.append(numpy_helper.from_array(codes, name + ".int8"))
        graph.initializer.append(numpy_helper.from_array(scales.astype(np.float32), name + ".scale"))
        ids = node.input[1]
        found = [f"{name}/{part}" for part in ("codes", "float", "scales")]
        nodes += [
            helper.make_node("Gather", [name + ".int8", ids], [found[0]], axis=0),
            helper.make_node("Cast", [found[0]], [found[1]], to=TensorProto.FLOAT),
            helper.make_node("Gather", [name + ".scale", ids], [found[2]], axis=0),
            helper.make_node("Mul", [found[1], found[2]], [node.output[0]]),
        ]
    del graph.node[:]
    graph.node.extend(nodes)
    onnx.save(graph_model, path)


def restore_weights(path, model):
    """Puts back what PyTorch's export left out, for engines that read weights and not the graph and find all by name: vectors to which
    another layer has an equal one, and the heads of early exits, which are no part of the graph."""
    graph_model = onnx.load(path)
    there = {tensor.name for tensor in graph_model.graph.initializer}
    state = model.state_dict()
    lacking = {name for name, tensor in state.items() if tensor.is_floating_point() and (tensor.dim() == 1 or name.startswith("exits."))}
    for name in sorted(lacking - there):
        graph_model.graph.initializer.append(numpy_helper.from_array(state[name].numpy(), name))
    onnx.save(graph_model, path)


def split_weights(path, limit):
    """Moves weights out of an ONNX file of more than `limit` bytes, into files of at most so many."""
    for stale in path.parent.glob(f"{path.name}.data-*"):
        stale.unlink()
    if path.stat().st_size <= limit:
        return
    graph_model = onnx.load(path)
    pieces = [bytearray()]
    for tensor in sorted(graph_model.graph.initializer, key=lambda t: (-len(t.raw_data), t.name)):
        if len(tensor.raw_data) < 100_000:
            break
        if pieces[-1] and len(pieces[-1]) + len(tensor.raw_data) > limit:
            pieces.append(bytearray())
        place = {"location": f"{path.name}.data-{len(pieces)}", "offset": len(pieces[-1]), "length": len(tensor.raw_data)}
        pieces[-1] += tensor.raw_data
        tensor.ClearField("raw_data")
        tensor.data_location = TensorProto.EXTERNAL
        for key, value in place.items():
            tensor.external_data.add(key=key, value=str(value))
    for number, piece in enumerate(pieces, 1):
        path.with_name(f"{path.name}.data-{number}").write_bytes(piece)
    path.write_bytes(graph_model.SerializeToString())


def float_nodes(path, pattern):
    """Names of the matrix products that stay fp32: the head, which is small, those of outliers, and what `--keep-float` matches."""
    nodes = [node for node in onnx.load(path, load_external_data=False).graph.node if node.op_type == "MatMul"]
    return [
        node.name
        for node in nodes
        if "classifier" in node.name or any("outlier_weights" in name for name in node.input) or (pattern and re.search(pattern, node.name))
    ]


def training_texts(folder):
    """The files that the model in a folder of `train.py` or `distill.py` was trained on, as far as they are still there."""
    report = Path(folder) / "training.json"
    arguments = json.loads(report.read_text())["arguments"] if report.exists() else {}
    partial = [path for _, *paths in arguments.get("partial") or [] for path in paths]
    return [path for path in [*arguments.get("train", []), *partial] if Path(path).exists()]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--float-onnx", help="also keep the fp32 ONNX here, to measure what int8 costs")
    parser.add_argument("--keep-float", metavar="PATTERN", help="regular expression of ONNX nodes whose weights stay fp32, as layer.11/output")
    parser.add_argument("--round", nargs="+", metavar="TEXT", help="CoNLL files on which codes are chosen [default: what it was trained on]")
    parser.add_argument("--outliers", metavar="TEXT", help="CoNLL file on which outlier channels are looked for")
    parser.add_argument("--file-megabytes", type=float, default=95, help="largest file of int8 weights")
    parser.add_argument("--full-range", action="store_true", help="8-bit weights (wrong on CPUs without int8 dot products)")
    args = parser.parse_args()

    out = Path(args.out)
    (out / "onnx").mkdir(parents=True, exist_ok=True)
    model = network.load(args.model)
    # The graph is that of all layers for all pieces.
    exits.switch(model, enabled=False)
    tokenizer = AutoTokenizer.from_pretrained(args.model)

    tokenizer.backend_tokenizer.no_padding()
    tokenizer.backend_tokenizer.no_truncation()
    tokenizer.backend_tokenizer.save(str(out / "tokenizer.json"))
    config = json.loads((Path(args.model) / "config.json").read_text())
    # A model that was trained further has its base's calibration still, and other scores.
    for stale in ("_name_or_path", "score_calibration"):
        config.pop(stale, None)
    config.update(torch_dtype="float16", word_shapes=data.SHAPES, window_pieces=data.WINDOW_PIECES)
    if model.config.type_vocab_size == data.TOKEN_TYPES:
        config["word_layouts"] = data.LAYOUTS
    (out / "config.json").write_text(json.dumps(config, indent=2, sort_keys=True) + "\n")
    weights = {name: tensor.half().contiguous() for name, tensor in model.state_dict().items() if tensor.is_floating_point()}
    save_file(weights, str(out / "model.safetensors"), metadata={"format": "pt"})

    if args.outliers:
        split_outliers(model, tokenizer, args.outliers)
    float_model = copy.deepcopy(model) if args.float_onnx else None
    texts = args.round or training_texts(args.model)
    if texts:
        rounding.round_weights(model, tokenizer, texts, ROUNDING_WINDOWS)
    else:
        print("no texts to choose codes on: the nearest ones are taken (--round)")
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "model.onnx"
        export_float(model, str(plain))
        if args.float_onnx:
            Path(args.float_onnx).parent.mkdir(parents=True, exist_ok=True)
            export_float(float_model, args.float_onnx)
        target = out / "onnx" / "model_quantized.onnx"
        quantize_dynamic(
            plain,
            target,
            op_types_to_quantize=["MatMul"],
            per_channel=True,
            reduce_range=not args.full_range,
            nodes_to_exclude=float_nodes(plain, args.keep_float),
            weight_type=QuantType.QInt8,
            extra_options={"MatMulConstBOnly": True, "WeightSymmetric": True},
        )
        quantize_embeddings(str(target))
        restore_weights(str(target), model)
        split_weights(target, int(args.file_megabytes * 1e6))
    for path in sorted(out.rglob("*")):
        if path.is_file():
            print(f"{path.stat().st_size:>10} {path}")


if __name__ == "__main__":
    main()
