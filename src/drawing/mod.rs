//! What pictures of every kind share: text in pixels, and text in XML.

pub mod text;
pub mod xml;
