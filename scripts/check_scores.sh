#!/usr/bin/env bash
# Runs the shipped model through the program on CoNLL-2003 and fails below the scores that the model card promises.
# Needs the gold data below the folder DATA (docs/training.md, "Data sets"), which is not part of the repository.
set -euo pipefail
cd "$(dirname "$0")/.."
gold=${GOLD:-${DATA:-../shared/data}/conll2003}
# The build of the tests: that of a release takes longer than it saves here.
cargo build --quiet

check() {
    local file=$1 least=$2 f1
    f1=$(cargo run --quiet -- eval ner --gold "$gold/$file.conll" | awk '$1 == "micro" { print $4 }')
    echo "CoNLL-2003 $file: strict F1 $f1, at least $least"
    awk -v f1="$f1" -v least="$least" 'BEGIN { exit !(f1 + 0 >= least) }'
}

check dev 94.7
check test 91.3
