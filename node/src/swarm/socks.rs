//! The client's half of SOCKS 5 (RFC 1928) with a user name and a password (RFC 1929), as far as a
//! connection through Tor needs it. It offers no other way to log in: Tor keeps connections apart
//! by user name and password, and a proxy that passes over them would mix circles.

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

const VERSION: u8 = 5;
const PASSWORD: u8 = 2;
const PASSWORD_VERSION: u8 = 1;
const CONNECT: u8 = 1;
const IP4: u8 = 1;
const NAME: u8 = 3;
const IP6: u8 = 4;
const DONE: u8 = 0;

/// Why a proxy made no connection.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SocksError {
    /// The connection to the proxy broke.
    #[error("the connection to the proxy broke: {0}")]
    Broken(#[from] std::io::Error),
    /// What answers is something else.
    #[error("what answers at the proxy's address does not speak SOCKS 5")]
    NotSocks,
    /// It takes no user name and password.
    #[error("the proxy takes no user name and password, so it would not keep circles apart")]
    NoIsolation,
    /// A name or a password is longer than the protocol can carry, or empty.
    #[error("a name does not fit into SOCKS 5")]
    Length,
    /// The proxy works, and the other end was not reached.
    #[error("the proxy could not reach the other end (code {0})")]
    Unreached(u8),
}

impl SocksError {
    /// Whether the proxy itself is the trouble, and not what lies behind it.
    pub(crate) const fn is_of_proxy(&self) -> bool {
        matches!(self, Self::NotSocks | Self::NoIsolation)
    }
}

/// What keeps one connection's circuit apart from others'.
pub(crate) struct Login<'a> {
    pub(crate) user: &'a str,
    pub(crate) password: &'a str,
}

/// Logs in.
pub(crate) async fn log_in<S>(stream: &mut S, login: &Login<'_>) -> Result<(), SocksError>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    stream.write_all(&[VERSION, 1, PASSWORD]).await?;
    match read(stream).await? {
        [VERSION, PASSWORD] => {}
        [VERSION, _] => return Err(SocksError::NoIsolation),
        _ => return Err(SocksError::NotSocks),
    }
    let mut message = vec![PASSWORD_VERSION];
    append(&mut message, login.user)?;
    append(&mut message, login.password)?;
    stream.write_all(&message).await?;
    match read(stream).await? {
        [PASSWORD_VERSION, DONE] => Ok(()),
        [PASSWORD_VERSION, _] => Err(SocksError::NoIsolation),
        _ => Err(SocksError::NotSocks),
    }
}

/// Asks for a connection with a name, which the proxy looks up and nobody else.
pub(crate) async fn connect<S>(stream: &mut S, host: &str, port: u16) -> Result<(), SocksError>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut message = vec![VERSION, CONNECT, 0, NAME];
    append(&mut message, host)?;
    message.extend_from_slice(&port.to_be_bytes());
    stream.write_all(&message).await?;
    let [version, code, _, kind] = read(stream).await?;
    if version != VERSION {
        return Err(SocksError::NotSocks);
    }
    if code != DONE {
        return Err(SocksError::Unreached(code));
    }
    // Where the proxy connected from: of no use, and in the way of what follows.
    let address = match kind {
        IP4 => 4,
        IP6 => 16,
        NAME => usize::from(stream.read_u8().await?),
        _ => return Err(SocksError::NotSocks),
    };
    let mut rest = [0; u8::MAX as usize + 2];
    stream.read_exact(rest.get_mut(..address + 2).unwrap_or_default()).await?;
    Ok(())
}

async fn read<const N: usize>(stream: &mut (impl AsyncRead + Unpin)) -> std::io::Result<[u8; N]> {
    let mut bytes = [0; N];
    stream.read_exact(&mut bytes).await?;
    Ok(bytes)
}

fn append(message: &mut Vec<u8>, text: &str) -> Result<(), SocksError> {
    let length = u8::try_from(text.len()).ok().filter(|length| *length > 0);
    message.push(length.ok_or(SocksError::Length)?);
    message.extend_from_slice(text.as_bytes());
    Ok(())
}

#[cfg(test)]
mod tests {
    use tokio::io::duplex;

    use super::*;

    const LOGIN: Login<'static> = Login { user: "someone", password: "somewhere" };

    /// Runs the client against what a proxy says, and gives what the client said.
    async fn against(says: &[u8]) -> (Result<(), SocksError>, Vec<u8>) {
        let (mut near, mut far) = duplex(4096);
        far.write_all(says).await.unwrap();
        let client = async move {
            log_in(&mut near, &LOGIN).await?;
            connect(&mut near, "name.onion", 4710).await?;
            // Nothing of what follows the reply is taken away from it.
            assert_eq!(near.read_u8().await?, b'!');
            Ok(())
        };
        let outcome = client.await;
        let mut said = Vec::new();
        far.read_to_end(&mut said).await.unwrap();
        (outcome, said)
    }

    #[tokio::test]
    async fn a_connection_is_asked_for_by_name_with_a_login_and_nothing_else_is_offered() {
        for reply in [
            &b"\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00!"[..],
            b"\x05\x00\x00\x04\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00!",
            b"\x05\x00\x00\x03\x02ab\x00\x00!",
        ] {
            let (outcome, said) = against(&[b"\x05\x02\x01\x00", reply].concat()).await;
            outcome.unwrap();
            assert_eq!(
                said,
                b"\x05\x01\x02\x01\x07someone\x09somewhere\x05\x01\x00\x03\x0aname.onion\x12\x66"
            );
        }
    }

    #[tokio::test]
    async fn a_proxy_that_would_not_keep_circles_apart_is_refused() {
        // It wants no login, accepts none of ours, or refuses the one it was given.
        for says in [&b"\x05\x00"[..], b"\x05\xff", b"\x05\x02\x01\x01"] {
            let (outcome, said) = against(says).await;
            assert!(matches!(outcome, Err(SocksError::NoIsolation)), "{outcome:?}");
            assert!(!said.windows(4).any(|part| part == b"name"), "it was told where to");
        }
    }

    #[tokio::test]
    async fn what_is_no_proxy_is_told_from_what_cannot_be_reached() {
        let (outcome, _) = against(b"HTTP/1.0 400 no\r\n").await;
        assert!(outcome.unwrap_err().is_of_proxy());
        let (outcome, _) = against(b"\x05\x02\x01\x00\x05\x04\x00\x01").await;
        let error = outcome.unwrap_err();
        assert!(matches!(error, SocksError::Unreached(4)) && !error.is_of_proxy());
        let mut message = Vec::new();
        assert!(
            append(&mut message, &"a".repeat(256)).is_err() && append(&mut message, "").is_err()
        );
    }
}
