//! Shared by all pictures: text as pixels, and text in XML.

pub mod text;
pub mod xml;
