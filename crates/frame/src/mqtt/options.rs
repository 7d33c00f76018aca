//! What a frame is told of a home's MQTT broker.
//!
//! Rule: the address may carry a password, so it is never printed, neither by `Debug` nor by the help.

use std::{convert::Infallible, fmt, path::PathBuf, str::FromStr};

use clap::builder::FalseyValueParser;

/// All off unless `mqtt` is given.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct MqttOptions {
    /// A home's MQTT 5 broker, for Home Assistant; mqtts:// is encrypted. The prefix is Home Assistant's discovery
    /// prefix, `homeassistant` when absent.
    #[arg(
        long,
        env = "PICUP_MQTT",
        hide_env_values = true,
        value_name = "mqtt://[USER:PASSWORD@]HOST[:PORT][/PREFIX]"
    )]
    pub mqtt: Option<BrokerUrl>,

    /// A file with the broker's password, in place of the address's.
    #[arg(long, env = "PICUP_MQTT_PASSWORD_FILE", value_name = "FILE")]
    pub mqtt_password_file: Option<PathBuf>,

    /// The home is told the caption and the date of the photo that is on.
    #[arg(long, env = "PICUP_MQTT_CAPTIONS", value_parser = FalseyValueParser::new())]
    pub mqtt_captions: bool,

    /// The home is sent the photo that is on.
    #[arg(long, env = "PICUP_MQTT_PICTURES", value_parser = FalseyValueParser::new())]
    pub mqtt_pictures: bool,
}

/// A broker's address as it was typed. It is read when the frame has started: an error of the command line would
/// print it, and leave the screen blank.
#[derive(Clone, PartialEq, Eq)]
pub struct BrokerUrl(pub(super) String);

impl FromStr for BrokerUrl {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Debug for BrokerUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BrokerUrl(..)")
    }
}
