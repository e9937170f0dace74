#pragma once

#include <string>
#include <vector>

#include "kernel/json/json.hpp"

namespace onewindow::agencies {

/// Lines of JSON that are on the disk before Append returns. Not safe from many threads.
class RegisterFile {
 public:
    RegisterFile() = default;
    ~RegisterFile();
    RegisterFile(const RegisterFile&) = delete;
    RegisterFile& operator=(const RegisterFile&) = delete;

    /// Opens or makes the file and gives what it holds. A last line that a crash cut off was never
    /// confirmed to anybody and is dropped; damage elsewhere is refused (agencies.ledger).
    Result<std::vector<json::value>> Open(const std::string& path);
    /// Refused with agencies.ledger; then the line may or may not be there after the next start.
    Result<> Append(const json::object& line);

 private:
    int file_ = -1;
};

}  // namespace onewindow::agencies
