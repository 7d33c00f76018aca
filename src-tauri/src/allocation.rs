//! glibc's allocator in this process, told to give back at once what pictures took.

/// Bytes, as glibc begins with. From this size on a block is mapped and unmapped by itself, and no more is kept at the
/// heap's end.
const LARGE: i32 = 128 << 10;

/// Left to itself glibc learns from the first picture to keep blocks of its size; what is set is not learned: mallopt(3).
///
/// Not by a variable, which WebKit's processes would inherit: the page's paints what is half transparent on a block of its
/// own in every frame, and one mapped anew each time takes longer than the painting.
pub(crate) fn return_large_blocks() {
    #[cfg(target_env = "gnu")]
    #[expect(unsafe_code, reason = "the only way to set it for one process alone")]
    // SAFETY: changes numbers of the allocator, before there is a second thread.
    unsafe {
        libc::mallopt(libc::M_MMAP_THRESHOLD, LARGE);
        libc::mallopt(libc::M_TRIM_THRESHOLD, LARGE);
    }
}
