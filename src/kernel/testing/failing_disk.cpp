#include "kernel/testing/failing_disk.hpp"

#include <sqlite3.h>

namespace onewindow::testing {
namespace {

struct File {
    sqlite3_file base;
    bool is_log;
    sqlite3_int64 durable;  // Size of the log at its last good fsync.
    sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

sqlite3_vfs* System() { return sqlite3_vfs_find(nullptr); }
File& Of(sqlite3_file* file) { return *reinterpret_cast<File*>(file); }
sqlite3_file* Real(sqlite3_file* file) { return Of(file).real(); }

int Sync(sqlite3_file* file, int flags) {
    FailingDisk& disk = FailingDisk::Get();
    ++disk.syncs;
    File& own = Of(file);
    if (own.is_log && disk.LogSyncFails()) {
        if (disk.loses) own.real()->pMethods->xTruncate(own.real(), own.durable);
        return SQLITE_IOERR_FSYNC;
    }
    if (disk.sync_fails || (disk.checkpoint_fails && !own.is_log)) return SQLITE_IOERR_FSYNC;
    const int code = own.real()->pMethods->xSync(own.real(), flags);
    if (code == SQLITE_OK) own.real()->pMethods->xFileSize(own.real(), &own.durable);
    return code;
}

const sqlite3_io_methods* Methods() {
    static const sqlite3_io_methods methods = {
        .iVersion = 2,
        .xClose = [](sqlite3_file* f) { return Real(f)->pMethods->xClose(Real(f)); },
        .xRead = [](sqlite3_file* f, void* to, int n,
                    sqlite3_int64 at) { return Real(f)->pMethods->xRead(Real(f), to, n, at); },
        .xWrite =
            [](sqlite3_file* f, const void* from, int n, sqlite3_int64 at) {
                if (FailingDisk::Get().write_is_full) return SQLITE_FULL;
                return Real(f)->pMethods->xWrite(Real(f), from, n, at);
            },
        .xTruncate =
            [](sqlite3_file* f, sqlite3_int64 n) {
                Of(f).durable = n < Of(f).durable ? n : Of(f).durable;
                return Real(f)->pMethods->xTruncate(Real(f), n);
            },
        .xSync = &Sync,
        .xFileSize = [](sqlite3_file* f,
                        sqlite3_int64* n) { return Real(f)->pMethods->xFileSize(Real(f), n); },
        .xLock = [](sqlite3_file* f, int kind) { return Real(f)->pMethods->xLock(Real(f), kind); },
        .xUnlock = [](sqlite3_file* f,
                      int kind) { return Real(f)->pMethods->xUnlock(Real(f), kind); },
        .xCheckReservedLock =
            [](sqlite3_file* f, int* out) {
                return Real(f)->pMethods->xCheckReservedLock(Real(f), out);
            },
        .xFileControl =
            [](sqlite3_file* f, int op, void* what) {
                return Real(f)->pMethods->xFileControl(Real(f), op, what);
            },
        .xSectorSize = [](sqlite3_file* f) { return Real(f)->pMethods->xSectorSize(Real(f)); },
        .xDeviceCharacteristics =
            [](sqlite3_file* f) { return Real(f)->pMethods->xDeviceCharacteristics(Real(f)); },
        .xShmMap =
            [](sqlite3_file* f, int page, int size, int extend, void volatile** out) {
                return Real(f)->pMethods->xShmMap(Real(f), page, size, extend, out);
            },
        .xShmLock =
            [](sqlite3_file* f, int offset, int n, int flags) {
                return Real(f)->pMethods->xShmLock(Real(f), offset, n, flags);
            },
        .xShmBarrier = [](sqlite3_file* f) { Real(f)->pMethods->xShmBarrier(Real(f)); },
        .xShmUnmap = [](sqlite3_file* f,
                        int remove) { return Real(f)->pMethods->xShmUnmap(Real(f), remove); },
        .xFetch = nullptr,
        .xUnfetch = nullptr,
    };
    return &methods;
}

int Open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out) {
    file->pMethods = nullptr;
    Of(file).is_log = (flags & SQLITE_OPEN_WAL) != 0;
    Of(file).durable = 0;
    const int code = System()->xOpen(System(), name, Real(file), flags, out);
    if (code != SQLITE_OK) return code;
    // What an earlier life left is taken for durable: the test has decided before what that is.
    Real(file)->pMethods->xFileSize(Real(file), &Of(file).durable);
    file->pMethods = Methods();
    return code;
}

}  // namespace

FailingDisk& FailingDisk::Get() {
    static FailingDisk disk;
    return disk;
}

const char* FailingDisk::vfs() {
    static sqlite3_vfs vfs = [] {
        sqlite3_vfs copy = *System();
        copy.zName = "failing";
        copy.szOsFile += static_cast<int>(sizeof(File));
        copy.xOpen = &Open;
        return copy;
    }();
    sqlite3_vfs_register(&vfs, 0);
    return vfs.zName;
}

void FailingDisk::Reset() {
    sync_fails = checkpoint_fails = write_is_full = loses = false;
    until_failure_ = 0;
}

bool FailingDisk::LogSyncFails() {
    if (sync_fails) return true;
    if (until_failure_ == 0 || --until_failure_ > 0) return false;
    sync_fails = true;
    return true;
}

}  // namespace onewindow::testing
