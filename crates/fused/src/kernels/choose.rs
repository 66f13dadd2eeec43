//! Which kernel runs: the fastest that the CPU has the instructions for, and that proves itself.

use super::{AttentionScratch, Finish, Head, HeadRows, KERNELS, Kernel};
use crate::codes::Codes;
use crate::linear::{Linear, Unpacked};
use std::ops::Range;

/// Environment variable that names the kernel to use instead of the fastest.
const KERNEL_VARIABLE: &str = "NAMESAKE_KERNEL";

/// A kernel, or why there is none.
#[derive(Debug, Clone)]
pub struct KernelChoice {
    /// The kernel that was taken.
    pub kernel: Option<Kernel>,
    /// What was taken and why, or why none was.
    pub note: String,
    /// Whether `NAMESAKE_KERNEL` names none that can run.
    pub wrong_setting: bool,
}

/// The fastest kernel that gives the sums it should, or the one that the environment variable `NAMESAKE_KERNEL` names.
///
/// Without a fast kernel none is taken, unless named: other engines are faster than the portable one.
#[must_use]
pub fn choose_kernel() -> KernelChoice {
    match std::env::var(KERNEL_VARIABLE) {
        Ok(name) => named(&name),
        Err(_) => fastest(),
    }
}

fn named(name: &str) -> KernelChoice {
    let kernel = Kernel::available().find(|kernel| kernel.name() == name);
    let note = if kernel.is_some() {
        format!("{name} kernel, as {KERNEL_VARIABLE} says")
    } else {
        let available: Vec<&str> = Kernel::available().map(Kernel::name).collect();
        let known = KERNELS.iter().any(|table| table.name == name);
        format!(
            "{KERNEL_VARIABLE} is {name}, {}; this one runs {}",
            if known {
                "which this processor lacks the instructions for"
            } else {
                "which is no kernel for this processor"
            },
            available.join(", "),
        )
    };
    KernelChoice { kernel, note, wrong_setting: kernel.is_none() }
}

fn fastest() -> KernelChoice {
    let mut note = String::new();
    for kernel in Kernel::available().filter(|kernel| !kernel.is_portable()) {
        if agrees(kernel) {
            note.insert_str(0, &format!("{} kernel", kernel.name()));
            return KernelChoice { kernel: Some(kernel), note, wrong_setting: false };
        }
        note.push_str(&format!("; the {} kernel gives wrong sums here", kernel.name()));
    }
    let slow = format!("no fast kernel for this processor; {KERNEL_VARIABLE}=portable runs it all the same, slowly");
    KernelChoice { kernel: None, note: slow + &note, wrong_setting: false }
}

/// Whether a kernel gives the same as the portable one on a small layer and a small window: takes microseconds, and guards
/// against a processor, a hypervisor or a kernel that does not do what it should.
pub fn agrees(kernel: Kernel) -> bool {
    outcome(kernel) == outcome(Kernel::portable())
}

/// Bits of a product and of an attention that fill no tile evenly and hold the greatest codes and weights.
fn outcome(kernel: Kernel) -> Vec<u32> {
    const ROWS: usize = 13;
    const INPUTS: usize = 24;
    const OUTPUTS: usize = 36;
    const THIRD: usize = OUTPUTS / 3;
    let value = |index: usize| if index % 7 < 3 { 2.0 } else { (index * 37 % 101) as f32 / 50.0 - 1.0 };
    let values: Vec<f32> = (0..ROWS * INPUTS).map(value).collect();
    let weights: Vec<f32> = (0..INPUTS * OUTPUTS).map(|index| -value(index + 5)).collect();
    let mut layer = Unpacked::new(INPUTS);
    layer.quantise(&weights);
    layer.bias.resize(OUTPUTS, 0.5);
    let linear = Linear::pack(layer, kernel.columns());
    let mut codes = Codes::default();
    codes.reshape(ROWS, INPUTS);
    kernel.quantise(&values, INPUTS, codes.rows_mut(0..ROWS));
    let mut product = vec![0.0; ROWS * OUTPUTS];
    kernel.product(codes.rows(0..ROWS), &linear, Finish::Gelu, &mut product);

    let mut head_rows = HeadRows::default();
    head_rows.reshape(ROWS, THIRD);
    let part = |columns: Range<usize>| product.chunks_exact(OUTPUTS).flat_map(move |row| row[columns.clone()].to_vec());
    kernel.take_queries(&part(0..THIRD).collect::<Vec<_>>(), 0, &mut head_rows);
    kernel.take_keys(&part(THIRD..OUTPUTS).collect::<Vec<_>>(), 0, &mut head_rows);
    let mut attended = vec![0.0; ROWS * THIRD];
    let asking: Vec<usize> = (0..ROWS).collect();
    let head = Head { number: 0, width: THIRD, distances: None };
    kernel.attend(&head_rows, 0..ROWS, (&asking, 0), head, &mut AttentionScratch::default(), &mut attended);
    product.iter().chain(&attended).map(|value| value.to_bits()).collect()
}
