//! The text of server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html), bounded.

use crate::{ClientError, ErrorKind, Result};

/// The longest event; Picup's are under a kilobyte.
const MAX_EVENT_BYTES: usize = 256 << 10;

#[derive(Debug, PartialEq)]
pub(super) struct ServerEvent {
    pub(super) id: Option<String>,
    pub(super) data: String,
}

/// Takes bytes as they come, cut anywhere.
#[derive(Default)]
pub(super) struct Parser {
    line: Vec<u8>,
    /// The last byte was a carriage return: a line feed right after it ends nothing.
    after_return: bool,
    id: Option<String>,
    data: String,
}

impl Parser {
    pub(super) fn push(&mut self, bytes: &[u8]) -> Result<Vec<ServerEvent>> {
        let mut events = Vec::new();
        for &byte in bytes {
            let ends_pair = std::mem::replace(&mut self.after_return, byte == b'\r') && byte == b'\n';
            match byte {
                _ if ends_pair => {}
                b'\r' | b'\n' => events.extend(self.end_line()),
                _ => self.line.push(byte),
            }
            if self.line.len() + self.data.len() > MAX_EVENT_BYTES {
                return Err(ClientError::new(ErrorKind::Unreadable, "an event is too long"));
            }
        }
        Ok(events)
    }

    fn end_line(&mut self) -> Option<ServerEvent> {
        let line = String::from_utf8_lossy(&std::mem::take(&mut self.line)).into_owned();
        if line.is_empty() {
            return self.end_event();
        }
        let (field, value) = line.split_once(':').unwrap_or((&line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "id" => self.id = Some(value.to_owned()),
            "data" => {
                self.data.push_str(value);
                self.data.push('\n');
            }
            // `event` repeats the kind inside the data; `retry` is ours to decide; no field is a comment.
            _ => {}
        }
        None
    }

    fn end_event(&mut self) -> Option<ServerEvent> {
        let (id, mut data) = (self.id.take(), std::mem::take(&mut self.data));
        data.pop()?;
        Some(ServerEvent { id, data })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(id: Option<&str>, data: &str) -> ServerEvent {
        ServerEvent { id: id.map(str::to_owned), data: data.to_owned() }
    }

    #[test]
    fn events_are_the_same_wherever_the_network_cuts_them() {
        let text =
            ": hello\r\n\r\nid: 7\nevent: change\ndata: {\"a\":\ndata: 1}\n\n:\n\ndata:x\r\rretry: 5\n\n";
        let expected = vec![event(Some("7"), "{\"a\":\n1}"), event(None, "x")];
        for size in 1..text.len() {
            let mut parser = Parser::default();
            let events: Vec<_> =
                text.as_bytes().chunks(size).flat_map(|cut| parser.push(cut).unwrap()).collect();
            assert_eq!(events, expected, "cut every {size} bytes");
        }
    }

    #[test]
    fn an_endless_line_is_refused() {
        let mut parser = Parser::default();
        let outcome = (0..10).try_for_each(|_| parser.push(&[b'x'; 64 << 10]).map(drop));
        assert_eq!(outcome.unwrap_err().kind(), ErrorKind::Unreadable);
    }
}
