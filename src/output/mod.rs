//! The model as text: pure functions from documents and tables to bytes.

pub mod json;
pub mod table;
