//! Where traces go.

use serde::{Deserialize, Serialize};
use url::Url;

use super::{ConfigProblem, problem};

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Telemetry {
    /// The OTLP/HTTP address of a collector. None: nothing is traced.
    pub otlp_endpoint: Option<Url>,
    /// Tells this process's spans from others'.
    pub service_name: String,
    /// The share of traces kept, of those that begin here; where a request names its trace, its sender has decided.
    pub sample_ratio: f64,
}

impl Default for Telemetry {
    fn default() -> Self {
        Self { otlp_endpoint: None, service_name: "picup-server".to_owned(), sample_ratio: 1.0 }
    }
}

impl Telemetry {
    /// Where spans are sent: the endpoint's `v1/traces`.
    pub fn traces_url(&self) -> Option<Url> {
        let mut url = self.otlp_endpoint.clone()?;
        let path = format!("{}/v1/traces", url.path().trim_end_matches('/'));
        url.set_path(&path);
        Some(url)
    }

    pub(super) fn check(&self) -> Vec<ConfigProblem> {
        let is_address = |url: &Url| matches!(url.scheme(), "http" | "https") && url.has_host();
        let mut problems = Vec::new();
        if self.otlp_endpoint.as_ref().is_some_and(|url| !is_address(url)) {
            problems.push(problem("telemetry.otlp_endpoint", "is an address such as http://collector:4318"));
        }
        if !(0.0..=1.0).contains(&self.sample_ratio) {
            problems.push(problem("telemetry.sample_ratio", "is between 0 and 1"));
        }
        problems
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(endpoint: &str) -> Telemetry {
        Telemetry { otlp_endpoint: Some(endpoint.parse().unwrap()), ..Telemetry::default() }
    }

    #[test]
    fn spans_go_below_the_endpoint() {
        for endpoint in ["http://collector:4318", "http://collector:4318/"] {
            assert_eq!(at(endpoint).traces_url().unwrap().as_str(), "http://collector:4318/v1/traces");
        }
        assert_eq!(at("https://a/otlp").traces_url().unwrap().as_str(), "https://a/otlp/v1/traces");
        assert_eq!(Telemetry::default().traces_url(), None);
    }

    #[test]
    fn every_problem_of_tracing_is_told_at_once() {
        let telemetry = Telemetry { sample_ratio: 1.5, ..at("grpc://collector") };
        let settings: Vec<_> = telemetry.check().into_iter().map(|problem| problem.setting).collect();
        assert_eq!(settings, ["telemetry.otlp_endpoint", "telemetry.sample_ratio"]);
    }
}
