//! The typed HTTP client: sign-in, refresh, resumable upload, change feed.
