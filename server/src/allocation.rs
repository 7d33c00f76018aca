//! glibc's allocator, told to give large blocks back at once.

/// From this size on a block is mapped and unmapped by itself.
const LARGE: i32 = 1 << 20;

/// Left to itself glibc learns from the first password that blocks of 19 MB are common, and keeps three of them for
/// each thread that ever hashed one: a gigabyte after a morning. mallopt(3): a threshold that is set is not learned.
pub(crate) fn return_large_blocks() {
    #[cfg(target_env = "gnu")]
    #[expect(unsafe_code, reason = "the only way to set it but for a variable in the environment")]
    // SAFETY: changes a number of the allocator, before there is a second thread.
    unsafe {
        libc::mallopt(libc::M_MMAP_THRESHOLD, LARGE);
    }
}
