//! The sandbox, in this process, on a thread of its own.

use std::ops::Deref;
use std::sync::mpsc;
use std::thread::JoinHandle;

use getcard::sandbox::{Options, Sandbox};
use tokio::sync::oneshot;

/// A running sandbox; it ends when it is dropped.
pub struct Service {
    sandbox: Option<Sandbox>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Service {
    /// A sandbox with default options.
    pub fn start() -> Self {
        Self::with(Options::default())
    }

    /// A sandbox with these options.
    pub fn with(options: Options) -> Self {
        let (started, sandbox) = mpsc::channel();
        let (stop, stopped) = oneshot::channel::<()>();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async move {
                started.send(Sandbox::start(options).await.unwrap()).unwrap();
                let _ = stopped.await;
            });
        });
        Self { sandbox: Some(sandbox.recv().unwrap()), stop: Some(stop), thread: Some(thread) }
    }
}

impl Deref for Service {
    type Target = Sandbox;

    fn deref(&self) -> &Sandbox {
        self.sandbox.as_ref().unwrap()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        drop(self.sandbox.take());
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
