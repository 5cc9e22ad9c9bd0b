//! A school that the service knows, and how a user's text selects one.

use serde::{Deserialize, Serialize};

use super::text::Text;

/// How similar a name must be to be suggested, from 0 to 1.
const ALIKE: f64 = 0.8;
/// How many names are suggested.
const MOST: usize = 3;

/// An institution as the service lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct School {
    /// The service's id.
    pub id: Option<Text>,
    /// The full name.
    pub name: Option<Text>,
    /// The name in the address of the sign-in page.
    pub short_name: Option<Text>,
}

/// Whether a text may be a short name, which stands in addresses and on command lines.
#[must_use]
pub fn is_short_name(text: &str) -> bool {
    let usual = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    !text.is_empty() && text.chars().all(usual)
}

impl School {
    /// Whether its names hold every word of the query, in any case.
    #[must_use]
    pub fn matches(&self, query: &str) -> bool {
        let names = self.names().collect::<Vec<_>>().join(" ");
        query.to_lowercase().split_whitespace().all(|word| names.contains(word))
    }

    /// The name with the short name, as people read it.
    #[must_use]
    pub fn label(&self) -> String {
        match (&self.short_name, &self.name) {
            (Some(short), Some(name)) => format!("{short} ({name})"),
            (Some(name), None) | (None, Some(name)) => name.to_string(),
            (None, None) => "a school without a name".to_owned(),
        }
    }

    /// Its names in lower case.
    fn names(&self) -> impl Iterator<Item = String> {
        [&self.name, &self.short_name].into_iter().flatten().map(|name| name.to_lowercase())
    }

    /// How similar its names are to a text in lower case; to a single word, the words of its names too.
    fn similarity(&self, text: &str) -> f64 {
        let names = self.names().collect::<Vec<_>>();
        let is_word = !text.contains(' ');
        let words = names.iter().filter(|_| is_word).flat_map(|name| name.split([' ', ',', '.', '/']));
        let whole = names.iter().map(String::as_str);
        whole.chain(words).map(|name| strsim::jaro_winkler(name, text)).fold(0.0, f64::max)
    }
}

/// What words mean among the schools.
#[derive(Debug, PartialEq, Eq)]
pub enum Meaning<'a> {
    /// This school's short name.
    One(&'a str),
    /// Any of these.
    Several(Vec<&'a School>),
    /// None; these are similar.
    None(Vec<&'a School>),
}

/// Finds the school for these words: by short name, otherwise by full name, otherwise by parts of a unique name.
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

/// The schools whose names are most similar to the words.
#[must_use]
pub fn similar<'a>(schools: &'a [School], words: &str) -> Vec<&'a School> {
    let words = words.to_lowercase();
    let mut likely: Vec<(f64, &School)> = schools
        .iter()
        .map(|school| (school.similarity(&words), school))
        .filter(|(likeness, _)| *likeness >= ALIKE)
        .collect();
    likely.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    likely.into_iter().take(MOST).map(|(_, school)| school).collect()
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
    fn a_short_name_a_name_or_a_part_of_one_means_a_school() {
        assert_found("UCSC", Ok("ucsc"));
        assert_found("santa cruz", Ok("ucsc"));
        assert_found("uc santa  cruz ", Ok("ucsc"));
        assert_found("vermont", Ok("vt"));
        assert_found("cornell university", Ok("cornell"));
        assert_found("irvine", Ok("uci"));
    }

    #[test]
    fn several_are_listed_and_none_is_suggested() {
        assert_found("california", Err((true, &["uci", "ucsc"])));
        assert_found("California university", Err((true, &["uci", "ucsc"])));
        assert_found("cornel univrsity", Err((false, &["cornell"])));
        assert_found("cornlel", Err((false, &["cornell"])));
        assert_found("zzz", Err((false, &[])));
        assert_found(" ", Err((false, &[])));
        assert_found("nowhere", Err((false, &[""])));
    }
}
