//! Embedding tables, left in the numbers that they are stored in.

use crate::kernels::half_to_float;
use std::borrow::Cow;

/// An embedding table.
#[derive(Debug)]
pub struct Table {
    pub bytes: Cow<'static, [u8]>,
    pub numbers: Numbers,
    /// Values of a row.
    pub width: usize,
}

/// What the values of a table are stored as, little-endian.
#[derive(Debug)]
pub enum Numbers {
    Float,
    Half,
    /// Signed bytes, with a scale a row: value = byte · scale.
    Codes(Vec<f32>),
}

impl Table {
    /// Number of rows.
    pub fn len(&self) -> usize {
        self.bytes.len() / self.row_size()
    }

    fn row_size(&self) -> usize {
        self.width
            * match self.numbers {
                Numbers::Float => 4,
                Numbers::Half => 2,
                Numbers::Codes(_) => 1,
            }
    }

    /// Adds a row to `out`.
    pub fn add_row(&self, row: usize, out: &mut [f32]) {
        let bytes = &self.bytes[row * self.row_size()..(row + 1) * self.row_size()];
        match &self.numbers {
            Numbers::Float => {
                for (out, value) in out.iter_mut().zip(bytes.as_chunks().0) {
                    *out += f32::from_le_bytes(*value);
                }
            }
            Numbers::Half => {
                for (out, value) in out.iter_mut().zip(bytes.as_chunks().0) {
                    *out += half_to_float(u16::from_le_bytes(*value));
                }
            }
            Numbers::Codes(scales) => {
                for (out, &code) in out.iter_mut().zip(bytes) {
                    *out += f32::from(code.cast_signed()) * scales[row];
                }
            }
        }
    }
}
