//! Compares the sums of the VNNI kernels with those of plain Rust, without an operating system: for emulators that know
//! the instructions but run no Linux well. `scripts/test_kernels.sh` compiles it, with the paths filled in.
#![no_std]
#![no_main]

extern crate core as std;

use std::arch::asm;
use std::arch::x86_64::__cpuid_count;
use std::fmt::Write;

#[path = "FUSED/kernels/avx2.rs"]
mod avx2;
#[path = "FUSED/kernels/avx512.rs"]
mod avx512;
#[path = "FUSED/kernels/avx_vnni.rs"]
mod avx_vnni;
#[path = "FUSED/kernels/portable.rs"]
mod portable;
mod rows {
    include!("tile.rs");
}
use rows::Tile;

/// The port that Bochs prints.
struct Console;

impl Write for Console {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        for byte in text.bytes() {
            unsafe { asm!("out 0xe9, al", in("al") byte) };
        }
        Ok(())
    }
}

#[panic_handler]
fn panic(info: &std::panic::PanicInfo) -> ! {
    let _ = writeln!(Console, "FAILED: {info}");
    shut_down()
}

/// Ends the emulator.
fn shut_down() -> ! {
    for byte in *b"Shutdown" {
        unsafe { asm!("out dx, al", in("dx") 0x8900_u16, in("al") byte) };
    }
    loop {
        unsafe { asm!("hlt") };
    }
}

/// Marsaglia's xorshift.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
}

const DEPTH: usize = 1536;
/// Longest row of 16-bit integers that is tried.
const KEYS: usize = 192;

#[inline(never)]
fn check<T: Tile<ROWS, COLUMNS>, const ROWS: usize, const COLUMNS: usize>(name: &str)
where
    portable::Portable: Tile<ROWS, COLUMNS>,
{
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let (mut sums, mut largest) = (0_u64, 0_u32);
    // For the tallest and the widest tile.
    let (mut codes, mut weights) = ([0_u8; 12 * DEPTH], [0_i8; 32 * DEPTH]);
    let (mut integers, mut others) = ([0_i16; 12 * KEYS], [0_i16; 32 * KEYS]);
    for round in 0..60 {
        // Groups of four codes: 1, 2, … and the depths of the shipped model.
        let depth = match round {
            0..48 => 4 * (round + 1),
            48..54 => 384,
            _ => DEPTH,
        };
        let codes = &mut codes[..ROWS * depth];
        let weights = &mut weights[..COLUMNS * depth];
        let extreme = round % 3 == 2;
        codes.fill_with(|| if extreme { 255 } else { random.next() as u8 });
        weights.fill_with(|| match random.next() {
            bits if extreme => [64, -64][bits as usize & 1],
            bits => (bits % 129) as i8 - 64,
        });
        let rows: [&[u8]; ROWS] = std::array::from_fn(|row| &codes[row * depth..][..depth]);
        let (found, wanted) = unsafe { (T::bytes(rows, weights).0, portable::Portable::bytes(rows, weights).0) };
        assert!(found == wanted, "{name}, bytes, {depth} deep");

        // Queries by keys (13 bits for heads of 32), and weights that add up to 32,767 by values.
        let depth = if round < 48 { 2 * (round + 1) } else { KEYS };
        let integers = &mut integers[..ROWS * depth];
        let others = &mut others[..COLUMNS * depth];
        let limit = if extreme { 32_767 } else { 3_000 };
        integers.fill_with(|| if extreme { 0 } else { (random.next() % (2 * limit + 1)) as i16 - limit as i16 });
        if extreme {
            for row in integers.chunks_exact_mut(depth) {
                row[random.next() as usize % depth] = 32_767;
            }
        }
        others.fill_with(|| ((random.next() % (2 * limit + 1)) as i32 - limit as i32) as i16);
        let rows: [&[i16]; ROWS] = std::array::from_fn(|row| &integers[row * depth..][..depth]);
        let (words, wanted) = unsafe { (T::words(rows, others).0, portable::Portable::words(rows, others).0) };
        assert!(words == wanted, "{name}, words, {depth} deep");
        for sum in found.iter().chain(&words).flatten() {
            sums += 1;
            largest = largest.max(sum.unsigned_abs());
        }
    }
    let _ = writeln!(Console, "{name}: {sums} sums as of plain Rust, the largest {largest}");
}

#[unsafe(no_mangle)]
#[unsafe(link_section = ".text.start")]
extern "C" fn start() -> ! {
    let features = __cpuid_count(7, 0);
    let more = if features.eax >= 1 { __cpuid_count(7, 1).eax } else { 0 };
    // Bits of leaf 7: AVX2; AVX512F, AVX512BW and AVX512-VNNI; AVX-VNNI.
    if features.ebx >> 5 & 1 == 1 {
        check::<avx2::Avx2, 4, 16>("avx2");
    }
    if features.ebx >> 16 & 1 == 1 && features.ebx >> 30 & 1 == 1 && features.ecx >> 11 & 1 == 1 {
        check::<avx512::Avx512, 12, 32>("avx512");
    }
    if more >> 4 & 1 == 1 {
        check::<avx_vnni::AvxVnni, 6, 16>("avxvnni");
    }
    shut_down()
}

/// What the compiler calls for copies; there is no C library here.
#[unsafe(no_mangle)]
unsafe extern "C" fn memcpy(to: *mut u8, from: *const u8, count: usize) -> *mut u8 {
    unsafe { asm!("rep movsb", inout("rcx") count => _, inout("rdi") to => _, inout("rsi") from => _) };
    to
}

#[unsafe(no_mangle)]
unsafe extern "C" fn memset(to: *mut u8, value: i32, count: usize) -> *mut u8 {
    unsafe { asm!("rep stosb", inout("rcx") count => _, inout("rdi") to => _, in("al") value as u8) };
    to
}

#[unsafe(no_mangle)]
unsafe extern "C" fn bcmp(left: *const u8, right: *const u8, count: usize) -> i32 {
    for index in 0..count {
        let (left, right) = unsafe { (left.add(index).read_volatile(), right.add(index).read_volatile()) };
        if left != right {
            return i32::from(left) - i32::from(right);
        }
    }
    0
}
