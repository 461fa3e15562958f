//! `files`, and what goes along with a share or a reply: reads it, makes a picture anew, saves what
//! others sent. Nothing of others is opened or looked into.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::Path;

use data_encoding::BASE64;
use serde::Serialize;
use windbreak_node::api::message::{FileInfo, FileKind, FilesAllowed, Item, NewFile};
use windbreak_node::private::{self, PrivateError};
use windbreak_protocol::id::{CircleId, ItemId};
use windbreak_protocol::limits::MAX_FILE;

use super::{Context, find};
use crate::args::{AttachArgs, FilesArg, FilesCommand};
use crate::error::{Failure, Kind};
use crate::output::{Page, Report};
use crate::pick::{shown, unique_length};
use crate::picture::{self, PictureProblem};
use crate::{session, text, when};

pub(super) async fn run(context: Context<'_>, command: FilesCommand) -> Result<(), Failure> {
    match command {
        FilesCommand::List { circle } => list(context, &circle).await,
        FilesCommand::Save { item, to, circle } => {
            save(context, &item, &to, circle.as_deref()).await
        }
    }
}

/// A file in words: `a picture, 640×480, 83 KB, 3 of 12 pieces here`.
pub(super) fn words(file: &FileInfo) -> String {
    let mut words = vec![match file.kind {
        FileKind::Jpeg | FileKind::Png => "a picture".to_owned(),
        FileKind::Other => "a file".to_owned(),
    }];
    if let (Some(width), Some(height)) = (file.width, file.height) {
        words.push(format!("{width}×{height}"));
    }
    words.push(size(file.length));
    if let Some(name) = &file.name {
        words.push(format!("\"{}\"", text::line(name)));
    }
    match file.queued {
        _ if file.gone => words
            .push("not kept here: newer ones took its room, or what came was not it".to_owned()),
        Some(queued) if queued > 0 => {
            words.push(format!("{queued} of {} pieces wait to be sent", file.pieces));
        }
        _ if file.here < file.pieces => {
            words.push(format!("{} of {} pieces here", file.here, file.pieces));
        }
        _ => {}
    }
    words.join(", ")
}

fn size(bytes: u32) -> String {
    if bytes < 1000 { format!("{bytes} bytes") } else { format!("{} KB", bytes.div_ceil(1000)) }
}

/// What goes along with words, as the node takes it.
pub(super) async fn read(args: AttachArgs) -> Result<Option<NewFile>, Failure> {
    let AttachArgs { image, attach, name } = args;
    let bytes = match (&image, &attach) {
        (Some(path), _) => {
            let source = read_file(path, picture::MAX_SOURCE, "32 MiB")?;
            let made = tokio::task::spawn_blocking(move || picture::remade(&source)).await;
            // A decoder that gives up in its own way has met a damaged picture, too.
            made.unwrap_or(Err(PictureProblem::Damaged)).map_err(unmade)?
        }
        (None, Some(path)) => read_file(path, MAX_FILE, "1 MiB")?,
        (None, None) if name.is_some() => {
            return Err(Failure::new(
                Kind::Usage,
                "name_without_file",
                "there is no file to be called so",
                "add --image FILE or --attach FILE, or leave out --name",
            ));
        }
        (None, None) => return Ok(None),
    };
    Ok(Some(NewFile { bytes: BASE64.encode(&bytes), name }))
}

fn unmade(problem: PictureProblem) -> Failure {
    let next = match problem {
        PictureProblem::Unknown => {
            "make a JPEG or PNG of it first; other files are sent with --attach FILE"
        }
        PictureProblem::TooLarge => "make it smaller first",
        PictureProblem::Damaged => "open it with another program and save it as a JPEG or PNG",
    };
    Failure::new(Kind::Failed, "picture", problem.to_string(), next)
}

/// Reads no more than may be sent.
fn read_file(path: &Path, most: usize, words: &str) -> Result<Vec<u8>, Failure> {
    let unread = |error| Failure::file("cannot read", path, &error);
    // A pipe or a device would be waited for, or never end.
    if !fs::metadata(path).map_err(unread)?.is_file() {
        return Err(Failure::new(
            Kind::Failed,
            "no_file",
            format!("{} is no file", path.display()),
            "name a file",
        ));
    }
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(unread)?;
    file.take(most as u64 + 1).read_to_end(&mut bytes).map_err(unread)?;
    if bytes.len() > most {
        return Err(Failure::new(
            Kind::Failed,
            "too_large_file",
            format!("the file is longer than {words}"),
            "send a smaller one, or a part of it",
        ));
    }
    Ok(bytes)
}

#[derive(Serialize)]
struct Listed {
    circle: CircleId,
    files: Vec<ListedFile>,
}

