//! The client of the local API: what the command line and the terminal app speak to a node with.
//!
//! One connection per request over the profile's socket. Nothing is repeated by itself: whoever
//! asked decides whether asking again is safe.

mod act;
mod agreement;
mod check_in;
mod draft;
mod file;
mod notice;
mod plan;
mod relay;
mod report;
mod search;
mod steward;

use std::path::{Path, PathBuf};
use std::time::Duration;

use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1::{self, SendRequest};
use hyper::header::HeaderValue;
use hyper::{Method, Request, Response};
use hyper_util::rt::TokioIo;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::net::UnixStream;
use tokio_util::task::AbortOnDropHandle;
use windbreak_protocol::id::{CircleId, DeviceId, InviteId, ItemId, KnockId, MemberId};
use zeroize::Zeroizing;

use super::message::answer::API_VERSION;
use super::message::{
    Answer, Circle, CircleNetwork, Circles, DeviceNumber, Devices, Done, Explanation, Failure,
    Invite, InviteTerms, Invites, Item, Join, Joins, Knock, LinkChange, Links, Lobby, Made,
    MadeBackup, Members, Mode, ModeChange, NewBackup, NewCircle, NewConsent, NewItem, NewPhrase,
    NewProposal, NewRole, Page, Proposals, Proposed, Reason, StartJoin, Status, TheNewPhrase, Why,
    Written,
};
use super::stream::EventStream;
use super::{BY_ITSELF, wiped};
use crate::relay::{GrantList, GrantOrder, IssuedGrant, RelayReport};

/// How long one request may take: a change in a large circle is seconds of work on an old laptop.
const PATIENCE: Duration = Duration::from_secs(120);
/// Bytes of the longest answer taken: a page of items is bounded far below it.
const MAX_ANSWER: usize = 32 * 1024 * 1024;

/// Speaks to the node of one profile.
#[derive(Clone, Debug)]
pub struct Client {
    socket: PathBuf,
    is_by_itself: bool,
}

