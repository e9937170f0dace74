#include "kernel/log/log.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <cerrno>
#include <cmath>

#include "kernel/text/text.hpp"

namespace onewindow::log {
namespace {

thread_local std::string current_trace;

std::string_view LevelName(Level level) {
    switch (level) {
        case Level::kDebug:
            return "debug";
        case Level::kInfo:
            return "info";
        case Level::kWarn:
            return "warn";
        case Level::kError:
            return "error";
    }
    return "error";
}

std::string Quote(std::string_view text) {
    // Bytes from outside may not be UTF-8; a reader of the log must still be able to parse the
    // line.
    if (!text::IsUtf8(text)) return Quote(text::FromCodePoints(text::ToCodePoints(text)));
    return boost::json::serialize(boost::json::string_view(text.data(), text.size()));
}

class LineLog final : public Log {
 public:
    LineLog(int descriptor, Level least, const Clock& clock)
        : descriptor_(descriptor), least_(least), clock_(clock) {}

    void Write(Level level, std::string_view event, std::initializer_list<Field> fields) override {
        if (level < least_) return;
        std::string line = fmt::format(R"({{"at":"{}","level":"{}","event":{})",
                                       FormatInstant(clock_.Now()), LevelName(level), Quote(event));
        if (!current_trace.empty()) line += ",\"trace\":" + Quote(current_trace);
        for (const Field& field : fields) line += "," + Quote(field.name()) + ":" + field.json();
        line += "}\n";
        WriteAll(line);
    }

 private:
    void WriteAll(std::string_view line) {
        while (!line.empty()) {
            const ssize_t written = ::write(descriptor_, line.data(), line.size());
            if (written < 0 && errno == EINTR) continue;
            // A log that cannot be written must not stop the service: the line is lost.
            if (written <= 0) return;
            line.remove_prefix(static_cast<std::size_t>(written));
        }
    }

    int descriptor_;
    Level least_;
    const Clock& clock_;
};

class SilentLog final : public Log {
 public:
    void Write(Level, std::string_view, std::initializer_list<Field>) override {}
};

}  // namespace

Field::Field(std::string_view name, std::string_view text) : name_(name), json_(Quote(text)) {}

Field::Field(std::string_view name, Number number) : name_(name), json_(std::move(number.text)) {}

Field::Number::Number(bool value) : text(value ? "true" : "false") {}

Field::Number::Number(double value)
    : text(std::isfinite(value) ? fmt::format("{}", value) : "null") {}

std::unique_ptr<Log> MakeLog(int descriptor, Level least, const Clock& clock) {
    return std::make_unique<LineLog>(descriptor, least, clock);
}

Log& Silent() {
    static SilentLog silent;
    return silent;
}

void SetTrace(std::string trace) { current_trace = std::move(trace); }

const std::string& Trace() { return current_trace; }

}  // namespace onewindow::log
