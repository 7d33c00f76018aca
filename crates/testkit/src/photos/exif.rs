//! Writes the EXIF block of a test picture.
//!
//! TIFF 6.0, little-endian: a main directory, EXIF's own and GPS's, one after the other, each with its long values.

/// What a camera tells about a picture.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Exif {
    pub orientation: Option<u16>,
    pub taken: Option<String>,
    pub offset: Option<String>,
    pub camera: Option<(String, String)>,
    /// Degrees.
    pub place: Option<(f64, f64)>,
}

impl Exif {
    /// As an APP1 segment after the start marker.
    pub fn insert_into_jpeg(&self, jpeg: &[u8]) -> Vec<u8> {
        let block = self.block();
        let length = u16::try_from(block.len() + 8).expect("a short block");
        let mut bytes = jpeg[..2].to_vec();
        bytes.extend([0xFF, 0xE1]);
        bytes.extend(length.to_be_bytes());
        bytes.extend(b"Exif\0\0");
        bytes.extend(block);
        bytes.extend(&jpeg[2..]);
        bytes
    }

    fn block(&self) -> Vec<u8> {
        let main = self.main_entries(0, 0);
        let own_at = 8 + directory(&main, 8).len();
        let own = directory(&self.own_entries(), own_at);
        let gps_at = own_at + own.len();
        let gps = directory(&self.gps_entries(), gps_at);
        let main = directory(&self.main_entries(own_at, gps_at), 8);
        [b"II*\0\x08\0\0\0".to_vec(), main, own, gps].concat()
    }

    fn main_entries(&self, own_at: usize, gps_at: usize) -> Vec<Entry> {
        let mut entries = Vec::new();
        if let Some((make, model)) = &self.camera {
            entries.extend([Entry::text(0x010F, make), Entry::text(0x0110, model)]);
        }
        if let Some(orientation) = self.orientation {
            entries.push(Entry { tag: 0x0112, kind: 3, count: 1, value: orientation.to_le_bytes().to_vec() });
        }
        entries.push(Entry::pointer(0x8769, own_at));
        entries.push(Entry::pointer(0x8825, gps_at));
        entries
    }

    fn own_entries(&self) -> Vec<Entry> {
        let taken = self.taken.iter().map(|taken| Entry::text(0x9003, taken));
        taken.chain(self.offset.iter().map(|offset| Entry::text(0x9011, offset))).collect()
    }

    fn gps_entries(&self) -> Vec<Entry> {
        let Some((latitude, longitude)) = self.place else { return Vec::new() };
        vec![
            Entry::text(1, if latitude < 0.0 { "S" } else { "N" }),
            Entry::degrees(2, latitude),
            Entry::text(3, if longitude < 0.0 { "W" } else { "E" }),
            Entry::degrees(4, longitude),
        ]
    }
}

struct Entry {
    tag: u16,
    kind: u16,
    count: u32,
    value: Vec<u8>,
}

impl Entry {
    fn text(tag: u16, text: &str) -> Self {
        let value = [text.as_bytes(), &[0]].concat();
        Self { tag, kind: 2, count: value.len() as u32, value }
    }

    fn pointer(tag: u16, at: usize) -> Self {
        Self { tag, kind: 4, count: 1, value: (at as u32).to_le_bytes().to_vec() }
    }

    /// Degrees, minutes and seconds, each a fraction.
    fn degrees(tag: u16, degrees: f64) -> Self {
        let seconds = degrees.abs() * 3600.0;
        let parts = [(seconds / 3600.0).floor(), (seconds / 60.0 % 60.0).floor(), seconds % 60.0];
        let fraction =
            |part: f64| [((part * 10_000.0).round() as u32).to_le_bytes(), 10_000u32.to_le_bytes()];
        Self {
            tag,
            kind: 5,
            count: 3,
            value: parts.iter().flat_map(|part| fraction(*part).concat()).collect(),
        }
    }
}

/// `at` is where the directory will lie, for the values that do not fit into their entry.
fn directory(entries: &[Entry], at: usize) -> Vec<u8> {
    let mut bytes = (entries.len() as u16).to_le_bytes().to_vec();
    let mut long_values = Vec::new();
    let values_at = at + 2 + 12 * entries.len() + 4;
    for entry in entries {
        bytes.extend(entry.tag.to_le_bytes());
        bytes.extend(entry.kind.to_le_bytes());
        bytes.extend(entry.count.to_le_bytes());
        if entry.value.len() <= 4 {
            bytes.extend(entry.value.iter().chain(&[0; 4]).take(4));
        } else {
            bytes.extend(((values_at + long_values.len()) as u32).to_le_bytes());
            long_values.extend(&entry.value);
            long_values.resize(long_values.len().next_multiple_of(2), 0);
        }
    }
    bytes.extend([0; 4]);
    bytes.extend(long_values);
    bytes
}
