//! The world, shared by every connection and the controller.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::sandbox::world::World;

/// A world for several tasks.
#[derive(Debug)]
pub struct Shared(Mutex<World>);

impl Shared {
    pub fn new(world: World) -> Self {
        Self(Mutex::new(world))
    }

    /// The world, for a moment: never held while anything waits.
    pub fn world(&self) -> MutexGuard<'_, World> {
        // A panic of another task leaves a world that is good enough to look at.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
