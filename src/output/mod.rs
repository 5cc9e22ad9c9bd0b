//! Formats the model as text: pure functions from documents and tables to bytes.

pub mod books;
pub mod csv;
pub mod json;
pub mod prose;
pub mod table;
pub mod transactions;
