//! The calls of the file system, each carried out on the directory behind it.
//!
//! Nothing is cached by the kernel, so that every call of a program is one here.

use std::{
    collections::HashMap,
    ffi::OsStr,
    fs::{self, File, Metadata, OpenOptions},
    io,
    os::unix::fs::{DirBuilderExt, FileExt, MetadataExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use fuser::{
    BsdFileFlags, Errno, FileAttr, FileHandle, FileType, Filesystem, FopenFlags, Generation, INodeNo,
    LockOwner, OpenAccMode, OpenFlags, RenameFlags, ReplyAttr, ReplyCreate, ReplyData, ReplyDirectory,
    ReplyEmpty, ReplyEntry, ReplyOpen, ReplyWrite, Request, TimeOrNow, WriteFlags,
};

use super::Gate;

const TTL: Duration = Duration::ZERO;
const ONCE: Generation = Generation(0);

pub(super) struct Passthrough {
    gate: Arc<Gate>,
    names: Mutex<Names>,
    files: Mutex<Files>,
}

/// Numbers by path, and paths by number.
struct Names {
    paths: HashMap<u64, PathBuf>,
    /// Of files that another was moved over: who still has one open asks about it by its old number.
    replaced: HashMap<u64, PathBuf>,
    next: u64,
}

#[derive(Default)]
struct Files {
    open: HashMap<u64, Arc<File>>,
    next: u64,
}

impl Names {
    fn path(&self, number: INodeNo) -> io::Result<PathBuf> {
        let gone = || io::Error::from_raw_os_error(rustix::io::Errno::STALE.raw_os_error());
        let known = self.paths.get(&number.0).or_else(|| self.replaced.get(&number.0));
        known.cloned().ok_or_else(gone)
    }

    fn number(&mut self, path: &Path) -> u64 {
        if let Some((number, _)) = self.paths.iter().find(|(_, known)| *known == path) {
            return *number;
        }
        self.next += 1;
        self.paths.insert(self.next, path.to_owned());
        self.next
    }

    fn moved(&mut self, from: &Path, to: &Path) {
        self.replaced.extend(self.paths.extract_if(|_, path| path == to));
        for path in self.paths.values_mut() {
            if let Ok(rest) = path.strip_prefix(from) {
                *path = if rest.as_os_str().is_empty() { to.to_owned() } else { to.join(rest) };
            }
        }
    }
}

impl Passthrough {
    pub(super) fn new(behind: &Path, gate: Arc<Gate>) -> Self {
        let paths = HashMap::from([(INodeNo::ROOT.0, super::root(behind))]);
        let names = Mutex::new(Names { paths, replaced: HashMap::new(), next: INodeNo::ROOT.0 });
        Self { gate, names, files: Mutex::default() }
    }

    fn path(&self, number: INodeNo) -> io::Result<PathBuf> {
        self.names.lock().unwrap().path(number)
    }

    fn child(&self, parent: INodeNo, name: &OsStr) -> io::Result<PathBuf> {
        Ok(self.path(parent)?.join(name))
    }

    fn file(&self, handle: FileHandle) -> io::Result<Arc<File>> {
        let found = self.files.lock().unwrap().open.get(&handle.0).cloned();
        found.ok_or_else(|| io::Error::from_raw_os_error(rustix::io::Errno::BADF.raw_os_error()))
    }

    fn keep(&self, file: File) -> FileHandle {
        let mut files = self.files.lock().unwrap();
        files.next += 1;
        let handle = files.next;
        files.open.insert(handle, Arc::new(file));
        FileHandle(handle)
    }

    fn attributes(&self, path: &Path) -> io::Result<FileAttr> {
        let metadata = fs::symlink_metadata(path)?;
        let number = self.names.lock().unwrap().number(path);
        Ok(attributes(number, &metadata))
    }

    /// Past the gate, with the answer of `work`.
    fn do_it<T>(&self, needs_room: bool, work: impl FnOnce() -> io::Result<T>) -> Result<T, Errno> {
        self.gate.pass(needs_room)?;
        work().map_err(Errno::from)
    }

    fn entries(&self, directory: INodeNo) -> io::Result<Vec<(INodeNo, FileType, std::ffi::OsString)>> {
        let path = self.path(directory)?;
        let mut entries =
            vec![(directory, FileType::Directory, ".".into()), (directory, FileType::Directory, "..".into())];
        for entry in fs::read_dir(path)? {
            let entry = entry?;
            let number = self.names.lock().unwrap().number(&entry.path());
            let kind = FileType::from_std(entry.file_type()?).unwrap_or(FileType::RegularFile);
            entries.push((INodeNo(number), kind, entry.file_name()));
        }
        entries[2..].sort_by(|a, b| a.2.cmp(&b.2));
        Ok(entries)
    }
}

fn attributes(number: u64, metadata: &Metadata) -> FileAttr {
    FileAttr {
        ino: INodeNo(number),
        size: metadata.len(),
        blocks: metadata.blocks(),
        atime: time(metadata.atime(), metadata.atime_nsec()),
        mtime: time(metadata.mtime(), metadata.mtime_nsec()),
        ctime: time(metadata.ctime(), metadata.ctime_nsec()),
        crtime: UNIX_EPOCH,
        kind: FileType::from_std(metadata.file_type()).unwrap_or(FileType::RegularFile),
        perm: (metadata.permissions().mode() & 0o7777) as u16,
        nlink: metadata.nlink() as u32,
        uid: metadata.uid(),
        gid: metadata.gid(),
        rdev: metadata.rdev() as u32,
        blksize: metadata.blksize() as u32,
        flags: 0,
    }
}

fn time(seconds: i64, nanos: i64) -> SystemTime {
    UNIX_EPOCH + Duration::new(seconds.unsigned_abs(), nanos.unsigned_abs() as u32)
}

/// Answers a call with what came of it.
macro_rules! answer {
    ($reply:ident, $done:expr, $value:pat => $good:expr) => {
        match $done {
            Ok($value) => $good,
            Err(error) => $reply.error(error),
        }
    };
}

impl Filesystem for Passthrough {
    fn lookup(&self, _: &Request, parent: INodeNo, name: &OsStr, reply: ReplyEntry) {
        let done = self.do_it(false, || self.attributes(&self.child(parent, name)?));
        answer!(reply, done, found => reply.entry(&TTL, &found, ONCE));
    }

    fn getattr(&self, _: &Request, number: INodeNo, _: Option<FileHandle>, reply: ReplyAttr) {
        let done = self.do_it(false, || self.attributes(&self.path(number)?));
        answer!(reply, done, found => reply.attr(&TTL, &found));
    }

    fn setattr(
        &self,
        _: &Request,
        number: INodeNo,
        mode: Option<u32>,
        _: Option<u32>,
        _: Option<u32>,
        size: Option<u64>,
        _: Option<TimeOrNow>,
        _: Option<TimeOrNow>,
        _: Option<SystemTime>,
        _: Option<FileHandle>,
        _: Option<SystemTime>,
        _: Option<SystemTime>,
        _: Option<SystemTime>,
        _: Option<BsdFileFlags>,
        reply: ReplyAttr,
    ) {
        let done = self.do_it(false, || {
            let path = self.path(number)?;
            if let Some(size) = size {
                OpenOptions::new().write(true).open(&path)?.set_len(size)?;
            }
            if let Some(mode) = mode {
                fs::set_permissions(&path, fs::Permissions::from_mode(mode & 0o7777))?;
            }
            self.attributes(&path)
        });
        answer!(reply, done, found => reply.attr(&TTL, &found));
    }

    fn mkdir(&self, _: &Request, parent: INodeNo, name: &OsStr, mode: u32, umask: u32, reply: ReplyEntry) {
        let done = self.do_it(true, || {
            let path = self.child(parent, name)?;
            fs::DirBuilder::new().mode(mode & !umask).create(&path)?;
            self.attributes(&path)
        });
        answer!(reply, done, made => reply.entry(&TTL, &made, ONCE));
    }

    fn unlink(&self, _: &Request, parent: INodeNo, name: &OsStr, reply: ReplyEmpty) {
        let done = self.do_it(false, || {
            let path = self.child(parent, name)?;
            fs::remove_file(&path)?;
            self.names.lock().unwrap().paths.retain(|_, known| *known != path);
            Ok(())
        });
        answer!(reply, done, () => reply.ok());
    }

    fn rmdir(&self, _: &Request, parent: INodeNo, name: &OsStr, reply: ReplyEmpty) {
        let done = self.do_it(false, || fs::remove_dir(self.child(parent, name)?));
        answer!(reply, done, () => reply.ok());
    }

    fn rename(
        &self,
        _: &Request,
        parent: INodeNo,
        name: &OsStr,
        new_parent: INodeNo,
        new_name: &OsStr,
        _: RenameFlags,
        reply: ReplyEmpty,
    ) {
        let done = self.do_it(true, || {
            let (from, to) = (self.child(parent, name)?, self.child(new_parent, new_name)?);
            fs::rename(&from, &to)?;
            self.names.lock().unwrap().moved(&from, &to);
            Ok(())
        });
        answer!(reply, done, () => reply.ok());
    }

    fn create(
        &self,
        _: &Request,
        parent: INodeNo,
        name: &OsStr,
        mode: u32,
        umask: u32,
        flags: i32,
        reply: ReplyCreate,
    ) {
        let is_new = flags & rustix::fs::OFlags::EXCL.bits().cast_signed() != 0;
        let done = self.do_it(true, || {
            let path = self.child(parent, name)?;
            let mut options = OpenOptions::new();
            options.read(true).write(true).create(true).create_new(is_new).mode(mode & !umask);
            let file = options.open(&path)?;
            Ok((self.attributes(&path)?, self.keep(file)))
        });
        answer!(reply, done, (made, handle) => reply.created(&TTL, &made, ONCE, handle, FopenFlags::FOPEN_DIRECT_IO));
    }

    fn open(&self, _: &Request, number: INodeNo, flags: OpenFlags, reply: ReplyOpen) {
        let is_write = flags.acc_mode() != OpenAccMode::O_RDONLY;
        let done = self.do_it(false, || {
            let file = OpenOptions::new().read(true).write(is_write).open(self.path(number)?)?;
            Ok(self.keep(file))
        });
        answer!(reply, done, handle => reply.opened(handle, FopenFlags::FOPEN_DIRECT_IO));
    }

    fn read(
        &self,
        _: &Request,
        _: INodeNo,
        handle: FileHandle,
        offset: u64,
        size: u32,
        _: OpenFlags,
        _: Option<LockOwner>,
        reply: ReplyData,
    ) {
        let done = self.do_it(false, || {
            let mut buffer = vec![0; size as usize];
            let length = self.file(handle)?.read_at(&mut buffer, offset)?;
            buffer.truncate(length);
            Ok(buffer)
        });
        answer!(reply, done, bytes => reply.data(&bytes));
    }

    fn write(
        &self,
        _: &Request,
        _: INodeNo,
        handle: FileHandle,
        offset: u64,
        data: &[u8],
        _: WriteFlags,
        _: OpenFlags,
        _: Option<LockOwner>,
        reply: ReplyWrite,
    ) {
        let done = self.do_it(true, || self.file(handle)?.write_at(data, offset));
        answer!(reply, done, written => reply.written(written as u32));
    }

    fn flush(&self, _: &Request, _: INodeNo, _: FileHandle, _: LockOwner, reply: ReplyEmpty) {
        answer!(reply, self.do_it(false, || Ok(())), () => reply.ok());
    }

    fn release(
        &self,
        _: &Request,
        _: INodeNo,
        handle: FileHandle,
        _: OpenFlags,
        _: Option<LockOwner>,
        _: bool,
        reply: ReplyEmpty,
    ) {
        self.files.lock().unwrap().open.remove(&handle.0);
        reply.ok();
    }

    fn fsync(&self, _: &Request, _: INodeNo, handle: FileHandle, _: bool, reply: ReplyEmpty) {
        let done = self.do_it(false, || self.file(handle)?.sync_all());
        answer!(reply, done, () => reply.ok());
    }

    fn fsyncdir(&self, _: &Request, _: INodeNo, _: FileHandle, _: bool, reply: ReplyEmpty) {
        answer!(reply, self.do_it(false, || Ok(())), () => reply.ok());
    }

    fn readdir(&self, _: &Request, number: INodeNo, _: FileHandle, offset: u64, mut reply: ReplyDirectory) {
        let done = self.do_it(false, || self.entries(number));
        answer!(reply, done, entries => {
            for (index, (number, kind, name)) in entries.into_iter().enumerate().skip(offset as usize) {
                if reply.add(number, index as u64 + 1, kind, name) {
                    break;
                }
            }
            reply.ok();
        });
    }
}
