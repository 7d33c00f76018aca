//! `/metrics`, read as Prometheus does.

use std::collections::{BTreeMap, BTreeSet};

use picup_testkit::{TestServer, eventually};

#[derive(Debug)]
pub(crate) struct Sample {
    pub(crate) name: String,
    pub(crate) labels: BTreeMap<String, String>,
    pub(crate) value: f64,
}

pub(crate) struct Scrape {
    pub(crate) samples: Vec<Sample>,
    /// A family's name and kind.
    families: BTreeMap<String, String>,
}

impl Scrape {
    pub(crate) async fn of(server: &TestServer) -> Self {
        let url = server.admin_url().join("/metrics").unwrap();
        Self::parse(&reqwest::get(url).await.unwrap().text().await.unwrap())
    }

    fn parse(text: &str) -> Self {
        let kinds = text.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split_once(' '));
        let families = kinds.map(|(name, kind)| (name.to_owned(), kind.to_owned())).collect();
        let samples = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).map(sample);
        Self { samples: samples.collect(), families }
    }

    /// The one series with these labels among others. None when there is none.
    pub(crate) fn value(&self, name: &str, labels: &[(&str, &str)]) -> Option<f64> {
        let fits = |sample: &&Sample| {
            sample.name == name
                && labels.iter().all(|(name, value)| sample.labels.get(*name).is_some_and(|is| is == value))
        };
        let found: Vec<_> = self.samples.iter().filter(fits).collect();
        assert!(found.len() < 2, "{name} with {labels:?} is more than one: {found:?}");
        found.first().map(|sample| sample.value)
    }

    /// Each family with the names of its labels.
    pub(crate) fn families(&self) -> BTreeMap<String, BTreeSet<String>> {
        let mut families: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for sample in &self.samples {
            let labels = sample.labels.keys().filter(|label| *label != "le").cloned();
            families.entry(self.family(&sample.name)).or_default().extend(labels);
        }
        families
    }

    fn family(&self, name: &str) -> String {
        let of_histogram = ["_bucket", "_sum", "_count"].iter().find_map(|end| {
            let family = name.strip_suffix(end)?;
            (self.families.get(family)? == "histogram").then(|| family.to_owned())
        });
        of_histogram.unwrap_or_else(|| name.to_owned())
    }
}

/// Waits for a series to have a value.
pub(crate) async fn until(server: &TestServer, name: &str, labels: &[(&str, &str)], wanted: f64) {
    let what = format!("{name} with {labels:?} is {wanted}");
    eventually(&what, async || {
        let value = Scrape::of(server).await.value(name, labels);
        (value == Some(wanted)).then_some(())
    })
    .await;
}

/// `name{a="b",…} 1.5`; our label values hold neither quotes nor braces, but routes do hold the latter.
fn sample(line: &str) -> Sample {
    let (series, value) = line.rsplit_once(' ').unwrap();
    let (name, labels) = series.split_once('{').unwrap_or((series, ""));
    let labels = labels.strip_suffix('}').unwrap_or_default();
    let pairs = labels.split("\",").filter(|pair| !pair.is_empty()).map(|pair| {
        let (name, value) = pair.split_once("=\"").unwrap();
        (name.to_owned(), value.trim_end_matches('"').to_owned())
    });
    Sample { name: name.to_owned(), labels: pairs.collect(), value: value.parse().unwrap() }
}
