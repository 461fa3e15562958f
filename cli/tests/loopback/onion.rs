//! A proxy in the place of Tor's: it takes logins as Tor does, knows where the onion services of these tests
//! lead, and remembers who asked for what.

use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// What keeps a connection's circuit apart from others', and where it leads.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) user: String,
    pub(crate) password: String,
    pub(crate) host: String,
}

/// The proxy. Its threads sleep until the test's process ends.
pub(crate) struct StandIn {
    pub(crate) address: SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
}

/// The name of an onion service.
pub(crate) fn onion(letter: char) -> String {
    letter.to_string().repeat(56)
}

impl StandIn {
    /// One that knows at which ports of this machine the services are.
    pub(crate) fn that_knows(services: &[(char, u16)]) -> Self {
        let services: BTreeMap<String, u16> =
            services.iter().map(|(letter, port)| (onion(*letter) + ".onion", *port)).collect();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (heard, services) = (asked.clone(), Arc::new(services));
        thread::spawn(move || {
            for guest in listener.incoming().flatten() {
                let (heard, services) = (heard.clone(), services.clone());
                // Who breaks off is not asked why.
                thread::spawn(move || serve(guest, &heard, &services));
            }
        });
        Self { address, asked }
    }

    /// Who asked for what so far.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }
}

fn serve(
    mut guest: TcpStream,
    heard: &Mutex<Vec<Asked>>,
    services: &BTreeMap<String, u16>,
) -> io::Result<()> {
    assert_eq!(bytes::<3>(&mut guest)?, [5, 1, 2], "only a login is offered");
    guest.write_all(&[5, 2])?;
    assert_eq!(bytes(&mut guest)?, [1]);
    let (user, password) = (words(&mut guest)?, words(&mut guest)?);
    guest.write_all(&[1, 0])?;
    assert_eq!(bytes(&mut guest)?, [5, 1, 0, 3], "a connection, by name");
    let host = words(&mut guest)?;
    bytes::<2>(&mut guest)?;
    let port = services.get(&host).copied();
    heard.lock().unwrap().push(Asked { user, password, host });
    let Some(port) = port else { return guest.write_all(&[5, 4, 0, 1, 0, 0, 0, 0, 0, 0]) };
    let end = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    guest.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0])?;
    let back = (end.try_clone()?, guest.try_clone()?);
    thread::spawn(move || carry(back.0, back.1));
    carry(guest, end);
    Ok(())
}

/// Carries bytes until either side closes.
fn carry(mut from: TcpStream, mut to: TcpStream) {
    let _ = io::copy(&mut from, &mut to);
    // Closed already is as good.
    let _ = from.shutdown(Shutdown::Both);
    let _ = to.shutdown(Shutdown::Both);
}

fn bytes<const N: usize>(guest: &mut TcpStream) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    guest.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn words(guest: &mut TcpStream) -> io::Result<String> {
    let [length] = bytes(guest)?;
    let mut words = vec![0; length.into()];
    guest.read_exact(&mut words)?;
    Ok(String::from_utf8(words).unwrap())
}
