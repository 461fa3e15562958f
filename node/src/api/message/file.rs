//! Files and pictures that go along with what is said.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Which files the members of a circle may send.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FilesAllowed {
    /// None: so a circle begins.
    #[default]
    Off,
    /// Pictures alone.
    ImagesOnly,
    /// Any.
    On,
}

/// Says which files may be sent, as a facilitator.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FileRule {
    /// Which.
    pub allowed: FilesAllowed,
}

/// A file to go along with what is said.
#[derive(Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewFile {
    /// Its bytes in Base64 with padding, at most 1 MiB of them. A picture holds nothing but the
    /// picture: with anything else in it, as where it was taken, it is refused as
    /// `picture_not_bare`, unless it is to be made anew.
    #[schema(content_encoding = "base64")]
    pub bytes: String,
    /// Whether it is a JPEG or PNG that is to be made anew before it is sent, at most 32 MiB as it is
    /// handed in: upright, without where it was taken and whatever else is written into it, and
    /// smaller if it is large. What cannot be made anew is refused as `picture`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub image: bool,
    /// What it is called, at most 120 characters, if that is to be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

impl std::fmt::Debug for NewFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "NewFile({} characters)", self.bytes.len())
    }
}

/// What a file is.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// A picture, as JPEG.
    Jpeg,
    /// A picture, as PNG.
    Png,
    /// Anything else.
    Other,
}

/// A file that goes along with something said, as far as it is here.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct FileInfo {
    /// What it is, by its author's word until all of it is here.
    pub kind: FileKind,
    /// Pixels from left to right, of a picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<u16>,
    /// Pixels from top to bottom, of a picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height: Option<u16>,
    /// Its bytes.
    pub length: u32,
    /// What it is called, if its author said so. Made harmless before it is shown, and never used
    /// as a path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// How many pieces it travels in.
    pub pieces: usize,
    /// How many of them are here.
    pub here: usize,
    /// Whether some of it was erased on this device: newer files took its room, or what came was
    /// not what its author had said.
    pub gone: bool,
    /// Of your own: how many pieces nobody else holds yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queued: Option<usize>,
}

/// The bytes of a file, all of which are here and were compared with what its author signed.
#[derive(Clone, Deserialize, Serialize, ToSchema)]
pub struct FileContent {
    /// What it is.
    pub kind: FileKind,
    /// Its bytes in Base64 with padding. Nothing here opens them.
    #[schema(content_encoding = "base64")]
    pub bytes: String,
}

impl std::fmt::Debug for FileContent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "FileContent({} characters)", self.bytes.len())
    }
}
