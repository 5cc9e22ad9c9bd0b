//! The one place where the terminal is entered and left.

use std::io::{self, BufWriter, Stdout, Write, stdout};
use std::panic;
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::cursor::{Hide, Show};
use crossterm::style::{Colored, ResetColor, force_color_output};
use crossterm::terminal::{
    BeginSynchronizedUpdate, Clear, ClearType, EndSynchronizedUpdate, EnterAlternateScreen,
    LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use crossterm::{execute, queue};
use ratatui::Terminal as Canvas;
use ratatui::backend::CrosstermBackend;
use ratatui::layout::{Position, Rect};

use super::image_layer::ImageLayer;
use super::model::Model;
use super::view::{picture, view};
use crate::error::{Cause, Error, Result};
use crate::terminal::pictures::PictureProtocol;

/// Room for a whole frame: it goes out in one piece.
const FRAME: usize = 64 << 10;

/// Whether the view owns the terminal; leaving takes this first, so that it happens once.
static ENTERED: AtomicBool = AtomicBool::new(false);

/// The terminal while the view has it; restored when dropped, and before a panic message.
pub struct Terminal {
    canvas: Canvas<CrosstermBackend<BufWriter<Stdout>>>,
    image_layer: ImageLayer,
    graphics: Option<PictureProtocol>,
    colors_were_off: bool,
}

impl Terminal {
    /// Takes the terminal.
    ///
    /// # Errors
    /// `internal_error` when it is not a terminal, or cannot be controlled.
    pub fn enter() -> Result<Self> {
        static HOOK: Once = Once::new();
        HOOK.call_once(|| {
            let report = panic::take_hook();
            panic::set_hook(Box::new(move |info| {
                leave();
                report(info);
            }));
        });
        let backend = CrosstermBackend::new(BufWriter::with_capacity(FRAME, stdout()));
        let canvas = Canvas::new(backend).map_err(failed)?;
        // `NO_COLOR` would also remove the barcode's colors, which are not decoration.
        let colors_were_off = Colored::ansi_color_disabled_memoized();
        force_color_output(true);
        let mut terminal =
            Self { canvas, image_layer: ImageLayer::default(), graphics: None, colors_were_off };
        terminal.take()?;
        Ok(terminal)
    }

    /// Draws a frame, atomically if the terminal supports that.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn draw(&mut self, model: &Model) -> Result<()> {
        queue!(self.canvas.backend_mut(), BeginSynchronizedUpdate).map_err(failed)?;
        self.graphics = model.setup.terminal.pictures;
        let picture = picture(model);
        if self.graphics.is_some_and(|graphics| self.image_layer.needs_clearing(graphics, picture)) {
            self.clear()?;
        }
        self.canvas.draw(|frame| view(model, frame)).map_err(failed)?;
        if let Some(graphics) = self.graphics {
            self.image_layer.place(graphics, picture, self.canvas.backend_mut()).map_err(failed)?;
        }
        execute!(self.canvas.backend_mut(), EndSynchronizedUpdate).map_err(failed)
    }

    /// Releases the terminal until it is taken again.
    pub fn give(&mut self) {
        // What was begun belongs to the screen that is left, and pictures must not outlive it.
        let _ = self.take_pictures_down();
        let _ = self.canvas.backend_mut().flush();
        leave();
    }

    /// Takes the terminal, whatever its state.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn take(&mut self) -> Result<()> {
        // What crossterm holds for the state to come back to may be someone else's by now.
        disable_raw_mode().map_err(failed)?;
        ENTERED.store(true, Ordering::SeqCst);
        enable_raw_mode().map_err(failed)?;
        execute!(self.canvas.backend_mut(), EnterAlternateScreen, Hide).map_err(failed)?;
        self.clear()
    }

    /// Makes the next frame draw every cell.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn clear(&mut self) -> Result<()> {
        self.take_pictures_down().map_err(failed)?;
        // Not by `Terminal::clear`, which waits for two seconds for a terminal that does not report its cursor
        // position.
        let size = self.canvas.size().map_err(failed)?;
        self.canvas.resize(Rect::from((Position::ORIGIN, size))).map_err(failed)
    }

    fn take_pictures_down(&mut self) -> io::Result<()> {
        match self.graphics {
            Some(graphics) => self.image_layer.place(graphics, None, self.canvas.backend_mut()),
            None => Ok(()),
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.give();
        force_color_output(!self.colors_were_off);
    }
}

/// Restores the terminal. If it is gone, there is nothing to do.
fn leave() {
    if ENTERED.swap(false, Ordering::SeqCst) {
        // Some terminals that were resized meanwhile (tmux 3.3) keep lines of a screen that is not cleared.
        let _ = execute!(
            stdout(),
            EndSynchronizedUpdate,
            ResetColor,
            Clear(ClearType::All),
            LeaveAlternateScreen,
            Show
        );
        let _ = disable_raw_mode();
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it is mapped over results")]
fn failed(error: io::Error) -> Error {
    Error::new(Cause::Terminal, format!("cannot use this terminal: {error}"))
}
