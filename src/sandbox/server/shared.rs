//! The world, shared by all connections and the controlling handle.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::sandbox::world::World;

#[derive(Debug)]
pub struct Shared(Mutex<World>);

impl Shared {
    pub fn new(world: World) -> Self {
        Self(Mutex::new(world))
    }

    /// Locks the world. Never hold the guard across an await.
    pub fn world(&self) -> MutexGuard<'_, World> {
        // A panic in another task does not make the simulated state unusable.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
