#include "kernel/files/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "kernel/crypto/crypto.hpp"

namespace onewindow::files {
namespace {

/// Closes on the way out; an error of close after fsync says nothing that matters.
class Descriptor {
 public:
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    int number() const { return number_; }
    bool ok() const { return number_ >= 0; }

 private:
    int number_;
};

Failure Cannot(const Reason& reason, std::string_view step, const std::string& path) {
    const int error = errno;
    return Fail(Error(Fault{&reason})
                    .WithDetail(fmt::format("{} {}: {}", step, path, std::strerror(error))));
}

std::string FolderOf(const std::string& path) {
    const std::string folder = std::filesystem::path(path).parent_path().string();
    return folder.empty() ? "." : folder;
}

Result<> SyncFolder(const std::string& folder) {
    const Descriptor descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!descriptor.ok() || ::fsync(descriptor.number()) != 0) {
        return Cannot(reasons::kCannotWrite, "sync", folder);
    }
    return {};
}

bool WriteAll(int descriptor, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

/// A new file in the same folder, synced; its path.
Result<std::string> WriteBeside(const std::string& path, std::string_view bytes, int mode) {
    std::string beside = path + ".XXXXXX";
    const Descriptor descriptor(::mkostemp(beside.data(), O_CLOEXEC));
    if (!descriptor.ok()) return Cannot(reasons::kCannotWrite, "create beside", path);
    if (::fchmod(descriptor.number(), static_cast<mode_t>(mode)) != 0 ||
        !WriteAll(descriptor.number(), bytes) || ::fsync(descriptor.number()) != 0) {
        Failure failure = Cannot(reasons::kCannotWrite, "write", path);
        ::unlink(beside.c_str());
        return failure;
    }
    return beside;
}

bool IsBlobName(std::string_view name) {
    return name.size() == 64 &&
           name.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace

Result<std::string> ReadFile(const std::string& path) {
    const Descriptor descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!descriptor.ok()) return Cannot(reasons::kCannotRead, "open", path);
    std::string bytes;
    std::string buffer(64 * 1024, '\0');
    for (;;) {
        const ssize_t got = ::read(descriptor.number(), buffer.data(), buffer.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return Cannot(reasons::kCannotRead, "read", path);
        if (got == 0) return bytes;
        bytes.append(buffer, 0, static_cast<std::size_t>(got));
    }
}

Result<> WriteFile(const std::string& path, std::string_view bytes, int mode) {
    OW_TRY(const std::string beside, WriteBeside(path, bytes, mode));
    // The rename makes the new content visible, the sync of its folder makes the rename survive.
    if (::rename(beside.c_str(), path.c_str()) != 0) {
        Failure failure = Cannot(reasons::kCannotWrite, "replace", path);
        ::unlink(beside.c_str());
        return failure;
    }
    return SyncFolder(FolderOf(path));
}

Result<bool> CreateFile(const std::string& path, std::string_view bytes, int mode) {
    OW_TRY(const std::string beside, WriteBeside(path, bytes, mode));
    // Unlike a rename, a link never replaces what another process made a moment ago.
    const bool made = ::link(beside.c_str(), path.c_str()) == 0;
    const bool failed = !made && errno != EEXIST;
    const Failure failure = Cannot(reasons::kCannotWrite, "create", path);
    ::unlink(beside.c_str());
    if (failed) return failure;
    OW_CHECK(SyncFolder(FolderOf(path)));
    return made;
}

Result<> MakeDirectory(const std::string& path, int mode) {
    struct stat status{};
    if (::stat(path.c_str(), &status) == 0) {
        if (S_ISDIR(status.st_mode)) return {};
        errno = ENOTDIR;
        return Cannot(reasons::kCannotWrite, "make folder", path);
    }
    const std::string parent = FolderOf(path);
    if (parent != path) OW_CHECK(MakeDirectory(parent, mode));
    // Another thread may have been faster.
    if (::mkdir(path.c_str(), static_cast<mode_t>(mode)) != 0 && errno != EEXIST) {
        return Cannot(reasons::kCannotWrite, "make folder", path);
    }
    return SyncFolder(parent);
}

std::string BlobStore::PathOf(std::string_view name) const {
    return fmt::format("{}/{}/{}", directory_, name.substr(0, 2), name.substr(2));
}

Result<std::string> BlobStore::Put(std::string_view bytes) const {
    std::string name = crypto::Hex(crypto::Sm3(bytes));
    const std::string path = PathOf(name);
    OW_CHECK(MakeDirectory(FolderOf(path)));
    if (Get(name)) {
        // Whoever wrote it may not have come to the sync of the folder.
        OW_CHECK(SyncFolder(FolderOf(path)));
        return name;
    }
    OW_CHECK(WriteFile(path, bytes));
    return name;
}

Result<std::string> BlobStore::Get(std::string_view name) const {
    if (!IsBlobName(name)) return Refuse(reasons::kCannotRead);
    OW_TRY(std::string bytes, ReadFile(PathOf(name)));
    if (crypto::Hex(crypto::Sm3(bytes)) != name) {
        return Fail(Error(Fault{&reasons::kDamaged}).WithDetail("blob " + std::string(name)));
    }
    return bytes;
}

}  // namespace onewindow::files
