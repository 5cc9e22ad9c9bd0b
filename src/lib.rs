//! getcard: a student's campus card on the GET service, in the terminal.

pub mod sandbox;
