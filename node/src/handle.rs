//! The way into a running node: requests become jobs that its loop runs one after the other.
//!
//! A job that reads is answered at once. A job that changes something is answered when what it
//! changed is durable, so that nobody is told of a share that a power cut could take back.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::{broadcast, mpsc, oneshot, watch};
use tokio_util::sync::CancellationToken;

use crate::api::message::Event;
use crate::api::refusal::Refusal;
use crate::backup::{BackupError, Lock, Saved};
use crate::desk::Desk;

tokio::task_local! {
    /// Set while a request is answered that a program makes by itself.
    static BY_ITSELF: ();
}

/// Answers a request that a program makes by itself: nobody need be there who reads the answer.
pub(crate) async fn by_itself<T>(answer: impl Future<Output = T>) -> T {
    BY_ITSELF.scope((), answer).await
}

/// Jobs that wait for the loop; more make whoever asks wait.
const MAX_JOBS: usize = 64;
/// Events a slow listener may be behind before it misses some.
const MAX_EVENTS: usize = 1024;

/// Answers a job once it is known whether its changes are durable.
pub(crate) type Settle = Box<dyn FnOnce(Result<(), Refusal>) + Send>;

/// What a request looks at, unless there is nothing to see.
pub(crate) type Look = Box<dyn FnOnce(Result<&Desk<'_>, Refusal>) + Send>;

/// What a request changes, unless the node takes no work now.
pub(crate) type Change = Box<dyn FnOnce(Result<&mut Desk<'_>, Refusal>) -> Settle + Send>;

/// One request, as the loop runs it.
pub(crate) enum Job {
    /// Looks, and answers by itself.
    Read(Look),
    /// The same, by a program that looks after the node: nobody need be there.
    Glance(Look),
    /// Changes something; answered once that is durable.
    Change(Change),
}

/// A way into a running node, as many copies as needed.
#[derive(Clone)]
pub struct Handle {
    jobs: mpsc::Sender<Job>,
    events: broadcast::Sender<Event>,
    stop: CancellationToken,
    ended: watch::Receiver<bool>,
    saves: mpsc::Sender<Save>,
    destroyed: CancellationToken,
    folder: Arc<PathBuf>,
}

/// A backup to be made.
pub(crate) struct Save {
    pub(crate) path: PathBuf,
    pub(crate) lock: Lock,
    pub(crate) answer: oneshot::Sender<Result<Saved, BackupError>>,
}

/// The other end of a [`Handle`]: what the loop holds.
pub(crate) struct Inbox {
    pub(crate) jobs: mpsc::Receiver<Job>,
    pub(crate) events: broadcast::Sender<Event>,
    pub(crate) stop: CancellationToken,
    pub(crate) ended: watch::Sender<bool>,
    pub(crate) saves: mpsc::Receiver<Save>,
}

impl Handle {
    /// A handle and what it leads to.
    pub(crate) fn new(folder: PathBuf) -> (Self, Inbox) {
        let (jobs, jobs_in) = mpsc::channel(MAX_JOBS);
        let (events, _) = broadcast::channel(MAX_EVENTS);
        let (ended_out, ended) = watch::channel(false);
        let stop = CancellationToken::new();
        let (saves, saves_in) = mpsc::channel(1);
        let destroyed = CancellationToken::new();
        let inbox = Inbox {
            jobs: jobs_in,
            events: events.clone(),
            stop: stop.clone(),
            ended: ended_out,
            saves: saves_in,
        };
        let folder = Arc::new(folder);
        (Self { jobs, events, stop, ended, saves, destroyed, folder }, inbox)
    }

    /// Asks the node to stop in order; it goes on until what it began is durable.
    pub fn stop(&self) {
        self.stop.cancel();
    }

    /// Waits until the node has stopped: its networks closed, its store closed, its socket gone.
    pub async fn stopped(&self) {
        let mut ended = self.ended.clone();
        // An error means that the loop is gone, which is what is waited for.
        let _ = ended.wait_for(|ended| *ended).await;
    }

    /// Destroys every profile in the folder and stops. The process should end at once: its memory
    /// holds keys.
    pub fn destroy(&self) {
        // What could not be removed cannot be opened any more; whoever asked for it looks again.
        let _ = crate::profile::destroy(&self.folder);
        self.destroyed.cancel();
        self.stop.cancel();
    }

    /// Waits until the profile was destroyed.
    pub async fn destroyed(&self) {
        self.destroyed.cancelled().await;
    }

    /// Makes a backup.
    pub(crate) async fn save(
        &self,
        path: PathBuf,
        lock: Lock,
    ) -> Result<Result<Saved, BackupError>, Refusal> {
        let (answer, answered) = oneshot::channel();
        let save = Save { path, lock, answer };
        self.saves.send(save).await.map_err(|_| Refusal::stopping())?;
        answered.await.map_err(|_| Refusal::stopping())
    }

    /// What happens from now on.
    pub(crate) fn listen(&self) -> broadcast::Receiver<Event> {
        self.events.subscribe()
    }

    /// Looks at something; whoever asks is there, unless a program asks by itself.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        look: impl FnOnce(&Desk<'_>) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        let is_by_itself = BY_ITSELF.try_with(|()| ()).is_ok();
        self.look(look, if is_by_itself { Job::Glance } else { Job::Read }).await
    }

    /// Looks without counting as somebody who is there.
    pub(crate) async fn glance<T: Send + 'static>(
        &self,
        look: impl FnOnce(&Desk<'_>) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        self.look(look, Job::Glance).await
    }

    async fn look<T: Send + 'static>(
        &self,
        look: impl FnOnce(&Desk<'_>) -> Result<T, Refusal> + Send + 'static,
        job: impl FnOnce(Look) -> Job,
    ) -> Result<T, Refusal> {
        let (answer, answered) = oneshot::channel();
        let job = job(Box::new(move |desk| {
            // Whoever asked may have gone away.
            let _ = answer.send(desk.and_then(look));
        }));
        self.jobs.send(job).await.map_err(|_| Refusal::stopping())?;
        answered.await.map_err(|_| Refusal::stopping())?
    }

    /// Changes something; answered once it is durable.
    pub(crate) async fn change<T: Send + 'static>(
        &self,
        change: impl FnOnce(&mut Desk<'_>) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        let (answer, answered) = oneshot::channel();
        let job = Job::Change(Box::new(move |desk| {
            let outcome = desk.and_then(change);
            Box::new(move |written| {
                // Whoever asked may have gone away.
                let _ = answer.send(written.and(outcome));
            })
        }));
        self.jobs.send(job).await.map_err(|_| Refusal::stopping())?;
        answered.await.map_err(|_| Refusal::stopping())?
    }
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Handle")
    }
}
