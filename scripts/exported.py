"""Reads the int8 weights of an exported folder back, so that a model of which only those are shipped can be trained further."""

import re
from pathlib import Path

import numpy as np
import onnx
from google.protobuf.message import DecodeError
from onnx import numpy_helper
from onnx.checker import ValidationError

ONNX_FILE = Path("onnx") / "model_quantized.onnx"


def weights(folder):
    """As `arrays`, as tensors of PyTorch."""
    import torch  # `float.py` does without.

    return {name: torch.from_numpy(values) for name, values in arrays(folder).items()}


def arrays(folder):
    """{name in the network: fp32 array} of what `export.py` wrote, without the buffers that are no weights."""
    path = Path(folder) / ONNX_FILE
    try:
        graph = onnx.load(path).graph
        return decoded(graph, {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer})
    except (DecodeError, ValidationError, OSError, ValueError) as error:
        raise SystemExit(f"{path} cannot be read, is a part of it missing? {error}") from error
    except KeyError as error:
        raise SystemExit(f"{path} is no export of ours: it lacks {error}") from error


def decoded(graph, stored):
    """The weights in the graph, of which `stored` are the arrays."""
    found = {name.removesuffix(".int8"): codes * stored[name.replace(".int8", ".scale")] for name, codes in stored.items() if name.endswith(".int8")}
    found |= {name: values for name, values in stored.items() if re.search(r"^[a-z].*\.(weight|bias)$", name)}
    for node in graph.node:
        if node.op_type == "MatMulInteger":
            codes = node.input[1]
            found[layer_of(node.name) + ".weight"] = (stored[codes] * stored[codes.replace("_quantized", "_scale")]).T
        elif node.op_type == "MatMul" and node.input[1] in stored and "outlier_weights" not in node.input[1]:
            found[layer_of(node.name) + ".weight"] = stored[node.input[1]].T
    for name in [name for name in stored if name.endswith(".outlier_weights")]:
        join_outliers(found, stored, name.removesuffix(".outlier_weights"))
    return {name: np.array(values, dtype=np.float32) for name, values in found.items()}


def layer_of(node):
    """The linear layer that an ONNX node multiplies with: `/bert/encoder/layer.0/output/dense/MatMul_quant`."""
    return node.removeprefix("/").rsplit("/", 1)[0].replace("/", ".")


def join_outliers(found, stored, layer):
    """Undoes `export.SplitLinear`: the channels that are multiplied apart go back into their layer."""
    matrix = np.array(found.pop(f"{layer}.dense.weight"))
    matrix[:, stored[f"{layer}.rest"] == 0] = stored[f"{layer}.outlier_weights"].T
    found[f"{layer}.weight"] = matrix
    found[f"{layer}.bias"] = found.pop(f"{layer}.dense.bias")
