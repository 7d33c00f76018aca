//! Reads the packed towns and countries where they lie in the program.
//!
//! Rule: nothing is unpacked or kept; of the file, only the pages that are looked at are ever in memory.
//!
//! The layout, little-endian, as `scripts/places.mjs` writes it:
//! - 181 x u32: where each degree of latitude begins, from the south pole on, and where the last one ends;
//! - u8: how many countries; each its two letters, its name in English and in Korean, and its time zones;
//! - towns by degree: latitude and longitude as u16 of their whole range, u8 country, u8 weight, names in English and
//!   Korean. A name is u8 bytes and UTF-8, empty where there is none; time zones are u16 bytes, with spaces between.
//!
//! GeoNames (geonames.org), CC BY 4.0: `crates/frame/data/README.md`.

static PACKED: &[u8] = include_bytes!("../../data/places.bin");

const DEGREES: usize = 180;

#[derive(Clone, Copy, Debug)]
pub(super) struct Town {
    /// Degrees, WGS 84, to about 300 m.
    pub latitude: f64,
    pub longitude: f64,
    pub country: u8,
    /// Four times the fourth root of its people: a hundredfold city is said three times as far away.
    pub weight: f64,
    english: &'static [u8],
    korean: &'static [u8],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Country {
    pub code: &'static str,
    pub english: &'static str,
    pub korean: &'static str,
    zones: &'static str,
}

impl Town {
    pub(super) fn english(&self) -> &'static str {
        words(self.english)
    }

    /// Empty where it has no name in Korean.
    pub(super) fn korean(&self) -> &'static str {
        words(self.korean)
    }
}

impl Country {
    pub(super) fn has_zone(&self, zone: &str) -> bool {
        self.zones.split(' ').any(|it| it == zone)
    }
}

/// Towns in the degrees of latitude from one to the other, and a few more.
pub(super) fn towns(south: f64, north: f64) -> impl Iterator<Item = Town> {
    let mut rest = Rest(between(degree(south), degree(north) + 1).unwrap_or_default());
    std::iter::from_fn(move || rest.town())
}

pub(super) fn countries() -> impl Iterator<Item = Country> {
    let mut rest = Rest(PACKED.get(4 * (DEGREES + 1)..).unwrap_or_default());
    let count = rest.byte().unwrap_or(0);
    (0..count).map_while(move |_| rest.country())
}

pub(super) fn country(index: u8) -> Option<Country> {
    countries().nth(index.into())
}

/// Which band a latitude is in, 0 to 179.
fn degree(latitude: f64) -> usize {
    // Never negative after the clamp, and the north pole belongs to the last band.
    (latitude + 90.0).floor().clamp(0.0, (DEGREES - 1) as f64) as usize
}

fn between(first: usize, end: usize) -> Option<&'static [u8]> {
    PACKED.get(start_of(first)?..start_of(end)?)
}

fn start_of(degree: usize) -> Option<usize> {
    let bytes = PACKED.get(4 * degree..4 * degree + 4)?.try_into().ok()?;
    Some(u32::from_le_bytes(bytes) as usize)
}

fn words(bytes: &'static [u8]) -> &'static str {
    std::str::from_utf8(bytes).unwrap_or_default()
}

/// What is not read yet.
struct Rest(&'static [u8]);

impl Rest {
    fn take(&mut self, count: usize) -> Option<&'static [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn byte(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    fn short(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes(self.take(2)?.try_into().ok()?))
    }

    fn name(&mut self) -> Option<&'static [u8]> {
        let length = self.byte()?;
        self.take(length.into())
    }

    fn town(&mut self) -> Option<Town> {
        Some(Town {
            latitude: f64::from(self.short()?) / 65_535.0 * 180.0 - 90.0,
            longitude: f64::from(self.short()?) / 65_536.0 * 360.0 - 180.0,
            country: self.byte()?,
            weight: self.byte()?.into(),
            english: self.name()?,
            korean: self.name()?,
        })
    }

    fn country(&mut self) -> Option<Country> {
        let code = words(self.take(2)?);
        let (english, korean) = (words(self.name()?), words(self.name()?));
        let length = self.short()?;
        Some(Country { code, english, korean, zones: words(self.take(length.into())?) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_table_can_be_read_and_every_town_has_a_name_and_a_country() {
        let all: Vec<_> = towns(-90.0, 90.0).collect();
        let lands = countries().count();
        assert!(all.len() > 25_000, "{} towns", all.len());
        assert!(lands > 230, "{lands} countries");
        for town in &all {
            assert!(!town.english().is_empty() && town.weight > 0.0, "{town:?}");
            assert!(usize::from(town.country) < lands, "{town:?}");
        }
        let packed: usize = all.iter().map(|town| 8 + town.english.len() + town.korean.len()).sum();
        assert_eq!(Some(PACKED.len()), start_of(0).map(|start| start + packed), "nothing is left over");
    }

    #[test]
    fn a_degree_holds_the_towns_of_its_latitude() {
        for latitude in [-54.8, -0.5, 37.5, 69.6] {
            let found: Vec<_> = towns(latitude, latitude).collect();
            assert!(!found.is_empty());
            assert!(found.iter().all(|town| (town.latitude - f64::floor(latitude) - 0.5).abs() < 0.51));
        }
        assert_eq!(towns(-90.0, -89.0).count(), 0);
        assert_eq!(towns(89.0, 90.0).count(), 0);
    }
}
