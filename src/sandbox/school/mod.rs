//! The schools that the service knows, and what each lets its students do.

pub mod institutions;
pub mod settings;
