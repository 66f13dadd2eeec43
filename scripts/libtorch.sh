#!/usr/bin/env bash
# Prepares libtorch 2.4.0 for builds with `--features libtorch`:
#
#   scripts/libtorch.sh           # for the processor: downloads 0.8 GB, keeps 0.6 GB
#   scripts/libtorch.sh --cuda    # with CUDA 12.1 too (Linux on x86-64): downloads 2.5 GB, keeps 5 GB
#
# It lies in build/libtorch afterwards, and .cargo/config.toml (not part of the repository) tells cargo so. Done before,
# it does nothing. The official archive is taken where the network allows, else the wheel of PyPI; both are checked
# against the sums below. Needs python3 with pip. A libtorch of your own: set LIBTORCH, and LIBTORCH_CXX11_ABI to 0 or 1.
set -euo pipefail
cd "$(dirname "$0")/.."

version=2.4.0
target=build/libtorch
downloads=build/libtorch-downloads

die() { echo "libtorch.sh: $*" >&2; exit 1; }

flavour=cpu
case "${1:-}" in
    "") ;;
    --cuda) flavour=cuda ;;
    *) sed -n '2,9s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac
if [ "$(cat "$target/prepared" 2>/dev/null)" = "$version $flavour" ] && [ -e .cargo/config.toml ]; then
    echo "libtorch $version ($flavour) is ready in $target"
    exit 0
fi
[ ! -e .cargo/config.toml ] || grep -q "scripts/libtorch.sh" .cargo/config.toml ||
    die ".cargo/config.toml is yours: set LIBTORCH=$PWD/$target and LIBTORCH_CXX11_ABI=0 there, and move it away for this script"
python3 -m pip --version >/dev/null 2>&1 || die "python3 with pip is needed (Debian: apt-get install python3-pip python3-venv)"

# What pip downloads, with the sums that it checks.
torch_wheel="torch==$version \
--hash=sha256:e743adadd8c8152bb8373543964551a7cb7cc20ba898dc8f9c0cdbe47c283de0 \
--hash=sha256:f169b4ea6dc93b3a33319611fcc47dc1406e4dd539844dcbd2dec4c1b96e166d \
--hash=sha256:7334325c0292cbd5c2eac085f449bf57d3690932eac37027e193ba775703c9e6"
cuda_stubs="nvidia-cuda-runtime-cu12==12.1.105 --hash=sha256:6e258468ddf5796e25f1dc591a31029fa317d97a0a94ed93468fc86301d61e40
nvidia-cuda-cupti-cu12==12.1.105 --hash=sha256:e54fde3983165c624cb79254ae9818a456eb6e87a7fd4d56a2352c24ee542d7e"
archive=https://download.pytorch.org/libtorch/cpu/libtorch-cxx11-abi-shared-with-deps-$version%2Bcpu.zip
archive_sum=9d16cc0da41e057f20c0be5f26d7418f969e857631cfcb86550ccdecfee8de60

mkdir -p "$downloads"
staging=$(mktemp -d build/libtorch.XXXXXX)
trap 'rm -rf "$staging"' EXIT

# Unpacks those members of an archive whose names match one of the patterns.
unpack() { # ARCHIVE FOLDER [PATTERN...]
    python3 - "$@" <<'PY'
import fnmatch, sys, zipfile
archive, folder, *patterns = sys.argv[1:]
with zipfile.ZipFile(archive) as archive:
    names = [name for name in archive.namelist() if any(fnmatch.fnmatch(name, pattern) for pattern in patterns or ["*"])]
    archive.extractall(folder, names)
PY
}

download_wheels() { # PLATFORM REQUIREMENTS
    printf '%s\n' "$2" > "$downloads/requirements.txt"
    python3 -m pip download --quiet --disable-pip-version-check --no-deps --require-hashes --only-binary=:all: \
        --python-version 311 --implementation cp --platform "$1" --dest "$downloads" \
        --requirement "$downloads/requirements.txt" || die "the download failed: see what pip says above"
}

