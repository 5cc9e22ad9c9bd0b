//! Faulty bodies: truncated, slow or huge.

use std::io;
use std::time::Duration;

use futures_util::stream::{self, Stream, StreamExt};
use http_body_util::{BodyExt, StreamBody};
use hyper::body::{Bytes, Frame};
use tokio::time::sleep;

use crate::sandbox::wire::response::Body;

const MIB: usize = 1024 * 1024;
/// The size of the body of `huge`, without its envelope.
const HUGE: usize = 64 * MIB;
const CHUNK: usize = 64 * 1024;
const DRIP: Duration = Duration::from_millis(100);
/// Long enough for the sent bytes to reach the socket before the connection closes.
const FLUSH: Duration = Duration::from_millis(30);

/// Sends the first half of `text`, then ends the stream.
pub fn half(text: String) -> Body {
    let mut bytes = Bytes::from(text);
    bytes.truncate(bytes.len() / 2);
    boxed(stream::unfold(Some(bytes), |bytes| async {
        let Some(bytes) = bytes else {
            sleep(FLUSH).await;
            return None;
        };
        Some((bytes, None))
    }))
}

/// Sends `text` at one byte per 100 ms.
pub fn drip(text: String) -> Body {
    boxed(stream::unfold(Bytes::from(text), |mut rest| async {
        if rest.is_empty() {
            return None;
        }
        sleep(DRIP).await;
        let byte = rest.split_to(1);
        Some((byte, rest))
    }))
}

/// A well-formed reply whose response is a 64 MiB string.
pub fn huge() -> Body {
    let filler = Bytes::from(vec![b'A'; CHUNK]);
    let parts = HUGE / CHUNK + 1;
    boxed(stream::unfold(0, move |part| {
        let bytes = match part {
            0 => Some(Bytes::from_static(b"{\"response\":\"")),
            part if part < parts => Some(filler.clone()),
            part if part == parts => Some(Bytes::from_static(b"\",\"exception\":null}")),
            _ => None,
        };
        async move { bytes.map(|bytes| (bytes, part + 1)) }
    }))
}

fn boxed(chunks: impl Stream<Item = Bytes> + Send + Sync + 'static) -> Body {
    let frames = StreamExt::map(chunks, |bytes| Ok::<_, io::Error>(Frame::data(bytes)));
    BodyExt::boxed(StreamBody::new(frames))
}

#[cfg(test)]
mod tests {
    use super::{HUGE, drip, half, huge};
    use http_body_util::BodyExt;

    #[tokio::test(start_paused = true)]
    async fn half_is_half_and_drip_is_whole() {
        let text = "{\"response\":true}";
        let body = half(text.into()).collect().await.unwrap().to_bytes();
        assert_eq!(body, text[..8]);
        let start = tokio::time::Instant::now();
        let body = drip(text.into()).collect().await.unwrap().to_bytes();
        assert_eq!(body, text);
        assert_eq!(start.elapsed().as_millis(), 1700);
    }

    #[tokio::test]
    async fn huge_is_well_formed() {
        let body = huge().collect().await.unwrap().to_bytes();
        assert!(body.len() > HUGE);
        assert!(body.ends_with(b"A\",\"exception\":null}"));
    }
}