/// Why a request brought no answer.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// Nobody listens on the socket.
    #[error("no node is running for this profile")]
    NotRunning,
    /// The socket could not be used.
    #[error("the node's socket cannot be used")]
    Socket(#[source] std::io::Error),
    /// The node said no, and why.
    #[error("{}", .0.message)]
    Refused(Why),
    /// No answer in time.
    #[error("the node does not answer")]
    TimedOut,
    /// The connection broke off: the node may have stopped.
    #[error("the connection to the node broke off")]
    BrokeOff(#[source] hyper::Error),
    /// More than any answer may hold.
    #[error("the node's answer is longer than allowed")]
    TooLong,
    /// Not what this API answers.
    #[error("the node's answer is malformed")]
    Malformed(#[source] serde_json::Error),
    /// The node speaks another version of this API.
    #[error("the node runs another version of this program")]
    OtherVersion,
}

impl Client {
    /// A client for the node that listens on `socket`; nothing is opened yet.
    #[must_use]
    pub fn new(socket: impl Into<PathBuf>) -> Self {
        Self { socket: socket.into(), is_by_itself: false }
    }

    /// The same for what a program asks by itself: what it looks at does not keep the node from locking.
    #[must_use]
    pub fn by_itself(&self) -> Self {
        Self { socket: self.socket.clone(), is_by_itself: true }
    }

    /// The socket.
    #[must_use]
    pub fn socket(&self) -> &Path {
        &self.socket
    }

    /// How the node is.
    ///
    /// # Errors
    /// [`ClientError`], as for every request here.
    pub async fn status(&self) -> Result<Status, ClientError> {
        self.get("/v1/status").await
    }

    /// Stops the node: answered before it does.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn shutdown(&self) -> Result<Done, ClientError> {
        self.post("/v1/shutdown", &Done {}).await
    }

    /// The circles of the profile.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn circles(&self) -> Result<Circles, ClientError> {
        self.get("/v1/circles").await
    }

    /// Makes a circle.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn create_circle(&self, new: &NewCircle) -> Result<Circle, ClientError> {
        self.post("/v1/circles", new).await
    }

    /// One circle.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn circle(&self, circle: &CircleId) -> Result<Circle, ClientError> {
        self.get(&of_circle(circle, "")).await
    }

    /// Leaves a circle.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn leave(&self, circle: &CircleId) -> Result<Done, ClientError> {
        self.post(&of_circle(circle, "/leave"), &Done {}).await
    }

    /// The members of a circle.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn members(&self, circle: &CircleId) -> Result<Members, ClientError> {
        self.get(&of_circle(circle, "/members")).await
    }

    /// What was proposed in a circle.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn proposals(&self, circle: &CircleId) -> Result<Proposals, ClientError> {
        self.get(&of_circle(circle, "/proposals")).await
    }

    /// Proposes something to be decided together.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn propose(
        &self,
        circle: &CircleId,
        new: &NewProposal,
    ) -> Result<Proposed, ClientError> {
        self.post(&of_circle(circle, "/proposals"), new).await
    }

    /// Agrees to a proposal.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn consent(
        &self,
        circle: &CircleId,
        proposal: &ItemId,
        new: &NewConsent,
    ) -> Result<Done, ClientError> {
        let path = of_circle(circle, &format!("/proposals/{}/consent", proposal.to_text()));
        self.post(&path, new).await
    }

    /// Gives up the own role as a facilitator.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn step_down(&self, circle: &CircleId) -> Result<Done, ClientError> {
        self.post(&of_circle(circle, "/step-down"), &Done {}).await
    }

    /// Says that a member only listens from now on, and why, or speaks again.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn set_role(
        &self,
        circle: &CircleId,
        member: &MemberId,
        new: &NewRole,
    ) -> Result<Done, ClientError> {
        let path = of_circle(circle, &format!("/members/{}/role", member.to_text()));
        self.send(Method::PUT, &path, Some(new)).await
    }

    /// Removes a member; of a facilitator it says under which id that was proposed.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn remove_member(
        &self,
        circle: &CircleId,
        member: &MemberId,
        reason: &Reason,
    ) -> Result<Proposed, ClientError> {
        let path = of_circle(circle, &format!("/members/{}", member.to_text()));
        self.send(Method::DELETE, &path, Some(reason)).await
    }

    /// Your devices in a circle.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn devices(&self, circle: &CircleId) -> Result<Devices, ClientError> {
        self.get(&of_circle(circle, "/devices")).await
    }

    /// Makes a device code; the answer holds its text.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn open_device_code(&self, circle: &CircleId) -> Result<Devices, ClientError> {
        self.post(&of_circle(circle, "/devices"), &Done {}).await
    }

    /// Confirms that the new device which shows this number is yours.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn confirm_device(
        &self,
        circle: &CircleId,
        number: &str,
        phrase: Option<Zeroizing<String>>,
    ) -> Result<Done, ClientError> {
        let number = DeviceNumber { number: number.to_owned(), phrase };
        self.post(&of_circle(circle, "/devices/confirm"), &number).await
    }

    /// Makes a backup.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn backup(&self, backup: &NewBackup) -> Result<MadeBackup, ClientError> {
        self.post("/v1/backup", backup).await
    }

    /// Makes a new recovery phrase.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn new_phrase(&self, phrase: &NewPhrase) -> Result<TheNewPhrase, ClientError> {
        self.post("/v1/recovery", phrase).await
    }

    /// Opens a connection for one request, which then needs no socket any more.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn connect(&self) -> Result<Connected, ClientError> {
        let stream = UnixStream::connect(&self.socket).await.map_err(|error| {
            use std::io::ErrorKind::{ConnectionRefused, NotFound};
            match error.kind() {
                NotFound | ConnectionRefused => ClientError::NotRunning,
                _ => ClientError::Socket(error),
            }
        })?;
        let (sender, connection) =
            http1::handshake(TokioIo::new(stream)).await.map_err(ClientError::BrokeOff)?;
        let connection = AbortOnDropHandle::new(tokio::spawn(async move {
            // What goes wrong on the connection shows in the request.
            let _ = connection.await;
        }));
        Ok(Connected { sender, connection })
    }

    /// Takes another device of yours out.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn remove_device(
        &self,
        circle: &CircleId,
        device: &DeviceId,
    ) -> Result<Done, ClientError> {
        let path = of_circle(circle, &format!("/devices/{}", device.to_text()));
        self.send(Method::DELETE, &path, None::<&Done>).await
    }

    /// Asks to come in as a further device of a member.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn ask_as_device(&self, invite: &InviteId) -> Result<Join, ClientError> {
        self.post(&format!("/v1/joins/{}/device", invite.to_text()), &Done {}).await
    }

    /// The invites of a circle.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn invites(&self, circle: &CircleId) -> Result<Invites, ClientError> {
        self.get(&of_circle(circle, "/invites")).await
    }

    /// Opens an invite; the answer holds its text.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn open_invite(
        &self,
        circle: &CircleId,
        terms: &InviteTerms,
    ) -> Result<Invite, ClientError> {
        self.post(&of_circle(circle, "/invites"), terms).await
    }

    /// One invite, with its text if this device made it.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn invite(
        &self,
        circle: &CircleId,
        invite: &InviteId,
    ) -> Result<Invite, ClientError> {
        self.get(&of_circle(circle, &format!("/invites/{}", invite.to_text()))).await
    }

    /// Takes an invite back.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn revoke_invite(
        &self,
        circle: &CircleId,
        invite: &InviteId,
    ) -> Result<Done, ClientError> {
        let path = of_circle(circle, &format!("/invites/{}", invite.to_text()));
        self.send(Method::DELETE, &path, None::<&Done>).await
    }

    /// The lobby of a circle.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn lobby(&self, circle: &CircleId) -> Result<Lobby, ClientError> {
        self.get(&of_circle(circle, "/lobby")).await
    }

    /// Admits somebody who knocked.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn admit(&self, circle: &CircleId, knock: &KnockId) -> Result<Done, ClientError> {
        let path = of_circle(circle, &format!("/lobby/{}/admit", knock.to_text()));
        self.post(&path, &Done {}).await
    }

    /// Declines somebody who knocked.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn decline(
        &self,
        circle: &CircleId,
        knock: &KnockId,
        reason: &Reason,
    ) -> Result<Done, ClientError> {
        let path = of_circle(circle, &format!("/lobby/{}/decline", knock.to_text()));
        self.post(&path, reason).await
    }

    /// A part of the timeline: at most `limit` items behind `after`, from the start without it.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn items(
        &self,
        circle: &CircleId,
        after: Option<&ItemId>,
        limit: Option<usize>,
    ) -> Result<Page, ClientError> {
        let after = after.map(|item| format!("after={}", item.to_text()));
        let limit = limit.map(|limit| format!("limit={limit}"));
        let query = after.into_iter().chain(limit).collect::<Vec<_>>().join("&");
        self.get(&of_circle(circle, &format!("/items?{query}"))).await
    }

    /// The newest `limit` items of a timeline, or as many as one answer holds.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn newest(&self, circle: &CircleId, limit: usize) -> Result<Page, ClientError> {
        self.get(&of_circle(circle, &format!("/items?newest=true&limit={limit}"))).await
    }

    /// One item.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn item(&self, circle: &CircleId, item: &ItemId) -> Result<Item, ClientError> {
        self.get(&of_circle(circle, &format!("/items/{}", item.to_text()))).await
    }

    /// Shares or replies.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn write(&self, circle: &CircleId, new: &NewItem) -> Result<Written, ClientError> {
        self.post(&of_circle(circle, "/items"), new).await
    }

    /// The direct links of a circle.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn links(&self, circle: &CircleId) -> Result<Links, ClientError> {
        self.get(&of_circle(circle, "/links")).await
    }

    /// Adds addresses to listen on or to dial.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn add_links(
        &self,
        circle: &CircleId,
        change: &LinkChange,
    ) -> Result<Links, ClientError> {
        self.post(&of_circle(circle, "/links"), change).await
    }

    /// Takes addresses away.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn remove_links(
        &self,
        circle: &CircleId,
        change: &LinkChange,
    ) -> Result<Links, ClientError> {
        self.send(Method::DELETE, &of_circle(circle, "/links"), Some(change)).await
    }

    /// How a circle is reached from this device.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn network(&self, circle: &CircleId) -> Result<CircleNetwork, ClientError> {
        self.get(&of_circle(circle, "/network")).await
    }

    /// Gives a circle another network mode.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn set_mode(
        &self,
        circle: &CircleId,
        mode: Mode,
        same_relay: bool,
    ) -> Result<CircleNetwork, ClientError> {
        let change = ModeChange { mode, same_relay };
        self.send(Method::PUT, &of_circle(circle, "/network"), Some(&change)).await
    }

    /// Starts to join a circle by an invite's text.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn start_join(&self, invite: &str) -> Result<Made, ClientError> {
        self.start_join_by(invite, None, false).await
    }

    /// The same in a network mode of its own, which the circle then has, too.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn start_join_by(
        &self,
        invite: &str,
        mode: Option<Mode>,
        same_relay: bool,
    ) -> Result<Made, ClientError> {
        let start = StartJoin { invite: invite.to_owned(), mode, same_relay };
        self.post("/v1/joins", &start).await
    }

    /// The attempts of this profile to join circles.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn joins(&self) -> Result<Joins, ClientError> {
        self.get("/v1/joins").await
    }

    /// One attempt.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn join(&self, invite: &InviteId) -> Result<Join, ClientError> {
        self.get(&format!("/v1/joins/{}", invite.to_text())).await
    }

    /// Knocks, accepting the agreement of the card that was shown.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn knock(&self, invite: &InviteId, knock: &Knock) -> Result<Join, ClientError> {
        self.post(&format!("/v1/joins/{}/knock", invite.to_text()), knock).await
    }

    /// Gives an attempt up.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn cancel_join(&self, invite: &InviteId) -> Result<Done, ClientError> {
        let path = format!("/v1/joins/{}", invite.to_text());
        self.send(Method::DELETE, &path, None::<&Done>).await
    }

    /// Who can see what, from the live settings.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn explain(&self) -> Result<Explanation, ClientError> {
        self.get("/v1/explain").await
    }

    /// What a relay tells its host; asked over the relay's own socket, where it is all there is.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn relay_report(&self) -> Result<RelayReport, ClientError> {
        self.get("/v1/relay").await
    }

    /// The grants of the relay whose socket this is, as counts.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn grants(&self) -> Result<GrantList, ClientError> {
        self.get("/v1/relay/grants").await
    }

    /// Has the relay issue a grant.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn issue_grant(&self, order: &GrantOrder) -> Result<IssuedGrant, ClientError> {
        self.post("/v1/relay/grants", order).await
    }

    /// Ends a grant; what remains.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn revoke_grant(&self, id: &str) -> Result<GrantList, ClientError> {
        // Whatever else was typed is no id, and must not become another path.
        let is_id = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_hexdigit());
        let path = format!("/v1/relay/grants/{}/revoke", if is_id { id } else { "none" });
        self.post(&path, &Done::default()).await
    }

    /// The description of this API, in OpenAPI.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn openapi(&self) -> Result<serde_json::Value, ClientError> {
        let request = request(Method::GET, "/v1/openapi.json", Bytes::new());
        let body = tokio::time::timeout(PATIENCE, self.body(request)).await;
        let (_, body) = body.map_err(|_| ClientError::TimedOut)??;
        serde_json::from_slice(&body).map_err(ClientError::Malformed)
    }

    /// What happens from now on, in one circle or anywhere. The stream is up when this returns:
    /// what happens after it is told.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn events(&self, circle: Option<&CircleId>) -> Result<EventStream, ClientError> {
        let query = circle.map_or(String::new(), |id| format!("?circle={}", id.to_text()));
        let request = request(Method::GET, &format!("/v1/events{query}"), Bytes::new());
        let sent = tokio::time::timeout(PATIENCE, self.exchange(request)).await;
        let (response, connection) = sent.map_err(|_| ClientError::TimedOut)??;
        if !response.status().is_success() {
            return Err(refusal(&collect(response).await?));
        }
        EventStream::open(response.into_body(), connection).await
    }

    async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, ClientError> {
        self.send(Method::GET, path, None::<&Done>).await
    }

    async fn post<B: Serialize, T: DeserializeOwned>(
        &self,
        path: &str,
        body: &B,
    ) -> Result<T, ClientError> {
        self.send(Method::POST, path, Some(body)).await
    }

    async fn send<B: Serialize, T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: Option<&B>,
    ) -> Result<T, ClientError> {
        let body = body.map(wiped::json).transpose().map_err(ClientError::Malformed)?;
        let request = request(method, path, body.unwrap_or_default());
        let answer = tokio::time::timeout(PATIENCE, self.body(request)).await;
        let (success, body) = answer.map_err(|_| ClientError::TimedOut)??;
        if success { answered(&body) } else { Err(refusal(&body)) }
    }

    async fn body(&self, request: Request<Full<Bytes>>) -> Result<(bool, Bytes), ClientError> {
        let (response, _connection) = self.exchange(request).await?;
        Ok((response.status().is_success(), collect(response).await?))
    }

    async fn exchange(
        &self,
        mut request: Request<Full<Bytes>>,
    ) -> Result<(Response<Incoming>, AbortOnDropHandle<()>), ClientError> {
        if self.is_by_itself {
            request.headers_mut().insert(BY_ITSELF, HeaderValue::from_static("yes"));
        }
        self.connect().await?.exchange(request).await
    }
}

