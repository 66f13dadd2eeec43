#!/usr/bin/env bash
# Tests the kernels of crates/fused for processors that this machine need not have.
#
#   scripts/test_kernels.sh aarch64   # NEON, in qemu's user mode: all tests of the crate
#   scripts/test_kernels.sh vnni      # AVX512-VNNI and AVX-VNNI, in Bochs: their sums against those of plain Rust
#
# On Debian and Ubuntu they need
#
#   aarch64: apt-get install qemu-user gcc-aarch64-linux-gnu libc6-dev-arm64-cross
#            rustup target add aarch64-unknown-linux-gnu
#   vnni:    apt-get install bochs nasm    (Bochs 3.0, of Debian 13, has AVX-VNNI; 2.7 has AVX512-VNNI only)
set -euo pipefail
cd "$(dirname "$0")/.."

fused="$PWD/crates/fused/src"
build="$PWD/build/kernels"

die() { echo "test_kernels.sh: $*" >&2; exit 1; }

# A disk whose first program is scripts/bare/program.rs, without an operating system.
bare_disk() {
    local sectors=64 chunks
    mkdir -p "$build"
    sed "s|FUSED|$fused|" scripts/bare/program.rs >"$build/program.rs"
    # The trait and what it gives alone: the file it is in reads others that need an allocator.
    sed -n '/^\/\/\/ At the start of a cache line/,/^}/p' "$fused/kernels/rows.rs" >"$build/tile.rs"
    rustc --edition 2024 -O --target x86_64-unknown-linux-gnu -C panic=abort -C relocation-model=static -C linker=gcc \
        -C link-args="-nostdlib -static -no-pie -Wl,--build-id=none,--no-warn-rwx-segments,-T,scripts/bare/program.ld" \
        -o "$build/program" "$build/program.rs"
    objcopy -O binary --set-section-flags .bss=alloc,load,contents "$build/program" "$build/program.bin"
    chunks=$((($(stat -c %s "$build/program.bin") + sectors * 512 - 1) / (sectors * 512)))
    nasm -f bin -DCHUNKS=$chunks -DCHUNK_SECTORS=$sectors -o "$build/disk.img" scripts/bare/boot.asm
    cat "$build/program.bin" >>"$build/disk.img"
    truncate -s $((20 * 16 * 63 * 512)) "$build/disk.img"
}

# Runs the disk on a model of Bochs and prints what the program says; fails unless it names all kernels given. Without sound:
# Bochs of Debian 12 stops where it finds no card.
run_bare() {
    local model=$1
    shift
    rm -f "$build/disk.img.lock"
    cat >"$build/bochsrc" <<END
cpu: model=$model
ata0-master: type=disk, path=$build/disk.img, mode=flat, cylinders=20, heads=16, spt=63
boot: disk
port_e9_hack: enabled=1
display_library: rfb, options="timeout=0"
log: $build/bochs.log
panic: action=fatal
sound: waveoutdrv=dummy, waveindrv=dummy, midioutdrv=dummy
END
    echo "Bochs, $model:"
    # A Bochs with its debugger waits for a word before it starts; it ends with an error, as the program shuts it down.
    echo c | timeout 120 bochs -q -f "$build/bochsrc" >"$build/bochs.out" 2>&1 || true
    grep -a -E '^(avx|FAILED)' "$build/bochs.out" || die "Bochs did not start: see $build/bochs.out and bochs.log"
    for kernel in "$@"; do
        grep -a -q "^$kernel: [0-9]* sums as of plain Rust" "$build/bochs.out" || die "the $kernel kernel did not pass"
    done
}

case "${1:-}" in
aarch64)
    export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER=aarch64-linux-gnu-gcc
    export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER="qemu-aarch64 -L /usr/aarch64-linux-gnu"
    cargo test --release -p namesake-fused --lib --target aarch64-unknown-linux-gnu -- --nocapture
    ;;
vnni)
    bare_disk
    models=$(bochs --help cpu 2>&1)
    if grep -q '^sapphire_rapids' <<<"$models"; then
        run_bare sapphire_rapids avx2 avx512 avxvnni
    else
        run_bare tigerlake avx2 avx512
        echo "this Bochs has no AVX-VNNI: not tested"
    fi
    ;;
*)
    sed -n '2,/^set/s/^# \{0,1\}//p' "$0" >&2
    exit 2
    ;;
esac
