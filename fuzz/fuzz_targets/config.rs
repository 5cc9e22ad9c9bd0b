//! Any text as the configuration file.

#![no_main]

use std::path::Path;

use getcard::settings;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    match settings::parse(text, Path::new("config.toml")) {
        Ok((_, warnings)) => assert!(warnings.iter().all(|warning| warning.starts_with("config.toml: "))),
        Err(error) => assert!(error.to_string().starts_with("config.toml")),
    }
});
