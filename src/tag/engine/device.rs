//! Where a network runs, and with what numbers.

use std::fmt;
use std::str::FromStr;

/// Something that a network can run on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Device {
    /// The processor.
    Cpu,
    /// An NVIDIA card, by its number.
    Cuda(usize),
    /// The graphics of an Apple processor.
    Mps,
}

/// What was expected where a device was named.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("expected cpu, cuda, cuda:N or mps")]
pub struct UnknownDevice;

impl FromStr for Device {
    type Err = UnknownDevice;

    /// Reads `cpu`, `cuda` (the first card), `cuda:1`, `mps`.
    fn from_str(name: &str) -> Result<Self, UnknownDevice> {
        match name {
            "cpu" => Ok(Self::Cpu),
            "cuda" => Ok(Self::Cuda(0)),
            "mps" => Ok(Self::Mps),
            _ => name.strip_prefix("cuda:").and_then(|number| number.parse().ok()).map(Self::Cuda).ok_or(UnknownDevice),
        }
    }
}

impl fmt::Display for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cpu => f.write_str("cpu"),
            Self::Cuda(number) => write!(f, "cuda:{number}"),
            Self::Mps => f.write_str("mps"),
        }
    }
}

/// The numbers that weights and activations are computed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precision {
    /// 32-bit floating point.
    F32,
    /// 16-bit floating point with the range of 32 bits.
    Bf16,
    /// 16-bit floating point.
    F16,
}

impl Precision {
    /// Every precision, the finest first.
    pub const ALL: [Self; 3] = [Self::F32, Self::Bf16, Self::F16];

    /// Name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::F32 => "f32",
            Self::Bf16 => "bf16",
            Self::F16 => "f16",
        }
    }

    /// The precision with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|precision| precision.name() == name)
    }
}

impl fmt::Display for Precision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn devices_are_read_as_they_are_written() {
        for device in [Device::Cpu, Device::Cuda(0), Device::Cuda(12), Device::Mps] {
            assert_eq!(device.to_string().parse(), Ok(device));
        }
        assert_eq!("cuda".parse(), Ok(Device::Cuda(0)));
        for wrong in ["", "gpu", "cuda:", "cuda:x", "cuda:-1", "CPU"] {
            assert_eq!(wrong.parse::<Device>(), Err(UnknownDevice), "{wrong}");
        }
    }
}
