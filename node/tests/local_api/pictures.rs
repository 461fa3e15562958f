//! Requests with pictures: few of them lie in memory at once.

use tokio::io::AsyncWriteExt;
use tokio::net::UnixStream;
use windbreak_node::api::message::{NewFile, NewItem};

use crate::{Place, code, new_circle, request, share};

/// Longer than any request without a picture may be.
const LONG: usize = 5 * 1024 * 1024;

/// A share with something that is no picture.
fn with_a_picture() -> NewItem {
    let mut item = share("See.");
    if let NewItem::Share { file, .. } = &mut item {
        *file = Some(NewFile { bytes: "A".repeat(LONG), image: true, name: None });
    }
    item
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn few_pictures_are_read_at_once_and_short_words_meanwhile() {
    let place = Place::new().await;
    let circle = place.client.create_circle(&new_circle()).await.unwrap().id;
    assert_eq!(code(place.client.write(&circle, &with_a_picture()).await), "picture");
    // Two begin, one of them piece by piece, and do not end.
    let items = format!("/v1/circles/{}/items", circle.to_text());
    let whole = request("POST", &items, "application/json", &"x".repeat(LONG));
    let pieces = format!(
        "POST {items} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
         transfer-encoding: chunked\r\n\r\n1\r\n{{\r\n"
    );
    let mut held = Vec::new();
    for begun in [&whole[..1024], pieces.as_bytes()] {
        let mut stream = UnixStream::connect(place.client.socket()).await.unwrap();
        stream.write_all(begun).await.unwrap();
        held.push(stream);
    }
    // They may not have been let in yet.
    let mut third = code(place.client.write(&circle, &with_a_picture()).await);
    for _ in 0..5 {
        if third != "picture" {
            break;
        }
        third = code(place.client.write(&circle, &with_a_picture()).await);
    }
    assert_eq!(third, "too_many_pictures");
    place.client.write(&circle, &share("Meanwhile.")).await.unwrap();

    held.clear();
    assert_eq!(code(place.client.write(&circle, &with_a_picture()).await), "picture");
    place.stop().await;
}
