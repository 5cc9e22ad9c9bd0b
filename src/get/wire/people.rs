//! Replies about the patron, the school's settings and the institutions.

use serde::Deserialize;

use super::fields::{Id, List};
use crate::model::school::{School, is_short_name};
use crate::model::text::Text;

/// The maximum number of institutions in a reply.
const MAX_INSTITUTIONS: usize = 5_000;

/// The reply of `user.retrieve`.
#[derive(Deserialize)]
#[expect(clippy::struct_field_names, reason = "the wire's names")]
#[serde(rename_all = "camelCase")]
pub struct User {
    pub id: Option<Id>,
    pub user_name: Option<Text>,
    pub institution_id: Option<Id>,
    pub first_name: Option<Text>,
    pub last_name: Option<Text>,
    pub cashless_media_status: Option<Id>,
}

/// The reply of `retrieveSetting`; null if there is no such setting.
#[derive(Deserialize)]
pub struct Setting {
    pub value: Option<Id>,
}

/// The reply of `retrieveLookupList`.
#[derive(Deserialize)]
pub struct LookupList {
    institutions: List<Institution, MAX_INSTITUTIONS>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Institution {
    id: Option<Id>,
    name: Option<Text>,
    short_name: Option<Text>,
}

impl LookupList {
    /// Converts the list, dropping short names that are not safe in a URL.
    pub fn schools(self) -> Vec<School> {
        let List(institutions) = self.institutions;
        let school = |wire: Institution| School {
            id: wire.id.map(|Id(id)| id),
            name: wire.name,
            short_name: wire.short_name.filter(|name| is_short_name(name.exact())),
        };
        institutions.into_iter().map(school).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::get::wire::fields::read;

    #[test]
    fn an_unsafe_short_name_is_dropped() {
        let json = r#"{"institutions":[{"id":1,"name":"A","shortName":"a-1.x"},{"name":"B\u001b]0;x","shortName":"../b"}]}"#;
        let schools = read::<LookupList>(json).unwrap().schools();
        assert_eq!(schools[0].short_name.as_deref(), Some("a-1.x"));
        assert_eq!((schools[1].name.as_deref(), &schools[1].short_name), (Some("B]0;x"), &None));
    }
}
