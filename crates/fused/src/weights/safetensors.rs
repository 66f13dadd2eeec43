//! `model.safetensors`, in single or half precision.

use super::{Tensors, not_finite, wrong_shape};
use crate::error::Error;
use crate::kernels::half_to_float;
use crate::linear::Unpacked;
use crate::table::{Numbers, Table};
use safetensors::{Dtype, SafeTensors};
use std::borrow::Cow;

/// The whole file: part of the program or read from a folder.
type Bytes = Cow<'static, [u8]>;

/// The tensors of a safetensors file.
pub struct SafetensorsWeights<'a> {
    file: &'a Bytes,
    tensors: SafeTensors<'a>,
}

impl<'a> SafetensorsWeights<'a> {
    /// Reads the list of tensors.
    pub fn read(file: &'a Bytes) -> Result<Self, Error> {
        let damaged = |error| Error::Load(format!("model.safetensors: {error}"));
        Ok(Self { file, tensors: SafeTensors::deserialize(file).map_err(damaged)? })
    }

    /// The bytes of a tensor, and whether they are half-precision.
    fn bytes(&self, name: &str, shape: &[usize]) -> Result<(&[u8], bool), Error> {
        let tensor = self
            .tensors
            .tensor(name)
            .map_err(|_| Error::Interface(format!("model.safetensors has no tensor {name}")))?;
        if tensor.shape() != shape {
            return Err(wrong_shape(name, tensor.shape(), shape));
        }
        let bytes = tensor.data();
        // The greatest exponent tells of infinities and NaN; unlike a search it has no early end, and runs in vectors.
        let (half, finite) = match tensor.dtype() {
            Dtype::F16 => {
                let exponents = bytes.as_chunks().0.iter().map(|value| u16::from_le_bytes(*value) & 0x7c00);
                (true, exponents.fold(0, u16::max) < 0x7c00)
            }
            Dtype::F32 => {
                let exponents = bytes.as_chunks().0.iter().map(|value| u32::from_le_bytes(*value) & 0x7f80_0000);
                (false, exponents.fold(0, u32::max) < 0x7f80_0000)
            }
            other => {
                return Err(Error::Interface(format!("the tensor {name} is {other:?}; F16 and F32 are known")));
            }
        };
        if finite { Ok((bytes, half)) } else { Err(not_finite(name)) }
    }
}

impl Tensors for SafetensorsWeights<'_> {
    fn values(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, Error> {
        let (bytes, half) = self.bytes(name, shape)?;
        Ok(if half {
            bytes.as_chunks().0.iter().map(|value| half_to_float(u16::from_le_bytes(*value))).collect()
        } else {
            bytes.as_chunks().0.iter().map(|value| f32::from_le_bytes(*value)).collect()
        })
    }

    fn table(&self, name: &str, rows: usize, width: usize) -> Result<Table, Error> {
        let (tensor, half) = self.bytes(name, &[rows, width])?;
        // In place where the file is part of the program, else a copy, so that the rest can be freed.
        let bytes = match self.file {
            Cow::Borrowed(file) => {
                let start = tensor.as_ptr().addr() - file.as_ptr().addr();
                Cow::Borrowed(&file[start..start + tensor.len()])
            }
            Cow::Owned(_) => Cow::Owned(tensor.to_vec()),
        };
        Ok(Table { bytes, numbers: if half { Numbers::Half } else { Numbers::Float }, width })
    }

    fn append(&self, name: &str, outputs: usize, layer: &mut Unpacked) -> Result<(), Error> {
        layer.quantise(&self.values(&format!("{name}.weight"), &[outputs, layer.inputs])?);
        layer.bias.extend(self.values(&format!("{name}.bias"), &[outputs])?);
        Ok(())
    }
}
