//! A picture is sent, comes whole whatever comes between, and is saved as what was sent.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

use data_encoding::BASE64;
use serde_json::{Value, json};
use windbreak_node::api::MAX_PICTURE;

use crate::circle::{list, text};
use crate::fuzz::ask;
use crate::stage::{Party, Stage, until};

const TITLE: &str = "Evening walk";
/// Bytes a second: each piece of a file takes about a second.
const SLOW: u32 = 50_000;
const WIDTH: u16 = 760;
const HEIGHT: u16 = 520;
const TRACE: &[u8] = b"51.5074N 0.1278W";

/// A photo as a camera writes it: noise, which no format makes small, and where it was taken.
fn photo() -> Vec<u8> {
    let mut state = 1_u32;
    let mut noise = |_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    };
    let bytes = 3 * u32::from(WIDTH) * u32::from(HEIGHT);
    let pixels: Vec<u8> = (0..bytes).map(&mut noise).collect();
    let mut photo = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut photo, 95);
    encoder.add_app_segment(1, [b"Exif\0\0", TRACE].concat()).unwrap();
    encoder.encode(&pixels, WIDTH, HEIGHT, jpeg_encoder::ColorType::Rgb).unwrap();
    photo
}

/// Asks a node to say something over its socket, as any program does that speaks to it.
fn says(party: &Party, circle: &str, item: &Value) -> (u16, Value) {
    let line = format!("POST /v1/circles/{circle}/items HTTP/1.1\r\n");
    ask(&party.folder.join("node.sock"), &line, Some(&serde_json::to_vec(item).unwrap()))
}

#[test]
fn what_a_camera_wrote_does_not_leave_by_the_local_api() {
    let stage = Stage::new();
    let relay = stage.relay();
    let (alder, rowan) = (stage.person("alder"), stage.person("rowan"));
    let circle = alder.makes(TITLE, "Alder", &relay.address());
    rowan.joins(&alder.invites(TITLE), "Rowan");
    alder.does(&["circle", "files", TITLE, "on"]);
    let item = |bytes: &[u8], image: bool| {
        let file = json!({"bytes": BASE64.encode(bytes), "image": image});
        json!({"kind": "share", "text": "The lake at six.", "file": file,
            "declaration_heard": "I have nothing to report."})
    };
    let code = |answer: &(u16, Value)| (answer.0, answer.1["error"]["code"].clone());

    let photo = photo();
    let as_it_is = says(&alder, &circle, &item(&photo, false));
    assert_eq!(code(&as_it_is), (422, json!("picture_not_bare")));
    for no_picture in [&b"a letter"[..], b"\xFF\xD8\xFF\xE1", b"\x89PNG\r\n\x1a\n51.5 north"] {
        let refused = says(&alder, &circle, &item(no_picture, true));
        assert_eq!(code(&refused), (422, json!("picture")), "{}", refused.1);
    }
    let mut large = photo.clone();
    large.resize(MAX_PICTURE + 1, 0);
    let refused = says(&alder, &circle, &item(&large, true));
    assert_eq!(code(&refused), (422, json!("too_large_file")), "{}", refused.1);
    assert!(alder.items(TITLE).is_empty());

    let (status, said) = says(&alder, &circle, &item(&photo, true));
    assert_eq!(status, 200, "{said}");
    let share = text(&said, "/data/id");
    rowan.reads_item(TITLE, &share, "all of the picture", |item| {
        item["file"]["here"].is_number() && item["file"]["here"] == item["file"]["pieces"]
    });
    let to = stage.folder("received.jpg");
    rowan.does(&["files", "save", &share, "--to", to.to_str().unwrap()]);
    let received = fs::read(to).unwrap();
    assert!(received.starts_with(&[0xFF, 0xD8, 0xFF]));
    for trace in [TRACE, b"Exif"] {
        assert!(photo.windows(trace.len()).any(|part| part == trace));
        assert!(!received.windows(trace.len()).any(|part| part == trace));
    }
}

