#!/usr/bin/env bash
# Makes the archive of a release for this machine's kind: the command with its model, licences, README, CHANGELOG, shell
# completions. It and its SHA-256 checksum come to build/dist. A build of the profile `dist` takes several minutes.
#
#     scripts/release.sh                          # for this machine
#     scripts/release.sh x86_64-unknown-linux-musl   # for another target that rustup has
set -euo pipefail
cd "$(dirname "$0")/.."

target=${1:-$(rustc -vV | sed -n 's/^host: //p')}
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -1)
name=namesake-$version-$target
out=$PWD/build/dist
folder=$out/$name
suffix=
case $target in *windows*) suffix=.exe ;; esac

cargo build --profile dist --bin namesake --target "$target"
program=${CARGO_TARGET_DIR:-target}/$target/dist/namesake$suffix

rm -rf "$folder"
mkdir -p "$folder/completions"
cp "$program" README.md CHANGELOG.md LICENSE-MIT LICENSE-APACHE "$folder/"
cp models/news-small/LICENSE "$folder/LICENSE-news-small"
scripts/licences.py "$target" > "$folder/LICENSES-of-dependencies.txt"

# Completions are the same whatever the target; they are asked of a program that runs here.
runs=$program
if ! "$runs" --version >/dev/null 2>&1; then
    cargo build --quiet --bin namesake
    runs=${CARGO_TARGET_DIR:-target}/debug/namesake
fi
"$runs" completions bash > "$folder/completions/namesake.bash"
"$runs" completions zsh > "$folder/completions/_namesake"
"$runs" completions fish > "$folder/completions/namesake.fish"
"$runs" completions powershell > "$folder/completions/_namesake.ps1"

# The same files give the same archive: sorted, without the builder's name, with one time.
when=$(git log -1 --format=%ct 2>/dev/null || date +%s)
tar --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$when" -C "$out" -cf - "$name" | gzip -n9 > "$out/$name.tar.gz"
(cd "$out" && sha256sum "$name.tar.gz" | tee "$name.tar.gz.sha256")
