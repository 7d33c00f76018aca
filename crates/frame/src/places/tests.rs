//! What a family calls where it was, in both languages.

use proptest::prelude::*;

use super::*;

fn said(latitude: f64, longitude: f64, locale: Locale, home: Option<&str>) -> Option<String> {
    place_words(&Place { latitude, longitude }, locale, home)
}

/// In a frame that hangs in Korea.
#[track_caller]
fn check(latitude: f64, longitude: f64, korean: &str, english: &str) {
    assert_eq!(said(latitude, longitude, Locale::Ko, Some("KR")).as_deref(), Some(korean));
    assert_eq!(said(latitude, longitude, Locale::En, Some("KR")).as_deref(), Some(english));
}

#[test]
fn places_in_korea_are_called_as_koreans_do() {
    check(37.5665, 126.9781, "서울", "Seoul");
    check(35.1587, 129.1604, "부산", "Busan");
    check(33.5104, 126.4914, "제주시", "Jeju");
    check(33.2480, 126.5621, "서귀포시", "Seogwipo");
    check(37.8813, 127.7300, "춘천시", "Chuncheon");
    check(37.7956, 128.9089, "강릉시", "Gangneung");
    check(36.3504, 127.3845, "대전", "Daejeon");
    check(37.4844, 130.9058, "울릉도", "Ulleungdo");
    check(35.2132, 126.8500, "광주", "Gwangju");
    check(37.4100, 127.2570, "광주시", "Gwangju");
}

#[test]
fn a_suburb_of_a_city_is_the_city_and_a_town_of_its_own_is_not() {
    check(37.4979, 127.0276, "서울", "Seoul");
    check(37.5512, 126.9882, "서울", "Seoul");
    check(37.3820, 127.1189, "성남시", "Seongnam");
    check(37.2636, 127.0286, "수원시", "Suwon");
    check(40.7580, -73.9855, "뉴욕, 미국", "New York, United States");
    check(48.8920, 2.2360, "파리, 프랑스", "Paris, France");
    check(35.4437, 139.6380, "요코하마, 일본", "Yokohama, Japan");
}

#[test]
fn a_wide_county_and_an_island_of_it_have_one_name() {
    check(33.4580, 126.9425, "서귀포시", "Seogwipo");
    check(37.6771, 128.7180, "평창군", "Pyeongchang");
    check(38.1730, 128.4890, "속초시", "Sokcho");
    check(34.3000, 126.5250, "해남군", "Haenam");
}

#[test]
fn places_abroad_are_said_with_their_country() {
    check(48.8584, 2.2945, "파리, 프랑스", "Paris, France");
    check(35.6595, 139.7005, "도쿄, 일본", "Tokyo, Japan");
    check(34.0522, -118.2437, "로스앤젤레스, 미국", "Los Angeles, United States");
    check(22.3027, 114.1772, "홍콩", "Hong Kong");
    check(41.9029, 12.4534, "바티칸", "Vatican City");
    check(21.2766, -157.8278, "호놀룰루, 미국", "Honolulu, United States");
    check(1.2838, 103.8591, "싱가포르", "Singapore");
    check(46.6863, 7.8632, "인터라켄, 스위스", "Interlaken, Switzerland");
}

#[test]
fn at_home_the_country_goes_without_saying() {
    assert_eq!(said(48.8584, 2.2945, Locale::En, Some("FR")).as_deref(), Some("Paris"));
    assert_eq!(said(37.5665, 126.9781, Locale::En, Some("FR")).as_deref(), Some("Seoul, South Korea"));
    assert_eq!(said(37.5665, 126.9781, Locale::Ko, Some("US")).as_deref(), Some("서울, 대한민국"));
}

#[test]
fn home_is_where_the_clock_hangs_else_where_the_language_is_spoken() {
    assert_eq!(home(Some("Asia/Seoul"), Locale::En), Some("KR"));
    assert_eq!(home(Some("America/Los_Angeles"), Locale::Ko), Some("US"));
    assert_eq!(home(Some("Europe/Paris"), Locale::En), Some("FR"));
    assert_eq!(home(Some("Etc/UTC"), Locale::Ko), Some("KR"));
    assert_eq!(home(None, Locale::En), None);
}

#[test]
fn far_from_every_town_there_is_the_country_or_nothing() {
    assert_eq!(said(-25.3444, 131.0369, Locale::Ko, Some("KR")), None, "no town within a day’s walk");
    assert_eq!(said(36.0544, -112.1401, Locale::Ko, Some("KR")).as_deref(), Some("미국"));
    assert_eq!(said(36.0544, -112.1401, Locale::En, Some("US")), None, "at home even that is not said");
    for (latitude, longitude) in [(0.0, 0.0), (0.0, -150.0), (38.5, 132.0), (90.0, 0.0), (-90.0, 180.0)] {
        assert_eq!(said(latitude, longitude, Locale::Ko, Some("KR")), None, "{latitude} {longitude}");
    }
}

#[test]
fn the_other_side_of_the_date_line_is_near() {
    // Fiji lies on both sides of it; Somosomo is at 179.97 W.
    let across = distance((-16.77, 179.98), (-16.77, -179.97));
    assert!((across - 5.3).abs() < 0.2, "{across} km");
    let (east, west) = (said(-16.9, 179.99, Locale::En, None), said(-16.9, -179.99, Locale::En, None));
    assert!(east.is_some());
    assert_eq!(east, west);
}

#[test]
fn what_is_no_place_has_no_words() {
    for wrong in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 180.01, -1e300] {
        assert_eq!(said(wrong, 127.0, Locale::Ko, None), None);
        assert_eq!(said(37.5, wrong, Locale::Ko, None), None);
    }
    assert_eq!(said(90.5, 127.0, Locale::Ko, None), None);
}

#[test]
fn a_name_is_not_looked_for_in_the_whole_world() {
    let all = table::towns(-90.0, 90.0).count();
    for (kilometres, part) in [(NEAR, 30), (AROUND, 10)] {
        let band = band(37.5, kilometres);
        let read = table::towns(*band.start(), *band.end()).count();
        assert!(read > 0 && read < all / part, "{read} of {all} towns are read");
    }
}

proptest! {
    #[test]
    fn any_numbers_at_all_are_answered(latitude: f64, longitude: f64, near in -90.0..90.0, far in -180.0..180.0) {
        said(latitude, longitude, Locale::Ko, None);
        let words = said(near, far, Locale::En, None);
        prop_assert!(words.is_none_or(|words| !words.is_empty() && words.len() < 100));
    }
}
