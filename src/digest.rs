//! A digest of texts, by which a document that has changed is told from one that has not.

/// 128-bit FNV-1a over the parts, each with its length: wide enough that a changed document is not taken for the old one.
/// It guards against accidents, not against somebody who makes two texts with one digest on purpose.
#[must_use]
pub(crate) fn digest<'a>(parts: impl IntoIterator<Item = &'a str>) -> [u8; 16] {
    let mut state = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d_u128;
    let mut add = |bytes: &[u8]| {
        for &byte in bytes {
            state = (state ^ u128::from(byte)).wrapping_mul(0x0100_0000_0000_0000_0000_013b);
        }
    };
    for part in parts {
        add(&(part.len() as u64).to_be_bytes());
        add(part.as_bytes());
    }
    state.to_be_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbouring_parts_are_told_apart() {
        assert_ne!(digest(["ab", "c"]), digest(["a", "bc"]));
        assert_ne!(digest(["a"]), digest(["a", ""]));
        assert_eq!(digest(["ab", "c"]), digest(["ab", "c"]));
    }
}
