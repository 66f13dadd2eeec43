#!/usr/bin/env bash
# Our engines beside their peers, on this machine, on the same generated articles and the same weights:
#
#   scripts/bench_peers.sh [ROUNDS] [--libtorch]      # 5 rounds by default, several minutes
#
# Every round runs everything once, so that whatever else the machine does hits all alike; the table has medians over the
# rounds, the spread, and the ratio to the first row. Sets up a virtual environment in build/peers (6 GB, PyPI). --libtorch
# adds our engine of that name and rust-bert's pipeline: a build of its own, which takes a quarter of an hour or more.
set -euo pipefail
cd "$(dirname "$0")/.."

rounds=5
libtorch=
for argument in "$@"; do
    case $argument in
        --libtorch) libtorch=yes ;;
        *[!0-9]* | '' | 0) echo "$argument is neither a number of rounds nor --libtorch" >&2; exit 2 ;;
        *) rounds=$argument ;;
    esac
done
folder=build/peers
mkdir -p "$folder"
if [ ! -e "$folder/venv/ready" ] || ! cmp -s scripts/requirements-peers.txt "$folder/venv/ready"; then
    rm -rf "$folder/venv"
    python3 -m venv "$folder/venv"
    "$folder/venv/bin/pip" install --quiet --disable-pip-version-check -r scripts/requirements-peers.txt
    cp scripts/requirements-peers.txt "$folder/venv/ready"
fi
# The program without libtorch, which is what users have: with it, half a second of every run is its start.
cargo bench --quiet --bench engines --no-run
with_libtorch() {
    cargo bench --quiet --target-dir "$folder/target" --features libtorch --bench engines "$@"
}
"$folder/venv/bin/python" scripts/float.py models/news-small
if [ "$libtorch" ]; then
    scripts/libtorch.sh
    with_libtorch --no-run
fi
: > "$folder/figures.tsv"
for round in $(seq "$rounds"); do
    echo "round $round of $rounds" >&2
    cargo bench --quiet --bench engines -- --texts "$PWD/$folder/texts.jsonl" >> "$folder/figures.tsv"
    [ -z "$libtorch" ] || with_libtorch -- --engine libtorch >> "$folder/figures.tsv"
    "$folder/venv/bin/python" -W ignore scripts/bench_peers.py --texts "$folder/texts.jsonl" --model models/news-small \
        >> "$folder/figures.tsv"
done
"$folder/venv/bin/python" scripts/bench_peers.py --table "$folder/figures.tsv"
