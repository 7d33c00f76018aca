//! Names that are never arrivals: unfinished copies, and what operating systems and sync programs leave behind.
//!
//! Pure. Hidden files and folders are left alone as a whole; they include `._*`, `.Trashes` and `.stfolder`.

use std::ffi::OsStr;

const UNFINISHED: [&str; 8] =
    [".part", ".partial", ".tmp", ".temp", ".crdownload", ".download", ".filepart", ".swp"];
const LITTER: [&str; 7] = [
    "thumbs.db",
    "desktop.ini",
    "@eadir",
    "$recycle.bin",
    "system volume information",
    "lost+found",
    "#recycle",
];

pub(crate) fn is_ignored(name: &OsStr) -> bool {
    let name = name.to_string_lossy().to_lowercase();
    name.starts_with('.')
        || name.starts_with('~')
        || name.ends_with('~')
        || UNFINISHED.iter().any(|end| name.ends_with(end))
        || LITTER.contains(&name.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn temp_names_are_ignored_and_photos_are_not() {
        for name in [
            "a.jpg.part",
            "a.TMP",
            "a.jpg~",
            "~a.jpg",
            "._a.jpg",
            "Thumbs.db",
            "desktop.ini",
            "@eaDir",
            ".Trashes",
            ".stfolder",
        ] {
            assert!(is_ignored(OsStr::new(name)), "{name}");
        }
        for name in ["a.jpg", "IMG_0001.HEIC", "할머니 생신.jpg", "part.jpg", "tmp"] {
            assert!(!is_ignored(OsStr::new(name)), "{name}");
        }
    }
}
