//! Says where a photo was taken, as one says it at a table: "제주시", "Paris, France".
//!
//! Pure, and without a network: where a family was is told to nobody. Rule: rather nothing than a wrong place.

mod table;

use std::{f64::consts::PI, ops::RangeInclusive};

use picup_api::{account::Locale, photo::Place};

use self::table::{Country, Town};

/// Further from any town, a photo is of the country only; kilometres.
const NEAR: f64 = 30.0;
/// How far around the towns must all be of one country for that to be said; kilometres.
const AROUND: f64 = 120.0;
const KILOMETRES_PER_DEGREE: f64 = 40_030.0 / 360.0;

/// The town worth naming, and its country where that is not `home`. `None` far from everywhere.
pub(crate) fn place_words(place: &Place, locale: Locale, home: Option<&str>) -> Option<String> {
    // Also false for what is no number.
    let is_on_earth = place.latitude.abs() <= 90.0 && place.longitude.abs() <= 180.0;
    if !is_on_earth {
        return None;
    }
    let Some(town) = town_of(place) else {
        return country_around(place)
            .filter(|it| Some(it.code) != home)
            .map(|it| name_of(&it, locale).to_owned());
    };
    let country = table::country(town.country).filter(|it| Some(it.code) != home);
    Some(joined(called(&town, locale), country.map(|it| name_of(&it, locale))))
}

/// The letters of the country that goes without saying: where a clock in `zone` hangs, else where the language is spoken.
pub(crate) fn home(zone: Option<&str>, locale: Locale) -> Option<&'static str> {
    let here = zone.and_then(|zone| table::countries().find(|it| it.has_zone(zone)));
    here.map(|it| it.code).or(match locale {
        Locale::Ko => Some("KR"),
        Locale::En => None,
    })
}

/// Near and large are weighed: who is in a suburb says the city.
fn town_of(place: &Place) -> Option<Town> {
    within(place, NEAR)
        .min_by(|(near, one), (far, other)| (near / one.weight).total_cmp(&(far / other.weight)))
        .map(|(_, town)| town)
}

/// Only where no other country is near: at sea and at a border nothing is said.
fn country_around(place: &Place) -> Option<Country> {
    let mut around = within(place, AROUND).map(|(_, town)| town.country);
    let first = around.next()?;
    around.all(|other| other == first).then(|| table::country(first))?
}

/// Towns no further than so many kilometres, with how far they are.
fn within(place: &Place, kilometres: f64) -> impl Iterator<Item = (f64, Town)> {
    let here = (place.latitude, place.longitude);
    let band = band(place.latitude, kilometres);
    table::towns(*band.start(), *band.end())
        .filter(move |town| band.contains(&town.latitude))
        .map(move |town| (distance(here, (town.latitude, town.longitude)), town))
        .filter(move |(distance, _)| *distance <= kilometres)
}

/// Latitudes that so many kilometres reach.
fn band(latitude: f64, kilometres: f64) -> RangeInclusive<f64> {
    // A little more: towns are known to 300 m only.
    let reach = kilometres / KILOMETRES_PER_DEGREE + 0.01;
    latitude - reach..=latitude + reach
}

/// Kilometres along a sphere, by haversines; degrees.
fn distance(one: (f64, f64), other: (f64, f64)) -> f64 {
    let haversine = |degrees: f64| (degrees / 360.0 * PI).sin().powi(2);
    let across = one.0.to_radians().cos() * other.0.to_radians().cos() * haversine(other.1 - one.1);
    let part = haversine(other.0 - one.0) + across;
    2.0 * part.sqrt().min(1.0).asin().to_degrees() * KILOMETRES_PER_DEGREE
}

fn called(town: &Town, locale: Locale) -> &'static str {
    match locale {
        Locale::Ko if !town.korean().is_empty() => town.korean(),
        Locale::Ko | Locale::En => town.english(),
    }
}

fn name_of(country: &Country, locale: Locale) -> &'static str {
    match locale {
        Locale::Ko => country.korean,
        Locale::En => country.english,
    }
}

/// A city that is its own country is said once.
fn joined(town: &str, country: Option<&str>) -> String {
    match country.filter(|country| !country.starts_with(town)) {
        Some(country) => format!("{town}, {country}"),
        None => town.to_owned(),
    }
}

#[cfg(test)]
mod tests;
