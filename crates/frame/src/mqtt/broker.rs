//! A home's MQTT broker: where it is, and how one signs in there.

use std::fmt;

use percent_encoding::percent_decode_str;
use url::Url;

use super::options::BrokerUrl;

const DISCOVERY: &str = "homeassistant";

#[derive(Clone, PartialEq, Eq)]
pub(super) struct Broker {
    /// A name or an address; one of version 6 in brackets.
    pub host: String,
    pub port: u16,
    pub tls: bool,
    pub user: Option<String>,
    pub password: Option<String>,
    /// Where Home Assistant looks for devices.
    pub discovery: String,
}

/// Says what is wrong with an address, and nothing of what it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum BadBroker {
    #[error("write the broker as mqtt://host, mqtt://user:password@host:1883 or mqtts://host")]
    Form,
    #[error("the broker's address begins with mqtt:// or mqtts://")]
    Scheme,
    #[error("the discovery prefix has no + or #, and no empty part")]
    Prefix,
}

impl Broker {
    pub(super) fn parse(text: &BrokerUrl) -> Result<Self, BadBroker> {
        let url = Url::parse(&text.0).map_err(|_| BadBroker::Form)?;
        let tls = match url.scheme() {
            "mqtt" => false,
            "mqtts" => true,
            _ => return Err(BadBroker::Scheme),
        };
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or(BadBroker::Form)?;
        if url.query().is_some() || url.fragment().is_some() {
            return Err(BadBroker::Form);
        }
        Ok(Self {
            host: host.to_owned(),
            port: url.port().unwrap_or(if tls { 8883 } else { 1883 }),
            tls,
            user: Some(url.username()).filter(|user| !user.is_empty()).map(decoded).transpose()?,
            password: url.password().map(decoded).transpose()?,
            discovery: discovery(url.path())?,
        })
    }
}

fn decoded(text: &str) -> Result<String, BadBroker> {
    let text = percent_decode_str(text).decode_utf8().map_err(|_| BadBroker::Form)?;
    Ok(text.into_owned())
}

fn discovery(path: &str) -> Result<String, BadBroker> {
    let prefix = decoded(path.trim_matches('/'))?;
    match prefix.as_str() {
        "" => Ok(DISCOVERY.to_owned()),
        _ if prefix.contains(['+', '#', '\0']) || prefix.contains("//") => Err(BadBroker::Prefix),
        _ => Ok(prefix),
    }
}

impl fmt::Debug for Broker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Broker").field("host", &self.host).field("port", &self.port).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Broker, BadBroker> {
        Broker::parse(&text.parse().unwrap())
    }

    #[test]
    fn an_address_says_where_and_as_whom() {
        let plain = parse("mqtt://home").unwrap();
        assert_eq!((plain.host.as_str(), plain.port, plain.tls), ("home", 1883, false));
        assert_eq!((plain.user, plain.password, plain.discovery), (None, None, "homeassistant".into()));
        let full = parse("mqtts://mom:p%40ss%20w@10.0.0.5:8884/ha/found/").unwrap();
        assert_eq!((full.host.as_str(), full.port, full.tls), ("10.0.0.5", 8884, true));
        assert_eq!((full.user.as_deref(), full.password.as_deref()), (Some("mom"), Some("p@ss w")));
        assert_eq!(full.discovery, "ha/found");
        assert_eq!(parse("mqtts://[::1]").unwrap().host, "[::1]");
        assert_eq!(parse("mqtts://[::1]").unwrap().port, 8883);
    }

    #[test]
    fn a_faulty_address_is_refused() {
        let faulty = [
            ("", BadBroker::Form),
            ("home:1883", BadBroker::Scheme),
            ("http://home", BadBroker::Scheme),
            ("mqtt://", BadBroker::Form),
            ("mqtt://home:99999", BadBroker::Form),
            ("mqtt://home?client_id=x", BadBroker::Form),
            ("mqtt://home/a/#", BadBroker::Form),
            ("mqtt://home/a/+", BadBroker::Prefix),
            ("mqtt://home/a%23", BadBroker::Prefix),
            ("mqtt://home/a//b", BadBroker::Prefix),
            ("mqtt://u:%ff@home", BadBroker::Form),
        ];
        for (text, fault) in faulty {
            assert_eq!(parse(text), Err(fault), "{text}");
        }
    }

    #[test]
    fn no_password_is_ever_printed() {
        let typed: BrokerUrl = "mqtt://mom:s3cret@home".parse().unwrap();
        let printed = format!("{typed:?} {:?} {:?}", Broker::parse(&typed), parse("mqtt://u:s3cret@home:x"));
        assert!(!printed.contains("s3cret") && !printed.contains("mom"), "{printed}");
    }
}
