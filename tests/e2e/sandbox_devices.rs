//! Devices that the service no longer knows: one sign-in, a refusal that is shown, nothing tried again.

use std::time::Duration;

use serde_json::json;

use crate::support::getcard::Getcard;
use crate::support::http;
use crate::support::service::Service;

/// A command after the session has ended is refused by one sign-in.
fn is_refused(service: &Service, user: &Getcard) {
    service.end_sessions();
    let before = service.hits("authenticatePIN");
    let error = user.run(&["balance", "--json"]).fails(3, "authentication_error", "9510");
    assert!(error["message"].as_str().unwrap().contains("Device marked as lost"), "{error}");
    assert_eq!(service.hits("authenticatePIN") - before, 1);
}

#[test]
fn a_device_that_is_marked_as_lost_is_refused_once() {
    let service = Service::start();
    let user = Getcard::linked(&service);
    let device = service.live_devices()[0].clone();
    service.mark_device_lost(&device).unwrap();
    assert!(service.live_devices().is_empty() && service.devices()[0].lost);
    is_refused(&service, &user);
}

#[test]
fn a_device_that_is_deleted_is_refused_once() {
    let service = Service::start();
    let user = Getcard::linked(&service);
    service.revoke_devices();
    is_refused(&service, &user);
}

#[test]
fn a_phone_that_signs_in_before_every_call_takes_every_session() {
    let service = Service::start();
    let user = Getcard::linked(&service);
    service.set_phone(Some(Duration::from_nanos(1)));
    assert_eq!(user.run(&["balance", "--json"]).code, Some(3));
    service.set_phone(None);
    assert_eq!(user.run(&["balance", "--json"]).code, Some(0));
}

#[test]
fn another_origin_revokes_no_device() {
    let service = Service::start();
    let _user = Getcard::linked(&service);
    let revoke =
        |headers: &str| http::call(service.address(), "sandbox", "revokeDevices", &json!({}), headers).status;
    assert_eq!(revoke("Origin: https://page.example\r\n"), 403);
    assert_eq!(service.live_devices().len(), 1);
    assert_eq!(revoke(""), 200);
    assert!(service.live_devices().is_empty());
}