#[derive(Serialize)]
struct ListedFile {
    /// What it goes along with.
    item: ItemId,
    #[serde(flatten)]
    file: FileInfo,
    #[serde(skip)]
    whose: String,
    #[serde(skip)]
    when: String,
}

impl Report for Listed {
    fn page(&self, page: &mut Page) {
        if self.files.is_empty() {
            page.text("No file or picture was sent here yet.");
            return;
        }
        let ids: Vec<String> = self.files.iter().map(|file| file.item.to_text()).collect();
        let length = unique_length(ids.iter().map(String::as_str));
        for (file, id) in self.files.iter().zip(&ids) {
            let ListedFile { whose, when, .. } = file;
            let what = words(&file.file);
            page.text(&format!("{} · {whose} · {when} · {what}", shown(id, length)));
        }
        page.hint("Save one with: windbreak files save ID --to PATH. Nothing opens by itself.");
    }
}

async fn list(context: Context<'_>, circle: &str) -> Result<(), Failure> {
    let client = session::connect(context.global, context.out).await?;
    let circle = find::circle(&client, circle).await?;
    let items = find::timeline(&client, &circle.id).await?.items;
    let listed = |item: Item| {
        let name = item.name.as_deref().map_or_else(|| "a former member".to_owned(), text::name);
        Some(ListedFile {
            item: item.id,
            file: item.file.filter(|_| !item.blocked)?,
            whose: if item.own { format!("{name} (you)") } else { name },
            when: when::moment(item.written),
        })
    };
    let files = items.into_iter().filter_map(listed).collect();
    context.out.tell(&Listed { circle: circle.id, files })
}

#[derive(Serialize)]
struct Saved {
    item: ItemId,
    kind: FileKind,
    bytes: usize,
    to: String,
}

impl Report for Saved {
    fn page(&self, page: &mut Page) {
        page.text(&format!("Saved, {} bytes, for you alone to read.", self.bytes));
        page.hint("It is now a file like any other on this device, outside of what is sealed.");
    }
}

async fn save(
    context: Context<'_>,
    item: &str,
    to: &Path,
    circle: Option<&str>,
) -> Result<(), Failure> {
    let client = session::connect(context.global, context.out).await?;
    let within = match circle {
        Some(circle) => Some(find::circle(&client, circle).await?),
        None => None,
    };
    let (circle, item) = find::item(&client, within.as_ref(), item).await?;
    let content = client.file(&circle, &item.id).await?;
    let bytes = BASE64.decode(content.bytes.as_bytes()).map_err(|_| {
        Failure::new(
            Kind::Failed,
            "malformed",
            "the node's answer is malformed",
            "restart the node, then try again",
        )
    })?;
    write(to, &bytes)?;
    context.out.tell(&Saved {
        item: item.id,
        kind: content.kind,
        bytes: bytes.len(),
        to: to.display().to_string(),
    })
}

/// Writes a file that was not there, for its owner alone; nothing half-written stays.
fn write(to: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let mut file = private::create_file(to).map_err(|error| match error {
        PrivateError::Exists => Failure::new(
            Kind::Failed,
            "exists",
            format!("there is something at {} already, and it stays as it is", to.display()),
            "choose another path",
        ),
        PrivateError::Io(error) => Failure::file("cannot make", to, &error.into()),
        _ => Failure::new(
            Kind::Failed,
            "file",
            format!("cannot make {}", to.display()),
            "choose another path",
        ),
    })?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    written.map_err(|error| {
        // What cannot even be taken away is said to be unfinished by the failure itself.
        let _ = fs::remove_file(to);
        Failure::file("cannot write", to, &error)
    })
}

#[derive(Serialize)]
struct Allowed {
    circle: CircleId,
    files: FilesAllowed,
}

impl Report for Allowed {
    fn page(&self, page: &mut Page) {
        page.text(allowed_words(self.files));
        if self.files == FilesAllowed::Off {
            page.hint("What was sent before stays; withdraw or hide what should not.");
        }
    }
}

/// Which files a circle lets its members send.
pub(super) const fn allowed_words(files: FilesAllowed) -> &'static str {
    match files {
        FilesAllowed::Off => "nobody sends files or pictures here",
        FilesAllowed::ImagesOnly => "members may send pictures",
        FilesAllowed::On => "members may send files and pictures",
    }
}

/// `circle files`.
pub(super) async fn allow(
    context: Context<'_>,
    circle: &str,
    allowed: FilesArg,
) -> Result<(), Failure> {
    let client = session::connect(context.global, context.out).await?;
    let circle = find::circle(&client, circle).await?.id;
    let files = match allowed {
        FilesArg::Off => FilesAllowed::Off,
        FilesArg::ImagesOnly => FilesAllowed::ImagesOnly,
        FilesArg::On => FilesAllowed::On,
    };
    client.allow_files(&circle, files).await?;
    context.out.tell(&Allowed { circle, files })
}
