//! Sign-in as a library: EdDSA access tokens, rotating refresh tokens, password hashing, axum extractors.
