//! Decides which version of the program runs: the one that works, until a new one has shown that it does.
//!
//! Pure. What is known is on the disk: `current` names the version that works, `next` the one to be tried, and every
//! act is one file replaced, renamed or removed. Invariant: after a power cut between any two acts, the next start
//! runs a version that works.

pub(crate) mod files;
pub(crate) mod trial;

use std::{cmp::Ordering, fmt, str::FromStr};

/// Trials of one version that may end without a verdict, such as by a power cut.
const TRIALS: u32 = 3;

/// The name of a folder with the program in it, such as `0.2.0`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Version(String);

#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error(
    "a version is named by letters, digits, dots, dashes and plus signs, and begins with a letter or digit"
)]
pub(crate) struct NotAVersion;

impl FromStr for Version {
    type Err = NotAVersion;

    /// Invariant: never a path out of the folder of versions.
    fn from_str(text: &str) -> Result<Self, NotAVersion> {
        let begins_well = text.starts_with(|c: char| c.is_ascii_alphanumeric());
        let is_named = text.chars().all(|c| c.is_ascii_alphanumeric() || ".-+_".contains(c));
        if begins_well && is_named && text.len() <= 64 { Ok(Self(text.to_owned())) } else { Err(NotAVersion) }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Version {
    /// Number by number, `0.9.0` before `0.10.0`.
    pub(crate) fn by_age(&self, other: &Self) -> Ordering {
        let parts = |version: &Self| -> Vec<(u64, String)> {
            let parts = version.0.split(['.', '-', '+']);
            parts.map(|part| (part.parse().unwrap_or(0), part.to_owned())).collect()
        };
        parts(self).cmp(&parts(other))
    }
}

/// The file `next`: the version, and beneath it how often it was tried or why it failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Next {
    pub version: Version,
    pub trials: u32,
    /// Decided, and about to become `failed-{version}`.
    pub failed: Option<String>,
}

impl FromStr for Next {
    type Err = NotAVersion;

    fn from_str(text: &str) -> Result<Self, NotAVersion> {
        let mut lines = text.lines().map(str::trim);
        let version = lines.next().unwrap_or_default().parse()?;
        let mut next = Self { version, trials: 0, failed: None };
        for line in lines {
            match line.split_once(": ") {
                Some(("trials", count)) => next.trials = count.parse().unwrap_or(TRIALS),
                Some(("failed", reason)) => next.failed = Some(reason.to_owned()),
                _ => {}
            }
        }
        Ok(next)
    }
}

impl fmt::Display for Next {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\ntrials: {}", self.version, self.trials)?;
        self.failed.as_ref().map_or(Ok(()), |reason| writeln!(f, "failed: {reason}"))
    }
}

/// What is in the folder of versions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Found {
    pub current: Option<Version>,
    pub next: Option<Next>,
    /// Versions whose program is there.
    pub installed: Vec<Version>,
    /// Versions with a file that says why they are not used.
    pub failed: Vec<Version>,
}

/// One act on the disk; all or nothing, also when the power goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    WriteCurrent(Version),
    WriteNext(Next),
    /// The name of `next` becomes `failed-{version}`.
    NextFailed(Version),
    RemoveNext,
    /// It works after all.
    ForgetFailure(Version),
}

/// What to run, after the acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Start {
    pub acts: Vec<Act>,
    pub version: Version,
}

impl Found {
    fn has(&self, version: &Version) -> bool {
        self.installed.contains(version)
    }

    /// What a start begins with: always the version that works. `None`: there is nothing to run.
    pub(crate) fn start(&self) -> Option<Start> {
        if let Some(current) = self.current.clone().filter(|current| self.has(current)) {
            return Some(Start { acts: Vec::new(), version: current });
        }
        // A first installation, or `current` is gone: there is nothing to return to.
        let wanted = self.next.as_ref().filter(|next| next.failed.is_none() && self.has(&next.version));
        let version = wanted.map(|next| next.version.clone()).or_else(|| self.newest_good())?;
        Some(Start { acts: vec![Act::WriteCurrent(version.clone())], version })
    }

