//! Desktop notifications.

/// Shows a notification.
///
/// # Errors
/// If it cannot be shown, because there is no desktop for example.
pub async fn show(title: &str, body: &str) -> Result<(), String> {
    let (title, body) = (title.to_owned(), body.to_owned());
    let (sender, shown) = tokio::sync::oneshot::channel();
    // It blocks, which an asynchronous task must not do.
    std::thread::spawn(move || sender.send(notify(&title, &body)));
    shown.await.unwrap_or_else(|_| Err("the notification was dropped".to_owned()))
}

#[cfg(not(target_os = "macos"))]
fn notify(title: &str, body: &str) -> Result<(), String> {
    let notification =
        notify_rust::Notification::new().appname("getcard").summary(title).body(body).finalize();
    match notification.show() {
        Ok(_) => Ok(()),
        // The bus names its own error and the interface.
        Err(error) if error.to_string().contains("ServiceUnknown") => {
            Err("no notification service is running in this session".to_owned())
        }
        Err(error) => Err(error.to_string()),
    }
}

/// A program without an application bundle has no notifications of its own; the script interpreter shows them.
#[cfg(target_os = "macos")]
fn notify(title: &str, body: &str) -> Result<(), String> {
    // The texts are arguments, so that nothing in them is run.
    const SCRIPT: &str =
        "on run argv\ndisplay notification (item 2 of argv) with title (item 1 of argv)\nend run";
    let mut command = std::process::Command::new("/usr/bin/osascript");
    match command.args(["-e", SCRIPT, "--", title, body]).output() {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => Err(String::from_utf8_lossy(&output.stderr).trim().to_owned()),
        Err(error) => Err(error.to_string()),
    }
}
