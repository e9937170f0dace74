#include "agencies/register_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "agencies/agency.hpp"
#include "kernel/files/files.hpp"

namespace onewindow::agencies {
namespace {

Failure NotKept(std::string_view step) {
    return Fail(Error(Fault{&reasons::kLedger, {}, {}})
                    .WithDetail(std::string(step) + ": " + std::strerror(errno)));
}

}  // namespace

RegisterFile::~RegisterFile() {
    if (file_ >= 0) ::close(file_);
}

Result<std::vector<json::value>> RegisterFile::Open(const std::string& path) {
    std::string text;
    if (std::filesystem::exists(path)) {
        OW_TRY(text, files::ReadFile(path));
    }
    file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (file_ < 0) return NotKept("open");
    const std::size_t whole = text.rfind('\n') == std::string::npos ? 0 : text.rfind('\n') + 1;
    if (whole < text.size() && ::ftruncate(file_, static_cast<off_t>(whole)) != 0)
        return NotKept("cut");
    std::vector<json::value> lines;
    for (std::size_t from = 0; from < whole;) {
        const std::size_t end = text.find('\n', from);
        auto line = json::Parse(std::string_view(text).substr(from, end - from));
        if (!line)
            return Fail(
                Error(Fault{&reasons::kLedger, "line " + std::to_string(lines.size() + 1), {}}));
        lines.push_back(*std::move(line));
        from = end + 1;
    }
    return lines;
}

Result<> RegisterFile::Append(const json::object& line) {
    const std::string text = json::Text(line) + "\n";
    const off_t before = ::lseek(file_, 0, SEEK_END);
    std::string_view left = text;
    while (!left.empty()) {
        const ssize_t written = ::write(file_, left.data(), left.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) {
            const Failure failure = NotKept("write");
            // Half a line would damage the next one.
            if (::ftruncate(file_, before) != 0) return NotKept("cut");
            return failure;
        }
        left.remove_prefix(static_cast<std::size_t>(written));
    }
    if (::fsync(file_) != 0) return NotKept("sync");
    return {};
}

}  // namespace onewindow::agencies
