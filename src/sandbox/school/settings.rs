//! A school's settings: strings under a domain, a category and a name.

use serde::Serialize;

/// A setting in the wire format.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Setting {
    domain: String,
    category: String,
    name: String,
    value: String,
}

/// Whether patrons may report their card lost.
pub const LOST_CARD: &str = "get.feature.enable_lost_card";
/// Whether patrons may report their card found.
pub const FOUND_CARD: &str = "get.feature.enable_found_card";

/// The settings of the patron's school. A missing setting is off.
#[derive(Clone, Debug)]
pub struct Settings(Vec<Setting>);

impl Default for Settings {
    fn default() -> Self {
        let mut settings = Self(Vec::new());
        for (name, value) in [
            (LOST_CARD, "1"),
            (FOUND_CARD, "1"),
            ("get.feature.enable_apple_pay", "1"),
            ("get.feature.guest_login", "0"),
            ("get.deposit.guest_maximum", "500"),
        ] {
            settings.set(name, Some(value));
        }
        settings
    }
}

impl Settings {
    /// Sets or removes `DOMAIN.CATEGORY.NAME`; returns false if the name does not have these three parts.
    pub fn set(&mut self, full_name: &str, value: Option<&str>) -> bool {
        let parts: Vec<&str> = full_name.split('.').collect();
        let [domain, category, name] = parts[..] else { return false };
        self.0.retain(|setting| !setting.is(domain, category, name));
        if let Some(value) = value {
            let owned = str::to_owned;
            let (domain, category) = (owned(domain), owned(category));
            self.0.push(Setting { domain, category, name: owned(name), value: owned(value) });
        }
        true
    }

    pub fn get(&self, domain: &str, category: &str, name: &str) -> Option<&Setting> {
        self.0.iter().find(|setting| setting.is(domain, category, name))
    }

    /// The settings of a category.
    pub fn list(&self, domain: &str, category: &str) -> Vec<&Setting> {
        let listed = |setting: &&Setting| setting.domain == domain && setting.category == category;
        self.0.iter().filter(listed).collect()
    }

    /// Returns whether `DOMAIN.CATEGORY.NAME` exists and is `1`.
    pub fn is_on(&self, full_name: &str) -> bool {
        let on = |setting: &Setting| {
            setting.value == "1"
                && format!("{}.{}.{}", setting.domain, setting.category, setting.name) == full_name
        };
        self.0.iter().any(on)
    }
}

impl Setting {
    fn is(&self, domain: &str, category: &str, name: &str) -> bool {
        self.domain == domain && self.category == category && self.name == name
    }
}

#[cfg(test)]
mod tests {
    use super::{FOUND_CARD, LOST_CARD, Settings};

    #[test]
    fn a_setting_is_on_off_or_missing() {
        let mut settings = Settings::default();
        assert!(settings.is_on(LOST_CARD) && settings.is_on(FOUND_CARD));
        assert!(settings.set(LOST_CARD, Some("0")) && settings.set(FOUND_CARD, None));
        assert!(!settings.is_on(LOST_CARD) && !settings.is_on(FOUND_CARD));
        assert!(settings.get("get", "feature", "enable_lost_card").is_some());
        assert!(settings.get("get", "feature", "enable_found_card").is_none());
        assert!(!settings.set("enable_lost_card", Some("1")));
    }

    #[test]
    fn a_list_holds_one_category() {
        assert_eq!(Settings::default().list("get", "feature").len(), 4);
        assert_eq!(Settings::default().list("get", "deposit").len(), 1);
        assert!(Settings::default().list("oc", "feature").is_empty());
    }
}
