//! Early exits: pieces that are surely in no mention go through no further layer.
//!
//! Most words of a text are part of no name, and a network that was trained for it (`scripts/exits.py`) knows after a few layers which
//! ones: a linear head that looks at their states says so. They then only serve the others as keys and values, as they
//! are, and what the head said is their result (Li et al. 2021, "Accelerating BERT Inference for Sequence Labeling via
//! Early-Exit", <https://arxiv.org/abs/2105.13878>).

use crate::kernels::exp2;
use crate::linear::Linear;
use std::f32::consts::LOG2_E;

/// The head behind a layer, and what makes it sure.
#[derive(Debug)]
pub struct Exit {
    /// From a state to the logits of all labels.
    pub head: Linear,
    /// The label of pieces outside every mention.
    outside: usize,
    /// What all other labels may weigh together, where the one outside weighs 1.
    rest: f32,
}

impl Exit {
    /// A head that is sure where `outside` has at least this probability, above a half.
    pub fn new(head: Linear, outside: usize, probability: f32) -> Self {
        Self { head, outside, rest: (1.0 - probability) / probability }
    }

    /// Whether a piece with these logits goes no further.
    pub fn settles(&self, logits: &[f32]) -> bool {
        let best = logits[self.outside];
        // The most that another label can weigh is 1, which is more than the rest may: so much is all that `exp2` must tell.
        let weight = |&logit: &f32| exp2(((logit - best) * LOG2_E).min(0.0));
        // The sum holds the label outside itself, which weighs exactly 1.
        logits.iter().map(weight).sum::<f32>() - 1.0 <= self.rest
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::linear::Unpacked;
    use proptest::prelude::*;

    proptest! {
        /// But for probabilities so close that floats cannot tell.
        #[test]
        fn what_is_probable_enough_is_settled(logits in prop::collection::vec(-9.0_f32..9.0, 2..12), outside in 0_usize..2, probability in 0.55_f32..0.9995) {
            let exit = Exit::new(Linear::pack(Unpacked::new(4), 16), outside, probability);
            let exact: Vec<f64> = logits.iter().map(|&logit| f64::from(logit).exp()).collect();
            let exact = exact[outside] / exact.iter().sum::<f64>();
            if (exact - f64::from(probability)).abs() > 1e-5 {
                prop_assert_eq!(exit.settles(&logits), exact > f64::from(probability));
            }
        }
    }
}
