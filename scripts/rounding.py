"""Rounds the weights of linear layers to int8 codes so that what the layers put out changes least (GPTQ).

Rounding each weight to the nearest code keeps the weights as near as can be, not the sums that they make. Here an input's
weights are rounded one after the other, and the weights of the inputs to come are moved to make up for the error, as far as the inputs
go together on a text: Frantar et al. 2023, "GPTQ: Accurate Post-Training Quantization for Generative Pre-trained
Transformers", https://arxiv.org/abs/2210.17323. The scales, and so the codes' format and speed, stay as they are.
"""

import torch

import int8
import ner_data as data
import training

# Share of the mean square of an input that is added to each, so that the equations can be solved.
DAMPING = 0.01
# Inputs whose errors are handed on together: the same result as one by one, in large products.
BLOCK = 128


@torch.no_grad()
def round_weights(model, tokenizer, paths, windows):
    """Rounds all layers on so many windows of each of the texts."""
    layers = int8.integer_layers(model)
    sums = {name: torch.zeros(layer.in_features, layer.in_features) for name, layer in layers.items()}

    def watch(layer, total):
        def add(_, inputs):
            values = inputs[0].flatten(0, 1)
            total.addmm_(values.T, values)

        return layer.register_forward_pre_hook(add)

    hooks = [watch(layer, sums[name]) for name, layer in layers.items()]
    for path in paths:
        for window in data.sample_windows(path, tokenizer, windows, model.config.type_vocab_size):
            ids, types, mask, *_ = training.pad([window], tokenizer.pad_token_id)
            model(input_ids=ids, token_type_ids=types, attention_mask=mask)
    for hook in hooks:
        hook.remove()
    for name, layer in layers.items():
        layer.weight.copy_(rounded(layer.weight, sums.pop(name)))


def rounded(weights, products):
    """`weights` [outputs, inputs] on the codes of each output's scale; `products` [inputs, inputs] are the sums of x xᵀ over a text.

    The greatest weight of an output keeps the greatest code, so that whoever computes the scale anew finds the same.
    """
    scales = int8.weight_scales(weights)
    unused = products.diagonal() == 0
    products.diagonal()[unused] = 1
    products.diagonal().add_(DAMPING * products.diagonal().mean())
    # Inputs that count most come first: those behind them can make up for their errors.
    order = products.diagonal().argsort(descending=True)
    weights, products = weights[:, order], products[order][:, order]
    greatest = weights.abs().argmax(1)
    spread = torch.linalg.cholesky(torch.cholesky_inverse(torch.linalg.cholesky(products)), upper=True)
    found = torch.empty_like(weights)
    for start in range(0, weights.shape[1], BLOCK):
        end = min(start + BLOCK, weights.shape[1])
        block, errors = weights[:, start:end].clone(), torch.empty(len(weights), end - start)
        for column in range(end - start):
            place, wanted = start + column, block[:, column]
            codes = (wanted / scales).round().clamp(-int8.GREATEST_CODE, int8.GREATEST_CODE)
            codes = torch.where(greatest == place, wanted.sign() * int8.GREATEST_CODE, codes)
            found[:, place] = codes * scales
            errors[:, column] = (wanted - found[:, place]) / spread[place, place]
            block[:, column + 1 :] -= errors[:, column : column + 1] * spread[place, place + 1 : end]
        weights[:, end:] -= errors @ spread[start:end, end:]
    return found[:, order.argsort()]
