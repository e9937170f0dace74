#include "recording.hpp"

#include <cstring>

#include "kernel/files/files.hpp"

namespace onewindow::bench {
namespace {

class Writer {
   public:
    void Number(std::int64_t number) { bytes.append(reinterpret_cast<const char*>(&number), sizeof number); }
    void Text(const std::string& text) {
        Number(static_cast<std::int64_t>(text.size()));
        bytes += text;
    }
    void Value(const db::Value& value) {
        bytes += static_cast<char>(value.index());
        if (const auto* number = std::get_if<std::int64_t>(&value)) Number(*number);
        if (const auto* text = std::get_if<std::string>(&value)) Text(*text);
        if (const auto* blob = std::get_if<db::Bytes>(&value)) Text(blob->bytes);
    }
    std::string bytes;
};

/// Our own file of this run: what is wrong with it is a fault of the benchmark.
class Reader {
   public:
    explicit Reader(const std::string& bytes) : bytes_(bytes) {}
    std::int64_t Number() {
        std::int64_t number = 0;
        OW_ASSERT(at_ + sizeof number <= bytes_.size());
        std::memcpy(&number, bytes_.data() + at_, sizeof number);
        at_ += sizeof number;
        return number;
    }
    std::string Text() {
        const auto size = static_cast<std::size_t>(Number());
        OW_ASSERT(at_ + size <= bytes_.size());
        at_ += size;
        return bytes_.substr(at_ - size, size);
    }
    db::Value Value() {
        OW_ASSERT(at_ < bytes_.size());
        switch (bytes_[at_++]) {
            case 1: return Number();
            case 2: return Text();
            case 3: return db::Bytes{Text()};
            default: return std::monostate{};
        }
    }

   private:
    const std::string& bytes_;
    std::size_t at_ = 0;
};

}  // namespace

Result<> WriteRecording(const Recording& recording, const std::string& path) {
    Writer out;
    out.Number(static_cast<std::int64_t>(recording.statements.size()));
    for (const std::string& statement : recording.statements) out.Text(statement);
    out.Number(static_cast<std::int64_t>(recording.blocks.size()));
    for (const Block& block : recording.blocks) {
        out.Number((block.writes ? 1 : 0) + (block.in_window ? 2 : 0));
        out.Number(static_cast<std::int64_t>(block.operations.size()));
        for (const Operation& operation : block.operations) {
            out.Number(static_cast<std::int64_t>(operation.kind));
            out.Number(operation.statement);
            out.Number(operation.outcome);
            out.Number(static_cast<std::int64_t>(operation.parameters.size()));
            for (const db::Value& value : operation.parameters) out.Value(value);
        }
    }
    return files::WriteFile(path, out.bytes, 0600);
}

Result<Recording> ReadRecording(const std::string& path) {
    OW_TRY(const std::string bytes, files::ReadFile(path));
    Reader in(bytes);
    Recording recording;
    recording.statements.resize(static_cast<std::size_t>(in.Number()));
    for (std::string& statement : recording.statements) statement = in.Text();
    recording.blocks.resize(static_cast<std::size_t>(in.Number()));
    for (Block& block : recording.blocks) {
        const std::int64_t kind = in.Number();
        block.writes = (kind & 1) != 0;
        block.in_window = (kind & 2) != 0;
        block.operations.resize(static_cast<std::size_t>(in.Number()));
        for (Operation& operation : block.operations) {
            operation.kind = static_cast<Operation::Kind>(in.Number());
            operation.statement = static_cast<std::uint32_t>(in.Number());
            operation.outcome = in.Number();
            operation.parameters.resize(static_cast<std::size_t>(in.Number()));
            for (db::Value& value : operation.parameters) value = in.Value();
        }
    }
    return recording;
}

}  // namespace onewindow::bench
