//! Bytes by key: disk, S3, memory, and the mirror of two stores.
//!
//! A store knows nothing of photos or families. Whatever is put is compared with the digest it must have; bytes
//! that turn out wrong are set aside and never unlinked. Every backend passes `conformance::check_blob_store`.

pub mod conformance;
pub mod deadline;
pub mod disk;
pub mod error;
pub mod faulty;
pub mod hash;
pub mod identity;
pub mod key;
pub mod memory;
pub mod mirror;
#[cfg(feature = "s3")]
pub mod s3;
pub mod store;

pub use deadline::Deadline;
pub use disk::DiskStore;
pub use error::{BlobError, BlobErrorKind, Result};
pub use faulty::{Fault, FaultyStore};
pub use hash::{Digest, Hasher};
pub use identity::StoreId;
pub use key::Key;
pub use memory::MemoryStore;
pub use mirror::Mirror;
#[cfg(feature = "s3")]
pub use s3::{S3Settings, S3Store};
pub use store::{Blob, BlobStore, ByteStream, Entry, Existing, Expected, Source, SpooledFile};
