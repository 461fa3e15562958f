//! `files`, and what goes along with a share or a reply: reads it for the node, which makes a picture
//! anew, and saves what others sent. Nothing of others is opened or looked into.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::Path;

use data_encoding::BASE64;
use serde::Serialize;
use windbreak_node::api::MAX_PICTURE;
use windbreak_node::api::message::{FileInfo, FileKind, FilesAllowed, Item, NewFile};
use windbreak_node::private::{self, PrivateError};
use windbreak_protocol::id::{CircleId, ItemId};
use windbreak_protocol::limits::MAX_FILE;

use super::{Context, find};
use crate::args::{AttachArgs, FilesArg, FilesCommand};
use crate::error::{Failure, Kind};
use crate::output::{Page, Report};
use crate::pick::{shown, unique_length};
use crate::words::{self, say};
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
        FileKind::Jpeg | FileKind::Png => say!("files-picture").to_owned(),
        FileKind::Other => say!("files-file").to_owned(),
    }];
    if let (Some(width), Some(height)) = (file.width, file.height) {
        words.push(format!("{width}×{height}"));
    }
    words.push(size(file.length));
    if let Some(name) = &file.name {
        words.push(say!("text-quoted", words = text::line(name)));
    }
    match file.queued {
        _ if file.gone => words.push(say!("files-not-kept-here-newer").to_owned()),
        Some(queued) if queued > 0 => {
            words.push(say!("files-pieces-wait-sent", queued, pieces = file.pieces));
        }
        _ if file.here < file.pieces => {
            words.push(say!("files-pieces-here", here = file.here, pieces = file.pieces));
        }
        _ => {}
    }
    words::listed(&words, ", ")
}

fn size(bytes: u32) -> String {
    if bytes < 1000 {
        say!("files-bytes", bytes)
    } else {
        say!("files-kb", size = bytes.div_ceil(1000))
    }
}

/// What goes along with words, as the node takes it.
pub(super) async fn read(args: AttachArgs) -> Result<Option<NewFile>, Failure> {
    let AttachArgs { image, attach, name } = args;
    let bytes = match (&image, &attach) {
        (Some(path), _) => read_file(path, MAX_PICTURE, say!("files-32-mib"))?,
        (None, Some(path)) => read_file(path, MAX_FILE, say!("files-1-mib"))?,
        (None, None) if name.is_some() => {
            return Err(Failure::new(
                Kind::Usage,
                "name_without_file",
                say!("files-name-without-file"),
                say!("files-name-without-file-next"),
            ));
        }
        (None, None) => return Ok(None),
    };
    Ok(Some(NewFile { bytes: BASE64.encode(&bytes), image: image.is_some(), name }))
}

/// Reads no more than may be sent.
fn read_file(path: &Path, most: usize, words: &str) -> Result<Vec<u8>, Failure> {
    let unread = |error| Failure::file(say!("write-cannot-read"), path, &error);
    // A pipe or a device would be waited for, or never end.
    if !fs::metadata(path).map_err(unread)?.is_file() {
        return Err(Failure::new(
            Kind::Failed,
            "no_file",
            say!("files-no-file", path = path.display().to_string()),
            say!("files-no-file-next"),
        ));
    }
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(unread)?;
    file.take(most as u64 + 1).read_to_end(&mut bytes).map_err(unread)?;
    if bytes.len() > most {
        return Err(Failure::new(
            Kind::Failed,
            "too_large_file",
            say!("files-too-large-file", words),
            say!("files-too-large-file-next"),
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
            page.text(say!("files-no-file-picture-sent"));
            return;
        }
        let ids: Vec<String> = self.files.iter().map(|file| file.item.to_text()).collect();
        let length = unique_length(ids.iter().map(String::as_str));
        for (file, id) in self.files.iter().zip(&ids) {
            let ListedFile { whose, when, .. } = file;
            let what = words(&file.file);
            page.text(&format!("{} · {whose} · {when} · {what}", shown(id, length)));
        }
        page.hint(say!("files-save-one-windbreak-files"));
    }
}

async fn list(context: Context<'_>, circle: &str) -> Result<(), Failure> {
    let client = session::connect(context.global, context.out).await?;
    let circle = find::circle(&client, circle).await?;
    let items = find::timeline(&client, &circle.id).await?.items;
    let listed = |item: Item| {
        let name = item
            .name
            .as_deref()
            .map_or_else(|| say!("member-former-member").to_owned(), text::name);
        Some(ListedFile {
            item: item.id,
            file: item.file.filter(|_| !item.blocked)?,
            whose: if item.own { say!("read-you", name) } else { name },
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
        page.text(&say!("files-saved-bytes-alone-read", bytes = self.bytes));
        page.hint(say!("files-now-file-like-any"));
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
            say!("files-malformed-2"),
            say!("files-malformed-next"),
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
            say!("files-exists", to = to.display().to_string()),
            say!("files-exists-next"),
        ),
        PrivateError::Io(error) => Failure::file(say!("files-cannot-make"), to, &error.into()),
        _ => Failure::new(
            Kind::Failed,
            "file",
            say!("files-file-2", to = to.display().to_string()),
            say!("files-exists-next"),
        ),
    })?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    written.map_err(|error| {
        // What cannot even be taken away is said to be unfinished by the failure itself.
        let _ = fs::remove_file(to);
        Failure::file(say!("files-cannot-write"), to, &error)
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
            page.hint(say!("files-sent-before-stays-withdraw"));
        }
    }
}

/// Which files a circle lets its members send.
pub(super) fn allowed_words(files: FilesAllowed) -> &'static str {
    match files {
        FilesAllowed::Off => say!("files-nobody-sends-files-pictures"),
        FilesAllowed::ImagesOnly => say!("files-members-may-send-pictures"),
        FilesAllowed::On => say!("files-members-may-send-files"),
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

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn said(more: &Value) -> String {
        let mut fields = json!({"kind": "jpeg", "width": 640, "height": 480, "length": 82_001,
            "pieces": 12, "here": 12, "gone": false});
        let all = fields.as_object_mut().unwrap();
        all.extend(more.as_object().unwrap().clone());
        words(&serde_json::from_value(fields).unwrap())
    }

    #[test]
    fn how_far_a_file_has_come_is_said() {
        const WHOLE: &str = "a picture, 640×480, 83 KB";
        assert_eq!(said(&json!({})), WHOLE);
        assert_eq!(said(&json!({"queued": 0})), WHOLE);
        assert_eq!(said(&json!({"here": 3})), format!("{WHOLE}, 3 of 12 pieces here"));
        let queued = said(&json!({"queued": 5}));
        assert_eq!(queued, format!("{WHOLE}, 5 of 12 pieces wait to be sent"));
    }
}