official_archive() {
    [ "$(uname -sm)" = "Linux x86_64" ] && command -v curl >/dev/null || return 1
    local file=$downloads/libtorch-$version.zip
    echo "asking download.pytorch.org for libtorch $version"
    curl --fail --silent --show-error --location --connect-timeout 10 --continue-at - --output "$file" "$archive" || return 1
    if ! echo "$archive_sum  $file" | sha256sum --check --status; then
        rm -f "$file"
        echo "libtorch.sh: the official archive is not the one that was expected; taking the wheel instead" >&2
        return 1
    fi
    unpack "$file" "$staging" 'libtorch/include/*' 'libtorch/lib/lib*.so*' libtorch/build-version
    abi=1
}

wheel() {
    local platform
    case "$(uname -sm)" in
        "Linux x86_64") platform=manylinux1_x86_64 ;;
        "Linux aarch64") platform=manylinux2014_aarch64 ;;
        "Darwin arm64") platform=macosx_11_0_arm64 ;;
        *) die "PyPI has no libtorch $version for $(uname -sm): set LIBTORCH to one of your own" ;;
    esac
    echo "downloading torch $version from PyPI"
    download_wheels "$platform" "$torch_wheel"
    unpack "$downloads"/torch-"$version"-*.whl "$staging" 'torch/include/*' 'torch/lib/libtorch.*' 'torch/lib/libtorch_cpu.*' \
        'torch/lib/libc10.*' 'torch/lib/libgomp*' 'torch/lib/libomp*' 'torch/lib/libarm_compute*' 'torch/lib/libopenblas*' \
        'torch/lib/libgfortran*'
    mv "$staging/torch" "$staging/libtorch"
    if [ "$platform" = manylinux1_x86_64 ]; then
        # This libtorch_cpu wants two small CUDA libraries, even where nothing runs on CUDA; and its libtorch, an empty
        # library, wants the large ones: it is replaced by a linker script.
        download_wheels "$platform" "$cuda_stubs"
        for package in "$downloads"/nvidia_cuda_{runtime,cupti}_*.whl; do
            unpack "$package" "$staging" 'nvidia/*/lib/libcudart.so*' 'nvidia/*/lib/libcupti.so*'
        done
        mv "$staging"/nvidia/*/lib/* "$staging/libtorch/lib/"
        echo "INPUT(libtorch_cpu.so)" > "$staging/libtorch/lib/libtorch.so"
    fi
    echo "$version" > "$staging/libtorch/build-version"
    abi=0
}

# All of PyTorch with its CUDA libraries, which find each other by their places: build/libtorch-cuda/{torch,nvidia}.
cuda() {
    [ "$(uname -sm)" = "Linux x86_64" ] || die "CUDA is prepared on Linux on x86-64 only: set LIBTORCH to one of your own"
    echo "downloading torch $version and its CUDA libraries from PyPI"
    download_wheels manylinux1_x86_64 "$torch_wheel"
    python3 -m pip install --quiet --disable-pip-version-check --only-binary=:all: --python-version 311 --implementation cp \
        --platform manylinux1_x86_64 --platform manylinux2014_x86_64 --platform manylinux_2_17_x86_64 \
        --target "$staging/site" "$downloads"/torch-"$version"-*.whl || die "the download failed: see what pip says above"
    rm -rf build/libtorch-cuda
    mkdir build/libtorch-cuda
    mv "$staging"/site/torch "$staging"/site/nvidia build/libtorch-cuda/
    echo "$version" > build/libtorch-cuda/torch/build-version
    ln -s libtorch-cuda/torch "$staging/libtorch"
    abi=0
}

if [ "$flavour" = cuda ]; then cuda; else official_archive || wheel; fi
echo "$version $flavour" > "$staging/libtorch/prepared"
rm -rf "$target"
mv "$staging/libtorch" "$target"
rm -rf "$downloads"
mkdir -p .cargo
cat > .cargo/config.toml <<EOF
# Written by scripts/libtorch.sh, read by builds with \`--features libtorch\`.
[env]
LIBTORCH = { value = "$target", relative = true }
LIBTORCH_CXX11_ABI = "$abi"
EOF
echo "libtorch $version ($flavour) is ready in $target"
