//! `store`: whether it is sound, and giving disk back. Both work on a closed profile.

use serde::Serialize;
use windbreak_node::profile::{Profile, ProfileError};
use windbreak_node::store::Inspection;

use super::{Context, confirm};
use crate::args::{CompactArgs, StoreCommand};
use crate::error::{Failure, Kind};
use crate::output::{Page, Report};
use crate::passphrase::Source;
use crate::session;
use crate::words::say;

#[derive(Serialize)]
struct Checked {
    sound: bool,
    records: u64,
    damaged: u64,
    missing: u64,
    buckets: usize,
    bytes: u64,
}

impl Report for Checked {
    fn page(&self, page: &mut Page) {
        page.text(if self.sound { say!("store-store-sound") } else { say!("store-store-damaged") });
        page.gap();
        page.field(say!("backup-records"), &self.records.to_string());
        if !self.sound {
            page.field(say!("store-damaged"), &self.damaged.to_string());
            page.field(say!("store-missing"), &self.missing.to_string());
            page.hint(say!("store-keep-copy-folder-take"));
        }
        page.field(say!("store-disk"), &mebibytes(self.bytes));
    }
}

#[derive(Serialize)]
struct Compacted {
    before: u64,
    after: u64,
}

impl Report for Compacted {
    fn page(&self, page: &mut Page) {
        let (before, after) = (mebibytes(self.before), mebibytes(self.after));
        page.text(&say!("store-stores-take-now-they", after, before));
    }
}

fn mebibytes(bytes: u64) -> String {
    say!("store-mib", size = format!("{:.1}", bytes as f64 / (1024.0 * 1024.0)))
}

pub(super) async fn run(context: Context<'_>, command: StoreCommand) -> Result<(), Failure> {
    let folder = session::closed_folder(context.global).await?;
    if let StoreCommand::Compact(CompactArgs { only_profile: true, yes }) = &command {
        let question = say!("store-there-no-other-profile");
        confirm(context, *yes, question).await?;
    }
    let passphrase = Source::new(context.global)?.read().await?;
    match command {
        StoreCommand::Check => {
            let progress = context.out.progress(say!("store-reading-store"));
            let checked = tokio::task::spawn_blocking(move || {
                let profile = Profile::open(&folder, &passphrase)?;
                let found = profile.open_store()?.inspect()?;
                // Opening it made its file longer and its times new, which would tell whose it is.
                // A damaged store is left as it is.
                if found.is_sound() {
                    let _ = profile.even_out_closed(&|| true);
                }
                Ok::<_, ProfileError>(found)
            });
            let found = checked.await.map_err(|_| Failure::interrupted())??;
            drop(progress);
            let sound = found.is_sound();
            let Inspection { records, damaged, missing, buckets, bytes } = found;
            context.out.tell(&Checked { sound, records, damaged, missing, buckets, bytes })?;
            if sound { Ok(()) } else { Err(Failure::told(Kind::Failed)) }
        }
        StoreCommand::Compact(args) => {
            let progress = context.out.progress(say!("store-writing-store-anew"));
            let compacted = tokio::task::spawn_blocking(move || {
                Profile::open(&folder, &passphrase)?.compact(args.only_profile)
            });
            let (before, after) = compacted.await.map_err(|_| Failure::interrupted())??;
            drop(progress);
            context.out.tell(&Compacted { before, after })
        }
    }
}