#[test]
fn a_picture_is_sent_cut_off_in_the_middle_and_saved_as_it_was_made() {
    let stage = Stage::new();
    let mut relay = stage.relay();
    let mut alder = stage.person("alder");
    let mut rowan = stage.person("rowan");
    alder.makes(TITLE, "Alder", &relay.address());
    rowan.joins(&alder.invites(TITLE), "Rowan");
    let source = stage.folder("lake.jpg");
    fs::write(&source, photo()).unwrap();
    let source = source.to_str().unwrap();

    // No circle begins with files, and a picture is never sent with what a camera wrote into it.
    let send = ["share", TITLE, "The lake at six.", "--image", source];
    let told = alder.asks(&send);
    assert_eq!((told.exit_code, told.code()), (1, "files_off"));
    assert_eq!(rowan.asks(&["circle", "files", TITLE, "on"]).code(), "not_facilitator");
    alder.does(&["circle", "files", TITLE, "images-only"]);
    until("that pictures may be sent", || {
        let shown = rowan.does(&["circle", "show", TITLE]);
        (text(&shown, "/circle/files") == "images_only").then_some(())
    });
    let as_it_is = alder.asks(&["share", TITLE, "The lake.", "--attach", source]);
    assert_eq!(as_it_is.code(), "picture_not_bare");

    // Without a relay it waits, and says how much of it.
    alder.has_sent_all();
    relay.is_gone();
    relay.party.stops();
    let share = text(&alder.does(&send), "/id");
    let files = alder.does(&["files", "list", TITLE]);
    let file = &list(&files, "/files")[0];
    assert!(file["queued"].as_u64().unwrap() > 2 && file["queued"] == file["pieces"], "{file}");
    let waiting = format!("{0} of {0} pieces wait to be sent", file["pieces"]);
    for shown in [&["files", "list", TITLE][..], &["read", TITLE]] {
        let page = alder.prints(shown);
        assert!(page.contains(&waiting), "{waiting} is not in: {page}");
    }
    // It comes slowly, to who is there already (who fetches it later may have the words last), and
    // everything ends when some of it is there and some is not.
    alder.stops();
    relay.door.carries(SLOW);
    relay.starts();
    until("that the reader is there", || {
        let status = rowan.does(&["node", "status"]);
        (status.pointer("/networks/0/relays_connected")?.as_u64()? > 0).then_some(())
    });
    alder.starts();
    let part = |who: &Party| {
        let items = who.items(TITLE);
        let file = &items.iter().find(|item| item["id"] == *share)?["file"];
        let (here, all) = (file["here"].as_u64()?, file["pieces"].as_u64()?);
        (here > 0 && here < all).then_some(here)
    };
    let came = until("a part of the picture", || part(&rowan));
    relay.is_gone();
    relay.party.stops();
    rowan.is_killed();
    rowan.starts();
    let kept = part(&rowan);
    assert!(kept.is_some_and(|kept| kept >= came), "{came} pieces were here, and now {kept:?}");
    let cut = rowan.asks(&["files", "save", &share, "--to", "half.jpg"]);
    assert_ne!(cut.exit_code, 0, "a part was saved as if it were all");
    relay.door.carries(0);
    relay.starts();
    let whole = rowan.reads_item(TITLE, &share, "all of the picture", |item| {
        item["file"]["here"].is_number() && item["file"]["here"] == item["file"]["pieces"]
    });
    let file = &whole["file"];
    assert_eq!((&file["kind"], &file["width"]), (&"jpeg".into(), &WIDTH.into()));
    assert!(file["pieces"].as_u64().unwrap() > 2, "{file}");
    assert!(file.get("name").is_none(), "no name travels unless it is said");
    alder.reads_item(TITLE, &share, "all of it sent", |item| item["file"]["queued"] == 0);
    let files = rowan.does(&["files", "list", TITLE]);
    assert_eq!(text(&list(&files, "/files")[0], "/item"), share);

    let saved = |who: &Party, name: &str| {
        let to = stage.folder(name);
        who.does(&["files", "save", &share, "--to", to.to_str().unwrap()]);
        assert_eq!(fs::metadata(&to).unwrap().permissions().mode() & 0o777, 0o600);
        fs::read(to).unwrap()
    };
    let sent = saved(&alder, "sent.jpg");
    assert_eq!(saved(&rowan, "received.jpg"), sent);
    assert!(!sent.windows(TRACE.len()).any(|part| part == TRACE));

    // Nothing is written over, and no link is followed.
    let to = stage.folder("received.jpg");
    let again = rowan.asks(&["files", "save", &share, "--to", to.to_str().unwrap()]);
    assert_eq!(again.code(), "exists");
    let link = stage.folder("link.jpg");
    symlink(stage.folder("elsewhere.jpg"), &link).unwrap();
    let through = rowan.asks(&["files", "save", &share, "--to", link.to_str().unwrap()]);
    assert_eq!(through.code(), "exists");
    assert!(!stage.folder("elsewhere.jpg").exists());

    alder.does(&["withdraw", &share, "--yes"]);
    rowan.reads_item(TITLE, &share, "that it was taken back", |item| item["withdrawn"] == true);
    let gone = rowan.asks(&["files", "save", &share, "--to", "gone.jpg"]);
    assert_eq!(gone.code(), "no_file");
}