    fn newest_good(&self) -> Option<Version> {
        let good = self.installed.iter().filter(|version| !self.failed.contains(version));
        good.max_by(|a, b| a.by_age(b)).cloned()
    }

    /// What `next` asks for, while `current` runs.
    pub(crate) fn ask(&self) -> Ask {
        let Some(next) = &self.next else { return Ask::Nothing };
        if let Some(reason) = &next.failed {
            return Ask::Settle(reject(next, reason));
        }
        if self.current.as_ref() == Some(&next.version) {
            return Ask::Settle(accept(&next.version));
        }
        if !self.has(&next.version) {
            return Ask::Settle(reject(next, "its program is not there"));
        }
        if next.trials >= TRIALS {
            return Ask::Settle(reject(next, "its trials ended without a result, as when the power goes"));
        }
        let begun = Next { trials: next.trials + 1, ..next.clone() };
        Ask::Try { acts: vec![Act::WriteNext(begun)], version: next.version.clone() }
    }

    /// A version newer than the one that works, and not used.
    pub(crate) fn failed_update(&self) -> Option<&Version> {
        let current = self.current.as_ref()?;
        let newer = self.failed.iter().filter(|failed| failed.by_age(current) == Ordering::Greater);
        newer.max_by(|a, b| a.by_age(b))
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Ask {
    Nothing,
    /// Nothing to run: only the files are put right.
    Settle(Vec<Act>),
    /// Try this version after the acts.
    Try {
        acts: Vec<Act>,
        version: Version,
    },
}

/// It works: from the first act on it is the one to start with.
pub(crate) fn accept(version: &Version) -> Vec<Act> {
    vec![Act::WriteCurrent(version.clone()), Act::RemoveNext, Act::ForgetFailure(version.clone())]
}

/// It does not: the reason goes into `next` itself, so that the name and the reason never part.
pub(crate) fn reject(next: &Next, reason: &str) -> Vec<Act> {
    let failed = Next { failed: Some(reason.replace('\n', " ")), ..next.clone() };
    vec![Act::WriteNext(failed), Act::NextFailed(next.version.clone())]
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    fn version(text: &str) -> Version {
        text.parse().unwrap()
    }

    fn installed(names: &[&str]) -> Found {
        Found { installed: names.iter().map(|name| version(name)).collect(), ..Found::default() }
    }

    #[test]
    fn a_version_never_leads_out_of_its_folder() {
        for name in ["", ".", "..", "../x", "a/b", "-x", ".hidden", "a b", "판"] {
            assert_eq!(name.parse::<Version>(), Err(NotAVersion), "{name}");
        }
        for name in ["0.1.0", "1.2.3-rc.1+build", "2026-11-26"] {
            assert!(name.parse::<Version>().is_ok(), "{name}");
        }
    }

    #[test]
    fn versions_are_ordered_by_their_numbers() {
        assert_eq!(version("0.9.0").by_age(&version("0.10.0")), Ordering::Less);
        assert_eq!(version("1.0.0").by_age(&version("0.99.99")), Ordering::Greater);
    }

    #[test]
    fn next_survives_its_text_form() {
        let next = Next { version: version("0.2.0"), trials: 2, failed: Some("no photo: 60 s".into()) };
        assert_eq!(next.to_string().parse(), Ok(next));
        assert_eq!("0.2.0".parse(), Ok(Next { version: version("0.2.0"), trials: 0, failed: None }));
        assert_eq!("\0\0\0".parse::<Next>(), Err(NotAVersion));
    }

    #[test]
    fn without_a_current_version_the_newest_that_has_not_failed_runs() {
        let mut found = installed(&["0.9.0", "0.10.0", "0.11.0"]);
        found.failed = vec![version("0.11.0")];
        assert_eq!(found.start().unwrap().version, version("0.10.0"));
        assert_eq!(installed(&[]).start(), None);
    }

    #[test]
    fn a_version_whose_trials_never_end_is_given_up() {
        let mut found = installed(&["0.1.0", "0.2.0"]);
        found.current = Some(version("0.1.0"));
        found.next = Some(Next { version: version("0.2.0"), trials: 0, failed: None });
        let mut trials = 0;
        while let Ask::Try { acts, .. } = found.ask() {
            trials += 1;
            found.apply(&acts);
        }
        assert_eq!(trials, TRIALS);
        let Ask::Settle(acts) = found.ask() else { panic!() };
        found.apply(&acts);
        assert_eq!((found.next.clone(), found.failed.clone()), (None, vec![version("0.2.0")]));
        assert_eq!(found.failed_update(), Some(&version("0.2.0")));
    }

    impl Found {
        /// What the disk holds after the acts.
        fn apply(&mut self, acts: &[Act]) {
            for act in acts {
                match act.clone() {
                    Act::WriteCurrent(version) => self.current = Some(version),
                    Act::WriteNext(next) => self.next = Some(next),
                    Act::NextFailed(version) => {
                        self.next = None;
                        self.failed.push(version);
                    }
                    Act::RemoveNext => self.next = None,
                    Act::ForgetFailure(version) => self.failed.retain(|failed| *failed != version),
                }
            }
        }
    }

    #[derive(Clone, Debug)]
    struct Step {
        /// What an installer puts there, by number; even ones work.
        install: Option<u8>,
        /// Acts that reach the disk before the power goes; many: it stays.
        power: usize,
        /// Whether the power goes in the middle of the trial.
        cut_in_trial: bool,
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let step = (proptest::option::of(1u8..20), 0usize..6, any::<bool>())
            .prop_map(|(install, power, cut_in_trial)| Step { install, power, cut_in_trial });
        proptest::collection::vec(step, 1..60)
    }

    fn works(version: &Version) -> bool {
        version.0.parse::<u8>().unwrap().is_multiple_of(2)
    }

    proptest! {
        #[test]
        fn a_power_cut_at_any_instant_leaves_a_version_that_works(steps in steps()) {
            let mut disk = installed(&["0"]);
            disk.current = Some(version("0"));
            let mut accepted = HashSet::from([version("0")]);
            for Step { install, power, cut_in_trial } in steps {
                if let Some(number) = install {
                    let new = version(&number.to_string());
                    disk.installed.push(new.clone());
                    disk.next = Some(Next { version: new, trials: 0, failed: None });
                }
                // A start: whatever the last step left.
                let start = disk.start().unwrap();
                prop_assert!(works(&start.version) && accepted.contains(&start.version), "{:?}", disk);
                disk.apply(&start.acts);
                let mut left = power;
                let mut reach = |disk: &mut Found, acts: Vec<Act>| {
                    let reached = acts.len().min(left);
                    disk.apply(&acts[..reached]);
                    left -= reached;
                    reached == acts.len()
                };
                match disk.ask() {
                    Ask::Nothing => {}
                    Ask::Settle(acts) => drop(reach(&mut disk, acts)),
                    Ask::Try { acts, version } => {
                        if !reach(&mut disk, acts) || cut_in_trial {
                            continue;
                        }
                        let next = disk.next.clone().unwrap();
                        if works(&version) {
                            accepted.insert(version.clone());
                            reach(&mut disk, accept(&version));
                        } else {
                            reach(&mut disk, reject(&next, "no photo"));
                        }
                    }
                }
            }
        }

        #[test]
        fn with_power_every_asked_version_comes_to_a_verdict(number in 1u8..20, cuts in 0u32..5) {
            let new = version(&number.to_string());
            let mut disk = installed(&["0", &number.to_string()]);
            disk.current = Some(version("0"));
            disk.next = Some(Next { version: new.clone(), trials: 0, failed: None });
            for _ in 0..cuts {
                if let Ask::Try { acts, .. } = disk.ask() {
                    disk.apply(&acts);
                }
            }
            while disk.next.is_some() {
                match disk.ask() {
                    Ask::Try { acts, version } => {
                        disk.apply(&acts);
                        let next = disk.next.clone().unwrap();
                        disk.apply(&if works(&version) { accept(&version) } else { reject(&next, "no") });
                    }
                    Ask::Settle(acts) => disk.apply(&acts),
                    Ask::Nothing => unreachable!("next is there"),
                }
            }
            let runs = if works(&new) && cuts < TRIALS { new } else { version("0") };
            prop_assert_eq!(disk.start().unwrap().version, runs);
        }
    }
}