/// A connection to a node, for one request.
#[derive(Debug)]
pub struct Connected {
    sender: SendRequest<Full<Bytes>>,
    connection: AbortOnDropHandle<()>,
}

impl Connected {
    /// Destroys everything.
    ///
    /// # Errors
    /// [`ClientError`]; a node that has ended meanwhile gives no answer.
    pub async fn panic(self) -> Result<Done, ClientError> {
        let body = wiped::json(&Done {}).map_err(ClientError::Malformed)?;
        let (response, _connection) =
            self.exchange(request(Method::POST, "/v1/panic", body)).await?;
        let success = response.status().is_success();
        let body = collect(response).await?;
        if success { answered(&body) } else { Err(refusal(&body)) }
    }

    async fn exchange(
        mut self,
        request: Request<Full<Bytes>>,
    ) -> Result<(Response<Incoming>, AbortOnDropHandle<()>), ClientError> {
        let response = self.sender.send_request(request).await.map_err(ClientError::BrokeOff)?;
        Ok((response, self.connection))
    }
}

/// Reads the data out of an answer's bytes.
pub(super) fn answered<T: DeserializeOwned>(body: &[u8]) -> Result<T, ClientError> {
    let answer: Answer<serde_json::Value> =
        serde_json::from_slice(body).map_err(ClientError::Malformed)?;
    if answer.v != API_VERSION {
        return Err(ClientError::OtherVersion);
    }
    serde_json::from_value(answer.data).map_err(ClientError::Malformed)
}

