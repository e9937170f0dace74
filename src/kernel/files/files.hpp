#pragma once

#include <string>
#include <string_view>

#include "kernel/result/result.hpp"

namespace onewindow::files {

Result<std::string> ReadFile(const std::string& path);
/// Writes a new file beside, syncs, renames, syncs the folder: the old or the new content, never half.
Result<> WriteFile(const std::string& path, std::string_view bytes, int mode = 0644);
/// The same for a file that is made once: false, and nothing changed, where it is there already.
Result<bool> CreateFile(const std::string& path, std::string_view bytes, int mode = 0644);
Result<> MakeDirectory(const std::string& path, int mode = 0755);

/// Blobs by content: DIR/ab/cdef…; the name is the SM3 in hex. Put is durable before it returns and repeatable.
class BlobStore {
   public:
    explicit BlobStore(std::string directory) : directory_(std::move(directory)) {}
    Result<std::string> Put(std::string_view bytes) const;
    /// Refused if absent or if the content does not match its name.
    Result<std::string> Get(std::string_view name) const;

   private:
    std::string PathOf(std::string_view name) const;
    std::string directory_;
};

namespace reasons {
inline constexpr Reason kCannotRead{"files.cannot_read", Kind::kUnavailable};
inline constexpr Reason kCannotWrite{"files.cannot_write", Kind::kUnavailable};
inline constexpr Reason kDamaged{"files.damaged", Kind::kBug};
}  // namespace reasons

}  // namespace onewindow::files
