//! Desktop notifications.

use notify_rust::Notification;

/// Shows a notification.
///
/// # Errors
/// If it cannot be shown, because there is no desktop for example.
pub async fn show(title: &str, body: &str) -> Result<(), String> {
    let notification = Notification::new().appname("getcard").summary(title).body(body).finalize();
    let (sender, shown) = tokio::sync::oneshot::channel();
    // It blocks on a connection of its own, which an asynchronous task must not do.
    std::thread::spawn(move || sender.send(notification.show().map(drop).map_err(|error| error.to_string())));
    shown.await.unwrap_or_else(|_| Err("the notification was dropped".to_owned()))
}
