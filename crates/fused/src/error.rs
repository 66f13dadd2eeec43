//! What can go wrong between a file of weights and logits.

/// Why an encoder could not be loaded or run. Callers act on each kind, so that there are no more than these.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// This kind of network is not computed here, or the file is laid out otherwise; another program may run it.
    #[error("the encoder does not run this model: {0}")]
    Unsupported(String),
    /// The weights are damaged.
    #[error("the model's weights cannot be used: {0}")]
    Load(String),
    /// The tensors are not those of the network that the configuration describes.
    #[error("the model is no token-classification network: {0}")]
    Interface(String),
    /// These pieces are none that the network takes.
    #[error("running the model failed: {0}")]
    Run(String),
}
