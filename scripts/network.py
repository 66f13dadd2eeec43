"""The networks that are trained: a BERT or MPNet encoder that reads the written shape and the layout of each word, and a classifier.

A BERT carries both in its token-type table and stays a plain `BertForTokenClassification`. MPNet has no token
types: `ShapedMPNet` adds such a table to its word embeddings, under the same name and fed by the same input.
"""

import copy
import json
import re
from pathlib import Path

import torch
from torch import nn
from transformers import AutoConfig, AutoModel, BertForTokenClassification, MPNetForTokenClassification

import exits
import exported
import ner_data as data

SHAPE_TABLE = "token_type_embeddings"
# How many times as fast as all else the heads of early exits learn: they are fresh, and nothing depends on them.
EXIT_RATE = 10


class ShapedMPNet(MPNetForTokenClassification):
    """MPNet with a token-type table; a row of zeros is the MPNet that was."""

    def __init__(self, config):
        super().__init__(config)
        self.token_type_embeddings = nn.Embedding(config.type_vocab_size, config.hidden_size)

    def forward(self, input_ids=None, attention_mask=None, token_type_ids=None, output_hidden_states=None):
        embedded = self.mpnet.embeddings.word_embeddings(input_ids) + self.token_type_embeddings(token_type_ids)
        return super().forward(inputs_embeds=embedded, attention_mask=attention_mask, output_hidden_states=output_hidden_states)


CLASSES = {"bert": BertForTokenClassification, "mpnet": ShapedMPNet}
for kind in CLASSES.values():
    # The heads of early exits are attached afterwards.
    kind._keys_to_ignore_on_load_unexpected = [*(kind._keys_to_ignore_on_load_unexpected or []), r"^exits\."]


def network_class(folder):
    kind = json.loads((Path(folder) / "config.json").read_text())["model_type"]
    if kind not in CLASSES:
        raise SystemExit(f"{folder}: a {kind} encoder; known are {', '.join(CLASSES)}")
    return CLASSES[kind]


def read(kind, folder, **options):
    """A network of ours, from the weights that `train.py` saved, or from int8 where a folder has those alone."""
    if (Path(folder) / "model.safetensors").exists() or not (Path(folder) / exported.ONNX_FILE).exists():
        return kind.from_pretrained(folder, **options)
    config = options.pop("config", None) or AutoConfig.from_pretrained(folder)
    network = kind._from_config(config, **options)
    weights = {name: tensor for name, tensor in exported.weights(folder).items() if not name.startswith("exits.")}
    missing, unknown = network.load_state_dict(weights, strict=False)
    if missing or unknown:
        raise SystemExit(f"{folder}: {exported.ONNX_FILE} is no export of ours: {', '.join((missing + unknown)[:3])} do not fit")
    return network


def load(folder):
    """A trained network as `train.py` saved it, or a shipped folder."""
    network = read(network_class(folder), folder, attn_implementation="eager")
    exits.read(network, folder)
    return network.eval()


def build(base, labels, dropout, exit_layers=None, exit_probability=None):
    """The base encoder with one token-type row a shape and layout, all alike, and a fresh classifier for `labels`.

    A base that already is a network of ours with the same labels keeps its classifier and its shapes, and its early exits unless
    others (or none, by an empty list) are named.
    """
    kind = network_class(base)
    config = copy.deepcopy(AutoConfig.from_pretrained(base))
    trained = kind.__name__ in (config.architectures or []) and list(config.id2label.values()) == labels
    config.hidden_dropout_prob = config.attention_probs_dropout_prob = dropout
    config.id2label = dict(enumerate(labels))
    config.label2id = {label: index for index, label in enumerate(labels)}
    config.architectures = [kind.__name__]
    fresh_exits = exit_layers is not None and exit_layers != getattr(config, "exit_layers", None)
    if exit_layers is not None:
        config.exit_layers, config.exit_probability = exit_layers, exit_probability
    if trained:
        network = read(kind, base, config=config)
        if fresh_exits:
            exits.attach(network)
        else:
            exits.read(network, base)
        return widened(network)
    encoder = AutoModel.from_pretrained(base, add_pooling_layer=False).state_dict()
    config.type_vocab_size = data.TOKEN_TYPES
    network = kind(config)
    table = f"embeddings.{SHAPE_TABLE}.weight"
    if table in encoder:
        encoder[table] = encoder[table][:1].repeat(data.TOKEN_TYPES, 1)
    else:
        nn.init.zeros_(network.token_type_embeddings.weight)
    network.base_model.load_state_dict(encoder)
    exits.attach(network)
    return network


def shape_table(network):
    """The module that holds the token-type table, which is called `SHAPE_TABLE` in it."""
    return network if isinstance(network, ShapedMPNet) else network.base_model.embeddings


@torch.no_grad()
def widened(network):
    """The network with a row for each shape in each layout; it says the same as before, for a shape's rows are alike."""
    owner = shape_table(network)
    table = getattr(owner, SHAPE_TABLE)
    if table.num_embeddings == len(data.SHAPES):
        wide = nn.Embedding(data.TOKEN_TYPES, table.embedding_dim)
        wide.weight.copy_(table.weight.repeat(len(data.LAYOUTS), 1))
        setattr(owner, SHAPE_TABLE, wide)
        network.config.type_vocab_size = data.TOKEN_TYPES
    return network


def freeze(network, layers):
    """Leaves the embeddings, the shape table and the first `layers` layers as they are, so that nothing flows back so far."""
    for name, parameter in network.named_parameters():
        layer = re.search(r"encoder\.layer\.(\d+)\.", name)
        # MPNet's table of distances belongs to all layers: to learn it, the lowest would have to be gone through.
        low = int(layer[1]) < layers if layer else "embeddings" in name or "relative_attention_bias" in name
        parameter.requires_grad_(not low)


def parameter_groups(network, learning_rate, shape_rate):
    """For the optimiser: matrices decay, vectors do not, and the shape table learns `shape_rate` times as fast."""
    groups = {"matrices": [], "vectors": [], "shapes": [], "exits": []}
    for name, parameter in network.named_parameters():
        if not parameter.requires_grad:
            continue
        if SHAPE_TABLE in name:
            groups["shapes"].append(parameter)
        elif "exits." in name:
            groups["exits"].append(parameter)
        else:
            groups["matrices" if parameter.dim() >= 2 else "vectors"].append(parameter)
    return [
        {"params": groups["matrices"], "lr": learning_rate, "weight_decay": 0.01},
        {"params": groups["vectors"], "lr": learning_rate, "weight_decay": 0.0},
        {"params": groups["shapes"], "lr": learning_rate * shape_rate, "weight_decay": 0.0},
        {"params": groups["exits"], "lr": learning_rate * EXIT_RATE, "weight_decay": 0.0},
    ]


class Average:
    """Exponential moving average of the weights; what is evaluated and saved."""

    def __init__(self, network, decay):
        self.network = copy.deepcopy(network).eval()
        self.decay = decay
        self.steps = 0

    @torch.no_grad()
    def update(self, network):
        self.steps += 1
        decay = min(self.decay, (1 + self.steps) / (10 + self.steps))
        for mine, theirs in zip(self.network.parameters(), network.parameters()):
            if theirs.requires_grad:
                mine.lerp_(theirs, 1 - decay)
