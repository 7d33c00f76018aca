//! What Home Assistant calls the frame and its parts, in the frame's language.

use picup_api::account::Locale;

/// English, Korean.
#[derive(Clone, Copy)]
pub(super) struct Words(pub &'static str, pub &'static str);

impl Words {
    pub(super) fn of(self, locale: Locale) -> &'static str {
        match locale {
            Locale::En => self.0,
            Locale::Ko => self.1,
        }
    }
}

pub(super) const FRAME: Words = Words("Picup frame", "픽업 액자");
pub(super) const SCREEN: Words = Words("Screen", "화면");
pub(super) const SLIDESHOW: Words = Words("Slideshow", "사진 넘기기");
pub(super) const NEXT: Words = Words("Next photo", "다음 사진");
pub(super) const PREVIOUS: Words = Words("Previous photo", "이전 사진");
pub(super) const RESTART: Words = Words("Restart", "다시 시작");
pub(super) const BRIGHTNESS: Words = Words("Brightness", "밝기");
pub(super) const MESSAGE: Words = Words("Message", "전할 말");
pub(super) const PHOTOS: Words = Words("Photos on the frame", "액자에 있는 사진");
pub(super) const INBOX: Words = Words("Files waiting", "기다리는 파일");
pub(super) const DISK: Words = Words("Free space", "남은 공간");
pub(super) const TEMPERATURE: Words = Words("Temperature", "온도");
pub(super) const STATE: Words = Words("State", "상태");
pub(super) const TROUBLE: Words = Words("Trouble", "문제");
pub(super) const VERSION: Words = Words("Version", "버전");
pub(super) const SHOWING: Words = Words("Now showing", "지금 보이는 사진");
pub(super) const ONLINE: Words = Words("Family's server", "가족 서버 연결");
pub(super) const PICTURE: Words = Words("Picture", "사진");
