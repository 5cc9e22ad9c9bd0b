//! The patron's profile, and its representation in `user.retrieve`.

use jiff::Timestamp;
use serde::Serialize;

use crate::sandbox::wire::date;

/// The patron's data that the wire repeats in every row.
#[derive(Clone, Debug)]
pub struct Owner {
    pub user_id: String,
    pub institution_id: String,
    pub payment_system_id: String,
    /// The card number.
    pub patron_id: String,
    pub first_name: &'static str,
    pub last_name: &'static str,
}

/// The state of the card.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Card {
    /// Reported lost: no reader accepts it.
    pub lost: bool,
    /// When `lost` last changed.
    pub changed: Option<Timestamp>,
}

/// All fields of the patron in the format of `user.retrieve`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_excessive_bools, reason = "the wire format has this many")]
pub struct UserOnWire<'a> {
    id: &'a str,
    user_name: &'static str,
    object_revision: u32,
    institution_id: &'a str,
    first_name: &'a str,
    middle_name: Option<&'static str>,
    last_name: &'a str,
    status: u8,
    stale_profile: bool,
    active: bool,
    time_zone: &'static str,
    locale: &'static str,
    email: &'static str,
    phone: Option<&'static str>,
    /// 1: active; 2: reported lost.
    cashless_media_status: u8,
    guest_user: bool,
    has_cashless_card: bool,
    last_updated_profile: Option<String>,
    last_updated_cashless: Option<String>,
    email_bounce_message: Option<&'static str>,
    email_bounce_status: Option<&'static str>,
    child_user_info_list: [(); 0],
    user_notification_info_list: [(); 0],
    user_media_info_list: [(); 0],
}

impl<'a> UserOnWire<'a> {
    pub fn of(owner: &'a Owner, card: Card) -> Self {
        Self {
            id: &owner.user_id,
            user_name: "sslugwor",
            object_revision: 7,
            institution_id: &owner.institution_id,
            first_name: owner.first_name,
            middle_name: None,
            last_name: owner.last_name,
            status: 0,
            stale_profile: false,
            active: true,
            time_zone: "America/Los_Angeles",
            locale: "en_US",
            email: "sslugwor@example.edu",
            phone: None,
            cashless_media_status: if card.lost { 2 } else { 1 },
            guest_user: false,
            has_cashless_card: true,
            last_updated_profile: None,
            last_updated_cashless: card.changed.map(date::write),
            email_bounce_message: None,
            email_bounce_status: None,
            child_user_info_list: [],
            user_notification_info_list: [],
            user_media_info_list: [],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Card, UserOnWire};
    use crate::sandbox::patron::opening::patron;
    use crate::sandbox::patron::random::Random;
    use serde_json::json;

    #[test]
    fn the_wire_format_has_every_field_of_the_protocol() {
        let (owner, _) = patron(&mut Random::new(1), 2026);
        let lost = Card { lost: true, changed: Some("2026-02-09T19:04:11Z".parse().unwrap()) };
        let wire = serde_json::to_value(UserOnWire::of(&owner, lost)).unwrap();
        let fields = "id userName institutionId firstName middleName lastName status active timeZone locale email \
             phone objectRevision staleProfile cashlessMediaStatus guestUser hasCashlessCard lastUpdatedProfile \
             lastUpdatedCashless emailBounceMessage emailBounceStatus childUserInfoList \
             userNotificationInfoList userMediaInfoList";
        let mut expected: Vec<&str> = fields.split_whitespace().collect();
        expected.sort_unstable();
        let mut found: Vec<&String> = wire.as_object().unwrap().keys().collect();
        found.sort();
        assert_eq!(found, expected);
        assert!(wire["status"].is_number());
        assert_eq!(wire["cashlessMediaStatus"], 2);
        assert_eq!(wire["lastUpdatedCashless"], "2026-02-09T19:04:11.000+0000");
        let active = serde_json::to_value(UserOnWire::of(&owner, Card::default())).unwrap();
        assert_eq!(active["cashlessMediaStatus"], json!(1));
    }
}