fn refusal(body: &[u8]) -> ClientError {
    match serde_json::from_slice::<Failure>(body) {
        Ok(failure) => ClientError::Refused(failure.error),
        Err(error) => ClientError::Malformed(error),
    }
}

async fn collect(response: Response<Incoming>) -> Result<Bytes, ClientError> {
    match Limited::new(response.into_body(), MAX_ANSWER).collect().await {
        Ok(body) => Ok(body.to_bytes()),
        Err(error) => match error.downcast::<hyper::Error>() {
            Ok(error) => Err(ClientError::BrokeOff(*error)),
            Err(_) => Err(ClientError::TooLong),
        },
    }
}

fn of_circle(circle: &CircleId, rest: &str) -> String {
    format!("/v1/circles/{}{rest}", circle.to_text())
}

/// A request. Its parts are fixed words and hexadecimal digits, so that building it cannot fail;
/// were one of them ever wrong, the default request is refused by the server.
fn request(method: Method, path: &str, body: Bytes) -> Request<Full<Bytes>> {
    let has_body = !body.is_empty();
    let mut request = Request::new(Full::new(body));
    *request.method_mut() = method;
    if let Ok(uri) = path.parse() {
        *request.uri_mut() = uri;
    }
    let headers = request.headers_mut();
    headers.insert(hyper::header::HOST, HeaderValue::from_static("windbreak"));
    if has_body {
        let json = HeaderValue::from_static("application/json");
        headers.insert(hyper::header::CONTENT_TYPE, json);
    }
    request
}
