//! Windows security descriptors in their text form (SDDL): the owner, and whom the access list grants access.

/// The rights to read a file or list a directory.
pub const READ: u32 = 0x8000_0000 | 0x1000_0000 | 0x1;
/// The rights to delete a directory's entries, or to change its access list or owner.
pub const REPLACE: u32 = 0x1000_0000 | 0x40 | 0x4_0000 | 0x8_0000;
/// The rights to write, append, add to a directory, or delete.
pub const CHANGE: u32 = REPLACE | 0x4000_0000 | 0x2 | 0x4 | 0x1_0000;

/// Principals with full access to the machine anyway (the system, its installer, administrators), and placeholders
/// for the owner.
const TRUSTED: [&str; 6] =
    ["SY", "BA", "DA", "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464", "CO", "OW"];

/// The named rights; a right without a name is written as a number.
const RIGHTS: [(&str, u32); 21] = [
    ("FA", 0x1f_01ff),
    ("FR", 0x12_0089),
    ("FW", 0x12_0116),
    ("FX", 0x12_00a0),
    ("GA", 0x1000_0000),
    ("GX", 0x2000_0000),
    ("GW", 0x4000_0000),
    ("GR", 0x8000_0000),
    ("CC", 0x1),
    ("DC", 0x2),
    ("LC", 0x4),
    ("SW", 0x8),
    ("RP", 0x10),
    ("WP", 0x20),
    ("DT", 0x40),
    ("LO", 0x80),
    ("CR", 0x100),
    ("SD", 0x1_0000),
    ("RC", 0x2_0000),
    ("WD", 0x4_0000),
    ("WO", 0x8_0000),
];

/// Returns whether this is the system, an administrator, or a placeholder for the owner.
pub fn is_trusted(who: &str) -> bool {
    TRUSTED.contains(&who)
}

/// The owner.
pub fn owner(descriptor: &str) -> Option<&str> {
    let (_, rest) = descriptor.split_once("O:")?;
    // The next section starts with its letter and a colon; the owner contains no colon.
    let end = ["G:", "D:", "S:"].iter().filter_map(|part| rest.find(part)).min().unwrap_or(rest.len());
    Some(&rest[..end])
}

/// Everyone whom the access list grants any of `rights`, without duplicates.
pub fn allowed(descriptor: &str, rights: u32) -> Vec<&str> {
    let list = descriptor.split_once("D:").map_or("NO_ACCESS_CONTROL", |(_, list)| list);
    // Without an access list, everyone has full access.
    if list.starts_with("NO_ACCESS_CONTROL") {
        return vec!["WD"];
    }
    let mut found: Vec<&str> = Vec::new();
    for entry in entries(list) {
        let fields: Vec<&str> = entry.splitn(7, ';').collect();
        let [kind, flags, granted, _, _, who, ..] = fields[..] else { continue };
        // Deny entries and inherit-only entries grant nothing.
        let counts = matches!(kind, "A" | "OA" | "XA" | "ZA") && !names(flags).any(|flag| flag == "IO");
        if counts && mask(granted) & rights != 0 && !found.contains(&who) {
            found.push(who);
        }
    }
    found
}

/// The text between each outermost pair of parentheses.
fn entries(list: &str) -> Vec<&str> {
    let (mut depth, mut start, mut found) = (0_u32, 0, Vec::new());
    for (at, character) in list.char_indices() {
        match character {
            '(' => {
                depth += 1;
                if depth == 1 {
                    start = at + 1;
                }
            }
            ')' => {
                if depth == 1 {
                    found.push(&list[start..at]);
                }
                depth = depth.saturating_sub(1);
            }
            _ => {}
        }
    }
    found
}

/// Splits a string of two-letter names.
fn names(text: &str) -> impl Iterator<Item = &str> {
    (0..text.len()).step_by(2).map(|at| text.get(at..at + 2).unwrap_or_default())
}

fn mask(rights: &str) -> u32 {
    if let Some(number) = rights.strip_prefix("0x") {
        return u32::from_str_radix(number, 16).unwrap_or(u32::MAX);
    }
    // An unknown name may stand for any right.
    names(rights).fold(0, |mask, name| {
        mask | RIGHTS.iter().find(|(known, _)| *known == name).map_or(u32::MAX, |(_, bits)| *bits)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ME: &str = "S-1-5-21-1-2-3-1001";

    fn others(descriptor: &str, rights: u32) -> Vec<&str> {
        allowed(descriptor, rights).into_iter().filter(|who| *who != ME && !is_trusted(who)).collect()
    }

    #[test]
    fn the_owner_ends_where_the_next_part_begins() {
        assert_eq!(owner("O:S-1-5-21-1-2-3-1001G:S-1-5-21-1-2-3-513D:(A;;FA;;;SY)"), Some(ME));
        assert_eq!(owner("O:BAD:PAI"), Some("BA"));
        assert_eq!(owner("O:LG"), Some("LG"));
        assert_eq!(owner("D:(A;;FA;;;SY)"), None);
    }

    #[test]
    fn only_its_user_has_access_to_a_profile_folder() {
        let profile = "O:SYG:SYD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;FA;;;S-1-5-21-1-2-3-1001)";
        assert_eq!(others(profile, READ | CHANGE), [""; 0]);
        let file = "O:S-1-5-21-1-2-3-1001D:AI(A;ID;FA;;;SY)(A;ID;FA;;;BA)(A;ID;FA;;;S-1-5-21-1-2-3-1001)";
        assert_eq!(others(file, READ | CHANGE), [""; 0]);
    }

    #[test]
    fn others_have_access_to_a_folder_at_the_root_of_a_drive() {
        let folder = "O:BAG:SYD:AI(A;OICIID;FA;;;BA)(A;OICIID;FA;;;SY)(A;OICIID;0x1200a9;;;BU)(A;ID;0x1301bf;;;AU)\
                      (A;OICIIOID;SDGXGWGR;;;AU)";
        assert_eq!(others(folder, READ), ["BU", "AU"]);
        assert_eq!(others(folder, CHANGE), ["AU"]);
        assert_eq!(others(folder, REPLACE), [""; 0]);
        // The root of a drive: others may add folders, which grants nothing on existing files.
        let root = "O:S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464D:PAI(A;;LC;;;AU)\
                    (A;OICIIO;SDGXGWGR;;;AU)(A;OICI;0x1200a9;;;BU)(A;OICI;FA;;;SY)";
        assert!(owner(root).is_some_and(is_trusted));
        assert_eq!(others(root, REPLACE), [""; 0]);
        assert_eq!(others(root, CHANGE), ["AU"]);
    }

    #[test]
    fn a_missing_list_grants_everything_and_an_empty_one_nothing() {
        assert_eq!(others("O:SYD:NO_ACCESS_CONTROL", READ), ["WD"]);
        assert_eq!(others("O:SY", READ), ["WD"]);
        assert_eq!(others("O:SYD:P", READ), [""; 0]);
    }

    #[test]
    fn conditions_denials_and_unknown_rights_are_read_with_caution() {
        let conditional = r#"D:(XA;;FR;;;WD;(@User.Title=="PM" && (Member_of {SID(BA)})))(A;;FR;;;AN)"#;
        assert_eq!(others(conditional, READ), ["WD", "AN"]);
        assert_eq!(others("D:(D;;FA;;;WD)", READ), [""; 0]);
        assert_eq!(others("D:(A;;FX;;;WD)", READ | CHANGE), [""; 0]);
        assert_eq!(others("D:(A;;QQ;;;WD)(A;;0xzz;;;BU)(A;;FRF;;;AN)", REPLACE), ["WD", "BU", "AN"]);
    }
}
