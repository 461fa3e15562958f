//! Looks for words in files, byte by byte: whether anything that was said stands anywhere in the
//! clear.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::Serialize;

/// Bytes of a word's beginning that are looked up.
const HEAD: usize = 4;

/// What a scan went through, and where it found something.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Scan {
    pub(super) files: usize,
    pub(super) bytes: u64,
    pub(super) words: usize,
    pub(super) found_in: Vec<PathBuf>,
}

/// Looks for any of `words` in all files under `folders`, and in the files' names.
pub(super) fn scan(folders: &[&Path], words: &[String]) -> io::Result<Scan> {
    let needles = Needles::new(words);
    let mut scan = Scan { words: words.len(), ..Scan::default() };
    for folder in folders {
        walk(folder, &needles, &mut scan)?;
    }
    Ok(scan)
}

fn walk(folder: &Path, needles: &Needles<'_>, scan: &mut Scan) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let (path, kind) = (entry.path(), entry.file_type()?);
        if kind.is_dir() {
            walk(&path, needles, scan)?;
        } else if kind.is_file() {
            let content = fs::read(&path)?;
            scan.files += 1;
            scan.bytes += content.len() as u64;
            if needles.stand_in(&content) || needles.stand_in(entry.file_name().as_encoded_bytes())
            {
                scan.found_in.push(path);
            }
        }
    }
    Ok(())
}

struct Needles<'a> {
    by_head: HashMap<[u8; HEAD], Vec<&'a [u8]>>,
}

impl<'a> Needles<'a> {
    fn new(words: &'a [String]) -> Self {
        let mut by_head: HashMap<[u8; HEAD], Vec<&[u8]>> = HashMap::new();
        for word in words {
            // Shorter words would be found in any noise.
            if let Some(head) = word.as_bytes().first_chunk::<HEAD>() {
                by_head.entry(*head).or_default().push(word.as_bytes());
            }
        }
        Self { by_head }
    }

    fn stand_in(&self, content: &[u8]) -> bool {
        (0..content.len()).any(|at| {
            let rest = &content[at..];
            let Some(head) = rest.first_chunk::<HEAD>() else { return false };
            // Most of a store that is not full yet is zeros.
            *head != [0; HEAD]
                && self
                    .by_head
                    .get(head)
                    .is_some_and(|words| words.iter().any(|word| rest.starts_with(word)))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_found_wherever_it_stands() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("deep")).unwrap();
        let mut noise = vec![0u8; 5000];
        noise.extend("Вечер у канала".as_bytes());
        fs::write(folder.path().join("deep/store"), noise).unwrap();
        fs::write(folder.path().join("log"), b"nothing here").unwrap();
        let found = scan(&[folder.path()], &["Вечер".into(), "absent words".into()]).unwrap();
        assert_eq!((found.files, found.found_in.len()), (2, 1));
        let found = scan(&[folder.path()], &["absent words".into()]).unwrap();
        assert!(found.found_in.is_empty());
    }
}
