#!/usr/bin/env bash
# Our engines beside their peers, on this machine, on the same generated articles and the same weights:
#
#   scripts/bench_peers.sh [ROUNDS]      # 5 rounds by default, several minutes
#
# Every round runs everything once, so that whatever else the machine does hits all alike; the table has medians over the
# rounds, the spread, and the ratio to the first row. Sets up a virtual environment in build/peers (6 GB, PyPI) and libtorch.
set -euo pipefail
cd "$(dirname "$0")/.."

rounds=${1:-5}
folder=build/peers
mkdir -p "$folder"
if [ ! -e "$folder/venv/ready" ] || ! cmp -s scripts/requirements-peers.txt "$folder/venv/ready"; then
    rm -rf "$folder/venv"
    python3 -m venv "$folder/venv"
    "$folder/venv/bin/pip" install --quiet --disable-pip-version-check -r scripts/requirements-peers.txt
    cp scripts/requirements-peers.txt "$folder/venv/ready"
fi
scripts/libtorch.sh
cargo bench --quiet --features libtorch --bench engines --no-run
: > "$folder/figures.tsv"
for round in $(seq "$rounds"); do
    echo "round $round of $rounds" >&2
    cargo bench --quiet --features libtorch --bench engines -- --texts "$PWD/$folder/texts.jsonl" >> "$folder/figures.tsv"
    "$folder/venv/bin/python" -W ignore scripts/bench_peers.py --texts "$folder/texts.jsonl" --model models/news-small \
        >> "$folder/figures.tsv"
done
"$folder/venv/bin/python" scripts/bench_peers.py --table "$folder/figures.tsv"
