//! A school on the service, and finding one by the user's words.

use serde::{Deserialize, Serialize};

use super::text::Text;

/// The minimum similarity of a suggested name, from 0 to 1.
const MIN_SIMILARITY: f64 = 0.8;
/// The maximum number of suggestions.
const MAX_SUGGESTIONS: usize = 3;

/// An institution as listed by the service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct School {
    /// The service's id.
    pub id: Option<Text>,
    pub name: Option<Text>,
    /// The name in the URL of the sign-in page.
    pub short_name: Option<Text>,
}

/// Returns whether a text is a valid short name, safe in URLs and on command lines.
#[must_use]
pub fn is_short_name(text: &str) -> bool {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    !text.is_empty() && text.chars().all(is_allowed)
}

impl School {
    /// Returns whether its names contain every word of the query (case-insensitive).
    #[must_use]
    pub fn matches(&self, query: &str) -> bool {
        let names = self.names().collect::<Vec<_>>().join(" ");
        query.to_lowercase().split_whitespace().all(|word| names.contains(word))
    }

    /// The display name: short name and full name.
    #[must_use]
    pub fn label(&self) -> String {
        match (&self.short_name, &self.name) {
            (Some(short), Some(name)) => format!("{short} ({name})"),
            (Some(name), None) | (None, Some(name)) => name.to_string(),
            (None, None) => "a school without a name".to_owned(),
        }
    }

    /// Its names in lowercase.
    fn names(&self) -> impl Iterator<Item = String> {
        [&self.name, &self.short_name].into_iter().flatten().map(|name| name.to_lowercase())
    }

    /// The similarity of its names to a lowercase text; a single word is also compared with their words.
    fn similarity(&self, text: &str) -> f64 {
        let names = self.names().collect::<Vec<_>>();
        let is_word = !text.contains(' ');
        let words = names.iter().filter(|_| is_word).flat_map(|name| name.split([' ', ',', '.', '/']));
        let whole = names.iter().map(String::as_str);
        whole.chain(words).map(|name| strsim::jaro_winkler(name, text)).fold(0.0, f64::max)
    }
}

/// The result of [`find`].
#[derive(Debug, PartialEq, Eq)]
pub enum Meaning<'a> {
    /// The short name of the only match.
    One(&'a str),
    /// Several schools match.
    Several(Vec<&'a School>),
    /// No school matches; these are similar.
    None(Vec<&'a School>),
}

/// Finds schools by short name, else by full name, else by parts of their names.
#[must_use]
pub fn find<'a>(schools: &'a [School], words: &str) -> Meaning<'a> {
    let words = words.trim().to_lowercase();
    let is = |name: &Option<Text>| name.as_ref().is_some_and(|name| name.to_lowercase() == words);
    let usable = || schools.iter().filter(|school| school.short_name.is_some());
    if let Some(short) = usable().find(|school| is(&school.short_name)) {
        return Meaning::One(short.short_name.as_deref().unwrap_or_default());
    }
    let whole: Vec<&School> = usable().filter(|school| is(&school.name)).collect();
    let found = match whole.len() {
        0 => usable().filter(|school| school.matches(&words)).collect(),
        _ => whole,
    };
    match found.as_slice() {
        _ if words.is_empty() => Meaning::None(Vec::new()),
        [] => Meaning::None(similar(schools, &words)),
        [only] => Meaning::One(only.short_name.as_deref().unwrap_or_default()),
        _ => Meaning::Several(found),
    }
}

/// The schools with the most similar names.
#[must_use]
pub fn similar<'a>(schools: &'a [School], words: &str) -> Vec<&'a School> {
    let words = words.to_lowercase();
    let mut likely: Vec<(f64, &School)> = schools
        .iter()
        .map(|school| (school.similarity(&words), school))
        .filter(|(likeness, _)| *likeness >= MIN_SIMILARITY)
        .collect();
    likely.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    likely.into_iter().take(MAX_SUGGESTIONS).map(|(_, school)| school).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schools() -> Vec<School> {
        let rows = [
            ("Cornell University", Some("cornell")),
            ("University of California, Irvine", Some("uci")),
            ("University of California, Santa Cruz", Some("ucsc")),
            ("University of Vermont", Some("uvm")),
            ("Vermont", Some("vt")),
            ("Nowhere College", None),
        ];
        rows.map(|(name, short)| School {
            id: None,
            name: Some(name.into()),
            short_name: short.map(Into::into),
        })
        .to_vec()
    }

    #[track_caller]
    fn assert_found(words: &str, expected: Result<&str, (bool, &[&str])>) {
        let schools = schools();
        let short = |found: &[&School]| -> Vec<String> {
            found.iter().map(|school| school.short_name.clone().unwrap_or_default().into()).collect()
        };
        match (find(&schools, words), expected) {
            (Meaning::One(name), Ok(expected)) => assert_eq!(name, expected),
            (Meaning::Several(found), Err((true, expected)))
            | (Meaning::None(found), Err((false, expected))) => assert_eq!(short(&found), expected),
            (found, _) => panic!("{words}: {found:?}"),
        }
    }

    #[test]
    fn short_names_full_names_and_unique_parts_find_a_school() {
        assert_found("UCSC", Ok("ucsc"));
        assert_found("santa cruz", Ok("ucsc"));
        assert_found("uc santa  cruz ", Ok("ucsc"));
        assert_found("vermont", Ok("vt"));
        assert_found("cornell university", Ok("cornell"));
        assert_found("irvine", Ok("uci"));
    }

    #[test]
    fn several_matches_are_listed_and_none_gives_suggestions() {
        assert_found("california", Err((true, &["uci", "ucsc"])));
        assert_found("California university", Err((true, &["uci", "ucsc"])));
        assert_found("cornel univrsity", Err((false, &["cornell"])));
        assert_found("cornlel", Err((false, &["cornell"])));
        assert_found("zzz", Err((false, &[])));
        assert_found(" ", Err((false, &[])));
        assert_found("nowhere", Err((false, &[""])));
    }
}
