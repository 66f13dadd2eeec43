"""Early exits: words that a network is sure of after a few layers go through no more of them.

Most words of a text are no part of a name, and a network knows it early. After some layers a linear head looks at each piece. One that
it finds to be outside every mention with at least a certain probability is settled: the head's opinion is its label, and its
hidden state stays as it is, for the other pieces to attend to (Li et al. 2021, "Accelerating BERT Inference for Sequence
Labeling via Early-Exit", https://arxiv.org/abs/2105.13878, with sentences' words leaving one by one).

Heads are part of the network: `exits.2.weight` and `exits.2.bias` of the one after two layers, and `config.json` names the
layers (`exit_layers`) and the probability (`exit_probability`). Without them all pieces go through all layers; `fused` is the engine
that leaves work out. Hooks on the layers do it here, for BERT and MPNet alike.
"""

from functools import partial
from pathlib import Path

import safetensors.torch
import torch
from torch import nn

import exported

# Index of the label of words outside every mention.
OUTSIDE = 0


class Exits(nn.ModuleDict):
    """The heads by the number of layers before them, and while a batch runs the pieces that go on."""

    def __init__(self, config):
        super().__init__({str(layer): nn.Linear(config.hidden_size, config.num_labels) for layer in config.exit_layers})
        self.probability = config.exit_probability
        self.enabled = True
        self.begin()

    def begin(self, *_):
        """Before a batch. While training about half of them run to their end, so that the whole network stays a good one, too."""
        self.settling = self.enabled and (not self.training or torch.rand(()).item() < 0.5)
        self.open = self.settled = None
        self.opinions = []

    def after_layer(self, number, layer, inputs, output):
        """What the layer makes of the open pieces, beside the states of the settled ones; then the head settles some more."""
        if not self.enabled:
            return None
        hidden = output[0] if self.open is None else torch.where(self.open[..., None], output[0], inputs[0])
        if str(number) in self:
            # The heads only look: the layers before them learn from what becomes of their opinions.
            opinion = self[str(number)](hidden.detach())
            self.opinions.append(opinion)
            if self.settling:
                self.settle(self[str(number)](hidden), opinion)
        return (hidden, *output[1:])

    def settle(self, logits, opinion):
        sure = opinion.detach().float().softmax(-1)[..., OUTSIDE] >= self.probability
        if self.open is None:
            self.open, self.settled = ~sure, logits
        else:
            self.settled = torch.where((self.open & sure)[..., None], logits, self.settled)
            self.open = self.open & ~sure

    def after_network(self, network, inputs, output):
        if self.open is not None:
            output.logits = torch.where(self.open[..., None], output.logits, self.settled)
        return output


def attach(network):
    """Gives a network the heads that its configuration names, fresh ones, and hooks that heed them."""
    if not getattr(network.config, "exit_layers", None):
        return
    layers = network.base_model.encoder.layer
    if not all(0 < number < len(layers) for number in network.config.exit_layers):
        raise SystemExit(f"exits after {network.config.exit_layers}: there are layers before and behind an exit after 1 to {len(layers) - 1} of them")
    network.exits = Exits(network.config)
    for head in network.exits.values():
        nn.init.zeros_(head.weight)
        nn.init.zeros_(head.bias)
    network.register_forward_pre_hook(network.exits.begin)
    for number, layer in enumerate(layers, 1):
        layer.register_forward_hook(partial(network.exits.after_layer, number))
    network.register_forward_hook(network.exits.after_network)


def read(network, folder):
    """The heads of the network in a folder that `train.py` or `export.py` wrote, if it has some."""
    attach(network)
    if not hasattr(network, "exits"):
        return
    path = Path(folder) / "model.safetensors"
    weights = safetensors.torch.load_file(path) if path.exists() else exported.weights(folder)
    heads = {name.removeprefix("exits."): tensor.float() for name, tensor in weights.items() if name.startswith("exits.")}
    network.exits.load_state_dict(heads)


def switch(network, enabled):
    """With or without early exits; without, every piece goes through all layers, as in other engines than `fused`."""
    if hasattr(network, "exits"):
        network.exits.enabled = enabled


def open_pieces(network, ids):
    """Which of the pieces of the last batch, [windows, pieces] like `ids`, went through all layers."""
    mask = network.exits.open if hasattr(network, "exits") else None
    return torch.ones_like(ids, dtype=torch.bool) if mask is None else mask


def loss(network, of_logits):
    """What the heads are wrong by, together; `of_logits` is the loss of logits for every piece."""
    return sum(of_logits(opinion) for opinion in network.exits.opinions) if hasattr(network, "exits") else 0.0
