#!/usr/bin/env bash
# Whether the engines agree on the shipped model over a whole labelled file:
#
#   scripts/engine_parity.sh DEV.conll
#
# Makes 32-bit safetensors and ONNX of the shipped weights (with the virtual environment build/venv of scripts/README.md), compares every
# logit of all engines, and the spans that each finds.
set -euo pipefail
cd "$(dirname "$0")/.."
text=$(realpath "${1:?name a CoNLL file}")
folder=build/parity-model
python=build/venv/bin/python
[ -x "$python" ] || { echo "engine_parity.sh: make build/venv first, see scripts/README.md" >&2; exit 1; }

mkdir -p "$folder/onnx"
"$python" scripts/float.py models/news-small --out "$folder"
PYTHONPATH=scripts "$python" -W ignore - "$folder" <<'PY'
import sys
from export import export_float
from transformers import AutoModelForTokenClassification
model = AutoModelForTokenClassification.from_pretrained(sys.argv[1], attn_implementation="eager").float().eval()
export_float(model, sys.argv[1] + "/onnx/model.onnx")
PY

scripts/libtorch.sh
# This builds the command too.
PARITY_MODEL=$folder PARITY_TEXT=$text cargo test --quiet --release --features libtorch --test engines -- --ignored --nocapture logits_agree
run() { # NAME ARGUMENT...
    local name=$1
    shift
    echo "== $name"
    target/release/namesake eval ner --gold "$text" "$@" | tail -n 1
    target/release/namesake extract "$text" --keep-misc --format jsonl --quiet "$@" |
        python3 -c 'import json, sys
for line in sys.stdin:
    for mention in json.loads(line)["mentions"]: print(mention["start"], mention["end"], mention["type"])' > "$folder/$name.txt"
}
run fused --engine fused
run onnx-int8 --engine onnx
run onnx-f32 --engine onnx --precision f32 --model "$folder"
run libtorch-f32 --engine libtorch --device cpu --precision f32
others="fused onnx-int8 onnx-f32"
# Without instructions for it, bf16 takes the better part of an hour.
if grep -qs avx512_bf16 /proc/cpuinfo; then
    run libtorch-bf16 --engine libtorch --device cpu --precision bf16
    others="$others libtorch-bf16"
fi
for name in $others; do
    echo "mentions of $name that libtorch-f32 lacks or has besides: $(diff "$folder/$name.txt" "$folder/libtorch-f32.txt" | grep -c '^[<>]' || true) of $(wc -l < "$folder/libtorch-f32.txt")"
done
