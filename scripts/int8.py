"""What the engine makes of a network, in PyTorch: linear layers with weights in 7 bits and activations in 8.

`train.py --int8` and `distill.py --int8` train with it: weights that were trained so lose less where they are rounded in
earnest (Jacob et al. 2018, "Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference",
https://arxiv.org/abs/1712.05877).
"""

import re

import torch
from torch.nn import functional

# Of symmetric weights in 7 bits, the scale of an output being its greatest weight's.
GREATEST_CODE = 64
# Of activations, from the lowest value of a row to its greatest.
STEPS = 255


def integer_layers(model):
    """{name: linear layer} of those that become integers: all of the encoder; the head stays fp32."""
    layers = {name: layer for name, layer in model.named_modules() if isinstance(layer, torch.nn.Linear)}
    return {name: layer for name, layer in layers.items() if re.search(r"encoder\.layer\.\d+\.", name)}


def weight_scales(weights):
    """One a row of `weights` [outputs, inputs]."""
    return weights.abs().amax(1).clamp_min(1e-12) / GREATEST_CODE


class Int8Linear(torch.nn.Linear):
    """A linear layer with rounded weights and activations, whose gradients flow as if nothing had been rounded."""

    def forward(self, values):
        scales = weight_scales(self.weight.detach())[:, None]
        weights = (self.weight.detach() / scales).round() * scales
        return functional.linear(as_if(values, rounded_rows(values.detach())), as_if(self.weight, weights), self.bias)


def rounded_rows(values):
    values = values.float()
    low, high = values.amin(-1, keepdim=True), values.amax(-1, keepdim=True)
    step = ((high - low) / STEPS).clamp_min(1e-12)
    return ((values - low) / step).round() * step + low


def as_if(values, rounded):
    """`rounded` on the way to the loss, `values` on the way back (the straight-through estimator)."""
    return values + (rounded - values).detach()


def compute_in_int8(model):
    """Makes the encoder's linear layers compute as the engine does; names and weights stay as they are."""
    for layer in integer_layers(model).values():
        layer.__class__ = Int8Linear
