//! A name in a help topic, with its meaning.

/// What a name stands for.
pub struct Item {
    /// The name.
    pub name: String,
    /// What it stands for.
    pub meaning: String,
}

impl Item {
    /// A name and its meaning.
    pub fn new(name: impl Into<String>, meaning: impl Into<String>) -> Self {
        Self { name: name.into(), meaning: meaning.into() }
    }
}
