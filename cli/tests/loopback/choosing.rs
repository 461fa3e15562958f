//! What a new profile reaches others by, if nothing is asked for: Tor where it answers, else relays.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::circle::text;
use crate::stage::Stage;

/// Somebody who answers a greeting in SOCKS, and how many were greeted.
struct Proxy {
    address: SocketAddr,
    greeted: Arc<AtomicUsize>,
}

impl Proxy {
    /// `takes_logins` as Tor does; others let everybody in, and keep nobody's circuits apart.
    fn that(takes_logins: bool) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let greeted = Arc::<AtomicUsize>::default();
        let count = greeted.clone();
        thread::spawn(move || {
            for mut guest in listener.incoming().flatten() {
                let mut methods = [0; 3];
                if guest.read_exact(&mut methods).is_err() || methods != [5, 1, 2] {
                    continue;
                }
                let method = if takes_logins { 2 } else { 0 };
                // Whoever does not like the answer is gone.
                let _ = guest.write_all(&[5, method]);
                let mut login = [0; 512];
                if matches!(guest.read(&mut login), Ok(1..)) && takes_logins {
                    count.fetch_add(1, Ordering::SeqCst);
                    let _ = guest.write_all(&[1, 0]);
                }
                // Nothing else is asked of it.
                assert_eq!(guest.read(&mut login).unwrap_or(0), 0, "something was dialled");
            }
        });
        Self { address, greeted }
    }
}

#[test]
fn a_profile_goes_through_tor_where_it_answers_and_else_over_relays() {
    let stage = Stage::new();
    let nowhere = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap();
    let (tor, other) = (Proxy::that(true), Proxy::that(false));
    let cases = [
        ("tor", tor.address, "tor"),
        ("another-proxy", other.address, "relay_only"),
        ("nobody", nowhere, "relay_only"),
    ];
    for (name, proxy, mode) in cases {
        let passphrase = stage.passphrase(name, "four quiet words of mine\n");
        let proxy = proxy.to_string();
        let made = stage.absent(name);
        let words = ["--test-cost", "--tor-proxy", &proxy, "--passphrase-file", &passphrase];
        let told = made.does(&[&["init"], &words[..]].concat());
        assert_eq!(text(&told, "/network"), mode, "{told}");
        let kept = std::fs::read_to_string(made.folder.join("config.toml")).unwrap();
        let spelled = format!("mode = \"{}\"", mode.replace('_', "-"));
        assert!(kept.contains(&spelled), "{kept}");
        let said = (mode == "tor").then_some(proxy);
        assert_eq!(told["tor_proxy"].as_str().map(str::to_owned), said, "{told}");
    }
    assert_eq!(tor.greeted.load(Ordering::SeqCst), 1);
}
