//! One connection, plain or TLS, until either side closes it or a fault resets it.

use std::convert::Infallible;
use std::io;
use std::sync::Arc;

use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::select;
use tokio::sync::Notify;
use tokio_rustls::TlsAcceptor;

use crate::sandbox::server::shared::Shared;
use crate::sandbox::server::{call, pages, report};
use crate::sandbox::wire::response::Body;

pub async fn connection(stream: TcpStream, tls: Option<TlsAcceptor>, shared: Arc<Shared>) -> io::Result<()> {
    // Otherwise the last segment of a reply waits for the client's delayed ACK.
    stream.set_nodelay(true)?;
    match tls {
        None => serve_connection(stream, |stream| stream, shared).await,
        Some(tls) => serve_connection(tls.accept(stream).await?, |tls| tls.get_ref().0, shared).await,
    }
}

async fn serve_connection<S>(
    stream: S,
    socket: impl Fn(&S) -> &TcpStream,
    shared: Arc<Shared>,
) -> io::Result<()>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let cut = Arc::new(Notify::new());
    let service = service_fn(|request| answer(Arc::clone(&shared), Arc::clone(&cut), request));
    let mut serving =
        http1::Builder::new().timer(TokioTimer::new()).serve_connection(TokioIo::new(stream), service);
    select! {
        // A client that disconnects during a request is not an error.
        _ = &mut serving => {}
        () = cut.notified() => {
            let stream = serving.into_parts().io.into_inner();
            // Closing with a zero linger time sends RST.
            socket(&stream).set_zero_linger()?;
        }
    }
    Ok(())
}

async fn answer(
    shared: Arc<Shared>,
    cut: Arc<Notify>,
    request: Request<Incoming>,
) -> Result<Response<Body>, Infallible> {
    if let Some(service) = call::service(request.uri()) {
        return Ok(call::answer(&shared, &cut, &service, request).await);
    }
    let page = pages::answer(&shared, request.method(), request.uri());
    report::request(request.method(), request.uri(), page.status());
    Ok(page)
}
