//! What the end-to-end tests stand on: a service, a keychain, a hermetic run of the real binary.

pub mod canary;
pub mod chaos;
pub mod getcard;
pub mod http;
pub mod keyring;
pub mod measured;
pub mod notifications;
pub mod sandbox;
pub mod scanner;
pub mod schema;
pub mod screen;
pub mod secret_service;
pub mod service;
pub mod stub;
pub mod transcript;
pub mod wait;
