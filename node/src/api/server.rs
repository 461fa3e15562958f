//! The server of the local API: a private Unix socket, a bounded number of connections, and no
//! permission but that of the file system and the user id.

use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::serve::Listener;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::unix::SocketAddr;
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::extract::MAX_BODY;
use super::refusal::Refusal;
use super::{BY_ITSELF, route};
use crate::handle::{self, Handle};
use crate::private::{self, PrivateError};

/// Connections served at once; one event stream is one of them.
const MAX_CONNECTIONS: usize = 64;
/// How long connections may take to end once the node stops.
const FAREWELL: Duration = Duration::from_secs(3);

/// The API, while it is served.
#[derive(Debug)]
pub(crate) struct Server {
    socket: PathBuf,
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Server {
    /// Listens on `socket`. Whoever calls this holds the lock of the profile: what stands at the
    /// path was left by a node that is gone.
    ///
    /// # Errors
    /// [`PrivateError`] when the socket cannot be made.
    pub(crate) fn start(socket: &Path, handle: Handle) -> Result<Self, PrivateError> {
        if let Some(folder) = socket.parent() {
            private::create_folder(folder)?;
        }
        private::remove_if_there(socket)?;
        let listener = bind(socket)?;
        let gate = Gate { listener, places: Arc::new(Semaphore::new(MAX_CONNECTIONS)) };
        let stop = CancellationToken::new();
        let served = axum::serve(gate, router(handle));
        let stopped = stop.clone().cancelled_owned();
        let task = tokio::spawn(async move {
            // The listener repeats what fails, so that serving ends only when it is stopped.
            let _ = served.with_graceful_shutdown(stopped).await;
        });
        Ok(Self { socket: socket.to_owned(), stop, task })
    }

    /// Stops taking requests, lets those begun end, and removes the socket.
    pub(crate) async fn stop(mut self) {
        self.stop.cancel();
        if tokio::time::timeout(FAREWELL, &mut self.task).await.is_err() {
            self.task.abort();
        }
        // A socket left behind is removed at the next start.
        let _ = private::remove_if_there(&self.socket);
    }
}

/// Every route, and the same shape of refusal where there is none.
pub(crate) fn router(handle: Handle) -> Router {
    route::routes()
        .fallback(async || {
            Refusal::not_found(
                "unknown_route",
                "there is nothing at this path",
                "see /v1/openapi.json for what there is",
            )
        })
        .method_not_allowed_fallback(async || {
            Refusal::new(
                axum::http::StatusCode::METHOD_NOT_ALLOWED,
                "unknown_method",
                "this path does not take this method",
                "see /v1/openapi.json for what it takes",
            )
        })
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(middleware::from_fn(answer))
        .with_state(handle)
}

/// Answers a request, and knows whether somebody is there for it.
async fn answer(request: Request, next: Next) -> Response {
    if request.headers().contains_key(BY_ITSELF) {
        handle::by_itself(next.run(request)).await
    } else {
        next.run(request).await
    }
}

/// Binds under a name of its own in the same folder and moves it into place once its mode is
/// right: at no moment can anybody else open it.
fn bind(socket: &Path) -> Result<UnixListener, PrivateError> {
    let fresh = socket.with_extension("new");
    private::remove_if_there(&fresh)?;
    let listener = UnixListener::bind(&fresh)?;
    private::narrow_socket(&fresh)?;
    std::fs::rename(&fresh, socket)?;
    Ok(listener)
}

/// Lets in connections of the same user, a bounded number at once.
struct Gate {
    listener: UnixListener,
    places: Arc<Semaphore>,
}

impl Listener for Gate {
    type Io = Guest;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Guest, SocketAddr) {
        loop {
            let Ok(place) = Arc::clone(&self.places).acquire_owned().await else {
                // The semaphore is never closed.
                return std::future::pending().await;
            };
            // The same repetition and back-off that axum gives its own listeners.
            let (stream, address) = Listener::accept(&mut self.listener).await;
            if is_same_user(&stream) {
                return (Guest { stream, _place: place }, address);
            }
        }
    }

    fn local_addr(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// The mode of the socket keeps others out already; this holds where a file system ignores modes.
fn is_same_user(stream: &UnixStream) -> bool {
    let own = rustix::process::geteuid().as_raw();
    stream.peer_cred().is_ok_and(|peer| peer.uid() == own || peer.uid() == 0)
}

/// A connection and the place it takes.
struct Guest {
    stream: UnixStream,
    _place: OwnedSemaphorePermit,
}

impl AsyncRead for Guest {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Guest {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
