//! The institutions on the lookup list.

use serde::Serialize;

/// The id of the patron's school.
pub const UCSC_ID: &str = "50d3a5b3-6b8c-4f5e-9f43-6a1ff3c5b8e2";

/// One row of the list. The guest fields are booleans as numbers.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Institution {
    pub id: &'static str,
    name: &'static str,
    pub short_name: &'static str,
    environment_name: Option<&'static str>,
    #[serde(rename = "type")]
    kind: u8,
    guest_deposit: u8,
    guest_login: u8,
    guest_login_not_required: u8,
}

const fn institution(id: &'static str, name: &'static str, short_name: &'static str) -> Institution {
    Institution {
        id,
        name,
        short_name,
        environment_name: None,
        kind: 1,
        guest_deposit: 1,
        guest_login: 0,
        guest_login_not_required: 0,
    }
}

/// The list, sorted by name.
pub static INSTITUTIONS: [Institution; 20] = [
    institution("0b6cbd0e-52c2-4a35-9d13-0d0c4fd2a001", "Bates College", "bates"),
    institution("0b6cbd0e-52c2-4a35-9d13-0d0c4fd2a002", "Binghamton University", "binghamton"),
    institution("0b6cbd0e-52c2-4a35-9d13-0d0c4fd2a003", "Bowdoin College", "bowdoin"),
    institution("0b6cbd0e-52c2-4a35-9d13-0d0c4fd2a004", "Colgate University", "colgate"),
    institution("0b6cbd0e-52c2-4a35-9d13-0d0c4fd2a005", "Cornell University", "cornell"),
    institution("0b6cbd0e-52c2-4a35-9d13-0d0c4fd2a006", "Emory University", "emory"),
    institution("0b6cbd0e-52c2-4a35-9d13-0d0c4fd2a007", "Hamilton College", "hamilton"),
    institution("0b6cbd0e-52c2-4a35-9d13-0d0c4fd2a008", "Ithaca College", "ithaca"),
    institution("0b6cbd0e-52c2-4a35-9d13-0d0c4fd2a009", "Middlebury College", "middlebury"),
    institution("0b6cbd0e-52c2-4a35-9d13-0d0c4fd2a010", "Oregon State University", "osu"),
    institution("0b6cbd0e-52c2-4a35-9d13-0d0c4fd2a011", "Reed College", "reed"),
    institution("0b6cbd0e-52c2-4a35-9d13-0d0c4fd2a012", "Rice University", "rice"),
    institution("0b6cbd0e-52c2-4a35-9d13-0d0c4fd2a013", "Skidmore College", "skidmore"),
    institution("0b6cbd0e-52c2-4a35-9d13-0d0c4fd2a014", "St. Olaf College", "stolaf"),
    institution("0b6cbd0e-52c2-4a35-9d13-0d0c4fd2a015", "Tufts University", "tufts"),
    institution("0b6cbd0e-52c2-4a35-9d13-0d0c4fd2a016", "University of California, Irvine", "uci"),
    institution(UCSC_ID, "University of California, Santa Cruz", "ucsc"),
    institution("0b6cbd0e-52c2-4a35-9d13-0d0c4fd2a018", "University of Rochester", "rochester"),
    institution("0b6cbd0e-52c2-4a35-9d13-0d0c4fd2a019", "University of Vermont", "uvm"),
    institution("0b6cbd0e-52c2-4a35-9d13-0d0c4fd2a020", "Williams College", "williams"),
];

/// Returns whether an institution has this short name.
pub fn is_known(short_name: &str) -> bool {
    INSTITUTIONS.iter().any(|institution| institution.short_name == short_name)
}

pub fn by_id(id: &str) -> Option<&'static Institution> {
    INSTITUTIONS.iter().find(|institution| institution.id == id)
}

#[cfg(test)]
mod tests {
    use super::{INSTITUTIONS, is_known};

    #[test]
    fn ids_and_short_names_are_unique() {
        for (index, left) in INSTITUTIONS.iter().enumerate() {
            for right in &INSTITUTIONS[index + 1..] {
                assert_ne!(left.id, right.id);
                assert_ne!(left.short_name, right.short_name);
            }
        }
        assert!(is_known("ucsc"));
        assert!(!is_known("hogwarts"));
    }
}
